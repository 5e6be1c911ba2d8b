"""Going on over days without a person: unfollow and unmute only, within a typed number a day.

Owns when the next day's share begins and when the whole of it ends; each share is a run of
``applying``, with every guard, cap and look of one. Off as shipped. The command line calls it.
"""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime
from typing import NamedTuple

from followertui.domain.decision import ActionKind, Executor
from followertui.domain.errors import BadInput, NothingToDo
from followertui.domain.progress import CancelToken
from followertui.domain.stopping import Stop, StopReason
from followertui.services.phrases import counted, day_and_time, stop_sentence, weekday
from followertui.services.plan import applying, looking, pacing, planning
from followertui.services.plan.values import ApplyEvent, ApplyReport
from followertui.services.session import Session
from followertui.services.waiting import pass_time
from followertui.store.file import settings

ACTIONS = frozenset({ActionKind.UNFOLLOW, ActionKind.UNMUTE})
"""What may go on by itself."""

_LOOK_SECONDS = 60.0
"""A wait looks at the clock this often: it may have been set, or the machine asleep."""


class DayReport(NamedTuple):
    """How going on over days ended.

    Attributes:
        done: actions carried out.
        left: actions of these kinds left in the plan.
        stop: what ended it, None where all is done.
        text: one line.
    """

    done: int
    left: int
    stop: Stop | None
    text: str


class Waiting(NamedTuple):
    """It waits: until when (aware UTC), and one line."""

    until: datetime
    text: str


def begins(session: Session, per_day: int) -> str:
    """What going on over days will do and until when, in one line.

    Raises:
        BadInput: it is switched off, the number is above the cap, or the plan is not the one that was looked at.
        NothingToDo: nothing in the plan may go on by itself.
    """
    if not settings.WATCH.read(session.store):
        raise BadInput(
            "going on over days by itself is switched off; read `followertui help by-hand`, "
            "then `followertui plan pace --watch on`"
        )
    counts = {action: len(_items(session, action)) for action in ACTIONS}
    total = sum(counts.values())
    if not total:
        raise NothingToDo("nothing in the plan may go on by itself: only unfollow and unmute through the API")
    highest = max(pacing.caps(session, action, Executor.API).per_day for action, count in counts.items() if count)
    if highest and per_day > highest:
        raise BadInput(f"--watch {per_day:,}: the daily cap is {highest:,}; `followertui plan pace` shows it")
    looking.require(session, is_unattended=True)
    days = -(-total // per_day)
    last = pacing.day_after(session, days - 1)
    return (
        f"{counted(total, 'action')}, at most {per_day:,} a day, done on {weekday(last)}; stops at the first surprise"
    )


def _items(session: Session, action: ActionKind) -> list[int]:
    found = planning.api_items(session, is_tried=False, only=frozenset({action}))
    return [item.id for item in found]


def go_on(
    session: Session, cancel: CancelToken, per_day: int, budget_usd: float | None = None
) -> Generator[ApplyEvent | Waiting, None, DayReport]:
    """Carry out a share of the plan each day until all is done or something is not as planned.

    Args:
        session: the open store.
        cancel: polled all along.
        per_day: the most on one day of the person, typed by them; other runs of that day count.
        budget_usd: the most it may cost in all.

    Yields:
        Events of the runs, and a ``Waiting`` before each wait.

    Returns:
        How it ended.

    Raises:
        BadInput: as ``begins``, or a house check fails.
        NothingToDo: as ``begins``.
    """
    begins(session, per_day)
    done, spent, stop = 0, 0.0, None
    while not cancel.is_set():
        items = [number for action in ACTIONS for number in _items(session, action)]
        if not items:
            break
        today = sum(pacing.today(session, action, Executor.API).done for action in ACTIONS)
        share = min(len(items), per_day - today)
        until = pacing.tomorrow(session)
        if share > 0:
            left = None if budget_usd is None else budget_usd - spent
            report: ApplyReport = yield from applying.apply(
                session, cancel, share, share, left, is_tried=False, unattended=ACTIONS
            )
            done, spent, stop = done + report.done, spent + report.cost_usd, report.stop
            if stop is not None and not stop.passes:
                break
            if stop is None and share == len(items):
                break
            if stop is not None:
                until = stop.until or pacing.tomorrow(session)
        yield Waiting(until, f"goes on {day_and_time(until, session.zone)}")
        if not _waited(session, cancel, until):
            stop = Stop(StopReason.PERSON)
            break
        stop = None
    else:
        stop = Stop(StopReason.PERSON)
    return _report(session, done, stop)


def _waited(session: Session, cancel: CancelToken, until: datetime) -> bool:
    """Wait for a moment of the clock; False where the person stopped it."""
    if pass_time(session.clock, until):
        return not cancel.is_set()
    while (left := (until - session.clock.now()).total_seconds()) > 0:
        if cancel.wait(min(left, _LOOK_SECONDS)):
            return False
    return True


def _report(session: Session, done: int, stop: Stop | None) -> DayReport:
    left = sum(len(_items(session, action)) for action in ACTIONS)
    words = f"{counted(done, 'action')} done, {left:,} left"
    ending = stop_sentence(stop, session.zone)
    return DayReport(done, left, stop, f"{words}; {ending}." if ending else f"{words}.")
