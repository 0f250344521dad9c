"""A filing before and after: what a moved date, another pace or a changed fact means, to be seen before it is confirmed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.domain.filing import Filing, FilingTask
from bot.domain.rulebook import digest_of

STATED = ("etd", "band", "product", "category", "destinations", "autonomous")
"""What a person may change of a filing; everything else of a plan follows from it."""


@dataclass(frozen=True, slots=True)
class Change:
    """A filing before and after: nothing of it is stored before somebody has confirmed it."""

    before: Filing
    after: Filing
    was: tuple[FilingTask, ...]
    tasks: tuple[FilingTask, ...]
    """All tasks as they would be; those that are new stand at the end."""
    today: date

    @property
    def moved(self) -> list[tuple[FilingTask, FilingTask]]:
        """Open tasks with another date, as (before, after)."""
        return [(old, new) for old, new in zip(self.was, self.tasks, strict=False) if old.due != new.due and not new.done]

    @property
    def differs(self) -> bool:
        """Whether anything a person may change of it is another now."""
        return any(getattr(self.before, name) != getattr(self.after, name) for name in STATED)

    @property
    def added(self) -> tuple[FilingTask, ...]:
        """Tasks that did not apply before."""
        return self.tasks[len(self.was):]

    @property
    def dropped(self) -> list[FilingTask]:
        """Open tasks that no longer apply."""
        return [new for old, new in zip(self.was, self.tasks, strict=False) if new.done and not old.done]

    @property
    def behind(self) -> list[FilingTask]:
        """Open tasks whose latest finish would lie in the past: they no longer fit."""
        return [task for task in self.tasks if task.due and task.due < self.today and not task.done]

    @property
    def seen(self) -> str:
        """A digest of what stands now; another one means that somebody changed it meanwhile."""
        dues = {task.id: f"{task.due} {task.done}" for task in self.was}
        return digest_of({"filing": {name: str(getattr(self.before, name)) for name in STATED}, "tasks": dues})[:23]

    def differences(self) -> dict[str, str]:
        """Before and after of what was changed, for the audit trail."""
        changed = [name for name in STATED if getattr(self.before, name) != getattr(self.after, name)]
        sides = {"before": self.before, "after": self.after}
        said = {side: _said(filing, changed) for side, filing in sides.items()}
        return said | {"tasks_moved": str(len(self.moved)), "days_short": str(self.after.days_short)}


def _said(filing: Filing, names: Iterable[str]) -> str:
    values = ((name, getattr(filing, name)) for name in names)
    return ", ".join(f"{name}: {', '.join(value) if isinstance(value, tuple) else value}" for name, value in values)
