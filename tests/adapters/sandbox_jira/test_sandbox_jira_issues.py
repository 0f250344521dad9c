"""Issues, comments, links and properties of the local Jira, by the real client."""

from __future__ import annotations

import pytest
from jira import JIRAError

from tests.adapters.sandbox_jira.conftest import BOT, MEI, Running, Serve, document


def test_the_real_client_finds_a_cloud_server_and_its_account(site: Running) -> None:
    client = site.client()
    assert client.deploymentType == "Cloud"
    assert client.myself()["emailAddress"] == BOT


@pytest.mark.parametrize(("version", "text"), [("2", "a line"), ("3", document("a line"))])
def test_an_issue_is_created_and_read_back_in_both_versions(site: Running, version: str, text: object) -> None:
    client = site.client(version)
    fields = {"project": {"key": "EXP"}, "issuetype": {"name": "Task"}, "summary": "Filing", "description": text}
    fields |= {"labels": ["fd-1"], "duedate": "2026-12-24", "assignee": {"accountId": MEI.account_id}}
    made = client.create_issue(fields, prefetch=False)
    read = client.issue(made.key)
    assert made.key == "EXP-1"
    assert read.raw["fields"]["description"] == text
    assert (read.fields.status.name, read.fields.duedate, read.fields.labels) == ("To Do", "2026-12-24", ["fd-1"])
    assert read.fields.assignee.displayName == "Mei Lin"
    assert read.fields.created == "2026-12-01T08:00:00.000+0000"


def test_a_text_written_in_one_version_is_read_in_the_other(site: Running) -> None:
    site.create(description="first\nsecond")
    told = site.client("3").issue("EXP-1").raw["fields"]["description"]
    assert told == document("first", "second")


def test_keys_count_up_and_a_deleted_key_is_not_given_again(site: Running) -> None:
    assert [site.create(), site.create()] == ["EXP-1", "EXP-2"]
    assert site.call("DELETE", "/rest/api/3/issue/EXP-2").status_code == 204
    assert site.create() == "EXP-3"


def test_a_bulk_create_keeps_the_good_ones_and_names_the_bad_by_number(site: Running) -> None:
    parent = site.create()
    sub = {"project": {"key": "EXP"}, "issuetype": {"id": "10002"}, "parent": {"key": parent}}
    answers = site.client().create_issues([{**sub, "summary": "a"}, sub, {**sub, "summary": "b"}], prefetch=False)
    assert [answer["status"] for answer in answers] == ["Success", "Error", "Success"]
    assert answers[1]["error"] == {"summary": "You must specify a summary of the issue."}
    assert [child.key for child in site.client().issue(parent).fields.subtasks] == ["EXP-2", "EXP-3"]


def test_a_bulk_create_of_nothing_good_is_400_with_every_reason(site: Running) -> None:
    answer = site.call("POST", "/rest/api/3/issue/bulk", {"issueUpdates": [{"fields": {}}]})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["failedElementNumber"] == 0
    assert set(answer.json()["errors"][0]["elementErrors"]["errors"]) == {"project", "issuetype"}


def test_a_bulk_create_takes_at_most_fifty(site: Running) -> None:
    assert site.call("POST", "/rest/api/3/issue/bulk", {"issueUpdates": [{}] * 51}).status_code == 400


def test_an_unknown_issue_is_404_in_jiras_words(site: Running) -> None:
    answer = site.call("GET", "/rest/api/3/issue/EXP-9")
    assert answer.status_code == 404
    assert answer.json()["errorMessages"] == ["Issue does not exist or you do not have permission to see it."]


def test_only_the_asked_fields_are_answered(site: Running) -> None:
    key = site.create()
    assert set(site.client().issue(key, fields="status,labels").raw["fields"]) == {"status", "labels"}
    assert "comment" not in site.client().issue(key, fields="-comment").raw["fields"]


def test_an_issue_with_sub_tasks_is_deleted_only_together_with_them(site: Running) -> None:
    parent = site.create()
    site.create(parent=parent)
    assert site.call("DELETE", f"/rest/api/3/issue/{parent}").status_code == 400
    assert site.call("DELETE", f"/rest/api/3/issue/{parent}?deleteSubtasks=true").status_code == 204
    assert site.board() == []


def test_an_edit_changes_fields_moves_updated_and_is_in_the_history(site: Running) -> None:
    issue = site.client("2").issue(site.create(duedate="2026-12-24"))
    site.clock.forward(minutes=5)
    issue.update(fields={"duedate": "2026-12-31"}, update={"labels": [{"add": "late"}]})
    assert (issue.fields.duedate, issue.fields.labels) == ("2026-12-31", ["late"])
    assert issue.fields.updated == "2026-12-01T08:05:00.000+0000"
    entries = site.call("GET", f"/rest/api/3/issue/{issue.key}/changelog").json()["values"]
    changed = {item["field"]: (item.get("fromString"), item["toString"]) for item in entries[0]["items"]}
    assert changed == {"duedate": ("2026-12-24", "2026-12-31"), "labels": (None, "late")}


def test_an_edit_that_changes_nothing_leaves_no_history(site: Running) -> None:
    key = site.create("Filing")
    site.call("PUT", f"/rest/api/3/issue/{key}", {"fields": {"summary": "Filing"}})
    assert site.client().issue(key, expand="changelog").changelog.histories == []


def test_the_history_is_also_told_with_the_issue_newest_first(site: Running) -> None:
    issue = site.client("2").issue(site.create("one"))
    for summary in ("two", "three"):
        issue.update(fields={"summary": summary})
    histories = site.client().issue(issue.key, expand="changelog").changelog.histories
    assert [entry.items[0].toString for entry in histories] == ["three", "two"]


@pytest.mark.parametrize(("version", "text"), [("2", "hello"), ("3", document("hello"))])
def test_comments_are_written_read_and_changed(site: Running, version: str, text: object) -> None:
    client, key = site.client(version), site.create()
    client.add_comment(key, text)
    site.call("PUT", f"/rest/api/2/issue/{key}/comment/10001", {"body": "changed"})
    assert [comment.raw["author"]["emailAddress"] for comment in client.comments(key)] == [BOT]
    assert site.board()[0]["comments"][0]["text"] == "changed"


def test_comments_come_newest_first_on_request_and_in_pages(site: Running) -> None:
    key = site.create()
    for text in "abc":
        site.client("2").add_comment(key, text)
    page = site.call("GET", f"/rest/api/2/issue/{key}/comment?orderBy=-created&startAt=1&maxResults=1").json()
    assert ([comment["body"] for comment in page["comments"]], page["total"]) == (["b"], 3)


def test_comments_beyond_the_limit_of_an_issue_are_413(serve: Serve) -> None:
    site = serve(comments_per_issue=1)
    key = site.create()
    site.client("2").add_comment(key, "a")
    with pytest.raises(JIRAError) as refused:
        site.client("2").add_comment(key, "b")
    assert refused.value.status_code == 413


def test_a_remote_link_with_the_same_global_id_is_replaced(site: Running) -> None:
    key = site.create()
    link = {"globalId": "slack:C1:1.2", "object": {"url": "https://slack.example.com/1", "title": "Thread"}}
    first = site.call("POST", f"/rest/api/3/issue/{key}/remotelink", link)
    link["object"]["title"] = "The thread"
    second = site.call("POST", f"/rest/api/3/issue/{key}/remotelink", link)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert [link.object.title for link in site.client().remote_links(key)] == ["The thread"]
    assert site.call("GET", f"/rest/api/3/issue/{key}/remotelink?globalId=slack:C1:1.2").json()["globalId"] == "slack:C1:1.2"


def test_a_remote_link_can_be_changed_and_removed_by_its_id(site: Running) -> None:
    key = site.create()
    made = site.call("POST", f"/rest/api/3/issue/{key}/remotelink", {"object": {"url": "https://a.example", "title": "A"}})
    place = f"/rest/api/3/issue/{key}/remotelink/{made.json()['id']}"
    site.call("PUT", place, {"object": {"url": "https://a.example", "title": "B"}})
    assert site.call("GET", place).json()["object"]["title"] == "B"
    assert site.call("DELETE", place).status_code == 204
    assert site.call("GET", place).status_code == 404


def test_a_remote_link_without_title_and_address_is_refused(site: Running) -> None:
    answer = site.call("POST", f"/rest/api/3/issue/{site.create()}/remotelink", {"object": {}})
    assert (answer.status_code, set(answer.json()["errors"])) == (400, {"title", "url"})


def test_properties_are_kept_from_the_create_on(site: Running) -> None:
    fields = {"project": {"key": "EXP"}, "issuetype": {"id": "10001"}, "summary": "Filing"}
    body = {"fields": fields, "properties": [{"key": "filing", "value": {"id": "F-1"}}]}
    key = site.call("POST", "/rest/api/3/issue", body).json()["key"]
    client = site.client()
    assert client.issue_property(key, "filing").raw["value"] == {"id": "F-1"}
    assert client.add_issue_property(key, "filing", {"id": "F-2"}).status_code == 200
    assert site.call("GET", f"/rest/api/3/issue/{key}?properties=filing").json()["properties"] == {"filing": {"id": "F-2"}}
    assert site.call("DELETE", f"/rest/api/3/issue/{key}/properties/filing").status_code == 204
    assert site.call("GET", f"/rest/api/3/issue/{key}/properties").json() == {"keys": []}


def test_several_issues_are_fetched_at_once_and_the_missing_named(site: Running) -> None:
    site.create()
    answer = site.call("POST", "/rest/api/3/issue/bulkfetch", {"issueIdsOrKeys": ["EXP-1", "EXP-7"], "fields": ["status"]})
    assert [issue["key"] for issue in answer.json()["issues"]] == ["EXP-1"]
    assert [error["id"] for error in answer.json()["issueErrors"]] == ["EXP-7"]
