"""What happens: one story per file, read top to bottom; a flow never calls a flow."""
