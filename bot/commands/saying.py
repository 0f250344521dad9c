"""What every command does alike: errors told in a sentence, replies printed, dates read, a desk without a store."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import wraps
from pathlib import Path
from typing import Annotated, ParamSpec, cast
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from bot.app import Files, read_files
from bot.domain.market_list import MarketList
from bot.errors import BadFile, BadInput, FilingDeskError
from bot.ports import Desk, Rows, Store
from bot.replies import Reply, Words
from bot.replies.answers import Answer
from bot.replies.explained import EXPLAINED
from bot.replies.trouble import mistake_said, trouble_said
from bot.settings import Settings, load_settings

out, err = Console(highlight=False, soft_wrap=True), Console(stderr=True, highlight=False, soft_wrap=True)
P = ParamSpec("P")
_LINK = re.compile(r"<(https?://[^|>\s]+)\|([^>]+)>")
_ITALIC = re.compile(r"(?<![A-Za-z0-9])_(\S[^\n]*?)_(?![A-Za-z0-9])")
Data = Annotated[Path | None, typer.Option("--data", help="Data folder; default FILINGDESK_DATA or .filingdesk.")]


def told(command: Callable[P, None]) -> Callable[P, None]:
    """Our errors as one clear message and exit status 2, never a traceback."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except FilingDeskError as error:
            err.print(str(error), markup=False)
            raise typer.Exit(2) from None
        except BrokenPipeError:
            raise typer.Exit(0) from None  # whoever read our output has had enough
        except (typer.Exit, typer.Abort, KeyboardInterrupt):
            raise
        except Exception as error:  # a stack dump helps no user; what it was is still said
            err.print(f"This is a mistake of Filing Desk itself ({type(error).__name__}: {str(error)[:200]}). Please report it.",
                      markup=False)
            raise typer.Exit(70) from None

    return run


@contextmanager
def said_in(words: Words, lang: str) -> Iterator[None]:
    """What goes wrong inside is told in this language where it has a sentence there; places stay `path:line:col`."""
    try:
        yield
    except BadFile as error:
        raise BadInput("\n".join(mistake_said(words, lang, finding) for finding in error.details)) from error
    except BadInput as error:
        raise BadInput(trouble_said(words, lang, error)) from error


def settings_of(data: Path | None) -> Settings:
    """The settings, with the data folder where one is given on the command line."""
    return load_settings(**({"FILINGDESK_DATA": data} if data else {}))


def started(data: Path | None) -> tuple[Settings, Files]:
    """The settings and the files they name."""
    settings = settings_of(data)
    return settings, read_files(settings)


def print_reply(reply: Reply) -> None:
    """A reply on a terminal: its words without chat marks, then its small print."""
    bullets = [f"• {bullet}" for bullet in reply.bullets]
    said = filter(None, [reply.headline, *reply.lines, *bullets, *(part.text for part in reply.parts)])
    out.print(plain("\n".join(said)), markup=False)
    if reply.note:
        out.print(plain(reply.note), style="dim", markup=False)


def plain(said: str) -> str:
    """Words without chat marks; a link as its words and its address, which keeps its underscores."""
    linked = _LINK.sub(r"\2 (\1)", said).replace("*", "")
    return _ITALIC.sub(r"\1", linked)


def print_explained(words: Words, answer: Answer) -> None:
    """Why, what would change it and what is not known, without the small print, which stands under the answer."""
    asked = answer.determination.asked
    if not asked.id.startswith("D-"):
        named = replace(asked, id=words.say(asked.lang, "answer.this"))
        answer = replace(answer, determination=replace(answer.determination, asked=named))
    for name in ("why", "change", "unknown"):
        out.print()
        print_reply(replace(EXPLAINED[name](words, answer), note=""))


def desk_without_store(files: Files, ruleset: str = "") -> tuple[Desk, list[MarketList]]:
    """A desk for asking, which writes and reads nothing, and the market lists that ship; of the desk's regime or another."""
    desk = desk_over(files, None)
    chosen = ruleset or desk.ruleset
    if chosen not in desk.rulesets:
        raise BadInput(f"There is no ruleset {chosen}; write one of: {', '.join(desk.rulesets)}.")
    lists = [entry for entries in files.lists.values() for entry in entries if entry.ruleset == chosen]
    return replace(desk, ruleset=chosen), lists


def pairs(option: str, given: Iterable[str], example: str) -> dict[str, str]:
    """What a repeatable option tells, written as the example is. BadInput."""
    told_so = [entry.partition("=") for entry in given]
    for name, sign, value in told_so:
        if not (name and sign and value):
            raise BadInput(f"{option} {name + sign + value!r} is not understood; write {option} {example}.")
    return {name.strip(): value.strip() for name, _, value in told_so}


def desk_over(files: Files, rows: Rows | None) -> Desk:
    """A desk that only reads: commands of that kind never open a transaction."""
    return files.desk(cast(Store, rows), "read only")


def day_of(text: str, desk: Desk) -> date:
    """The day as written, or today in the desk's zone."""
    if not text:
        return datetime.now(ZoneInfo(desk.zone)).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text!r} is no date; write it as 2026-12-31.") from None


def recorded_by(text: str, desk: Desk) -> datetime:
    """Now, or noon of the day as written: what was recorded by then counts."""
    return datetime.combine(day_of(text, desk), time(12), UTC) if text else datetime.now(UTC)
