"""`filingdesk filings export` and `audit verify --pack`: a pack is made beside the running bot, and checked against the trail."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from bot.adapters.inbox_folder import WAITING, InboxFolder
from bot.adapters.storage import open_store, read_store
from bot.app import open_desk, read_files
from bot.domain.audit import BEGIN, link
from bot.domain.people import Colleague
from bot.flows.move_etd import move_etd
from bot.flows.open_filing import FilingWish, open_filing
from bot.settings import load_settings
from handlers.inbox import work_off

ANA = Colleague("U1", "Ana", "ana@example.com", role="PM")
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
WISH = FilingWish(origin="form:V1", product="FaceGate 300", category="face_3d_terminal", destinations=("DE",),
                  etd=date(2027, 8, 16), owner="U1")


@pytest.fixture
def running(house):
    """A bot's store with two filings, held as long as the test runs, as by the bot."""
    store = open_store(house.folder / "data")
    desk = open_desk(read_files(load_settings()), store)
    for number in (1, 2):
        open_filing(desk, replace(WISH, origin=f"form:V{number}", customer=f"Customer {number}"), ANA, NOW)
    yield house, desk
    store.close()


def export(house, *options: str):
    done = house.run("filings", "export", "f-1", "--out", house.folder / "pack.zip", *options)
    assert done.exit_code == 0, done.output
    return house.folder / "pack.zip"


def verified(house, pack):
    done = house.run("audit", "verify", "--pack", pack)
    return done.exit_code, " ".join((done.stdout + done.stderr).split())


def test_a_pack_is_made_while_the_bot_runs_and_stands_the_check(running) -> None:
    house, desk = running
    pack = export(house, "--by", "Auditor", "--lang", "zh")
    with zipfile.ZipFile(pack) as archive:
        assert json.loads(archive.read("manifest.json"))["made_by"] == "Auditor"
        assert "备案概况" in archive.read("index.html").decode()
    move_etd(desk, "F-1", date(2027, 9, 1), ANA, NOW)  # the trail goes on
    status, said = verified(house, pack)
    assert status == 0, said
    assert "The pack of F-1" in said
    assert "command line" in said


def test_a_trail_written_anew_as_a_whole_is_found_by_an_earlier_pack(running) -> None:
    house, desk = running
    pack, before = export(house), BEGIN
    with desk.store.transaction() as tx:
        for line in list(tx.every("audit")):
            forged = {**line, "by": "U9"}
            before = link(before, forged)
            tx.put("audit", forged | {"chain": before})
        tx.put("notes", {"id": "audit", "chain": before})
    assert house.run("audit", "verify").exit_code == 0  # the new chain itself is sound
    status, said = verified(house, pack)
    assert (status, "written anew" in said) == (1, True)


def test_a_pack_that_was_changed_is_found_and_the_file_named(running) -> None:
    house, _ = running
    pack = export(house)
    with zipfile.ZipFile(io.BytesIO(pack.read_bytes())) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(pack, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content.replace(b"Customer 1", b"Customer 9") if name == "filing.json" else content)
    status, said = verified(house, pack)
    assert (status, "filing.json was changed" in said) == (1, True)


def made(rows, pack) -> list[str]:
    sha256 = hashlib.sha256(pack.read_bytes()).hexdigest()
    return [line["by"] for line in rows.where("audit", "subject", "F-1") if line["details"].get("sha256") == sha256]


def test_a_pack_made_beside_the_running_bot_is_noted_by_it_once(running) -> None:
    house, desk = running
    pack, inbox = export(house, "--by", "Auditor"), InboxFolder(house.folder / "data")
    office = SimpleNamespace(desk=desk, now=lambda: NOW, waker=SimpleNamespace(kick=lambda: None))
    (name, wish), = inbox.waiting()
    for _ in range(2):  # a stop between doing and answering repeats it
        work_off(office, inbox, frozenset(), str)
        inbox._write(name + WAITING, wish)
    assert made(desk.store, pack) == ["Auditor"]
    assert verified(house, pack)[0] == 0


def test_a_pack_made_while_no_bot_runs_is_noted_at_once(running) -> None:
    house, desk = running
    desk.store.close()
    pack = export(house, "--by", "Auditor")
    assert made(read_store(house.folder / "data"), pack) == ["Auditor"]
    assert list(InboxFolder(house.folder / "data").waiting()) == []


@pytest.mark.parametrize(("words", "said"), [
    (["filings", "export", "F-9"], "There is no filing F-9."),
    (["filings", "export", "F-1", "--lang", "de"], "--lang takes en or zh."),
    (["filings", "export", "F-1", "--out", "no/such/folder/pack.zip"], "cannot be written"),
    (["audit", "verify", "--pack", "nowhere.zip"], "cannot be read"),
    (["audit", "verify", "--pack", "config/bot.yaml"], "no evidence pack")])
def test_what_cannot_be_done_is_said_in_a_sentence(running, words, said) -> None:
    house, _ = running
    done = house.run(*words)
    assert (done.exit_code, said in " ".join(done.stderr.split())) == (2, True), done.output
