"""Whatever is said fits Slack's limits, nothing is lost in silence, and no words of anybody can call people."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block as SdkBlock

from bot.adapters.slack_blocks import BLOCK_LIMIT, MESSAGE_LIMIT, button, fits, harmless, message_blocks, message_text, plain
from bot.replies import Choice, Menu, Option, Part, Reply
from bot.sandbox.slack_blocks import wrong_blocks

WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=120)
NASTY = st.sampled_from(["<!channel>", "<!here|x>", "<@U0MEI>", "<#C0ROOM|x>", "<!subteam^S1>", "<!date^1^{date}|x>", "a<b",
                         "R&D", "&lt;!channel&gt;", "<https://example.com/?a=1&b=2|Source & more>",
                         "<javascript:alert(1)|x>", "*", "```"])
LONG = st.builds(lambda piece, count: piece * count, st.sampled_from(["word ", "一二三", "&<>", "line\n", "<!channel>", '"']),
                 st.integers(1, 1500))
TEXT = st.one_of(WORDS, NASTY, LONG, st.lists(st.one_of(WORDS, NASTY), max_size=4).map(" ".join))
CHOICES = st.lists(
    st.builds(Choice, st.sampled_from(["scope_why", "reminder_done"]), TEXT, st.text("abc-1", max_size=40),
              st.sampled_from(["", "primary", "danger"]), st.one_of(st.just(""), TEXT)), max_size=30).map(tuple)
FEW = st.lists(st.builds(Choice, st.just("reminder_done"), WORDS, st.text("R-1", max_size=9)), max_size=3).map(tuple)
PARTS = st.lists(st.builds(Part, TEXT, FEW), max_size=60).map(tuple)
ENTRIES = st.lists(st.builds(Option, st.text("F-1.N", min_size=1, max_size=20), TEXT), max_size=120).map(tuple)
MENUS = st.lists(st.builds(Menu, st.just("task"), TEXT, ENTRIES), max_size=2).map(tuple)
REPLIES = st.builds(
    Reply, TEXT, st.lists(TEXT, max_size=12).map(tuple), st.lists(TEXT, max_size=60).map(tuple), TEXT, CHOICES, PARTS,
    st.sampled_from(["", "good", "warn", "stop"]), MENUS)
OFTEN = settings(max_examples=80, deadline=None, phases=[Phase.explicit, Phase.generate, Phase.shrink],
                 suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def shown(blocks: list[dict[str, Any]]) -> str:
    """All mrkdwn a person reads."""
    texts = [block["text"]["text"] for block in blocks if block["type"] == "section"]
    return "\n".join(texts + [block["elements"][0]["text"] for block in blocks if block["type"] == "context"])


def buttons(blocks: list[dict[str, Any]]) -> list[str]:
    elements = [element for block in blocks if block["type"] == "actions" for element in block["elements"]]
    return [element["value"] for element in elements if element["type"] == "button"]


@pytest.mark.parametrize(("said", "drawn"), [
    ("船期*差118天*。", "船期|*差118天*|。"), ("*逾期：*先办 A1", "*逾期：*|先办 A1"),
    ("用 `/shipment list` 列出", "用 `/shipment list` 列出"),
    ("写`list`或~旧~", "写|`list`|或|~旧~"), ("late *by 5* days, SLACK_BOT_TOKEN", "late *by 5* days, SLACK_BOT_TOKEN"),
    ("3 * 4 台，* 不是", "3 * 4 台，* 不是"), ("*一*\n*二*", "*一*\n*二*")])
def test_bold_beside_chinese_gets_a_boundary_slack_knows_and_all_else_stays_as_it_is(said: str, drawn: str) -> None:
    assert harmless(said) == drawn.replace("|", "\u200b")
    assert harmless(harmless(said)) == harmless(said)


@OFTEN
@given(REPLIES)
def test_any_reply_fits_slacks_limits(reply: Reply) -> None:
    blocks = message_blocks(reply)
    assert blocks
    assert wrong_blocks(blocks) == []
    assert fits(blocks)
    for block in SdkBlock.parse_all(blocks):
        block.validate_json()
    assert 1 <= len(message_text(reply)) <= 3000


@settings(OFTEN, max_examples=40)
@given(REPLIES)
def test_any_reply_passes_the_published_schema(checker: Any, reply: Reply) -> None:
    assert checker({"type": "section", "text": 5}, "KnownBlock"), "the schema is not really applied"
    for block in message_blocks(reply):
        assert checker(block, "KnownBlock") == []


@OFTEN
@given(REPLIES)
def test_nothing_in_angle_brackets_but_web_links_ever_reaches_slack(reply: Reply) -> None:
    for text in (shown(message_blocks(reply)), message_text(reply)):
        rest = re.sub(r"<https?://[^<>|\s]+\|[^<>|\n]+>", "", text)
        assert "<" not in rest
        assert ">" not in rest
        assert re.findall(r"&(?!amp;|lt;|gt;)", rest) == []


@OFTEN
@given(TEXT)
def test_making_harmless_twice_is_making_harmless_once(text: str) -> None:
    assert harmless(harmless(text)) == harmless(text)


@pytest.mark.parametrize(
    ("said", "sent"),
    [
        ("<!channel> look", "&lt;!channel&gt; look"),
        ("ask <@U0MEI>", "ask &lt;@U0MEI&gt;"),
        ("in <#C0ROOM|sales>", "in &lt;#C0ROOM|sales&gt;"),
        ("3 < 4 & 5 > 4", "3 &lt; 4 &amp; 5 &gt; 4"),
        ("typed in Slack: &lt;!here&gt; R&amp;D", "typed in Slack: &lt;!here&gt; R&amp;D"),
        ("<https://example.com/a?b=1&c=2|The source>", "<https://example.com/a?b=1&amp;c=2|The source>"),
        ("<mailto:x@example.com|x>", "&lt;mailto:x@example.com|x&gt;"),
        ("<https://example.com|x", "&lt;https://example.com|x"),
        ("*bold* _it_ `code` ~no~", "*bold* _it_ `code` ~no~"),
        ("bell\x07 and\x00 null", "bell and null"),
    ],
)
def test_words_are_read_and_call_nobody(said: str, sent: str) -> None:
    assert harmless(said) == sent


def test_plain_words_are_not_turned_into_mentions_by_slack() -> None:
    blocks = message_blocks(Reply("@channel look", lines=("#sales",), note="@here"))
    assert all(block["text"]["verbatim"] for block in blocks if block["type"] == "section")
    assert blocks[-1]["elements"][0]["verbatim"]


def test_the_words_of_a_question_appear_as_they_were_typed_and_notify_nobody() -> None:
    reply = Reply("Needs review", lines=("The reader understood “<!channel>” as a product",))
    assert "“&lt;!channel&gt;”" in shown(message_blocks(reply))
    assert "“&lt;!channel&gt;”" in message_text(reply)


def test_a_cut_tears_no_link_and_no_escape() -> None:
    for offset in range(12):
        text = "x" * (2990 + offset) + "<https://example.com/long|Source>" + "&" * 30
        said = message_blocks(Reply("", lines=(text,)))[0]["text"]["text"]
        assert len(said) <= 3000
        assert said.endswith("…")
        assert re.search(r"(<[^>]*|&\w*)…$", said) is None


def test_every_line_of_a_long_plan_is_there() -> None:
    bullets = tuple(f"N{number} " + "a task with a rather long title " * 4 for number in range(60))
    said = shown(message_blocks(Reply("Plan", bullets=bullets)))
    assert all(f"• N{number} " in said for number in range(60))


def test_a_bundle_of_reminders_keeps_every_button_while_there_is_room() -> None:
    parts = tuple(Part(f"Reminder {number} about something", (Choice("reminder_done", "Done", f"R-{number}"),
                                                               Choice("reminder_snooze", "Snooze", f"R-{number}"),
                                                               Choice("reminder_not_mine", "Not mine", f"R-{number}")))
                  for number in range(15))
    assert len(buttons(message_blocks(Reply("15 things are due", parts=parts)))) == 45


def test_in_a_bundle_too_large_all_words_stay_and_the_first_keep_their_buttons() -> None:
    def bundle(open_from: int) -> Reply:
        done = [(Choice("reminder_done", "Done", f"R-{number}"),) * 3 if number >= open_from else () for number in range(40)]
        return Reply("Due", parts=tuple(Part(f"Reminder-{number} about something", done[number]) for number in range(40)))

    blocks = message_blocks(bundle(0))
    assert all(f"Reminder-{number} " in shown(blocks) for number in range(40))
    assert buttons(blocks)[0] == "R-0"
    assert 10 < len(set(buttons(blocks))) < 40
    answered = message_blocks(bundle(25))
    assert set(buttons(answered)) == {f"R-{number}" for number in range(25, 40)}, "answered ones give their room to the next"


def test_what_no_message_can_hold_is_counted_and_the_rest_stays() -> None:
    reply = Reply("Title", lines=tuple(f"{number} " + "x" * 700 for number in range(30)), note="small print",
                  choices=(Choice("scope_why", "Why?", "D-1"),))
    blocks = message_blocks(reply)
    said = shown(blocks)
    left_out = int(re.search(r"… \(\+(\d+)\)", said)[1])  # type: ignore[index]
    there = sum(f"{number} xxx" in said for number in range(30))
    assert there + left_out == 30
    assert buttons(blocks) == ["D-1"]
    assert said.endswith("small print")


def test_an_empty_reply_is_still_a_message() -> None:
    for reply in (Reply(""), Reply("  ", lines=("", " "), bullets=("",), parts=(Part(""),))):
        assert wrong_blocks(message_blocks(reply)) == []
        assert message_text(reply) == "…"


def test_a_button_without_words_shows_an_ellipsis() -> None:
    assert plain("  ")["text"] == "…"


def test_a_button_that_carries_too_much_is_refused_with_its_name() -> None:
    with pytest.raises(ValueError, match="'publish_list' carries 2001 characters"):
        button(Choice("publish_list", "Publish", "v" * 2001), 0)


def test_buttons_of_one_row_have_different_ids_and_keep_their_door() -> None:
    row = message_blocks(Reply("x", choices=(Choice("scope_fact", "Yes", "1"), Choice("scope_fact", "No", "2"))))[-1]
    assert [element["action_id"] for element in row["elements"]] == ["scope_fact:0", "scope_fact:1"]


def test_a_headline_of_two_lines_is_bold_in_both() -> None:
    assert shown(message_blocks(Reply("one\ntwo", tone="stop"))) == ":red_circle: *one*\n*two*"


def test_a_headline_with_a_star_of_its_own_is_not_wrapped_in_more() -> None:
    assert shown(message_blocks(Reply("FaceGate*300"))) == "FaceGate*300"


def test_readers_without_blocks_are_told_the_parts_and_the_caveat() -> None:
    reply = Reply("Head", ("line",), ("bullet",), "reported, not official", parts=(Part("part"),))
    assert message_text(reply).splitlines() == ["Head", "line", "bullet", "part", "reported, not official"]


def test_chinese_text_counts_by_characters() -> None:
    blocks = message_blocks(Reply("题", lines=tuple("安全评估" * 100 for _ in range(20))))
    assert len(json.dumps(blocks, ensure_ascii=False)) <= MESSAGE_LIMIT
    assert len(blocks) <= BLOCK_LIMIT
    assert shown(blocks).count("安全评估") == 2000


def test_a_menu_offers_every_task_of_a_plan_beside_its_words() -> None:
    entries = tuple(Option(f"F-12.N{number}", f"○ N{number} · {'Product scope review ' * 4}") for number in range(30))
    bullets = tuple(f"○ *N{number}* {'words ' * 15}" for number in range(30))
    reply = Reply("Plan", bullets=bullets, menus=(Menu("task", "Task", entries),))
    menus = [element for block in message_blocks(reply) if block["type"] == "actions" for element in block["elements"]]
    assert [option["value"] for option in menus[0]["options"]] == [entry.value for entry in entries]
    assert Reply.from_row(reply.to_row()) == reply


def test_the_people_a_message_is_for_are_called_and_nobody_else_can_be() -> None:
    reply = Reply("Hold <@U99> <!channel>", note="small", calls=("U1", "W2", "!channel", "C1", "U1>", ""))
    said = json.dumps(message_blocks(Reply.from_row(reply.to_row())), ensure_ascii=False)
    assert message_blocks(reply)[-1]["elements"][0]["text"] == "<@U1> <@W2>"
    assert "<!channel>" not in said
    assert "<@U99>" not in said


def test_a_message_for_nobody_in_particular_calls_nobody() -> None:
    assert "<@" not in json.dumps(message_blocks(Reply("Hold", note="small")))
