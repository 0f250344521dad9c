"""What doctor says of Slack: tokens, scopes, people and their time zones, the channel for announcements."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.adapters.slack_chat import slack_client
from bot.adapters.slack_checkup import SlackCheckup
from bot.app import Files
from bot.commands.finding import Finding, guarded
from bot.datafiles.manifest import wanted_scopes
from bot.domain.people import Member
from bot.errors import FilingDeskError
from bot.settings import Settings


def slack_findings(settings: Settings, files: Files | None) -> Iterator[Finding]:
    """Every check of Slack; only the first where it does not let us in."""
    about = f"Slack at {settings.slack_api_url}"
    try:
        checkup = SlackCheckup(slack_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url))
        granted = checkup.scopes()
    except FilingDeskError as error:
        yield Finding(about, str(error), "Nobody is answered or reminded.")
        return
    yield Finding(f"Slack answers at {settings.slack_api_url}")
    yield from _app_token(settings, checkup)
    yield _scopes(settings, granted)
    yield from _channel(checkup, files.config.watch_channel if files else "")
    for member in files.members if files else ():
        yield from _member(checkup, member)


def _app_token(settings: Settings, checkup: SlackCheckup) -> Iterator[Finding]:
    token = settings.slack_app_token.get_secret_value()
    if token:
        mend = "Generate a new app token (Basic Information, scope connections:write) and set SLACK_APP_TOKEN."
        yield from guarded("Slack app token", lambda: checkup.app_token(token), "Socket Mode hears nothing without.", mend)


def _scopes(settings: Settings, granted: frozenset[str]) -> Finding:
    lacking = sorted(wanted_scopes(settings.config) - granted) if granted else []
    if not lacking:
        return Finding("Slack scopes" if granted else "Slack does not tell the granted scopes")
    return Finding("Slack scopes", f"missing {', '.join(lacking)}.", "README.md says what each is for.",
                   "Paste config/manifest.json into the app (App Manifest) and install it again.")


def _channel(checkup: SlackCheckup, channel: str) -> Iterator[Finding]:
    about = f"channel {channel} for announcements"
    if not channel:
        yield Finding("no watch_channel: updates of the market list are announced nowhere")
        return
    try:
        wrong = checkup.hears(channel)
    except FilingDeskError as error:
        wrong = str(error)
    why, mend = "Updates of the market list would reach nobody.", "Invite the bot there, or name another in config/bot.yaml."
    yield Finding(about, wrong, why, mend) if wrong else Finding(about)


def _member(checkup: SlackCheckup, member: Member) -> Iterator[Finding]:
    about = f"{member.email} ({member.role})"
    try:
        user = checkup.user_by_email(member.email)
        zone = checkup.zone(user) if user else ""
    except FilingDeskError as error:
        yield Finding(about, str(error))
        return
    if not user:
        yield Finding(about, "is nobody in this Slack workspace.", "Tasks of this role go to somebody else.",
                      "Correct config/people.yaml.")
    else:
        yield _zone(about, member, zone)


def _zone(about: str, member: Member, said: str) -> Finding:
    why = "Reminders come by this clock."
    if not said and not member.zone:
        return Finding(f"{about}, time zone", "Slack names none that this machine knows.", "Reminders come by Shanghai time.",
                       "Write zone: for this person in config/people.yaml.")
    if said and member.zone and _offset(said) != _offset(member.zone):
        return Finding(f"{about}, time zone", f"config/people.yaml says {member.zone}, Slack says {said}.",
                       f"{why[:-1]}: {member.zone}.", "Correct the wrong one.")
    return Finding(f"{about}, {member.zone or said}")


def _offset(zone: str) -> object:
    """The present distance to UTC: Asia/Shanghai and Asia/Chongqing are one clock."""
    return datetime.now(UTC).astimezone(ZoneInfo(zone)).utcoffset()
