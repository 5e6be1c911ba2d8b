"""Looking names up by the letters they may have: candidate pairs without comparing everybody.

Owns an index of names by length and folded letter parity, and the cells of it in which a near
name can stand. A few insertions and deletions change as few bits, so a name's own cell and those
a few bits away hold everything near it. It verifies nothing (``joining`` does). Only ``joining``
imports it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_APART = 3
"""Insertions and deletions up to which names are looked up; further apart too many cells would do."""

_MOST_BITS = 13
"""Half the alphabet: folded so, each bit stands for two letters."""

_KEYS_A_CELL = 3
"""Doublings of the names of an index beside the cells it has for each length."""

_LONGEST = 40
"""Letters of the longest names an index holds."""

_AT_ONCE = 1 << 14
"""Cells looked at in one go, so that what comes of them stays in the CPU cache."""

Looked = tuple["NDArray[np.int64]", "NDArray[np.int64]"]
"""Positions in the ordered arrays of the names asked for, and in those of the index; of equal length."""


class Cells:
    """Names by length and folded letter parity.

    Args:
        x1, x2: signatures, as ``signatures`` computes them.
        length: letters of each name, at least 1.
    """

    def __init__(self, x1: NDArray[np.uint64], x2: NDArray[np.uint64], length: NDArray[np.int64]) -> None:
        self.bits = max(0, min(_MOST_BITS, len(x1).bit_length() - _KEYS_A_CELL))
        short = np.flatnonzero(length <= _LONGEST)
        cell = (length[short] << self.bits) | folded(x1[short], self.bits)
        self.order = short[np.argsort(cell, kind="stable")].astype(np.int32)
        self.x1, self.x2 = x1[self.order], x2[self.order]
        held = np.bincount(cell, minlength=(_LONGEST + 1) << self.bits)
        self.first = np.zeros(len(held) + 1, np.int32)
        np.cumsum(held, out=self.first[1:])

    def near(
        self, x1: NDArray[np.uint64], x2: NDArray[np.uint64], length: NDArray[np.int64], slack: float
    ) -> Iterator[Looked]:
        """Pairs whose signatures allow them to be near, as far as ``MOST_APART`` changes make them so.

        Args:
            x1: letter parity of the names asked for.
            x2: their letter-pair parity.
            length: their letters.
            slack: insertions and deletions allowed, as a share of the letters of both.

        Yields:
            Positions among the names asked for and in the index's arguments; each pair once.
        """
        own = folded(x1, self.bits)
        for longer in range(-MOST_APART, MOST_APART + 1):
            other = length + longer
            apart = changes_allowed(length, other, slack)
            apart[(other < 1) | (other > _LONGEST)] = -1
            for most in range(abs(longer), MOST_APART + 1, 2):
                asked = np.flatnonzero(apart == most)
                masks = _masks(self.bits, most)
                step = max(1, _AT_ONCE // len(masks))
                for first in range(0, len(asked), step):
                    some = asked[first : first + step]
                    cell = ((other[some] << self.bits) | own[some])[:, None] ^ masks
                    yield self._held(cell, some, x1, x2, most)

    def _held(
        self,
        cell: NDArray[np.int64],
        asked: NDArray[np.int64],
        x1: NDArray[np.uint64],
        x2: NDArray[np.uint64],
        most: int,
    ) -> Looked:
        """The names in some cells that their signatures allow: one row of cells for each name asked for."""
        start = self.first.take(cell)
        cell += 1
        count = self.first.take(cell)
        count -= start
        a_name = count.sum(axis=1)
        filled = np.flatnonzero(count)
        count, start = count.take(filled), start.take(filled)
        start[1:] -= np.cumsum(count[:-1], dtype=np.int32)
        held = np.repeat(start, count)
        held += np.arange(len(held), dtype=np.int32)
        differ = np.repeat(x2.take(asked), a_name)
        differ ^= self.x2.take(held)
        kept = np.flatnonzero(np.bitwise_count(differ) <= 3 * most)
        names, held = np.repeat(asked, a_name).take(kept), held.take(kept)
        kept = np.flatnonzero(np.bitwise_count(x1.take(names) ^ self.x1.take(held)) <= most)
        return names.take(kept), self.order.take(held.take(kept)).astype(np.int64)


def is_looked_up(other: int, allowed: int) -> bool:
    """Whether ``Cells.near`` finds the names of some letters that many changes away.

    Args:
        other: letters of the names an index is made of.
        allowed: changes between them and a name asked for.
    """
    return other <= _LONGEST and allowed <= MOST_APART


def changes_allowed(length: NDArray[np.int64], other: NDArray[np.int64] | int, slack: float) -> NDArray[np.int64]:
    """Insertions and deletions that lie between two names at most, if they are near.

    Each of them makes the sum of the letters odd or even in turn, so the number is odd where the
    sum is.

    Args:
        length: letters of the one.
        other: letters of the other.
        slack: changes allowed, as a share of the letters of both.

    Returns:
        Below 0 where no number of changes would do.
    """
    letters = length + other
    allowed = np.floor(slack * letters + 1e-9).astype(np.int64)
    return np.asarray(allowed - ((allowed + letters) & 1), np.int64)


def folded(x1: NDArray[np.uint64], bits: int) -> NDArray[np.int64]:
    """Letter parity folded to a few bits; one insertion or deletion still changes one bit."""
    found = np.zeros(len(x1), np.uint64)
    for step in range(0, 64, bits or 64):
        found ^= x1 >> np.uint64(step)
    return (found & np.uint64((1 << bits) - 1)).astype(np.int64)


@cache
def _masks(bits: int, most: int) -> NDArray[np.int64]:
    """Every number of some bits of which no more than a few are set, ascending."""
    chosen = (places for count in range(min(most, bits) + 1) for places in combinations(range(bits), count))
    return np.sort(np.array([sum(1 << at for at in places) for places in chosen], np.int64))
