"""`python -m bot` is `filingdesk`."""

from bot.cli import main

if __name__ == "__main__":
    main()
