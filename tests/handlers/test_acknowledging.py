"""An acknowledgement stays, and a handed-over file is fetched from Slack only, and only so much of it."""

from __future__ import annotations

import pytest
from slack_bolt import BoltResponse

from bot.adapters.slack_files import SlackFiles
from bot.errors import BadInput, Refused, ServiceError, TryLater
from handlers.acknowledging import LastingAck
from tests.adapters.tracker.scripted_server import Answer, scripted_server


def test_what_was_acknowledged_stays_acknowledged() -> None:
    ack = LastingAck()
    assert ack.response is None
    ack("done")
    ack.response = None  # as Bolt does when the listener fails right afterwards
    assert ack.response is not None
    ack.response = BoltResponse(status=500)
    assert ack.response.status == 500


@pytest.mark.parametrize("url", ["https://example.com/a.csv", "http://files.slack.com/a.csv", "https://slack.com.example.com/a.csv",
                                 "https://example.com/.slack.com", "", "file:///etc/passwd"])
def test_the_token_travels_to_slack_only(url: str) -> None:
    with pytest.raises(BadInput, match="not kept in Slack"):
        SlackFiles("xoxb-secret", "https://slack.com/api/").fetch({"name": "a.csv", "url_private": url})


CSV = {"Content-Type": "text/csv"}


@pytest.mark.parametrize(("answer", "error"), [
    (Answer(body="<html>sign in", status=200), Refused), (Answer(body="no", status=403), Refused),
    (Answer(body="", status=302, headers={"Location": "https://example.com/"}), Refused),
    (Answer(hang_up=True), TryLater), (Answer(body="x" * 50, headers=CSV), BadInput)])
def test_what_cannot_be_fetched_is_told_by_kind(answer: Answer, error: type[ServiceError]) -> None:
    with scripted_server() as slack:
        slack.say(answer)
        with pytest.raises(error, match=r"a\.csv"):
            SlackFiles("xoxb-secret", f"{slack.address}/api/", largest=40).fetch(
                {"name": "a.csv", "url_private": f"{slack.address}/files/a.csv"})


def test_a_file_is_fetched_whole_and_one_announced_too_large_is_not_asked_for() -> None:
    with scripted_server() as slack:
        slack.say(Answer(body="number,product", headers=CSV))
        files = SlackFiles("xoxb-secret", f"{slack.address}/api/", largest=40)
        file = {"name": "a.csv", "url_private_download": f"{slack.address}/files/a.csv", "size": 14}
        assert files.fetch(file) == b"number,product"
        with pytest.raises(BadInput, match="larger than"):
            files.fetch(file | {"size": 41})
        assert len(slack.seen) == 1
