"""A writer killed at any moment: nothing acknowledged is lost, no transaction is halved, no number is given twice."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.adapters.storage import kill_rounds

KILLS = 40


@pytest.mark.slow
def test_many_kills_lose_nothing_and_halve_nothing(tmp_path):
    seed = random.randrange(1 << 30)
    asked = [sys.executable, "-m", kill_rounds.__name__, tmp_path / "data", str(KILLS), str(seed)]
    root = Path(kill_rounds.__file__).parents[3]
    done = subprocess.run(asked, check=False, capture_output=True, text=True, timeout=100, cwd=root)
    assert done.returncode == 0, f"seed {seed}: {done.stderr}"
    found = json.loads(done.stdout.splitlines()[-1])
    print(f"seed {seed}: {found}")
    assert (found["kills"], found["lost"], found["halved"], found["numbers_twice"]) == (KILLS, 0, 0, 0), seed
    assert found["acked"] > KILLS
    assert found["in_compaction"] > 0, "no kill hit a compaction; make compactions more frequent"
