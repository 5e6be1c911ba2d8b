"""How many of an audience are qualified while only part of it was looked at.

Owns the stratified estimate and its interval, and which draws count. Pure: it knows counts and
numbers, no store. A look is a person's answer on one account by name; what a
bulk gesture says of many is a judgement by rule and none. ``services.insight`` imports it.

The accounts are split into groups. A group in which every account was looked at is known exactly.
Of the others only looks at accounts that were *drawn* count: everyone carries a fixed random
number, a draw takes all up to a mark, and it counts once nearly all of them were looked at,
whatever else was looked at for other reasons. So a review in order of worth, which sees the best
first, never passes for a sample.

For a group of N accounts with n drawn, x of them qualified, the bounds are the lowest and highest
number K of qualified accounts under which x is not among the 2.5% most extreme draws of n from N
(hypergeometric, so small audiences need fewer looks; the observed x counts half, as "mid-P" has
it). What is known anyway narrows them: at least the qualified seen, at most N less the others
seen. Groups are joined by "MOVER": with p the share and [l, u] its bounds in each group of weight
W, the whole lies between P - sqrt(sum W^2 (p-l)^2) and P + sqrt(sum W^2 (u-p)^2).

Source: Ohlsson, "Coordination of samples using permanent random numbers", 1995; Zou and Donner,
"Construction of confidence limits about effect measures", Statistics in Medicine 27, 2008.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LEAST_LOOKS = 30
"""Random looks below which nothing is estimated."""

_LEAST_OF_A_GROUP = 10
"""A group with fewer random looks is estimated together with others."""

_TAIL = 0.025
_MOST_OPEN = 0.05
"""Share of a draw that may be without an answer; it is counted as both, which widens the interval."""


class Stratum(NamedTuple):
    """Counts of one group of accounts.

    Attributes:
        size: accounts in it.
        yes, no: looked at, for whatever reason, and qualified or not.
        drawn: accounts in it that were drawn at random.
        drawn_yes, drawn_no: of those, looked at and qualified or not; the rest is without an answer.
    """

    size: int
    yes: int
    no: int
    drawn: int
    drawn_yes: int
    drawn_no: int

    def __add__(self, other: object) -> Stratum:
        """Both as one group."""
        assert isinstance(other, Stratum)
        return Stratum(*(one + two for one, two in zip(self, other, strict=True)))

    @property
    def is_known(self) -> bool:
        """Whether every account of it was looked at."""
        return self.yes + self.no == self.size


class Estimate(NamedTuple):
    """A number of accounts with its 95% interval.

    Attributes:
        point, low, high: how many are qualified; exact where low equals high.
        of: accounts altogether.
        looks: random looks it rests on.
        exact: accounts that are known exactly.
    """

    point: float
    low: float
    high: float
    of: int
    looks: int
    exact: int


class Draw(NamedTuple):
    """One draw: everyone whose random number is at most ``upto`` and above that of the draw before."""

    upto: int
    at: int


def estimate(strata: Sequence[Stratum]) -> Estimate | None:
    """How many accounts of all groups are qualified.

    Args:
        strata: the groups; each account in one.

    Returns:
        The estimate, or None where it cannot be given: not all was looked at, and too little of
        the rest at random.
    """
    known = [group for group in strata if group.is_known]
    open_groups = [group for group in strata if not group.is_known]
    exact, total = sum(group.size for group in known), sum(group.size for group in strata)
    sure = float(sum(group.yes for group in known))
    if not open_groups:
        return Estimate(sure, sure, sure, total, 0, exact)
    looks = sum(group.drawn_yes + group.drawn_no for group in open_groups)
    if looks < min(LEAST_LOOKS, sum(group.size for group in open_groups)):
        return None
    point, below, above = sure, 0.0, 0.0
    for group in _pooled(open_groups):
        middle, low, high = _bounds(group)
        point += middle
        below += (middle - low) ** 2
        above += (high - middle) ** 2
    least, most = sum(group.yes for group in strata), total - sum(group.no for group in strata)
    # Where a draw and what is known do not meet, what is known holds.
    low = min(max(point - math.sqrt(below), least), most)
    high = max(min(point + math.sqrt(above), most), low)
    return Estimate(min(max(point, low), high), low, high, total, looks, exact)


def foreseen(strata: Sequence[Stratum], more: int) -> list[Stratum]:
    """The groups as they would stand after further random looks that go as those so far.

    Looks fall on open groups by their size. Where a group has no look yet, half are taken to be
    qualified, which is the widest interval: more looks never promise more than they may keep.

    Args:
        strata: the groups as they are.
        more: further looks.
    """
    left = [0 if group.is_known else group.size - group.yes - group.no for group in strata]
    total = sum(left)
    found = []
    for group, room in zip(strata, left, strict=True):
        looks = min(room, round(more * room / total)) if total else 0
        answered = group.drawn_yes + group.drawn_no
        yes = round(looks * (group.drawn_yes / answered if answered else 0.5))
        found.append(
            Stratum(
                group.size,
                group.yes + yes,
                group.no + looks - yes,
                group.drawn + looks,
                group.drawn_yes + yes,
                group.drawn_no + looks - yes,
            )
        )
    return found


def _pooled(groups: Sequence[Stratum]) -> list[Stratum]:
    """Groups with enough random looks each; the small ones joined, with the smallest of the others if need be."""
    order = sorted(groups, key=lambda group: group.drawn_yes + group.drawn_no)
    while len(order) > 1 and order[0].drawn_yes + order[0].drawn_no < _LEAST_OF_A_GROUP:
        order[:2] = [order[0] + order[1]]
        order.sort(key=lambda group: group.drawn_yes + group.drawn_no)
    return order


def _bounds(group: Stratum) -> tuple[float, float, float]:
    """How many of one group are qualified: the middle and both bounds, in accounts."""
    answered = group.drawn_yes + group.drawn_no
    low = _lowest(group.size, group.drawn, group.drawn_yes)
    high = group.size - _lowest(group.size, group.drawn, group.drawn_no)
    return min(max(group.size * group.drawn_yes / answered, low), high), low, high


def _lowest(size: int, drawn: int, found: int) -> int:
    """The lowest number of marked accounts among ``size`` for which a draw with ``found`` is not too rare."""
    if not found:
        return 0
    low, high = found, size - (drawn - found)
    while low < high:
        marked = (low + high) // 2
        if _at_least(size, drawn, marked, found) > _TAIL:
            high = marked
        else:
            low = marked + 1
    return low


def _at_least(size: int, drawn: int, marked: int, found: int) -> float:
    """Probability of a draw with more than ``found`` marked accounts, and half of that with exactly that many."""
    most, least = min(drawn, marked), max(0, drawn - (size - marked))
    if found > most:
        return 0.0
    if found < least:
        return 1.0
    term = math.exp(_ways(marked, found) + _ways(size - marked, drawn - found) - _ways(size, drawn))
    total = term / 2
    for more in range(found, most):
        term *= (marked - more) * (drawn - more) / ((more + 1) * (size - marked - drawn + more + 1))
        total += term
        if term < 1e-12 * total:
            break
    return total


def _ways(total: int, chosen: int) -> float:
    """Logarithm of the number of ways to choose."""
    return math.lgamma(total + 1) - math.lgamma(chosen + 1) - math.lgamma(total - chosen + 1)


def wilson(size: int, drawn: int, found: int) -> tuple[float, float]:
    """Wilson's 95% interval for a number of accounts, with the finite population correction, to compare with.

    Args:
        size: accounts altogether.
        drawn: random looks, above 0.
        found: of those, qualified.

    Returns:
        Lowest and highest number of accounts.
    """
    if drawn >= size:
        return float(found), float(found)
    low, high = share_bounds(found / drawn, drawn * (size - 1) / (size - drawn))
    return size * low, size * high


def share_bounds(share: float, of: float) -> tuple[float, float]:
    """Wilson's 95% interval for a share.

    Args:
        share: as counted, 0 to 1.
        of: people it was counted of, above 0.
    """
    z = 1.959964
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return max(0.0, middle - half), min(1.0, middle + half)


def counted(draws: Sequence[Draw], numbers: NDArray[np.int64], is_answered: NDArray[np.bool_]) -> int:
    """The mark up to which draws count: each has an answer on nearly all of its accounts, and so has each before it.

    Args:
        draws: ascending by mark.
        numbers: random number per account of the audience as it is now.
        is_answered: whether each was looked at.

    Returns:
        The mark of the last draw that counts, -1 without one.
    """
    mark = -1
    for draw in draws:
        inside = (numbers <= draw.upto) & (numbers > mark)
        if np.count_nonzero(inside & ~is_answered) > _MOST_OPEN * np.count_nonzero(inside):
            break
        mark = draw.upto
    return mark


def next_mark(numbers: NDArray[np.int64], is_answered: NDArray[np.bool_], mark: int, count: int) -> int:
    """The mark of a new draw that asks for ``count`` more looks, or for all that are left.

    Args:
        numbers: random number per account of the audience.
        is_answered: whether each was looked at.
        mark: the mark of the draw before, -1 without one.
        count: looks it asks for, 1 or more.
    """
    waiting = np.sort(numbers[(numbers > mark) & ~is_answered])
    return int(waiting[min(count, len(waiting)) - 1]) if len(waiting) else mark
