"""Strict YAML: text stays text, mistakes have a place."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.datafiles import rule_shapes as shape
from bot.datafiles.findings import as_github
from bot.datafiles.strict_yaml import KEY, parse, read, shaped
from bot.errors import BadFile, Finding


def mistakes(text, model=None):
    with pytest.raises(BadFile) as caught:
        document = parse(text, "f.yaml")
        shaped(document, model)
    return caught.value.findings


@pytest.mark.parametrize("word", ["NO", "yes", "on", "0123", "1.10", "12:30", "8541.10", "2026-06-01", "1e3", "0x1F", "NaN"])
def test_every_scalar_stays_the_text_it_is(word):
    assert parse(f"a: {word}\nb: [{word}]", "f.yaml").data == {"a": word, "b": [word]}


def test_a_key_with_nothing_behind_it_was_not_given():
    assert parse("a:\nb: ~\nc: null\nd: ''", "f.yaml").data == {"d": ""}


def test_an_empty_file_is_an_empty_mapping():
    assert parse("# only a comment\n", "f.yaml").data == {}


def test_json_is_read_the_same_way():
    assert parse('{"a": ["NO", 1], "b": null}', "f.json").data == {"a": ["NO", "1"]}


def test_a_key_given_twice_is_refused_at_its_second_place():
    assert mistakes("a: 1\nb:\n  c: 1\n  c: 2\n") == ['f.yaml:4:3: "c" is given twice; keep one; the first is on line 3']


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("a: &x [1]\nb: *x", "1:4: this is used again by an alias"),
        ("a: &x [*x]", "alias"),
        ("a: !!python/object/apply:os.system [ls]", "1:4: the tag"),
        ("a: !secret 1", "the tag !secret is not read"),
        ("a: [1, 2", "this is not YAML"),
        ("a:\n\t- 1", "2:1: this is not YAML"),
        ("a: 1\n---\nb: 2", "this is not YAML"),
        ("<<: {a: 1}", "a key must be plain text"),
        ("? [a]\n: 1", "a key must be plain text"),
        ("[" * 60 + "]" * 60, "nested too deeply"),
        ("[" * 20000, "this is not YAML"),
        ("a: \x01", "this is not YAML"),
    ],
)
def test_what_yaml_allows_and_nobody_needs_is_refused(text, part):
    assert part in mistakes(text)[0]


def test_a_file_that_is_not_text_says_on_which_line(tmp_path):
    (tmp_path / "f.yaml").write_bytes(b"a: 1\nb: \xff\xfe\n")
    with pytest.raises(BadFile, match=r"f\.yaml:2:1: this line is not UTF-8 text; save the file as UTF-8"):
        read(tmp_path / "f.yaml", "f.yaml")


def test_a_missing_file_is_said_plainly(tmp_path):
    with pytest.raises(BadFile, match=r"f\.yaml:0:0: this file is missing or cannot be read"):
        read(tmp_path / "nothing.yaml", "f.yaml")


def test_places_count_from_one_and_point_at_the_value():
    document = parse("a: 1\nb:\n  - c: xyz\n  - d\n", "f.yaml")
    assert [document.place(where) for where in (["a"], ["b", 0, "c"], ["b", 0, "c", KEY], ["b", 1])] == [
        (1, 4), (3, 8), (3, 5), (4, 5),
    ]  # fmt: skip


def test_a_missing_key_is_placed_at_its_parent():
    assert parse("a:\n  b: 1\n", "f.yaml").place(["a", "zzz", 3]) == (1, 1)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_place_never_with_a_traceback(text):
    try:
        parse(text, "f.yaml")
    except BadFile as error:
        assert all(finding.startswith("f.yaml:") for finding in error.findings)


CLAUSE = """clauses:
  - id: R1
    text: {en: a, zh: 甲}
    source: {en: b, zh: 乙}
    grade: C
    since: 2026-05-08
    verification: {status: unverified}
"""


def test_a_well_shaped_file_is_read():
    assert shaped(parse(CLAUSE, "f.yaml"), shape.ClausesFile).clauses[0].id == "R1"


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("grade: C", "grad: C", 'f.yaml:5:5: unknown key "grad"; did you mean "grade"?'),
        ("grade: C", "grade: D", 'f.yaml:5:12: "D" is not possible here; write one of: A, B, C, G, ASSUMED'),
        ("status: unverified", "status: verifed", '"verifed" is not possible here; did you mean "verified"?'),
        ("2026-05-08", "8 May", 'f.yaml:6:12: "since" cannot be "8 May"; write a date as 2026-12-31'),
        ("2026-05-08", "2026-02-30", "this day does not exist"),
        ("2026-05-08", "1777777777", 'cannot be "1777777777"; write a date as 2026-12-31'),
        ("id: R1", "id: R 1", "write letters, digits, dots and dashes"),
        ("{en: a, zh: 甲}", "{en: a}", '"zh" is missing; add zh:'),
        ("{en: a, zh: 甲}", "{en: a, zh: ' '}", '"zh" cannot be " "; write a sentence'),
        ("{en: a, zh: 甲}", "just words", '"text" cannot be "just words"; write entries of the form key: value'),
        ("    since: 2026-05-08\n", "", '"since" is missing; add since:'),
    ],
)
def test_a_mistake_of_shape_says_what_to_write(old, new, finding):
    assert finding in "\n".join(mistakes(CLAUSE.replace(old, new), shape.ClausesFile))


def test_all_mistakes_of_a_file_are_told_at_once():
    wrong = CLAUSE.replace("grade: C", "grad: C").replace("2026-05-08", "May")
    assert len(mistakes(wrong, shape.ClausesFile)) == 3


def test_findings_for_github_are_escaped_workflow_commands():
    finding = Finding("rulesets/a,b.yaml", 3, 7, "100% wrong:\nsee", "write x", "warning")
    assert as_github([finding]) == "::warning file=rulesets/a%2Cb.yaml,line=3,col=7::100%25 wrong:%0Asee; write x"
