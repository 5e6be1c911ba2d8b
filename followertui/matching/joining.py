"""The exact join of names: all pairs that are near each other, none lost.

Owns finding every pair whose ``token_sort_ratio`` reaches the cut-off by comparing bits first
and texts only where the bits allow it. It knows nothing of accounts or lists. Source: the
bounds are explained in ``signatures``.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from rapidfuzz import fuzz, process

from followertui.matching.probing import Cells, changes_allowed, folded, is_looked_up
from followertui.matching.signatures import encoded

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BLOCK = 131_072
"""Pairs compared at once, so that a block stays in the CPU cache."""

_FEW = 64
"""Candidate pairs up to which comparing one by one is cheaper than a batch."""

_FEW_ROWS = 16
"""Rows up to which comparing them with the whole other side costs less than any order of it."""

_LOPSIDED = 2
"""How many times larger the other side is from which looking its keys up costs less than comparing groups."""

_MOST_BITS = 11
_GROUP_SECONDS, _MASK_SECONDS, _PAIR_SECONDS = 3e-5, 7e-10, 5e-9
"""Rough cost of opening a group, of testing one entry's pattern and of comparing one pair."""

_MOST_THREADS = 4
_WORTH_THREADS = 20_000_000
"""Pairs of keys from which starting threads pays off."""

_LENGTHS, _NEAR_SHARE = 25, 0.4
"""Rough number of distinct name lengths, and share of names whose length is near another's."""

Span = tuple[int, int, int]
"""A length, and the first and one-past-last position of the keys that have it."""

Positions = tuple["NDArray[np.int64]", "NDArray[np.int64]"]
"""Positions in the ordered arrays of both sides, of equal length."""

Agree = Callable[["NDArray[np.int64]", "NDArray[np.int64]"], "NDArray[np.bool_]"]
"""Takes positions among the keys of both sides, returns which pairs are worth comparing."""


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
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self.keys = keys
        x1, x2, length = encoded(keys)
        order = np.argsort(length, kind="stable")
        order = order[int(np.searchsorted(length[order], 1)) :]
        self.order = order
        self.x1, self.x2, self.length = x1[order], x2[order], length[order].astype(np.int64)

        cuts = np.flatnonzero(np.diff(self.length)) + 1 if len(order) else np.zeros(0, np.int64)
        starts, ends = [0, *cuts.tolist()], [*cuts.tolist(), len(order)]
        self.spans: list[Span] = [
            (int(self.length[one]), one, end) for one, end in zip(starts, ends, strict=True) if end > one
        ]
        self.lengths = np.array([length for length, _, _ in self.spans], np.int64)
        self.folded = folded(self.x1, 32).astype(np.uint32)

    @cached_property
    def cells(self) -> Cells:
        """The keys by length and letters, to look near ones up; made when they are first asked for."""
        return Cells(self.x1, self.x2, self.length)

    def __len__(self) -> int:
        return len(self.order)


def near_pairs(left: KeySet, right: KeySet, cutoff: float = 90.0, agree: Agree | None = None) -> Pairs:
    """Every pair of keys whose indel ratio reaches the cut-off.

    Args:
        left: the larger side (accounts).
        right: the smaller side (list entries), kept resident.
        cutoff: 0-100.
        agree: which pairs of positions are worth comparing, asked before their texts are.

    Returns:
        The pairs, as positions in ``left.keys`` and ``right.keys``.
    """
    slack = 1.0 - cutoff / 100.0
    check = partial(_checked, left, right, cutoff, agree)
    if not len(left) or not len(right):
        return _joined(())
    if len(left) > _FEW_ROWS and _LOPSIDED * len(left) <= len(right):
        return _joined([check(_looked_up(left, right, slack))])
    of_length = _comparison(left, right, slack)

    def checked(span: Span) -> Pairs | None:
        """The near pairs of one span of rows, None where it has none."""
        return check(of_length(span))

    threads = min(_MOST_THREADS, os.cpu_count() or 1)
    if threads == 1 or len(left) * len(right) < _WORTH_THREADS:
        return _joined(map(checked, left.spans))
    # numpy and rapidfuzz release the GIL here; the lengths with most keys go first.
    with ThreadPoolExecutor(threads) as pool:
        return _joined(pool.map(checked, sorted(left.spans, key=lambda span: span[1] - span[2])))


def _checked(
    left: KeySet, right: KeySet, cutoff: float, agree: Agree | None, candidates: Iterable[Positions]
) -> Pairs | None:
    """The candidate pairs that are near, None where there are none."""
    found = list(candidates)
    if not found:
        return None
    lefts = np.concatenate([left.order[at] for at, _ in found])
    rights = np.concatenate([right.order[other] for _, other in found])
    if agree is not None:
        kept = agree(lefts, rights)
        lefts, rights = lefts[kept], rights[kept]
    return verified(left.keys, right.keys, lefts, rights, cutoff)


def _joined(parts: Iterable[Pairs | None]) -> Pairs:
    """Several sets of pairs as one."""
    found = [part for part in parts if part is not None]
    if not found:
        return Pairs(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32))
    return Pairs(*(np.concatenate(columns) for columns in zip(*found, strict=True)))


def verified(
    left_keys: Sequence[str],
    right_keys: Sequence[str],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    cutoff: float,
) -> Pairs:
    """Candidate pairs whose texts reach the cut-off.

    Args:
        left_keys: texts of the left side.
        right_keys: texts of the right side.
        left: positions on the left of each candidate pair.
        right: positions on the right, of the same length.
        cutoff: 0-100.

    Returns:
        The pairs that reach it, with their ratio.
    """
    if len(left) <= _FEW:
        few = [fuzz.ratio(left_keys[a], right_keys[b]) for a, b in zip(left.tolist(), right.tolist(), strict=True)]
        near = np.flatnonzero(np.array(few, np.float64) >= cutoff)
        return Pairs(left[near], right[near], np.array(few, np.float32)[near])
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


def _looked_up(left: KeySet, right: KeySet, slack: float) -> Iterator[Positions]:
    """Pairs the signatures cannot rule out: short names are looked up, long ones compared with all they may be near."""
    yield from right.cells.near(left.x1, left.x2, left.length, slack)
    for span in left.spans:
        yield from _scan(left, right, slack, span, is_rest=True)


def _comparison(left: KeySet, right: KeySet, slack: float) -> Callable[[Span], Iterator[Positions]]:
    """Generator function: pairs of one length of the left side the signatures cannot rule out, in blocks.

    Pairs are positions in the ordered arrays of both sides, of equal length.
    """
    if len(left) <= _FEW_ROWS:
        return partial(_scan, left, right, slack)
    bits = _pattern_bits(len(left), len(right))
    return partial(_grouped, left, right, slack, bits, folded(right.x1, bits).astype(np.uint16))


def _grouped(
    left: KeySet, right: KeySet, slack: float, bits: int, patterns: NDArray[np.uint16], span: Span
) -> Iterator[Positions]:
    """Compare the rows of one length group by group, each with the entries its parity allows."""
    length, start, end = span
    stretch = (1.0 + slack) / (1.0 - slack) if slack < 1.0 else math.inf
    low = int(np.searchsorted(right.length, math.floor(length / stretch), "left"))
    high = int(np.searchsorted(right.length, math.ceil(length * stretch), "right"))
    allowed = changes_allowed(right.length[low:high], length, slack)
    fits = np.flatnonzero(np.abs(right.length[low:high] - length) <= allowed)
    if not len(fits):
        return
    near = _Side(right.x1[low:high][fits], right.x2[low:high][fits], fits + low, allowed[fits])
    if not bits:
        yield from _block(left, near, np.arange(start, end))
        return
    pattern, bound = patterns[low:high][fits], near.bound
    keys = folded(left.x1[start:end], bits).astype(np.uint16)
    order = np.argsort(keys, kind="stable")
    cuts = np.flatnonzero(np.diff(keys[order])) + 1
    for group in np.split(order, cuts):
        close = np.flatnonzero(np.bitwise_count(pattern ^ keys[group[0]]) <= bound)
        if len(close):
            yield from _block(left, near.only(close), group + start)


def _scan(left: KeySet, right: KeySet, slack: float, span: Span, is_rest: bool = False) -> Iterator[Positions]:
    """Compare the rows of one length with the whole other side, ungrouped; or with what is not looked up alone."""
    length, start, end = span
    for (other_length, low, high), allowed in zip(
        right.spans, changes_allowed(right.lengths, length, slack).tolist(), strict=True
    ):
        if abs(length - other_length) > allowed or (is_rest and is_looked_up(other_length, allowed)):
            continue
        step = max(1, _BLOCK // (high - low))
        for first in range(start, end, step):
            rows = left.folded[first : min(end, first + step), None]
            near = np.bitwise_count(rows ^ right.folded[low:high]) <= np.uint8(min(allowed, 64))
            flat = np.flatnonzero(near)
            if not len(flat):
                continue
            at, other = np.divmod(flat, high - low)
            at, other = at + first, other + low
            kept = np.bitwise_count(left.x2[at] ^ right.x2[other]) <= 3 * allowed
            at, other = at[kept], other[kept]
            kept = np.bitwise_count(left.x1[at] ^ right.x1[other]) <= allowed
            if kept.any():
                yield at[kept], other[kept]


class _Side:
    """The entries one group of accounts may be near, and how far apart each may be.

    Args:
        x1, x2: signatures.
        at: positions in the ordered arrays.
        allowed: insertions and deletions allowed against each.
    """

    __slots__ = ("at", "bound", "triple", "x1", "x2")

    def __init__(
        self, x1: NDArray[np.uint64], x2: NDArray[np.uint64], at: NDArray[np.int64], allowed: NDArray[np.int64]
    ) -> None:
        self.x1, self.x2, self.at = x1, x2, at
        self.bound = np.minimum(allowed, 64).astype(np.uint8)
        self.triple = np.minimum(3 * allowed, 64).astype(np.uint8)

    def only(self, chosen: NDArray[np.int64]) -> _Side:
        """A subset of these entries."""
        side = _Side.__new__(_Side)
        side.x1, side.x2, side.at = self.x1[chosen], self.x2[chosen], self.at[chosen]
        side.bound, side.triple = self.bound[chosen], self.triple[chosen]
        return side


def _pattern_bits(rows: int, others: int) -> int:
    """The number of parity bits that makes comparing this many rows and entries cheapest."""

    def seconds(bits: int) -> float:
        """Estimated seconds with this many parity bits."""
        groups = min(rows, _LENGTHS << bits)
        share = sum(math.comb(bits, apart) for apart in range(3)) / (1 << bits) if bits > 2 else 1.0
        mask = others * _NEAR_SHARE * _MASK_SECONDS if bits else 0.0
        return groups * (_GROUP_SECONDS + mask) + rows * others * _NEAR_SHARE * share * _PAIR_SECONDS

    # Groups of about one row each only cost time.
    worth = [bits for bits in range(1, _MOST_BITS + 1) if _LENGTHS << bits <= rows]
    return min([0, *worth], key=seconds)


def _block(left: KeySet, near: _Side, rows: NDArray[np.int64]) -> Iterator[Positions]:
    """Compare one group of rows with all entries that may be near, in blocks that fit the cache."""
    width = len(near.at)
    step = max(1, _BLOCK // width)
    for first in range(0, len(rows), step):
        part = rows[first : first + step]
        flat = np.flatnonzero(np.bitwise_count(left.x2[part][:, None] ^ near.x2) <= near.triple)
        if not len(flat):
            continue
        at, other = np.divmod(flat, width)
        kept = np.flatnonzero(np.bitwise_count(left.x1[part][at] ^ near.x1[other]) <= near.bound[other])
        if len(kept):
            yield part[at[kept]], near.at[other[kept]]
