"""`filingdesk audit`: the trail is followed and exported, for people with spreadsheets and for programs."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import pytest

from bot.adapters.storage import open_store
from bot.desk.records import keep, note_audit
from bot.domain.people import Colleague

LINES = [("F-1", "opened", datetime(2026, 11, 30, 8, tzinfo=UTC), {}),
         ("F-1.N3", "ticket changed", datetime(2026, 12, 1, 8, tzinfo=UTC), {"before": "no", "after": "yes"}),
         ("F-12", "opened", datetime(2026, 12, 2, 8, tzinfo=UTC), {"product": '=HYPERLINK("http://x.example.com")'}),
         ("F-1", "etd moved", datetime(2026, 12, 31, 17, tzinfo=UTC), {"before": "+1", "after": "@SUM(1)", "why": "晚了"})]


@pytest.fixture
def trail(house):
    store = open_store(house.folder / "data")
    with store.transaction() as tx:
        keep(tx, "people", Colleague(id="U1", name="=Ana"))
        for subject, act, at, details in LINES:
            note_audit(tx, subject, act, "U1", at, **details)
    store.close()
    return house


def exported(house, *options: str) -> list[str]:
    done = house.run("audit", "export", *options)
    assert done.exit_code == 0, done.output
    return [json.loads(line)["id"][-1] for line in done.stdout.splitlines()]


def change(house, act) -> None:
    store = open_store(house.folder / "data")
    with store.transaction() as tx:
        act(tx)
    store.close()


def test_a_trail_nobody_touched_is_unbroken(trail) -> None:
    assert "4 lines, unbroken." in trail.run("audit", "verify").stdout


@pytest.mark.parametrize(("harm", "named"), [
    (lambda tx: tx.put("audit", tx.get("audit", "A-00000002") | {"by": "U9"}), "A-00000002"),
    (lambda tx: tx.remove("audit", "A-00000003"), "A-00000004"),
    (lambda tx: tx.remove("audit", "A-00000004"), "the end"),
    (lambda tx: (tx.remove("audit", "A-00000004"), tx.remove("notes", "audit")), "the end"),
])
def test_tampering_is_found_and_the_line_named(trail, harm, named) -> None:
    change(trail, harm)
    done = trail.run("audit", "verify")
    assert (done.exit_code, named in done.stderr) == (1, True), done.output


def test_lines_are_chosen_by_subject_and_period(trail) -> None:
    assert exported(trail) == ["1", "2", "3", "4"]
    assert exported(trail, "--subject", "F-1") == ["1", "2", "4"]
    assert exported(trail, "--since", "2026-12-01", "--until", "2026-12-31") == ["2", "3"]  # the last is 2027 in Shanghai
    assert exported(trail, "--subject", "F-1", "--since", "2027-01-01") == ["4"]


def test_a_table_holds_before_and_after_and_no_cell_that_could_act_as_a_formula(trail) -> None:
    rows = list(csv.DictReader(io.StringIO(trail.run("audit", "export", "--format", "csv").stdout)))
    assert [(row["subject"], row["act"]) for row in rows] == [(subject, act) for subject, act, _, _ in LINES]
    assert (rows[1]["before"], rows[1]["after"], rows[1]["name"]) == ("no", "yes", "'=Ana")
    assert (rows[3]["before"], rows[3]["after"], json.loads(rows[3]["details"])) == ("'+1", "'@SUM(1)", {"why": "晚了"})
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("options", [["--since", "yesterday"], ["--until", "2026-13-01"], ["--format", "xml"]])
def test_an_option_that_cannot_be_read_says_what_to_write(trail, options) -> None:
    done = trail.run("audit", "export", *options)
    assert (done.exit_code, options[0] in done.stderr) == (2, True)
