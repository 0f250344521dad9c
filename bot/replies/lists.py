"""What is said of a new market list: the difference, who is touched, and what it changes for one person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.determination import Asked
from bot.domain.filing import Filing
from bot.domain.market_list import Doubt, ListDiff, MarketList
from bot.domain.people import Colleague
from bot.domain.shipment import Shipment
from bot.errors import Finding
from bot.replies import Choice, Field, Form, Reply, Words
from bot.replies.answers import market_line
from bot.replies.filings import filing_title
from bot.replies.names import listed, together, worded
from bot.replies.recorded import actor_words, source_name
from bot.replies.shipments import shipment_title
from bot.replies.trouble import line_said, wrong_said

Touched = tuple[int, int, int, int]
"""How many open filings, shipments, past answers and sign-offs a list touches."""
SHOWN = 30
FIELDS = {"same_version": "version", "earlier": "effective"}
"""The inputs of the form that some doubts are about; all others are about the markets."""
FIELD_LIMIT = 1900


def diff_lines(words: Words, lang: str, change: ListDiff) -> list[str]:
    """Added, removed, reworded, named for the first time; one line each that is not empty."""
    said = {"named": change.named, "added": change.added, "removed": change.removed, "unnamed": change.unnamed}
    lines = [words.say(lang, f"diff.{kind}", n=len(found), markets=_names(words, lang, [market.code for market in found]))
             for kind, found in said.items() if found]
    lines += [words.say(lang, "diff.reworded", market=words.market(lang, pair.after.code),
                        before=pair.before.requirement or "–", after=pair.after.requirement or "–") for pair in change.reworded]
    if change.count_after is not None and change.count_before != change.count_after:
        lines.append(words.say(lang, "diff.count", before=change.count_before or "–", after=change.count_after or "–"))
    return lines or [words.say(lang, "diff.none")]


def news_reply(words: Words, lang: str, change: ListDiff, new: MarketList, touched: Touched) -> Reply:
    """The one message to the channel that watches the list."""
    filings, shipments, answers, signs = touched
    return Reply(
        headline=words.say(lang, "list.news", version=new.version, effective=words.day(lang, new.effective)),
        bullets=tuple(diff_lines(words, lang, change)),
        lines=(words.say(lang, "list.touched", filings=filings, shipments=shipments, answers=answers, signs=signs),
               _source(words, lang, new)),
        note=words.say(lang, "lists.note"))


@dataclass(frozen=True, slots=True)
class DryRun:
    """What publishing a list would do: the difference, how much it touches, and the doubts."""

    new: MarketList
    change: ListDiff
    touched: Touched
    doubts: tuple[Doubt, ...] = ()

    @property
    def may_go_on(self) -> bool:
        """Whether a person may take it over, saying of each doubt that it is really so."""
        return all(doubt.confirmable for doubt in self.doubts)


def dry_run_reply(words: Words, lang: str, run: DryRun, lead: str = "", choices: tuple[Choice, ...] = ()) -> Reply:
    """What would change, from when, by which source, and how much is touched."""
    filings, shipments, answers, signs = run.touched
    said = [list_doubt(words, lang, doubt) for doubt in run.doubts]
    return Reply(
        headline=words.say(lang, "list.dry_run", version=run.new.version),
        bullets=tuple(diff_lines(words, lang, run.change)),
        lines=(words.say(lang, "list.news", version=run.new.version, effective=words.day(lang, run.new.effective)),
               _source(words, lang, run.new),
               words.say(lang, "list.touched", filings=filings, shipments=shipments, answers=answers, signs=signs), *said, lead),
        tone="stop" if run.doubts else "", choices=choices, note=words.say(lang, "lists.note"))


def compared_reply(words: Words, lang: str, run: DryRun, key: str) -> Reply:
    """To whoever compared it: a second person publishes, who is asked by the button."""
    sure = together(lang, *(list_doubt(words, lang, doubt) for doubt in run.doubts))
    ask = Choice("ask_publish", words.say(lang, "choice.ask_publish"), key, "danger" if run.doubts else "primary", sure)
    return dry_run_reply(words, lang, run, words.say(lang, "list.second"), (ask,) if run.may_go_on else ())


def asked_reply(words: Words, lang: str, run: DryRun, people: Iterable[Colleague]) -> Reply:
    """The same once others have been asked."""
    return dry_run_reply(words, lang, run, words.say(lang, "list.asked", names=listed(words, lang, (one.name for one in people))))


def proposal_reply(words: Words, lang: str, run: DryRun, by: Colleague, key: str) -> Reply:
    """To the second person: the dry run with the button that publishes."""
    doubts = [list_doubt(words, lang, doubt) for doubt in run.doubts]
    sure = together(lang, *doubts, words.say(lang, "list.confirm", version=run.new.version))
    button = Choice("publish_list", words.say(lang, "choice.publish"), key, "danger" if run.doubts else "primary", sure)
    return dry_run_reply(words, lang, run, words.say(lang, "list.asks", name=by.name), (button,) if run.may_go_on else ())


def published_reply(words: Words, lang: str, run: DryRun, by: Colleague) -> Reply:
    """What the dry run becomes for all who have it before them."""
    news = news_reply(words, lang, run.change, run.new, run.touched)
    return replace(news, lines=(*news.lines, words.say(lang, "list.published_by", name=by.name)))


def list_doubt(words: Words, lang: str, doubt: Doubt) -> str:
    """Why the list cannot be taken as it stands, and what to write or confirm."""
    said = {f"part{place}": worded(words, lang, each) for place, each in enumerate(doubt.about)}
    return words.say(lang, f"list.doubt.{doubt.kind}", **said)


def mistakes_at_fields(words: Words, lang: str, findings: Sequence[Finding]) -> dict[str, str]:
    """What is wrong with what was typed, beside the input it stands in; lines by their number."""
    told: dict[str, list[str]] = {}
    for finding in findings:
        said = line_said if finding.line else wrong_said
        told.setdefault(finding.path, []).append(said(words, lang, finding))
    return {field: "\n".join(lines)[:FIELD_LIMIT] for field, lines in told.items()}


def doubts_at_fields(words: Words, lang: str, doubts: Sequence[Doubt]) -> dict[str, str]:
    """Doubts that no confirming takes away, beside the input of the form they are about."""
    return {FIELDS.get(doubt.kind, "markets"): list_doubt(words, lang, doubt) for doubt in doubts if not doubt.confirmable}


def recall_reply(words: Words, answers: Sequence[Asked], before: MarketList | None, new: MarketList) -> Reply:
    """In the thread of past answers, in the language of the last: what the list said of their markets then and says now."""
    lang, n = answers[-1].lang, len(answers)
    abroad = [code for code in dict.fromkeys(code for asked in answers for code in asked.destinations) if code != "CN"]
    then = [market_line(words, lang, code, before) for code in abroad]
    now = [market_line(words, lang, code, new) for code in abroad]
    return Reply(
        headline=words.say(lang, "recall.title", n=n, id=listed(words, lang, (asked.id for asked in answers))), tone="warn",
        lines=(words.say(lang, "recall.then"), *then, words.say(lang, "recall.now"), *now, words.say(lang, "recall.verdict"),
               _source(words, lang, new)),
        note=words.say(lang, "lists.note"))


def personal_reply(words: Words, person: Colleague, new: MarketList,
                   filings: Sequence[Filing], shipments: Sequence[Shipment]) -> Reply:
    """To one owner: the filings and shipments of theirs that the list touches."""
    lang = person.lang
    codes = dict.fromkeys([code for filing in filings for code in filing.destinations] + [s.destination for s in shipments])
    touched = [filing_title(words, filing) for filing in filings] + [shipment_title(words, lang, one) for one in shipments]
    return Reply(
        headline=words.say(lang, "list.personal", version=new.version, n=len(touched)), bullets=tuple(touched[:SHOWN]),
        lines=tuple(market_line(words, lang, code, new) for code in codes if code != "CN"),
        note=words.say(lang, "lists.note"))


def _names(words: Words, lang: str, codes: Iterable[str]) -> str:
    found = list(codes)
    more = f" … (+{len(found) - SHOWN})" if len(found) > SHOWN else ""
    return listed(words, lang, (words.market(lang, code) for code in found[:SHOWN])) + more


def _source(words: Words, lang: str, new: MarketList) -> str:
    by = actor_words(words, lang, new.recorded_by_in(lang))
    return words.say(lang, "list.source", source=source_words(words, lang, new), by=by)


def source_words(words: Words, lang: str, entry: MarketList) -> str:
    """Where a list is from, with its address where there is one."""
    said = source_name(words, lang, entry)
    return f"<{entry.url}|{said}>" if entry.url else said


def list_form(words: Words, lang: str, today: date) -> Form:
    """The modal in which a person enters a new version of the list."""
    return Form(
        id="list_update", title=words.say(lang, "form.list.title"), submit=words.say(lang, "form.list.submit"),
        close=words.say(lang, "form.cancel"),
        fields=(Field("version", words.say(lang, "form.list.version"), value=today.isoformat()),
                Field("effective", words.say(lang, "form.list.effective"), "date", today.isoformat()),
                Field("url", words.say(lang, "form.list.url")),
                Field("markets", words.say(lang, "form.list.codes"), "long_text")))
