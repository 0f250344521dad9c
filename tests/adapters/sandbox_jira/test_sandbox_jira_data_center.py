"""The local Jira as a Data Center: a personal access token, version 2 alone, people by user name."""

from __future__ import annotations

import pytest
from jira import JIRAError

from tests.adapters.sandbox_jira.conftest import Running, Serve


@pytest.fixture
def center(serve: Serve) -> Running:
    return serve(flavour="server")


def test_the_real_client_finds_a_data_center(center: Running) -> None:
    client = center.client("2")
    assert client.deploymentType == "Server"
    assert client.myself()["name"] == "filingdesk"


def test_a_wrong_or_missing_token_is_401(center: Running) -> None:
    with pytest.raises(JIRAError) as refused:
        center.client("2", token="wrong").myself()
    assert refused.value.status_code == 401
    assert center.call("GET", "/rest/api/2/myself", headers={}).status_code == 401


def test_there_is_no_version_3_and_no_new_search(center: Running) -> None:
    assert center.call("GET", "/rest/api/3/myself").status_code == 404
    assert center.call("GET", "/rest/api/2/search/jql?jql=project=EXP").status_code == 404


def test_people_are_assigned_by_user_name(center: Running) -> None:
    client, key = center.client("2"), center.create(assignee={"name": "mei"})
    assert center.board()[0]["assignee"] == "Mei Lin"
    client.assign_issue(key, "tom")
    assert client.issue(key).fields.assignee.name == "tom"
    wrong = center.call("PUT", f"/rest/api/2/issue/{key}", {"fields": {"assignee": {"accountId": "712020:mei"}}})
    assert wrong.status_code == 400


def test_search_is_paged_by_number(center: Running) -> None:
    for number in range(5):
        center.create(str(number))
    client = center.client("2")
    page = client.search_issues("project = EXP ORDER BY key", startAt=2, maxResults=2)
    assert ([issue.key for issue in page], page.total) == (["EXP-3", "EXP-4"], 5)
    assert len(client.search_issues("", maxResults=0)) == 5
    assert [issue.key for issue in client.search_issues("key = EXP-5", use_post=True)] == ["EXP-5"]


def test_the_clients_own_create_metadata_calls_work_here(center: Running) -> None:
    client = center.client("2")
    assert [kind.name for kind in client.project_issue_types("EXP")] == ["Task", "Sub-task"]
    fields = {field.fieldId: field.required for field in client.project_issue_fields("EXP", "10002")}
    assert fields["parent"] is True


def test_a_whole_filing_goes_through(center: Running) -> None:
    client = center.client("2")
    made = client.create_issue(
        project="EXP", issuetype={"name": "Task"}, summary="Filing", description="h2. Why\n* wiki", prefetch=False
    )
    sub = {"project": {"key": "EXP"}, "issuetype": {"name": "Sub-task"}, "parent": {"key": made.key}}
    client.create_issues([{**sub, "summary": str(n)} for n in range(3)], prefetch=False)
    client.add_comment(made.key, "hello")
    client.transition_issue("EXP-2", "Resolve")
    kinds = [child.fields.status.statusCategory.key for child in client.issue(made.key).fields.subtasks]
    assert kinds == ["done", "new", "new"]
    assert client.issue(made.key).fields.description == "h2. Why\n* wiki"
    assert client.issue("EXP-2", expand="changelog").changelog.histories[0].items[0].toString == "Done"
