"""`filingdesk doctor`: is everything connected as it should be, and what waits to be delivered."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass

import typer

from bot.adapters.storage import JOURNAL_NAME, read_store
from bot.app import Files, read_files
from bot.commands.finding import Finding
from bot.commands.jira_findings import jira_findings
from bot.commands.saying import out, told
from bot.commands.slack_findings import slack_findings
from bot.desk.outbox import stuck
from bot.errors import BadFile, FilingDeskError
from bot.ports import Row, Rows
from bot.settings import Settings, load_settings


@told
def doctor() -> None:
    """Check settings, files, data folder, Slack and Jira: each line is ok, or what is wrong, why it matters, how to mend it."""
    findings = list(examine(load_settings()))
    for finding in findings:
        out.print(str(finding), markup=False, soft_wrap=True)
    wrong = sum(bool(finding.wrong) for finding in findings)
    out.print(f"{len(findings) - wrong} fine, {wrong} to mend.")
    if wrong:
        raise typer.Exit(1)


@dataclass(frozen=True, slots=True)
class _Data:
    """What the data folder tells: e-mails of those who own something open."""

    owners: tuple[str, ...] = ()


def examine(settings: Settings) -> Iterator[Finding]:
    """Every check in the order one would mend them."""
    missing = settings.missing_to_run()
    yield from (Finding("settings", line) for line in missing)
    if not missing:
        yield Finding("settings are complete")
    files = yield from _files(settings)
    data = yield from _data(settings)
    if settings.slack_bot_token.get_secret_value():
        yield from slack_findings(settings, files)
    if files and settings.jira_url:
        yield from jira_findings(settings, files, data.owners)
    elif not settings.jira_url:
        yield Finding("no JIRA_URL: tickets are kept in Filing Desk itself")


def _files(settings: Settings) -> Generator[Finding, None, Files | None]:
    try:
        files = read_files(settings)
    except BadFile as error:
        yield from (Finding("rules and settings files", line) for line in error.findings)
        return None
    except FilingDeskError as error:
        yield Finding("rules and settings files", str(error))
        return None
    yield Finding("rulesets, lists, messages and settings files are sound")
    if not files.members:
        yield Finding("config/people.yaml", "nobody has a role.", "Every task then goes to the filing's owner.", "Name people.")
    return files


def _data(settings: Settings) -> Generator[Finding, None, _Data]:
    if not (settings.data / JOURNAL_NAME).exists():
        yield Finding("data folder: empty as yet")
        return _Data()
    try:
        rows = read_store(settings.data)
    except FilingDeskError as error:
        yield Finding("data folder", str(error))
        return _Data()
    yield Finding("data folder")
    yield from map(_undelivered, stuck(rows))
    return _Data(_owners(rows))


def _undelivered(row: Row) -> Finding:
    what = f"delivery {row['id']}" + (f" ({row['subject']})" if row.get("subject") else "")
    said = f"{row['error']} ({row['tries']} tries)" if row["state"] == "waiting" else str(row["error"])
    if row.get("mistake"):
        why = "It is tried again and again, and nobody sees the result."
        what_else = f"a mistake of the program itself: {row['mistake']}."
        return Finding(what, what_else, why, "Report this line; a newer version mends it.")
    mend = ("Press Try again in its message, or `/filing retry`." if "filing" in row
            else "Mend it; a restart sends what was refused once more.")
    return Finding(what, said, "Until then nobody sees what it says.", mend)


def _owners(rows: Rows) -> tuple[str, ...]:
    """Those who own an open filing or an open task of one: they are whom Jira has to know."""
    ids = {row["owner"] for row in rows.every("filings") if row["state"] != "done"}
    ids |= {row["owner"] for row in rows.every("tasks") if not row["done"]}
    people = (rows.get("people", user) for user in sorted(ids))
    return tuple(dict.fromkeys(person["email"].lower() for person in people if person and person.get("email")))
