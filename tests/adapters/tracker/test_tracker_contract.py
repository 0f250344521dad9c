"""What every tracker does: the local one, the fake, Jira Cloud by REST v3 and v2, Jira Data Center."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from bot.errors import Gone, Refused
from bot.ports import TicketDraft
from tests.adapters.tracker.benches import ADA, BENCHES, MEI, bench_of

DUE = date(2026, 12, 18)
WORDS = "Opened for face terminal 人脸门禁.\n\nOpen:\n- Self-assessment\n- See https://slack.example.com/archives/C1/p1"


@pytest.fixture(params=BENCHES)
def bench(request, jira_host):
    with bench_of(request.param, jira_host) as bench:
        yield bench


@pytest.fixture
def tracker(bench):
    return bench.tracker


def draft(label="fd-F-12", **changes):
    return TicketDraft(**({"label": label, "summary": "F-12 Face terminal to DE", "description": WORDS} | changes))


def parts(parent, count, **changes):
    return [draft(f"fd-F-12-{number:03d}", parent=parent, **changes) for number in range(count)]


# --- creating ---------------------------------------------------------------------------------------------------


def test_a_created_ticket_shows_what_was_asked_for(tracker, bench):
    key = tracker.create(draft(due=DUE, labels=("fd", "face"), assignee_email=MEI.email))
    ticket = tracker.get(key)
    assert (ticket.key, ticket.summary, ticket.due, ticket.parent) == (key, "F-12 Face terminal to DE", DUE, "")
    assert (ticket.status_kind, ticket.status) == ("new", "To Do")
    assert set(ticket.labels) == {"fd-F-12", "fd", "face"}
    assert (ticket.assignee_email, ticket.assignee_name) == (MEI.email, MEI.name)
    assert ticket.updated == bench.clock.now()


def test_a_ticket_needs_no_more_than_a_label_and_a_summary(tracker):
    ticket = tracker.get(tracker.create(TicketDraft(label="fd-F-1", summary="F-1", description="")))
    assert (ticket.due, ticket.assignee_name, ticket.labels) == (None, "", ("fd-F-1",))


def test_somebody_whose_address_is_hidden_is_still_assigned(tracker):
    assert tracker.get(tracker.create(draft(assignee_email=ADA.email))).assignee_name == ADA.name


def test_somebody_nobody_knows_is_never_replaced_by_another(tracker):
    ticket = tracker.get(tracker.create(draft(assignee_email="nobody@exporter.example.com")))
    assert ticket.assignee_email in {"", "nobody@exporter.example.com"}
    assert ticket.assignee_name in {"", "nobody@exporter.example.com"}


@pytest.mark.parametrize("text", ["{code}*_x_*{code}", "“引号” \"q\" \\ 'x'", "🛂🛂🛂", "\x00\x07bell", "x" * 10_000, ""])
def test_any_text_can_be_a_ticket(tracker, text):
    ticket = tracker.get(tracker.create(draft(summary=text, description=text)))
    assert 0 < len(ticket.summary) <= 10_000


def test_a_backlink_is_kept_as_a_link(tracker, bench):
    key = tracker.create(draft(backlink="https://slack.example.com/archives/C1/p1"))
    assert [url for url, _ in bench.around.links(key).values()] == ["https://slack.example.com/archives/C1/p1"]


# --- sub-tasks --------------------------------------------------------------------------------------------------


def test_sub_tasks_are_created_at_once_and_stand_under_their_parent_in_order(tracker):
    parent = tracker.create(draft())
    keys = tracker.create_all(parts(parent, 3, due=DUE, assignee_email=MEI.email))
    children = tracker.children(parent)
    assert [child.key for child in children] == keys
    assert {(child.parent, child.due, child.assignee_name, child.status_kind) for child in children} == {
        (parent, DUE, MEI.name, "new")
    }


def test_a_single_sub_task_can_be_added(tracker):
    parent = tracker.create(draft())
    key = tracker.create(draft("fd-F-12-1", parent=parent))
    assert [(child.key, child.parent) for child in tracker.children(parent)] == [(key, parent)]


def test_a_ticket_without_sub_tasks_has_none(tracker):
    assert tracker.children(tracker.create(draft())) == []


def test_nothing_asked_is_nothing_created(tracker):
    assert tracker.create_all([]) == []


def test_of_many_only_the_impossible_is_refused(tracker):
    parent = tracker.create(draft())
    good, bad, last = parts(parent, 1)[0], draft("fd-bad", parent="EXP-999"), draft("fd-last", parent=parent)
    first, refused, third = tracker.create_all([good, bad, last])
    assert isinstance(refused, Refused)
    assert refused.fields
    assert [child.key for child in tracker.children(parent)] == [first, third]


def test_more_than_fifty_at_once_are_refused_and_none_is_made(tracker):
    parent = tracker.create(draft())
    with pytest.raises(Refused, match="50"):
        tracker.create_all(parts(parent, 51))
    assert tracker.children(parent) == []


# --- looking ----------------------------------------------------------------------------------------------------


def test_a_ticket_is_found_by_each_of_its_labels_and_by_no_part_of_one(tracker):
    key = tracker.create(draft("fd-F-12", labels=("fd",)))
    tracker.create(draft("fd-F-120"))
    assert tracker.find("fd-F-12") == [key]
    assert tracker.find("fd") == [key]
    assert tracker.find("fd-F") == []


def test_two_tickets_with_one_label_are_found_oldest_first(tracker, bench):
    first = tracker.create(draft())
    bench.clock.wait(minutes=1)
    second = tracker.create(draft())
    bench.clock.wait(minutes=1)
    tracker.move(first, "done")
    assert tracker.find("fd-F-12") == [first, second]


def test_a_label_is_not_read_as_a_query(tracker):
    tracker.create(draft("fd-F-12"))
    assert tracker.find('x" OR labels = "fd-F-12') == []


def test_more_than_a_page_is_found_in_order(tracker):
    parent = tracker.create(draft())
    keys = [key for _ in range(3) for key in tracker.create_all(parts(parent, 40, labels=("fd-all",)))]
    assert tracker.find("fd-all") == keys
    assert [child.key for child in tracker.children(parent)] == keys


ACTS = ("get", "children", "move", "set_due", "retitle", "assign", "history", "comments", "comment", "link")


@pytest.mark.parametrize("act", ACTS)
def test_a_ticket_that_is_not_there_is_gone(tracker, act):
    rest: dict = {"move": ["done"], "retitle": ["x"], "assign": [MEI.email]}
    rest |= {"set_due": [DUE], "retitle": ["x"], "comment": ["text", "m"], "link": ["https://x.example.com", "x", "g"]}
    with pytest.raises(Gone, match="EXP-999"):
        getattr(tracker, act)("EXP-999", *rest.get(act, []))


def test_a_deleted_ticket_is_gone_and_no_longer_found(tracker, bench):
    key = tracker.create(draft())
    bench.around.delete(key)
    with pytest.raises(Gone):
        tracker.get(key)
    assert tracker.find("fd-F-12") == []


def test_what_changed_since_is_told_with_its_label_only(tracker, bench):
    old, moved = tracker.create(draft("fd-1", labels=("fd",))), tracker.create(draft("fd-2", labels=("fd",)))
    other = tracker.create(draft("other"))
    bench.clock.wait(hours=1)
    since = bench.clock.now()
    bench.clock.wait(minutes=10)
    tracker.move(moved, "indeterminate")
    tracker.set_due(other, DUE)
    assert [(ticket.key, ticket.status_kind) for ticket in tracker.changed("fd", since)] == [(moved, "indeterminate")]
    bench.clock.wait(minutes=10)
    tracker.set_due(old, DUE)
    assert [ticket.key for ticket in tracker.changed("fd", since)] == [moved, old]


def test_many_tickets_are_read_at_once_and_those_that_are_gone_are_left_out(tracker, bench):
    parent = tracker.create(draft())
    keys = [key for part in (parts(parent, 40), parts(parent, 25)) for key in tracker.create_all(part)]
    bench.around.delete(keys[7])
    found = {ticket.key: ticket for ticket in tracker.get_all([parent, *keys, "EXP-999"])}
    assert set(found) == {parent, *keys} - {keys[7]}
    assert found[keys[3]] == tracker.get(keys[3])
    assert tracker.get_all([]) == []


# --- changing ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", [["indeterminate"], ["done"], ["indeterminate", "done", "new"], ["done", "new", "done"]])
def test_a_ticket_moves_to_a_status_of_the_kind_asked(tracker, way):
    key = tracker.create(draft())
    for kind in way:
        tracker.move(key, kind)
    assert tracker.get(key).status_kind == way[-1]


def test_moving_to_where_it_is_changes_nothing(tracker, bench):
    key = tracker.create(draft())
    tracker.move(key, "done")
    before = tracker.get(key)
    bench.clock.wait(minutes=5)
    tracker.move(key, "done")
    assert tracker.get(key) == before


def test_a_kind_of_status_that_does_not_exist_is_refused(tracker):
    with pytest.raises(Refused):
        tracker.move(tracker.create(draft()), "finished")


def test_the_due_date_can_be_changed(tracker):
    key = tracker.create(draft(due=DUE))
    tracker.set_due(key, date(2027, 1, 4))
    assert tracker.get(key).due == date(2027, 1, 4)


def test_the_title_can_be_changed_to_any_text(tracker):
    key = tracker.create(draft(due=DUE))
    tracker.retitle(key, "F-12 Face terminal to DE, ETD 4 January\n" + "x" * 300)
    ticket = tracker.get(key)
    assert ticket.summary.startswith("F-12 Face terminal to DE, ETD 4 January")
    assert ticket.due == DUE


def test_a_plain_project_asks_for_nothing_more(tracker):
    assert [field for subtask in (False, True) for field in tracker.asks(subtask) if field.required] == []


def test_a_comment_with_the_same_marker_is_added_once(tracker, bench):
    key = tracker.create(draft())
    for text, marker in [("ETD moved to 4 January.", "e1"), ("ETD moved to 4 January.", "e1"), ("Review started.", "e2")]:
        tracker.comment(key, text, marker)
    assert bench.around.comments(key) == ["ETD moved to 4 January.", "Review started."]


def test_a_ticket_is_given_to_whoever_has_the_e_mail(tracker):
    key = tracker.create(draft(assignee_email=MEI.email))
    assert tracker.assign(key, ADA.email)
    assert tracker.get(key).assignee_name == ADA.name
    assert tracker.get(key).assignee == ADA.email, "though the address is hidden"
    assert tracker.assign(key, ADA.email), "again changes nothing"


def test_a_ticket_stays_with_whom_it_is_when_nobody_has_the_e_mail(tracker):
    key = tracker.create(draft(assignee_email=MEI.email))
    assert not tracker.assign(key, "")
    assert tracker.get(key).assignee == MEI.email


def test_comments_are_told_oldest_first_with_who_wrote_them_and_our_marker_on_our_own(tracker, bench):
    key = tracker.create(draft())
    tracker.comment(key, "ETD moved.", "e1")
    bench.around.say(key, "Which carrier?\nSea or air?")
    told = tracker.comments(key)
    assert [(comment.text, comment.marker) for comment in told] == [("ETD moved.", "e1"), ("Which carrier?\nSea or air?", "")]
    assert told[1].author == MEI.name
    assert told[0].id != told[1].id
    assert {comment.at for comment in told} == {bench.clock.now()}


def test_a_comment_leaves_its_mark_on_the_ticket_and_other_changes_do_not(tracker, bench):
    key = tracker.create(draft())
    before = tracker.get(key)
    tracker.set_due(key, DUE)
    assert (before.comment_mark, tracker.get(key).comment_mark) == ("", "")
    marks = []
    for text in ("one", "two"):
        bench.around.say(key, text)
        marks.append(tracker.get(key).comment_mark)
        assert [ticket.comment_mark for ticket in tracker.get_all([key])] == marks[-1:]
    assert len({"", *marks}) == 3


def test_the_history_tells_each_change_oldest_first_with_before_and_after(tracker, bench):
    key = tracker.create(draft(due=DUE))
    assert tracker.history(key) == []
    began = bench.clock.now()
    tracker.move(key, "indeterminate")
    bench.clock.wait(minutes=2)
    tracker.set_due(key, date(2027, 1, 8))
    tracker.set_due(key, date(2027, 1, 8))  # as it is already: no change
    told = [change for change in tracker.history(key) if change.field in ("status", "duedate")]
    assert [(change.field, change.before, change.after) for change in told] == [
        ("status", "To Do", "In Progress"), ("duedate", "2026-12-18", "2027-01-08")]
    assert told[0].at == began < told[1].at == bench.clock.now()
    assert all(change.author for change in told)


def test_a_link_with_the_same_global_id_is_replaced(tracker, bench):
    key = tracker.create(draft())
    tracker.link(key, "https://slack.example.com/1", "Thread", "thread")
    tracker.link(key, "https://slack.example.com/2", "Thread", "thread")
    tracker.link(key, "https://slack.example.com/3", "Pack", "pack")
    assert bench.around.links(key) == {
        "thread": ("https://slack.example.com/2", "Thread"),
        "pack": ("https://slack.example.com/3", "Pack"),
    }


def test_many_threads_may_use_it_at_once(tracker):
    with ThreadPoolExecutor(6) as threads:
        keys = list(threads.map(lambda number: tracker.create(draft(f"fd-{number}", labels=("fd",))), range(12)))
    assert sorted(tracker.find("fd")) == sorted(keys)
    assert len(set(keys)) == 12
