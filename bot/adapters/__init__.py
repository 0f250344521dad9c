"""Who provides it: one vendor per file."""
