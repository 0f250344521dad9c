"""The timeline of a filing in words: what stands on the picture and where, before anything is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.filing import progress
from bot.domain.planning import BANDS
from bot.domain.timeline import Step, Timeline
from bot.replies import Words
from bot.replies.filings import filing_title
from bot.replies.names import listed, together

STATES = ("done", "late", "open")


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what it is, its bar from day to day, how it stands; `marks` are single days on it with their names."""

    id: str
    label: str
    start: date
    end: date
    state: str
    """done, late, open, or band for what only the authority decides."""
    marks: tuple[tuple[date, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything to be drawn, in the words of one language."""

    title: str
    subtitle: str
    note: str
    first: date
    last: date
    today: tuple[date, str]
    etd: tuple[date, str]
    rows: tuple[Row, ...]
    legend: tuple[tuple[str, str], ...]
    """State and its name."""


def picture(words: Words, lang: str, plan: Timeline, titles: Mapping[str, str]) -> Picture:
    """The picture of a timeline; `titles` are the tasks' by checklist item, in the same language."""
    first, last = plan.span
    return Picture(
        title=filing_title(words, replace(plan.filing, lang=lang)), subtitle=_subtitle(words, lang, plan),
        note=together(lang, words.say(lang, "timeline.caveat"), _undated(words, lang, plan)), first=first, last=last,
        today=(plan.today, words.say(lang, "timeline.today")), etd=(plan.filing.etd, words.say(lang, "timeline.etd")),
        rows=(*_band_rows(words, lang, plan), *(_row(step, titles) for step in plan.steps)),
        legend=tuple((state, words.say(lang, f"timeline.{state}")) for state in (*STATES, "band")))


def timeline_text(words: Words, lang: str, plan: Timeline) -> str:
    """What is said beside the picture, for those who cannot see it: where the filing stands and what is overdue."""
    late = [f"{step.task.item} ({words.day(lang, step.end)})" for step in plan.steps if step.state == "late"]
    lines = [filing_title(words, replace(plan.filing, lang=lang)), _subtitle(words, lang, plan)]
    lines += [words.say(lang, "timeline.late_are", tasks=listed(words, lang, late))] if late else []
    return "\n".join([*lines, *filter(None, [_undated(words, lang, plan)]), words.say(lang, "timeline.caveat")])


def _undated(words: Words, lang: str, plan: Timeline) -> str:
    """Why the picture has fewer rows than the filing has tasks."""
    items = listed(words, lang, (task.item for task in plan.undated))
    return words.say(lang, "timeline.undated", n=len(plan.undated), items=items) if items else ""


def _subtitle(words: Words, lang: str, plan: Timeline) -> str:
    done, whole = progress([*(step.task for step in plan.steps), *plan.undated])
    late = sum(step.state == "late" for step in plan.steps)
    short = words.say(lang, "filing.line.short", n=plan.filing.days_short).replace("*", "") if plan.filing.days_short else ""
    today = words.day(lang, plan.today)
    return words.say(lang, "timeline.subtitle", done=done, whole=whole, late=late, today=today) + short


def _band_rows(words: Words, lang: str, plan: Timeline) -> list[Row]:
    """What the pace of the authority decides: the submission, its own step, and the ETD that would fit."""
    rows = [_band(words, lang, "submission", plan.submissions)] if plan.submissions else []
    if plan.submissions and plan.completion and plan.submissions[1] < plan.completion:
        rows.append(Row("", words.say(lang, "timeline.authority"), plan.submissions[1], plan.completion, "band"))
    return [*rows, *([_band(words, lang, "earliest", plan.earliest)] if plan.earliest else [])]


def _band(words: Words, lang: str, name: str, days: tuple[date, ...]) -> Row:
    marks = tuple((day, words.say(lang, f"timeline.{band}")) for band, day in zip(BANDS, days, strict=True))
    return Row("", words.say(lang, f"timeline.{name}"), min(days), max(days), "band", marks)


def _row(step: Step, titles: Mapping[str, str]) -> Row:
    return Row(step.task.item, titles.get(step.task.item, step.task.title), step.start, step.end, step.state)
