"""Teaches the nets that hear a text (bot/domain/reading/recurrent.py) from the labelled questions; `make learn` runs it.

Writes rulesets/reading/weights/*.npz. Needs jax and optax (the extra `learn`), which neither the program nor its tests do.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from learn import Row, lessons
from taught import WEIGHTS, digest

from bot.datafiles.weights import ANSWERS, NETS, write_net
from bot.domain.reading.recurrent import MOST_PARTS, UNKNOWN, Cells, Head, Net, buckets
from bot.domain.reading.weighing import NOWHERE

D = H = 96
"""The length of an embedded token, and of what one direction remembers."""
BUCKETS = 8192
"""Parts of words fall into so many."""
LEAST = 3
"""A word or feature of fewer texts is not taught."""
LENGTHS = (16, 24, 32, 48, 72, 120)
"""Texts are padded to these many tokens, and cut at the last."""
TOLD = 64
"""So many features are told with a text at most."""
EPOCHS, BATCH, RATE = 3, 64, 2e-3
WORD_DROPOUT, DROPOUT, LAST_DROPOUT = 0.1, 0.3, 0.4
SEED = 7
Parameters = dict[str, Any]


@dataclass(frozen=True)
class Lesson:
    """A text, what is told with it, and its answer of one field."""

    field: str
    tokens: Sequence[Any]
    told: Sequence[str]
    answer: int


def main(names: Sequence[str]) -> int:
    """Teach the nets named, or all."""
    rows = lessons()
    for name in names or NETS:
        net, heads = taught([lesson for field in NETS[name] for lesson in lessons_of(field, rows[field])], NETS[name])
        write_net(WEIGHTS / f"{name}.npz", net, heads, f"sha256 {digest()}")
        print(f"{name}: {len(net.words)} words")
    return 0


def lessons_of(field: str, rows: Sequence[Row]) -> Iterator[Lesson]:
    """What stands nowhere in the text is told besides."""
    for seen, answer in rows:
        if seen.tokens:
            told = [name for name, place in seen.features if place == NOWHERE]
            yield Lesson(field, seen.tokens, told, ANSWERS[field].index(answer))


def taught(lessons: Sequence[Lesson], fields: Sequence[str]) -> tuple[Net, dict[str, Head]]:
    """A net and its heads."""
    words = _numbered(token.word for lesson in lessons for token in lesson.tokens)
    cues = _numbered(cue for lesson in lessons for token in lesson.tokens for cue in token.cues if cue)
    told = {f: _numbered((name for one in lessons if one.field == f for name in one.told), first=0) for f in fields}
    draw = np.random.default_rng(SEED)
    batches = _Batches(lessons, words, cues, told, draw)
    parameters = _fit(_first(len(words) + 1, len(cues) + 1, {f: len(told[f]) for f in fields}, draw), batches, fields)
    return _made(parameters, words, cues, told)


def _numbered(names: Iterator[str], first: int = UNKNOWN + 1) -> dict[str, int]:
    counted = Counter(names)
    return {name: at for at, name in enumerate(sorted(n for n, many in counted.items() if many >= LEAST), first)}


def _first(words: int, cues: int, told: Mapping[str, int], draw: np.random.Generator) -> Parameters:
    """What is taught from."""

    def normal(scale: float, *shape: int) -> Any:
        return jnp.asarray(draw.normal(0, scale, shape), jnp.float32)

    cells = {"takes": normal(1 / math.sqrt(D), 2, D, 3 * H), "keeps": normal(1 / math.sqrt(H), 2, H, 3 * H)}
    heads = {
        f: {"told": normal(0.05, many + 1, len(ANSWERS[f])), "heard": normal(1 / math.sqrt(4 * H), 4 * H, len(ANSWERS[f])),
            "bias": jnp.zeros(len(ANSWERS[f]))}
        for f, many in told.items()
    }  # fmt: skip
    embedded = {"words": normal(0.1, words, D), "cues": normal(0.1, cues, D), "parts": normal(0.1, BUCKETS, D)}
    return {**embedded, "cells": {**cells, "bias": jnp.zeros((2, 2, 1, 3 * H))}, "attention": jnp.zeros(2 * H), "heads": heads}


class _Batches:
    """Texts of like length together, in a new order each time."""

    def __init__(self, lessons: Sequence[Lesson], words: Any, cues: Any, told: Any, draw: np.random.Generator) -> None:
        self._draw, self._told = draw, told
        self._of: dict[tuple[str, int], list[tuple[Any, ...]]] = {}
        for one in lessons:
            tokens = one.tokens[: LENGTHS[-1]]
            length = next(length for length in LENGTHS if len(tokens) <= length)
            row = (_padded([words.get(t.word, UNKNOWN) for t in tokens], length),
                   _padded([[cues.get(cue, UNKNOWN) for cue in t.cues] for t in tokens], length),
                   _padded([_padded([b + 1 for b in buckets(t.word, BUCKETS)], MOST_PARTS) for t in tokens], length),
                   len(tokens), self._ids(one), one.answer)  # fmt: skip
            self._of.setdefault((one.field, length), []).append(row)

    def _ids(self, one: Lesson) -> Any:
        known = self._told[one.field]
        return _padded([known[name] + 1 for name in one.told if name in known][:TOLD], TOLD)

    def __len__(self) -> int:
        return sum(-(-len(rows) // BATCH) for rows in self._of.values())

    def __iter__(self) -> Iterator[tuple[str, list[Any]]]:
        cut = []
        for (field, _), rows in self._of.items():
            order = self._draw.permutation(len(rows))
            order = np.concatenate([order, order[: -len(order) % BATCH]]) if len(order) >= BATCH else np.resize(order, BATCH)
            cut += [(field, rows, order[at : at + BATCH]) for at in range(0, len(order), BATCH)]
        for at in self._draw.permutation(len(cut)):
            field, rows, picked = cut[at]
            yield field, [np.stack(column) for column in zip(*(rows[one] for one in picked), strict=True)]


def _padded(ids: Sequence[Any], length: int) -> Any:
    if not ids:
        return np.zeros(length, np.int32)
    found = np.asarray(ids, np.int32)
    return np.concatenate([found, np.zeros((length - len(found), *found.shape[1:]), np.int32)])


def _fit(parameters: Parameters, batches: _Batches, fields: Sequence[str]) -> Parameters:
    steps = EPOCHS * len(batches)
    rates = optax.warmup_cosine_decay_schedule(0.0, RATE, steps // 20 + 1, steps)
    optimiser = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(rates, weight_decay=1e-4))
    state, key = optimiser.init(parameters), jax.random.key(SEED)

    @partial(jax.jit, static_argnums=0, donate_argnums=(1, 2))
    def step(field: str, parameters: Any, state: Any, batch: Any, key: Any) -> Any:
        loss, slope = jax.value_and_grad(_loss)(parameters, field, batch, key)
        change, state = optimiser.update(slope, state, parameters)
        return optax.apply_updates(parameters, change), state, loss

    for epoch in range(EPOCHS):
        losses = []
        for field, batch in batches:
            key, own = jax.random.split(key)
            parameters, state, loss = step(field, parameters, state, batch, own)
            losses.append(loss)
        print(f"{', '.join(fields)}: loss {float(np.mean(losses)):.3f} after {epoch + 1}", flush=True)
    return parameters


def _loss(parameters: Parameters, field: str, batch: Sequence[Any], key: Any) -> Any:
    *texts, told, answers = batch
    word, inside, last, aside = jax.random.split(key, 4)
    heard = _heard(parameters, texts, word, inside)
    head = parameters["heads"][field]
    kept = (told > 0) & jax.random.bernoulli(aside, 1 - DROPOUT, told.shape)
    logits = _dropped(heard, LAST_DROPOUT, last) @ head["heard"] + (head["told"][told] * kept[..., None]).sum(1) + head["bias"]
    return optax.softmax_cross_entropy_with_integer_labels(logits, answers).mean()


def _dropped(values: Any, share: float, key: Any) -> Any:
    return values * jax.random.bernoulli(key, 1 - share, values.shape) / (1 - share)


def _heard(parameters: Parameters, texts: Sequence[Any], word: Any, inside: Any) -> Any:
    words, cues, parts, lengths = texts
    words = jnp.where(jax.random.bernoulli(word, WORD_DROPOUT, words.shape), UNKNOWN, words)
    there = (parts > 0)[..., None]
    of_parts = (parameters["parts"][jnp.maximum(parts - 1, 0)] * there).sum(2) / jnp.maximum(there.sum(2), 1)
    embedded = parameters["words"][words] + parameters["cues"][cues].sum(2) + of_parts
    mask = jnp.arange(words.shape[1])[None] < lengths[:, None]
    states = _states(_dropped(embedded, DROPOUT, inside), mask, parameters["cells"])
    loud = jnp.where(mask, jnp.tanh(states) @ parameters["attention"], -1e9)
    mean = (jax.nn.softmax(loud)[..., None] * states).sum(1)
    return jnp.concatenate([mean, jnp.where(mask[..., None], states, -1e9).max(1)], 1)


def _states(embedded: Any, mask: Any, cells: Any) -> Any:
    """B × T × D to B × T × 2H; where a text has ended the state stays as it was."""
    both = jnp.stack([embedded, embedded[:, ::-1]])
    taken = jnp.einsum("xbtd,xdh->txbh", both, cells["takes"]) + cells["bias"][0]
    there = jnp.stack([mask, mask[:, ::-1]]).transpose(2, 0, 1)[..., None]

    def step(state: Any, at: Any) -> Any:
        taken, there = at
        kept = jnp.einsum("xbh,xhk->xbk", state, cells["keeps"]) + cells["bias"][1]
        gates = jax.nn.sigmoid(taken[..., : 2 * H] + kept[..., : 2 * H])
        new = jnp.tanh(taken[..., 2 * H :] + gates[..., :H] * kept[..., 2 * H :])
        state = jnp.where(there, new + gates[..., H:] * (state - new), state)
        return state, state

    _, states = jax.lax.scan(step, jnp.zeros((2, embedded.shape[0], H)), (taken, there))
    return jnp.concatenate([states[:, 0], states[::-1, 1]], -1).transpose(1, 0, 2)


def _made(parameters: Parameters, words: Any, cues: Any, told: Any) -> tuple[Net, dict[str, Head]]:
    plain = jax.tree.map(np.asarray, parameters)
    cells = Cells(*(plain["cells"][name] for name in ("takes", "keeps", "bias")))
    net = Net(words, cues, plain["words"], plain["cues"], plain["parts"], cells, plain["attention"])
    heads = plain["heads"]
    return net, {f: Head(told[f], heads[f]["told"][1:], heads[f]["heard"], heads[f]["bias"]) for f in told}


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
