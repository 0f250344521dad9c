"""Rooms: imports point downward, the clock and the environment are read in one place only."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from project_tree import ROOT, calls, dotted, modules, named, tree_of

TIMELESS = ("bot/domain", "bot/flows", "bot/desk", "bot/replies")
CLOCK_CALLS = ("datetime.now", "datetime.utcnow", "datetime.today", "date.today")


def test_the_import_contracts_of_pyproject_are_kept() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([str(lint), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


def test_time_is_an_argument_in_domain_flows_and_replies() -> None:
    found = [f"{named(path)}:{line}: {call}()" for path in modules(*TIMELESS) for line, call in calls(path)
             if call.endswith(CLOCK_CALLS)]
    found += [f"{named(path)}:{line}: imports time" for path in modules(*TIMELESS) for line, name in _imports(path)
              if name == "time"]
    assert not found, "the clock is handed in, never read here:\n" + "\n".join(found)


def test_only_settings_reads_the_environment() -> None:
    found = [named(path) for path in modules("bot", "handlers") if named(path) != "bot/settings.py" and _reads_environment(path)]
    assert not found


def test_only_the_data_files_room_parses_yaml() -> None:
    found = [named(path) for path in modules("bot", "handlers") for _line, name in _imports(path) if name == "yaml"]
    assert {Path(path).parent.as_posix() for path in found} <= {"bot/datafiles"}


def _imports(path: Path) -> list[tuple[int, str]]:
    found = []
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name.partition(".")[0]) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.append((node.lineno, node.module.partition(".")[0]))
    return found


def _reads_environment(path: Path) -> bool:
    read = {dotted(node) for node in ast.walk(tree_of(path)) if isinstance(node, ast.Attribute)}
    return bool(read & {"os.environ", "os.getenv", "os.environb"})
