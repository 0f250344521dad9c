"""The part a place plays in a text."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.reading.matching import PlaceHit

HOME = "CN"
GOES, BUYER, BARE, SENDER, TRANSIT = "destination", "buyer", "bare", "sender", "transit"


@dataclass(frozen=True, slots=True)
class Part:
    """A place and the part it plays: destination, origin, made, stock, transit, denied, buyer, sender or bare."""

    hit: PlaceHit
    role: str
    weak: bool = False
    """Only "at" or "in" says that goods go there."""

    @property
    def code(self) -> str:
        """ISO code, or the region's name."""
        return self.hit.place.code
