"""The journal store against a plain dict, through whatever order of events Hypothesis can think of."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.adapters.storage import JOURNAL_NAME, TinyStore
from bot.ports import TableShape
from tests.adapters.storage.faulty_disk import UnsyncedDisk

SHAPES = {
    "shipments": TableShape(equal=("state",), ordered=("due_at",)),
    "audit": TableShape(equal=("subject",)),
}
KEYS = st.sampled_from(["a", "b", "c", "d"])
VALUES = st.one_of(st.none(), st.sampled_from(["", "1", "2", "3"]))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.sampled_from(list(SHAPES)), KEYS, VALUES, VALUES, st.text(max_size=4)),
        st.tuples(st.just("remove"), st.sampled_from(list(SHAPES)), KEYS),
        st.tuples(st.just("number"), st.sampled_from(["filing", "shipment"])),
    ),
    max_size=5,
)

Model = dict[str, dict[str, dict]]


class StoreMachine(RuleBasedStateMachine):
    @initialize()
    def open_new(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.store = self.opened()
        self.model: Model = {table: {} for table in SHAPES}
        self.numbers: dict[str, int] = {}

    def opened(self) -> TinyStore:
        return TinyStore(self.folder, tables=SHAPES, disk=UnsyncedDisk(), compact_floor=700, compact_factor=2)

    @rule(steps=STEPS)
    def commit(self, steps) -> None:
        model = self.copied_model()
        with self.store.transaction() as changes:
            self.take_steps(changes, model, steps)
        self.model = model

    @rule(steps=STEPS)
    def roll_back(self, steps) -> None:
        with pytest.raises(ZeroDivisionError), self.store.transaction() as changes:
            self.take_steps(changes, self.copied_model(), steps)
            raise ZeroDivisionError

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = self.opened()

    @rule(data=st.data())
    def tear_within_the_last_transaction(self, data) -> None:
        before = self.store.size().journal_bytes
        with self.store.transaction() as changes:
            changes.put("audit", {"id": "torn", "subject": "1"})
        self.store.close()
        whole = (self.folder / JOURNAL_NAME).read_bytes()
        if before < len(whole):  # else it compacted, and there is no last transaction to tear
            length = data.draw(st.integers(before, len(whole) - 1))
            (self.folder / JOURNAL_NAME).write_bytes(whole[:length])
            self.store = self.opened()
            assert self.store.size().cut_bytes == length - before
        else:
            self.model["audit"]["torn"] = {"id": "torn", "subject": "1"}
            self.store = self.opened()

    @rule()
    def compact(self) -> None:
        self.store.compact()

    @rule()
    def restore_a_backup(self) -> None:
        copy = self.folder / "copy"
        self.store.backup(copy)
        self.store.close()
        copy.replace(self.folder / JOURNAL_NAME)
        self.store = self.opened()

    @invariant()
    def all_reads_agree(self) -> None:
        if hasattr(self, "store"):
            self.compare(self.store, self.model)

    def take_steps(self, changes, model: Model, steps) -> None:
        for what, *rest in steps:
            if what == "number":
                self.numbers[rest[0]] = self.numbers.get(rest[0], 0) + 1
                assert changes.number(rest[0]) == self.numbers[rest[0]]
            elif what == "remove":
                changes.remove(*rest)
                model[rest[0]].pop(rest[1], None)
            else:
                table, key, equal, ordered, text = rest
                row = {"id": key, "state": equal, "subject": equal, "due_at": ordered, "text": text}
                changes.put(table, row)
                model[table][key] = row
        self.compare(changes, model)

    def compare(self, rows, model: Model) -> None:
        for table, shape in SHAPES.items():
            expected = list(model[table].values())
            assert list(rows.every(table)) == expected
            for key in "abcd":
                assert rows.get(table, key) == model[table].get(key)
            for field in shape.equal:
                for value in ("", "1", "2", "3"):
                    assert rows.where(table, field, value) == [row for row in expected if row.get(field) == value]
            for field in shape.ordered:
                due = sorted((row for row in expected if row.get(field)), key=lambda row: row[field])
                assert rows.first(table, field) == next(iter(due), None)
                assert rows.up_to(table, field, "2", 3) == [row for row in due if row[field] <= "2"][:3]

    def copied_model(self) -> Model:
        return {table: dict(rows) for table, rows in self.model.items()}

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            shutil.rmtree(self.folder)


StoreMachine.TestCase.settings = settings(
    max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestTheStoreBehavesLikeADict = StoreMachine.TestCase
