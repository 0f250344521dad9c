"""What a text says of autonomy, one statement at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.facts import Truth
from bot.domain.reading.matching import Hit

CLEAR, ACTING, WEAK = 3, 2, 1
"""Said outright; said by what happens; only hinted at."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement about autonomy at units [first, last); `kind` is access, breathing or "" for both."""

    value: Truth
    force: int
    first: int
    last: int
    cue: str
    kind: str = ""
    hedged: bool = False
    approval: bool = False
    """A person lets the act happen, or need not."""
    gated: bool = False
    """Gives way to an approval in the same sentence."""
    final: bool = False
    """What happens when nobody reacts: stronger than any approval spoken of."""
    supposed: bool = False
    """Of a case that is only imagined; counts where nothing is said of the real one."""

    def doubted(self, when: bool = True) -> Claim:
        """The same claim, hedged when there is reason to."""
        return replace(self, hedged=True) if when and not self.hedged else self


def make(hit: Hit, *, yes: bool, force: int, kind: str | None = None, **flags: bool) -> Claim:
    """A claim at a cue; of the kind of its cue unless another is given."""
    value = Truth.YES if yes else Truth.NO
    kind = hit.cue.marks.get("kind", "") if kind is None else kind
    return Claim(value, force, hit.first, hit.last, hit.cue.id, kind, **flags)
