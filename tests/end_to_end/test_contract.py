"""The sandbox's endpoints and options as documented: their shapes, their refusals, what is kept between two starts."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests

from tests.end_to_end.houses import house, spawned
from tests.end_to_end.town import Town, say, words
from tests.servers import free_port


def test_health_and_state_have_their_documented_shape(town: Town) -> None:
    assert requests.get(f"{town.url}/healthz", timeout=5).json() == {"ok": True}
    state = town.get("state")
    assert {"now", "next_due", "slack", "jira", "faults", "version"} <= set(state)
    assert {"users", "channels", "messages", "views", "homes"} <= set(state["slack"])
    assert {"id", "name", "role", "tz", "locale"} <= set(state["slack"]["users"][0])
    assert state["now"].startswith("2026-11-23T01:0")


def test_every_driving_endpoint_answers_in_its_shape(town: Town) -> None:
    said = town.post("slack/message", user="tom", channel="#sales", text="<@U0FILINGDESK> help")
    assert said["ok"]
    assert said["ts"]
    assert said["acknowledged"]
    assert {"ok", "channel", "response", "messages", "view"} <= set(town.command("tom", "#sales", "/lists"))
    view = town.command("tom", "#sales", "/filing", "new")["view"]
    assert view == town.get("slack/view", user="tom")["view"]
    assert view["type"] == "modal"
    assert not town.fill("tom", view, destination="Mars", etd="2027-01-01", product="FaceGate 300")["ok"]
    town.post("slack/close", user="tom", view_id=view["id"])
    assert town.get("slack/view", user="tom") == {"view": None}
    assert town.home("tom")["type"] == "home"
    assert town.post("faults", service="slack", kind="delay", seconds=0.1)["faults"]["slack"]
    moved = town.advance("PT1M")
    assert {"ok", "now", "next_due"} <= set(moved)
    assert town.get("slack/messages", channel="#sales")["messages"][0]["ts"] == said["ts"]


@pytest.mark.parametrize(("path", "body", "status"), [
    ("slack/message", {"user": "nobody", "channel": "#sales", "text": "x"}, 404),
    ("slack/message", {"user": "tom", "channel": "#nowhere", "text": "x"}, 404),
    ("slack/message", {"user": "tom", "channel": "#sales"}, 400),
    ("slack/click", {"user": "tom", "channel": "#sales", "ts": "1.2", "action_id": "x"}, 404),
    ("slack/submit", {"user": "raj", "view_id": "V1", "values": {}}, 404),
    ("slack/command", {"user": "tom", "channel": "#sales", "command": "", "text": ""}, 400),
    ("jira/transition", {"key": "EXP-999", "to": "done"}, 404),
    ("nothing/here", {}, 404)])
def test_a_wrong_request_is_refused_in_a_sentence(town: Town, path: str, body: dict[str, str], status: int) -> None:
    assert len(town.post(path, status=status, **body)["error"]) > 10


def test_empty_has_nobody_but_its_administrator_and_still_answers(tmp_path: Path) -> None:
    with house(tmp_path, empty=True) as (town, _server):
        assert [user["name"] for user in town.get("state")["slack"]["users"] if not user["is_bot"]] == ["admin"]
        answer = town.ask("admin", "#general", "FaceGate 300 with auto-unlock to Hamburg, filing?")
        assert say("verdict.in_scope") in words(answer)
        assert say("shipments.none") in town.told("admin", "#general", "/shipment", "list")


def test_data_keeps_the_story_and_at_is_only_where_it_begins(tmp_path: Path) -> None:
    command = ["sandbox", "--data", str(tmp_path / "data"), "--at", "2026-11-23T01:00:00+00:00"]
    with spawned(command, tmp_path, port=(port := free_port())) as first:
        town = first.wait()
        answer = town.ask("tom", "#sales", "FaceGate 300 with auto-unlock to Hamburg, ETD 2027-08-16, filing?")
        town.fill("tom", town.press("tom", answer, "open_filing")["view"])
        town.go_to("2026-11-30T02:00:00+00:00")
        before = town.get("state")
        assert first.stop() == 0
        assert "Traceback" not in first.said()
    with spawned(command, tmp_path, port=port) as again:
        town = again.wait()
        now = town.get("state")
        assert now["now"] >= before["now"]
        assert now["jira"]["issues"] == before["jira"]["issues"]
        assert now["slack"]["messages"] == before["slack"]["messages"]
        town.press("li", next(one for one in town.dm("li") if "N14" in words(one)), "reminder_done")
        assert [one["status_kind"] for one in town.issues() if one["summary"].startswith("N14")] == ["done"]
