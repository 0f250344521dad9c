"""What of a message goes to a ticket: `jira …:` and the words after it, in plain text."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from handlers.comments import SAID, readable
from tests.fakes.desk import BO

OFFICE = SimpleNamespace(know=lambda _user: BO)


@pytest.mark.parametrize(
    ("typed", "filing", "item", "words"),
    [
        ("jira: sent", None, None, " sent"),
        ("Jira N3： 已发", None, "N3", " 已发"),
        ("  JIRA f12 a3r: two\nlines", "f12", "a3r", " two\nlines"),
        ("<@U0BOT> jira F-12: sent", "F-12", None, " sent"),
    ],
)
def test_a_line_that_begins_with_jira_and_a_colon_is_for_the_ticket(typed, filing, item, words) -> None:
    found = SAID.match(typed)
    assert found
    assert (found["filing"], found["item"], found["text"]) == (filing, item, words)


@pytest.mark.parametrize("typed", ["jira is down", "look in jira: there", "A jira: x", "jira A3 paper: none here", "jiras: x"])
def test_other_words_are_not(typed) -> None:
    found = SAID.match(typed)
    assert found is None


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("ask <@U2> or <@U2|bo> &amp; &lt;me&gt;", "ask @Bo or @Bo & <me>"),
        ("see <https://example.com/a?b=1&amp;c=2|the list>", "see the list (https://example.com/a?b=1&c=2)"),
        ("see <https://example.com/a>", "see https://example.com/a"),
        ("in <#C1|sales> <!channel> <!subteam^S1|@ops>", "in sales channel @ops"),
        ("<mailto:x@example.com|x@example.com>", "x@example.com"),
    ],
)
def test_slacks_markup_becomes_plain_words(sent, read) -> None:
    assert readable(OFFICE, sent) == read
