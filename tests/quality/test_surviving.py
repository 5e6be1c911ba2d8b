"""Survival against the example everyone computes by hand, and that the young do not count as kept."""

from __future__ import annotations

import numpy as np
import pytest

from followertui.quality.surviving import still_there


def shares(lines: list[tuple[int, bool]], *marks: int) -> tuple[float | None, ...]:
    seconds, lost = zip(*lines, strict=True) if lines else ((), ())
    return still_there(np.array(seconds, np.int64), np.array(lost, np.bool_), marks)


def test_the_trial_of_6_mp_of_freireich_1963() -> None:
    """Remission times of the treated; the shares are printed in every textbook."""
    lost = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    kept = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    found = shares([*((t, True) for t in lost), *((t, False) for t in kept)], 5, 6, 7, 10, 13, 16, 22, 23)
    assert found == pytest.approx((1, 0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448), abs=0.0005)


def test_who_is_young_is_not_counted_as_kept() -> None:
    young = [(5, False)] * 90
    assert shares([(5, True)] * 10 + young, 5, 6) == (0.9, None)
    assert shares([*young, (50, True), (50, False)], 50) == (0.5,)


def test_all_lost_is_nothing_for_ever_and_nobody_is_unknown() -> None:
    assert shares([(3, True), (4, True)], 3, 4, 400) == (0.5, 0.0, 0.0)
    assert shares([], 1, 2) == (None, None)


def test_equals_the_plain_product_over_random_followers() -> None:
    random = np.random.default_rng(3)
    seconds, lost = random.integers(0, 40, 300), random.random(300) < 0.4
    expected = 1.0
    for time in range(21):
        at_risk, losses = np.sum(seconds >= time), np.sum((seconds == time) & lost)
        expected *= 1 - losses / at_risk
    assert still_there(seconds, lost, [20]) == (pytest.approx(expected),)
