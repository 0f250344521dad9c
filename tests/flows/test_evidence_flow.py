"""The evidence pack of a filing: everything known of it in one file, made even when the tracker is away, handed to who asked."""

from __future__ import annotations

import hashlib
import html
import io
import json
import re
import zipfile
from contextlib import nullcontext
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.datafiles.evidence_pack import packed, read_pack
from bot.desk.records import keep, note_audit
from bot.domain.audit import lies_in
from bot.domain.people import Colleague
from bot.domain.rows import to_row
from bot.domain.shipment import ShipmentLine
from bot.domain.signing import SignOff
from bot.errors import NotFound, OutcomeUnknown, Refused, ServiceError, TryLater
from bot.flows.answer_question import state_fact
from bot.flows.change_shipment import set_state
from bot.flows.move_etd import move_etd
from bot.flows.pack_evidence import make_pack, share_pack
from bot.flows.watch_shipment import add_shipments
from tests.fakes.desk import ANA, BO, Day
from tests.fakes.fake_painter import FakePainter

ETD = date(2027, 8, 16)
LEAVING = ShipmentLine("SO-1", "FaceGate 300", "DE", ETD + timedelta(days=14), "Hafen AG", BO.id)


@pytest.fixture
def day() -> Day:
    """An answer that was asked back, a filing opened from it, five days with reminders and a change in the tracker."""
    day = Day()
    day.ask("FaceGate 300 to Hamburg, leaving 16 Aug 2027?")
    day.work()
    state_fact(day.desk, "D-1", "autonomous", "yes", ANA, day.now)
    day.open(determination="D-2", etd=ETD)
    day.open(origin="form:V2", product="IrisLock Pro", etd=ETD)  # F-2, of which nothing may stand in the pack of F-1
    with day.store.transaction() as tx:
        keep(tx, "tasks", replace(day.task("N1"), due=day.now.date() + timedelta(days=2), evidence="https://docs.example.com/n1"))
    move_etd(day.desk, "F-1", ETD + timedelta(days=14), BO, day.now)
    day.pass_time(days=5)
    day.tracker.edit(day.task("N1").ticket, author="Mei", status="Done", status_kind="done")
    return day


def make(day: Day, by: Colleague = ANA) -> bytes:
    return make_pack(day.desk, nullcontext(day.store), day.tracker, FakePainter(), packed, "F-1", by, day.now)[1]


def opened(content: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    return {name: json.loads(data) if name.endswith(".json") else data for name, data in files.items()}


def page(content: bytes) -> str:
    """The words people read."""
    return html.unescape(re.sub(r"<[^>]+>", " ", opened(content)["index.html"].decode()))


def test_the_pack_holds_what_was_asked_read_and_decided(day: Day) -> None:
    files = opened(make(day))
    assert [row["id"] for row in files["determinations.json"]] == ["D-1", "D-2"]
    first, second = files["determinations.json"]
    assert first["products"][0]["evidence"]["category"][0]["words"] == "FaceGate 300"
    assert (first["verdict"], second["verdict"]) == ("needs_review", "in_scope")
    used = {(row["kind"], row["part"]): row["state"] for row in files["rules.json"]}
    assert {kind for kind, _ in used} == {"rule", "clause"}
    assert set(used.values()) == {"same"}
    assert [row["version"] for row in files["lists.json"]] == ["2026-06-01"]


def test_the_pack_holds_the_checklist_its_history_and_what_was_sent(day: Day) -> None:
    files = opened(make(day))
    assert files["filing.json"][0]["id"] == "F-1"
    assert len(files["tasks.json"]) == len(day.tasks())
    moved = next(line for line in files["audit.json"] if line["act"] == "etd moved")
    assert str(ETD) in json.dumps(moved["details"])
    change = {"ticket": day.task("N1").ticket, "item": "N1", "author": "Mei", "field": "status",
              "before": "To Do", "after": "Done"}
    assert change in [{key: row[key] for key in change} for row in files["ticket_history.json"]]
    sent = [row for row in files["reminders.json"] if row["state"] == "sent"]
    assert sent
    assert all(row["sent_at"] for row in sent)


def test_sign_offs_stand_in_it_with_the_names_of_those_who_gave_them(day: Day) -> None:
    sign = SignOff("G-1", "F-1", "N1", "PM", BO.id, "PM", day.now, {"facts": "x"}, reason="Checked on site.")
    with day.store.transaction() as tx:
        tx.put("sign_offs", to_row(sign))
        tx.put("sign_offs", to_row(replace(sign, id="G-2", filing="F-2", reason="Of another filing.")))
    content = make(day)
    assert [row["id"] for row in opened(content)["sign_offs.json"]] == ["G-1"]
    told = page(content).partition(day.desk.words.say("en", "pack.section.sign_offs"))[2]
    assert "Bo" in told.partition("Checked on site.")[0]
    assert "Of another filing." not in told


def test_roles_and_columns_of_sign_offs_reminders_and_audit_lines_are_told_in_words(day: Day) -> None:
    sign = SignOff("G-1", "F-1", "N13", "HEAD", BO.id, "HEAD", day.now, {"facts": "x"}, reason="Checked.", state="expired",
                   ended_at=day.now, ended_by=ANA.id, changed=("facts", "list"))
    with day.store.transaction() as tx:
        tx.put("sign_offs", to_row(sign))
        note_audit(tx, "F-1", "signed off", BO.id, day.now, item="N13", role="HEAD", asked_by=ANA.id)
        row = tx.where("reminders", "subject", "F-1")[0]
        tx.put("reminders", row | {"kind": "etd-7-head", "sent_at": day.now.isoformat()})
    told = page(make(day, BO))
    assert not re.search(r"\bHEAD\b|etd-7-head|by_role|rests_on|list_version|ended_by", told)
    assert f"{day.desk.words.say('zh', 'pack.kind.before', what='船期', n=7)} · {day.phrase('role.head', 'zh')}" in told
    assert f"角色：{day.phrase('role.head', 'zh')} · 申请人：Ana" in told
    assert f"{day.phrase('pack.sign.expired', 'zh')} · " in told
    assert "Ana · 事实、市场清单" in told


def test_a_page_in_chinese_tells_acts_states_and_details_in_chinese_and_leaves_what_people_wrote(day: Day) -> None:
    add_shipments(day.desk, [LEAVING], ANA, day.now)
    set_state(day.desk, "S-1", "sailed", BO, day.now)
    with day.store.transaction() as tx:
        note_audit(tx, "F-1", "released", BO.id, day.now, before="asked", after="released", reason="done, sailed", facts="x")
        note_audit(tx, "F-1", "facts changed", BO.id, day.now, before="band: default, destinations: DE, FR", after="band: slower")
    told = page(make(day, BO)).partition(day.desk.words.say("zh", "pack.section.shipments"))[2]
    assert not re.search(r"\b(sailed|planned|opened|etd moved|ticket created|fact stated|tasks_moved|verdict|in_scope|tracker)\b",
                         told.replace("done, sailed", ""))
    assert "unknown" not in page(make(day, BO))
    assert not re.search(r"(?<![-\d])\d{4}-\d\d-\d\d", told.partition("审计记录")[2].replace("2026-06-01", ""))
    for said in ("理由：done, sailed", "事实：x", "假定进度：常规", "目的地：德国、法国", "假定进度：slower",
                 "未放行，已申请放行", "取值：设备自行动作", "计划中", "改期任务数：", "2027年8月16日",
                 "2026年6月7日行业媒体文章"):
        assert said in page(make(day, BO)), said
    english = page(make(day))
    assert "ETD moved" in english
    assert "days short: " in english


def test_what_a_shipment_went_through_stands_under_the_number_people_know_it_by(day: Day) -> None:
    add_shipments(day.desk, [LEAVING], ANA, day.now)
    trail = page(make(day)).partition(day.desk.words.say("en", "pack.section.audit"))[2]
    assert re.search(r"\bSO-1\s+shipment added\b", trail)
    assert "S-1" not in trail.replace("SO-1", "")


def test_nothing_of_another_filing_stands_in_it(day: Day) -> None:
    files = opened(make(day))
    for name in ("tasks.json", "reminders.json", "audit.json", "ticket_history.json"):
        assert "F-2" not in json.dumps(files[name]), name
    assert "IrisLock" not in page(make(day))


def test_the_manifest_names_rules_list_maker_and_where_the_audit_trail_stood(day: Day) -> None:
    manifest = opened(make(day))["manifest.json"]
    assert (manifest["filing"], manifest["made_by"], manifest["market_list"]) == ("F-1", "Ana", "2026-06-01")
    assert manifest["ruleset"]["digest"] == day.desk.rulesets[day.desk.ruleset].digest
    lines = list(day.store.every("audit"))
    assert manifest["audit"] == {"count": len(lines), "last": lines[-1]["id"], "chain": lines[-1]["chain"]}


def test_a_pack_lies_in_its_trail_however_far_that_goes_on_and_not_in_another(day: Day) -> None:
    stood = read_pack(make(day)).position
    move_etd(day.desk, "F-1", ETD, BO, day.now)
    assert lies_in(stood, list(day.store.every("audit")))
    other = Day()
    other.open()
    assert not lies_in(stood, list(other.store.every("audit")))


def test_the_page_can_be_read_in_either_language_and_says_what_is_only_reported(day: Day) -> None:
    english, chinese = page(make(day)), page(make(day, BO))
    for said in (english, chinese):
        assert "FaceGate 300" in said
        assert "https://docs.example.com/n1" in said
        assert "autonomous" in said or "自主" in said
    assert "not officially verified" in english
    assert "“FaceGate 300”" in english  # the words a fact was read from
    assert day.desk.words.say("zh", "caveat.reported") in chinese
    assert day.desk.words.say("zh", "pack.section.audit") in chinese
    assert day.desk.checklist.item("N1").text.zh in chinese
    assert "pack." not in chinese


@pytest.mark.parametrize("error", [TryLater("Jira cannot be reached."), Refused("Jira does not accept the token.")])
def test_when_the_tracker_cannot_be_asked_the_pack_is_made_and_says_so(day: Day, error: ServiceError) -> None:
    day.tracker.fail_next(error, on="history")
    asked = day.tracker.called("history")
    content = make(day)
    assert str(error) in opened(content)["manifest.json"]["ticket_history"]
    assert str(error) in page(content)
    assert len(opened(content)["tasks.json"]) == len(day.tasks())
    assert day.tracker.called("history") == asked + 1  # one that is away is not asked again for every task


def test_why_the_tickets_history_is_missing_is_told_in_the_readers_language(day: Day) -> None:
    day.tracker.fail_next(Refused("Jira does not accept the sign-in.").named("sign_in"), on="history")
    content = make(day, BO)
    assert day.desk.words.say("zh", "trouble.sign_in") in page(content)
    assert "Jira does not accept the sign-in." in opened(content)["manifest.json"]["ticket_history"]


def test_the_same_moment_gives_the_same_bytes_and_a_later_change_others(day: Day) -> None:
    first = make(day)
    assert make(day) == first
    move_etd(day.desk, "F-1", ETD, BO, day.now)
    assert make(day) != first


def test_whatever_words_stand_in_a_filing_the_page_runs_and_loads_nothing(day: Day) -> None:
    nasty = '<script>alert(1)</script><img src=x onerror=alert(1)>"\'&'
    with day.store.transaction() as tx:
        keep(tx, "filings", replace(day.filing(), product=nasty, customer=nasty))
        keep(tx, "tasks", replace(day.task("N2"), title=nasty, evidence=nasty))
    content = opened(make(day))["index.html"].decode()
    assert not re.findall(r"<script|<img src=x|onerror=alert\(1\)>\"", content)
    assert re.findall(r"<img [^>]*src=\"([^\"]{5})", content) == ["data:"]
    assert not re.findall(r"(?:src|href)=\"https?:", content)
    assert html.escape(nasty) in content


def test_it_is_handed_to_the_person_directly_and_the_trail_keeps_which_file(day: Day) -> None:
    share_pack(day.desk, day.chat, day.tracker, FakePainter(), packed, "F-1", BO, day.now)
    (file,) = day.chat.shared
    assert (file.channel, file.thread, file.name) == (BO.id, "", "F-1-evidence-20260620T020000Z.zip")
    line = list(day.store.every("audit"))[-1]
    assert (line["subject"], line["act"], line["by"]) == ("F-1", "evidence pack made", BO.id)
    assert line["details"]["sha256"] == hashlib.sha256(file.content).hexdigest()


@pytest.mark.parametrize("error", [OutcomeUnknown(), TryLater(), Refused("Slack refused.")])
def test_a_pack_that_was_not_handed_over_leaves_no_line(day: Day, error: ServiceError) -> None:
    before = list(day.store.every("audit"))
    day.chat.fail_next(error, on="share")
    with pytest.raises(type(error)):
        share_pack(day.desk, day.chat, day.tracker, FakePainter(), packed, "F-1", BO, day.now)
    assert list(day.store.every("audit")) == before


def test_a_filing_nobody_knows_has_no_pack(day: Day) -> None:
    with pytest.raises(NotFound, match="F-9"):
        share_pack(day.desk, day.chat, day.tracker, FakePainter(), packed, "F-9", BO, day.now)
    assert day.chat.shared == []


def test_a_filing_opened_by_form_with_nothing_else_has_a_pack_too() -> None:
    day = Day()
    day.open()
    assert read_pack(make(day)).wrong == ()
