"""The evidence pack as a file: a ZIP whose manifest holds the sum of everything in it, written and checked here."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from bot.datafiles.evidence_html import page
from bot.domain.audit import Position
from bot.domain.evidence import Evidence
from bot.errors import BadInput
from bot.replies.evidence import Document

FORMAT = "filingdesk evidence pack 1"
MANIFEST = "manifest.json"
READABLE = 0o644 << 16
TORN = (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError)
"""What zipfile raises for a file that was damaged, or marked as encrypted."""
LARGEST = 500_000_000
"""Bytes of one file when unpacked; more is no pack of ours."""


@dataclass(frozen=True, slots=True)
class PackRead:
    """A pack that was opened: whose it is, where the audit trail stood, and what does not agree with its manifest."""

    filing: str
    made_at: str
    position: Position
    sha256: str
    """Of the whole file."""
    wrong: tuple[str, ...]


def packed(found: Evidence, document: Document, picture: bytes) -> bytes:
    """The ZIP; the same bytes for the same evidence, document, picture and moment."""
    files = {f"{name}.json": _json(list(rows)) for name, rows in found.sections.items()}
    files |= {"index.html": page(document, picture).encode("utf-8", "surrogatepass"), "timeline.png": picture}
    files[MANIFEST] = _json(manifest(found, files))
    file, stamp = io.BytesIO(), found.made_at.astimezone(UTC).timetuple()[:6]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, stamp)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, READABLE, 3
            archive.writestr(entry, files[name])
    return file.getvalue()


def manifest(found: Evidence, files: Mapping[str, bytes]) -> dict[str, Any]:
    """What the pack holds, who made it when, by which rules and list, and where the audit trail stood."""
    return {
        "format": FORMAT, "filing": found.filing.id, "made_at": found.made_at.astimezone(UTC).isoformat(),
        "made_by": found.made_by, "ruleset": dict(found.ruleset), "market_list": found.list_version,
        "audit": asdict(found.position), "ticket_history": found.ticket_trouble or "complete",
        "files": {name: {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
                  for name, content in sorted(files.items())}}


def read_pack(content: bytes) -> PackRead:
    """Open a pack and compare it with its manifest. BadInput when it is no pack at all."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            said = _manifest_of(archive)
            stood = said["audit"]
            return PackRead(str(said["filing"]), str(said["made_at"]),
                            Position(int(stood["count"]), str(stood["last"]), str(stood["chain"])),
                            hashlib.sha256(content).hexdigest(), tuple(_differences(archive, said["files"])))
    except (*TORN, KeyError, ValueError, TypeError, AttributeError, OSError):
        raise BadInput("This is no evidence pack that can be read; export it again.") from None


def _manifest_of(archive: zipfile.ZipFile) -> dict[str, Any]:
    said = json.loads(archive.read(MANIFEST)) if archive.getinfo(MANIFEST).file_size < LARGEST else {}
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise BadInput(f"This is no evidence pack of this form ({FORMAT}).")
    datetime.fromisoformat(str(said["made_at"]))
    return said


def _differences(archive: zipfile.ZipFile, listed: Mapping[str, Any]) -> Iterator[str]:
    there = archive.namelist()
    yield from (f"{name} stands in it twice" for name in sorted({name for name in there if there.count(name) > 1}))
    yield from (f"{name} is missing" for name in sorted(listed.keys() - set(there)))
    yield from (f"{name} is not in its manifest" for name in sorted(set(there) - listed.keys() - {MANIFEST}))
    for name in sorted(listed.keys() & set(there)):
        if not _agrees(archive, name, listed[name]):
            yield f"{name} was changed"


def _agrees(archive: zipfile.ZipFile, name: str, said: Mapping[str, Any]) -> bool:
    if archive.getinfo(name).file_size > LARGEST:
        return False
    try:
        content = archive.read(name)
    except TORN:
        return False
    return (hashlib.sha256(content).hexdigest(), len(content)) == (said["sha256"], said["size"])


def _json(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True)
    return (text + "\n").encode("utf-8", "surrogatepass")
