"""Where `filingdesk` and `python -m bot` begin."""

import gc

gc.disable()  # what is imported stays: looking among it for garbage took a seventh of the time
from bot import cli  # noqa: E402 - after that


def main() -> None:
    """The command line; from here on memory is looked after again."""
    gc.freeze()
    gc.enable()
    cli.main()


if __name__ == "__main__":
    main()
