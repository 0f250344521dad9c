"""Rules that follow their files while the bot runs: a sound change takes effect as a whole, a mistake changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bot.datafiles.checking import check, errors
from bot.datafiles.rulesets import load_rulesets
from bot.domain.rulebook import Ruleset
from bot.errors import BadFile, Finding

APART = "reading"
"""The reader's words lie in the same folder; they are no rules."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the files looked like: name, time and size of each (cheap to compare), and a digest of what they say."""

    looks: tuple[tuple[str, int, int], ...] = ()
    digest: str = ""


@dataclass(frozen=True, slots=True)
class RulesInForce:
    """The rules that count now, the files last looked at, and what is wrong with those; empty while they are sound."""

    rulesets: Mapping[str, Ruleset]
    seen: Stamp
    findings: tuple[Finding, ...] = ()


def rules_at_start(folder: Path) -> RulesInForce:
    """The rules as they are; at start there is nothing to fall back on, so a mistake raises BadFile."""
    return RulesInForce(load_rulesets(folder), _stamp(folder))


def reload_rules(current: RulesInForce, folder: Path) -> tuple[RulesInForce, list[Finding]]:
    """Look again: the rules that now count, and what is newly wrong; the rules before stay while anything is wrong.

    Findings are given once, when they appear; `RulesInForce.findings` holds them until they are mended. Never raises.
    """
    looks = _looks(folder)
    if looks == current.seen.looks:
        return current, []
    seen = Stamp(looks, _digest(folder))
    if seen.digest == current.seen.digest:
        return replace(current, seen=seen), []
    fresh, findings = _loaded(folder)
    if _looks(folder) != looks:
        return current, []  # still being saved: look again next time
    if fresh is None or findings:
        new = [finding for finding in findings if finding not in current.findings]
        return replace(current, seen=seen, findings=tuple(findings)), new
    return RulesInForce(fresh, seen), []


class LiveRulesets(Mapping[str, Ruleset]):
    """The rulesets in force, to be handed to whoever asks by id; `reload` puts all of them in place in one step."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._now = rules_at_start(folder)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the files now, while older rules stay in force."""
        return self._now.findings

    def reload(self) -> list[Finding]:
        """Look at the files; returns what is newly wrong."""
        self._now, new = reload_rules(self._now, self._folder)
        return new

    def __getitem__(self, name: str) -> Ruleset:
        return self._now.rulesets[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._now.rulesets)

    def __len__(self) -> int:
        return len(self._now.rulesets)


def by_owner(findings: Iterable[Finding], rulesets: Mapping[str, Ruleset], otherwise: str = "REG") -> dict[str, list[Finding]]:
    """Findings by the role that keeps the ruleset they lie in; what belongs to no ruleset goes to `otherwise`."""
    told: dict[str, list[Finding]] = {}
    for finding in findings:
        parts = finding.path.split("/")
        owners = [rulesets[part].owner for part in parts if part in rulesets and rulesets[part].owner]
        told.setdefault(owners[0] if owners else otherwise, []).append(finding)
    return told


def _loaded(folder: Path) -> tuple[dict[str, Ruleset] | None, list[Finding]]:
    findings = errors(check(folder))
    if findings:
        return None, findings
    try:
        return load_rulesets(folder), []
    except BadFile as error:  # changed between the two looks
        return None, error.details


def _stamp(folder: Path) -> Stamp:
    return Stamp(_looks(folder), _digest(folder))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.yaml") if APART not in path.relative_to(folder).parts)


def _looks(folder: Path) -> tuple[tuple[str, int, int], ...]:
    found = []
    for path in _files(folder):
        try:
            about = path.stat()
        except OSError:
            continue  # gone since it was listed, as editors do while saving
        found.append((str(path.relative_to(folder)), about.st_mtime_ns, about.st_size))
    return tuple(found)


def _digest(folder: Path) -> str:
    sums = hashlib.sha256()
    for path in _files(folder):
        try:
            said = path.read_bytes()
        except OSError:
            continue
        sums.update(f"{path.relative_to(folder)} {len(said)}\n".encode() + said)
    return sums.hexdigest()
