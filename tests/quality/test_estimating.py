"""The estimate of qualified accounts covers the truth, and says when there is none to give."""

from __future__ import annotations

import numpy as np
import pytest

from followertui.quality.estimating import (
    LEAST_LOOKS,
    Draw,
    Stratum,
    counted,
    estimate,
    next_mark,
    wilson,
)

REVIEWS = 1000


class Audience:
    """A made audience: who is qualified, and what the rule says of each (0 yes, 1 no, 2 cannot tell)."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.size = int(self.random.integers(200, 4000))
        share = float(self.random.choice([0.01, 0.03, 0.08, 0.2, 0.5]))
        self.truth = self.random.random(self.size) < share
        self.rule = self.random.choice(3, self.size, p=[0.05, 0.5, 0.45])
        # The rule is right more often than not, and worth leans on the truth.
        said = self.truth & (self.random.random(self.size) < 0.6)
        self.rule[said] = 0
        self.worth = self.random.random(self.size) + 0.5 * self.truth + 0.3 * (self.rule == 0)
        self.numbers = self.random.integers(0, 2**62, self.size)

    def strata(self, looked: np.ndarray, is_exact: np.ndarray, mark: int) -> list[Stratum]:
        """The groups as ``services`` makes them: known before the first draw, then by what the rule says."""
        drawn = self.numbers <= mark
        groups = [is_exact, *((self.rule == which) & ~is_exact for which in range(3))]
        return [
            Stratum(
                int(group.sum()),
                int((group & looked & self.truth).sum()),
                int((group & looked & ~self.truth).sum()),
                int((group & drawn).sum()),
                int((group & drawn & looked & self.truth).sum()),
                int((group & drawn & looked & ~self.truth).sum()),
            )
            for group in groups
        ]


def part_review(seed: int) -> tuple[Audience, list[Stratum], int, int]:
    """Some accounts looked at in order of worth, then a draw at random, then more in order of worth."""
    people = Audience(seed)
    order = np.argsort(-people.worth)
    before = np.zeros(people.size, np.bool_)
    before[order[: int(people.random.integers(0, people.size // 3))]] = True
    looked = before.copy()
    count = int(people.random.integers(LEAST_LOOKS, 200))
    mark = next_mark(people.numbers, looked, -1, count)
    looked |= people.numbers <= mark
    rest = order[~looked[order]]
    looked[rest[: int(people.random.integers(0, len(rest) // 2 + 1))]] = True
    assert counted([Draw(mark, 0)], people.numbers, looked) == mark
    drawn = (people.numbers <= mark) & ~before
    return people, people.strata(looked, before, mark), int(drawn.sum()), int((drawn & people.truth).sum())


def test_the_interval_covers_the_truth_in_part_reviews_at_random(capsys: pytest.CaptureFixture[str]) -> None:
    covered, widths, others = 0, [], []
    for seed in range(REVIEWS):
        people, strata, drawn, found = part_review(seed)
        answer = estimate(strata)
        assert answer is not None
        assert answer.low <= answer.point <= answer.high
        covered += answer.low - 1e-9 <= people.truth.sum() <= answer.high + 1e-9
        widths.append((answer.high - answer.low) / people.size)
        rest = sum(group.size for group in strata[1:])
        low, high = wilson(rest, drawn, found)
        others.append((high - low) / people.size)
    line = (
        f"{REVIEWS} part-reviews: covered {covered / REVIEWS:.1%}, median width {np.median(widths):.4f}, "
        f"Wilson's of the same draws {np.median(others):.4f}"
    )
    with capsys.disabled():
        print(f"\n{line}")
    assert covered >= 0.93 * REVIEWS, line
    assert np.median(widths) <= np.median(others), line


def test_a_review_in_order_of_worth_is_no_sample() -> None:
    """Without a draw nothing is estimated until all is known; every such answer says so."""
    for seed in range(REVIEWS):
        people = Audience(seed)
        looked = np.zeros(people.size, np.bool_)
        looked[np.argsort(-people.worth)[: int(people.random.integers(0, people.size))]] = True
        nothing = np.zeros(people.size, np.bool_)
        mark = counted([], people.numbers, looked)
        assert mark == -1
        assert estimate(people.strata(looked, nothing, mark)) is None


def test_a_draw_that_was_left_is_not_finished_by_a_review_in_order_of_worth() -> None:
    """Its answers would be those of the best accounts: it counts only once nearly all of it is looked at."""
    for seed in range(300):
        people = Audience(seed)
        looked = np.zeros(people.size, np.bool_)
        draw = Draw(next_mark(people.numbers, looked, -1, 50), 0)
        looked[np.argsort(-people.worth)[: people.size * 2 // 3]] = True
        assert counted([draw], people.numbers, looked) == -1


def test_all_looked_at_is_exact() -> None:
    assert estimate([Stratum(10, 3, 7, 0, 0, 0), Stratum(5, 5, 0, 2, 2, 0)]) == (8, 8, 8, 15, 0, 15)
    assert estimate([]) == (0, 0, 0, 0, 0, 0)


def test_too_few_random_looks_are_no_estimate() -> None:
    rest = Stratum(1000, 400, 300, LEAST_LOOKS - 1, 5, LEAST_LOOKS - 6)
    assert estimate([rest]) is None
    assert estimate([rest._replace(drawn=LEAST_LOOKS, drawn_no=LEAST_LOOKS - 5)]) is not None


def test_what_is_known_bounds_the_interval() -> None:
    answer = estimate([Stratum(1000, 400, 550, 50, 25, 25)])
    assert answer is not None
    assert answer.low >= 400
    assert answer.high <= 450


def test_missing_answers_widen_the_interval() -> None:
    whole = estimate([Stratum(1000, 10, 90, 100, 10, 90)])
    part = estimate([Stratum(1000, 10, 85, 100, 10, 85)])
    assert whole is not None
    assert part is not None
    assert part.high > whole.high
    assert part.low <= whole.low


def test_a_draw_asks_for_what_is_not_looked_at_yet() -> None:
    numbers = np.array([50, 10, 40, 20, 30], dtype=np.int64)
    looked = np.array([False, True, False, False, False])
    assert next_mark(numbers, looked, -1, 2) == 30
    assert next_mark(numbers, looked, 30, 9) == 50
    assert next_mark(numbers, np.ones(5, np.bool_), -1, 3) == -1


def test_newcomers_inside_a_finished_draw_wait_to_be_looked_at() -> None:
    numbers = np.arange(100, dtype=np.int64)
    looked = numbers < 50
    assert counted([Draw(49, 1), Draw(70, 2)], numbers, looked) == 49
    looked[:2] = False
    assert counted([Draw(49, 1)], numbers, looked) == 49
    looked[:4] = False
    assert counted([Draw(49, 1)], numbers, looked) == -1
