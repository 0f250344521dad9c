"""Atlassian's own documents against the local Jira: answers, the real client's requests, and the document format."""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import Any

import jsonschema
import pytest
import requests

from bot.sandbox.jira_adf import MARKS, NODES, adf_problem, adf_text, text_as_adf
from tests.adapters.sandbox_jira.atlassian_contract import contract, specs
from tests.adapters.sandbox_jira.conftest import MEI, NOT_CHECKED, Running, document

needs_specs = pytest.mark.skipif(specs() is None, reason=NOT_CHECKED)


@needs_specs
@pytest.mark.parametrize("version", ["2", "3"])
def test_what_the_site_tells_about_itself_fits_atlassians_document(site: Running, version: str) -> None:
    site.create(assignee={"accountId": MEI.account_id})
    told = ["serverInfo", "myself", "field", "project", "project/search", "project/EXP", "project/EXP/statuses"]
    told += ["issuetype", "priority", "status", "issue/createmeta/EXP/issuetypes", "issue/createmeta/EXP/issuetypes/10002"]
    told += ["issue/EXP-1/editmeta", "user/search?query=mei", "user/assignable/search?project=EXP", "issue/EXP-1"]
    told += ["mypermissions?permissions=CREATE_ISSUES", "issue/EXP-1/changelog"]
    already = len(contract(version).checked)
    for place in told:
        answer = site.call("GET", f"/rest/api/{version}/{place}")
        assert answer.status_code == 200, place
        assert answer.json()
    assert len(contract(version).checked) == already + len(told)


@needs_specs
def test_an_answer_the_document_does_not_know_is_noticed(site: Running) -> None:
    answer = site.call("GET", "/rest/api/3/myself")
    answer._content = json.dumps({**answer.json(), "nickname": "x"}).encode()
    with pytest.raises(AssertionError, match="nickname"):
        contract("3").check_answer(answer.request, answer)


@needs_specs
@pytest.mark.parametrize("version", ["2", "3"])
def test_the_real_clients_requests_fit_the_document_too(site: Running, version: str) -> None:
    client = site.client(version)
    sent: list[requests.PreparedRequest] = []
    client._session.hooks["response"].append(lambda response, **_: sent.append(response.request))
    text: Any = document("why") if version == "3" else "why"
    task = {"project": {"key": "EXP"}, "issuetype": {"id": "10001"}, "summary": "Filing", "description": text}
    made = client.create_issue(task, prefetch=False)
    sub = {"project": {"key": "EXP"}, "issuetype": {"id": "10002"}, "summary": "Step", "parent": {"key": made.key}}
    client.create_issues([sub, sub], prefetch=False)
    client.add_comment(made.key, text)
    client.issue(made.key).update(fields={"duedate": "2026-12-24"})
    client._session.post(client._get_url("issue/EXP-1/transitions"), json={"transition": {"id": "21"}})
    client.search_issues("project = EXP", maxResults=0)
    assert len(sent) >= 8
    for request in sent:
        contract(version).check_request(request)


@needs_specs
@pytest.mark.parametrize("name", sorted({*NODES, *MARKS}))
def test_every_node_and_mark_we_know_is_one_of_atlassians(name: str) -> None:
    kinds = [definition.get("properties", {}).get("type", {}) for definition in _schema().schema["definitions"].values()]
    assert name in {value for kind in kinds for value in kind.get("enum", [])}


@cache
def _schema() -> jsonschema.Draft4Validator:
    folder = specs()
    assert folder is not None
    return jsonschema.Draft4Validator(json.loads((folder / "adf.schema.json").read_text()))


LINK = {"type": "link", "attrs": {"href": "https://a.example"}}
PLAIN = {"type": "paragraph", "content": [{"type": "text", "text": "x"}]}
ITEM = {"type": "listItem", "content": [PLAIN]}
TODO = {"type": "taskItem", "attrs": {"localId": "2", "state": "TODO"}, "content": [{"type": "text", "text": "x"}]}
CELL = {"type": "tableCell", "attrs": {"colspan": 2, "background": "#ffffff"}, "content": [PLAIN]}


def said(*marks: Any, **more: Any) -> dict[str, Any]:
    """A paragraph of one marked word."""
    return {"type": "paragraph", "content": [{"type": "text", "text": "x", "marks": list(marks), **more}]}


def inside(inline: dict[str, Any]) -> dict[str, Any]:
    return {"type": "paragraph", "content": [inline]}


BLOCKS = [
    PLAIN,
    {"type": "paragraph"},
    {"type": "paragraph", "attrs": {"localId": "1"}},
    {"type": "paragraph", "attrs": {"colour": "1"}},
    {"type": "paragraph", "marks": [{"type": "alignment", "attrs": {"align": "center"}}]},
    {"type": "paragraph", "marks": [{"type": "alignment", "attrs": {"align": "left"}}]},
    {"type": "paragraph", "content": [PLAIN]},
    said({"type": "strong"}, {"type": "em"}),
    said({"type": "code"}, LINK),
    said({"type": "code"}, {"type": "strong"}),
    said({"type": "blink"}),
    said({"type": "strong", "attrs": {}}),
    said({"type": "link"}),
    said({"type": "textColor", "attrs": {"color": "#ff0000"}}),
    said({"type": "textColor", "attrs": {"color": "red"}}),
    said({"type": "subsup", "attrs": {"type": "sub"}}),
    said(text=""),
    said(text=5),
    said(bold=True),
    inside({"type": "hardBreak"}),
    inside({"type": "hardBreak", "attrs": {"text": "x"}}),
    inside({"type": "mention", "attrs": {"id": "1", "text": "@Mei", "accessLevel": ""}}),
    inside({"type": "mention", "attrs": {"text": "@Mei"}}),
    inside({"type": "status", "attrs": {"text": "late", "color": "red"}}),
    inside({"type": "status", "attrs": {"text": "late", "color": "pink"}}),
    inside({"type": "date", "attrs": {"timestamp": "1764547200000"}}),
    inside({"type": "date", "attrs": {"timestamp": 1764547200000}}),
    inside({"type": "inlineCard", "attrs": {"url": "https://a.example"}}),
    inside({"type": "emoji", "attrs": {"name": "ok"}}),
    {"type": "heading", "attrs": {"level": 2}, "content": [{"type": "text", "text": "x"}]},
    {"type": "heading", "attrs": {"level": 7}},
    {"type": "heading"},
    {"type": "rule"},
    {"type": "carousel"},
    {"type": "codeBlock", "attrs": {"language": "text"}, "content": [{"type": "text", "text": "x"}]},
    {"type": "codeBlock", "content": [{"type": "text", "text": "x", "marks": [{"type": "em"}]}]},
    {"type": "bulletList", "content": [ITEM]},
    {"type": "bulletList", "content": []},
    {"type": "bulletList", "content": [PLAIN]},
    {"type": "bulletList", "content": [{"type": "listItem", "content": [{"type": "heading", "attrs": {"level": 1}}]}]},
    {"type": "orderedList", "attrs": {"order": 3}, "content": [ITEM]},
    {"type": "orderedList", "attrs": {"order": -3}, "content": [ITEM]},
    {"type": "taskList", "attrs": {"localId": "1"}, "content": [TODO]},
    {"type": "taskList", "content": [TODO]},
    {"type": "taskList", "attrs": {"localId": "1"}, "content": [{**TODO, "attrs": {"state": "TODO"}}]},
    {"type": "taskList", "attrs": {"localId": "1"}, "content": [{**TODO, "attrs": {"localId": "2", "state": "OPEN"}}]},
    {"type": "taskList", "attrs": {"localId": "1"}, "content": [{**TODO, "content": [PLAIN]}]},
    {"type": "panel", "attrs": {"panelType": "info"}, "content": [PLAIN]},
    {"type": "panel", "attrs": {"panelType": "loud"}, "content": [PLAIN]},
    {"type": "panel", "attrs": {"panelType": "info"}, "content": []},
    {"type": "blockquote", "content": [PLAIN]},
    {"type": "blockquote", "content": [{"type": "rule"}]},
    {"type": "expand", "attrs": {"title": "t"}, "content": [PLAIN]},
    {"type": "table", "content": [{"type": "tableRow", "content": [CELL]}]},
    {"type": "table", "content": [CELL]},
    {"type": "table", "attrs": {"layout": "sideways"}, "content": [{"type": "tableRow", "content": [CELL]}]},
]


@needs_specs
@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: json.dumps(block)[:70])
def test_a_block_is_refused_exactly_where_atlassians_schema_refuses_it(block: dict[str, Any]) -> None:
    written = {"type": "doc", "version": 1, "content": [block]}
    assert (adf_problem(written) is None) == _schema().is_valid(written), adf_problem(written)


@pytest.mark.parametrize(
    "wrong",
    [
        "text",
        None,
        [],
        {"type": "paragraph"},
        {"type": "doc", "content": []},
        {"type": "doc", "version": 2, "content": []},
        {"type": "doc", "version": 1},
        {"type": "doc", "version": 1, "content": [], "x": 1},
        {"type": "doc", "version": 1, "content": {}},
        {"type": "doc", "version": 1, "content": [None]},
        {"type": "doc", "version": 1, "content": [{"type": "text", "text": "x"}]},
        {"type": "doc", "version": 1, "content": [{"type": "rule", "content": []}]},
        {"type": "doc", "version": 1, "content": [{"type": "paragraph", "attrs": []}]},
        {"type": "doc", "version": 1, "content": [{"type": "paragraph", "marks": {}}]},
        {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": ""}]}]},
    ],
)
def test_what_is_no_document_is_refused(wrong: object) -> None:
    assert adf_problem(wrong) is not None


def test_a_document_is_read_as_text() -> None:
    task = {"type": "taskItem", "attrs": {"localId": "1", "state": "DONE"}, "content": [{"type": "text", "text": "scope"}]}
    written = document("first", "second")
    written["content"] += [{"type": "taskList", "attrs": {"localId": "0"}, "content": [task]}]
    assert adf_text(written) == "first\nsecond\n[x] scope"


def test_a_text_makes_a_document_jira_takes() -> None:
    assert adf_problem(text_as_adf("one\n\ntwo")) is None
    assert adf_text(copy.deepcopy(text_as_adf("one\n\ntwo"))) == "one\ntwo"
