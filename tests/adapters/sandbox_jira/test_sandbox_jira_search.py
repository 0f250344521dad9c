"""JQL on the local Jira: what is found, in what order, in what pages, how late, and what cannot be read."""

from __future__ import annotations

import pytest
from jira import JIRAError

from tests.adapters.sandbox_jira.conftest import MEI, Running, Serve


@pytest.fixture
def filled(site: Running) -> Running:
    """EXP-1 (done, labelled, due), its sub-task EXP-2 (Mei's, in progress), and a younger EXP-3."""
    site.create("Thermal camera", labels=["fd-F-1", "Filing"], duedate="2026-12-24", description="for Germany")
    site.create("Collect report", parent="EXP-1", assignee={"accountId": MEI.account_id})
    site.clock.forward(hours=1)
    site.create("Iris lock", priority={"name": "High"})
    site.drive("transition", key="EXP-1", to="done")
    site.drive("transition", key="EXP-2", to="indeterminate")
    return site


def found(site: Running, jql: str) -> list[str]:
    return [issue.key for issue in site.client().search_issues(jql, maxResults=0, fields="summary")]


@pytest.mark.parametrize(
    ("jql", "keys"),
    [
        ("project = EXP ORDER BY key", ["EXP-1", "EXP-2", "EXP-3"]),
        ('project = "Export filings" order by created desc, key asc', ["EXP-3", "EXP-1", "EXP-2"]),
        ("labels = fd-F-1", ["EXP-1"]),
        ('labels in (nothing, "filing")', ["EXP-1"]),
        ("labels is EMPTY", ["EXP-3", "EXP-2"]),
        ("parent = EXP-1", ["EXP-2"]),
        ("key in (EXP-3, exp-1) ORDER BY key ASC", ["EXP-1", "EXP-3"]),
        ("id = 10002", ["EXP-2"]),
        ("status = Done", ["EXP-1"]),
        ('status in ("In Progress", "To Do") ORDER BY status', ["EXP-3", "EXP-2"]),
        ("statusCategory != Done", ["EXP-3", "EXP-2"]),
        ('statusCategory = "In Progress"', ["EXP-2"]),
        ("issuetype = Sub-task", ["EXP-2"]),
        ("type not in (Sub-task)", ["EXP-3", "EXP-1"]),
        ("assignee is not EMPTY", ["EXP-2"]),
        (f'assignee = "{MEI.account_id}"', ["EXP-2"]),
        ("reporter = currentUser() AND NOT assignee IS EMPTY", ["EXP-2"]),
        ("resolution = Unresolved ORDER BY key", ["EXP-2", "EXP-3"]),
        ("resolution is EMPTY ORDER BY key", ["EXP-2", "EXP-3"]),
        ("duedate <= 2026-12-24", ["EXP-1"]),
        ("due < 2026-12-24", []),
        ("due <= 4w", ["EXP-1"]),
        ('created >= "2026/12/01 08:30"', ["EXP-3"]),
        ("created >= -30m", ["EXP-3"]),
        ("updated >= -5m", ["EXP-3", "EXP-2", "EXP-1"]),
        ("updated > now()", []),
        ("summary ~ iris", ["EXP-3"]),
        ("text ~ germany", ["EXP-1"]),
        ("priority = High OR (labels = filing AND status = Done)", ["EXP-3", "EXP-1"]),
        ("labels = filing OR priority = High AND status = Done", ["EXP-1"]),
        ("labels != filing", []),
    ],
)
def test_a_query_finds_what_jira_would(filled: Running, jql: str, keys: list[str]) -> None:
    assert found(filled, jql) == keys


@pytest.mark.parametrize(
    ("jql", "words"),
    [
        ("", "Unbounded"),
        ("ORDER BY created", "Unbounded"),
        ("project EXP", "Expecting operator"),
        ("project = ", "Expecting either a value"),
        ("project = EXP AND", "Expecting a field name"),
        ("(project = EXP", "Expecting ')'"),
        ("project = EXP labels = x", "Expecting either 'OR' or 'AND'"),
        ("project = NOPE", "The value 'NOPE' does not exist"),
        ("colour = red", "Field 'colour' does not exist"),
        ("labels = a.b", "reserved JQL character"),
        ("labels = and", "reserved JQL word"),
        ('labels = "open', "reserved JQL character"),
        ("status = Ready", "does not exist for the field 'status'"),
        ("key = EXP-99", "does not exist"),
        ("assignee = mei", "does not exist"),
        ("summary = iris", "not supported"),
        ("labels > a", "not supported"),
        ('updated >= "2026-12-01T08:00"', "Valid formats"),
        ("updated >= yesterday", "Valid formats"),
        ("project = EXP ORDER BY colour", "Not able to sort"),
        ("project = EXP ORDER labels", "Expecting 'by'"),
        ("labels was x", "Expecting operator"),
        ("labels in x", "Expecting '('"),
        ("labels is x", "Expecting 'empty'"),
    ],
)
def test_a_query_that_cannot_be_read_is_400_with_the_reason(filled: Running, jql: str, words: str) -> None:
    with pytest.raises(JIRAError) as refused:
        filled.client().search_issues(jql)
    assert refused.value.status_code == 400
    assert words in refused.value.text


def test_absolute_times_are_read_in_the_accounts_time_zone(serve: Serve) -> None:
    from tests.adapters.sandbox_jira.conftest import BOT, JiraUser  # noqa: PLC0415

    site = serve(users=(JiraUser("712020:bot", "Bot", BOT, "bot", "Asia/Shanghai"),))
    site.create()
    assert found(site, 'created >= "2026/12/01 15:59" AND created <= "2026/12/01 16:01"') == ["EXP-1"]
    assert found(site, 'created <= "2026/12/01 08:01"') == []


def test_pages_are_turned_by_token_with_get_and_post(site: Running) -> None:
    for number in range(5):
        site.create(str(number))
    client = site.client()
    page = client.enhanced_search_issues("project = EXP ORDER BY key", maxResults=2, fields="summary")
    last = client.enhanced_search_issues(
        "project = EXP ORDER BY key", maxResults=4, fields=["summary"], nextPageToken=page.nextPageToken, use_post=True
    )
    assert [issue.key for issue in (*page, *last)] == ["EXP-1", "EXP-2", "EXP-3", "EXP-4", "EXP-5"]
    assert last.nextPageToken is None


def test_a_page_token_of_another_query_is_refused(site: Running) -> None:
    site.create()
    site.create()
    token = site.client().enhanced_search_issues("project = EXP", maxResults=1).nextPageToken
    for wrong in (token, "rubbish", "cnViYmlzaA=="):
        answer = site.call("POST", "/rest/api/3/search/jql", {"jql": "labels = x", "nextPageToken": wrong})
        assert answer.status_code == 400


def test_without_fields_a_search_answers_ids_alone(site: Running) -> None:
    site.create()
    assert site.call("POST", "/rest/api/3/search/jql", {"jql": "project = EXP"}).json()["issues"] == [{"id": "10001"}]


def test_the_removed_search_answers_410(site: Running) -> None:
    assert site.call("GET", "/rest/api/3/search?jql=project=EXP").status_code == 410


def test_a_count_is_told(site: Running) -> None:
    site.create()
    assert site.client().approximate_issue_count("project = EXP") == 1


def test_search_lags_behind_for_new_and_for_changed_issues(serve: Serve) -> None:
    site = serve(search_lag=30)
    site.create(labels=["fd-1"])
    assert found(site, "labels = fd-1") == []
    assert site.client().issue("EXP-1").fields.labels == ["fd-1"]
    site.clock.forward(seconds=30)
    assert found(site, "labels = fd-1") == ["EXP-1"]
    site.call("PUT", "/rest/api/3/issue/EXP-1", {"fields": {"labels": ["fd-2"]}})
    assert (found(site, "labels = fd-1"), found(site, "labels = fd-2")) == (["EXP-1"], [])
    site.clock.forward(seconds=30)
    assert (found(site, "labels = fd-1"), found(site, "labels = fd-2")) == ([], ["EXP-1"])


def test_reconciled_issues_are_searched_as_they_are(serve: Serve) -> None:
    site = serve(search_lag=30)
    site.create(labels=["fd-1"])
    issues = site.client().enhanced_search_issues("labels = fd-1", reconcileIssues=[10001], fields="labels")
    assert [issue.key for issue in issues] == ["EXP-1"]


def test_people_are_found_by_name_or_e_mail_even_where_the_e_mail_is_hidden(site: Running) -> None:
    client = site.client()
    assert [user.displayName for user in client.search_users(query="lin")] == ["Mei Lin"]
    hidden = client.search_users(query="tom@example.com")
    assert [user.displayName for user in hidden] == ["Tom Okafor"]
    assert not hasattr(hidden[0], "emailAddress")
    assert client.search_users(query="gina") == []
    assert site.call("GET", "/rest/api/3/user/search?username=mei").status_code == 400
    assert site.call("GET", f"/rest/api/3/user?accountId={MEI.account_id}").json()["displayName"] == "Mei Lin"
    assert site.call("GET", "/rest/api/3/user?accountId=nobody").status_code == 404
