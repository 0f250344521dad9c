"""What the local Jira refuses in a field, and in which words."""

from __future__ import annotations

from typing import Any

import pytest
from jira import JIRAError

from bot.sandbox.jira_options import CustomField, IssueType
from tests.adapters.sandbox_jira.conftest import GONE, MEI, Running, Serve, document

TASK: dict[str, Any] = {"project": {"key": "EXP"}, "issuetype": {"id": "10001"}, "summary": "Filing"}


def refusal(site: Running, version: str = "3", **fields: Any) -> dict[str, str]:
    """The reasons by field."""
    answer = site.call("POST", f"/rest/api/{version}/issue", {"fields": {**TASK, **fields}})
    assert answer.status_code == 400, answer.text
    assert site.board() == []
    return answer.json()["errors"]


def test_v3_wants_a_document_and_v2_a_text(site: Running) -> None:
    assert "Atlassian Document" in refusal(site, "3", description="a line")["description"]
    assert refusal(site, "2", description=document("a line")) == {"description": "Operation value must be a string"}


def test_comments_follow_the_same_rule(site: Running) -> None:
    key = site.create()
    for version, text in (("3", "a line"), ("2", document("a line"))):
        with pytest.raises(JIRAError) as refused:
            site.client(version).add_comment(key, text)
        assert refused.value.status_code == 400


def test_a_broken_document_is_refused_with_its_place(site: Running) -> None:
    broken = {"type": "doc", "version": 1, "content": [{"type": "taskList", "attrs": {"localId": "1"}, "content": []}]}
    assert "taskList" in refusal(site, description=broken)["description"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("customfield_99999", "x", "is not on the appropriate screen, or unknown"),
        ("status", {"name": "Done"}, "is not on the appropriate screen, or unknown"),
        ("summary", "", "You must specify a summary"),
        ("summary", "a\nb", "newline"),
        ("summary", "x" * 256, "255"),
        ("labels", ["ship date"], "contains spaces"),
        ("labels", "one", "array of strings"),
        ("duedate", "24.12.2026", "yyyy-MM-dd"),
        ("duedate", "2026-02-30", "yyyy-MM-dd"),
        ("assignee", {"name": "mei"}, "accountId"),
        ("assignee", {"accountId": "nobody"}, "cannot be assigned"),
        ("assignee", {"accountId": GONE.account_id}, "cannot be assigned"),
        ("priority", {"name": "Huge"}, "priority selected is invalid"),
        ("components", [{"name": "Nowhere"}], "is not valid"),
        ("parent", {"key": "EXP-9"}, "Could not find valid"),
        ("issuetype", {"name": "Epic"}, "valid issue type"),
        ("project", {"key": "NOPE"}, "valid project"),
    ],
)
def test_a_wrong_value_is_refused_under_its_field(site: Running, field: str, value: object, words: str) -> None:
    assert words in refusal(site, **{field: value})[field]


def test_all_reasons_come_at_once(site: Running) -> None:
    assert set(refusal(site, summary="", duedate="soon", labels=["a b"])) == {"summary", "duedate", "labels"}


def test_a_sub_task_needs_a_parent_and_a_task_must_not_have_one(site: Running) -> None:
    assert "parent issue key or id not specified" in refusal(site, issuetype={"id": "10002"})["parent"]
    parent = site.create()
    answer = site.call("POST", "/rest/api/3/issue", {"fields": {**TASK, "parent": {"key": parent}}})
    assert "hierarchy" in answer.json()["errors"]["parent"]
    child = site.create(parent=parent)
    grandchild = {**TASK, "issuetype": {"id": "10002"}, "parent": {"key": child}}
    assert site.call("POST", "/rest/api/3/issue", {"fields": grandchild}).status_code == 400


def test_a_site_may_call_its_sub_task_type_anything(serve: Serve) -> None:
    site = serve(types=(IssueType("7", "Aufgabe"), IssueType("8", "子任务", subtask=True)))
    types = site.client()._get_json("issue/createmeta/EXP/issuetypes")["issueTypes"]
    assert [(kind["name"], kind["subtask"]) for kind in types] == [("Aufgabe", False), ("子任务", True)]
    assert "issuetype" in refusal(site)


def test_a_field_required_since_last_night_is_refused_by_name_and_shown_in_the_create_metadata(site: Running) -> None:
    site.create()
    site.drive("require", project="EXP", field="customfield_10050")
    answer = site.call("POST", "/rest/api/3/issue", {"fields": TASK})
    assert answer.json()["errors"] == {"customfield_10050": "Destination is required."}
    fields = site.client()._get_json("issue/createmeta/EXP/issuetypes/10001")["fields"]
    assert {f["fieldId"] for f in fields if f["required"]} == {"summary", "project", "issuetype", "customfield_10050"}
    assert site.create(customfield_10050="Germany") == "EXP-2"
    site.drive("require", project="EXP", field="customfield_10050", required=False)
    assert site.create() == "EXP-3"


def test_a_required_field_cannot_be_emptied(serve: Serve) -> None:
    site = serve(required={"EXP": ("duedate",)})
    key = site.create(duedate="2026-12-24")
    answer = site.call("PUT", f"/rest/api/3/issue/{key}", {"fields": {"duedate": None}})
    assert answer.json()["errors"] == {"duedate": "Due date is required."}


def test_custom_fields_take_what_their_kind_says(serve: Serve) -> None:
    fields = (
        CustomField("customfield_1", "Route", "option", ("Sea", "Air")),
        CustomField("customfield_2", "Value", "number"),
        CustomField("customfield_3", "Approver", "user"),
    )
    site = serve(custom_fields=fields)
    wrong = refusal(site, customfield_1={"value": "Rail"}, customfield_2="7", customfield_3={"accountId": "nobody"})
    assert set(wrong) == {"customfield_1", "customfield_2", "customfield_3"}
    right = {"customfield_1": {"value": "Air"}, "customfield_2": 7, "customfield_3": {"accountId": MEI.account_id}}
    told = site.client().issue(site.create(**right)).raw["fields"]
    assert told["customfield_1"]["value"] == "Air"
    assert (told["customfield_2"], told["customfield_3"]["displayName"]) == (7, "Mei Lin")


def test_the_assignee_is_set_and_taken_away_by_account_id(site: Running) -> None:
    client, key = site.client(), site.create()
    client.assign_issue(key, "mei@example.com")
    assert site.board()[0]["assignee"] == "Mei Lin"
    client.assign_issue(key, None)
    assert site.board()[0]["assignee"] is None
    assert site.call("PUT", f"/rest/api/3/issue/{key}/assignee", {"name": "mei"}).status_code == 400


def test_an_edit_is_all_or_nothing(site: Running) -> None:
    key = site.create("Filing")
    answer = site.call("PUT", f"/rest/api/3/issue/{key}", {"fields": {"summary": "New", "duedate": "soon"}})
    assert answer.status_code == 400
    assert site.board()[0]["summary"] == "Filing"


@pytest.mark.parametrize(
    "body", [{"fields": {"labels": ["a"]}, "update": {"labels": [{"add": "b"}]}}, {"update": {"summary": [{"add": "x"}]}}]
)
def test_operations_jira_does_not_know_are_refused(site: Running, body: dict[str, Any]) -> None:
    assert site.call("PUT", f"/rest/api/3/issue/{site.create()}", body).status_code == 400


def test_a_body_that_is_no_json_no_object_or_of_another_type_is_refused(site: Running) -> None:
    place, login = f"{site.url}/rest/api/3/issue", {"auth": ("bot@example.com", "a-token")}
    import requests  # noqa: PLC0415

    json_type = {"Content-Type": "application/json"}
    assert requests.post(place, data=b"{", headers=json_type, timeout=5, **login).status_code == 400
    assert requests.post(place, data=b"[]", headers=json_type, timeout=5, **login).status_code == 400
    assert requests.post(place, data=b"{}", headers={"Content-Type": "text/plain"}, timeout=5, **login).status_code == 415
    assert site.call("POST", "/rest/api/3/issue", {"fields": TASK, "fileds": {}}).status_code == 400


def test_a_body_beyond_the_limit_is_413(serve: Serve) -> None:
    site = serve(body_limit=1000)
    assert site.call("POST", "/rest/api/2/issue", {"fields": {**TASK, "description": "x" * 1000}}).status_code == 413


def test_what_the_token_may_not_do_is_refused_and_told(serve: Serve) -> None:
    site = serve(denied=("CREATE_ISSUES",))
    assert site.call("POST", "/rest/api/3/issue", {"fields": TASK}).status_code == 403
    told = site.client().my_permissions(projectKey="EXP", permissions="CREATE_ISSUES,ADD_COMMENTS")["permissions"]
    assert {name: told[name]["havePermission"] for name in told} == {"CREATE_ISSUES": False, "ADD_COMMENTS": True}
