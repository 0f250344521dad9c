"""Decisions per second on the shipped rules: `python benchmarks/deciding.py [SECONDS]`.

"kept" is what bulk screening gets: the facts have few values, so each explained decision is made once a day and shared.
"fresh" makes every decision and its explanation anew.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from bot.datafiles.rule_grid import cells
from bot.datafiles.rulesets import load_rulesets
from bot.domain.deciding import decide, judge

DAY = date(2026, 11, 23)


def per_second(run: Callable[[Mapping[str, str]], object], grid: list[dict[str, str]], seconds: float) -> float:
    done, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < seconds:
        for _ in range(20):
            for cell in grid:
                run(cell)
        done += 20 * len(grid)
    return done / (time.perf_counter() - begun)


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    begun = time.perf_counter()
    ruleset = load_rulesets(Path(__file__).parents[1] / "rulesets")["cn-cac-agents"]
    print(f"load both rulesets          {1000 * (time.perf_counter() - begun):10,.0f} ms")
    grid = list(cells(ruleset.facts, partial=True))
    ask = judge(ruleset, DAY)
    print(f"judge(...)(facts), kept     {per_second(ask, grid, seconds):10,.0f} explained decisions/s over {len(grid)} cells")
    print(f"decide(...), kept           {per_second(lambda cell: decide(ruleset, cell, DAY), grid, seconds):10,.0f}")
    print(f"fresh                       {per_second(ask.fresh, grid, seconds):10,.0f}")


if __name__ == "__main__":
    main()
