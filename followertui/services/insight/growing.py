"""Growth by X's own count: followers per day before the first reading, and what came and went beside it.

Owns how days of account analytics become a curve. It is hung on the first reading the days reach
and counted back from there, day by day; where they reach none there is no curve, only sums. Reads
only; ``services.insight.reporting`` uses it.
"""

from __future__ import annotations

from collections.abc import Sequence

from followertui.domain.clock import DAY, from_epoch
from followertui.services.insight.values import Growth, GrowthDay, Point
from followertui.services.session import Session
from followertui.store.audience import account_days
from followertui.store.audience.account_days import AccountDay


def growth(session: Session, points: Sequence[Point]) -> Growth | None:
    """What account analytics tell, None without any.

    Args:
        session: the open store.
        points: followers at each reading, oldest first.
    """
    # An archive tells of posts alone: no curve is made of those days.
    known = [one for one in account_days.known(session.store).values() if any(told is not None for told in one[1:5])]
    return of_days(known, points) if known else None


def of_days(known: Sequence[AccountDay], points: Sequence[Point]) -> Growth:
    """The curve and the sums of some days.

    Args:
        known: days, oldest first.
        points: followers at each reading, oldest first.
    """
    first, last = known[0].day, known[-1].day
    anchor = next((one for one in points if one.is_complete and first <= one.at < last + 2 * DAY), None)
    totals = {} if anchor is None else _totals(known, anchor)
    days = tuple(
        GrowthDay(
            _date(one.day), one.new_follows, one.unfollows, one.profile_visits, one.impressions, one.posts,
            totals.get(one.day),
        )
        for one in known
    )  # fmt: skip
    return Growth(
        days=days,
        missing=(last - first) // DAY + 1 - len(known),
        new_follows=sum(one.new_follows or 0 for one in known),
        unfollows=sum(one.unfollows or 0 for one in known),
        profile_visits=_sum([one.profile_visits for one in known]),
        posts=_sum([one.posts for one in known]),
        anchored_on=None if anchor is None else anchor.at,
    )


def _totals(known: Sequence[AccountDay], anchor: Point) -> dict[int, int]:
    """Followers at the end of each day: those of the reading, less what came and more what went since."""
    on = anchor.at // DAY * DAY
    before = [one for one in known if one.day < on]
    totals: dict[int, int] = {}
    # The reading is taken for the state at the beginning of its day: what the day brought comes after it.
    total = anchor.total
    for one in reversed(before):
        totals[one.day] = total
        total -= (one.new_follows or 0) - (one.unfollows or 0)
    total = anchor.total
    for one in known:
        if one.day >= on:
            total += (one.new_follows or 0) - (one.unfollows or 0)
            totals[one.day] = total
    return totals


def _sum(values: Sequence[int | None]) -> int | None:
    told = [one for one in values if one is not None]
    return sum(told) if told else None


def by_week(growth: Growth, name: str) -> list[int]:
    """Sums of seven days each, the newest last; a first week that is not whole is left out where there are others.

    Args:
        growth: what is told.
        name: a count of ``GrowthDay``.
    """
    told = [getattr(one, name) or 0 for one in growth.days]
    start = len(told) % 7 if len(told) >= 14 else 0
    return [sum(told[at : at + 7]) for at in range(start, len(told), 7)]


def _date(day: int) -> str:
    return from_epoch(day).date().isoformat()
