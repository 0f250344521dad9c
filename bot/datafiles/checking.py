"""Everything `filingdesk check` looks at in rulesets/, and the lock and schemas it is compared with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from bot.datafiles.checklists import CHECKLIST, load_checklist
from bot.datafiles.findings import as_github, as_text
from bot.datafiles.market_lists import load_lists
from bot.datafiles.rule_examples import example_findings, read_examples
from bot.datafiles.rule_grid import grid_findings
from bot.datafiles.rule_lock import lock_findings, write_lock
from bot.datafiles.rule_schemas import schema_findings, write_schemas
from bot.datafiles.rulesets import FACTS, RulesetFiles, read_folder
from bot.datafiles.strict_yaml import Document, Step, read
from bot.domain.market_list import MarketList
from bot.errors import WARNING, BadFile, Finding

_CHINESE = re.compile(r"[\u3400-\u9fff]")
FORMATS: Mapping[str, Callable[[Iterable[Finding]], str]] = {"text": as_text, "github": as_github}


def check(folder: Path, today: date | None = None) -> list[Finding]:
    """Every finding in a rulesets folder, in the order of files and lines; never raises for what a file says.

    With `today` also warnings for verifications that have run out by then.
    """
    loaded, findings = read_folder(folder)
    whole = not findings
    findings += _attempt(lambda: _unused_facts(folder, loaded)) if whole else []
    for files in loaded.values():
        findings += [*grid_findings(files), *_languages(files), *_attempt(partial(_beside, files, folder.name))]
        findings += _lapsed(files, today) if today else []
    lists, wrong = _lists(folder)
    findings += [*wrong, *schema_findings(folder)]
    findings += _attempt(lambda: lock_findings(folder, loaded, lists)) if whole and not wrong else []
    return sorted(set(findings))


def lock(folder: Path, today: date) -> list[Finding]:
    """Write lock and schemas for what is here; refused (and nothing written) where something in force was edited."""
    loaded, findings = read_folder(folder)
    lists, wrong = _lists(folder)
    if findings or wrong:
        return [*findings, *wrong]
    in_the_way = write_lock(folder, loaded, lists, today)
    if not in_the_way:
        write_schemas(folder)
    return in_the_way


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that stop a merge, warnings left out."""
    return [finding for finding in findings if finding.severity != WARNING]


def _attempt(look: Callable[[], Iterable[Finding]]) -> list[Finding]:
    try:
        return list(look())
    except BadFile as mistakes:
        return mistakes.details


def _lists(folder: Path) -> tuple[dict[str, tuple[MarketList, ...]], list[Finding]]:
    try:
        return load_lists(folder), []
    except BadFile as mistakes:
        return {}, mistakes.details


def _unused_facts(folder: Path, loaded: Mapping[str, RulesetFiles]) -> Iterator[Finding]:
    document = read(folder / FACTS, f"{folder.name}/{FACTS}")
    used = {fact.name for files in loaded.values() for fact in files.ruleset.facts}
    for index, fact in enumerate(document.data["facts"]):
        if fact["name"] not in used:
            what = f'the fact "{fact["name"]}" is registered but no ruleset asks it'
            found = document.finding(("facts", index, "name"), what, "take it out, or use it in a rule")
            yield found.named("fact_unused", fact=fact["name"])


def _beside(files: RulesetFiles, root: str) -> Iterator[Finding]:
    """The files beside the rules: examples for each ruleset, a checklist where there is one."""
    document, examples = read_examples(files.folder, root)
    yield from example_findings(files, document, examples)
    path = files.folder / CHECKLIST
    if path.exists():
        yield from _checklist(files, path, f"{root}/{files.folder.name}/{CHECKLIST}")
    elif not files.ruleset.information_only:
        found = files.rules.finding(("id",), f'"{files.ruleset.id}" opens filings but has no {CHECKLIST}', "add one")
        yield found.named("no_checklist", ruleset=files.ruleset.id, file=CHECKLIST)


def _checklist(files: RulesetFiles, path: Path, shown: str) -> Iterator[Finding]:
    known = {question.id for question in files.ruleset.open_questions}
    document = read(path, shown)
    for index, item in enumerate(load_checklist(path, shown).items):
        for number, name in enumerate(item.open_questions):
            if name not in known:
                where = ("items", index, "open_questions", number)
                found = document.finding(where, f'unknown open question "{name}"', "add it to open-questions.yaml")
                yield found.named("unknown_question", name=name)


def _lapsed(files: RulesetFiles, today: date) -> Iterator[Finding]:
    """Verifications that do not hold any more: answers say so by themselves, but somebody should look again."""
    for index, clause in enumerate(files.ruleset.clauses):
        until = clause.verification.until
        if clause.verification.status == "verified" and until and until < today and clause.in_force(today):
            what = f'the verification of "{clause.id}" ran out on {until}'
            where, write = ("clauses", index, "verification", "until"), "compare it again, or set status: unverified"
            yield files.clauses.finding(where, what, write, WARNING).named(
                "verification_over", clause=clause.id, until=str(until))


def _languages(files: RulesetFiles) -> Iterator[Finding]:
    for document in (files.rules, files.clauses, files.questions):
        yield from _spoken(document, document.data, ())


def _spoken(document: Document, data: Any, where: tuple[Step, ...]) -> Iterator[Finding]:
    if isinstance(data, dict) and data.keys() == {"en", "zh"}:
        if not _CHINESE.search(data["zh"]):
            yield document.finding((*where, "zh"), "the Chinese text has no Chinese in it", "translate it").named("no_chinese")
        if _CHINESE.search(data["en"]) and not re.search("[A-Za-z]", data["en"]):
            yield document.finding((*where, "en"), "the English text is Chinese", "translate it").named("no_english")
        return
    steps: Iterable[tuple[Step, Any]] = ()
    if isinstance(data, dict):
        steps = data.items()
    elif isinstance(data, list):
        steps = enumerate(data)
    for step, inner in steps:
        yield from _spoken(document, inner, (*where, step))
