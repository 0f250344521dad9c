"""What keeps Jira and the desk in step: comments as they stand there, people who hide their address, tickets on the move."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.adapters.jira_text import from_adf
from bot.adapters.jira_tracker import JiraTracker
from bot.ports import TicketDraft
from bot.sandbox.jira_options import JiraOptions, JiraUser, Project
from bot.sandbox.jira_site import keep_quietly, move, site_on
from bot.sandbox.jira_workflow import Actor, add_comment, set_status
from tests.adapters.tracker.atlassian import watched_requests
from tests.adapters.tracker.jira_site import BROWSED_AT, Hand, Site

MEI = JiraUser("712020:mei", "Mei Lin", "mei@exporter.example.com", "mlin")
PROJECTS = (Project("EXP", "Export", "10000"), Project("OPS", "Operations", "10001"))
DRAFT = TicketDraft(label="fd-F-12", summary="F-12", description="", labels=("fd",))
FLAVOURS = ("cloud", "server")


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture(params=FLAVOURS)
def jira(request, jira_host, clock) -> Iterator[tuple[Site, JiraTracker]]:
    with opened(jira_host, clock, request.param) as both:
        yield both


@contextmanager
def opened(host, clock, flavour) -> Iterator[tuple[Site, JiraTracker]]:
    options = JiraOptions(flavour=flavour, users=(MEI,), projects=PROJECTS)
    with watched_requests() as seen, host.jira(options, clock) as site:
        tracker = JiraTracker(site.access(), clock.now)
        tracker.seen = seen
        yield site, tracker
        tracker.close()


def said(site: Site, key: str, **body: object) -> dict:
    here = site_on(site.shelf, site.clock.now)
    return add_comment(Actor(here, "2", MEI.account_id), here.issue(key), {"body": "Read by few.", **body})


def moved(site: Site, key: str, to: str = "OPS") -> str:
    here = site_on(site.shelf, site.clock.now)
    return move(here, here.issue(key), here.project(to), MEI.account_id)


def test_a_comment_for_a_group_or_role_only_stays_in_jira(jira) -> None:
    site, tracker = jira
    key = tracker.create(DRAFT)
    said(site, key, visibility={"type": "role", "value": "Administrators"})
    comment = said(site, key, body="For everybody.")
    assert [(one.text, one.author) for one in tracker.comments(key)] == [("For everybody.", "Mei Lin")]
    assert tracker.comments(key)[0].url == f"{BROWSED_AT}/browse/{key}?focusedCommentId={comment['id']}"


def test_a_changed_comment_leaves_another_mark(jira, clock) -> None:
    site, tracker = jira
    key = tracker.create(DRAFT)
    comment = said(site, key)
    before = tracker.get(key).comment_mark
    clock.wait(minutes=1)
    issue = site_on(site.shelf, site.clock.now).issue(key)
    issue["comments"] = [{**comment, "updated": "2026-11-23T08:01:00.000+0000"}]
    site.shelf.put("jira_issue", issue["id"], issue)
    assert tracker.get(key).comment_mark != before


def test_the_words_of_a_document_are_read_one_block_a_line() -> None:
    mention = {"type": "mention", "attrs": {"id": "712020:mei", "text": "@Mei Lin"}}
    card = {"type": "inlineCard", "attrs": {"url": "https://example.com/report"}}
    document = {"type": "doc", "version": 1, "content": [
        {"type": "paragraph", "content": [mention, {"type": "text", "text": " see "}, card, {"type": "hardBreak"},
                                          {"type": "text", "text": "thanks"}]},
        {"type": "bulletList", "content": [
            {"type": "listItem", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "one"}]}]},
            {"type": "listItem", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "两"}]}]}]},
        {"type": "mediaSingle", "content": [{"type": "media", "attrs": {"id": "x", "type": "file", "collection": ""}}]}]}
    assert from_adf(document) == "@Mei Lin see https://example.com/report\nthanks\none\n两"
    assert from_adf({}) == ""


def test_what_was_moved_to_another_project_is_still_seen_to_change(jira, clock) -> None:
    site, tracker = jira
    key = tracker.create(DRAFT)
    new = moved(site, key)
    since = clock.now()
    clock.wait(minutes=10)
    here = site_on(site.shelf, site.clock.now)
    set_status(Actor(here, "2", MEI.account_id), here.issue(new), "3")
    assert [ticket.key for ticket in tracker.changed("fd", since)] == [new]
    assert tracker.find("fd-F-12") == [], "a new ticket is looked for in the project only"


def test_among_many_a_moved_ticket_comes_back_under_its_new_key_and_a_deleted_one_spoils_nothing(jira) -> None:
    site, tracker = jira
    stays, leaves, dies = (tracker.create(DRAFT) for _ in range(3))
    new = moved(site, leaves)
    site.shelf.remove("jira_issue", site_on(site.shelf, site.clock.now).issue(dies)["id"])
    assert {ticket.key for ticket in tracker.get_all([stays, leaves, dies])} == {stays, new}


def test_many_tickets_cost_few_requests(jira_host, clock) -> None:
    with opened(jira_host, clock, "cloud") as (_, tracker):
        keys = [tracker.create(DRAFT) for _ in range(60)]
        before = len(tracker.seen.requests)
        assert len(tracker.get_all(keys)) == 60
        assert len(tracker.seen.requests) - before == 2


def test_a_history_of_hundreds_of_changes_is_told_whole_with_who_made_them(jira) -> None:
    site, tracker = jira
    key = tracker.create(DRAFT)
    here = site_on(site.shelf, site.clock.now)
    issue = here.issue(key)
    issue["history"] = [{"id": str(n), "author": MEI.account_id, "created": issue["created"],
                         "items": [["summary", None, f"v{n}", None, f"v{n + 1}"]]} for n in range(250)]
    keep_quietly(here, issue)
    told = tracker.history(key)
    assert len(told) == 250
    assert {change.author for change in told} == {MEI.name}
    assert {(change.before, change.after) for change in told} == {(f"v{n}", f"v{n + 1}") for n in range(250)}
