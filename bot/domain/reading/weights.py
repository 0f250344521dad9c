"""The weights that labelled questions taught; values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.facts import Truth

ANSWERS = (Truth.YES, Truth.NO, Truth.UNKNOWN)
"""The order of the weights of a feature."""
Trio = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Weights:
    """What each feature adds to the answers, in the order of ANSWERS; without features there is no weighing."""

    bias: Trio = (0.0, 0.0, 0.0)
    of: Mapping[str, Trio] = field(default_factory=dict)
