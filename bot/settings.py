"""Environment and config folder -> frozen Settings; the only reader of os.environ."""
