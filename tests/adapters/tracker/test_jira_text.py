"""Plain text as Jira shows it, in ADF and in wiki markup."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.jira_text import LONGEST_TEXT, one_line, to_adf, to_wiki
from tests.adapters.tracker.atlassian import adf_schema

STORY = """Filing F-12 for the face terminal.
Answer D-7, see https://slack.example.com/archives/C1/p1.

Open:
- Self-assessment 自评估
- Ask the customer (https://example.com/a?b=1&c=2)"""


def link(url):
    return {"type": "text", "text": url, "marks": [{"type": "link", "attrs": {"href": url}}]}


def test_paragraphs_lists_and_links_become_an_atlassian_document():
    assert to_adf(STORY) == {
        "type": "doc",
        "version": 1,
        "content": [
            {
                "type": "paragraph",
                "content": [
                    {"type": "text", "text": "Filing F-12 for the face terminal."},
                    {"type": "hardBreak"},
                    {"type": "text", "text": "Answer D-7, see "},
                    link("https://slack.example.com/archives/C1/p1"),
                    {"type": "text", "text": "."},
                ],
            },
            {"type": "paragraph", "content": [{"type": "text", "text": "Open:"}]},
            {
                "type": "bulletList",
                "content": [
                    {
                        "type": "listItem",
                        "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Self-assessment 自评估"}]}],
                    },
                    {
                        "type": "listItem",
                        "content": [
                            {
                                "type": "paragraph",
                                "content": [
                                    {"type": "text", "text": "Ask the customer ("},
                                    link("https://example.com/a?b=1&c=2"),
                                    {"type": "text", "text": ")"},
                                ],
                            }
                        ],
                    },
                ],
            },
        ],
    }


def test_lists_become_wiki_bullets_and_links_stay_bare():
    assert to_wiki("Open:\n- one\n- see https://example.com/a_b_c") == "Open:\n\n* one\n* see https://example.com/a_b_c"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("{code}x{code}", r"\{code\}x\{code\}"),
        ("*bold* and _it_", r"\*bold\* and \_it\_"),
        ("product_name 2026-12-31 self-made", "product_name 2026-12-31 self-made"),
        ("[a|b] !pic.png!", r"\[a\|b\] \!pic.png\!"),
        ("(i) first, (ii) second", r"\(i) first, (ii) second"),
        ("# not a list", r"\# not a list"),
    ],
)
def test_what_people_type_is_not_read_as_wiki_markup(written, kept):
    assert to_wiki(written) == kept


def test_a_link_ends_before_chinese_punctuation():
    assert to_adf("见 https://example.com/规定。完")["content"][0]["content"] == [
        {"type": "text", "text": "见 "},
        link("https://example.com/规定"),
        {"type": "text", "text": "。完"},
    ]


def test_nothing_becomes_an_empty_document():
    assert to_adf(" \n\n ") == {"type": "doc", "version": 1, "content": []}
    assert to_wiki("") == ""


def test_a_very_long_text_is_cut_with_an_ellipsis():
    shown = to_wiki("x" * 100_000)
    assert len(shown) == LONGEST_TEXT
    assert shown.endswith("…")


def test_a_summary_is_one_line_of_at_most_255_characters_and_never_empty():
    assert one_line("two\nlines\tand  blanks") == "two lines and blanks"
    assert len(one_line("长" * 300)) == 255
    assert one_line(" \n") == "—"


@given(st.text(max_size=300) | st.lists(st.sampled_from(["- ", "a", "\n", "https://x.y/", " ", "*", "。"])).map("".join))
def test_whatever_is_written_the_document_is_valid_and_loses_no_word(text):
    document = to_adf(text)
    adf_schema().validate(document)
    assert _letters("".join(_words(document))) == _letters(text)


def _letters(text):
    return [char for char in text if char.isalnum()]


def _words(node):
    yield node.get("text", "")
    for child in node.get("content", []):
        yield from _words(child)
