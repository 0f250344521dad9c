"""Counts as people write them: in digits, in English words, in Chinese numerals."""

from __future__ import annotations

_ONES = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
    "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS = {"a": 1, "an": 1, "the": 1, **{word: count for count, word in enumerate(_ONES, 1)}}
_HAN = {digit: count for count, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_DIGIT_HAN = "[一二两三四五六七八九]"

COUNT = "|".join([
    r"\d{1,3}", rf"(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_ONES[:9])}))?", *sorted(_WORDS, key=len, reverse=True),
    f"{_DIGIT_HAN}?十{_DIGIT_HAN}?", _DIGIT_HAN])
"""A pattern, without a group, of what `count_of` knows: up to 999 in digits, below a hundred in words; "the day" is one."""


def count_of(said: str) -> int:
    """The number a match of COUNT stands for."""
    if said.isascii():
        return int(said) if said.isdigit() else _of_words(said.lower().replace("-", " ").split())
    return of_han(said)


def of_han(said: str) -> int:
    """Chinese numerals below a hundred (十二), or digit by digit as years are written (二〇二六)."""
    tens, ten, ones = said.rpartition("十")
    if not ten:
        return int("".join(str(_HAN[digit]) for digit in said))
    return (_HAN[tens] if tens else 1) * 10 + (_HAN[ones] if ones else 0)


def _of_words(words: list[str]) -> int:
    return sum((_TENS.index(word) + 2) * 10 if word in _TENS else _WORDS[word] for word in words)
