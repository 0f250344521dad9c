"""rulesets/lock.yaml: digests of the rules, clauses and lists in force, so that none of them is edited in place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import yaml

from bot.datafiles import rule_shapes as shape
from bot.datafiles.rulesets import RulesetFiles
from bot.datafiles.strict_yaml import Document, read, shaped
from bot.domain.market_list import MarketList
from bot.domain.rulebook import Clause, Rule, Verification, digest_of
from bot.errors import Finding

LOCK = "lock.yaml"
_HEAD = "# Written by `filingdesk lock`; never edit it by hand. What is listed here is in force and may only be closed.\n"
RUN_LOCK = "run filingdesk lock"
_NOT_VERIFIED = Verification("unverified")
Lists = Mapping[str, tuple[MarketList, ...]]


def lock_findings(folder: Path, loaded: Mapping[str, RulesetFiles], lists: Lists) -> Iterator[Finding]:
    """What differs from the lock. Raises BadFile when the lock cannot be read."""
    shown = f"{folder.name}/{LOCK}"
    if not (folder / LOCK).exists():
        yield Finding(shown, 0, 0, "there is no lock file", RUN_LOCK).named("no_lock")
        return
    document = read(folder / LOCK, shown)
    locked = shaped(document, shape.LockFile).rulesets
    for name, entry in locked.items():
        if name not in loaded:
            yield _gone(document, ("rulesets", name), name)
        else:
            yield from _edited(document, loaded[name], entry, lists.get(name, ()))
    yield from _not_locked(shown, loaded, locked, lists)


def write_lock(folder: Path, loaded: Mapping[str, RulesetFiles], lists: Lists, today: date) -> list[Finding]:
    """Bring the lock up to date unless something in force on `today` was edited; returns what stands in the way."""
    before = shaped(read(folder / LOCK, LOCK), shape.LockFile).rulesets if (folder / LOCK).exists() else {}
    document = Document(f"{folder.name}/{LOCK}", {})
    in_the_way = [_gone(document, (), name) for name in before if name not in loaded]
    for name, files in loaded.items():
        edited = _edited(document, files, _begun(before[name], today), lists.get(name, ())) if name in before else ()
        in_the_way += [finding for finding in edited if finding.what != _stale(name) or _same_version(before[name], files)]
    if not in_the_way:
        (folder / LOCK).write_text(_HEAD + _text(loaded, lists), encoding="utf-8")
    return in_the_way


def locked_form(part: Rule | Clause) -> str:
    """A digest of what may not change: everything but the end of it, and of a clause also its verification."""
    if isinstance(part, Rule):
        return digest_of(replace(part, until=None, closed=None))
    return digest_of(replace(part, until=None, verification=_NOT_VERIFIED))


def _edited(
    document: Document, files: RulesetFiles, entry: shape.LockedRuleset, lists: tuple[MarketList, ...]
) -> Iterator[Finding]:
    here = files.ruleset
    yield from _parts_edited(files.rules, "rule", {rule.id: (i, rule) for i, rule in enumerate(here.rules)}, entry.rules)
    clauses = {clause.id: (i, clause) for i, clause in enumerate(here.clauses)}
    yield from _parts_edited(files.clauses, "clause", clauses, entry.clauses)
    yield from _lists_edited(document, here.id, lists, entry)
    if here.digest != entry.digest:
        yield _changed(files, entry)


def _changed(files: RulesetFiles, entry: shape.LockedRuleset) -> Finding:
    here = files.ruleset
    if _same_version(entry, files):
        found = files.rules.finding(("version",), _stale(here.id), f"give it a new version: and {RUN_LOCK}")
        return found.named("ruleset_changed", ruleset=here.id)
    return files.rules.finding(("version",), _stale(here.id), RUN_LOCK).named("ruleset_stale", ruleset=here.id)


def _parts_edited(
    document: Document, kind: str, here: Mapping[str, tuple[int, Rule | Clause]], locked: Mapping[str, shape.LockedPart]
) -> Iterator[Finding]:
    for name, entry in locked.items():
        if name not in here:
            what = f'{kind} "{name}" is in force and was removed'
            found = document.finding((f"{kind}s",), what, "restore it and close it with until:")
            yield found.named(f"{kind}_removed", name=name)
            continue
        index, part = here[name]
        if locked_form(part) != entry.digest:
            write = "restore it, close it with until: and let a new one follow"
            found = document.finding((f"{kind}s", index), f'{kind} "{name}" is in force and was edited', write)
            yield found.named(f"{kind}_edited", name=name)
        elif entry.until and part.until != entry.until:
            what = f'{kind} "{name}" was closed on {entry.until}; that day was changed'
            found = document.finding((f"{kind}s", index, "until"), what, f"write until: {entry.until}")
            yield found.named(f"{kind}_end_changed", name=name, until=str(entry.until))


def _lists_edited(
    document: Document, ruleset: str, lists: tuple[MarketList, ...], entry: shape.LockedRuleset
) -> Iterator[Finding]:
    here = {entry.version: entry.digest for entry in lists}
    for version, digest in entry.lists.items():
        if here.get(version) != digest:
            what = f'market list "{version}" of {ruleset} was published and has been changed or removed'
            where = ("rulesets", ruleset, "lists", version)
            yield document.finding(where, what, "restore it and add a new version beside it").named(
                "list_changed", version=version, ruleset=ruleset)


def _not_locked(
    shown: str, loaded: Mapping[str, RulesetFiles], locked: Mapping[str, shape.LockedRuleset], lists: Lists
) -> Iterator[Finding]:
    for name, files in loaded.items():
        if name not in locked:
            found = files.rules.finding((), f'ruleset "{name}" is not in {shown}', RUN_LOCK)
            yield found.named("ruleset_unlocked", name=name, file=shown)
            continue
        for index, rule in enumerate(files.ruleset.rules):
            if rule.id not in locked[name].rules:
                found = files.rules.finding(("rules", index), f'rule "{rule.id}" is not in {shown}', RUN_LOCK)
                yield found.named("rule_unlocked", name=rule.id, file=shown)
        new = [entry.version for entry in lists.get(name, ()) if entry.version not in locked[name].lists]
        yield from (_list_unlocked(shown, version) for version in new)


def _list_unlocked(shown: str, version: str) -> Finding:
    found = Finding(shown, 0, 0, f'market list "{version}" is not locked', RUN_LOCK)
    return found.named("list_unlocked", version=version)


def _same_version(entry: shape.LockedRuleset, files: RulesetFiles) -> bool:
    return entry.version == files.ruleset.version


def _gone(document: Document, where: tuple[str, ...], ruleset: str) -> Finding:
    found = document.finding(where, f'ruleset "{ruleset}" is locked but not here', "restore its folder")
    return found.named("ruleset_gone", ruleset=ruleset)


def _stale(ruleset: str) -> str:
    return f'ruleset "{ruleset}" differs from the lock'


def _begun(entry: shape.LockedRuleset, today: date) -> shape.LockedRuleset:
    """Without the parts that are not in force yet, and without ends that lie ahead: those may still be changed."""
    return entry.model_copy(update={"rules": _open(entry.rules, today), "clauses": _open(entry.clauses, today)})


def _open(parts: Mapping[str, shape.LockedPart], today: date) -> dict[str, shape.LockedPart]:
    begun = {name: part for name, part in parts.items() if part.since <= today}
    ahead = {name: part.model_copy(update={"until": None}) for name, part in begun.items() if part.until and part.until >= today}
    return {**begun, **ahead}


def _text(loaded: Mapping[str, RulesetFiles], lists: Lists) -> str:
    entries = {name: _entry(files, lists.get(name, ())) for name, files in sorted(loaded.items())}
    return yaml.safe_dump({"rulesets": entries}, sort_keys=False, allow_unicode=True, width=200)


def _entry(files: RulesetFiles, lists: tuple[MarketList, ...]) -> dict[str, object]:
    ruleset = files.ruleset
    return {
        "version": ruleset.version,
        "digest": ruleset.digest,
        "rules": {rule.id: _part(rule) for rule in ruleset.rules},
        "clauses": {clause.id: _part(clause) for clause in ruleset.clauses},
        "lists": {entry.version: entry.digest for entry in lists},
    }


def _part(part: Rule | Clause) -> dict[str, str]:
    ends = {"until": part.until.isoformat()} if part.until else {}
    return {"digest": locked_form(part), "since": part.since.isoformat(), **ends}
