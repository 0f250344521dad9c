"""What the stories share: the desk's rows, its agenda, outbox, ledger, plans and gate; each file one thing, used by flows."""
