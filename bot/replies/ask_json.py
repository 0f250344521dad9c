"""The answer as JSON: the contract of `filingdesk ask --format json` and `--jsonl`."""

from __future__ import annotations

from typing import Any

from bot.domain.deciding import worst
from bot.domain.determination import Judged
from bot.domain.facts import READ_FACTS
from bot.replies.answers import Answer, question_of


def answer_json(answer: Answer, number: str | None = None) -> dict[str, Any]:
    """One object with the keys of the contract, in its order; the top level shows the worst product."""
    d, reading = answer.determination, answer.reading
    top = next(product for product in d.products if product.decision.verdict is d.verdict)
    return {
        "id": number, "intent": str(reading.intent), "verdict": str(d.verdict), **_facts(top),
        "destinations": list(reading.destinations), "ship_date": reading.ship_date.isoformat() if reading.ship_date else None,
        "missing": list(d.missing), "question": question_of(answer), "products": [_product(product) for product in d.products],
        "clauses": list(d.clauses), "ruleset": {"id": d.ruleset.id, "version": d.ruleset.version, "digest": d.ruleset.digest},
        "list_version": d.asked.list_version or None, "lang": d.asked.lang}


def _facts(product: Judged) -> dict[str, str]:
    return {name: product.facts.get(name, "unknown") for name in READ_FACTS} | product.facts


def _product(product: Judged) -> dict[str, Any]:
    words = [item.words for items in product.evidence.values() for item in items]
    return {**_facts(product), "verdict": str(worst([product.decision.verdict])), "name": product.name,
            "read_from": list(dict.fromkeys(words))}
