"""A filing's plan laid out in time: tasks with their latest finish, the submission by the three bands, today, the ETD."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.domain.checklist import COMPLETION
from bot.domain.filing import Filing, FilingTask
from bot.domain.standing import Standing

MARGIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Step:
    """A task as a bar: from when what it waits for is done to its latest finish (ASSUMED); done, late or open."""

    task: FilingTask
    start: date
    end: date
    state: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """One filing on one day; all dates are ASSUMED and belong to the filing's zone."""

    filing: Filing
    today: date
    steps: tuple[Step, ...]
    """By latest finish."""
    submissions: tuple[date, ...]
    """Latest submission for the ETD: optimistic, default, pessimistic."""
    undated: tuple[FilingTask, ...]
    """Tasks that wait for an event: they count, but have no place in time."""

    @property
    def completion(self) -> date | None:
        """When the filing procedure must be completed; None where no task says so."""
        return next((step.end for step in self.steps if step.task.item == COMPLETION), None)

    @property
    def earliest(self) -> tuple[date, ...]:
        """Earliest realistic ETDs by band, where the plan does not fit; else nothing."""
        return self.filing.earliest if self.filing.days_short else ()

    @property
    def span(self) -> tuple[date, date]:
        """The first and the last day to show, with a week on both sides."""
        days = [self.today, self.filing.etd, *self.submissions, *self.earliest]
        days += [day for step in self.steps for day in (step.start, step.end)]
        return min(days) - MARGIN, max(days) + MARGIN


def timeline(standing: Standing, submissions: tuple[date, ...], after: Mapping[str, Sequence[str]]) -> Timeline:
    """Lay out a filing; `after` names the checklist items each item waits for."""
    filing, dues = standing.filing, {task.item: task.due for task in standing.tasks if task.due}
    opened = filing.opened_at.astimezone(ZoneInfo(filing.zone)).date()
    steps = [Step(task, _start(dues[task.item], opened, [dues[one] for one in after.get(task.item, ()) if one in dues]),
                  dues[task.item], _state(task, standing.today)) for task in standing.tasks if task.due]
    return Timeline(filing, standing.today, tuple(sorted(steps, key=lambda step: (step.end, step.start))), submissions,
                    tuple(task for task in standing.tasks if not task.due))


def _start(due: date, opened: date, waits_for: Sequence[date]) -> date:
    """When what it waits for is done at the latest, else when the filing was opened; never after its own finish."""
    return min(due, max(waits_for, default=opened))


def _state(task: FilingTask, today: date) -> str:
    if task.done:
        return "done"
    return "late" if task.due and task.due < today else "open"
