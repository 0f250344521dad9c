"""One line of the doctor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.errors import FilingDeskError


@dataclass(frozen=True, slots=True)
class Finding:
    """Fine, or what is wrong, why it matters and how to mend it; each a sentence."""

    about: str
    wrong: str = ""
    why: str = ""
    mend: str = ""

    def __str__(self) -> str:
        if not self.wrong:
            return f"[ok]   {self.about}"
        return " ".join(part for part in (f"[FAIL] {self.about}:", self.wrong, self.why, self.mend) if part)


def guarded(about: str, look: Callable[[], object], why: str = "", mend: str = "") -> Iterator[Finding]:
    """Fine, or the error in its own words."""
    try:
        look()
    except FilingDeskError as error:
        yield Finding(about, str(error), why, mend)
    else:
        yield Finding(about)
