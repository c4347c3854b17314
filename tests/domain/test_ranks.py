"""Ranks: the vectors that the browser's tests read too, and what must hold for any insertion."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from server.domain import ranks

VECTORS: dict[str, list[Any]] = json.loads((Path(__file__).parents[1] / "vectors" / "ranks.json").read_text())


@pytest.mark.parametrize(("left", "right", "middle"), VECTORS["between"])
def test_between_gives_the_rank_that_the_browser_predicts(left: str | None, right: str | None, middle: str) -> None:
    assert ranks.between(left, right) == middle
    assert (left or "") < middle < (right or "~")
    assert ranks.valid(middle)


@pytest.mark.parametrize(("left", "right", "n", "run"), VECTORS["spread"])
def test_spread_gives_the_run_that_the_browser_predicts(
    left: str | None, right: str | None, n: int, run: list[str]
) -> None:
    assert ranks.spread(left, right, n) == run


@pytest.mark.parametrize(("left", "right"), VECTORS["refused"])
def test_bounds_out_of_order_or_malformed_are_refused(left: str, right: str) -> None:
    with pytest.raises(ValueError, match="no rank fits"):
        ranks.between(left, right)
    with pytest.raises(ValueError, match="no ranks fit"):
        ranks.spread(left, right, 2)


def test_valid_knows_what_the_algorithm_could_have_made() -> None:
    assert [rank for rank in VECTORS["valid"] if not ranks.valid(rank)] == []
    assert [rank for rank in VECTORS["invalid"] if ranks.valid(rank)] == []


@pytest.mark.parametrize("end", ["append", "prepend"])
def test_ten_thousand_at_one_end_stay_within_five_characters(end: str) -> None:
    rank = ranks.between(None, None)
    for _ in range(10_000):
        rank = ranks.between(rank, None) if end == "append" else ranks.between(None, rank)
    assert len(rank) <= 5


def test_random_insertions_keep_their_order_and_stay_valid() -> None:
    rng, run = random.Random(7), [ranks.between(None, None)]
    for _ in range(2_000):
        at = rng.randrange(len(run) + 1)
        run.insert(at, ranks.between(run[at - 1] if at else None, run[at] if at < len(run) else None))
    assert run == sorted(set(run))
    assert all(ranks.valid(rank) for rank in run)


def test_one_gap_split_again_and_again_grows_past_long() -> None:
    left, right = "a0", "a1"
    for _ in range(200):
        right = ranks.between(left, right)
    assert len(right) > ranks.LONG
