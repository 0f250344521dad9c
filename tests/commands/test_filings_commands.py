"""`filingdesk filings`: the list with its filters."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.adapters.storage import open_store
from bot.desk.records import keep
from bot.domain.filing import Filing, FilingTask
from bot.domain.people import Colleague

TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
FILING = Filing(id="F-1", label="fd-1", product="FaceGate 300", category="face_3d_terminal", destinations=("DE",),
                etd=TODAY + timedelta(days=90), zone="Asia/Shanghai", customer="", owner="U1", opened_by="U1",
                opened_at=datetime(2026, 11, 1, tzinfo=UTC), origin="form:1", state="open")


def task(filing: str, item: str, due: date, done: bool = False) -> FilingTask:
    return FilingTask(id=f"{filing}.{item}", filing=filing, item=item, title=item, due=due, role="PM", owner="U1",
                      label=f"{filing}-{item}", done=done)


@pytest.fixture
def office(house):
    """F-1 is late, F-2 waits for the authority and leaves first, F-3 is released, F-4 is done."""
    later, store = TODAY + timedelta(days=30), open_store(house.folder / "data")
    with store.transaction() as tx:
        keep(tx, "people", Colleague("U1", "Ana", "ana@example.com"))
        keep(tx, "people", Colleague("U2", "Bo", "bo@example.com"))
        for filing in (FILING, replace(FILING, id="F-2", etd=TODAY + timedelta(days=60), owner="U2", opened_by="U2"),
                       replace(FILING, id="F-3", hold="released"), replace(FILING, id="F-4", state="done")):
            keep(tx, "filings", filing)
        for one in (task("F-1", "N1", TODAY - timedelta(days=1)), task("F-2", "N11", TODAY, done=True), task("F-2", "N12", later),
                    task("F-3", "N1", later)):
            keep(tx, "tasks", one)
    store.close()
    return house


@pytest.mark.parametrize(("options", "shown"), [
    ([], ["F-2", "F-1", "F-3"]),
    (["--all"], ["F-2", "F-1", "F-3", "F-4"]),
    (["--late"], ["F-1"]),
    (["--waiting"], ["F-2"]),
    (["--hold"], ["F-2", "F-1"]),
    (["--of", "ANA@example.com"], ["F-2", "F-1", "F-3"]),
    (["--of", "bo"], ["F-2"]),
    (["--hold", "--until", (TODAY + timedelta(days=60)).isoformat()], ["F-2"]),
])
def test_filings_are_listed_by_etd_and_narrowed_by_options(office, options, shown) -> None:
    done = office.run("filings", "list", *options)
    assert [line.split()[1] for line in done.stdout.splitlines() if line.startswith("•")] == shown


def test_a_filter_that_nothing_fits_says_so(office) -> None:
    assert "No filing fits: late, waiting" in office.run("filings", "list", "--late", "--waiting").stdout


@pytest.mark.parametrize(("options", "said"), [(["--of", "Nobody"], "nobody of the people"), (["--until", "soon"], "2026-12-31")])
def test_an_option_that_cannot_be_understood_says_what_to_write(office, options, said) -> None:
    done = office.run("filings", "list", *options)
    assert (done.exit_code, said in done.stderr) == (2, True)
