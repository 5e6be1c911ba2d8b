"""X's activity stream while it runs: who follows, who no longer does, whose profile changes.

Owns what is watched, what an event changes here, what it costs and what could not be seen. Each event
counts once, by its uuid. It adds to what readings told and never replaces one: who follows is a
partial reading, who left is noted until the next complete one decides. Off unless a person starts it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, NamedTuple, TypeVar

from followertui.domain.account import AccountRecord
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
from followertui.services.sync.syncing import require_x
from followertui.services.sync.values import LiveBatch, LiveReport
from followertui.store.audience import live_events, own_actions, x_answers
from followertui.store.decisions import requests
from followertui.store.file import settings
from followertui.x.platform import Platform
from followertui.x.protocol import Events, LiveEvent, Outcome, OutcomeType, Watch, XClient, XFailed, XLimited

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


class _Ended(NamedTuple):
    """The stream ended, and why."""

    outcome: Outcome


class _Pump:
    """Reads one stream in a thread of its own, since nothing else ends a wait for the next line."""

    def __init__(self, client: XClient, backfill_minutes: int) -> None:
        self.heard: SimpleQueue[LiveEvent | _Ended | None] = SimpleQueue()
        self._client, self._backfill = client, backfill_minutes
        self._events: Events | None = None
        Thread(target=self._read, name="X's stream", daemon=True).start()

    def _read(self) -> None:
        try:
            self._events = self._client.events(self._backfill)
            self.heard.put(None)
            for event in self._events:
                self.heard.put(event)
        except XFailed as failure:
            self.heard.put(_Ended(failure.outcome))
        except FollowertuiError as problem:
            self.heard.put(_Ended(Outcome(OutcomeType.AUTH, str(problem))))
        except Exception as problem:
            self.heard.put(_Ended(Outcome(OutcomeType.NETWORK, f"X's stream broke off ({type(problem).__name__})")))

    def close(self) -> None:
        """End the connection."""
        if self._events is not None:
            self._events.close()


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
        kept = settings.LIVE.read(session.store).get("heard_at")
        self.heard_at = kept if isinstance(kept, int) else 0
        self.noted_at = self.events = self.begun_at = self.failures = 0
        self.has_heard = False
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

    # Listening --------------------------------------------------------------------------

    def _require_money(self) -> None:
        left, each = self.ledger.room, Platform.load().price(_ENDPOINT)
        if left.usd < each - 1e-9:
            how = "--budget" if left.name == "run" else f"followertui costs --{left.name}"
            raise LimitReached(
                f"the budget of this {left.name} is spent ({how} sets it); {counted(self.events, 'event')} were told"
            )

    def _listen(self) -> Generator[Progress | LiveBatch, None, Outcome | None]:
        """Read one connection; returns why it ended, None where the person stopped it."""
        self.number = requests.begin(self.session.store, _ENDPOINT, None, 0, 0.0, self.session.now)
        before = self.begun_at = self.events
        self.has_heard = False
        pump = _Pump(self.listener, self.backfill)
        try:
            while not self.cancel.is_set():
                ended = self._take_heard(pump)
                if self.waiting:
                    yield from self._tell()
                    self._require_money()
                if ended is not None:
                    return ended
                yield Progress(self.events, None, self._text())
            return None
        finally:
            pump.close()
            units = self.events - before
            state = requests.ANSWERED if self.has_heard else requests.REFUSED
            status = 200 if self.has_heard else None
            usd = round(units * _usd(), 6)
            requests.finish(self.session.store, self.number, state, units, usd, status, self.session.now)

    def _take_heard(self, pump: _Pump) -> Outcome | None:
        """Wait for the next event and take all there are; returns why the stream ended, None where it goes on."""
        timeout = _TICK_SECONDS
        while True:
            try:
                heard = pump.heard.get(timeout=timeout)
            except Empty:
                return None
            timeout = 0.0
            if isinstance(heard, _Ended):
                return heard.outcome
            self._note_sign_of_life()
            if heard is not None:
                self.waiting.append(heard)

    def _note_sign_of_life(self) -> None:
        """Keep when X was last heard, and name what could not be seen before."""
        now, store = self.session.now, self.session.store
        covered = 60 * self.backfill or _NO_BACKFILL_GAP
        if self.heard_at and now - self.heard_at > covered:
            until = now - 60 * self.backfill
            live_events.add_gap(store, self.heard_at, until)
            self.gaps.append(clock_span(self.heard_at, until, self.session.zone))
        if not self.has_heard:
            learning.note_read(self.session, _ENDPOINT, learning.DONE)
        self.heard_at, self.failures, self.has_heard = now, 0, True
        if now - self.noted_at >= _NOTE_SECONDS:
            settings.LIVE.write(store, {"heard_at": now})
            self.noted_at = now

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
        store, now = self.session.store, self.session.now
        try:
            with store.leases.take("import"), store.write():
                fresh = [
                    one for one in self.waiting if live_events.add(store, one.uuid, now, one.type, _about(one), _usd())
                ]
                self.events += len(fresh)
                self.ledger.usd = round(self.ledger.usd + len(fresh) * _usd(), 6)
                units = self.events - self.begun_at
                requests.progress(store, self.number, units, round(units * _usd(), 6))
                batch = self._take(_sorted_out(fresh, self.own_id))
        except Busy:
            return
        self.waiting = []
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
