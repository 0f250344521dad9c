"""The fake fails and lags as it is told, so that flow tests can rely on it."""

from __future__ import annotations

import pytest

from bot.errors import Gone, OutcomeUnknown, Refused, TryLater
from bot.ports import TicketDraft
from tests.fakes.fake_tracker import FakeTracker

DRAFT = TicketDraft(label="fd-F-12", summary="F-12", description="")


@pytest.fixture
def tracker():
    return FakeTracker()


def test_a_fault_before_the_work_leaves_nothing_behind_and_happens_once(tracker):
    tracker.fail_next(TryLater("wait", 120))
    with pytest.raises(TryLater):
        tracker.create(DRAFT)
    assert tracker.tickets == {}
    assert tracker.create(DRAFT) == "EXP-1"


def test_a_fault_after_the_work_leaves_the_ticket(tracker):
    tracker.fail_next(OutcomeUnknown(), after_work=True)
    with pytest.raises(OutcomeUnknown):
        tracker.create(DRAFT)
    assert tracker.find("fd-F-12") == ["EXP-1"]
    assert tracker.called("create") == 1


def test_a_fault_can_wait_for_one_method(tracker):
    tracker.fail_next(TryLater(), on="create_all")
    key = tracker.create(DRAFT)
    with pytest.raises(TryLater):
        tracker.create_all([DRAFT])
    assert list(tracker.tickets) == [key]


def test_a_lagging_search_misses_the_ticket_as_often_as_told(tracker):
    tracker.lag_search(2)
    tracker.create(DRAFT)
    assert [tracker.find("fd-F-12") for _ in range(3)] == [[], [], ["EXP-1"]]


def test_a_refused_label_is_refused_alone_until_it_is_accepted(tracker):
    tracker.refuse_label("fd-F-12")
    refused, key = tracker.create_all([DRAFT, TicketDraft(label="fd-F-13", summary="F-13", description="")])
    assert isinstance(refused, Refused)
    assert key == "EXP-1"
    tracker.accept_label("fd-F-12")
    assert tracker.create(DRAFT) == "EXP-2"


def test_a_deleted_ticket_takes_its_sub_tasks_with_it(tracker):
    parent = tracker.create(DRAFT)
    child = tracker.create(TicketDraft(label="fd-F-12-1", summary="x", description="", parent=parent))
    tracker.delete(parent)
    for key in (parent, child):
        with pytest.raises(Gone):
            tracker.get(key)
