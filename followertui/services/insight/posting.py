"""Our own posting rhythm: posts a week, silent weeks, and the followers that came beside it.

Owns these figures. What is told are days, by an archive's posts or X's account analytics; that followers came
because of a post is told by nothing here. Reads only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from followertui.domain.clock import day_of, from_epoch
from followertui.late import late
from followertui.services.insight import composing
from followertui.services.insight.values import PostingWeek, Rhythm
from followertui.services.session import Session
from followertui.store.audience import account_days

if TYPE_CHECKING:
    import numpy as np
else:
    np = late("numpy")

MOST_WEEKS = 156
"""Newest weeks told of."""

_MONDAY_BEFORE_EPOCH = date(1969, 12, 29).toordinal()


def rhythm(session: Session) -> Rhythm | None:
    """Posts week by week beside the followers gained, None where no post is told of."""
    told = {one.day: one.posts for one in account_days.known(session.store).values() if one.posts is not None}
    if not told:
        return None
    known = composing.groups(session)
    with session.evaluator.columns.hold():
        followed = session.evaluator.columns.get("followed")
        is_there = (session.evaluator.columns.get("alive") == 1) & (followed >= 0)
        is_qualified = known.state == 0
    came = _by_week([day_of(from_epoch(at), session.zone) for at in followed[is_there].tolist()])
    qualified = _by_week([day_of(from_epoch(at), session.zone) for at in followed[is_there & is_qualified].tolist()])
    return of_days(told, came, qualified)


def of_days(told: Mapping[int, int], came: Mapping[int, int], qualified: Mapping[int, int]) -> Rhythm:
    """The weeks of some days.

    Args:
        told: a day's UTC midnight -> posts on it; at least one.
        came: number of a week -> followers gained in it.
        qualified: the same of qualified ones.
    """
    posts: dict[int, int] = {}
    for at, count in told.items():
        week = _week(from_epoch(at).date())
        posts[week] = posts.get(week, 0) + count
    numbers = range(min(posts), max(posts) + 1)[-MOST_WEEKS:]
    weeks = tuple(
        PostingWeek(_monday(number).isoformat(), posts.get(number), came.get(number, 0), qualified.get(number, 0))
        for number in numbers
    )
    counted = [week.posts for week in weeks if week.posts is not None]
    silent = sum(count == 0 for count in counted)
    return Rhythm(weeks, round(sum(counted) / len(counted), 1), silent, _longest_silence(weeks))


def _longest_silence(weeks: Sequence[PostingWeek]) -> int:
    longest = running = 0
    for week in weeks:
        running = running + 1 if week.posts == 0 else 0
        longest = max(longest, running)
    return longest


def _week(day: date) -> int:
    """The number of a week that begins on Monday."""
    return (day.toordinal() - _MONDAY_BEFORE_EPOCH) // 7


def _monday(number: int) -> date:
    return date.fromordinal(_MONDAY_BEFORE_EPOCH + 7 * number)


def _by_week(days: Sequence[date]) -> dict[int, int]:
    found = np.unique(np.array([_week(day) for day in days], np.int64), return_counts=True)
    return dict(zip(*(part.tolist() for part in found), strict=True))
