"""The words, names and cues of a text in their order, as it is weighed and heard."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Token:
    """One word, name or bar of the text."""

    word: str
    """A stem, the words of a cue, `<place>` or `<product>` for a name, `|` and `||` where a clause or a sentence begins."""
    place: int
    """Its clause (who decides) or unit (family, intent)."""
    cues: tuple[str, str] = ("", "")
    """What it is a cue of: role and id as to who decides; of a product and of an intent otherwise."""
