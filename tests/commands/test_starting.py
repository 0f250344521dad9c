from __future__ import annotations

import subprocess
import sys

SHOWS = "import gc; from bot import __main__, cli; cli.main = lambda: print(gc.isenabled()); __main__.main()"


def test_a_command_looks_after_its_memory_once_everything_is_imported():
    told = subprocess.run([sys.executable, "-c", SHOWS], check=True, capture_output=True, text=True)
    assert told.stdout == "True\n"
