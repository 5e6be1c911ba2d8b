"""How much of an action may be done now: caps a day and within fifteen minutes, and quiet hours.

Owns the one counter: calls and clicks of the person's day count together, since X sees one
account act. Both executors ask here before they go on.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from followertui.domain.clock import day_of, epoch, from_epoch, start_of_day
from followertui.domain.decision import ActionKind, Executor
from followertui.domain.errors import BadInput
from followertui.domain.pace import WINDOW_SECONDS, Caps, QuietHours, quiet_hours
from followertui.domain.pace import caps as parsed_caps
from followertui.domain.stopping import Stop, StopReason
from followertui.services.session import Session
from followertui.services.sync import limits
from followertui.store.decisions import batches, calls
from followertui.store.file import settings
from followertui.x.platform import Estimate, Platform

REVERSALS_PER_DAY = 25
"""The most accounts of earlier batches that are followed again, or unfollowed again, on one day."""

EXEMPT_DAYS = 14
"""Days after a batch in which what it unfollowed may be followed again in spite of the guard against churn."""

_HIGHEST = Caps(1_000, 100)
"""The most a person may set for an action X publishes no limit of."""


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


# --- what is allowed now ------------------------------------------------------------------


def today(session: Session, action: ActionKind, executor: Executor) -> Today:
    """What was done of an action since midnight where the person lives, by the API and by hand."""
    done = calls.done_since(session.store, action, _midnight(session))
    cap = caps(session, action, executor).per_day
    return Today(done.get(Executor.API.value, 0), done.get(Executor.HAND.value, 0), cap)


def tomorrow(session: Session) -> datetime:
    """The next midnight where the person lives, aware UTC."""
    return start_of_day(day_of(session.clock.now(), session.zone) + timedelta(days=1), session.zone)


def _midnight(session: Session) -> int:
    return epoch(start_of_day(day_of(session.clock.now(), session.zone), session.zone))


def stop(session: Session, action: ActionKind, executor: Executor, *, is_reversal: bool = False) -> Stop | None:
    """Why an action may not be done now and from when it may, None where it may.

    Args:
        session: the open store.
        action: what is to be done.
        executor: by whom; what the other did counts too.
        is_reversal: it takes an earlier batch back, which has a cap of its own.
    """
    hours = quiet(session)
    ends = hours.end_after(session.clock.now(), session.zone) if hours else None
    if ends is not None:
        return Stop(StopReason.QUIET_HOURS, ends)
    day = today(session, action, executor)
    if day.is_full:
        return Stop(StopReason.DAILY_CAP, tomorrow(session), day.cap)
    if is_reversal and left_to_reverse(session, action) <= 0:
        return Stop(StopReason.DAILY_CAP, tomorrow(session), REVERSALS_PER_DAY)
    per_window = caps(session, action, executor).per_window
    if per_window:
        recent = calls.last_done(session.store, action, session.now - WINDOW_SECONDS, per_window)
        if len(recent) >= per_window:
            return Stop(StopReason.WINDOW_CAP, from_epoch(recent[-1] + WINDOW_SECONDS), per_window)
    return None


def left(session: Session, action: ActionKind, executor: Executor, most: int) -> int:
    """How many of an action may be done one after the other now, at most ``most``."""
    if stop(session, action, executor) is not None:
        return 0
    day, per_window = today(session, action, executor), caps(session, action, executor).per_window
    room = [most]
    if day.cap:
        room.append(day.cap - day.done)
    if per_window:
        since = session.now - WINDOW_SECONDS
        room.append(per_window - len(calls.last_done(session.store, action, since, per_window)))
    return max(0, min(room))


def left_to_reverse(session: Session, action: ActionKind) -> int:
    """How many accounts of earlier batches an action may still be done to today."""
    return REVERSALS_PER_DAY - batches.reversals_since(session.store, action, _midnight(session))


# --- how long it takes --------------------------------------------------------------------


def estimate(session: Session, action: ActionKind, count: int, via: Executor) -> Estimate:
    """Money and time of an action on many accounts at the pace in force."""
    own = caps(session, action, via)
    return Platform.load().estimate(action, count, via, own.per_day or None, own.per_window or None)


def day_after(session: Session, days: int) -> date:
    """The person's day this many days from now."""
    return day_of(session.clock.now(), session.zone) + timedelta(days=days)


def last_day(session: Session, action: ActionKind, count: int, via: Executor) -> date:
    """The day of the person on which this many are done, with what today's cap leaves."""
    day = today(session, action, via)
    present = day_of(session.clock.now(), session.zone)
    if not day.cap:
        return present
    rest = count - max(0, day.cap - day.done)
    return present + timedelta(days=max(0, -(-rest // day.cap)))


# --- what a person sets -------------------------------------------------------------------


def quiet(session: Session) -> QuietHours | None:
    """The quiet hours in force, None for none."""
    text = settings.QUIET_HOURS.read(session.store)
    try:
        return quiet_hours(text) if text else None
    except BadInput:
        return None


def set_quiet(session: Session, text: str) -> str:
    """Set the quiet hours, ``off`` for none; returns one line.

    Raises:
        BadInput: the text is none.
    """
    hours = None if text.strip().lower() in ("off", "none") else quiet_hours(text)
    settings.QUIET_HOURS.write(session.store, str(hours) if hours else "")
    if hours is None:
        return "no quiet hours"
    return f"quiet hours: nothing is carried out from {hours.start:%H:%M} to {hours.end:%H:%M}"


def caps(session: Session, action: ActionKind, executor: Executor) -> Caps:
    """The caps of an action in force: the person's own, else those shipped."""
    pace = Platform.load().pace(action)
    shipped = (
        Caps(pace.hand_per_day, pace.hand_per_window)
        if executor is Executor.HAND
        else Caps(pace.api_per_day, pace.api_per_window)
    )
    if executor is Executor.API:
        shipped = _as_learned(session, action, shipped)
    own = settings.CAPS.read(session.store).get(action.value)
    if not isinstance(own, list) or len(own) != 2 or not all(isinstance(one, int) and one >= 0 for one in own):
        return shipped
    chosen = Caps(own[0] or shipped.per_day, own[1] or shipped.per_window)
    return _as_learned(session, action, chosen) if executor is Executor.API else chosen


def _as_learned(session: Session, action: ActionKind, caps: Caps) -> Caps:
    """Caps that are not above what X was seen to allow this account."""
    endpoint = Platform.load().endpoint_of(action)
    if endpoint is None:
        return caps
    day, window = limits.per_day(session, endpoint.name), limits.window(session, endpoint.name)
    return Caps(
        min(day, caps.per_day or day) if day else caps.per_day,
        min(window, caps.per_window or window) if window else caps.per_window,
    )


def highest(action: ActionKind) -> Caps:
    """The highest caps a person may set: X's own limits where it publishes them."""
    endpoint = Platform.load().endpoint_of(action)
    if endpoint is None:
        return _HIGHEST
    days = [limit for limit in (endpoint.user_day, endpoint.app_day) if limit]
    return Caps(min(days, default=_HIGHEST.per_day), min(endpoint.window, _HIGHEST.per_window))


def set_caps(session: Session, action: ActionKind, text: str) -> str:
    """Set the caps of an action for both executors, ``default`` for those shipped; returns one line.

    Raises:
        BadInput: the text is none, or a cap is above X's own limit.
    """
    known = dict(settings.CAPS.read(session.store))
    if text.strip().lower() == "default":
        known.pop(action.value, None)
        settings.CAPS.write(session.store, known)
        return f"{action.value}: the caps shipped are in force"
    wanted, most = parsed_caps(text), highest(action)
    if wanted.per_day > most.per_day or wanted.per_window > most.per_window:
        raise BadInput(
            f"{action.value}: at most {most.per_day:,} a day and {most.per_window:,} within 15 minutes can be set; "
            "above that X itself refuses or suspends"
        )
    settings.CAPS.write(session.store, {**known, action.value: list(wanted)})
    window = f", {wanted.per_window:,} within 15 minutes" if wanted.per_window else ""
    return f"{action.value}: at most {wanted.per_day:,} a day{window}, through the API and by hand together"
