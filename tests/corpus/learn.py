"""Teaches the reader's weights of who decides, the family and the intent from the labelled questions; `make learn` runs it.

Writes rulesets/reading/weights. Needs scikit-learn (the extra `learn`), which neither the program nor its tests do.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import cycle, product

import yaml
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from taught import CORPUS, FRESH, OWN, PLAINLY, ROOT, TUNED, WEIGHTS, digest

from bot.datafiles.catalogue import load_catalogue
from bot.datafiles.lexicon import read_words
from bot.datafiles.weights import ANSWERS, written
from bot.domain.reading.combine import Seen, Weighable, weighable
from bot.domain.reading.lexicon import Lexicon
from bot.domain.reading.weighing import GRAMMAR, WORDS
from bot.domain.reading.weights import Weight, Weights

LEAST_ROWS = 3
"""A feature of fewer questions is left out."""
STRENGTH = 60.0
"""The inverse of the penalty on large weights."""
FAINT = {"autonomy": 0.8, "category": 1.5, "intent": 2.0}
"""A feature none of whose weights is as large as this is left out."""
FAMILIES = {
    "face": "face_3d_terminal", "iris": "iris_lock", "vein": "vein_lock", "resp": "intelligent_respirator",
    "gas": "gas_mask", "other": "other_not_listed", "unknown": "unknown",
}
"""The families as the developers' own cases name them."""
Asked = tuple[str, Mapping[str, str]]
"""A text, and its answers by field: autonomy, category, intent, as far as they are labelled.

Of several products the field is the family: who decides of the one product of that family.
"""
Row = tuple[Seen, str]
"""By what a text is weighed, and the answer."""


def main() -> int:
    """Teach, and write the files."""
    rows = lessons()
    WEIGHTS.mkdir(exist_ok=True)
    for field in ANSWERS:
        weights = learnt(field, rows[field])
        (WEIGHTS / f"{field}.tsv").write_text(written(weights, f"sha256 {digest()}"), "utf-8")
        print(f"{field}: {len(weights.of)} features")
    return 0


def lessons() -> Mapping[str, Sequence[Row]]:
    """What is taught of each field; what the tests promise and the grammar was tuned on stands there twice."""
    words = read_words(ROOT / "rulesets" / "reading").with_catalogue(load_catalogue(ROOT / "config" / "catalogue.csv"))
    rows = [*featured([*_own(), *labelled(TUNED)], words, grammar=False)] * 2
    rows += featured([*_plainly(), *labelled(FRESH)], words, grammar=True)
    return {field: [row for name, row in rows if name == field] for field in ANSWERS}


def featured(asked: Iterable[Asked], words: Lexicon, *, grammar: bool) -> Iterator[tuple[str, Row]]:
    """The field, the features and the label of each answer; the grammar's own answers only where they were not tuned."""
    for text, answers in asked:
        for field, (seen, answer) in _rows(weighable(text, words), answers):
            left = sorted((name, place) for name, place in seen.features if grammar or not name.startswith(GRAMMAR))
            if left:
                yield field, (Seen(left, seen.tokens), answer)


def _rows(found: Weighable, answers: Mapping[str, str]) -> Iterator[tuple[str, Row]]:
    """One row for each answer; who decides is learnt of several products where each was told from the others."""
    whole = {"intent": found.intent, "category": found.category}
    yield from ((field, (seen, answers[field])) for field, seen in whole.items() if seen and field in answers)
    if "autonomy" in answers:
        yield from (("autonomy", (seen, answers["autonomy"])) for _, seen in found.autonomy[:1] if len(found.autonomy) == 1)
        return
    made = Counter(family for family, _ in found.autonomy)
    single = [(family, seen) for family, seen in found.autonomy if made[family] == 1 and family in answers]
    yield from (("autonomy", (seen, answers[family])) for family, seen in single)


def _own() -> Iterator[Asked]:
    """A case is "vein no yes DE" (family, who decides, export, where), one of never_no the answer alone."""
    cases, never_no = (yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader) for path in OWN)
    yield from ((text, {"autonomy": answer}) for answer, text, *_ in never_no)
    for wanted, text, *_ in cases:
        if ";" not in wanted:
            yield text, dict(_case(wanted.split()))


def _case(wanted: Sequence[str]) -> Iterator[tuple[str, str]]:
    if wanted[0].startswith(">"):
        yield "intent", wanted[0][1:]
        return
    yield "intent", "scope"
    yield from ((("category", FAMILIES[name])) for name in wanted[:1] if name in FAMILIES)
    yield from (("autonomy", answer) for answer in wanted[1:2] if answer in ANSWERS["autonomy"])


def _plainly() -> Iterator[Asked]:
    """Each way to say it, in every frame, of things and places in turn."""
    told = yaml.load(PLAINLY.read_text("utf-8"), Loader=yaml.BaseLoader)
    for sort, lang in product(("things", "airs"), ("en", "zh")):
        things, places = cycle(told[sort][lang]), cycle(told["places"][lang])
        for answer, ways in told[f"{sort}_say"][lang].items():
            frames = product(ways, told["frames"][lang])
            said = ((frame.format(thing=next(things), place=next(places), said=way), answer) for way, frame in frames)
            yield from ((text, {"autonomy": answer}) for text, answer in said)


def labelled(names: Sequence[str]) -> Iterator[Asked]:
    """The questions of these files."""
    for name in names:
        lines = (line for line in (CORPUS / f"{name}.jsonl").read_text("utf-8").split("\n") if line.strip())
        yield from (_answers(json.loads(line)) for line in lines)


def _answers(row: Mapping[str, object]) -> Asked:
    """The family is learnt from questions about one product."""
    expect = row["expect"]
    products = expect.get("products", ())
    if len(products) > 1:
        families = Counter(product.get("category") for product in products)
        known = [product for product in products if {"category", "autonomous"} <= product.keys()]
        told = {p["category"]: p["autonomous"] for p in known if families[p["category"]] == 1}
        return row["text"], {"intent": expect["intent"], **told} if "intent" in expect else told
    wanted = {"intent": "intent", "autonomous": "autonomy", "category": "category"}
    return row["text"], {field: expect[label] for label, field in wanted.items() if label in expect}


def learnt(field: str, rows: Sequence[Row]) -> Weights:
    """The words and the cues are taught apart; each has half a say, which is the product of their beliefs, rooted."""
    answers, labels = ANSWERS[field], [label for _, label in rows]
    names = [[name for name, _ in seen.features] for seen, _ in rows]
    views = [[[name for name in found if name.startswith(WORDS) is words] for found in names] for words in (True, False)]
    taught = [_fitted(view, labels, answers) for view in views]
    bias = tuple(round(sum(bias[at] for bias, _ in taught) / 2, 2) for at in range(len(answers)))
    halved = ((name, Weight(rarity, _halved(speaks))) for _, found in taught for name, rarity, speaks in found)
    return Weights(answers, bias, {name: weight for name, weight in halved if max(map(abs, weight.speaks)) >= FAINT[field]})


def _halved(speaks: Sequence[float]) -> tuple[float, ...]:
    return tuple(round(one / 2, 2) for one in speaks)


def _fitted(
    view: Sequence[Sequence[str]], labels: Sequence[str], answers: Sequence[str]
) -> tuple[Sequence[float], Iterator[tuple[str, float, Sequence[float]]]]:
    """The bias, and of each feature its rarity and how far it speaks for each answer."""
    counter = TfidfVectorizer(analyzer=list, min_df=LEAST_ROWS, binary=True)
    model = LogisticRegression(C=STRENGTH, max_iter=3000, tol=1e-4).fit(counter.fit_transform(view), labels)
    order = [list(model.classes_).index(answer) for answer in answers]
    speaks = (model.coef_[order] * counter.idf_).T.tolist()
    rarity = counter.idf_.round(2).tolist()
    return model.intercept_[order].tolist(), ((name, rarity[at], speaks[at]) for name, at in counter.vocabulary_.items())


if __name__ == "__main__":
    raise SystemExit(main())
