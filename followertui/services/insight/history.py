"""The audience over time: what came and left, one point per reading, how long followers stay.

Owns the figures that compare moments. All of them rest on the spells of readings and on the kinds
as they are known today, so a corrected kind is corrected in the past too. Partial readings add and
never take away. Reads only; ``services.insight.reporting`` uses it.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from followertui.domain.clock import day_of, epoch, from_epoch, start_of_day
from followertui.domain.kind import KIND_ORDER, LossCause
from followertui.late import late
from followertui.services.insight import composing
from followertui.services.insight.composing import Groups
from followertui.services.insight.values import STAYING_DAYS, Change, Figure, Point, Staying
from followertui.services.review import moving_on
from followertui.services.session import Session

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from followertui.quality import surviving
    from followertui.store.index.spell_arrays import Reading
else:
    np = late("numpy")
    surviving = late("followertui.quality.surviving")

_DAY, _STATES = 86_400, len(composing.STATE_NAMES)
MOST_MONTHS = 36
"""How many months of following are told apart, the newest ones."""


def readings(session: Session) -> list[Reading]:
    """Readings of followers, from the first complete one on; all of them where none is complete."""
    found = session.evaluator.spells.readings("follower")
    first = next((place for place, one in enumerate(found) if one.is_complete), 0)
    return found[first:]


def usual_since(session: Session) -> date | None:
    """The day the change is counted from: of the reading about four weeks before the last one.

    Returns:
        None where there is no reading on an earlier day than the last.
    """
    return moving_on.usual_day([day_of(from_epoch(one.as_of), session.zone) for one in readings(session)])


def end_of(session: Session, day: date) -> int:
    """The first moment after a day of the person's calendar, epoch seconds UTC."""
    return epoch(start_of_day(date.fromordinal(day.toordinal() + 1), session.zone))


def change(session: Session, known: Groups, since: date) -> Change:
    """What happened since the end of a day."""
    evaluator, then = session.evaluator, f"at:{since.isoformat()} is:follower"
    with evaluator.columns.hold():
        before = evaluator.mask(session.parse(then).where, session.now)
        now = evaluator.mask(session.parse("is:follower").where, session.now)
    came, gone = f"is:follower -({then})", f"-is:follower ({then})"
    gained, lost = now & ~before, before & ~now
    causes = tuple(composing.figure(session, cause.value, f"cause:{cause.value} {gone}") for cause in LossCause)
    end = end_of(session, since)
    state = known.state
    return Change(
        since=since.isoformat(),
        before=Figure("followers", int(np.count_nonzero(before)), then),
        gained=composing.by_kind(gained, known, came),
        lost=composing.by_kind(lost, known, gone),
        causes=tuple(one for one in causes if one.count),
        states=composing.by_state(session, before, known, then),
        net_qualified=int(np.count_nonzero(gained & (state == 0)) - np.count_nonzero(lost & (state == 0))),
        are_losses_known=any(one.is_complete and one.as_of >= end for one in readings(session)),
    )


def points(session: Session, known: Groups) -> tuple[Point, ...]:
    """Followers at every reading, by kind and state."""
    found = readings(session)
    if not found:
        return ()
    moments = np.array([one.as_of for one in found], np.int64)
    spells = session.evaluator.spells
    both = np.where(known.kind < 0, -1, known.kind * _STATES + known.state)
    counts = spells.counts("follower", both, len(KIND_ORDER) * _STATES, moments)
    counts = counts.reshape(len(KIND_ORDER), _STATES, len(moments))
    made = []
    for place, one in enumerate(found):
        by_kind = tuple(counts[:, :, place].sum(axis=1).tolist())
        first, second, third = counts[:, :, place].sum(axis=0).tolist()
        made.append(Point(one.as_of, one.is_complete, one.source, sum(by_kind), (first, second, third), by_kind))
    return tuple(made)


def staying(session: Session, known: Groups) -> tuple[tuple[Staying, ...], tuple[Staying, ...]]:
    """How long followers stay whose beginning was seen: by kind, and by month of following, newest first."""
    evaluator = session.evaluator
    with evaluator.columns.hold():
        followed, left = evaluator.columns.get("followed"), evaluator.columns.get("left")
        alive = evaluator.columns.get("alive") == 1
    seen_upto = max((one.as_of for one in readings(session) if one.is_complete), default=0)
    rows = np.flatnonzero(alive & (followed >= 0))
    began, is_lost = followed[rows], left[rows] >= 0
    seconds = np.maximum(np.where(is_lost, left[rows], seen_upto) - began, 0)
    kinds = []
    for place, kind in enumerate(KIND_ORDER):
        some = known.kind[rows] == place
        if some.any():
            kinds.append(_staying(kind.value, f"kind:{kind.value} followed:1970..", seconds[some], is_lost[some]))
    months = []
    for month, some in by_month(session, began):
        months.append(_staying(month, f"followed:{month}", seconds[some], is_lost[some]))
    return tuple(kinds), tuple(months[-MOST_MONTHS:][::-1])


def by_month(session: Session, began: NDArray[np.int64]) -> list[tuple[str, NDArray[np.intp]]]:
    """The months in which accounts began, in order, and the places of those that did."""
    if not len(began):
        return []
    first, last = (day_of(from_epoch(int(moment)), session.zone) for moment in (began.min(), began.max()))
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    months = [date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1) for n in range(count)]
    starts = np.array([epoch(start_of_day(month, session.zone)) for month in months])
    which = np.searchsorted(starts, began, side="right") - 1
    found = ((f"{month:%Y-%m}", np.flatnonzero(which == place)) for place, month in enumerate(months))
    return [(name, some) for name, some in found if len(some)]


def _staying(name: str, query: str, seconds: NDArray[np.int64], is_lost: NDArray[np.bool_]) -> Staying:
    shares = surviving.still_there(seconds, is_lost, [days * _DAY for days in STAYING_DAYS])
    return Staying(
        name,
        Figure("joined", len(seconds), query),
        Figure("lost", int(np.count_nonzero(is_lost)), f"{query} left:1970.."),
        shares,
    )
