"""What is said of a filing: its one message in the thread, its ticket and sub-tasks, its form, the list of filings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from bot.domain.checklist import ChecklistItem, OpenQuestion
from bot.domain.facts import Verdict
from bot.domain.filing import Filing, FilingTask, bar, installation_label, next_task, progress
from bot.domain.people import Colleague
from bot.domain.rulebook import Ruleset
from bot.domain.ticket import TicketDraft
from bot.replies import Choice, Field, Form, Option, Reply, Words
from bot.replies.names import listed, role_words, together
from bot.replies.trouble import mending_choices, why_parked

ETD_HORIZON_YEARS = 3


def markets(words: Words, lang: str, codes: Iterable[str]) -> str:
    """Destinations by name, or "destination not named"."""
    return listed(words, lang, (words.market(lang, code) for code in codes)) or words.say(lang, "destination.none")


def filing_title(words: Words, filing: Filing) -> str:
    """F-12 · FaceGate 300 → Germany · ETD 12 Dec 2026."""
    return words.say(filing.lang, "filing.title", id=filing.id, product=filing.product,
                     markets=markets(words, filing.lang, filing.destinations), etd=words.day(filing.lang, filing.etd))


def filing_reply(words: Words, filing: Filing, tasks: Sequence[FilingTask]) -> Reply:
    """The one message of a filing, edited in place as the ticket appears and moves."""
    lines = [_ticket_line(words, filing), _progress_line(words, filing, tasks), *plan_lines(words, filing.lang, filing)]
    return Reply(
        headline=filing_title(words, filing), lines=tuple(line for line in lines if line), tone=_tone(filing),
        choices=_filing_choices(words, filing), note=words.say(filing.lang, "caveat.assumed"))


def plan_lines(words: Words, lang: str, plan: Filing) -> list[str]:
    """How the plan fits the ETD, with the band; nothing where it fits."""
    if not plan.days_short or len(plan.earliest) != 3:
        return [words.say(lang, "plan.fits")] if plan.earliest else []
    return [words.say(lang, "plan.short", n=plan.days_short, etd=words.day(lang, plan.etd)), *earliest_lines(words, lang, plan)]


def earliest_lines(words: Words, lang: str, plan: Filing) -> list[str]:
    """The earliest ETD at each assumed pace; nothing where it is not known."""
    if len(plan.earliest) != 3:
        return []
    early, middle, late = (words.day(lang, day) for day in plan.earliest)
    return [words.say(lang, "plan.earliest", early=early, middle=middle, late=late)]


def band_lines(words: Words, lang: str, plan: Filing) -> list[str]:
    """The assumed pace it is planned by, the submission at each pace, and years whose holidays are not official yet."""
    if len(plan.submissions) != 3:
        return []
    early, middle, late = (words.day(lang, day) for day in plan.submissions)
    band = words.say(lang, f"band.{plan.band}")
    lines = [words.say(lang, "plan.band", band=band, early=early, middle=middle, late=late)]
    years = listed(words, lang, map(str, plan.estimated))
    return lines + ([words.say(lang, "plan.estimated", years=years)] if years else [])


def path_line(words: Words, lang: str, filing: Filing, tasks: Sequence[FilingTask]) -> str:
    """What is open of the critical path: A1 › N1 › N2, or "" where nothing is."""
    still = {task.item for task in tasks if not task.done}
    left = [item for item in filing.critical if item in still]
    return words.say(lang, "plan.path", path=" › ".join(left)) if left else ""


def ticket_draft(words: Words, filing: Filing, ruleset: Ruleset, owner: Colleague) -> TicketDraft:
    """The parent ticket: what is filed and why, what is only reported, and the questions nobody answers."""
    lang = filing.lang
    said = [
        words.say(lang, "ticket.what", product=filing.product, markets=markets(words, lang, filing.destinations),
                  etd=words.day(lang, filing.etd), zone=filing.zone),
        words.say(lang, "ticket.customer", customer=filing.customer or "–", owner=owner.name),
        words.say(lang, "ticket.determination", id=filing.determination or "–", ruleset=ruleset.title.said(lang),
                  version=ruleset.version),
        words.say(lang, "caveat.reported"), words.say(lang, "caveat.assumed"), *plan_lines(words, lang, filing),
        *band_lines(words, lang, filing), words.say(lang, "ticket.open_questions"),
        *_questions(lang, filing, ruleset.open_questions)]
    return TicketDraft(
        extra=filing.extra, facts=ticket_facts(filing, owner), unassigned=_unassigned(words, lang, owner),
        label=filing.label, summary=filing_title(words, filing)[:250], description="\n".join(said).replace("*", ""),
        due=filing.etd, labels=("filingdesk", installation_label(filing.label), f"ruleset-{ruleset.id}"),
        assignee_email=owner.email)


def _questions(lang: str, filing: Filing, questions: Iterable[OpenQuestion]) -> list[str]:
    """Those that touch these goods; nobody answers them here."""
    facts = {"category": filing.category, "autonomous": filing.autonomous or "unknown", "export": "yes"}
    return [f"- {question.id}: {question.text.said(lang)}" for question in questions
            if question.touches(Verdict.IN_SCOPE, facts, filing.destinations)]


def task_draft(words: Words, filing: Filing, task: FilingTask, item: ChecklistItem, owner: Colleague,
               ruleset: Ruleset) -> TicketDraft:
    """One sub-task of the checklist, in both languages, saying where it comes from and that its date is assumed."""
    questions = _questions(filing.lang, filing, (one for one in ruleset.open_questions if one.id in item.open_questions))
    other = item.text.zh if filing.lang == "en" else item.text.en
    said = [item.text.said(filing.lang), other,
            words.say(filing.lang, f"basis.{item.basis}", like=item.modelled_on.said(filing.lang) or "–"),
            words.say(filing.lang, "ticket.task_owner", roles=role_words(words, filing.lang, task.role), name=owner.name or "–"),
            _offset(words, filing.lang, item),
            words.say(filing.lang, "ticket.after", ids=listed(words, filing.lang, item.after) or "–"),
            words.say(filing.lang, "ticket.evidence", evidence=item.evidence.said(filing.lang) or "–"),
            words.say(filing.lang, "caveat.assumed"),
            *([words.say(filing.lang, "ticket.open_questions"), *questions] if questions else [])]
    return TicketDraft(
        extra=filing.extra, facts=ticket_facts(filing, owner), unassigned=_unassigned(words, filing.lang, owner),
        label=task.label, summary=f"{task.item} · {item.text.said(filing.lang)}"[:250], description="\n".join(said),
        due=task.due, assignee_email=owner.email, parent=filing.ticket,
        labels=("filingdesk", installation_label(filing.label), f"task-{task.item.lower()}"))


def ticket_facts(filing: Filing, owner: Colleague) -> dict[str, str]:
    """What fields of the project may be filled with, by FACTS of bot/domain/ticket.py."""
    return {"id": filing.id, "product": filing.product, "customer": filing.customer, "etd": filing.etd.isoformat(),
            "destinations": ", ".join(filing.destinations), "determination": filing.determination, "owner": owner.email}


def _unassigned(words: Words, lang: str, owner: Colleague) -> str:
    return words.say(lang, "ticket.unassigned", name=owner.name or owner.id)


def _offset(words: Words, lang: str, item: ChecklistItem) -> str:
    if item.days_before is None:
        return words.say(lang, "ticket.offset.event")
    side = words.say(lang, f"ticket.side.{'before' if item.days_before >= 0 else 'after'}")
    anchor = words.say(lang, f"ticket.anchor.{item.relative_to}")
    return words.say(lang, "ticket.offset", n=abs(item.days_before), side=side, anchor=anchor)


def filing_form(words: Words, lang: str, products: Iterable[str], asker: str, *, product: str = "", destination: str = "",
                etd: date | None = None, customer: str = "", carry: dict[str, str] | None = None) -> Form:
    """The modal of `/filing new` and of the button Open filing: product, destination, ETD, customer, owner."""
    known = tuple(Option(name, name) for name in dict.fromkeys([*([product] if product else []), *products]))
    return Form(
        id="new_filing", title=words.say(lang, "form.filing.title"), submit=words.say(lang, "form.filing.submit"),
        close=words.say(lang, "form.cancel"), carry=json.dumps(carry or {}),
        fields=(
            Field("product", words.say(lang, "form.product"), "choice", product, options=known[:100]),
            Field("destination", words.say(lang, "form.destination"), value=destination,
                  hint=words.say(lang, "form.destination.hint")),
            Field("etd", words.say(lang, "form.etd"), "date", etd.isoformat() if etd else "",
                  hint=words.say(lang, "form.etd.hint")),
            Field("customer", words.say(lang, "form.customer"), value=customer, optional=True),
            Field("owner", words.say(lang, "form.owner"), "person", asker)))


def with_shared(words: Words, lang: str, form: Form, open_ones: Sequence[Filing]) -> Form:
    """The form with the open filings that can be shared instead of opening another; it remembers which it named."""
    titles = [(one.id, filing_title(words, replace(one, lang=lang)).replace("*", "")) for one in open_ones]
    options = tuple(Option(id_, words.say(lang, "form.share.option", title=title)) for id_, title in titles)
    carry = json.loads(form.carry)
    hint = words.say(lang, "form.share.hint" if carry.get("shipment") else "form.share.hint.alone")
    share = Field("share", words.say(lang, "form.share"), "choice", "", hint, options=options, optional=True)
    named = json.dumps(carry | {"named": " ".join(one.id for one in open_ones)})
    return replace(form, fields=(*form.fields, share), carry=named) if options else form



def shared_words(words: Words, lang: str, filing: Filing, etd: date | None) -> str:
    """An open filing stands for what somebody wanted; where their goods leave sooner (`etd`) its plan comes too late for them."""
    told = words.say(lang, "filing.shared.alone", title=filing_title(words, replace(filing, lang=lang)), id=filing.id)
    if etd is None or etd >= filing.etd:
        return told
    sooner = words.say(lang, "filing.shared.sooner", etd=words.day(lang, etd), own=words.day(lang, filing.etd))
    return together(lang, told, sooner)


def plan_reply(words: Words, filing: Filing, tasks: Sequence[FilingTask], today: date) -> Reply:
    """The whole plan of a filing, one task a line, for whoever asks; what is late by `today` says so."""
    lang = filing.lang
    return Reply(
        headline=words.say(lang, "plan.title", title=filing_title(words, filing)),
        lines=tuple(line for line in (*plan_lines(words, lang, filing), *band_lines(words, lang, filing),
                                      path_line(words, lang, filing, tasks)) if line),
        bullets=tuple(_plan_line(words, lang, task, filing.critical, today) for task in tasks),
        note=together(lang, words.say(lang, "plan.signs"), words.say(lang, "caveat.assumed")),
        choices=(Choice("pack", words.say(lang, "choice.pack"), filing.id),
                 Choice("plan_ics", words.say(lang, "choice.plan_ics"), filing.id)))


def _plan_line(words: Words, lang: str, task: FilingTask, critical: Sequence[str], today: date) -> str:
    due = words.day(lang, task.due) if task.due else words.say(lang, "plan.event")
    mark = "✓" if task.done else "➤" if task.item in critical else "○"
    late = f" · *{words.say(lang, 'plan.task_late')}*" if task.due and task.due < today and not task.done else ""
    return f"{mark} *{task.item}* {task.title} · {due}{late} · {role_words(words, lang, task.role)}"


def _ticket_line(words: Words, filing: Filing) -> str:
    if filing.state == "parked":
        return why_parked(words, filing.lang, filing)
    if not filing.ticket:
        return words.say(filing.lang, "filing.creating") + (f" {filing.trouble}" if filing.trouble else "")
    link = f"<{filing.ticket_url}|{filing.ticket}>" if filing.ticket_url else filing.ticket
    line = words.say(filing.lang, "filing.ticket", link=link, status=filing.status or "–")
    return f"{line}\n{filing.trouble}" if filing.trouble else line


def _progress_line(words: Words, filing: Filing, tasks: Sequence[FilingTask]) -> str:
    done, whole = progress(list(tasks))
    upcoming = next_task(list(tasks))
    held = words.say(filing.lang, f"gate.mark.{filing.hold}")
    line = words.say(filing.lang, "filing.progress", bar=bar(done, whole), done=done, whole=whole, hold=held)
    if not upcoming or not upcoming.due:
        return line
    return line + " · " + words.say(filing.lang, "filing.next", item=upcoming.item, title=upcoming.title,
                                    due=words.day(filing.lang, upcoming.due))


def _tone(filing: Filing) -> str:
    if filing.status_kind == "done":
        return "good"
    return "stop" if filing.state == "parked" else "warn" if filing.days_short or filing.trouble else ""


def _filing_choices(words: Words, filing: Filing) -> tuple[Choice, ...]:
    usual = (Choice("show_plan", words.say(filing.lang, "choice.plan"), filing.id),
             Choice("ask_etd", words.say(filing.lang, "choice.move_etd"), filing.id),
             Choice("timeline", words.say(filing.lang, "choice.timeline"), filing.id),
             Choice("ask_facts", words.say(filing.lang, "choice.facts"), filing.id),
             Choice("gate", words.say(filing.lang, "choice.gate"), filing.id))
    return (*mending_choices(words, filing.lang, filing), *usual) if filing.state == "parked" else usual
