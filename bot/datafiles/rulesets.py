"""The folder rulesets/ -> Ruleset values; a ruleset with one mistake does not load at all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.datafiles import rule_meaning as meaning
from bot.datafiles import rule_shapes as shape
from bot.datafiles.findings import refuse
from bot.datafiles.strict_yaml import Document, read, shaped
from bot.domain.checklist import OpenQuestion
from bot.domain.facts import Verdict
from bot.domain.rulebook import Caveat, Clause, Fact, FactValue, Rule, Ruleset, Verification
from bot.domain.ruling import All, Any, Condition, In, Is, Not
from bot.domain.wording import SILENT, Wording
from bot.errors import BadFile, Finding

FACTS, RULESET, CLAUSES, QUESTIONS = "facts.yaml", "ruleset.yaml", "clauses.yaml", "open-questions.yaml"


@dataclass(frozen=True, slots=True)
class RulesetFiles:
    """One ruleset with the documents it was read from, so that later findings know their place."""

    ruleset: Ruleset
    folder: Path
    rules: Document
    clauses: Document
    questions: Document


def load_rulesets(folder: Path) -> dict[str, Ruleset]:
    """Every ruleset of the folder by id. Raises BadFile with all mistakes found; nothing loads by half."""
    loaded, findings = read_folder(folder)
    refuse(findings)
    return {name: files.ruleset for name, files in loaded.items()}


def read_folder(folder: Path) -> tuple[dict[str, RulesetFiles], list[Finding]]:
    """The rulesets that are whole, by id, and what is wrong with the others."""
    try:
        registry = load_facts(folder / FACTS, f"{folder.name}/{FACTS}")
    except BadFile as mistakes:
        return {}, mistakes.details
    subs = ruleset_folders(folder)
    empty = Finding(folder.name, 0, 0, "there is no ruleset in this folder", f"add a folder with a {RULESET}")
    return _read_each(subs, registry, folder.name) if subs else ({}, [empty.named("no_ruleset", file=RULESET)])


def ruleset_folders(folder: Path) -> list[Path]:
    """The sub-folders that hold a ruleset, by name."""
    return sorted(path.parent for path in folder.glob(f"*/{RULESET}"))


def load_facts(path: Path, shown_as: str) -> dict[str, Fact]:
    """The fact registry, in the order written. Raises BadFile."""
    document = read(path, shown_as)
    file = shaped(document, shape.FactsFile)
    refuse(meaning.of_facts(document, file))
    return {fact.name: _fact(fact) for fact in file.facts}


def load_ruleset(folder: Path, registry: dict[str, Fact], root: str) -> RulesetFiles:
    """One ruleset; `root` is how the folder above is shown. Raises BadFile with every mistake of shape or meaning."""
    rules, clauses, questions = (
        read(folder / name, f"{root}/{folder.name}/{name}") for name in (RULESET, CLAUSES, QUESTIONS)
    )
    files = (
        shaped(rules, shape.RulesetFile),
        shaped(clauses, shape.ClausesFile),
        shaped(questions, shape.OpenQuestionsFile),
    )
    refuse([
        *meaning.of_rules(rules, files[0], registry, files[1], folder.name),
        *meaning.of_clauses(clauses, files[1]),
        *meaning.of_questions(questions, files[2], registry),
    ])
    return RulesetFiles(_ruleset(*files, registry), folder, rules, clauses, questions)


def wording(words: shape.WordingShape | None) -> Wording:
    """Both languages; nothing said where the file says nothing."""
    return Wording(words.en, words.zh) if words else SILENT


def _read_each(
    subs: list[Path], registry: dict[str, Fact], root: str
) -> tuple[dict[str, RulesetFiles], list[Finding]]:
    loaded: dict[str, RulesetFiles] = {}
    findings: list[Finding] = []
    for sub in subs:
        try:
            files = load_ruleset(sub, registry, root)
        except BadFile as mistakes:
            findings += mistakes.details
        else:
            loaded[files.ruleset.id] = files
    return loaded, findings


def _ruleset(
    file: shape.RulesetFile,
    clauses: shape.ClausesFile,
    questions: shape.OpenQuestionsFile,
    registry: dict[str, Fact],
) -> Ruleset:
    consequences = {Verdict(name): tuple(map(wording, said)) for name, said in file.consequences.items()}
    return Ruleset(
        id=file.id,
        version=file.version,
        title=wording(file.title),
        facts=tuple(registry[name] for name in file.ask),
        rules=tuple(map(_rule, file.rules)),
        clauses=tuple(map(_clause, clauses.clauses)),
        consequences=consequences,
        caveats=tuple(Caveat(c.id, wording(c.text), tuple(map(Verdict, c.verdicts))) for c in file.caveats),
        open_questions=tuple(map(_question, questions.open_questions)),
        information_only=file.information_only,
        owner=file.owner,
    )


def _fact(fact: shape.FactShape) -> Fact:
    values = tuple(FactValue(entry.value, wording(entry.label)) for entry in fact.values)
    return Fact(fact.name, wording(fact.title), wording(fact.question), values)


def _rule(rule: shape.RuleShape) -> Rule:
    return Rule(
        id=rule.id,
        title=wording(rule.title),
        when=_condition(rule.when),
        clauses=tuple(rule.clauses),
        since=rule.since,
        recorded=rule.recorded,
        until=rule.until,
        closed=rule.closed,
        follows=rule.follows,
    )


def _condition(node: meaning.Node) -> Condition:
    clauses = tuple(node.clauses)
    if isinstance(node, shape.IsShape):
        return Is(node.fact, node.is_, clauses)
    if isinstance(node, shape.InShape):
        return In(node.fact, tuple(node.in_), tuple(node.not_in), clauses)
    if isinstance(node, shape.NotShape):
        return Not(_condition(node.not_), clauses)
    if isinstance(node, shape.AllShape):
        return All(tuple(map(_condition, node.all_)), clauses)
    return Any(tuple(map(_condition, node.any_)), clauses)


def _clause(clause: shape.ClauseShape) -> Clause:
    check = clause.verification
    return Clause(
        id=clause.id,
        text=wording(clause.text),
        source=wording(clause.source),
        grade=clause.grade,
        source_date=clause.source_date,
        verification=Verification(check.status, check.by, check.when, check.until, wording(check.note)),
        since=clause.since,
        until=clause.until,
        url=clause.url,
    )


def _question(question: shape.OpenQuestionShape) -> OpenQuestion:
    return OpenQuestion(
        id=question.id,
        text=wording(question.text),
        verdicts=tuple(question.verdicts),
        facts={name: tuple(values) for name, values in question.facts.items()},
        destinations=tuple(question.destinations),
    )
