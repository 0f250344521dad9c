"""examples.yaml: cases beside the rules, decided again each time the rules are checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.datafiles import rule_shapes as shape
from bot.datafiles.rule_meaning import twice
from bot.datafiles.rulesets import RulesetFiles
from bot.datafiles.strict_yaml import Document, read, shaped
from bot.domain.deciding import decide
from bot.domain.facts import Verdict
from bot.domain.rulebook import Example, Ruleset
from bot.domain.terms import Phrase, did_you_mean
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
        found = document.finding((*where, "rule"), f'unknown rule "{example.rule}"', did_you_mean(example.rule, rules))
        yield found.named("unknown_rule", name=example.rule)
    elif not rules[example.rule].in_force(example.as_of):
        what = f'rule "{example.rule}" is not in force on {example.as_of}'
        found = document.finding((*where, "as_of"), what, "choose a day on which it is")
        yield found.named("not_in_force", rule=example.rule, day=str(example.as_of))
    try:
        yield from _decided(ruleset, document, index, example)
    except BadInput as error:
        yield document.finding((*where, "facts"), str(error)).named(error.code, **error.said)


def _decided(ruleset: Ruleset, document: Document, index: int, example: shape.ExampleShape) -> Iterator[Finding]:
    decision = decide(ruleset, example.facts, example.as_of)
    if decision.verdict != example.verdict:
        what = f'example "{example.id}" says {example.verdict} but the rules say {decision.verdict}'
        found = document.finding(("examples", index, "verdict"), what, "mend the rule, or the example if the rule is right")
        yield found.named("example_decided", name=example.id, said=example.verdict, decided=str(decision.verdict))
    elif list(decision.missing) != example.missing:
        mine, theirs, write = _named(example.missing), _named(decision.missing), ", ".join(decision.missing)
        what = f'example "{example.id}" misses {mine}, the rules miss {theirs}'
        yield document.finding(("examples", index, "missing"), what, f"write missing: [{write}]").named(
            "example_misses", name=example.id, mine=mine, theirs=theirs, write=write)


def _sides(files: RulesetFiles, examples: shape.ExamplesFile) -> Iterator[Finding]:
    for index, rule in enumerate(files.ruleset.rules):
        seen = {example.verdict for example in examples.examples if example.rule == rule.id}
        absent = [str(verdict) for verdict in Verdict if verdict not in seen]
        if absent:
            what = f'rule "{rule.id}" has no example that is {" or ".join(absent)}'
            found = files.rules.finding(("rules", index, "id"), what, f"add one to {EXAMPLES}")
            yield found.named("no_example", rule=rule.id, verdicts=tuple(absent), file=EXAMPLES)


def _named(facts: Iterable[str]) -> str:
    return ", ".join(facts) or Phrase("nothing", "nothing")
