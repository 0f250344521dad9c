"""config/: bot.yaml and people.yaml, read strictly into values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from holidays import country_holidays
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from bot.datafiles import strict_yaml
from bot.datafiles.findings import refuse
from bot.datafiles.messages import gaps
from bot.domain.gate import FRESH, READ_EVERY
from bot.domain.people import ROLES, Member
from bot.domain.ticket import FACTS
from bot.errors import Finding
from bot.settings import DeskConfig

OURS = ("project", "issuetype", "summary", "description", "duedate", "parent", "assignee")
"""Fields of a ticket that Filing Desk fills in itself."""
GIVEN_ABOVE = ("priority", "components")
SELDOM = f": no shipment is green on a ticket that was last read more than {FRESH.total_seconds() / 60:g} minutes ago"


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("write an IANA name as Asia/Shanghai") from None
    return name


def _role(name: str) -> str:
    if name not in ROLES:
        raise ValueError(f"write one of {', '.join(ROLES)}")
    return name


def _market(code: str) -> str:
    try:
        country_holidays(code if len(code) == 2 else "")  # asked for one: their whole list costs half a second
    except NotImplementedError:
        raise ValueError("write a code whose holidays are known, such as CN or DE") from None
    return code


def _fitting(pattern: str, meant: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text and not re.fullmatch(pattern, text):
            raise ValueError(f"write {meant}")
        return text

    return check


def number(least: float, most: float, kind: type[int] | type[float], why: str = "") -> Callable[[object], float]:
    """A check for a number from `least` to `most`, both included; `why` says what the limit is for."""

    def check(text: object) -> float:
        try:
            value = kind(str(text))
        except ValueError:
            value = kind(most) + 1
        if not least <= value <= most:
            raise ValueError(f"write a {'whole ' if kind is int else ''}number from {least:g} to {most:g}{why}")
        return value

    return check


Zone = Annotated[str, AfterValidator(_zone)]
Role = Annotated[str, AfterValidator(_role)]
Email = Annotated[str, AfterValidator(_fitting(r"[^@\s]+@[^@\s]+", "an e-mail address as it stands in Slack"))]
Channel = Annotated[str, AfterValidator(_fitting(r"#?[^\s@#]{1,80}", "a channel as \"#compliance\" or its id"))]


class Shape(BaseModel):
    """A part of a file that takes no key it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class _Desk(Shape):
    zone: Zone = "Asia/Shanghai"
    language: Literal["en", "zh"] = "en"
    ruleset: str = "cn-cac-agents"
    holidays_of: Annotated[str, AfterValidator(_market)] = "CN"
    watch_channel: Channel = ""
    admin_channel: Channel = ""


class _Jira(Shape):
    project: Annotated[str, AfterValidator(_fitting(r"[A-Z][A-Z0-9_]+", "the key before a ticket's number, as EXP"))] = "EXP"
    issue_type: str = "Task"
    subtask_type: str = ""
    priority: str = ""
    components: list[str] = Field(default_factory=list)
    fields: dict[str, Any] = Field(default_factory=dict)
    poll_seconds: Annotated[float, BeforeValidator(number(1, READ_EVERY.total_seconds(), float, SELDOM))] = 60
    search_lag_seconds: Annotated[float, BeforeValidator(number(0, 3_600, float))] = 90


class _BotFile(Shape):
    desk: _Desk = _Desk()
    jira: _Jira = _Jira()


class _Person(Shape):
    email: Email
    role: Role
    zone: Annotated[str, AfterValidator(lambda name: _zone(name) if name else "")] = ""
    language: Literal["en", "zh", ""] = ""
    jira: Annotated[str, AfterValidator(_fitting(r"[^@\s]+", "an account id (Cloud) or a username (Data Center)"))] = ""


class _PeopleFile(Shape):
    people: list[_Person] = Field(default_factory=list)


def load_desk(folder: Path) -> DeskConfig:
    """config/bot.yaml; BadFile with every mistake at its line and column."""
    document = strict_yaml.read(folder / "bot.yaml", "config/bot.yaml")
    file = strict_yaml.shaped(document, _BotFile)
    refuse(_field_findings(document, file.jira))
    desk, jira = file.desk, file.jira
    fields = {name: value for name in GIVEN_ABOVE if (value := getattr(jira, name))} | jira.fields
    return DeskConfig(
        zone=desk.zone, lang=desk.language, ruleset=desk.ruleset, market=desk.holidays_of,
        watch_channel=desk.watch_channel, admin_channel=desk.admin_channel, jira_project=jira.project,
        jira_issue_type=jira.issue_type, jira_subtask_type=jira.subtask_type, jira_fields=fields,
        jira_poll=jira.poll_seconds, jira_search_lag=jira.search_lag_seconds)


def _field_findings(document: strict_yaml.Document, jira: _Jira) -> Iterator[Finding]:
    """What is wrong with the fields of the project: ids that are none, ids that are ours, gaps nothing fills."""
    for name, value in jira.fields.items():
        where = ("jira", "fields", name)
        if name in OURS:
            yield document.finding(where, f'"{name}" is filled in by Filing Desk itself', "take it out")
        elif name in GIVEN_ABOVE and getattr(jira, name):
            yield document.finding(where, f'"{name}" is given twice', f"keep jira: {name}:")
        elif not re.fullmatch(r"customfield_\d+|[a-z][A-Za-z]*", name):
            write = "write it as customfield_10050; `filingdesk doctor` names it"
            yield document.finding(where, f'"{name}" is no field id', write)
        yield from _gap_findings(document, where, value)


def _gap_findings(document: strict_yaml.Document, where: tuple[str | int, ...], value: Any) -> Iterator[Finding]:
    if isinstance(value, dict | list):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _gap_findings(document, (*where, step), inner)
    elif isinstance(value, str) and not _fillable(value):
        known = ", ".join(f"{{{fact}}}" for fact in FACTS)
        yield document.finding(where, f'"{value}" has a gap nothing fills', f"write one of {known}")


def _fillable(text: str) -> bool:
    try:
        return gaps(text) <= set(FACTS)
    except ValueError:
        return False


def load_people(folder: Path) -> tuple[Member, ...]:
    """config/people.yaml: who has which role."""
    document = strict_yaml.read(folder / "people.yaml", "config/people.yaml")
    file = strict_yaml.shaped(document, _PeopleFile)
    refuse(repeated(document, ("people",), [person.email.lower() for person in file.people], "keep one; a person has one role"))
    return tuple(Member(person.email.lower(), person.role, person.zone, person.language, person.jira) for person in file.people)


def repeated(document: strict_yaml.Document, where: Sequence[str], names: Iterable[str], write: str) -> Iterator[Finding]:
    """A finding for each entry of the list at `where` whose name an earlier one has."""
    seen: dict[str, int] = {}
    for index, name in enumerate(names):
        if name in seen:
            line, _ = document.place((*where, seen[name]))
            yield document.finding((*where, index), f"{name} is already on line {line}", write)
        seen.setdefault(name, index)
