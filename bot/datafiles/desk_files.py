"""config/: bot.yaml, people.yaml and reminders.yaml, read strictly into values."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.datafiles import strict_yaml
from bot.domain.people import ROLES, Member
from bot.domain.reminding import ReminderPlan, ReminderStep
from bot.settings import DeskConfig


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"{name!r} is no time zone; write an IANA name as Asia/Shanghai") from None
    return name


def _role(name: str) -> str:
    if name not in (*ROLES, "owner"):
        raise ValueError(f"{name!r} is no role; write one of {', '.join(ROLES)}")
    return name


Zone = Annotated[str, AfterValidator(_zone)]
Role = Annotated[str, AfterValidator(_role)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Desk(_Shape):
    zone: Zone = "Asia/Shanghai"
    language: Literal["en", "zh"] = "en"
    ruleset: str = "cn-cac-agents"
    holidays_of: str = "CN"
    watch_channel: str = ""


class _Jira(_Shape):
    project: str = "EXP"
    issue_type: str = "Task"
    subtask_type: str = ""
    fields: dict[str, Any] = Field(default_factory=dict)
    poll_seconds: float = Field(default=60, ge=1)
    search_lag_seconds: float = Field(default=90, ge=0)


class _BotFile(_Shape):
    desk: _Desk = _Desk()
    jira: _Jira = _Jira()


class _Person(_Shape):
    email: str
    role: Role
    zone: Zone | Literal[""] = ""
    language: Literal["", "en", "zh"] = ""


class _PeopleFile(_Shape):
    people: list[_Person] = Field(default_factory=list)


class _StepShape(_Shape):
    days: int = Field(ge=-365, le=365)
    working: bool = False
    to: Role = "owner"


class _PlanFile(_Shape):
    send_at: time
    shipment: list[_StepShape]
    task: list[_StepShape]


def load_desk(folder: Path) -> DeskConfig:
    """config/bot.yaml; BadFile with every mistake at its line and column."""
    file = strict_yaml.shaped(strict_yaml.read(folder / "bot.yaml", "config/bot.yaml"), _BotFile)
    desk, jira = file.desk, file.jira
    return DeskConfig(
        zone=desk.zone, lang=desk.language, ruleset=desk.ruleset, market=desk.holidays_of,
        watch_channel=desk.watch_channel, jira_project=jira.project, jira_issue_type=jira.issue_type,
        jira_subtask_type=jira.subtask_type, jira_fields=jira.fields, jira_poll=jira.poll_seconds,
        jira_search_lag=jira.search_lag_seconds)


def load_people(folder: Path) -> tuple[Member, ...]:
    """config/people.yaml: who has which role."""
    file = strict_yaml.shaped(strict_yaml.read(folder / "people.yaml", "config/people.yaml"), _PeopleFile)
    return tuple(Member(person.email.lower(), person.role, person.zone, person.language) for person in file.people)


def load_reminders(folder: Path) -> ReminderPlan:
    """config/reminders.yaml: when people are reminded of shipments and of tasks."""
    file = strict_yaml.shaped(strict_yaml.read(folder / "reminders.yaml", "config/reminders.yaml"), _PlanFile)
    return ReminderPlan(
        shipment=tuple(_step("etd", step) for step in file.shipment), task=tuple(_step("due", step) for step in file.task),
        at=file.send_at)


def _step(anchor: str, step: _StepShape) -> ReminderStep:
    unit = "working_days" if step.working else "days"
    kind = f"{anchor}{step.days:+d}{'wd' if step.working else ''}{'' if step.to == 'owner' else '-' + step.to.lower()}"
    return ReminderStep(kind, step.days, unit, step.to)
