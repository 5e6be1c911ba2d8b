"""X's activity stream while it runs: who follows, who no longer does, whose profile changes.

Owns what is watched, what an event changes here, what it costs and what could not be seen. Each event
counts once, by its uuid, however often the program is ended and X tells it again. It adds to what
readings told and never replaces one: who follows is a partial reading, who left is noted until the next
complete one decides. Off unless a person starts it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from queue import Empty
from typing import Any, TypeVar

from followertui.domain.account import AccountRecord
from followertui.domain.clock import DAY
from followertui.domain.errors import Busy, Cancelled, FollowertuiError, LimitReached
from followertui.domain.progress import CancelToken, Progress
from followertui.services import querying
from followertui.services.calling import Caller
from followertui.services.intake.accounts import AccountRun
from followertui.services.intake.chunks import Chunk
from followertui.services.intake.sources import Source
from followertui.services.phrases import clock_span, counted, dollars
from followertui.services.session import Session
from followertui.services.sync import learning, profile
from followertui.services.sync.ledger import Ledger, room
from followertui.services.sync.listening import Ended, Opened, Pump
from followertui.services.sync.syncing import require_x
from followertui.services.sync.values import LiveBatch, LiveReport
from followertui.store.audience import live_events, own_actions, x_answers
from followertui.store.decisions import requests
from followertui.store.file import settings
from followertui.x.platform import Platform
from followertui.x.protocol import LiveEvent, Outcome, OutcomeType, Watch, XClient, XFailed, XLimited

FOLLOW, UNFOLLOW = "follow.follow", "follow.unfollow"

PROFILE_FIELDS = {
    "profile.update.bio": "bio",
    "profile.update.screenname": "name",
    "profile.update.handle": "handle",
    "profile.update.url": "url",
}
"""Event -> the field it changes. X names the display name "screenname"."""

MOST_WATCHED = 100
"""Profiles watched at most."""

BACKFILL_MINUTES = 5
"""So much of what was missed X tells again."""

Answer = TypeVar("Answer")

_WHO = "kind:customer,prospect,partner,influencer,press (is:follower OR is:following) -is:nameless sort:-match"
_ENDPOINT = "activity_stream"
_API_RANK = 4
_TICK_SECONDS = 0.5
_LAST_TICKS = 4
_IN_FLIGHT = 3
_NOTE_SECONDS = 30
_LONGEST_PAUSE = 60.0
_NO_BACKFILL_GAP = 60


def offer_lines(session: Session, budget_usd: float | None = None) -> list[str]:
    """What watching takes, before anything is paid; sends nothing."""
    each = Platform.load().price(_ENDPOINT)
    watched = len(_profiles(session))
    lines = [
        f"watching X until you stop it: {dollars(each)} for each follow, unfollow and profile change it tells",
        f"follows of your own account, and {counted(watched, 'profile')} that matter, {MOST_WATCHED} at most",
        "a complete reading still decides who left; where a day is soon enough, followertui sync costs less",
    ]
    left = room(session, budget_usd)
    if left.name:
        lines.append(f"the budget of this {left.name} leaves {dollars(max(0.0, left.usd))}; it stops there")
    return lines + learning.refusal_lines(session, _ENDPOINT)


def watch(
    session: Session, cancel: CancelToken, budget_usd: float | None = None
) -> Generator[Progress | LiveBatch, None, LiveReport]:
    """Watch X until the person stops it.

    Args:
        session: the open store.
        cancel: ends it.
        budget_usd: the most it may cost, None for no limit of its own.

    Yields:
        What happened, for the caller to tell; progress between.

    Raises:
        BadInput: no account is signed in, or there are no keys of the app.
        Busy: another process watches.
        LimitReached: a budget or the credits ended it.
        FollowertuiError: X refuses.
    """
    open_x = require_x(session)
    with session.store.leases.take("live"):
        requests.recover(session.store)
        client, listener = open_x(), open_x()
        caller = Caller(client, cancel)
        try:
            ledger = Ledger(session, caller, budget_usd)
            own = yield from profile.own(session, ledger, cancel)
            return (yield from _Live(session, ledger, caller, listener, cancel, own.x_id).run())
        finally:
            caller.close()


def _profiles(session: Session) -> list[int]:
    """Ids of the accounts whose profiles are worth an event, the surest matches first."""
    rows = [int(row) for row in querying.rows_of(session, _WHO)[: 2 * MOST_WATCHED]]
    found = [one.x_id for one in x_answers.addresses(session.store, rows) if one.x_id is not None]
    return found[:MOST_WATCHED]


@dataclass(slots=True)
class _Told:
    """Events of one moment, sorted out."""

    follows: dict[int, AccountRecord] = field(default_factory=dict)
    unfollows: dict[int, AccountRecord] = field(default_factory=dict)
    changes: dict[int, AccountRecord] = field(default_factory=dict)


class _Live:
    """One run of watching."""

    def __init__(
        self, session: Session, ledger: Ledger, caller: Caller, listener: XClient, cancel: CancelToken, own_id: int
    ) -> None:
        self.session, self.ledger, self.caller, self.listener = session, ledger, caller, listener
        self.cancel, self.own_id = cancel, own_id
        self.backfill = BACKFILL_MINUTES
        kept = settings.LIVE.read(session.store)
        self.heard_at, self.heard_in = (
            value if isinstance(value := kept.get(name), int) else 0 for name in ("heard_at", "request")
        )
        self.noted_at = self.events = self.units = self.failures = 0
        self.has_heard = self.is_caught_up = self.is_told_again = False
        self.at_once = _IN_FLIGHT
        self.gaps: list[str] = []
        self.waiting: list[LiveEvent] = []
        self.number = 0

    def run(self) -> Generator[Progress | LiveBatch, None, LiveReport]:
        """Subscribe, listen, connect again; take the subscriptions back in the end."""
        ids = yield from self._subscribe()
        try:
            while not self.cancel.is_set():
                self._require_money()
                outcome = yield from self._listen()
                if outcome is not None:
                    yield from self._pause(outcome)
        finally:
            self._unsubscribe(ids)
        if self.has_all:
            settings.LIVE.write(self.session.store, {})
        usd = round(self.ledger.usd, 6)
        text = f"{counted(self.events, 'event')} in all; {dollars(usd)}"
        if self.gaps:
            text += f"; not seen: {', '.join(self.gaps)}"
        return LiveReport(self.events, usd, tuple(self.gaps), text)

    # What X is asked for ----------------------------------------------------------------

    def _subscribe(self) -> Generator[Progress, None, list[str]]:
        """Ask X for what is not subscribed to yet; returns every id."""
        wanted = [Watch(kind, self.own_id, "inbound") for kind in (FOLLOW, UNFOLLOW)]
        wanted += [Watch(kind, x_id) for x_id in _profiles(self.session) for kind in PROFILE_FIELDS]
        yield Progress(0, len(wanted), "asking X to tell what happens")
        known = self._asked(lambda x: x.watched())
        ids = []
        for at, one in enumerate(wanted):
            if one in known:
                ids.append(known[one])
                continue
            try:
                ids.append(self._asked(partial(_watched, one)))
            except XLimited:
                # The follows come first: where X takes no more for now, fewer profiles are watched.
                if at < 2:
                    raise
                break
            yield Progress(at + 1, len(wanted), "asking X to tell what happens")
        return [number for number in ids if number]

    def _asked(self, call: Callable[[XClient], Answer]) -> Answer:
        """Ask X something that is free.

        Raises:
            XFailed: X refused.
            Cancelled: the person stopped it.
        """
        try:
            answer = self.caller.ask(call)
        except XFailed as failure:
            learning.note_read(self.session, _ENDPOINT, failure.outcome)
            raise
        if answer is None:
            raise Cancelled("sync --live: stopped before X answered; nothing is watched", is_resumable=False)
        return answer

    def _unsubscribe(self, ids: Sequence[str]) -> None:
        """Take back what was asked for, as far as X answers: without a stream nothing is told or charged."""
        for start in range(0, len(ids), 100):
            some = ids[start : start + 100]
            try:
                self.listener.unwatch(some)
            except FollowertuiError:
                return

    @property
    def has_all(self) -> bool:
        """Whether all that X told is written down."""
        return self.is_caught_up and not self.waiting

    # Listening --------------------------------------------------------------------------

    @property
    def _has_money(self) -> bool:
        """Whether the budgets leave an event, the one that is held for the open connection included."""
        return self.ledger.room.usd + self.ledger.unknown_usd >= _usd() - 1e-9

    def _held_usd(self) -> float:
        """Dollars X may have charged for what is not written down: what waits, and as many as ever came at once."""
        return round((len(self.waiting) + self.at_once) * _usd(), 6)

    def _require_money(self) -> None:
        if not self._has_money:
            left = self.ledger.room
            how = "--budget" if left.name == "run" else f"followertui costs --{left.name}"
            raise LimitReached(
                f"the budget of this {left.name} is spent ({how} sets it); {counted(self.events, 'event')} were told"
            )

    def _listen(self) -> Generator[Progress | LiveBatch, None, Outcome | None]:
        """Read one connection; returns why it ended, None where the person or a budget stopped it."""
        # What may be in flight when this ends is written down beforehand, as a page in flight is.
        self.ledger.unknown_usd = held_usd = min(self._held_usd(), self.ledger.room.usd)
        self.number = requests.begin(self.session.store, _ENDPOINT, None, self.at_once, held_usd, self.session.now)
        self.units = self.noted_at = 0
        self.has_heard = self.is_caught_up = self.is_told_again = False
        pump = Pump(self.listener, self.backfill)
        state = requests.UNKNOWN
        try:
            while not self.cancel.is_set() and self._has_money:
                ended = self._take_heard(pump)
                yield from self._tell()
                if ended is not None:
                    return ended
                yield Progress(self.events, None, self._text())
            pump.close()
            for _ in range(_LAST_TICKS):
                if self._take_heard(pump) is not None:
                    break
            yield from self._tell()
            if self.has_all:
                state = requests.ANSWERED
            return None
        finally:
            pump.close()
            if not self.has_heard:
                state = requests.REFUSED
            self.ledger.unknown_usd = 0.0
            status = 200 if self.has_heard else None
            usd = round(self.units * _usd(), 6)
            requests.finish(self.session.store, self.number, state, self.units, usd, status, self.session.now)

    def _take_heard(self, pump: Pump) -> Outcome | None:
        """Wait for the next event and take all there are; returns why the stream ended, None where it goes on."""
        timeout = _TICK_SECONDS
        while True:
            try:
                heard = pump.heard.get(timeout=timeout)
            except Empty:
                return None
            timeout = 0.0
            if isinstance(heard, Ended):
                return heard.outcome
            self._note_sign_of_life(heard)
            if isinstance(heard, LiveEvent):
                self.waiting.append(heard)

    def _note_sign_of_life(self, heard: LiveEvent | Opened | None) -> None:
        """Keep when X was last heard, and what the time before it comes to."""
        if not self.has_heard or self.is_caught_up:
            self._look_back()
        if not self.has_heard:
            learning.note_read(self.session, _ENDPOINT, learning.DONE)
        self.has_heard, self.failures = True, 0
        # What X tells again comes first: only when there is no more of it is the time until now seen.
        self.is_caught_up = self.is_caught_up or heard is None
        if self.is_caught_up:
            self.heard_at = self.session.now
            if not self.waiting and self.heard_at - self.noted_at >= _NOTE_SECONDS:
                self._keep_heard_at()

    def _keep_heard_at(self) -> None:
        """Keep that all is seen until now, in the open transaction or in one of its own."""
        with self.session.store.write():
            if self.is_told_again:
                requests.settle(self.session.store, _ENDPOINT, self.heard_in, self.number)
            settings.LIVE.write(self.session.store, {"heard_at": self.heard_at, "request": self.number})
        self.is_told_again, self.heard_in, self.noted_at = False, self.number, self.heard_at

    def _look_back(self) -> None:
        """Name what could not be seen since X was last heard."""
        now, store = self.session.now, self.session.store
        if not self.heard_at:
            return
        if now - self.heard_at > (60 * self.backfill or _NO_BACKFILL_GAP):
            until = now - 60 * self.backfill
            live_events.add_gap(store, self.heard_at, until)
            self.gaps.append(clock_span(self.heard_at, until, self.session.zone))
        elif not self.has_heard:
            # X charges for what it tells again on the same day only once: nothing stays in doubt.
            self.is_told_again = self.backfill > 0 and now // DAY == self.heard_at // DAY

    def _text(self) -> str:
        gaps = f", not seen {self.gaps[-1]}" if self.gaps else ""
        return f"watching X, {counted(self.events, 'event')}, {dollars(round(self.ledger.usd, 6))}{gaps}"

    def _pause(self, outcome: Outcome) -> Generator[Progress, None, None]:
        """Wait before the next connection.

        Raises:
            LimitReached: the credits are spent.
            FollowertuiError: no other try would help.
        """
        if outcome.status == 400 and self.backfill:
            # Not every access level may ask for what it missed.
            self.backfill = 0
            return
        if outcome.type is OutcomeType.CREDITS:
            raise LimitReached(f"{outcome.message}; {counted(self.events, 'event')} were told")
        if not (outcome.may_retry or outcome.type is OutcomeType.RATE_LIMITED):
            learning.note_read(self.session, _ENDPOINT, outcome)
            raise FollowertuiError(outcome.message)
        self.failures += 1
        seconds = min(_LONGEST_PAUSE, 2.0 ** (self.failures - 1)) * (1 + random.random() / 4) / 2
        if outcome.reset_at is not None:
            seconds = max(seconds, min(900.0, (outcome.reset_at - self.session.clock.now()).total_seconds()))
        yield Progress(self.events, None, f"{outcome.message.split(';')[0]}; connecting again")
        self.cancel.wait(seconds)

    # What an event changes --------------------------------------------------------------

    def _tell(self) -> Iterator[LiveBatch]:
        """Write down what was heard, in one transaction; kept for later where another process imports."""
        if not self.waiting:
            return
        store, now, each = self.session.store, self.session.now, _usd()
        self.at_once = max(self.at_once, len(self.waiting))
        held_usd = self._held_usd()
        if held_usd != self.ledger.unknown_usd:
            requests.progress(store, self.number, self.units, round(self.units * each, 6), held_usd)
            self.ledger.unknown_usd = held_usd
        try:
            with store.leases.take("import"), store.write():
                fresh, units = [], self.units
                for one in self.waiting:
                    is_fresh = live_events.add(store, one.uuid, now, one.type, _about(one), each)
                    units += is_fresh or live_events.charge_again(store, one.uuid, now, each)
                    fresh += [one] * is_fresh
                batch = self._take(_sorted_out(fresh, self.own_id))
                requests.progress(store, self.number, units, round(units * each, 6), round(self.at_once * each, 6))
                if self.is_caught_up:
                    self._keep_heard_at()
        except Busy:
            return
        self.ledger.usd = round(self.ledger.usd + (units - self.units) * each, 6)
        self.events += len(fresh)
        self.units, self.waiting = units, []
        self.ledger.unknown_usd = self._held_usd()
        if batch is not None:
            yield batch

    def _take(self, told: _Told) -> LiveBatch | None:
        session, now = self.session, self.session.now
        if not (told.follows or told.unfollows or told.changes):
            return None
        source = Source("live", "X API, live", _API_RANK, now, completeness="partial", newest_first=True)
        run = AccountRun(session.store, session.journal, session.clock, source)
        followed = run.take(Chunk(list(told.follows.values()), direction="follower")) if told.follows else ()
        left = run.take(Chunk(list(told.unfollows.values()))) if told.unfollows else ()
        records = list(told.changes.values())
        changed = run.take(Chunk(records)) if records else ()
        run.finish(len(told.follows) + len(told.unfollows) + len(records))
        for row in left:
            own_actions.note_own_action(session.store, row, "follower", False, now)
        x_answers.note_shown(session.store, [*followed, *left, *changed], now)
        return LiveBatch(now, *(tuple(row for row in rows if row) for rows in (followed, left, changed)))


def _watched(one: Watch, x: XClient) -> str:
    return x.watch(one)


def _usd() -> float:
    return Platform.load().price(_ENDPOINT)


def _about(event: LiveEvent) -> int | None:
    return event.source.x_id if event.source is not None else event.user_id


def _sorted_out(events: Sequence[LiveEvent], own_id: int) -> _Told:
    """What some events come to: who followed and left again in one moment has left."""
    told = _Told()
    for event in events:
        source = event.source
        if event.type in (FOLLOW, UNFOLLOW) and source is not None and source.x_id not in (None, own_id):
            x_id = int(source.x_id or 0)
            if event.target is not None and event.target.x_id not in (None, own_id):
                continue
            kept, other = (told.follows, told.unfollows) if event.type == FOLLOW else (told.unfollows, told.follows)
            kept[x_id] = source
            other.pop(x_id, None)
        elif event.type in PROFILE_FIELDS and event.user_id is not None and event.after:
            before = told.changes.get(event.user_id, AccountRecord(event.user_id))
            changed: dict[str, Any] = {PROFILE_FIELDS[event.type]: event.after}
            told.changes[event.user_id] = before._replace(**changed)
    return told
