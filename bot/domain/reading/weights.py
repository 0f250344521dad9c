"""The weights that labelled questions taught; values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.domain.reading.recurrent import Head, Net


class Weight(NamedTuple):
    """What one feature of a text counts for."""

    rarity: float
    """How seldom questions have it (inverse document frequency): of a text's features the rare ones say most."""
    speaks: tuple[float, ...]
    """How far it speaks for each answer, its rarity reckoned in."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What each feature adds to each of the answers, in their order; without features there is no weighing."""

    answers: tuple[str, ...] = ()
    bias: tuple[float, ...] = ()
    of: Mapping[str, Weight] = field(default_factory=dict)
    head: Head | None = None
    """How far what a net heard speaks for each of the answers."""


@dataclass(frozen=True, slots=True)
class Taught:
    """What the questions taught about each field of a reading."""

    autonomy: Weights = field(default_factory=Weights)
    """yes, no, unknown"""
    category: Weights = field(default_factory=Weights)
    """The values of Category."""
    intent: Weights = field(default_factory=Weights)
    """The values of Intent."""
    deciding: Net | None = None
    """Hears what is told of one product; `autonomy` has its head."""
    whole: Net | None = None
    """Hears the whole text; `category` and `intent` have its heads."""
