"""A painter that writes the picture down instead of drawing it."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.replies.timelines import Picture


@dataclass
class FakePainter:
    """`drawn` holds every picture; `languages` are those it has letters for."""

    languages: tuple[str, ...] = ("en", "zh")
    drawn: list[Picture] = field(default_factory=list)

    def writes(self, lang: str) -> bool:
        return lang in self.languages

    def timeline(self, picture: Picture) -> bytes:
        self.drawn.append(picture)
        return b"\x89PNG" + repr(picture).encode()
