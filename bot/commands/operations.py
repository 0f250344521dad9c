"""`filingdesk doctor` and `backup`: is everything connected as it should be, and a copy of the data."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from bot.adapters.jira_tracker import JiraTracker
from bot.adapters.slack_chat import SlackChat, slack_client
from bot.adapters.storage import JOURNAL_NAME, copy_store, read_store
from bot.app import Files, jira_access, read_files
from bot.commands.saying import Data, out, settings_of, told
from bot.datafiles.manifest import wanted_scopes
from bot.domain.people import Member
from bot.errors import BadFile, FilingDeskError
from bot.settings import Settings, load_settings


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor: fine, or what is wrong, why it matters and how to mend it."""

    about: str
    wrong: str = ""
    mend: str = ""

    def __str__(self) -> str:
        return f"[ok]   {self.about}" if not self.wrong else f"[FAIL] {self.about}: {self.wrong} {self.mend}".rstrip()


@told
def doctor() -> None:
    """Check settings, files, data folder, Slack and Jira: each line is ok, or what is wrong and how to mend it."""
    findings = list(examine(load_settings()))
    for finding in findings:
        out.print(str(finding), markup=False)
    wrong = sum(bool(finding.wrong) for finding in findings)
    out.print(f"{len(findings) - wrong} fine, {wrong} to mend.")
    if wrong:
        raise typer.Exit(1)


@told
def backup(
    to: Annotated[Path, typer.Argument(help="The file to write; it must not exist.")],
    data: Data = None,
) -> None:
    """Write a consistent copy of the data, also while the bot runs; restore it as filingdesk.journal in an empty folder."""
    settings = settings_of(data)
    copy_store(settings.data, to)
    out.print(f"Wrote {to}. To restore: put it into an empty data folder under the name filingdesk.journal.", markup=False)


def examine(settings: Settings) -> Iterator[Finding]:
    """Every check in the order one would mend them."""
    missing = settings.missing_to_run()
    yield from (Finding("settings", line) for line in missing)
    if not missing:
        yield Finding("settings are complete")
    files = yield from _files(settings)
    yield from _guard("data folder", lambda: _data(settings))
    if settings.slack_bot_token.get_secret_value():
        yield from _slack(settings, files)
    if files and settings.jira_url:
        yield from _jira(settings, files)
    elif not settings.jira_url:
        yield Finding("no JIRA_URL: tickets are kept in Filing Desk itself")


def _files(settings: Settings) -> Generator[Finding, None, Files | None]:
    try:
        files = read_files(settings)
    except BadFile as error:
        yield from (Finding("rules and settings files", line) for line in error.findings)
        return None
    yield Finding("rulesets, lists, messages and settings files are sound")
    if not files.members:
        yield Finding("config/people.yaml", "nobody has a role.", "Every task then goes to the filing's owner; name people.")
    return files


def _guard(about: str, look: Callable[[], None]) -> Iterator[Finding]:
    try:
        look()
    except FilingDeskError as error:
        yield Finding(about, str(error))
    else:
        yield Finding(about)


def _data(settings: Settings) -> None:
    if (settings.data / JOURNAL_NAME).exists():
        read_store(settings.data)


def _slack(settings: Settings, files: Files | None) -> Iterator[Finding]:
    chat = SlackChat(slack_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url))
    try:
        granted = chat.scopes()
        yield Finding(f"Slack answers at {settings.slack_api_url}")
        yield _scopes(settings, granted)
        for member in files.members if files else ():
            yield _member(chat, member)
    except FilingDeskError as error:
        yield Finding(f"Slack at {settings.slack_api_url}", str(error))


def _scopes(settings: Settings, granted: frozenset[str]) -> Finding:
    lacking = sorted(wanted_scopes(settings.config) - granted) if granted else []
    if not lacking:
        return Finding("Slack scopes" if granted else "Slack does not tell the granted scopes")
    return Finding("Slack scopes", f"missing {', '.join(lacking)}.", "Install the app again from config/manifest.json.")


def _member(chat: SlackChat, member: Member) -> Finding:
    about = f"{member.email} ({member.role})"
    if chat.user_by_email(member.email):
        return Finding(about)
    return Finding(about, "is nobody in this Slack workspace.", "Correct config/people.yaml.")


def _jira(settings: Settings, files: Files) -> Iterator[Finding]:
    tracker = JiraTracker(jira_access(settings, files.config))
    try:
        lacking = tracker.create_fields()
    except FilingDeskError as error:
        yield Finding(f"Jira at {settings.jira_url}", str(error))
        return
    yield Finding(f"Jira answers at {settings.jira_url}, project {files.config.jira_project}")
    for field_id, name in lacking:
        yield Finding(f"Jira project {files.config.jira_project}", f"requires {name} ({field_id}).",
                      f"Map it in config/bot.yaml: jira: fields: {{{field_id}: …}}.")
