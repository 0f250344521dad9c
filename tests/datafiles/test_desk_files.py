"""config/: the shipped files are read, and every mistake is told with its place and what to write."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path

import pytest

from bot.datafiles.desk_files import load_desk, load_people
from bot.datafiles.reminder_plans import load_reminders
from bot.domain.gate import FRESH
from bot.domain.people import Member
from bot.errors import BadFile

SHIPPED = Path(__file__).parents[2] / "config"
ROLES = "SALES, PM, PROD, RD, SEC, LEGAL, REG, OPS, DELIV, SHIP, HEAD, ADMIN"
READERS = f'write owner, one of {ROLES}, or a channel as "#shipping"'
GREEN = ": no shipment is green on a ticket that was last read more than 15 minutes ago"
PLAN = 'send_at: "09:00"\nshipment: [{days: -3}]\ntask: [{days: 0}]\n'


def told(load: Callable[[Path], object], folder: Path, name: str, text: str) -> list[str]:
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(BadFile) as caught:
        load(folder)
    return caught.value.findings


def test_the_shipped_files_are_read() -> None:
    desk, plan = load_desk(SHIPPED), load_reminders(SHIPPED)
    assert (desk.zone, desk.ruleset, desk.market, desk.watch_channel) == ("Asia/Shanghai", "cn-cac-agents", "CN", "#compliance")
    assert load_people(SHIPPED) == ()
    assert plan.at == time(9, 0)


def test_the_shipped_plan_is_that_of_the_desks_habits() -> None:
    plan = load_reminders(SHIPPED)
    assert [(step.offset, step.to) for step in plan.shipment if not step.only_if] == [(day, "owner") for day in (-14, -7, -3, -1)]
    assert [step.offset for step in plan.task if step.to == "owner"] == [-7, -2, 0, 1, 3, 7]
    assert [step.offset for step in plan.task if step.to == "PM"] == [3, 7]  # after the one at +1 was missed
    assert [(step.offset, step.to, step.only_if) for step in plan.filing] == [(-7, "HEAD", "incomplete")]
    assert (plan.verify_every, plan.verification[0].to, plan.watch_on, plan.watch[0].to) == (45, "REG", 0, "REG")


def test_a_channel_can_be_reminded_too(tmp_path: Path) -> None:
    (tmp_path / "reminders.yaml").write_text(PLAN.replace("{days: 0}", "{days: 2, to: '#shipping'}"))
    assert [(step.kind, step.to) for step in load_reminders(tmp_path).task] == [("due+2-shipping", "#shipping")]


def test_an_empty_file_is_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "bot.yaml").write_text("desk:\n")
    assert load_desk(tmp_path).zone == "Asia/Shanghai"


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("desk: {zone: Asia/Shangai}", '1:14: "zone" cannot be "Asia/Shangai"; write an IANA name as Asia/Shanghai'),
        ("desk:\n  language: de", '2:13: "de" is not possible here; write one of: en, zh'),
        ("desk: {lanuage: en}", '1:8: unknown key "lanuage"; did you mean "language"?'),
        ("desk: {holidays_of: XX}",
         '1:21: "holidays_of" cannot be "XX"; write a code whose holidays are known, such as CN or DE'),
        ("desk: {watch_channel: '@mei'}", '1:23: "watch_channel" cannot be "@mei"; write a channel as "#compliance" or its id'),
        ("desk: [a]", '1:7: "desk" cannot be "["a"]"; write entries of the form key: value'),
        ("jira: {poll_seconds: soon}", '1:22: "poll_seconds" cannot be "soon"; write a number from 1 to 840' + GREEN),
        ("jira: {poll_seconds: inf}", '1:22: "poll_seconds" cannot be "inf"; write a number from 1 to 840' + GREEN),
        ("jira:\n  poll_seconds: 841", '2:17: "poll_seconds" cannot be "841"; write a number from 1 to 840' + GREEN),
        ("jira: {search_lag_seconds: -1}", '1:28: "search_lag_seconds" cannot be "-1"; write a number from 0 to 3600'),
        ("jira: {project: my project}",
         "1:17: \"project\" cannot be \"my project\"; write the key before a ticket's number, as EXP"),
        ("jira:\n  fields: {summary: x}", '2:21: "summary" is filled in by Filing Desk itself; take it out'),
        ("jira: {fields: {Cost centre: x}}",
         '1:30: "Cost centre" is no field id; write it as customfield_10050; `filingdesk doctor` names it'),
        ("jira: {priority: High, fields: {priority: Low}}", '1:43: "priority" is given twice; keep jira: priority:'),
        ("jira: {fields: {customfield_1: [{value: 'for {buyer}'}]}}",
         '1:41: "for {buyer}" has a gap nothing fills; write one of {id}, {product}, {customer}, {destinations}, {etd}, '
         "{determination}, {owner}"),
        ("jira: {fields: {customfield_1: '{product'}}",
         '1:32: "{product" has a gap nothing fills; write one of {id}, {product}, {customer}, {destinations}, {etd}, '
         "{determination}, {owner}"),
        ("desk: {zone: UTC, zone: UTC}", '1:19: "zone" is given twice; keep one; the first is on line 1'),
        ("desk:\n\tzone: UTC",
         "2:1: this is not YAML: found character '\\t' that cannot start any token; indent with spaces, not with tabs"),
    ],
)
def test_a_mistake_in_bot_yaml_is_told(tmp_path: Path, text: str, finding: str) -> None:
    assert told(load_desk, tmp_path, "bot.yaml", text) == [f"config/bot.yaml:{finding}"]


def test_priority_components_and_fields_are_read_as_one_mapping(tmp_path: Path) -> None:
    (tmp_path / "bot.yaml").write_text("jira: {priority: High, components: [Export, Law], fields: {customfield_1: '{etd}'}}")
    assert load_desk(tmp_path).jira_fields == {"priority": "High", "components": ["Export", "Law"], "customfield_1": "{etd}"}


@pytest.mark.parametrize("seconds", [1, 60, 840])
def test_tickets_may_be_read_as_seldom_as_a_gate_bears(tmp_path: Path, seconds: int) -> None:
    (tmp_path / "bot.yaml").write_text(f"jira: {{poll_seconds: {seconds}}}")
    assert load_desk(tmp_path).jira_poll == seconds < FRESH.total_seconds()


def test_all_mistakes_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    assert len(told(load_desk, tmp_path, "bot.yaml", "desk: {zone: X, language: de}\njira: {poll_seconds: 0}")) == 3


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"config/bot.yaml:0:0: this file is missing or cannot be read"):
        load_desk(tmp_path)


def test_people_are_known_by_their_address_in_any_case(tmp_path: Path) -> None:
    (tmp_path / "people.yaml").write_text("people:\n  - {email: Ana@Example.com, role: PM, zone: Europe/Berlin, language: zh}\n")
    assert load_people(tmp_path) == (Member("ana@example.com", "PM", "Europe/Berlin", "zh"),)


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("people: [{email: a@example.com}]", '1:10: "role" is missing; add role:'),
        ("people: [{email: a@example.com, role: BOSS}]", f'1:39: "role" cannot be "BOSS"; write one of {ROLES}'),
        ("people: [{email: a@example.com, role: owner}]", f'1:39: "role" cannot be "owner"; write one of {ROLES}'),
        ("people: [{email: ana, role: PM}]", '1:18: "email" cannot be "ana"; write an e-mail address as it stands in Slack'),
        ("people:\n- {email: a@example.com, role: PM}\n- {email: A@example.com, role: REG}",
         "3:3: a@example.com is already on line 2; keep one; a person has one role"),
        ("people: [{email: a@example.com, role: PM, jira: a b}]",
         '1:49: "jira" cannot be "a b"; write an account id (Cloud) or a username (Data Center)'),
        ("people: [{email: a@example.com, role: PM, zone: Berlin}]",
         '1:49: "zone" cannot be "Berlin"; write an IANA name as Asia/Shanghai'),
    ],
)
def test_a_mistake_in_people_yaml_is_told(tmp_path: Path, text: str, finding: str) -> None:
    assert told(load_people, tmp_path, "people.yaml", text) == [f"config/people.yaml:{finding}"]


@pytest.mark.parametrize(
    ("before", "after", "finding"),
    [
        ('"09:00"', "9", '1:10: "send_at" cannot be "9"; write a time of day as "09:00"'),
        ('"09:00"', "25:00", '1:10: "send_at" cannot be "25:00"; write a time of day as "09:00"'),
        ('"09:00"', '"09:00+08:00"', '1:10: "send_at" cannot be "09:00+08:00"; write a time of day as "09:00"'),
        ("-3", "-400", '2:19: "days" cannot be "-400"; write a whole number from -365 to 365'),
        ("-3", "soon", '2:19: "days" cannot be "soon"; write a whole number from -365 to 365'),
        ("{days: -3}", "{days: -3}, {days: -3}", "2:24: etd-3 is already on line 2; keep one; the same reminder is sent once"),
        ("{days: 0}", "{days: 0, to: BOSS}", f'3:22: "to" cannot be "BOSS"; {READERS}'),
        ("{days: 0}", "{days: 0, to: '#'}", f'3:22: "to" cannot be "#"; {READERS}'),
        ("{days: 0}", "{days: 0, only_if: late}", '3:27: "late" is not possible here; write one of: incomplete'),
        ("{days: 0}", "{days: 0, only_if: incomplete}", "3:27: only_if means nothing under task; leave it out"),
        ("task:", "send_until: 09:00\ntask:", '3:13: send_until is not after send_at; write a later time, as "18:00"'),
        ("task:", "late_after_minutes: 0\ntask:",
         '3:21: "late_after_minutes" cannot be "0"; write a whole number from 1 to 1440'),
        ("task:", "language: de\ntask:", '3:11: "de" is not possible here; write one of: reader, en, zh'),
        ("task:", "list_effective: [{days: -7}]\ntask:",
         "3:18: nobody owns a list_effective date; add to: with a role or a channel, as REG"),
        ("task:", "verification: {steps: [{days: 0}]}\ntask:",
         "3:24: nobody owns a verification date; add to: with a role or a channel, as REG"),
        ("task:", "verification: {every_days: 0}\ntask:",
         '3:28: "every_days" cannot be "0"; write a whole number from 1 to 365'),
        ("task:", "watch: {on: mondays}\ntask:", '3:13: "mondays" is not possible here; did you mean "monday"?'),
        ("{days: 0}", "{days: 0, working: maybe}", '3:27: "working" cannot be "maybe"; write true or false'),
    ],
)
def test_a_mistake_in_reminders_yaml_is_told(tmp_path: Path, before: str, after: str, finding: str) -> None:
    assert told(load_reminders, tmp_path, "reminders.yaml", PLAN.replace(before, after)) == [f"config/reminders.yaml:{finding}"]


def test_a_time_without_quotes_is_read_as_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "reminders.yaml").write_text(PLAN.replace('"09:00"', "8:30"))
    assert load_reminders(tmp_path).at == time(8, 30)


def test_how_late_is_called_late_is_five_minutes_unless_said(tmp_path: Path) -> None:
    (tmp_path / "reminders.yaml").write_text(PLAN)
    assert load_reminders(tmp_path).late_after == timedelta(minutes=5)
    (tmp_path / "reminders.yaml").write_text("late_after_minutes: 30\n" + PLAN)
    assert load_reminders(tmp_path).late_after == timedelta(minutes=30)


def test_a_step_says_when_to_whom_and_in_which_days(tmp_path: Path) -> None:
    (tmp_path / "reminders.yaml").write_text(PLAN.replace("{days: 0}", "{days: -2, working: true}, {days: 3, to: PM}"))
    steps = load_reminders(tmp_path).task
    assert [(step.kind, step.offset, step.unit, step.to) for step in steps] == [
        ("due-2wd", -2, "working_days", "owner"), ("due+3-pm", 3, "days", "PM")]
