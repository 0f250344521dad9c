"""A folder as it was at a revision of git, laid out beside the working tree for as long as it is looked at."""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import BadInput

SECONDS = 60


@contextmanager
def folder_at(revision: str, folder: Path) -> Iterator[Path]:
    """The folder as it was at a revision, under its own name. BadInput without git, a repository or such a revision."""
    here = folder.resolve()
    commit = _git(here, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}",
                  sorry=f'git knows no revision "{revision}"; write a commit, a tag or a branch.').decode().strip()
    inside = _git(here, "rev-parse", "--show-prefix", sorry=_no_repository(here)).decode().rstrip("\n").rstrip("/")
    top = Path(_git(here, "rev-parse", "--show-toplevel", sorry=_no_repository(here)).decode().rstrip("\n"))
    archive = _git(top, "archive", "--format=tar", f"{commit}:{inside}",  # git archives a tree from the top only
                   sorry=f'The folder {folder.name} was not there at "{revision}".')
    with tempfile.TemporaryDirectory(prefix="filingdesk-") as place:
        target = Path(place) / here.name
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            tar.extractall(target, filter="data")
        yield target


def _git(folder: Path, *words: str, sorry: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and a revision never stands where git takes options
            ["git", "-C", str(folder), *words], capture_output=True, timeout=SECONDS, check=False)  # noqa: S607 - git as on PATH
    except (OSError, subprocess.TimeoutExpired):
        raise BadInput("git cannot be run here; comparing with a revision needs it.") from None
    if b"not a git repository" in done.stderr:
        raise BadInput(_no_repository(folder))
    if done.returncode:
        raise BadInput(sorry)
    return done.stdout


def _no_repository(folder: Path) -> str:
    return f"The folder {folder.name} is not in a git repository, so there is no earlier state to compare with."
