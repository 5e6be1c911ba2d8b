"""How much of an action was done today, and how much the daily caps leave.

Owns the one daily counter: calls and clicks of the person's day count together, since X sees
one account act. Both executors ask here before they go on.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from followertui.domain.clock import day_of, epoch, start_of_day
from followertui.domain.decision import ActionKind, Executor
from followertui.services.session import Session
from followertui.store.decisions import calls
from followertui.x.platform import Platform


class Today(NamedTuple):
    """One action on the person's present day.

    Attributes:
        by_api: calls done or being made.
        by_hand: clicks done.
        cap: how many a day through the executor that was asked about, 0 for no cap.
    """

    by_api: int
    by_hand: int
    cap: int

    @property
    def done(self) -> int:
        """Calls and clicks together: what a cap counts."""
        return self.by_api + self.by_hand

    @property
    def is_full(self) -> bool:
        """Whether the cap leaves nothing for today."""
        return bool(self.cap) and self.done >= self.cap


def today(session: Session, action: ActionKind, executor: Executor) -> Today:
    """What was done of an action since midnight where the person lives, by the API and by hand."""
    midnight = start_of_day(day_of(session.clock.now(), session.zone), session.zone)
    done = calls.done_since(session.store, action, epoch(midnight))
    pace = Platform.load().pace(action)
    cap = pace.hand_per_day if executor is Executor.HAND else pace.api_per_day
    return Today(done.get(Executor.API.value, 0), done.get(Executor.HAND.value, 0), cap)


def tomorrow(session: Session) -> datetime:
    """The next midnight where the person lives, aware UTC."""
    return start_of_day(day_of(session.clock.now(), session.zone) + timedelta(days=1), session.zone)
