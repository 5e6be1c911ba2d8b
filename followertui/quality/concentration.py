"""Whether accounts that share a trait also arrived together.

Owns two tests: whether a trait is dense in one stretch of the follow order, and whether it is
far more frequent in one cohort than elsewhere. Pure numpy; it knows no trait. Imported by
``crowd``.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Positions = NDArray[np.int64]

DENSE = 0.6
"""Share of accounts with the trait in a bought block; the rest are organic."""

LIFT = 20.0
"""How many times more frequent than elsewhere a trait must be in a cohort, so that at most one
in twenty of its members is there by chance."""


def groups_of(keys: NDArray[np.int64], min_size: int) -> Iterator[tuple[int, Positions]]:
    """Positions that share a key.

    Args:
        keys: key of each position, below 0 for none.
        min_size: smallest group yielded.

    Yields:
        Key and its positions, ascending; keys ascending.
    """
    known = np.flatnonzero(keys >= 0)
    numbers, counts = keys[known], np.bincount(keys[known])
    known = known[counts[numbers] >= min_size]
    order = known[np.argsort(keys[known], kind="stable")]
    ordered = keys[order]
    bounds = np.concatenate([[0], np.flatnonzero(np.diff(ordered)) + 1, [len(ordered)]])
    for low, high in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        if high > low:
            yield int(ordered[low]), order[low:high]


def dense_stretches(places: Positions, total: int, min_size: int) -> list[tuple[int, int]]:
    """Stretches of an order in which a trait is dense.

    A maximal-scoring segment: each member adds the log odds of a bought block over chance, each
    other account between two members subtracts its own.

    Args:
        places: positions of the members in the order, ascending.
        total: length of the order.
        min_size: fewest members of a stretch.

    Returns:
        (first, last) indices into ``places``, both included, in order.
    """
    if len(places) < min_size:
        return []
    share = max(len(places) / total, 1.0 / total)
    if share * 3 > DENSE:
        return []
    gain = float(np.log(DENSE / share))
    loss = float(np.log((1 - share) / (1 - DENSE)))
    strangers = np.diff(places) - 1
    found: list[tuple[int, int]] = []
    spans = [(0, len(places))]
    while spans:
        low, high = spans.pop()
        if high - low < min_size:
            continue
        steps = np.concatenate([[gain], gain - strangers[low : high - 1] * loss])
        height = np.cumsum(steps)
        end = int(np.argmax(height - np.minimum.accumulate(height)))
        start = int(np.argmin(height[: end + 1]))
        if end - start + 1 >= min_size:
            found.append((low + start, low + end))
            spans += [(low, low + start), (low + end + 1, high)]
    return sorted(found)


def over_represented(
    keys: NDArray[np.int64], cohorts: NDArray[np.int64], min_size: int, skipped: int = -1
) -> Iterator[tuple[int, int, Positions]]:
    """Keys far more frequent in one cohort than in all others.

    Args:
        keys: key of each position, below 0 for none.
        cohorts: cohort of each position, below 0 for none.
        min_size: fewest members of both key and cohort.
        skipped: a cohort that counts as elsewhere only.

    Yields:
        Key, cohort and the positions that have both, ascending.
    """
    known = np.flatnonzero((keys >= 0) & (cohorts >= 0))
    if not len(known):
        return
    key, cohort = keys[known], cohorts[known]
    everybody = cohorts[cohorts >= 0]
    by_key, by_cohort = np.bincount(key), np.bincount(everybody)
    width = int(cohort.max()) + 1
    pairs, numbered = np.unique(key * width + cohort, return_inverse=True)
    for pair, members in groups_of(numbered, min_size):
        k, c = divmod(int(pairs[pair]), width)
        elsewhere = len(everybody) - by_cohort[c]
        if not elsewhere or c == skipped:
            continue
        chance = (by_key[k] - len(members) + 0.5) / elsewhere * by_cohort[c]
        if len(members) >= LIFT * chance:
            yield k, c, known[members]
