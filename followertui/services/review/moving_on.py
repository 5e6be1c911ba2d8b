"""How far each reviewer has gone through the readings: who came since is New to them.

Owns the mark of a reviewer and from which day on an account counts as new. Plain SQL, no arrays:
queues are named before numpy is loaded. ``services.insight`` starts its session from the same day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from followertui.domain.clock import day_of, from_epoch
from followertui.services.session import Session
from followertui.store.audience import imports
from followertui.store.file import settings

USUAL_DAYS = 28
"""How far back a reviewer looks who never moved on, and the report where nothing else is asked."""


def usual_day(days: Sequence[date]) -> date | None:
    """The day of the reading about four weeks before the newest one.

    Args:
        days: of all readings, in any order.

    Returns:
        None where there is no reading on an earlier day than the last.
    """
    known = sorted(set(days))
    if len(known) < 2:
        return None
    earlier = [one for one in known[:-1] if (known[-1] - one).days >= USUAL_DAYS]
    return earlier[-1] if earlier else known[0]


def seen_until(session: Session) -> date | None:
    """The day whose end this reviewer has seen; None where everything since the baseline is new.

    Two readings of one day are seen together: the day before counts until both were gone through.
    """
    moments = imports.reading_moments(session.store, "follower")
    days = [day_of(from_epoch(moment), session.zone) for moment in moments]
    mark = settings.SEEN_UPTO.of(session.reviewer).read(session.store)
    if not mark:
        return usual_day(days)
    day = day_of(from_epoch(mark), session.zone)
    is_later_that_day = any(moment > mark and one == day for moment, one in zip(moments, days, strict=True))
    return day - timedelta(days=1) if is_later_that_day else day


def has_news(session: Session) -> bool:
    """Whether there is a reading this reviewer has not gone through; plain SQL."""
    moments = imports.reading_moments(session.store, "follower")
    return bool(moments) and moments[-1] > settings.SEEN_UPTO.of(session.reviewer).read(session.store)


def opens_with_news(session: Session) -> bool:
    """Whether the session begins with the news: this reviewer moved on before, a reading came since; plain SQL."""
    return settings.SEEN_UPTO.of(session.reviewer).read(session.store) > 0 and has_news(session)


def new_query(session: Session) -> str:
    """Who is new to this reviewer, most wanted kinds first."""
    day = seen_until(session)
    since = "" if day is None else f"followed:{day + timedelta(days=1)}.. "
    return f"is:new is:follower -is:reviewed {since}sort:kind"


def move_on(session: Session) -> date | None:
    """Set this reviewer's mark to the newest reading of followers.

    Returns:
        The day of that reading; None where there is none.
    """
    moments = imports.reading_moments(session.store, "follower")
    if not moments:
        return None
    settings.SEEN_UPTO.of(session.reviewer).write(session.store, moments[-1])
    return day_of(from_epoch(moments[-1]), session.zone)
