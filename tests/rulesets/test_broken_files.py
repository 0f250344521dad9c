"""Files damaged at random: always findings, never a traceback, never a rule that loads by half."""

import random
import shutil
from pathlib import Path

import pytest

from bot.datafiles.checking import check
from bot.datafiles.rulesets import load_rulesets
from bot.errors import BadFile

SHIPPED = Path(__file__).parents[2] / "rulesets"
FILES = sorted(path.relative_to(SHIPPED) for path in SHIPPED.rglob("*.yaml") if "reading" not in path.parts)
SIGNS = ['"', "'", "{", "}", "[", "]", ":", "- ", "\n", "\t", "&a ", "*a", "!x ", "#", "\x00", "é", "null", "~", ", "]


def damaged(text, chance):
    lines, at = text.split("\n"), chance.randrange(len(text))
    row, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    swapped = list(lines)
    swapped[row], swapped[other] = lines[other], lines[row]
    return chance.choice([
        text[:at] + text[at + chance.randint(1, 30) :],
        text[:at] + chance.choice(SIGNS) + text[at:],
        "\n".join(lines[:row] + lines[row + 1 :]),
        "\n".join(swapped),
    ])


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(30))
def test_a_damaged_file_gives_findings_or_loads_whole(tmp_path, seed):
    chance = random.Random(seed)
    folder = tmp_path / "rulesets"
    shutil.copytree(SHIPPED, folder)
    path = folder / chance.choice(FILES)
    path.write_text(damaged(path.read_text(encoding="utf-8"), chance), encoding="utf-8")
    assert all(finding.what and finding.path.startswith("rulesets") for finding in check(folder))
    try:
        loaded = load_rulesets(folder)
    except BadFile:
        return
    assert set(loaded) == {"cn-cac-agents", "cn-face-application"}
