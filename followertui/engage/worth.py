"""What engaging someone is worth today: the order of the due list.

Owns the points and how they are told. Works on columns; one person is a batch of one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from followertui.domain.clock import DAY
from followertui.domain.judgement import SENIORITIES
from followertui.domain.kind import KIND_ORDER, Kind

KIND_POINTS: dict[Kind, int] = {
    Kind.PROSPECT: 40, Kind.CUSTOMER: 36, Kind.INFLUENCER: 32, Kind.PARTNER: 30, Kind.PRESS: 30, Kind.EMPLOYEE: 12,
}  # fmt: skip
"""Most of the worth: who it is."""

SENIORITY_POINTS: dict[str, int] = {"owner": 16, "chief": 16, "vp": 13, "director": 11, "manager": 6}
"""A decision maker is worth more."""

REACH_POINTS, RELEVANCE_POINTS, NEW_POINTS = 16, 14, 14
NEW_DAYS = 14
"""Who followed up to this many days ago is still fresh."""

_MOST_REACH = 1_000_000


class Columns(NamedTuple):
    """What worth depends on, one position per person.

    Attributes:
        kind: position in ``KIND_ORDER``.
        seniority: position in ``SENIORITIES``.
        relevance: 0-100, -1 unknown.
        followers: -1 unknown.
        followed_at: epoch seconds UTC when they followed us, -1 unknown or before the baseline.
    """

    kind: NDArray[np.int64]
    seniority: NDArray[np.int64]
    relevance: NDArray[np.int64]
    followers: NDArray[np.int64]
    followed_at: NDArray[np.int64]


def worth(columns: Columns, now: int) -> NDArray[np.int64]:
    """Worth of each person, 0-100.

    Args:
        columns: what is known.
        now: epoch seconds UTC.
    """
    by_kind = np.array([KIND_POINTS.get(kind, 8) for kind in KIND_ORDER], np.int64)
    by_seniority = np.array([SENIORITY_POINTS.get(word, 0) for word in SENIORITIES], np.int64)
    reach = np.log10(np.clip(columns.followers, 1, _MOST_REACH)) / np.log10(_MOST_REACH)
    is_fresh = (columns.followed_at >= 0) & (columns.followed_at >= now - NEW_DAYS * DAY)
    found: NDArray[np.int64] = (
        by_kind[columns.kind]
        + by_seniority[columns.seniority]
        + np.clip(columns.relevance, 0, 100) * RELEVANCE_POINTS // 100
        + np.round(reach * REACH_POINTS).astype(np.int64)
        + np.where(is_fresh, NEW_POINTS, 0)
    )
    return np.minimum(found, 100)
