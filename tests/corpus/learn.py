"""Teaches the weights of who decides from the labelled questions for tuning; `make learn` runs it.

Writes rulesets/reading/weights.tsv. Needs scikit-learn (the extra `learn`), which neither the program nor its tests do.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

import yaml
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize
from taught import CORPUS, FRESH, OWN, ROOT, TUNED, WEIGHTS, digest

from bot.datafiles.catalogue import load_catalogue
from bot.datafiles.lexicon import load_lexicon
from bot.domain.reading.combine import weighable
from bot.domain.reading.settling import GRAMMAR

LEAST_ROWS = 3
"""A feature of fewer questions is left out."""
STRENGTH = 20.0
"""The inverse of the penalty on large weights."""
FAINT = 0.1
"""A feature none of whose weights is as large as this is left out."""
ANSWERS = ("yes", "no", "unknown")
Asked = tuple[str, str]
"""A text, and who decides: yes, no or unknown."""
Row = tuple[list[str], str]
"""The features of a text, and the answer."""


def main() -> int:
    """Teach, and write the file."""
    rows = [*_rows([*_own(), *_labelled(TUNED)], grammar=False), *_rows(_labelled(FRESH), grammar=True)]
    weights = sorted(_learnt(rows))
    head = f"# taught by {len(rows)} questions, sha256 {digest()}\n# feature\tyes\tno\tunknown\n"
    WEIGHTS.write_text(head + "".join(f"{name}\t{yes:g}\t{no:g}\t{unknown:g}\n" for name, yes, no, unknown in weights), "utf-8")
    print(f"{WEIGHTS.relative_to(ROOT)}: {len(weights)} features from {len(rows)} questions")
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


def _labelled(names: Sequence[str]) -> Iterator[Asked]:
    for name in names:
        rows = [json.loads(line) for line in (CORPUS / f"{name}.jsonl").read_text("utf-8").split("\n") if line.strip()]
        one = (row for row in rows if len(row["expect"].get("products", [])) <= 1)
        yield from ((row["text"], row["expect"]["autonomous"]) for row in one if "autonomous" in row["expect"])


def _learnt(rows: Sequence[Row]) -> Iterator[tuple[str, float, float, float]]:
    counter = CountVectorizer(analyzer=list, min_df=LEAST_ROWS, binary=True)
    counted = normalize(counter.fit_transform([found for found, _ in rows]))
    model = LogisticRegression(C=STRENGTH, max_iter=3000, tol=1e-3).fit(counted, [label for _, label in rows])
    order = [list(model.classes_).index(answer) for answer in ANSWERS]
    yield ("(bias)", *(round(float(model.intercept_[at]), 2) for at in order))
    for name, column in counter.vocabulary_.items():
        trio = [round(float(model.coef_[at, column]), 2) for at in order]
        if max(map(abs, trio)) >= FAINT:
            yield (name, *trio)


if __name__ == "__main__":
    raise SystemExit(main())
