"""What is said of a plan that changes: before and after to confirm, its forms, and a plan that is late."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.change import Change
from bot.domain.checklist import Band
from bot.domain.filing import Filing, FilingTask
from bot.domain.planning import BANDS
from bot.domain.shipment import Shipment
from bot.replies import Choice, Field, Form, Option, Part, Reply, Words
from bot.replies.filings import filing_title, markets, plan_lines
from bot.replies.names import listed, role_words

SHOWN = 10
"""Tasks named one by one; a modal on a phone shows hardly more."""
CHANGES = 20
"""Of what somebody changed on one day."""


@dataclass(frozen=True, slots=True)
class Late:
    """What of a plan should be done by now."""

    tasks: Sequence[tuple[FilingTask, int]]
    """Open tasks with the working days since their latest finish, the oldest first."""
    waiting: Sequence[str] = ()
    """Items that wait for them."""
    unreminded: int = 0
    """How many of them nobody is reminded of, as their dates lay behind us when they were planned."""
    pushed: int = 0
    """How many owners of such tasks are reminded after all, as `by` (a name) wanted it."""
    by: str = ""
    cause: str = ""
    """What was changed and by whom, in words; "" where time alone made it late."""


def late_plan_reply(words: Words, lang: str, filing: Filing, late: Late) -> Reply:
    """To the project manager, once: what should be done by now and what waits for it; what can be decided."""
    shown = [words.say(lang, "plan.late.task", item=task.item, title=task.title, role=role_words(words, lang, task.role),
                       due=_day(words, lang, task.due), n=days) for task, days in late.tasks[:SHOWN]]
    more = [words.say(lang, "plan.late.more", n=len(late.tasks) - SHOWN)] if len(late.tasks) > SHOWN else []
    return Reply(
        headline=words.say(lang, "plan.late", title=filing_title(words, filing), n=len(late.tasks)), tone="warn",
        lines=(*([late.cause] if late.cause else []), *plan_lines(words, lang, filing),
               *_consequences(words, lang, filing, late)), bullets=(*shown, *more),
        choices=(*_replan(words, lang, filing), Choice("ask_etd", words.say(lang, "choice.move_etd"), filing.id),
                 *_push(words, lang, filing, late), Choice("show_plan", words.say(lang, "choice.plan"), filing.id)),
        note=words.say(lang, "caveat.assumed"))


def overtaken_plan_reply(words: Words, lang: str, filing: Filing) -> Reply:
    """In the place of a late plan that was told of another ETD or pace: how the filing stands now."""
    return Reply(headline=words.say(lang, "plan.late.overtaken", title=filing_title(words, filing)),
                 lines=tuple(plan_lines(words, lang, filing)),
                 choices=(Choice("show_plan", words.say(lang, "choice.plan"), filing.id),),
                 note=words.say(lang, "caveat.assumed"))


def changed_line(words: Words, lang: str, change: Change) -> str:
    """F-1 FaceGate 300 → Germany · ETD: 22 May 2027 → 10 Jun 2027."""
    filing, short = change.after, (change.before.days_short, change.after.days_short)
    said = _differences(words, lang, change.before, filing)
    said += [words.say(lang, "change.short", before=short[0], after=short[1])] if short[0] != short[1] else []
    return " · ".join([f"*{filing.id}* {filing.product} → {markets(words, lang, filing.destinations)}", *said])


def changed_by_reply(words: Words, lang: str, name: str, lines: Sequence[str], note: str = "changed_by.note") -> Reply:
    """To whoever owns what somebody else (`name`) changed; the latest where there is no room for all."""
    return Reply(headline=words.say(lang, "changed_by", name=name), bullets=tuple(lines[-CHANGES:]),
                 note=words.say(lang, note))


def change_lines(words: Words, lang: str, change: Change, expiring: Sequence[str] = (), along: Sequence[str] = ()) -> list[str]:
    """Before and after, which dates move, what no longer fits, what stays.

    `expiring` are items whose sign-off would end, `along` the numbers of shipments that move with the filing.
    """
    lines = [*_stated(words, lang, change.before, change.after), *_moved(words, lang, change)]
    lines += [words.say(lang, "change.along", items=listed(words, lang, along))] if along else []
    named = {"added": change.added, "dropped": change.dropped, "behind": change.behind}
    lines += [words.say(lang, f"change.{kind}", items=listed(words, lang, (task.item for task in tasks)))
              for kind, tasks in named.items() if tasks]
    done = sum(task.done for task in change.tasks) - len(change.dropped)
    lines += [words.say(lang, "change.kept", n=done)] if done else []
    return lines + ([words.say(lang, "change.expiring", items=listed(words, lang, expiring))] if expiring else [])


def replanned_reply(words: Words, lang: str, said: str, changes: Sequence[Change], *choices: Choice) -> Reply:
    """An ETD was moved, as `said`: what that re-planned, before and after, and what can be done about it."""
    plans = tuple(Part("\n".join((f"*{filing_title(words, change.after)}*", *change_lines(words, lang, change))))
                  for change in changes)
    return Reply(headline=said, parts=plans, choices=choices, note=words.say(lang, "caveat.assumed") if plans else "")


def back_choice(words: Words, lang: str, shipment: Shipment, now: date, message: str) -> Choice:
    """One press to let a shipment leave as it was to before, while its ETD is still the one it has `now`; the answer replaces
    `message`, "" for the one it stands in."""
    carry = {"subject": shipment.id, "etd": shipment.etd.isoformat(), "zone": shipment.zone,
             "at": shipment.at.isoformat() if shipment.at else "", "seen": now.isoformat(), "message": message}
    return Choice("move_back", words.say(lang, "choice.move_back", etd=words.day(lang, shipment.etd)), json.dumps(carry))


def change_form(words: Words, lang: str, door: str, change: Change, carry: Mapping[str, str],
                expiring: Sequence[str] = (), along: Sequence[str] = ()) -> Form:
    """The modal that shows before and after; its button confirms what was seen, and nothing else."""
    lines = change_lines(words, lang, change, expiring, along)
    return Form(
        id=door, title=words.say(lang, "form.change.title"), submit=words.say(lang, "form.change.submit"),
        close=words.say(lang, "form.cancel"), carry=json.dumps({**carry, "seen": change.seen}, ensure_ascii=False),
        fields=(Field("change", "\n".join(lines).replace("*", ""), "note"),
                Field("assumed", words.say(lang, "caveat.assumed").strip("_"), "note")))


def fitting_form(words: Words, lang: str, filing: Filing) -> Form:
    """Where another ETD was proposed and none is needed any more: what stands now, and nothing to confirm."""
    said = "\n".join([filing_title(words, filing), *plan_lines(words, lang, filing)])
    return Form(id="fitting", title=words.say(lang, "form.change.title"), submit="", close=words.say(lang, "form.close"),
                fields=(Field("now", said.replace("*", ""), "note"),))


def etd_form(words: Words, lang: str, subject: str, etd: date, bands: Mapping[str, Band] | None = None, band: str = "",
             wrong: str = "") -> Form:
    """The modal that moves the ETD of a filing (whose assumed pace is chosen too) or of a shipment; `wrong` with one typed."""
    pace = (_band_field(words, lang, bands, band),) if bands else ()
    return Form(
        id="move_etd", title=words.say(lang, "form.etd.title"), close=words.say(lang, "form.cancel"),
        submit=words.say(lang, "form.etd.look" if bands else "form.etd.submit"), carry=json.dumps({"subject": subject}),
        fields=(Field("etd", words.say(lang, "form.etd"), "date", etd.isoformat(), wrong), *pace))


def facts_form(words: Words, lang: str, filing: Filing, products: Sequence[str]) -> Form:
    """The modal for changed facts: product, destination, autonomy, and what has changed."""
    known = tuple(Option(name, name) for name in dict.fromkeys([filing.product, *products]))
    acts = (Option("as", words.say(lang, "form.facts.as_determined")),
            *(Option(value, words.say(lang, f"truth.{value}")) for value in ("yes", "no")))
    return Form(
        id="change_facts", title=words.say(lang, "form.facts.title"), submit=words.say(lang, "form.etd.look"),
        close=words.say(lang, "form.cancel"), carry=json.dumps({"subject": filing.id}),
        fields=(Field("product", words.say(lang, "form.product"), "choice", filing.product, options=known[:100]),
                Field("destination", words.say(lang, "form.destination"), value=markets(words, lang, filing.destinations)),
                Field("autonomous", words.say(lang, "form.facts.autonomous"), "choice", filing.autonomous or "as", options=acts),
                Field("what", words.say(lang, "form.facts.what"), "long_text", hint=words.say(lang, "form.facts.what.hint"))))


def _consequences(words: Words, lang: str, filing: Filing, late: Late) -> list[str]:
    """What waits for it, who is reminded of it, and what can be decided."""
    lines = [words.say(lang, "plan.late.waiting", items=listed(words, lang, late.waiting), etd=words.day(lang, filing.etd),
                       n=max(days for _, days in late.tasks))] if late.waiting else []
    if late.pushed:
        lines.append(words.say(lang, "plan.late.pushed", name=late.by, n=late.pushed))
    elif late.unreminded:
        return [*lines, words.say(lang, "plan.late.unreminded", n=late.unreminded)]
    return [*lines, words.say(lang, "plan.late.decide")]


def _push(words: Words, lang: str, filing: Filing, late: Late) -> tuple[Choice, ...]:
    """One press has the owners reminded after all."""
    return (Choice("push_late", words.say(lang, "choice.push_late"), filing.id),) if late.unreminded else ()


def _replan(words: Words, lang: str, filing: Filing) -> tuple[Choice, ...]:
    """One press to see what the first ETD that fits would mean; nothing where the plan fits."""
    if not filing.days_short or not filing.earliest:
        return ()
    fits = words.day(lang, filing.earliest[BANDS.index(filing.band)])
    return (Choice("replan", words.say(lang, "choice.replan", etd=fits), filing.id, "primary"),)


def _band_field(words: Words, lang: str, bands: Mapping[str, Band], band: str) -> Field:
    options = tuple(Option(name, words.say(
        lang, "form.band.choice", band=words.say(lang, f"band.{name}"), review=bands[name].review_working_days,
        questions=bands[name].question_working_days)) for name in BANDS if name in bands)
    return Field("band", words.say(lang, "form.band"), "choice", band, options=options)


def _stated(words: Words, lang: str, before: Filing, after: Filing) -> list[str]:
    return [*_differences(words, lang, before, after),
            words.say(lang, "change.short", before=before.days_short, after=after.days_short), *plan_lines(words, lang, after)]


def _differences(words: Words, lang: str, before: Filing, after: Filing) -> list[str]:
    """What people state of a filing, where it is another now."""
    said: dict[str, Callable[[Filing], str]] = {
        "etd": lambda f: words.day(lang, f.etd), "band": lambda f: words.say(lang, f"band.{f.band}"),
        "product": lambda f: f.product, "category": lambda f: words.say(lang, f"family.{f.category}"),
        "destinations": lambda f: markets(words, lang, f.destinations),
        "autonomous": lambda f: words.say(lang, f"truth.{f.autonomous or 'unknown'}")}
    return [words.say(lang, f"change.{name}", before=tell(before), after=tell(after)) for name, tell in said.items()
            if getattr(before, name) != getattr(after, name)]


def _moved(words: Words, lang: str, change: Change) -> list[str]:
    moved = change.moved
    if not moved:
        return [words.say(lang, "change.none")]
    lines = [words.say(lang, "change.task", item=new.item, title=new.title, before=_day(words, lang, old.due),
                       after=_day(words, lang, new.due)) for old, new in moved[:SHOWN]]
    more = [words.say(lang, "change.more", n=len(moved) - SHOWN)] if len(moved) > SHOWN else []
    return [words.say(lang, "change.moved", n=len(moved)), *(f"· {line}" for line in lines), *more]


def _day(words: Words, lang: str, day: date | None) -> str:
    return words.day(lang, day) if day else words.say(lang, "plan.event")
