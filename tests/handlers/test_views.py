"""Any form is a modal that Slack takes, and what people fill in comes back under the fields' own names."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from slack_sdk.models.views import View as SdkView

from bot.replies import Field, Form, Option
from bot.sandbox.slack_blocks import wrong_view
from handlers.views import filled_in, form_view, waiting_view

LONG = st.builds(lambda piece, count: piece * count, st.sampled_from(["word ", "产品", "<!here>"]), st.integers(1, 1200))
TEXT = st.one_of(st.text(st.characters(exclude_categories=("Cs",)), max_size=60), LONG)
IDS = st.text("abcdefgh_", min_size=1, max_size=20)
OPTIONS = st.builds(lambda count, name, label: tuple(Option(f"{name}{number}", label) for number in range(count)),
                    st.sampled_from([0, 1, 2, 100, 101, 150]), TEXT, TEXT)
FIELDS = st.lists(
    st.builds(Field, IDS, TEXT, st.sampled_from(["text", "long_text", "date", "choice", "person", "note"]),
              st.one_of(TEXT, st.just("2026-12-31")), TEXT, OPTIONS, st.booleans()),
    max_size=5, unique_by=lambda field: field.id).map(tuple)
FORMS = st.builds(Form, IDS, TEXT, TEXT, FIELDS, st.sampled_from(["", "{}", "x" * 3000]), TEXT)
OFTEN = settings(max_examples=80, deadline=None, phases=[Phase.explicit, Phase.generate, Phase.shrink],
                 suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@pytest.fixture(scope="module")
def published() -> Draft7Validator:
    folder = Path(os.environ.get("FILINGDESK_SPECS") or Path(__file__).parents[2].parent / "shared" / "specs")
    file = folder / "slack" / "blockkit.schema.json"
    if not file.is_file():
        pytest.skip(f"NOT CHECKED against Slack's published schema: {file} is not there (set FILINGDESK_SPECS)")
    return Draft7Validator({"$ref": "#/definitions/View"} | json.loads(file.read_text(encoding="utf-8")))


@OFTEN
@given(FORMS)
def test_any_form_is_a_modal_slack_takes(form: Form) -> None:
    view = form_view(form)
    assert wrong_view(view) == []
    SdkView(**view).validate_json()


@settings(OFTEN, max_examples=30)
@given(FORMS)
def test_any_form_passes_the_published_schema(published: Draft7Validator, form: Form) -> None:
    assert not published.is_valid({"type": "modal", "blocks": []}), "the schema is not really applied"
    assert [error.message for error in published.iter_errors(form_view(form))] == []


def test_a_form_that_carries_too_much_is_refused_with_its_name() -> None:
    with pytest.raises(ValueError, match="'new_filing' carries 3001 characters"):
        form_view(Form("new_filing", "t", "ok", carry="x" * 3001))


def test_what_is_shown_while_waiting_is_a_modal_slack_takes() -> None:
    for words in ("One moment…", "", "x" * 5000):
        assert wrong_view(waiting_view("Open a filing that has a long title", words)) == []


def submitted(form: Form, **entered: dict[str, Any]) -> dict[str, Any]:
    """What Slack sends back: every input with its element's state, filled in or as it was opened."""
    values = {}
    for block in form_view(form)["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            values[block["block_id"]] = {element["action_id"]: as_opened(element) | entered.get(block["block_id"], {})}
    return {"state": {"values": values}}


def as_opened(element: dict[str, Any]) -> dict[str, Any]:
    names = {"plain_text_input": ("value", "initial_value"), "datepicker": ("selected_date", "initial_date"),
             "users_select": ("selected_user", "initial_user"), "static_select": ("selected_option", "initial_option")}
    state, initial = names[element["type"]]
    return {"type": element["type"], state: element.get(initial)}


FULL = Form("new_filing", "Open a filing", "Open", fields=(
    Field("note", "Please check", "note"),
    Field("destination", "Destination", value="Hamburg"),
    Field("table", "Table", "long_text", "a,b\nc,d"),
    Field("etd", "ETD", "date", "2026-12-31"),
    Field("product", "Product", "choice", "FaceGate 300", options=(Option("AirSense P4", "A"), Option("FaceGate 300", "F"))),
    Field("owner", "Owner", "person", "U0MEI")))


def test_a_form_sent_as_it_was_opened_says_what_it_was_opened_with() -> None:
    assert filled_in(submitted(FULL)) == {
        "destination": "Hamburg", "table": "a,b\nc,d", "etd": "2026-12-31", "product": "FaceGate 300", "owner": "U0MEI"}


def test_what_was_changed_in_a_form_comes_back() -> None:
    said = filled_in(submitted(
        FULL, destination={"value": "  Dubai \n"}, etd={"selected_date": "2027-01-02"}, owner={"selected_user": "U0TOM"},
        product={"selected_option": {"text": {"type": "plain_text", "text": "A"}, "value": "AirSense P4"}}))
    assert (said["destination"], said["etd"], said["owner"], said["product"]) == ("Dubai", "2027-01-02", "U0TOM", "AirSense P4")


def test_what_was_left_empty_is_empty_text() -> None:
    bare = Form("f", "t", "ok", fields=tuple(Field(kind, kind, kind, optional=True) for kind in ("text", "date", "person")))
    assert filled_in(submitted(bare)) == {"text": "", "date": "", "person": ""}


@pytest.mark.parametrize("view", [{}, {"state": None}, {"state": {"values": {}}}, {"state": {"values": {"a": {}}}}])
def test_a_view_without_answers_is_no_trouble(view: dict[str, Any]) -> None:
    assert set(filled_in(view).values()) <= {""}


def test_a_product_with_a_long_name_comes_back_whole() -> None:
    name = "FaceGate 300 with the extended outdoor housing, second power supply and palm reader (export model, 2026)"
    form = Form("f", "t", "ok", fields=(Field("product", "Product", "choice", name, options=(Option(name, name),)),))
    assert filled_in(submitted(form)) == {"product": name}


def test_the_product_already_said_is_offered_even_behind_a_hundred_others() -> None:
    options = tuple(Option(f"P{number}", f"Product {number}") for number in range(150))
    form = Form("f", "t", "ok", fields=(Field("product", "Product", "choice", "P140", options=options),))
    assert filled_in(submitted(form)) == {"product": "P140"}
    assert len(form_view(form)["blocks"][0]["element"]["options"]) == 100


def test_a_choice_without_entries_is_typed() -> None:
    form = Form("f", "t", "ok", fields=(Field("product", "Product", "choice"),))
    assert form_view(form)["blocks"][0]["element"]["type"] == "plain_text_input"


def test_a_date_that_is_none_is_left_open() -> None:
    form = Form("f", "t", "ok", fields=(Field("etd", "ETD", "date", "soon"),))
    assert "initial_date" not in form_view(form)["blocks"][0]["element"]


def test_words_in_a_form_cannot_call_people() -> None:
    form = Form("f", "t", "ok", fields=(Field("n", "For <!channel>", "note"),))
    assert form_view(form)["blocks"][0]["text"] == {"type": "plain_text", "text": "For <!channel>"}
