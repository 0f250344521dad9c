"""Who does what: the first working person with the first role that anybody has, and what each role may do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.people import RIGHTS, ROLES, Colleague, first_with, may

ANA, BO, CY = Colleague("U1", "Ana", role="PM"), Colleague("U2", "Bo", role="HEAD"), Colleague("U3", "Cy", role="PM")


def test_the_first_role_anybody_has_decides_and_then_who_came_first() -> None:
    assert first_with(["REG", "HEAD", "PM"], [ANA, BO, CY]) == BO
    assert first_with(["PM"], [BO, CY, ANA]) == CY


def test_somebody_who_has_left_is_passed_over() -> None:
    assert first_with(["PM"], [replace(ANA, active=False), CY]) == CY
    assert first_with(["PM"], [replace(ANA, active=False)]) is None


def test_no_role_and_nobody_are_nobody() -> None:
    assert first_with([], [ANA]) is None
    assert first_with(["PM"], []) is None


@pytest.mark.parametrize("act", sorted(RIGHTS))
def test_only_named_roles_may_and_nobody_without_a_role(act: str) -> None:
    assert RIGHTS[act] < set(ROLES)
    assert {role for role in ROLES if may(role, act)} == set(RIGHTS[act])
    assert not may("", act)


def test_what_no_rule_names_is_open_to_all() -> None:
    assert may("", "ask")
