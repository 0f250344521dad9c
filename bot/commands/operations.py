"""`filingdesk backup`: a copy of the data, also while the bot runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.adapters.storage import copy_store
from bot.commands.saying import Data, out, settings_of, told


@told
def backup(
    to: Annotated[Path, typer.Argument(help="The file to write; it must not exist.")],
    data: Data = None,
) -> None:
    """Write a consistent copy of the data, also while the bot runs; restore it as filingdesk.journal in an empty folder."""
    settings = settings_of(data)
    copy_store(settings.data, to)
    out.print(f"Wrote {to}. To restore: put it into an empty data folder under the name filingdesk.journal.", markup=False)
