"""All pairs of names that are near each other, without losing one.

Owns the exact join of names by signature: every pair whose ``token_sort_ratio`` reaches the
cut-off, found by comparing bits first and texts only where the bits allow it. It knows
nothing of accounts or lists. Source: the bounds are explained in ``signatures``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from followertui.matching.signatures import encoded

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BLOCK = 131_072
"""Pairs compared at once, so that a block stays in the processor's cache."""

_GROUP_ROWS = 96
"""Rows of the left side that should share a group; more pattern bits are used until they do."""


class Pairs(NamedTuple):
    """Near pairs: positions on both sides and how near, in no particular order.

    Attributes:
        left, right: positions in the two key lists, int64.
        ratio: 0-100, float32.
    """

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    ratio: NDArray[np.float32]


class KeySet:
    """Distinct comparison keys, ordered by length, with their signatures.

    Args:
        keys: comparison keys; empty ones take no part.
        x1, x2, length: their signatures where they are known, else they are computed.
    """

    def __init__(
        self,
        keys: Sequence[str],
        known: tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.uint16]] | None = None,
    ) -> None:
        self.keys = keys
        x1, x2, length = known if known is not None else encoded(keys)
        order = np.argsort(length, kind="stable")
        order = order[int(np.searchsorted(length[order], 1)) :]
        self.order = order
        self.x1, self.x2, self.length = x1[order], x2[order], length[order].astype(np.int64)

    def __len__(self) -> int:
        return len(self.order)

    def spans(self) -> Iterator[tuple[int, int, int]]:
        """Each length with the first and last-plus-one position of its keys."""
        lengths, starts = np.unique(self.length, return_index=True)
        ends = [*starts[1:].tolist(), len(self.length)]
        return zip(lengths.tolist(), starts.tolist(), ends, strict=True)


def near_pairs(left: KeySet, right: KeySet, cutoff: float = 90.0) -> Pairs:
    """Every pair of keys whose indel ratio reaches the cut-off.

    Args:
        left: the larger side (accounts).
        right: the smaller side (list entries), kept resident.
        cutoff: 0-100.

    Returns:
        The pairs, as positions in ``left.keys`` and ``right.keys``.
    """
    lefts: list[NDArray[np.int64]] = []
    rights: list[NDArray[np.int64]] = []
    for at, other in survivors(left, right, cutoff):
        lefts.append(left.order[at])
        rights.append(right.order[other])
    if not lefts:
        return Pairs(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32))
    return verified(left.keys, right.keys, np.concatenate(lefts), np.concatenate(rights), cutoff)


def verified(
    left_keys: Sequence[str],
    right_keys: Sequence[str],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    cutoff: float,
) -> Pairs:
    """Candidate pairs whose texts reach the cut-off.

    Args:
        left_keys, right_keys: the texts.
        left, right: candidate pairs as positions.
        cutoff: 0-100.

    Returns:
        The pairs that hold, with their ratio.
    """
    from rapidfuzz import fuzz, process

    ratio = process.cpdist(
        [left_keys[i] for i in left.tolist()],
        [right_keys[i] for i in right.tolist()],
        scorer=fuzz.ratio,
        score_cutoff=cutoff - 0.001,
    )
    kept = np.flatnonzero(ratio >= cutoff - 0.001)
    exact = [i for i in kept.tolist() if fuzz.ratio(left_keys[int(left[i])], right_keys[int(right[i])]) >= cutoff]
    chosen = np.array(exact, np.int64)
    return Pairs(left[chosen], right[chosen], ratio[chosen].astype(np.float32))


def survivors(left: KeySet, right: KeySet, cutoff: float) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Pairs the signatures cannot rule out, block by block.

    Args:
        left, right: the two sides.
        cutoff: 0-100.

    Yields:
        Positions in the ordered arrays of both sides, of equal length.
    """
    if not len(left) or not len(right):
        return
    slack = 1.0 - cutoff / 100.0
    stretch = (1.0 + slack) / (1.0 - slack) if slack < 1.0 else math.inf
    pattern = _pattern_bits(len(left))
    patterns = (right.x1 & np.uint64((1 << pattern) - 1)).astype(np.uint32)
    for length, start, end in left.spans():
        low = int(np.searchsorted(right.length, math.floor(length / stretch), "left"))
        high = int(np.searchsorted(right.length, math.ceil(length * stretch), "right"))
        if low == high:
            continue
        allowed = np.floor(slack * (right.length[low:high] + length) + 1e-9)
        fits = np.flatnonzero(np.abs(right.length[low:high] - length) <= allowed)
        if not len(fits):
            continue
        near, bound = fits + low, np.minimum(allowed[fits], 64).astype(np.uint8)
        for group in _groups(left.x1[start:end], pattern, start):
            key = np.uint32(int(left.x1[group[0]]) & ((1 << pattern) - 1))
            close = np.flatnonzero(np.bitwise_count(patterns[near] ^ key) <= bound) if pattern else slice(None)
            yield from _block(left, right, group, near[close], bound[close])


def _pattern_bits(rows: int) -> int:
    """How many letters' parity the groups are told apart by, for so many rows."""
    return max(0, min(8, int(math.log2(max(1, rows / 24 / _GROUP_ROWS)))))


def _groups(x1: NDArray[np.uint64], pattern: int, start: int) -> Iterator[NDArray[np.int64]]:
    """Positions that share the lowest ``pattern`` letters' parity."""
    if not pattern:
        yield np.arange(start, start + len(x1), dtype=np.int64)
        return
    keys = (x1 & np.uint64((1 << pattern) - 1)).astype(np.uint8)
    order = np.argsort(keys, kind="stable")
    cuts = np.flatnonzero(np.diff(keys[order])) + 1
    yield from (part + start for part in np.split(order, cuts))


def _block(
    left: KeySet, right: KeySet, rows: NDArray[np.int64], others: NDArray[np.int64], bound: NDArray[np.uint8]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Compare one group of rows with all that may be near them, in blocks the cache holds."""
    if not len(others):
        return
    pairs, letters = right.x2[others], right.x1[others]
    triple = (np.minimum(bound, 21) * 3).astype(np.uint8)
    triple[bound > 21] = 64
    step = max(1, _BLOCK // len(others))
    for first in range(0, len(rows), step):
        part = rows[first : first + step]
        hit = np.bitwise_count(left.x2[part][:, None] ^ pairs) <= triple
        flat = np.flatnonzero(hit)
        if not len(flat):
            continue
        at, other = np.divmod(flat, len(others))
        kept = np.bitwise_count(left.x1[part][at] ^ letters[other]) <= bound[other]
        if kept.any():
            yield part[at[kept]], others[other[kept]]
