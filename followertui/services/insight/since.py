"""The opening page of the weekly session: what happened since this reviewer was last through.

Owns what stands on it: who that matters came and left, by owner; waves and coverage; what is due;
everybody else in figures; how old the lists of followers and following are. Reads only; screens
show it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from followertui.domain.clock import day_of, from_epoch
from followertui.services.insight import alerting, composing, history
from followertui.services.insight.alerting import ALERT_KINDS, Alert
from followertui.services.insight.values import Change, Figure
from followertui.services.review import moving_on, queues
from followertui.services.session import Session
from followertui.store.audience import imports

OLD_DAYS = 30
"""From how many days on a list is called old."""

_DUE = ("new", "confirm", "to-review", "today", "plan")


@dataclass(frozen=True, slots=True)
class Since:
    """What happened since a day.

    Attributes:
        day: counted from its end; None where there are no two readings to compare.
        newest: day of the newest reading of followers, None without one.
        alerts: who and what, by owner; see ``alerting.alerts``.
        walk: everyone of those who came or left and matters, as one view.
        due: queues in which something waits.
        change: everybody in figures, None where ``day`` is.
        ages: direction -> days since its newest reading; a direction never read is left out.
        is_through: whether this reviewer has gone through the newest reading.
    """

    day: date | None
    newest: date | None
    alerts: tuple[Alert, ...]
    walk: Figure | None
    due: tuple[Figure, ...]
    change: Change | None
    ages: dict[str, int]
    is_through: bool


def since(session: Session) -> Since:
    """What happened since this reviewer moved on, or in about four weeks where they never did."""
    moments = imports.reading_moments(session.store, "follower")
    day = moving_on.seen_until(session)
    newest = day_of(from_epoch(moments[-1]), session.zone) if moments else None
    known = composing.groups(session)
    return Since(
        day=day,
        newest=newest,
        alerts=tuple(alerting.alerts(session, day)) if day is not None else (),
        walk=composing.figure(session, "who matters", walk_query(day)) if day is not None else None,
        due=due(session),
        change=history.change(session, known, day) if day is not None else None,
        ages=ages(session),
        is_through=bool(moments) and not moving_on.has_news(session),
    )


def due(session: Session) -> tuple[Figure, ...]:
    """The queues in which something waits."""
    known = {one.id: one for one in queues.queue_texts(session)}
    figures = [composing.figure(session, known[name].title, known[name].query) for name in _DUE]
    return tuple(one for one in figures if one.count)


def walk_query(day: date) -> str:
    """Who that matters came or left since the end of a day, most wanted kinds first."""
    wanted, then = "kind:" + ",".join(kind.value for kind in ALERT_KINDS), f"at:{day.isoformat()} is:follower"
    return f"{wanted} ((is:follower -({then})) OR (-is:follower ({then}))) sort:kind"


def ages(session: Session) -> dict[str, int]:
    """How many days old the newest reading of each direction is."""
    today = day_of(session.clock.now(), session.zone)
    found = {}
    for direction in ("follower", "following"):
        moments = imports.reading_moments(session.store, direction)
        if moments:
            found[direction] = max(0, (today - day_of(from_epoch(moments[-1]), session.zone)).days)
    return found


def age_lines(found: dict[str, int]) -> list[str]:
    """What is old, and how a newer one comes in; nothing where nothing is."""
    words = {"follower": "list of followers", "following": "following list"}
    return [
        f"your {words[direction]} is {days} days old: bring a newer export (:import) or followertui sync; "
        "`followertui help report` has a schedule"
        for direction, days in found.items()
        if days > OLD_DAYS
    ]
