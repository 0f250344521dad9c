"""Teaches the weights of who decides from the labelled questions for tuning; `make learn` runs it.

Writes rulesets/reading/weights.tsv. Needs scikit-learn (the extra `learn`), which neither the program nor its tests do.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import cycle, product

import yaml
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize
from taught import CORPUS, FRESH, OWN, PLAINLY, ROOT, TUNED, WEIGHTS, digest

from bot.datafiles.catalogue import load_catalogue
from bot.datafiles.lexicon import load_lexicon
from bot.domain.reading.combine import weighable
from bot.domain.reading.settling import GRAMMAR
from bot.domain.reading.weighing import WORDS

LEAST_ROWS = 3
"""A feature of fewer questions is left out."""
STRENGTH = 20.0
"""The inverse of the penalty on large weights."""
FAINT = 0.06
"""A feature none of whose weights is as large as this is left out."""
ANSWERS = ("yes", "no", "unknown")
Asked = tuple[str, str]
"""A text, and who decides: yes, no or unknown."""
Weight = tuple[str, float, float, float]
"""A feature, and how far it speaks for each of ANSWERS."""
Row = tuple[list[str], str]
"""The features of a text, and the answer."""


def main() -> int:
    """Teach, and write the file; what the tests promise and the grammar was tuned on, plain wording most of it, counts twice."""
    rows = [*_rows([*_own(), *_labelled(TUNED)] * 2, grammar=False), *_rows([*_plainly(), *_labelled(FRESH)], grammar=True)]
    weights = sorted(_learnt(rows))
    head = f"# taught by {len(rows)} rows, some of them twice, sha256 {digest()}\n# feature\tyes\tno\tunknown\n"
    WEIGHTS.write_text(head + "".join(f"{name}\t{yes:g}\t{no:g}\t{unknown:g}\n" for name, yes, no, unknown in weights), "utf-8")
    print(f"{WEIGHTS.relative_to(ROOT)}: {len(weights)} features from {len(rows)} rows")
    return 0


def _rows(asked: Iterable[Asked], *, grammar: bool) -> Iterator[Row]:
    """The features and the label of each question about one product."""
    lexicon = load_lexicon(ROOT / "rulesets" / "reading").with_catalogue(load_catalogue(ROOT / "config" / "catalogue.csv"))
    for text, answer in asked:
        found = weighable(text, lexicon)
        if found:
            yield sorted(f for f in found if grammar or not f.startswith(GRAMMAR)), answer


def _own() -> Iterator[Asked]:
    """A case is "vein no yes DE" (family, who decides, export, where), one of never_no the answer alone."""
    for path in OWN:
        for wanted, text, *_ in yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader):
            answer = next((word for word in wanted.split()[:2] if word in ANSWERS), "unknown")
            if ";" not in wanted and not wanted.startswith(">"):
                yield text, answer


def _plainly() -> Iterator[Asked]:
    """Each way to say it, in every frame, of things and places in turn."""
    told = yaml.load(PLAINLY.read_text("utf-8"), Loader=yaml.BaseLoader)
    for sort, lang in product(("things", "airs"), ("en", "zh")):
        things, places = cycle(told[sort][lang]), cycle(told["places"][lang])
        for answer, ways in told[f"{sort}_say"][lang].items():
            frames = product(ways, told["frames"][lang])
            yield from ((frame.format(thing=next(things), place=next(places), said=said), answer) for said, frame in frames)


def _labelled(names: Sequence[str]) -> Iterator[Asked]:
    for name in names:
        rows = [json.loads(line) for line in (CORPUS / f"{name}.jsonl").read_text("utf-8").split("\n") if line.strip()]
        one = (row for row in rows if len(row["expect"].get("products", [])) <= 1)
        yield from ((row["text"], row["expect"]["autonomous"]) for row in one if "autonomous" in row["expect"])


def _learnt(rows: Sequence[Row]) -> Iterator[Weight]:
    """The words and the cues are taught apart; each has half a say, which is the product of their beliefs, rooted."""
    labels = [label for _, label in rows]
    views = [[[f for f in found if f.startswith(WORDS) is words] for found, _ in rows] for words in (True, False)]
    taught = [_fitted(view, labels) for view in views]
    yield ("(bias)", *(round(sum(bias[at] for bias, _ in taught) / 2, 2) for at in range(len(ANSWERS))))
    for _, weights in taught:
        halved = ((name, *(round(one / 2, 2) for one in trio)) for name, *trio in weights)
        yield from (weight for weight in halved if max(map(abs, weight[1:])) >= FAINT)


def _fitted(view: Sequence[Sequence[str]], labels: Sequence[str]) -> tuple[list[float], list[Weight]]:
    counter = CountVectorizer(analyzer=list, min_df=LEAST_ROWS, binary=True)
    model = LogisticRegression(C=STRENGTH, max_iter=3000, tol=1e-3).fit(normalize(counter.fit_transform(view)), labels)
    order = [list(model.classes_).index(answer) for answer in ANSWERS]
    coefficients = model.coef_[order].T.tolist()
    return model.intercept_[order].tolist(), [(name, *coefficients[at]) for name, at in counter.vocabulary_.items()]


if __name__ == "__main__":
    raise SystemExit(main())
