"""Before and after the last clean-up: what it did to both lists and to the index, and what was lost besides.

Owns which actions are one clean-up and what is compared. Before is the moment just before its
first action, now is now, by the kinds as they are known today: a correction moves both. Reads only;
``services.insight.reporting`` uses it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from followertui.domain.clock import day_of, from_epoch, iso
from followertui.domain.decision import ACTION_ORDER, PRUNING_ACTIONS
from followertui.late import late
from followertui.services.insight import composing, history, quality_index
from followertui.services.insight.composing import Groups
from followertui.services.insight.values import CleanUp, Figure, Report, Shift
from followertui.services.session import Session
from followertui.store.decisions import calls

if TYPE_CHECKING:
    import numpy as np
else:
    np = late("numpy")

PAUSE_DAYS = 14
"""Actions further apart than this belong to two clean-ups."""

_DAY = 86_400


def last_one(moments: list[int]) -> tuple[int, int] | None:
    """First and last moment of the last clean-up.

    Args:
        moments: of all pruning actions, epoch seconds UTC, ascending.
    """
    if not moments:
        return None
    begin = moments[0]
    for earlier, later in pairwise(moments):
        if later - earlier > PAUSE_DAYS * _DAY:
            begin = later
    return begin, moments[-1]


def clean_up(session: Session, known: Groups, today: Report) -> CleanUp | None:
    """What the last clean-up did, None where nobody was ever pruned.

    Args:
        session: the open store.
        known: kinds and states.
        today: the figures of now.
    """
    moments = last_one(calls.pruning_moments(session.store))
    if moments is None:
        return None
    begin, end = (day_of(from_epoch(moment), session.zone).isoformat() for moment in moments)
    just_before = moments[0] - 1
    then, pruned = f"at:{iso(just_before)}", f"pruned:{begin}..{end}"
    before = {whom: _groups(session, known, f"{then} is:{whom}") for whom in ("follower", "following")}
    now = {
        "follower": (today.followers.total, *today.followers.states, *today.followers.kinds),
        "following": (today.following.total, *today.following.states, *today.following.kinds),
    }
    mask = session.evaluator.mask(session.parse(pruned).where, session.now)
    actions = (
        composing.figure(session, action.value, f"done:{action.value} {pruned}")
        for action in ACTION_ORDER
        if action in PRUNING_ACTIONS
    )
    return CleanUp(
        begin=begin,
        end=end,
        actions=tuple(one for one in actions if one.count),
        pruned=composing.by_kind(mask, known, pruned),
        following=_shifts(before["following"], now["following"], f"{then} is:following", "is:following"),
        followers=_shifts(before["follower"], now["follower"], f"{then} is:follower", "is:follower"),
        index_before=_index(session, before["follower"], just_before),
        index_now=today.index,
        lost=_lost(session, then, pruned),
        are_losses_known=any(one.is_complete and one.as_of > moments[0] for one in history.readings(session)),
    )


def _groups(session: Session, known: Groups, query: str) -> tuple[Figure, ...]:
    """All accounts of a query, by state, and by kind."""
    with session.evaluator.columns.hold():
        mask = session.evaluator.mask(session.parse(query).where, session.now)
    total = Figure("", int(np.count_nonzero(mask)), query)
    return total, *composing.by_state(session, mask, known, query), *composing.by_kind(mask, known, query)


def _shifts(before: tuple[Figure, ...], now: tuple[Figure, ...], then: str, today: str) -> tuple[Shift, ...]:
    """Figures of both moments side by side; a kind that is there at one of them only is 0 at the other."""
    names = ("all", *composing.STATE_NAMES)
    made = [Shift(name, was, one) for name, was, one in zip(names, before, now, strict=False)]
    old, new = ({one.name: one for one in some[4:]} for some in (before, now))
    for name in dict.fromkeys([*old, *new]):
        was = old.get(name, Figure(name, 0, f"kind:{name} {then}"))
        made.append(Shift(name, was, new.get(name, Figure(name, 0, f"kind:{name} {today}"))))
    return tuple(made)


def _index(session: Session, followers: tuple[Figure, ...], moment: int) -> float | None:
    """The quality index at a moment, from the followers of that moment."""
    total, qualified = followers[0].count, followers[1].count
    fake = sum(one.count for one in followers[4:] if one.name in _FAKES)
    return quality_index.value(quality_index.parts(total, qualified, fake, *quality_index.reached_at(session, moment)))


_FAKES = frozenset(composing.FAKE.removeprefix("kind:").split(","))


def _lost(session: Session, then: str, pruned: str) -> tuple[Figure, ...]:
    """What was lost besides what should go; nothing about none."""
    term = composing.qualified_term(session)
    gone = f"-is:follower ({then} is:follower)"
    asked = [
        ("qualified accounts were pruned", f"{term} {pruned}"),
        ("pruned accounts had talked with you", f"{pruned} is:engaged"),
        ("of them followed you and do no longer", f"{pruned} {gone} -done:remove-follower,block"),
        ("qualified followers left since who were not pruned", f"{term} {gone} -({pruned})"),
    ]
    found = (composing.figure(session, name, query) for name, query in asked)
    return tuple(one for one in found if one.count)
