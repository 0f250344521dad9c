"""What is wrong in a data file, where, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable

from bot.errors import ERROR, BadFile, Finding


def refuse(findings: Iterable[Finding]) -> None:
    """Raise BadFile when one of the findings is an error."""
    wrong = sorted(finding for finding in findings if finding.severity == ERROR)
    if wrong:
        raise BadFile(wrong)


def as_text(findings: Iterable[Finding]) -> str:
    """One line each, as editors and terminals link them."""
    return "\n".join(str(finding) for finding in findings)


def as_github(findings: Iterable[Finding]) -> str:
    """One workflow command each, shown beside the line in a pull request."""
    return "\n".join(_command(finding) for finding in findings)


def _command(finding: Finding) -> str:
    words = f"{finding.what}; {finding.write}" if finding.write else finding.what
    place = f"file={_escaped(finding.path, ':,')},line={max(finding.line, 1)},col={max(finding.col, 1)}"
    return f"::{finding.severity} {place}::{_escaped(words)}"


def _escaped(text: str, also: str = "") -> str:
    for sign in "%\r\n" + also:
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text
