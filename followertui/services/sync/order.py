"""What the order of a list says: where a look meets the last reading, and whom a drifting list let slip.

X lists the newest follower first, as far as observed, and documents no order: so it is checked
against the last complete reading each time. Pure functions over row numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.uint32]

_OVERLAP = 10
"""How many accounts in a row, in the order of the last reading, make an overlap."""

_SAME_ORDER = 0.8
"""Share of neighbours that stand in the order of the last reading; a few follow again or change places."""


class Meeting(Enum):
    """How the accounts read so far relate to the last complete reading."""

    NOT_YET = "not yet"
    OVERLAP = "overlap"
    OTHER_ORDER = "other order"


def meeting(last: Rows, read: Sequence[int]) -> Meeting:
    """Whether a look has come down to accounts of the last reading.

    Args:
        last: rows of the last complete reading, in its order.
        read: rows read so far, in X's order.
    """
    size = int(max(last.max(initial=0), max(read, default=0))) + 1
    place = np.zeros(size, np.int64)
    place[last] = np.arange(1, len(last) + 1)
    found = place[np.asarray(read, np.int64)]
    known = found[found > 0]
    needed = min(_OVERLAP, len(last))
    tail = found[-needed:]
    if len(tail) == needed and needed and bool((tail > 0).all()) and _is_ascending(tail):
        return Meeting.OVERLAP
    if len(known) >= 2 * needed and not _is_ascending(known):
        return Meeting.OTHER_ORDER
    return Meeting.NOT_YET


def slipped(
    last: Rows, parts: Sequence[Sequence[int]], is_drifting: bool, ends_empty: bool = False
) -> dict[int, list[int]]:
    """Accounts a list that moved while it was read may have let slip between two pages.

    When an account leaves above the place that is being read, everyone below moves up by one, and
    the first of the next page is read by nobody. Whom the last reading had at such a place, and
    this one lacks, is doubtful; whom it lacks in the middle of a page has left.

    Args:
        last: rows of the last complete reading, in its order.
        parts: rows of this reading by page, in order.
        is_drifting: accounts came twice, so that the list surely moved.
        ends_empty: a page brought nobody new, so that the end of the list is such a place too.

    Returns:
        Page (from 0) -> rows to count as read at its end.
    """
    if not len(last) or not parts:
        return {}
    size = int(max(last.max(initial=0), max((max(part, default=0) for part in parts), default=0))) + 1
    page = np.zeros(size, np.int32)
    for number, part in enumerate(parts):
        page[np.asarray(part, np.int64)] = number + 1
    pages = page[last]
    present = np.flatnonzero(pages)
    if not len(present):
        return {}
    if not _is_ascending(_place_in(parts, size)[last[present]]):
        # The last reading was in another order: nothing tells who stood where.
        return {0: [int(row) for row in last[pages == 0]]} if is_drifting else {}
    found: dict[int, list[int]] = {}
    for at in np.flatnonzero(np.diff(present) > 1):
        before, after = int(present[at]), int(present[at + 1])
        if pages[before] != pages[after]:
            found.setdefault(int(pages[before]) - 1, []).extend(int(row) for row in last[before + 1 : after])
    end = int(present[-1])
    if ends_empty and end + 1 < len(last):
        found.setdefault(int(pages[end]) - 1, []).extend(int(row) for row in last[end + 1 :])
    return found


def _place_in(parts: Sequence[Sequence[int]], size: int) -> npt.NDArray[np.int64]:
    place = np.zeros(size, np.int64)
    at = 1
    for part in parts:
        place[np.asarray(part, np.int64)] = np.arange(at, at + len(part))
        at += len(part)
    return place


def _is_ascending(places: npt.NDArray[np.int64]) -> bool:
    return len(places) < 2 or float(np.mean(np.diff(places) > 0)) >= _SAME_ORDER
