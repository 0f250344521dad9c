"""Why Slack did not do it is said in the reader's language, and the English of the rows is what the catalogue has."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from urllib.error import URLError

import pytest
from slack_sdk.errors import SlackApiError

from bot.adapters.slack_errors import WHY, answered
from bot.datafiles.messages import load_messages
from bot.errors import OutcomeUnknown, ServiceError
from bot.replies.trouble import KEPT, kept_trouble, trouble_said

WORDS = load_messages(Path(__file__).parents[3] / "config" / "messages")
TERMS = re.compile(r"SLACK_\w+|Slack|xoxb-|config/manifest\.json|App Home|HTTP|no_idea")


def raised(error: Exception) -> ServiceError:
    def call() -> None:
        raise error

    with pytest.raises(ServiceError) as caught:
        answered(call)
    return caught.value


def refusal(code: str, status: int = 200) -> SlackApiError:
    return SlackApiError("no", SimpleNamespace(status_code=status, data={"ok": False, "error": code}, headers={}))  # type: ignore[arg-type]


ERRORS = [*map(refusal, [*WHY, "no_idea", "ratelimited", "internal_error", "<html>"]), refusal("", 503), refusal("", 500),
          refusal("<html>", 404), URLError(ConnectionRefusedError()), URLError(OSError()), OSError(), ValueError()]


@pytest.mark.parametrize("error", ERRORS, ids=lambda one: str(getattr(one, "response", None) or type(one).__name__)[:60])
def test_a_chinese_reader_is_told_in_chinese_and_an_english_one_as_the_row_keeps_it(error: Exception) -> None:
    found = raised(error)
    assert trouble_said(WORDS, "en", found) == str(found)
    chinese = trouble_said(WORDS, "zh", found)
    assert not re.search(r"[A-Za-z]{2,}", TERMS.sub("", chinese)), chinese
    if found.code not in ("slack_refused", "slack_other_status"):
        assert f"trouble.{found.code}" in KEPT
        assert kept_trouble(WORDS, "zh", str(found)) == chinese


def test_what_no_sentence_is_kept_for_stays_as_it_is() -> None:
    assert kept_trouble(WORDS, "zh", "Slack refused: no_idea.") == "Slack refused: no_idea."
    assert kept_trouble(WORDS, "zh", "") == ""
    assert isinstance(raised(OSError()), OutcomeUnknown)
