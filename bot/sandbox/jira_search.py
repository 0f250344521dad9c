"""Which issues a JQL query finds on the local Jira, and in what order; search may lag behind what was written."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.jira_adf import adf_text
from bot.sandbox.jira_jql import DATES, TEXTS, Condition, Joined, Query, read_jql
from bot.sandbox.jira_options import PRIORITIES
from bot.sandbox.jira_problem import JiraProblem
from bot.sandbox.jira_shapes import CATEGORIES
from bot.sandbox.jira_site import Site, as_searched, read_stamp
from bot.sandbox.shelf import Thing

Test = Callable[[Thing], bool]
UNITS = {"w": 7 * 86400, "d": 86400, "h": 3600, "m": 60}
FORMATS = ("%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d", "%Y-%m-%d")


def search(site: Site, jql: str, reconciled: frozenset[str] = frozenset()) -> list[Thing]:
    """The issues found; those with an id in `reconciled` are looked at as they are, not as search knows them."""
    query = read_jql(jql)
    if site.cloud and query.where is None:
        raise JiraProblem(400, "Unbounded JQL queries are not allowed here. Please add a search restriction to your query.")
    matches = _test(site, query.where) if query.where else lambda _issue: True
    seen = [issue if issue["id"] in reconciled else as_searched(site, issue) for issue in site.issues()]
    return _ordered(site, query, [issue for issue in seen if issue is not None and matches(issue)])


def _ordered(site: Site, query: Query, found: list[Thing]) -> list[Thing]:
    found.sort(key=lambda issue: _key_number(issue["key"]), reverse=not query.order)
    for order in reversed(query.order):
        found.sort(key=_order_key(site, order.field), reverse=order.descending)
    return found


def _key_number(key: str) -> tuple[str, int]:
    project, _, number = key.rpartition("-")
    return project, int(number)


def _order_key(site: Site, field: str) -> Callable[[Thing], Any]:
    keys: dict[str, Callable[[Thing], Any]] = {
        "key": lambda issue: _key_number(issue["key"]),
        "created": lambda issue: issue["created"],
        "updated": lambda issue: issue["updated"],
        "status": lambda issue: [status.id for status in site.options.statuses].index(issue["status"]),
    }
    return keys.get(field, lambda issue: str(_stored(issue, field) or "~"))


def _stored(issue: Thing, field: str) -> Any:
    return issue.get(field) if field in {"type", "project"} else issue["fields"].get(field)


def _test(site: Site, node: Condition | Joined) -> Test:
    if isinstance(node, Condition):
        return _condition(site, node)
    parts = [_test(site, part) for part in node.parts]
    if node.joint == "not":
        return lambda issue: not parts[0](issue)
    joined = all if node.joint == "and" else any
    return lambda issue: joined(part(issue) for part in parts)


def _condition(site: Site, asked: Condition) -> Test:
    if asked.field == "resolution" and not asked.values:  # empty and Unresolved are the same to Jira
        return _chosen(site, Condition("resolution", "=" if asked.operator == "is" else "!=", ()), {"unresolved"})
    if asked.operator in {"is", "is not"}:
        return lambda issue: bool(_values(site, issue, asked.field)) == (asked.operator == "is not")
    if asked.field in DATES:
        return _dated(site, asked)
    if asked.field in TEXTS:
        return _worded(asked)
    wanted = {_known(site, asked.field, value) for value in asked.values}
    return _chosen(site, asked, wanted)


def _chosen(site: Site, asked: Condition, wanted: set[str]) -> Test:
    if asked.operator in {"=", "in"}:
        return lambda issue: bool(wanted & _values(site, issue, asked.field))

    def differs(issue: Thing) -> bool:
        values = _values(site, issue, asked.field)
        return bool(values) and not wanted & values  # as in Jira, != does not find what is empty

    return differs


def _values(site: Site, issue: Thing, field: str) -> set[str]:
    """What an issue offers to be compared in a field, in canonical form."""
    fields, status = issue["fields"], site.status(issue["status"])
    offered: dict[str, list[Any]] = {
        "project": [issue["project"]],
        "key": [issue["id"]],
        "parent": [fields.get("parent")],
        "labels": [label.lower() for label in fields["labels"]],
        "status": [status.id],
        "statuscategory": [status.kind],
        "type": [issue["type"]],
        "assignee": [fields.get("assignee")],
        "reporter": [fields.get("reporter")],
        "priority": [fields["priority"]],
        "components": [name.lower() for name in fields.get("components", [])],
        "resolution": ["done" if issue["resolved"] else "unresolved"],
        "resolved": [issue["resolved"]],
        "text": [_prose(issue)],
    }
    return {value for value in offered.get(field, [issue.get(field) or fields.get(field)]) if value}


def _known(site: Site, field: str, value: str) -> str:
    """A value as the issues offer it, or Jira's 400 for one that does not exist."""
    options, low = site.options, value.lower()
    choices: dict[str, dict[str, str]] = {
        "project": {name.lower(): p.key for p in options.projects for name in (p.key, p.name, p.id)},
        "status": {name.lower(): s.id for s in options.statuses for name in (s.name, s.id)},
        "statuscategory": {str(n).lower(): k for k, (i, name, _) in CATEGORIES.items() for n in (i, name, k)},
        "type": {name.lower(): t.id for t in options.types for name in (t.name, t.id)},
        "priority": {name.lower(): i for i, name in PRIORITIES for name in (name, i)},
        "components": {name.lower(): name.lower() for p in options.projects for name in p.components},
        "resolution": {"done": "done", "unresolved": "unresolved"},
    }
    if field in choices:
        return _choice(field, value, choices[field].get(low))
    if field in {"key", "parent"}:
        return _issue_id(site, field, value)
    return _account(site, field, value) if field in {"assignee", "reporter"} else low


def _choice(field: str, value: str, known: str | None) -> str:
    if known is None:
        raise JiraProblem(400, f"The value '{value}' does not exist for the field '{field}'.")
    return known


def _issue_id(site: Site, field: str, value: str) -> str:
    issue = site.find(value)
    if issue is None:
        raise JiraProblem(400, f"An issue with key '{value}' does not exist for field '{field}'.")
    return str(issue["id"])


def _account(site: Site, field: str, value: str) -> str:
    if value == "currentUser()":
        return site.me.account_id
    for user in site.people():
        if value in ((user.account_id, user.email) if site.cloud else (user.username, user.email)):
            return user.account_id
    raise JiraProblem(400, f"The value '{value}' does not exist for the field '{field}'.")


def _prose(issue: Thing) -> str:
    told = [issue["fields"]["summary"], issue["fields"].get("description") or ""]
    told += [comment["body"] for comment in issue["comments"]]
    return "\n".join(adf_text(text) if isinstance(text, dict) else text for text in told)


def _worded(asked: Condition) -> Test:
    words = re.findall(r"\w+", asked.values[0].lower())

    def has(issue: Thing) -> bool:
        text = issue["fields"]["summary"] if asked.field == "summary" else _prose(issue)
        found = set(re.findall(r"\w+", text.lower()))
        return all(word in found for word in words)

    return has if asked.operator == "~" else lambda issue: not has(issue)


COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: bool(a == b),
    "!=": lambda a, b: bool(a != b),
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
}


def _dated(site: Site, asked: Condition) -> Test:
    moment, compare = read_moment(site, asked.field, asked.values[0]), COMPARE[asked.operator]

    def fits(issue: Thing) -> bool:
        if asked.field == "duedate":
            due = issue["fields"].get("duedate")
            return bool(due) and compare(date.fromisoformat(due), moment.date())
        stamp = issue.get(asked.field)
        return bool(stamp) and compare(read_stamp(str(stamp)), moment)

    return fits


def read_moment(site: Site, field: str, text: str) -> datetime:
    """A JQL date: "-5m", "2026/12/01 08:00" in the account's time zone, now(), startOfDay(), endOfDay()."""
    now = site.now().astimezone(ZoneInfo(site.me.time_zone))
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    named = {"now()": now, "startofday()": day, "endofday()": day + timedelta(days=1, milliseconds=-1)}
    if text.lower() in named:
        return named[text.lower()]
    if re.fullmatch(r"[+-]?(\d+[wdhm]\s*)+", text.strip()):
        seconds = sum(int(n) * UNITS[unit] for n, unit in re.findall(r"(\d+)([wdhm])", text))
        return now + timedelta(seconds=-seconds if text.strip().startswith("-") else seconds)
    return _written_moment(field, text, now)


def _written_moment(field: str, text: str, now: datetime) -> datetime:
    for form in FORMATS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=now.tzinfo)
        except ValueError:
            continue
    raise JiraProblem(
        400,
        f"Date value '{text}' for field '{field}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', "
        "'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.",
    )


@dataclass(frozen=True)
class Page:
    """A page of what was found, and where the next one starts (None for the last)."""

    issues: list[Thing]
    next_start: int | None


def page(found: list[Thing], start: int, size: int) -> Page:
    """`size` issues from `start`."""
    end = start + size
    return Page(found[start:end], end if end < len(found) else None)
