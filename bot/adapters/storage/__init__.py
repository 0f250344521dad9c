"""The default store: rows in TinyDB over an append-only journal."""
