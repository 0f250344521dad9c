"""The reader: a person's words in English, Chinese or both become facts; pure functions and frozen values."""

from bot.domain.reading.combine import read
from bot.domain.reading.lexicon import Lexicon

__all__ = ["Lexicon", "read"]
