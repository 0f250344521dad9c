"""Every way Jira can fail, met by the real adapter and the flows: a person sees and mends it from Slack, nothing is doubled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from bot.adapters.jira_tracker import JiraTracker
from bot.flows.move_etd import move_etd
from bot.flows.retry_ticket import give_values, retry_all, retry_ticket
from bot.flows.take_up_again import take_up_again
from bot.sandbox.faults import Fault
from bot.sandbox.jira_options import CustomField, JiraOptions, JiraUser, Project
from bot.sandbox.jira_site import site_on
from tests.adapters.tracker.jira_site import BOT, Host, Site, running_host
from tests.fakes.desk import ANA, BO, ETD, PEOPLE, Day
from tests.fakes.fake_chat import actions_of, words_of

OFFICE = CustomField("customfield_10060", "Office", "option", ("Shenzhen", "Guangzhou"))
PROJECTS = (Project("EXP", "Export", "10000"), Project("LAB", "Lab", "10001"))
USERS = (JiraUser("712020:bot", "Filing Desk", BOT), *(JiraUser(f"712020:{one.id}", one.name, one.email) for one in PEOPLE))
LONG = 1000
CREATE, BULK, READ = "POST /rest/api/3/issue", "/issue/bulk", "GET /rest/api/3/issue"


class JiraDay(Day):
    """A day whose tracker is the real adapter before a local Jira."""

    def __init__(self, site_of: Callable[[JiraDay], Site]) -> None:
        super().__init__(tasks=("N1", "N2", "N11"))
        self.site = site_of(self)
        self.connect()

    def connect(self, **access: Any) -> None:
        """A tracker as a start of the process makes it."""
        self.tracker = JiraTracker(self.site.access(timeout=(1.0, 0.25), **access), lambda: self.now)  # type: ignore[assignment]

    def trouble(self, kind: str, match: str = "", count: int = 1, **more: Any) -> None:
        self.site.faults.order("jira", Fault(kind, count, match=match, **more))

    def said(self) -> str:
        return words_of(self.chat.named("filing:F-1")[0].reply)

    def offers(self) -> list[str]:
        return actions_of(self.chat.named("filing:F-1")[0].reply)


class ClockOf:
    """The day's clock for the local Jira."""

    def __init__(self, day: JiraDay) -> None:
        self.now = lambda: day.now


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with running_host() as host:
        yield host


@pytest.fixture
def day(host: Host) -> Iterator[JiraDay]:
    opened: list[Any] = []

    def site_of(day: JiraDay) -> Site:
        options = JiraOptions(projects=PROJECTS, custom_fields=(OFFICE,), users=USERS, search_lag=30.0)
        opened.append(host.jira(options, ClockOf(day)))  # type: ignore[arg-type]  # all it is asked is the time
        return opened[0].__enter__()

    day = JiraDay(site_of)
    yield day
    day.tracker.close()  # type: ignore[attr-defined]
    opened[0].__exit__(None, None, None)


def assert_one_of_each(day: JiraDay, project: str = "EXP") -> None:
    filing = day.filing()
    wanted = Counter([filing.label, *(task.label for task in day.tasks())])
    there = [issue for issue in day.site.issues() if issue["project"] == project]
    assert Counter(issue["fields"]["labels"][0] for issue in there) == wanted
    assert {filing.ticket, *(task.ticket for task in day.tasks())} == {issue["key"] for issue in there}
    assert (filing.state, filing.trouble) == ("open", "")
    assert len(day.chat.named("filing:F-1")) == 1


PASSING = {
    "409": ("status_409", {}), "429": ("status_429", {"retry_after": "7"}),
    "429 for long": ("status_429", {"retry_after": "1847"}),
    "500": ("status_500", {}), "502": ("status_502", {}), "503": ("status_503", {}), "dropped after": ("drop_response", {}),
    "dropped before": ("disconnect", {}), "timeout after": ("delay", {"seconds": 0.4}),
    "timeout before": ("stall", {"seconds": 0.4})}


CASES = [*((name, match) for name in PASSING for match in (CREATE, BULK)), ("429", READ), ("502", READ), ("dropped after", READ)]


@pytest.mark.parametrize(("name", "match"), CASES)
def test_what_passes_by_itself_is_waited_for_and_leaves_one_of_each(day: JiraDay, name: str, match: str) -> None:
    kind, more = PASSING[name]
    day.trouble(kind, match, 2, **more)
    day.open(by=BO)
    day.work()
    day.pass_time(hours=3)
    assert_one_of_each(day)
    assert "retry_ticket" not in day.offers()


@pytest.mark.parametrize("kind", ["status_429", "status_500", "status_503", "disconnect"])
def test_while_it_lasts_the_filings_message_says_so(day: JiraDay, kind: str) -> None:
    day.trouble(kind, "/rest/api/", LONG, retry_after="600")
    day.open(by=ANA)
    day.pass_time(minutes=3)
    assert "Jira" in day.said()
    day.site.faults.clear()
    day.pass_time(hours=3)
    assert_one_of_each(day)


def test_a_wait_given_as_a_date_is_kept(day: JiraDay) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=300), usegmt=True)
    day.trouble("status_429", CREATE, retry_after=until)
    day.open(by=ANA)
    day.pass_time(seconds=290)
    assert day.site.issues() == []
    assert day.phrase("filing.next_try") in day.said()
    day.pass_time(hours=1)
    assert_one_of_each(day)


NEEDING = {"401 expired token": ("status_401", "/rest/api/", "set a fresh one"), "403": ("status_403", CREATE, "permission"),
           "404": ("status_404", CREATE, "project key"), "413": ("status_413", CREATE, "shorten the text"),
           "web page": ("web_page", "/rest/api/", "a web page answers")}


@pytest.mark.parametrize("fault", NEEDING.values(), ids=NEEDING.keys())
def test_what_needs_a_person_is_parked_with_what_to_do_told_to_the_owner_and_mended_by_try_again(
        day: JiraDay, fault: tuple[str, str, str]) -> None:
    kind, match, sentence = fault
    day.trouble(kind, match, LONG)
    day.open(by=ANA)
    day.pass_time(hours=1)
    assert day.filing().state == "parked"
    assert sentence in day.said()
    assert "retry_ticket" in day.offers()
    told, = day.chat.named("parked:F-1:")
    assert (told.channel, sentence in words_of(told.reply)) == (ANA.id, True)
    day.site.faults.clear()
    retry_ticket(day.desk, "F-1", ANA, day.now)
    day.pass_time(hours=1)
    assert_one_of_each(day)


@pytest.mark.parametrize("kind", ["status_401", "status_403", "status_413", "web_page", "status_404"])
def test_a_refusal_met_later_is_parked_and_mended_likewise(day: JiraDay, kind: str) -> None:
    day.open(by=ANA)
    day.work()
    day.trouble(kind, "PUT ", LONG)
    move_etd(day.desk, "F-1", ETD + timedelta(days=7), BO, day.now)
    day.pass_time(seconds=60)
    assert day.filing().state == "parked" or kind == "web_page"  # a write behind a page may have happened: it is repeated
    assert day.filing().trouble
    day.site.faults.clear()
    retry_ticket(day.desk, "F-1", ANA, day.now)
    day.pass_time(hours=1)
    assert_one_of_each(day)
    assert {issue["fields"]["duedate"] for issue in day.site.issues() if "parent" not in issue["fields"]} == {"2026-12-25"}


def test_a_fresh_token_takes_a_restart_and_nothing_else(day: JiraDay) -> None:
    day.connect(token="expired")
    day.open(by=ANA)
    day.work()
    assert day.filing().state == "parked"
    day.connect()
    take_up_again(day.desk, day.now)
    day.pass_time(hours=1)
    assert_one_of_each(day)


def test_a_field_required_since_last_night_is_named_and_given_from_slack(day: JiraDay) -> None:
    day.site.shelf.put("jira_required", "EXP", {"fields": [OFFICE.id]})
    day.open(by=ANA)
    day.work()
    assert dict(day.filing().refused) == {OFFICE.id: "Office is required."}
    assert "edit_ticket" in day.offers()
    give_values(day.desk, "F-1", {OFFICE.id: "Guangzhou"}, ANA, day.now)
    day.pass_time(hours=1)
    assert_one_of_each(day)
    assert {issue["fields"][OFFICE.id]["value"] for issue in day.site.issues()} == {"Guangzhou"}


def test_a_field_required_between_ticket_and_sub_tasks_completes_the_checklist_without_doubling_it(day: JiraDay) -> None:
    day.trouble("status_429", BULK, retry_after="60")
    day.open(by=ANA)
    day.work()
    day.site.shelf.put("jira_required", "EXP", {"fields": [OFFICE.id]})
    day.pass_time(minutes=5)
    assert OFFICE.id in day.filing().refused
    assert len(day.site.issues()) == 1
    give_values(day.desk, "F-1", {OFFICE.id: "Shenzhen"}, ANA, day.now)
    day.pass_time(hours=1)
    assert_one_of_each(day)


def test_a_project_that_vanished_is_said_and_everything_is_made_anew_in_another(day: JiraDay) -> None:
    day.open(by=ANA)
    day.work()
    assert_one_of_each(day)
    for issue in day.site.issues():
        day.site.shelf.remove("jira_issue", issue["id"])
    day.site.shelf.put("jira_vanished", "EXP", {})
    assert site_on(day.site.shelf, lambda: day.now).project("EXP") is None
    move_etd(day.desk, "F-1", ETD + timedelta(days=7), BO, day.now)
    day.work()
    assert day.filing().state == "parked"
    assert "no longer exists" in day.said()
    retry_ticket(day.desk, "F-1", ANA, day.now)
    day.pass_time(hours=1)
    assert day.filing().state == "parked"
    assert "project" in dict(day.filing().refused)
    day.connect(project="LAB")
    assert retry_all(day.desk, BO, day.now, everything=True) == 1
    day.pass_time(hours=1)
    assert_one_of_each(day, "LAB")


def test_somebody_jira_does_not_know_stands_in_the_ticket_in_words(day: JiraDay) -> None:
    with day.store.transaction() as tx:
        row = tx.get("people", BO.id) or {}
        tx.put("people", row | {"email": "bo@elsewhere.example.com"})
    day.open(by=ANA, owner=BO.id)
    day.work()
    ticket = next(issue for issue in day.site.issues() if issue["key"] == day.filing().ticket)
    assert ticket["fields"].get("assignee") is None
    assert "Meant for Bo" in str(ticket["fields"]["description"])


def test_writing_to_one_ticket_stays_within_jiras_limit_per_ticket(host: Host) -> None:
    opened: list[Any] = []

    def site_of(day: JiraDay) -> Site:
        opened.append(host.jira(JiraOptions(users=USERS, write_limit=True), ClockOf(day)))  # type: ignore[arg-type]
        return opened[0].__enter__()

    day = JiraDay(site_of)
    day.open(by=ANA)
    day.work()
    for days in range(1, 14):  # somebody plays with the date: each move writes title and due date within the same moment
        move_etd(day.desk, "F-1", ETD + timedelta(days=7 * days), BO, day.now)
        day.work()
    assert "asked to wait" in day.said()
    day.pass_time(hours=1)
    assert_one_of_each(day)
    ticket = next(issue for issue in day.site.issues() if issue["key"] == day.filing().ticket)
    assert ticket["fields"]["duedate"] == day.filing().etd.isoformat()
    day.tracker.close()  # type: ignore[attr-defined]
    opened[0].__exit__(None, None, None)
