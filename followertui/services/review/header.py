"""The figures of the top line: size, quality, how much is planned.

Owns what stands there. The share of qualified followers is what the rules say, or the estimate
where there are enough random looks, with its interval (see ``sampling``). Kept in a setting so that
the first paint needs no numpy. What is planned is the count of the queue of that name, so that the
top line and the queues never tell two numbers.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from followertui.domain.kind import KIND_ORDER
from followertui.domain.query import And, Equals, Flag, Not, Or, Range
from followertui.services.review import sampling
from followertui.services.session import Session
from followertui.services.values import PLAN_QUEUE, Header
from followertui.store.file import settings, watermarks
from followertui.store.lists import match_counts

_MONTH, _HOUR = 28 * 86_400, 3_600


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts behind the header."""

    followers: int = 0
    following: int = 0
    accounts: int = 0
    qualified: int = 0
    low: float | None = None
    point: float | None = None
    high: float | None = None
    gained: int = 0
    lost: int = 0
    is_judged: bool = False


def tally(session: Session) -> Tally:
    """Count everything the header shows."""
    chosen = settings.qualified_kinds(session.store)
    followers = Flag("follower")
    qualified = Or(tuple(Equals("kind", kind.value) for kind in KIND_ORDER if kind in chosen))
    # To the hour: what is counted again and again stays the same question.
    since = session.now // _HOUR * _HOUR - _MONTH
    gained = And((followers, qualified, Range("followed", since, None)))
    lost = And((Not(followers), qualified, Range("left", since, None)))
    with session.counts.at(session.now) as count:
        answer = sampling.answer(session, is_anyone_unseen=count(And((followers, Not(Flag("looked"))))) > 0)
        return Tally(
            followers=count(followers),
            following=count(Flag("following")),
            accounts=count(And(())),
            qualified=count(And((followers, qualified))),
            low=None if answer is None else answer.low,
            point=None if answer is None else answer.point,
            high=None if answer is None else answer.high,
            gained=count(gained),
            lost=count(lost),
            is_judged=watermarks.JUDGED_UPTO.read(session.store) > 0,
        )


def refresh_header(session: Session, planned: int | None = None) -> Header:
    """Recount and store the result.

    Args:
        session: whose store.
        planned: how many are in the plan, where that was counted just now.
    """
    counted = asdict(tally(session))
    if not session.store.is_read_only and counted != settings.TALLY.read(session.store):
        settings.TALLY.write(session.store, counted)
    return _header(session, Tally(**counted), planned)


def header(session: Session) -> Header:
    """The top line as last counted."""
    kept = settings.TALLY.read(session.store)
    return _header(session, Tally(**kept)) if kept.keys() == asdict(Tally()).keys() else refresh_header(session)


def _header(session: Session, t: Tally, planned: int | None = None) -> Header:
    if planned is None:
        planned = settings.QUEUE_COUNTS.read(session.store).get(PLAN_QUEUE)
    if planned is None:
        planned = int(session.evaluator.mask(session.parse("is:planned").where, session.now).sum())
    share = t.followers and t.is_judged
    return Header(
        profile=settings.own_handle(session.store),
        followers=t.followers,
        following=t.following,
        accounts=t.accounts,
        qualified_percent=100 * (t.qualified if t.point is None else t.point) / t.followers if share else None,
        qualified_low=100 * t.low / t.followers if share and t.low is not None else None,
        qualified_high=100 * t.high / t.followers if share and t.high is not None else None,
        qualified_change=t.gained - t.lost if share else None,
        planned=planned,
        is_demo=session.is_demo,
        is_read_only=session.store.is_read_only,
        has_customer_list=match_counts.has_list_of(session.store, "customer"),
        hidden=session.hidden,
    )
