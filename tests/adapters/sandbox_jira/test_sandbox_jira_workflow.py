"""The workflow of the local Jira, and the people who move its board."""

from __future__ import annotations

import pytest
import requests
from jira import JIRAError

from bot.sandbox.jira_options import STATUSES, Project, Status, Transition
from tests.adapters.sandbox_jira.conftest import MEI, Running, Serve, document


def test_transitions_have_other_names_than_the_statuses_they_lead_to(site: Running) -> None:
    ways = site.client().transitions(site.create())
    assert [(way["name"], way["to"]["name"], way["to"]["statusCategory"]["key"]) for way in ways] == [
        ("Start work", "In Progress", "indeterminate"),
        ("Resolve", "Done", "done"),
    ]


def test_a_transition_by_the_name_of_the_status_is_not_there(site: Running) -> None:
    with pytest.raises(JIRAError, match="Invalid transition name"):
        site.client().transition_issue(site.create(), "Done")


def test_a_transition_moves_the_issue_with_resolution_history_and_comment(site: Running) -> None:
    key = site.create()
    site.client("2").transition_issue(key, "21", comment="evidence attached")
    issue = site.client().issue(key, expand="changelog")
    assert (issue.fields.status.name, issue.fields.resolution.name) == ("Done", "Done")
    assert {item.field for item in issue.changelog.histories[0].items} == {"status", "resolution"}
    assert site.board()[0]["comments"][0]["text"] == "evidence attached"
    site.client().transition_issue(key, "41")
    assert site.client().issue(key).fields.resolution is None


def test_a_transition_the_status_does_not_offer_is_refused(site: Running) -> None:
    key = site.create()
    for body in ({"transition": {"id": "41"}}, {"transition": {}}, {}):
        assert site.call("POST", f"/rest/api/3/issue/{key}/transitions", body).status_code == 400
    assert site.board()[0]["status"] == "To Do"


def test_a_comment_the_version_does_not_take_stops_the_transition(site: Running) -> None:
    key = site.create()
    body = {"transition": {"id": "21"}, "update": {"comment": [{"add": {"body": "plain"}}]}}
    assert site.call("POST", f"/rest/api/3/issue/{key}/transitions", body).status_code == 400
    assert site.board()[0]["status"] == "To Do"
    body["update"] = {"comment": [{"add": {"body": document("fine")}}]}
    assert site.call("POST", f"/rest/api/3/issue/{key}/transitions", body).status_code == 204


def test_a_site_may_have_its_own_workflow(serve: Serve) -> None:
    review = Status("500", "技术审核", "indeterminate")
    way = Transition("77", "Send to review", "500", ("10000",))
    site = serve(statuses=(*STATUSES, review), transitions=(way,))
    key = site.create()
    site.client().transition_issue(key, "Send to review")
    assert site.board()[0]["status"] == "技术审核"
    assert site.client().transitions(key) == []


def test_a_person_at_the_board_moves_edits_comments_and_deletes(site: Running) -> None:
    key = site.create()
    site.drive("transition", key=key, to="done")
    site.drive("edit", key=key, due="2026-12-31", assignee="Mei Lin", summary="Better")
    site.drive("comment", key=key, text="I did it", author="tom@example.com")
    card = site.board()[0]
    assert (card["status_kind"], card["due"], card["assignee"], card["summary"]) == ("done", "2026-12-31", "Mei Lin", "Better")
    assert [(remark["author"], remark["text"]) for remark in card["comments"]] == [("Tom Okafor", "I did it")]
    authors = {entry.author.displayName for entry in site.client().issue(key, expand="changelog").changelog.histories}
    assert authors == {"Mei Lin"}
    site.drive("delete", key=key)
    assert site.board() == []
    assert site.call("GET", f"/rest/api/3/issue/{key}").status_code == 404


def test_what_a_person_cannot_do_is_told_in_a_sentence(site: Running) -> None:
    key = site.create()
    assert site.drive("edit", key="EXP-9", due="2026-12-31").status_code == 404
    for deed, body in (
        ("transition", {"to": "blocked"}),
        ("edit", {"due": "soon"}),
        ("edit", {"assignee": "Zoe"}),
        ("comment", {}),
    ):
        answer = site.drive(deed, key=key, **body)
        assert (answer.status_code, answer.json()["ok"]) == (400, False)
        assert answer.json()["error"]


def test_the_board_tells_all_a_page_needs(site: Running) -> None:
    site.create("Filing", labels=["fd-1"], description="why", duedate="2026-12-24", assignee={"accountId": MEI.account_id})
    child = site.create("Report", parent="EXP-1")
    link = {"globalId": "g", "object": {"url": "https://a.example", "title": "Thread"}}
    site.call("POST", "/rest/api/3/issue/EXP-1/remotelink", link)
    filing, report = site.board()
    assert filing["description"] == "why"
    assert filing["remote_links"] == [{"global_id": "g", "url": "https://a.example", "title": "Thread"}]
    assert filing["url"] == f"{site.url}/browse/EXP-1"
    assert (report["key"], report["parent"], report["type"], report["subtask"]) == (child, "EXP-1", "Sub-task", True)


def test_a_moved_issue_answers_to_its_old_key_with_the_new_one(serve: Serve) -> None:
    site = serve(projects=(Project("EXP", "Export filings", "10000"), Project("OPS", "Operations", "10001")))
    key = site.create()
    site.create(parent=key)
    site.drive("move", key=key, to="OPS")
    assert site.client().issue("EXP-1").key == "OPS-1"
    assert [card["key"] for card in site.board()] == ["OPS-1", "OPS-2"]
    assert [issue.key for issue in site.client().search_issues("parent = EXP-1")] == ["OPS-2"]


def test_a_ticket_can_be_read_at_the_address_links_lead_to(site: Running) -> None:
    site.create("Lock <b>", description="a < b", labels=["fd-1"], assignee={"accountId": MEI.account_id})
    site.create("Collect report", parent="EXP-1")
    site.client("2").add_comment("EXP-1", "<script>")
    shown = requests.get(f"{site.url}/browse/EXP-1", timeout=5)
    for words in ("Lock &lt;b&gt;", "a &lt; b", "Mei Lin", "To Do", "Collect report", "&lt;script&gt;"):
        assert words in shown.text
    assert requests.get(f"{site.url}/browse/EXP-9", timeout=5).status_code == 404


def test_comments_are_found_changed_and_removed_by_id(site: Running) -> None:
    key = site.create()
    place = f"/rest/api/2/issue/{key}/comment/" + site.client("2").add_comment(key, "a").id
    assert site.call("GET", place).json()["body"] == "a"
    assert site.call("PUT", place, {}).status_code == 400
    assert site.call("DELETE", place).status_code == 204
    assert site.call("GET", place).status_code == 404


def test_an_update_can_take_labels_away_set_fields_and_comment_at_once(site: Running) -> None:
    key = site.create(labels=["a", "b"])
    update = {
        "labels": [{"remove": "a"}, {"add": "c"}],
        "duedate": [{"set": "2026-12-24"}],
        "comment": [{"add": {"body": "why"}}],
    }
    assert site.call("PUT", f"/rest/api/2/issue/{key}", {"update": update}).status_code == 204
    card = site.board()[0]
    assert (card["labels"], card["due"], [remark["text"] for remark in card["comments"]]) == (["b", "c"], "2026-12-24", ["why"])


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"fields": []},
        {"update": {"labels": {"add": "x"}}},
        {"update": {"labels": [{"add": "x", "remove": "y"}]}},
        {"update": {"comment": [{"add": {}}]}},
        {"update": {"comment": "x"}},
        {"fields": {"reporter": None}},
        {"fields": {"reporter": {"accountId": "nobody"}}},
        {"fields": {"labels": [5]}},
        {"fields": {"labels": [""]}},
        {"fields": {"description": "x" * 32_768}},
        {"fields": {"assignee": "mei"}},
    ],
)
def test_a_malformed_edit_is_refused_and_changes_nothing(site: Running, body: object) -> None:
    key = site.create("Filing", labels=["a"])
    assert site.call("PUT", f"/rest/api/2/issue/{key}", body).status_code == 400
    assert (site.board()[0]["summary"], site.board()[0]["labels"], site.board()[0]["comments"]) == ("Filing", ["a"], [])


def test_the_automatic_assignee_is_the_projects_lead(site: Running) -> None:
    site.create(assignee={"accountId": "-1"})
    assert site.board()[0]["assignee"] == "Filing Desk"


@pytest.mark.parametrize("value", ["x" * 32_768, 5])
def test_a_property_has_a_limit_and_a_wrong_list_of_them_is_refused(site: Running, value: object) -> None:
    key = site.create()
    status = site.call("PUT", f"/rest/api/3/issue/{key}/properties/plan", value).status_code
    assert status == (201 if value == 5 else 400)
    fields = {"project": {"key": "EXP"}, "issuetype": {"id": "10001"}, "summary": "x"}
    assert site.call("POST", "/rest/api/3/issue", {"fields": fields, "properties": [{"key": "a"}]}).status_code == 400


@pytest.mark.parametrize(
    ("place", "status"),
    [
        ("project/NOPE", 404),
        ("issue/createmeta/NOPE/issuetypes", 404),
        ("issue/createmeta/EXP/issuetypes/9", 404),
        ("user/search", 400),
        ("user/assignable/search?query=mei", 400),
        ("mypermissions", 400),
        ("mypermissions?permissions=FLY", 400),
        ("mypermissions?permissions=CREATE_ISSUES&projectKey=NOPE", 404),
        ("mypermissions?permissions=CREATE_ISSUES&issueKey=EXP-9", 404),
        ("issue/EXP-1/remotelink?globalId=none", 404),
        ("issue/EXP-1/properties/none", 404),
        ("search/jql?jql=project=EXP&maxResults=many", 400),
    ],
)
def test_a_question_about_what_is_not_there_is_refused(site: Running, place: str, status: int) -> None:
    site.create()
    assert site.call("GET", f"/rest/api/3/{place}").status_code == status
