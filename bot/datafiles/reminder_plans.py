"""config/reminders.yaml, read strictly into the plan of all reminders."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from bot.datafiles import strict_yaml
from bot.datafiles.desk_files import Shape, number, repeated
from bot.datafiles.findings import refuse
from bot.datafiles.strict_yaml import Document
from bot.domain.people import ROLES
from bot.domain.reminding import ReminderPlan, ReminderStep
from bot.errors import Finding

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
KINDS = {"shipment": "etd", "task": "due", "filing": "etd", "submission": "submission", "list_effective": "effective",
         "verification": "verify"}
"""What each list of steps hangs on; the beginning of the kinds in the ledger."""
OWNERLESS = ("list_effective", "verification")


def _reader(name: str) -> str:
    if name in ("owner", *ROLES) or (name.startswith("#") and len(name) > 1 and " " not in name):
        return name
    raise ValueError(f'write owner, one of {", ".join(ROLES)}, or a channel as "#shipping"')


def _time(text: object) -> object:
    hour, _, minute = str(text).partition(":")
    if not (hour.isdigit() and minute.isdigit() and len(minute) == 2 and int(hour) < 24 and int(minute) < 60):
        raise ValueError('write a time of day as "09:00"')
    return str(text).zfill(5)


Time = Annotated[time, BeforeValidator(_time)]


class _StepShape(Shape):
    days: Annotated[int, BeforeValidator(number(-365, 365, int))]
    working: bool = False
    to: Annotated[str, AfterValidator(_reader)] = "owner"
    only_if: Literal["incomplete", ""] = ""


class _VerificationShape(Shape):
    every_days: Annotated[int, BeforeValidator(number(1, 365, int))] = 45
    steps: list[_StepShape] = Field(default_factory=list)


class _WatchShape(Shape):
    on: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = "monday"
    to: Annotated[str, AfterValidator(_reader)] = "REG"


class _PlanFile(Shape):
    send_at: Time
    send_until: Time = time(18, 0)
    language: Literal["reader", "en", "zh"] = "reader"
    late_after_minutes: Annotated[int, BeforeValidator(number(1, 1440, int))] = 5
    shipment: list[_StepShape]
    task: list[_StepShape]
    filing: list[_StepShape] = Field(default_factory=list)
    submission: list[_StepShape] = Field(default_factory=list)
    list_effective: list[_StepShape] = Field(default_factory=list)
    verification: _VerificationShape = _VerificationShape()
    watch: _WatchShape | None = None


def load_reminders(folder: Path) -> ReminderPlan:
    """config/reminders.yaml: when people are reminded of what; BadFile with every mistake at its line and column."""
    document = strict_yaml.read(folder / "reminders.yaml", "config/reminders.yaml")
    file = strict_yaml.shaped(document, _PlanFile)
    steps = {name: tuple(_step(KINDS[name], step) for step in _steps(file, name)) for name in KINDS}
    for name, planned in steps.items():
        where = (name, "steps") if name == "verification" else (name,)
        refuse(repeated(document, where, [step.kind for step in planned], "keep one; the same reminder is sent once"))
    refuse(_misplaced(document, file))
    watch = (ReminderStep("weekly", 0, "days", file.watch.to),) if file.watch else ()
    return ReminderPlan(
        **steps, verify_every=file.verification.every_days, watch=watch, at=file.send_at, until=file.send_until,
        watch_on=WEEKDAYS.index(file.watch.on) if file.watch else 0, lang="" if file.language == "reader" else file.language,
        late_after=timedelta(minutes=file.late_after_minutes))


def _steps(file: _PlanFile, name: str) -> Iterable[_StepShape]:
    return file.verification.steps if name == "verification" else getattr(file, name)


def _misplaced(document: Document, file: _PlanFile) -> Iterable[Finding]:
    """What each line says well and the file as a whole does not."""
    if file.send_until <= file.send_at:
        yield document.finding(("send_until",), "send_until is not after send_at", 'write a later time, as "18:00"')
    for name in ("task", *OWNERLESS):
        for index, step in enumerate(_steps(file, name)):
            where = (name, "steps", index) if name == "verification" else (name, index)
            if step.only_if:
                yield document.finding((*where, "only_if"), f"only_if means nothing under {name}", "leave it out")
            if step.to == "owner" and name in OWNERLESS:
                yield document.finding(where, f"nobody owns a {name} date", "add to: with a role or a channel, as REG")


def _step(anchor: str, step: _StepShape) -> ReminderStep:
    unit = "working_days" if step.working else "days"
    to = "" if step.to == "owner" else "-" + step.to.lower().lstrip("#")
    return ReminderStep(f"{anchor}{step.days:+d}{'wd' if step.working else ''}{to}", step.days, unit, step.to, step.only_if)
