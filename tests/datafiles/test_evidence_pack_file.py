"""The file of an evidence pack: whatever is changed in it is named, and what is no pack is refused in a sentence."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.datafiles.evidence_pack import packed, read_pack
from bot.domain.audit import Position
from bot.domain.evidence import Evidence
from bot.domain.filing import Filing
from bot.errors import BadInput
from bot.replies.evidence import Document, Section, Table

FILING = Filing(id="F-1", label="", product="FaceGate 300", category="face_3d_terminal", destinations=("DE",),
                etd=date(2027, 3, 5), zone="Asia/Shanghai", customer="", owner="U1", opened_by="U1",
                opened_at=datetime(2026, 11, 1, tzinfo=UTC), origin="form:1")
POSITION = Position(3, "A-00000003", "c" * 64)


def pack(words: str = "said") -> bytes:
    rules = {"id": "r", "version": "1", "digest": "d"}
    found = Evidence(FILING, datetime(2026, 12, 1, 8, tzinfo=UTC), "Ana", rules, "2026-06-01", POSITION,
                     {"filing": [{"id": "F-1", "said": words}], "audit": []}, {})
    document = Document("en", words, words, (words,), (Section(words, (words,), (Table((words,), ((words,),)),), words),))
    return packed(found, document, b"\x89PNG")


def files_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files: list[tuple[str, bytes]]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files:
            archive.writestr(name, content)
    return file.getvalue()


NAMES = sorted(files_of(pack()).keys() - {"manifest.json"})


def test_a_pack_as_it_was_written_agrees_with_its_manifest() -> None:
    read = read_pack(pack())
    assert (read.filing, read.position, read.wrong) == ("F-1", POSITION, ())


def test_a_pack_put_into_another_zip_still_agrees() -> None:
    assert read_pack(zipped(list(files_of(pack()).items()))).wrong == ()


@given(st.sampled_from(NAMES), st.binary(max_size=20))
def test_a_changed_file_is_named(name: str, other: bytes) -> None:
    files = files_of(pack())
    wrong = () if files[name] == other else (f"{name} was changed",)
    assert read_pack(zipped(list((files | {name: other}).items()))).wrong == wrong


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_file_is_named(name: str) -> None:
    files = [(other, content) for other, content in files_of(pack()).items() if other != name]
    assert read_pack(zipped(files)).wrong == (f"{name} is missing",)


def test_a_file_that_was_added_is_named() -> None:
    files = [*files_of(pack()).items(), ("more.json", b"[]")]
    assert read_pack(zipped(files)).wrong == ("more.json is not in its manifest",)


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")  # what zipfile says while the forged file is written
def test_a_file_that_stands_in_it_twice_is_named() -> None:
    files = [("index.html", b"another page"), *files_of(pack()).items()]
    assert "index.html stands in it twice" in read_pack(zipped(files)).wrong


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_flipped_byte_is_never_read_as_something_else(at: int, by: int) -> None:
    content = bytearray(pack())
    content[at % len(content)] ^= by
    try:
        read = read_pack(bytes(content))
    except BadInput:
        return
    assert read.wrong or files_of(bytes(content)) == files_of(pack())  # else it was only the ZIP's own small print


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip at all", zipped([]), zipped([("manifest.json", b"{}")]),
                                     zipped([("manifest.json", b"[")]), zipped([("manifest.json", b"[1]")])])
def test_what_is_no_pack_is_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(BadInput, match="no evidence pack"):
        read_pack(content)


def test_a_manifest_that_lacks_something_is_refused_in_a_sentence() -> None:
    files = files_of(pack())
    for missing in ("audit", "files", "made_at", "filing"):
        said = json.loads(files["manifest.json"])
        said.pop(missing)
        with pytest.raises(BadInput, match="no evidence pack"):
            read_pack(zipped([("manifest.json", json.dumps(said).encode())]))


@given(st.text())
def test_whatever_is_said_stands_escaped_in_the_page(words: str) -> None:
    page = files_of(pack(f"<i>{words}</i>"))["index.html"].decode("utf-8", "surrogatepass")
    assert "<i>" not in page
    assert page.count("&lt;i&gt;") == 9  # title, heading, made, warning, section, line, picture, head and cell


def test_the_same_pack_is_the_same_bytes() -> None:
    assert pack() == pack()
