"""What only the Jira tracker does: lost answers, lagging search, sign-in, create metadata, people, links."""

from __future__ import annotations

import json
import logging
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
import requests

from bot.adapters.jira_tracker import JiraAccess, JiraTracker
from bot.errors import Gone, OutcomeUnknown, Refused, TryLater
from bot.ports import TicketDraft
from bot.sandbox.faults import Fault
from bot.sandbox.jira_options import CustomField, IssueType, JiraOptions, JiraUser, Project
from tests.adapters.tracker.atlassian import MISSING, check, specs, watched_requests
from tests.adapters.tracker.jira_site import BROWSED_AT, Hand
from tests.adapters.tracker.scripted_server import Answer, scripted_server

DRAFT = TicketDraft(label="fd-F-12", summary="F-12", description="Opened from D-7.")
SUBTASKS = [TicketDraft(label=f"fd-F-12-{n}", summary=f"Task {n}", description="", parent="EXP-1") for n in range(3)]
FLAVOURS = ("cloud", "server")


@pytest.fixture
def clock():
    return Hand()


@pytest.fixture
def seen():
    with watched_requests() as watched:
        yield watched


@pytest.fixture
def jira(jira_host, clock, seen):
    """Makes a tracker on a fresh site: jira(options, **access) -> (site, tracker)."""
    opened = []

    def make(options=JiraOptions(), **access):  # noqa: B008  # frozen
        place = jira_host.jira(options, clock)
        site = place.__enter__()
        tracker = JiraTracker(site.access(**access), clock.now)
        opened.append((place, tracker))
        return site, tracker

    yield make
    for place, tracker in opened:
        tracker.close()
        place.__exit__(None, None, None)


def unmapped(tracker, *, subtask=False):
    """The required fields nothing fills."""
    return [each for each in tracker.asks(subtask) if each.required and not each.filled]


def labels(site):
    return [issue["fields"]["labels"] for issue in site.issues()]


# --- Atlassian's document ---------------------------------------------------------------------------------------


def test_atlassians_documents_are_here_and_reject_a_wrong_request():
    if specs() is None:
        pytest.skip(MISSING)
    wrong = requests.Request("POST", "https://x.example.com/rest/api/3/issue/EXP-1/remotelink", json={"globalId": 7})
    with pytest.raises(Exception, match="Request body validation error"):
        check(wrong.prepare())
    deprecated = requests.Request("GET", "https://x.example.com/rest/api/3/search", params={"jql": "x"})
    with pytest.raises(AssertionError, match="deprecated"):
        check(deprecated.prepare())


# --- once, ever -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_create_whose_answer_is_lost_made_one_ticket_that_is_found(jira, seen, flavour):
    site, tracker = jira(JiraOptions(flavour=flavour))
    site.faults.order("jira", Fault("drop_response"))
    with pytest.raises(OutcomeUnknown):
        tracker.create(DRAFT)
    assert labels(site) == [["fd-F-12"]]
    assert len(seen.sent("POST", "/issue")) == 1
    assert tracker.find("fd-F-12") == ["EXP-1"]


def test_a_create_answered_too_late_made_one_ticket_that_is_found(jira):
    site, tracker = jira(timeout=(1.0, 0.2))
    site.faults.order("jira", Fault("delay", seconds=0.5))
    with pytest.raises(OutcomeUnknown):
        tracker.create(DRAFT)
    assert tracker.find("fd-F-12") == ["EXP-1"]


def test_sub_tasks_whose_answer_is_lost_exist_once_and_are_found(jira):
    site, tracker = jira()
    tracker.create(DRAFT)
    site.faults.order("jira", Fault("drop_response", match="POST /rest/api/3/issue/bulk"))
    with pytest.raises(OutcomeUnknown):
        tracker.create_all(SUBTASKS)
    assert len(labels(site)) == 4
    assert [tracker.find(each.label) for each in SUBTASKS] == [["EXP-2"], ["EXP-3"], ["EXP-4"]]


def test_a_connection_that_breaks_before_the_work_makes_nothing_and_still_counts_as_unknown(jira):
    site, tracker = jira()
    site.faults.order("jira", Fault("disconnect"))
    with pytest.raises(OutcomeUnknown):
        tracker.create(DRAFT)
    assert site.issues() == []


@pytest.mark.parametrize("retry_after", ["120", "1.5"])
def test_being_asked_to_wait_makes_nothing_and_tells_how_long(jira, retry_after):
    site, tracker = jira()
    site.faults.order("jira", Fault("status_429", retry_after=retry_after))
    with pytest.raises(TryLater) as caught:
        tracker.create(DRAFT)
    assert caught.value.after_seconds == float(retry_after)
    assert site.issues() == []


def test_a_web_page_instead_of_an_answer_is_no_crash(jira):
    site, tracker = jira()
    site.faults.order("jira", Fault("status_503"))
    with pytest.raises(OutcomeUnknown, match="503"):
        tracker.create(DRAFT)
    site.faults.order("jira", Fault("status_503", match="search/jql"))
    with pytest.raises(TryLater, match="503"):
        tracker.find("fd-F-12")


def test_a_lagging_search_finds_nothing_first_and_the_ticket_itself_is_there_at_once(jira, clock):
    _, tracker = jira(JiraOptions(search_lag=60.0))
    key = tracker.create(DRAFT)
    assert tracker.find("fd-F-12") == []
    assert tracker.get(key).summary == "F-12"
    clock.wait(seconds=61)
    assert tracker.find("fd-F-12") == [key]


def test_a_comment_whose_answer_is_lost_is_not_said_twice(jira):
    site, tracker = jira()
    tracker.create(DRAFT)
    site.faults.order("jira", Fault("drop_response"))
    with pytest.raises(OutcomeUnknown):
        tracker.comment("EXP-1", "ETD moved.", "e1")
    tracker.comment("EXP-1", "ETD moved.", "e1")
    assert len(site.issues()[0]["comments"]) == 1


def test_a_backlink_that_fails_does_not_make_the_ticket_look_failed(jira):
    site, tracker = jira()
    site.faults.order("jira", Fault("status_429", match="remotelink"))
    assert tracker.create(replace(DRAFT, backlink="https://slack.example.com/p1")) == "EXP-1"
    assert site.issues()[0]["links"] == []


def test_writing_too_much_to_one_ticket_is_asked_to_wait(jira, clock):
    _, tracker = jira(JiraOptions(write_limit=True))
    tracker.create(DRAFT)
    with pytest.raises(TryLater) as caught:
        for number in range(25):
            tracker.link("EXP-1", "https://x.example.com", "x", str(number))
    assert caught.value.after_seconds


# --- sign-in and permissions ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("flavour", "wrong"), [("cloud", {"token": "outworn-7f3"}), ("server", {"pat": "outworn-7f3"})])
def test_a_wrong_token_is_said_in_a_sentence(jira, flavour, wrong):
    _, tracker = jira(JiraOptions(flavour=flavour), **wrong)
    for act in (lambda: tracker.create(DRAFT), lambda: tracker.find("x"), lambda: tracker.asks(False)):
        with pytest.raises(Refused, match=r"does not accept the bot's sign-in .* set a fresh one") as caught:
            act()
        assert "outworn-7f3" not in str(caught.value)


def test_a_missing_permission_is_said_in_a_sentence(jira):
    _, tracker = jira(JiraOptions(denied=("CREATE_ISSUES",)))
    with pytest.raises(Refused, match=r"does not allow the bot's account to create the ticket \(403\)"):
        tracker.create(DRAFT)


def test_a_project_that_vanished_is_refused_by_name(jira):
    _, tracker = jira(project="GONE", issue_type="Task")
    with pytest.raises(Refused) as caught:
        tracker.create(DRAFT)
    assert "project" in str(caught.value)
    with pytest.raises(Refused, match="GONE"):
        tracker.find("fd-F-12")


# --- create metadata --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_required_field_is_named_before_and_when_a_ticket_needs_it(jira, flavour):
    _, tracker = jira(JiraOptions(flavour=flavour, required={"EXP": ("customfield_10050",)}))
    assert [(each.id, each.name) for each in unmapped(tracker)] == [("customfield_10050", "Destination")]
    with pytest.raises(Refused) as caught:
        tracker.create(DRAFT)
    assert list(caught.value.fields) == ["customfield_10050"]
    assert "customfield_10050" in str(caught.value)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_required_field_that_is_mapped_is_sent_with_tickets_and_sub_tasks(jira, flavour):
    options = JiraOptions(flavour=flavour, required={"EXP": ("customfield_10050",)})
    site, tracker = jira(options, fields={"customfield_10050": "see labels", "priority": {"name": "High"}})
    assert unmapped(tracker) == []
    tracker.create(DRAFT)
    assert all(isinstance(key, str) for key in tracker.create_all(SUBTASKS))
    assert {issue["fields"]["customfield_10050"] for issue in site.issues()} == {"see labels"}


def test_a_value_the_field_does_not_offer_is_refused_for_each_sub_task(jira):
    office = CustomField("customfield_10060", "Office", "option", ("Shenzhen",))
    site, tracker = jira(JiraOptions(custom_fields=(office,)))
    tracker.create(DRAFT)
    wrong = JiraTracker(site.access(fields={"customfield_10060": {"value": "Atlantis"}}))
    results = wrong.create_all(SUBTASKS)
    wrong.close()
    assert [list(result.fields) for result in results] == [["customfield_10060"]] * 3


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_the_sub_task_type_is_found_whatever_the_site_calls_it(jira, flavour):
    types = (IssueType("7", "Epos"), IssueType("8", "Aufgabe"), IssueType("9", "Unteraufgabe", subtask=True))
    site, tracker = jira(JiraOptions(flavour=flavour, types=types), issue_type="Aufgabe")
    tracker.create(DRAFT)
    tracker.create_all(SUBTASKS)
    assert [issue["type"] for issue in site.issues()] == ["8", "9", "9", "9"]


def test_a_project_without_a_sub_task_type_is_refused_in_a_sentence(jira):
    _, tracker = jira(JiraOptions(types=(IssueType("1", "Task"),)))
    tracker.create(DRAFT)
    with pytest.raises(Refused, match=r"project EXP has no sub-task type the bot may create"):
        tracker.create_all(SUBTASKS)


def test_a_sub_task_is_sent_only_the_extra_fields_its_screen_has():
    extra = {"priority": {"name": "High"}, "components": [{"name": "Security devices"}]}
    with scripted_server() as script:
        tracker = JiraTracker(replace(access(script.address), fields=extra))
        script.say(
            Answer(body={"issueTypes": [{"id": "9", "name": "Sub-task", "subtask": True}], "total": 1}),
            Answer(body={"fields": [{"fieldId": "priority", "name": "Priority"}], "total": 1}),
            Answer(201, {"issues": [{"key": "EXP-2"}], "errors": []}),
        )
        assert tracker.create_all(SUBTASKS[:1]) == ["EXP-2"]
        tracker.close()
    sent = json.loads(script.seen[-1][2])["issueUpdates"][0]["fields"]
    assert sent["priority"] == {"name": "High"}
    assert "components" not in sent


def test_the_metadata_is_read_once(jira, seen):
    _, tracker = jira()
    for _ in range(3):
        tracker.create(DRAFT)
    asked = [request.url for request in seen.requests]
    assert sum("createmeta" in url for url in asked) == 1
    assert sum("serverInfo" in url for url in asked) == 1


# --- text, people, links ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "access", "kind"),
    [
        (JiraOptions(), {}, dict),
        (JiraOptions(), {"api_version": "2"}, str),
        (JiraOptions(flavour="server"), {}, str),
    ],
)
def test_the_description_is_a_document_on_v3_and_markup_on_v2(jira, seen, options, access, kind):
    _, tracker = jira(options, **access)
    tracker.create(replace(DRAFT, description="- one\n- two"))
    assert isinstance(seen.sent("POST", "/issue")[0]["fields"]["description"], kind)


@pytest.mark.parametrize(("flavour", "assigned"), [("cloud", {"accountId": "712020:mei"}), ("server", {"name": "mlin"})])
def test_a_person_is_named_as_the_site_names_people_and_looked_up_once(jira, seen, flavour, assigned):
    mei = JiraUser("712020:mei", "Mei Lin", "mei@exporter.example.com", "mlin")
    _, tracker = jira(JiraOptions(flavour=flavour, users=(mei,)))
    for email in ("mei@exporter.example.com", "Mei@Exporter.example.com"):
        tracker.create(replace(DRAFT, assignee_email=email))
    assert [body["fields"]["assignee"] for body in seen.sent("POST", "/issue")] == [assigned] * 2
    assert len(seen.sent("GET", "/user/assignable/search")) == 1


def test_who_cannot_be_assigned_is_told_and_nobody_takes_the_place(jira):
    like_her = JiraUser("1", "mei@exporter.example.com's deputy", "deputy@exporter.example.com")
    twins = (
        JiraUser("2", "zoe", "zoe@a.example.com", email_visible=False),
        JiraUser("3", "zoe", "zoe@a.example.com", email_visible=False),
    )
    site, tracker = jira(JiraOptions(users=(like_her, *twins)))
    for email in ("mei@exporter.example.com", "zoe@a.example.com"):
        tracker.create(replace(DRAFT, assignee_email=email))
    assert [issue["fields"].get("assignee") for issue in site.issues()] == [None, None]
    assert set(tracker.unmapped_people()) == {"mei@exporter.example.com", "zoe@a.example.com"}


def test_without_the_right_to_browse_people_the_ticket_is_created_unassigned():
    with scripted_server() as script:
        tracker = JiraTracker(replace(access(script.address), issue_type="Task"))
        script.say(Answer(403, {"errorMessages": ["no"]}), Answer(201, {"key": "EXP-1"}))
        assert tracker.create(replace(DRAFT, assignee_email="mei@exporter.example.com")) == "EXP-1"
        assert list(tracker.unmapped_people()) == ["mei@exporter.example.com"]
        tracker.close()
    assert "assignee" not in json.loads(script.seen[-1][2])["fields"]


def test_somebody_who_joined_later_is_no_longer_missing():
    mei = {"accountId": "712020:mei", "emailAddress": "mei@exporter.example.com", "active": True}
    with scripted_server() as script:
        tracker = JiraTracker(replace(access(script.address), issue_type="Task"))
        made = Answer(201, {"key": "EXP-1"})
        script.say(Answer(body=[mei | {"active": False}]), made, Answer(body=[mei]), made)
        told = []
        for _ in range(2):
            tracker.create(replace(DRAFT, assignee_email=mei["emailAddress"]))
            told.append(list(tracker.unmapped_people()))
        tracker.close()
    assert told == [["mei@exporter.example.com"], []]


def test_links_lead_to_the_site_people_browse_not_to_the_address_of_the_api(jira):
    _, tracker = jira()
    assert tracker.get(tracker.create(DRAFT)).url == f"{BROWSED_AT}/browse/EXP-1"


def test_only_tickets_of_the_project_are_found(jira):
    projects = (Project("EXP", "Export", "10000"), Project("LAB", "Lab", "10001"))
    site, tracker = jira(JiraOptions(projects=projects))
    tracker.create(DRAFT)
    other = JiraTracker(site.access(project="LAB"))
    other.create(DRAFT)
    other.close()
    assert tracker.find("fd-F-12") == ["EXP-1"]


def test_what_changed_in_the_minute_before_is_not_missed(jira, clock):
    _, tracker = jira()
    clock.wait(seconds=30)
    tracker.create(DRAFT)
    since = clock.now()
    clock.wait(seconds=59)
    assert [ticket.key for ticket in tracker.changed("fd-F-12", since)] == ["EXP-1"]
    assert [ticket.key for ticket in tracker.changed("fd-F-12", since + timedelta(hours=1))] == ["EXP-1"]


def test_a_question_that_travels_for_seconds_misses_nothing(jira, clock):
    site, tracker = jira()
    key = tracker.create(DRAFT)
    since = clock.now()
    clock.wait(seconds=65)
    asked_earlier = JiraTracker(site.access(), lambda: since + timedelta(seconds=60))
    assert [ticket.key for ticket in asked_earlier.changed("fd-F-12", since)] == [key]
    asked_earlier.close()


def test_every_thread_has_its_own_client(jira):
    _, tracker = jira()
    tracker.create(DRAFT)
    sessions = set()
    threads = [threading.Thread(target=lambda: sessions.add(id(tracker._client._client()._session))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert id(tracker._client._client()._session) not in sessions


def test_nothing_is_logged_that_holds_the_token(jira, caplog):
    caplog.set_level(logging.DEBUG)
    _, tracker = jira(token="expired-secret")
    with pytest.raises(Refused):
        tracker.create(DRAFT)
    assert "expired-secret" not in caplog.text


# --- workflows --------------------------------------------------------------------------------------------------


def in_status(kind, name="Wartet"):
    return {"key": "EXP-1", "fields": {"status": {"name": name, "statusCategory": {"key": kind}}}}


def way(number, kind, **more):
    return {"id": number, "name": f"way {number}", "to": {"statusCategory": {"key": kind}}, **more}


@pytest.mark.parametrize(
    ("ways", "taken"),
    [
        ([way("1", "new"), way("2", "done")], "2"),
        ([way("1", "done", fields={"resolution": {"required": True}}), way("2", "done")], "2"),
        ([way("1", "done", fields={"resolution": {"required": True, "hasDefaultValue": True}}), way("2", "done")], "1"),
        ([way("1", "done", isAvailable=False), way("2", "done")], "2"),
    ],
)
def test_the_transition_is_chosen_by_where_it_leads(ways, taken):
    with scripted_server() as script:
        tracker = JiraTracker(access(script.address))
        script.say(Answer(body=in_status("new")), Answer(body={"transitions": ways}), Answer(204, ""))
        tracker.move("EXP-1", "done")
        tracker.close()
    assert script.seen[-1][2] == f'{{"transition": {{"id": "{taken}"}}}}'


def test_a_workflow_without_such_a_step_is_refused_by_the_names_people_know():
    with scripted_server() as script:
        tracker = JiraTracker(access(script.address))
        script.say(Answer(body=in_status("indeterminate")), Answer(body={"transitions": [way("1", "new")]}))
        with pytest.raises(Refused, match="no step from Wartet to a status that counts as done"):
            tracker.move("EXP-1", "done")
        tracker.close()
    assert [method for method, _, _ in script.seen] == ["GET", "GET"]


def test_a_ticket_that_was_moved_to_another_project_comes_back_under_its_new_key():
    with scripted_server() as script:
        tracker = JiraTracker(access(script.address))
        script.say(Answer(body=in_status("undefined") | {"key": "OPS-9"}))
        ticket = tracker.get("EXP-1")
        tracker.close()
    assert (ticket.key, ticket.status_kind) == ("OPS-9", "new")


def test_a_key_that_is_none_cannot_leave_its_place_in_the_address():
    with scripted_server() as script:
        tracker = JiraTracker(access(script.address))
        script.say(Answer(404))
        with pytest.raises(Gone):
            tracker.get("../serverInfo?x=")
        tracker.close()
    assert script.seen[0][1].startswith("/rest/api/3/issue/..%2FserverInfo%3Fx%3D?")


def access(address):
    return JiraAccess(url=address, project="EXP", email="bot@example.com", token="t")
