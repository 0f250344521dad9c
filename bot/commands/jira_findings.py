"""What doctor says of Jira: sign-in, project, permissions, the create forms of both issue types, people."""

from __future__ import annotations

import json
from collections.abc import Iterator

from bot.adapters.jira_checkup import NEEDED, CreateForm, JiraCheckup
from bot.app import Files
from bot.commands.finding import Finding
from bot.domain.ticket import TicketField
from bot.errors import FilingDeskError, Refused
from bot.settings import Settings
from bot.tracker_choice import jira_access

SHOWN_OPTIONS = 20
LOST = {"labels": "the desk could not find its tickets again after a lost answer and creates none without",
        "duedate": "no ticket shows its due date", "assignee": "nobody can be assigned",
        "description": "no ticket says what it is about"}


def jira_findings(settings: Settings, files: Files, owners: tuple[str, ...]) -> Iterator[Finding]:
    """Every check of Jira; `owners` are e-mails that own something besides the members of config/people.yaml."""
    checkup = JiraCheckup(jira_access(settings, files.config, files.members))
    try:
        yield from _signed_in(checkup, settings)
        yield from _in_project(checkup, files.config.jira_project)
        yield from _people(checkup, dict.fromkeys([*(member.email for member in files.members), *owners]))
    except FilingDeskError as error:
        yield Finding(f"Jira at {settings.jira_url}", str(error), "No ticket is created until it is mended; filings wait.")
    finally:
        checkup.close()


def _signed_in(checkup: JiraCheckup, settings: Settings) -> Iterator[Finding]:
    site = checkup.site()
    kind = "Cloud" if site.is_cloud else "Data Center"
    yield Finding(f"Jira {kind} answers at {settings.jira_url}; links lead to {site.base_url}")
    yield Finding(f"signed in to Jira as {checkup.who()}")


def _in_project(checkup: JiraCheckup, key: str) -> Iterator[Finding]:
    about = f"Jira project {key}"
    try:
        yield Finding(f"{about}: {checkup.project()}")
    except FilingDeskError as error:
        yield Finding(about, "it does not exist, or the bot's account may not see it." if "no longer exists" in str(error)
                      else str(error), "Every ticket would be refused.", "Correct jira: project: in config/bot.yaml, or let the "
                      "bot's account into the project.")
        return
    for name in checkup.forbidden():
        yield Finding(about, f"the bot's account lacks the permission {name}.", f"Without it {NEEDED[name]}.",
                      "Give it to the account's role in the project's permission scheme.")
    for subtask in (False, True):
        yield from _form(checkup, about, subtask=subtask)


def _form(checkup: JiraCheckup, about: str, *, subtask: bool) -> Iterator[Finding]:
    kind = "sub-task type" if subtask else "issue type"
    try:
        form = checkup.form(subtask)
    except Refused as error:
        yield Finding(f"{about}, {kind}", str(error), "Every ticket would be refused.",
                      f"Write its name in config/bot.yaml, jira: {'subtask_type' if subtask else 'issue_type'}:.")
        return
    found = [*_fields(f"{about}, {form.type_name}", form, subtask=subtask)]
    yield from found or [Finding(f"{about}, {kind} {form.type_name}: every required field is filled")]


def _fields(about: str, form: CreateForm, *, subtask: bool) -> Iterator[Finding]:
    for each in form.fields:
        if each.required and not each.filled:
            what = f"requires {each.name} ({each.id}), which nothing fills{_allowed(each)}."
            yield Finding(about, what, f"Jira refuses every {'sub-task' if subtask else 'ticket'} without.", _write(each))
    for name in form.unsent:
        yield Finding(about, f"its create screen lacks {name}.", f"With that, {LOST.get(name, 'tickets are refused')}.",
                      "Put it on the screen.")
    for name in () if subtask else form.unknown:  # sub-tasks are sent only what their screen has
        yield Finding(about, f"config/bot.yaml fills {name}, which its create screen lacks.", "Jira refuses every ticket.",
                      "Put it on the screen, or take it out.")


def _allowed(each: TicketField) -> str:
    shown = ", ".join(each.options[:SHOWN_OPTIONS])
    more = f" and {len(each.options) - SHOWN_OPTIONS} more" if len(each.options) > SHOWN_OPTIONS else ""
    return f"; it takes {shown}{more}" if shown else ""


def _write(each: TicketField) -> str:
    """The line for config/bot.yaml, with a value that can stand as it is wherever one is known."""
    line = f"{each.id}: {json.dumps(_example(each), ensure_ascii=False)}"
    if each.id in ("priority", "components"):
        return f"Write in config/bot.yaml, under jira:, the line `  {line}`"
    return f"Write in config/bot.yaml, under jira: fields: (without its {{}}), the line `    {line}`"


def _example(each: TicketField) -> str | list[str]:
    if each.kind == "choices":
        return list(each.options[:1]) or ["…"]
    usual = {"number": "1", "date": "{etd}", "person": "{owner}"}
    return each.options[0] if each.options else usual.get(each.kind, "{product}")


def _people(checkup: JiraCheckup, emails: dict[str, None]) -> Iterator[Finding]:
    for email in emails:
        wrong = checkup.missing(email)
        why = "Tickets meant for this person are assigned to nobody by the desk and say in words who was meant."
        mend = f"Write the account in config/people.yaml: {{email: {email}, jira: …}}, or let Jira show the e-mail."
        yield Finding(f"{email} in Jira", f"{wrong}.", why, mend) if wrong else Finding(f"{email} in Jira")
