"""Questions of several products: which there are, and what is said of which."""

from __future__ import annotations

from datetime import date

import pytest
from reading_score import lexicon

from bot.domain.reading import read

DAY = date(2026, 11, 23)
WORDS = lexicon()

SAID = [
    ("an iris lock and an iris camera to Seoul", ["iris_lock", "unknown"]),
    ("掌静脉锁、指静脉锁各50把，发往巴士拉", ["vein_lock", "vein_lock"]),
    ("drones and 3D face terminals going to Da Nang", ["other_not_listed", "face_3d_terminal"]),
    ("Packing list:\n- 6 ctn PAPR\n- 2 ctn disposable FFP2 masks\nto Almaty", ["intelligent_respirator", "other_not_listed"]),
    ("Item one, iris lock for Vilnius. Item two, iris lock for Riga.", ["iris_lock", "iris_lock"]),
    ("competitor's vein lock was stopped at the port; ours is an iris lock for Montreal", ["iris_lock"]),
    ("the iris lock has a keypad; the lock goes to Oslo", ["iris_lock"]),
    ("Datasheet of the iris lock: 0.3 s – IP65, ISO 30107. For Lima.", ["iris_lock"]),
]
"""A text, and the families in it."""
DECIDED = [
    ("Two vein locks for Rome: lock A opens by itself, lock B needs the guard's approval for every opening.", ["yes", "no"]),
    ("A = iris lock, B = finger vein lock. A opens by itself, B needs the guard's approval each time. Cartagena.", ["yes", "no"]),
    ("虹膜锁和掌静脉锁发清迈。前者自己开，后者每次要保安批准才开。", ["yes", "no"]),
    ("PAPR type R adapts its flow to breathing all by itself, type S is set by hand only. Calama.", ["yes", "no"]),
    ("智能呼吸器Pro和Lite两个版本发赫尔辛基。Pro自己判断调风量，Lite让人自己拧旋钮。", ["yes", "no"]),
    ("3D人脸终端两个版本，离线版自己放行，联网版每次等值班员点同意。都出口挪威", ["yes", "no"]),
    ("Two vein locks. One for Lisbon, one for Luanda. Lisbon's asks the guard before each opening, Luanda's opens on its own.",
     ["no", "yes"]),
    ("Vein locks, iris locks, PIN locks for Lagos. The first two open by themselves.", ["yes", "yes", "unknown"]),
    ("虹膜锁去雅加达，指静脉锁去马尼拉，都是自己开，没人批准。", ["yes", "yes"]),
    ("Iris lock (opens by itself) and 3D face terminal (a guard approves every entry), both to Cork.", ["yes", "no"]),
    ("The lock works the same by day and at night: 20:00 or 06:00, the iris lock opens by itself. Lima.", ["yes"]),
]  # fmt: skip
"""A text, and who decides of each product."""


@pytest.mark.parametrize(("text", "families"), SAID, ids=[text[:40] for text, _ in SAID])
def test_which_products_a_text_speaks_of(text: str, families: list[str]) -> None:
    assert [str(product.category) for product in read(text, DAY, WORDS).products] == families


@pytest.mark.parametrize(("text", "answers"), DECIDED, ids=[text[:40] for text, _ in DECIDED])
def test_who_decides_is_told_of_each(text: str, answers: list[str]) -> None:
    assert [str(product.autonomous) for product in read(text, DAY, WORDS).products] == answers
