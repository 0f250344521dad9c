"""The proof of a day's reminders, for administrators: how many went out, and what became of the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from bot.domain.proof import Entry, Proof
from bot.replies import Reply, Words
from bot.replies.recorded import why_words

SHOWN = 20


def proof_reply(words: Words, lang: str, zone: str, proof: Proof, name: Callable[[str], str]) -> Reply:
    """"All 37 … went out", or which did not and why; `name` gives a person's by their id."""
    due, out, trouble = len(proof.due), len(proof.out), proof.trouble
    key = "proof.nothing" if not due else "proof.all" if out == due else "proof.some"
    more = [words.say(lang, "proof.more", n=len(trouble) - SHOWN)] if len(trouble) > SHOWN else []
    headline = words.say(lang, key, n=due, out=out, left=due - out, since=words.moment(lang, proof.since, zone))
    return Reply(headline=headline, bullets=(*(_line(words, lang, one, name) for one in trouble[:SHOWN]), *more),
                 note=words.say(lang, "proof.skipped", n=len(proof.entries) - due), tone="good" if out == due else "warn")


def ahead_reply(words: Words, lang: str, day: date, planned: Mapping[str, int], name: Callable[[str], str]) -> Reply:
    """"37 reminders are planned for 1 Dec, none sent yet", of a day that has not begun; `planned` counts them by owner."""
    count = sum(planned.values())
    headline = words.say(lang, "proof.ahead" if count else "proof.ahead.none", n=count, day=words.day(lang, day))
    lines = [words.say(lang, "proof.ahead.line", to=name(owner), n=n) for owner, n in list(planned.items())[:SHOWN]]
    rest = sum(list(planned.values())[SHOWN:])
    return Reply(headline=headline, bullets=(*lines, *([words.say(lang, "proof.more", n=rest)] if rest else [])))


def _line(words: Words, lang: str, entry: Entry, name: Callable[[str], str]) -> str:
    one = entry.reminder
    outcome = words.say(lang, f"proof.outcome.{entry.outcome.replace(' ', '_')}", to=name(one.sent_to or one.owner))
    return words.say(lang, "proof.line", about=f"{one.task or one.subject}", to=name(one.owner), outcome=outcome,
                     why=why_words(words, lang, entry.why) or "–")
