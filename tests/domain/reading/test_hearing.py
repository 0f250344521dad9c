"""A text heard word by word, and what is made of it beside the weights."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.datafiles.weights import load_net, taught_by, write_net
from bot.domain.facts import Truth
from bot.domain.reading.recurrent import LONGEST, Cells, Floats, Head, Net, buckets
from bot.domain.reading.tokens import Token
from bot.domain.reading.weighing import NOWHERE, SURE, weigh
from bot.domain.reading.weights import Weight, Weights
from bot.errors import BadFile

D, H = 4, 3
DRAW = np.random.default_rng(1)
ANSWERS = tuple(Truth)


def _drawn(*shape: int) -> Floats:
    """Numbers that 16 bits hold exactly, so that a file gives them back."""
    return DRAW.normal(size=shape).astype(np.float16).astype(np.float32)


CELLS = Cells(_drawn(2, D, 3 * H), _drawn(2, H, 3 * H), _drawn(2, 2, 1, 3 * H))
NET = Net({"door": 1, "open": 2}, {"ACT": 1, "auto": 2}, _drawn(3, D), _drawn(3, D), _drawn(16, D), CELLS, _drawn(2 * H))
HEAD = Head({"g:yes": 0, "g:no": 1}, _drawn(2, 3), _drawn(4 * H, 3), _drawn(3))
tokens = st.builds(Token, st.sampled_from(["door", "open", "by itself", "门", "#", "<place>", "||"]), st.just(0),
                   st.sampled_from([("", ""), ("ACT", "open_door"), ("AUTO", "auto")]))  # fmt: skip
texts = st.lists(tokens, min_size=1, max_size=8)


def _one_way(embedded: list[Floats], way: int) -> list[list[float]]:
    """The gated units as they are written in the paper, number by number."""
    state, states = [0.0] * H, []
    for token in embedded:
        takes, keeps, bias = CELLS.takes[way], CELLS.keeps[way], CELLS.bias[:, way, 0]
        taken = [sum(token[d] * takes[d][k] for d in range(D)) + bias[0][k] for k in range(3 * H)]
        kept = [sum(state[h] * keeps[h][k] for h in range(H)) + bias[1][k] for k in range(3 * H)]
        reset, update = ([1 / (1 + math.exp(-taken[g + h] - kept[g + h])) for h in range(H)] for g in (0, H))
        new = [math.tanh(taken[2 * H + h] + reset[h] * kept[2 * H + h]) for h in range(H)]
        state = [(1 - update[h]) * new[h] + update[h] * state[h] for h in range(H)]
        states.append(state)
    return states


@given(texts)
def test_both_directions_at_once_hear_what_each_hears_alone(text: list[Token]) -> None:
    embedded = list(NET._embedded(text))
    forward, backward = _one_way(embedded, 0), _one_way(embedded[::-1], 1)[::-1]
    states = np.array([[*one, *other] for one, other in zip(forward, backward, strict=True)])
    loud = np.exp(np.tanh(states) @ NET.attention)
    wanted = [*(loud / loud.sum() @ states), *states.max(0)]
    assert NET.hear(text) == pytest.approx(np.array(wanted), abs=1e-5)


def test_the_order_of_words_is_heard() -> None:
    text = [Token("door", 0), Token("open", 0), Token("#", 0)]
    assert not np.allclose(NET.hear(text), NET.hear(text[::-1]))


def test_a_very_long_text_is_heard_so_far() -> None:
    text = [Token("door", 0)] * LONGEST
    assert np.array_equal(NET.hear(text), NET.hear([*text, Token("open", 0)]))


@given(st.text(min_size=1).filter(str.strip))
def test_any_word_has_parts(word: str) -> None:
    assert buckets(word, 16)
    assert all(0 <= bucket < 16 for bucket in buckets(word, 16))


def test_a_misspelt_word_shares_parts_with_the_right_one() -> None:
    assert set(buckets("respirator", 8192)) & set(buckets("resparator", 8192))
    assert set(buckets("虹膜锁", 8192)) & set(buckets("虹膜所", 8192))


def test_what_is_heard_and_what_is_weighed_have_half_a_say_each() -> None:
    known = Weights(ANSWERS, (0.0, 1.0, 0.0), {"w:a": Weight(1.0, (2.0, 0.0, 0.0))}, HEAD)
    heard, told = NET.hear([Token("door", 0)]), [("w:a", 0), ("g:yes", NOWHERE)]
    halves = np.array(HEAD.speaks(heard, ["g:yes"])) / 2 + np.array([1.0, 0.5, 0.0])
    wanted = np.exp(halves) / np.exp(halves).sum()
    assert list(weigh(told, known, lambda: heard).shares.values()) == pytest.approx(list(wanted), abs=1e-6)


def test_what_the_weights_are_sure_of_is_not_heard() -> None:
    known = Weights(ANSWERS, (0.0, 0.0, 0.0), {"w:a": Weight(1.0, (9.0, 0.0, 0.0))}, HEAD)

    def hear() -> Floats:
        raise AssertionError("heard, though nothing was left to doubt")

    assert weigh([("w:a", 0)], known, hear).shares[ANSWERS[0]] > SURE


def test_what_is_told_besides_counts_and_what_was_not_taught_does_not() -> None:
    heard = NET.hear([Token("door", 0)])
    nothing, something = HEAD.speaks(heard, ["g:else"]), HEAD.speaks(heard, ["g:no"])
    assert nothing == pytest.approx(HEAD.speaks(heard, []))
    assert np.subtract(something, nothing) == pytest.approx(HEAD.of_told[1], abs=1e-5)


def _written(folder: Path) -> Path:
    write_net(folder / "net.npz", NET, {"autonomy": HEAD}, "a test")
    return folder / "net.npz"


@given(text=texts)
def test_a_net_comes_back_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, text: list[Token]) -> None:
    path = _written(tmp_path_factory.getbasetemp())
    net, heads = load_net(path, ("autonomy",))
    assert taught_by(path) == "a test"
    assert np.array_equal(net.hear(text), NET.hear(text))
    assert heads["autonomy"].speaks(net.hear(text), ["g:no"]) == HEAD.speaks(NET.hear(text), ["g:no"])


def test_a_damaged_file_of_a_net_is_refused(tmp_path: Path) -> None:
    whole = _written(tmp_path).read_bytes()
    middle = len(whole) // 4
    changed = whole[:middle] + bytes([whole[middle] ^ 0xFF]) + whole[middle + 1 :]
    for broken in (changed, whole[:-40], b"", b"no net"):
        (tmp_path / "net.npz").write_bytes(broken)
        with pytest.raises(BadFile, match=r"reading/weights/net\.npz.*make learn"):
            load_net(tmp_path / "net.npz", ("autonomy",))


def test_a_net_without_the_head_asked_for_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"reading/weights/net\.npz"):
        load_net(_written(tmp_path), ("intent",))
