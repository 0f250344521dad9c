"""What a person wants, and the ids and language of the message."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.facts import Evidence, Intent
from bot.domain.reading.clauses import Clauses
from bot.domain.reading.matching import Hit, Marked
from bot.domain.reading.weighing import GRAMMAR, NOWHERE, Feature, Text, weigh
from bot.domain.reading.weights import Weights

_ID = re.compile(r"(?<![A-Za-z0-9])(?:[FDS]|SO)-\d{1,9}(?![A-Za-z0-9])", re.IGNORECASE)
_LATIN = re.compile(r"[A-Za-z]+")
_NEVER = frozenset({"don't", "dont", "not", "never", "别", "不", "without", "before"})
_EITHER_WAY = frozenset({"reminder"})
"""Intents whose verb may stand behind its object: "ETD postponed"."""
KEPT = 0.3
"""What the cues say stands where this share of belief is in it …"""
SURE = 0.6
"""… or none this large in something else."""
_LONG = 8
"""So many words more, and a message counts as longer, …"""
_LONGEST = 5
"""… so often at most."""
_APART = 14
"""How many words may stand between a verb and its object: "open … a filing"."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What else the message speaks of."""

    product: bool
    place: bool
    fact: bool
    """Autonomy or export."""
    ids: bool
    autonomy: bool = False
    named: bool = False
    """The product is more than "a product" or "the device"."""


def references(text: str) -> tuple[str, ...]:
    """Ids named in the text, in the order named: F-12, D-1042, S-7, SO-4711."""
    return tuple(dict.fromkeys(m.group().upper() for m in _ID.finditer(text)))


def language(text: str) -> str:
    """ "zh" when Han characters carry the message, else "en"."""
    han = sum(1 for c in text if "\u4e00" <= c <= "\u9fff")
    return "zh" if han and han >= len(_LATIN.findall(text)) else "en"


def intent_of(marked: Marked, clauses: Clauses, order: Sequence[str], spoken: Spoken) -> tuple[Intent, tuple[Evidence, ...]]:
    """The first intent whose cues are there and not blocked, else scope where anything of it is spoken of."""
    hits = [hit for hit in marked.layer("intents") if not (_other_form(marked, hit) or _taken_back(marked, hit))]
    roles = {hit.cue.role for hit in hits} | _pairs(hits, clauses)
    if "list_update.listed" in roles and spoken.place and not spoken.product:
        roles.add("list_update")
    if "filing_status.asked" in roles and not (spoken.named and spoken.autonomy):
        roles.add("filing_status")
    for name in order:
        if name in roles and not _blocked(name, roles, spoken):
            return Intent(name), _words(marked, [h for h in hits if h.cue.role.startswith(name)])
    left = _otherwise(roles, spoken)
    return left, _words(marked, [h for h in hits if h.cue.role == "scope" and left is Intent.SCOPE])


def settle(made: Intent, spoken: Spoken, text: Text, marked: Marked, weights: Weights) -> Intent:
    """What the cues say, unless the text as a whole is believed to want something else."""
    if not any(name in weights.of for name, _ in text.words):
        return made  # in none of its words the questions taught anything
    weighed = weigh([*text.words, *cues(made, spoken, marked)], weights, text.hear)
    likeliest = Intent(weighed.likeliest)
    bare = likeliest is Intent.SCOPE and not (spoken.product or spoken.place or spoken.fact)
    sure = weighed.shares[made] < KEPT and weighed.shares[likeliest] >= SURE
    return likeliest if sure and not bare else made


def cues(made: Intent, spoken: Spoken, marked: Marked) -> Iterator[Feature]:
    """The cues of intents, what they say, and what else the message speaks of."""
    roles = [hit.cue.role for hit in marked.layer("intents")]
    told = [name for name in ("product", "place", "fact", "ids", "autonomy", "named") if getattr(spoken, name)]
    yield from ((f"i:{role}", NOWHERE) for role in roles)
    yield f"{GRAMMAR}{made}", NOWHERE
    yield from ((f"{GRAMMAR}{made} {name}", NOWHERE) for name in (*roles, *told))
    yield from ((f"{GRAMMAR}{name}", NOWHERE) for name in told)
    yield f"{GRAMMAR}length {min(len(marked.units) // _LONG, _LONGEST)}", NOWHERE


def _other_form(marked: Marked, hit: Hit) -> bool:
    """ "listed" is no list, "opening" opens no filing."""
    text = marked.units[hit.first].text
    return hit.last - hit.first == 1 and text in {"opens", "opening", "opened"} | _listed(hit)


def _taken_back(marked: Marked, hit: Hit) -> bool:
    """ "don't open a filing yet"; a cue that ends a question, but stands elsewhere."""
    if hit.cue.marks.get("ends") == "yes":
        behind = marked.units[hit.last : hit.last + 1]
        return bool(behind) and behind[0].is_word and behind[0].text not in "啊呀呢吧"
    before = marked.units[hit.first - 1].text if hit.first else ""
    return hit.cue.role == "create_filing.verb" and before in _NEVER


def _listed(hit: Hit) -> set[str]:
    return set() if hit.cue.role == "list_update.listed" else {"listed", "listing"}


def _otherwise(roles: set[str], spoken: Spoken) -> Intent:
    if spoken.ids and not spoken.product:
        return Intent.FILING_STATUS
    if spoken.product or spoken.place or spoken.fact or "scope" in roles:
        return Intent.SCOPE
    return Intent.SMALLTALK


def _pairs(hits: Sequence[Hit], clauses: Clauses) -> set[str]:
    """Verbs with their objects in one sentence: "create_filing.verb" and "create_filing.object" give create_filing."""
    found: set[str] = set()
    last: dict[str, Hit] = {}
    for hit in hits:
        name, _, part = hit.cue.role.partition(".")
        if part in ("news", "outright"):
            found.add(name)
        other = last.get(name + (".verb" if part == "object" else ".object"))
        either_way = part == "object" or name in _EITHER_WAY
        if other is not None and either_way and _together(other, hit, clauses):
            found.add(name)
        if part == "end" and (asked := last.get(name + ".about")) is not None and _together(asked, hit, clauses):
            found.add(name + ".asked")
        last[hit.cue.role] = hit
    return found


def _together(verb: Hit, thing: Hit, clauses: Clauses) -> bool:
    near = thing.first - verb.last <= _APART
    return near and clauses.of[verb.first] == clauses.of[thing.first]


def _blocked(name: str, roles: set[str], spoken: Spoken) -> bool:
    if f"{name}.blocked" in roles:
        return True
    if name == "reminder":
        return spoken.named and "scope" in roles and "reminder.outright" not in roles and spoken.fact
    if name == "list_update":
        return spoken.product and (spoken.autonomy or not spoken.place) and "list_update.news" not in roles
    if name == "help":
        return spoken.named or spoken.place
    if name == "smalltalk":
        return spoken.product or spoken.place or spoken.fact or spoken.ids or "scope" in roles
    return False


def _words(marked: Marked, hits: Sequence[Hit]) -> tuple[Evidence, ...]:
    return tuple(marked.evidence(h.first, h.last, h.cue.id) for h in hits)
