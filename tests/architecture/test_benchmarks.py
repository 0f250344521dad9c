"""The benchmarks run and print the two figures that are promised: decisions per second, and question to stored answer."""

from __future__ import annotations

import re
import sys
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType

from project_tree import ROOT


def loaded(name: str) -> ModuleType:
    spec = spec_from_file_location(f"benchmark_{name}", ROOT / "benchmarks" / f"{name}.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_deciding_prints_explained_decisions_per_second(monkeypatch, capsys) -> None:
    monkeypatch.setattr(sys, "argv", ["deciding.py", "0.01"])
    loaded("deciding").main()
    printed = capsys.readouterr().out
    assert re.search(r"kept +[\d,]+ explained decisions/s over 63 cells", printed)
    assert re.search(r"fresh +[\d,]+", printed)


def test_answering_prints_milliseconds_from_question_to_stored_answer(monkeypatch, capsys) -> None:
    module = loaded("answering")
    texts = module.questions()[:60]
    monkeypatch.setattr(module, "questions", lambda: texts)
    monkeypatch.setattr(module, "LONG", 500)
    monkeypatch.setattr(module, "disk_alone", lambda store, whole=module.disk_alone: whole(store, 10))
    monkeypatch.setattr(sys, "argv", ["answering.py"])
    module.main()
    printed = capsys.readouterr().out
    assert re.search(r"question text -> stored answer +n= +10 +median +[\d.]+ ms", printed)
    assert re.search(r"reading 500 characters +corpus +\d+ ms", printed)
