"""examples.yaml: cases beside the rules, decided again each time the rules are checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.datafiles import rule_shapes as shape
from bot.datafiles.findings import did_you_mean
from bot.datafiles.rule_meaning import twice
from bot.datafiles.rulesets import RulesetFiles
from bot.datafiles.strict_yaml import Document, read, shaped
from bot.domain.deciding import decide
from bot.domain.facts import Verdict
from bot.domain.rulebook import Example, Ruleset
from bot.errors import BadInput, Finding

EXAMPLES = "examples.yaml"


def read_examples(folder: Path, root: str) -> tuple[Document, shape.ExamplesFile]:
    """The examples of one ruleset. Raises BadFile."""
    document = read(folder / EXAMPLES, f"{root}/{folder.name}/{EXAMPLES}")
    return document, shaped(document, shape.ExamplesFile)


def load_examples(folder: Path, rulesets: Iterable[str]) -> dict[str, tuple[Example, ...]]:
    """The examples beside each of these rulesets, as values. Raises BadFile."""
    return {name: tuple(_example(one) for one in read_examples(folder / name, folder.name)[1].examples) for name in rulesets}


def _example(example: shape.ExampleShape) -> Example:
    return Example(example.id, dict(example.facts), example.as_of)


def example_findings(files: RulesetFiles, document: Document, examples: shape.ExamplesFile) -> Iterator[Finding]:
    """Examples that are decided otherwise than they say, and rules that lack an example on one side."""
    yield from twice(document, ("examples",), [example.id for example in examples.examples])
    for index, example in enumerate(examples.examples):
        yield from _of_example(files.ruleset, document, index, example)
    yield from _sides(files, examples)


def _of_example(ruleset: Ruleset, document: Document, index: int, example: shape.ExampleShape) -> Iterator[Finding]:
    where = ("examples", index)
    rules = {rule.id: rule for rule in ruleset.rules}
    if example.rule not in rules:
        yield document.finding((*where, "rule"), f'unknown rule "{example.rule}"', did_you_mean(example.rule, rules))
    elif not rules[example.rule].in_force(example.as_of):
        what = f'rule "{example.rule}" is not in force on {example.as_of}'
        yield document.finding((*where, "as_of"), what, "choose a day on which it is")
    try:
        yield from _decided(ruleset, document, index, example)
    except BadInput as error:
        yield document.finding((*where, "facts"), str(error))


def _decided(ruleset: Ruleset, document: Document, index: int, example: shape.ExampleShape) -> Iterator[Finding]:
    decision = decide(ruleset, example.facts, example.as_of)
    if decision.verdict != example.verdict:
        what = f'example "{example.id}" says {example.verdict} but the rules say {decision.verdict}'
        yield document.finding(("examples", index, "verdict"), what, "mend the rule, or the example if the rule is right")
    elif list(decision.missing) != example.missing:
        what = f'example "{example.id}" misses {_named(example.missing)}, the rules miss {_named(decision.missing)}'
        yield document.finding(("examples", index, "missing"), what, f"write missing: [{', '.join(decision.missing)}]")


def _sides(files: RulesetFiles, examples: shape.ExamplesFile) -> Iterator[Finding]:
    for index, rule in enumerate(files.ruleset.rules):
        seen = {example.verdict for example in examples.examples if example.rule == rule.id}
        absent = [str(verdict) for verdict in Verdict if verdict not in seen]
        if absent:
            what = f'rule "{rule.id}" has no example that is {" or ".join(absent)}'
            yield files.rules.finding(("rules", index, "id"), what, f"add one to {EXAMPLES}")


def _named(facts: object) -> str:
    names = list(facts) if isinstance(facts, list | tuple) else []
    return ", ".join(names) if names else "nothing"
