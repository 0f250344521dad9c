"""What the reader has no intent for: questions are told from orders and news, and each thing done elsewhere has its door."""

from __future__ import annotations

import pytest

from bot.domain.reading.beside import door_to, is_question


@pytest.mark.parametrize("text", [
    "where is F-1", "may F-1 ship?", "F-1?", "F-1", "filing F-12", "and is it released", "can you show me F-1?",
    "please check F-1", "show F-1", "F-1 现在什么情况", "F-1 能不能发", "查一下 F-1", "备案 F-1"])
def test_a_question_or_a_bare_number_asks(text: str) -> None:
    assert is_question(text)


@pytest.mark.parametrize("text", [
    "N1 of F-1 is done", "postpone F-1 by two weeks", "delete F-1", "can you postpone F-1 a little?", "please cancel SO-4711",
    "F-1 is late", "release F-1", "取消 F-1", "F-1 的 N1 完成了"])
def test_an_order_or_news_asks_nothing(text: str) -> None:
    assert not is_question(text)


@pytest.mark.parametrize(("text", "door"), [
    ("give me a calendar link", "calendar"), ("给我日历链接", "calendar"), ("我下周休假", "pause"),
    ("I'm away next week", "pause"),
    ("do you have a price for FaceGate 300?", "price"), ("FaceGate 300 多少钱", "price"), ("F-1 is done", "done"),
    ("postpone F-1 a little", "move"), ("assign N1 to Ken", "person"), ("cancel SO-4711", "shipment"), ("release F-1", "release"),
    ("asdf qwer", ""), ("F-1 is late", "")])
def test_what_is_done_elsewhere_has_a_door(text: str, door: str) -> None:
    assert door_to(text) == door
