"""The activity stream under kill -9: each event once, what was not seen is named, no reading replaced, all booked."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
import requests as http

from followertui.domain.clock import FileClock
from followertui.domain.progress import drained
from followertui.services.session import Session
from followertui.services.sync import costs, live, syncing
from followertui.services.sync.values import Wish
from followertui.store.audience import held_readings, live_events
from followertui.store.decisions import requests
from followertui.store.file import settings
from followertui.x.client import TweepyClient
from followertui.x.sandbox.made import FIRST_ID, made_state
from followertui.x.sandbox.server import Server
from followertui.x.sandbox.state import SandboxState
from followertui.x.sandbox.transport import Sandbox
from followertui.x.settings import XSettings

DRIVER = """
import os, sys
from threading import Event, Thread
from pathlib import Path
from followertui.domain.clock import FileClock
from followertui.domain.errors import LimitReached
from followertui.domain.progress import Progress
from followertui.services.session import Session
from followertui.services.sync import live
from followertui.store.file.connection import Store
from followertui.store.file import settings
from followertui.x.client import TweepyClient
from followertui.x.settings import XSettings
clock, cancel = FileClock(Path(sys.argv[2])), Event()
session = Session(Store(Path(sys.argv[1])), clock, open_x=lambda: TweepyClient(XSettings.from_env(os.environ), clock))
Thread(target=lambda: (sys.stdin.read(), cancel.set()), daemon=True).start()
try:
    for value in live.watch(session, cancel):
        pass
except LimitReached:
    sys.exit(3)
session.close()
"""

MADE = 2_000
FOLLOWERS = MADE * 4 // 5
"""More strangers than ever come in a test."""
_PATIENCE = 20_000


class World:
    """A sandbox that streams, a store that was read once, and a child that watches."""

    def __init__(self, session: Session, state: SandboxState, address: str, clock: FileClock, seed: int) -> None:
        self.session, self.state, self.address, self.clock = session, state, address, clock
        self.dice, self.pause = random.Random(seed), Event()
        self.left = 0
        self.said: list[tuple[int, int, str]] = []
        """(user, epoch seconds, uuid), in order."""

    def start(self) -> subprocess.Popen[bytes]:
        """A child that watches, its stream open."""
        before = self.state.watches.connection
        environ = {**os.environ, **self.state.keys.environ(self.state.own_id, self.address)}
        command = [sys.executable, "-c", DRIVER, str(self.session.store.path), str(self.clock.path)]
        child = subprocess.Popen(command, env=environ, stdin=subprocess.PIPE)
        self.wait(lambda: self.state.watches.connection > before or child.poll() is not None)
        return child

    def wait(self, is_so: Callable[[], bool]) -> None:
        for _ in range(_PATIENCE):
            if is_so():
                return
            self.pause.wait(0.002)
        raise AssertionError("it never came")

    def tell(self) -> str:
        """Let someone follow or leave; returns the event's uuid."""
        # More than a few who leave at once are asked about, which is another test's.
        comes = self.left == 8 or self.dice.random() < 0.6
        self.left += not comes
        followers = set(self.state.followers)
        strangers = [FIRST_ID + number for number in range(MADE) if FIRST_ID + number not in followers]
        user = self.dice.choice(strangers if comes else sorted(followers))
        kind = live.FOLLOW if comes else live.UNFOLLOW
        answer = http.post(f"{self.address}/sandbox/event", json={"type": kind, "user": str(user)}, timeout=5)
        uuid = str(answer.json()["event_uuid"])
        self.said.append((user, int(self.clock.now().timestamp()), uuid))
        return uuid

    def kill(self, child: subprocess.Popen[bytes]) -> None:
        child.send_signal(signal.SIGKILL)
        assert child.wait() == -signal.SIGKILL
        self.let_go(child)
        # The other side of the connection notices.
        assert http.post(f"{self.address}/sandbox/hangup", json={}, timeout=5).ok

    def stop(self, child: subprocess.Popen[bytes]) -> int:
        assert child.stdin is not None
        child.stdin.close()
        return child.wait(timeout=60)

    def let_go(self, child: subprocess.Popen[bytes]) -> None:
        assert child.stdin is not None
        child.stdin.close()

    def kept(self) -> list[str]:
        return [line[0] for line in self.session.store.con.execute("SELECT uuid FROM live_event")]

    def has_seen_all(self) -> bool:
        """Whether all that was said so far is kept, and it is known to be all."""
        is_known = settings.LIVE.read(self.session.store).get("heard_at") == int(self.clock.now().timestamp())
        return is_known and {uuid for _, _, uuid in self.said} <= set(self.kept())

    def one(self, sql: str) -> Any:
        return self.session.store.con.execute(sql).fetchone()[0]


@contextmanager
def world(session: Session, clock: FileClock, seed: int) -> Iterator[World]:
    """Followers read to their end, a day ago."""
    state = made_state(MADE)
    sandbox = Sandbox(state, clock)
    sandbox.keepalive_seconds = 0.05
    with Server(sandbox, 0) as server:
        x_settings = XSettings.from_env(state.keys.environ(state.own_id, server.address))
        session.open_x = lambda: TweepyClient(x_settings, clock)
        costs.set_owner(session, True)
        drained(syncing.sync(session, Event(), Wish()))
        clock.advance(timedelta(days=1))
        yield World(session, state, server.address, clock, seed)
        state.watches.connection += 1


def lives(here: World, kills: int, longest_minutes: float, most_at_once: int) -> None:
    """Watch, killed again and again while events come; then once more to a person's stop."""
    for number in range(kills):
        child = here.start()
        if most_at_once > 1 and number % 3 == 2:
            # Otherwise it might not get to hear of all for five minutes.
            here.wait(here.has_seen_all)
        # It may be killed before, while and after it hears of them.
        for _ in range(here.dice.randint(1, 3)):
            told = [here.tell() for _ in range(here.dice.randint(1, most_at_once))]
            if here.dice.random() < 0.5:
                here.wait(lambda told=told: set(told) <= set(here.kept()))  # type: ignore[misc]
            elif most_at_once == 1:
                break
        here.pause.wait(here.dice.uniform(0.0, 0.03))
        here.kill(child)
        if here.dice.random() < 0.5:
            here.tell()
        here.clock.advance(timedelta(minutes=here.dice.uniform(0.2, longest_minutes)))
    child = here.start()
    last = here.tell()
    here.wait(lambda: last in here.kept())
    assert here.stop(child) == 0


def check(here: World) -> None:
    """What holds however often it was killed."""
    session, kept = here.session, here.kept()
    gaps = live_events.gaps(session.store)
    for user, at, uuid in here.said:
        assert uuid in kept or any(since <= at <= until for since, until in gaps), (user, at, gaps)
    assert here.one("SELECT count(*) FROM x_request WHERE state = 'asking'") == 0
    booked = here.one("SELECT total(units) FROM x_request WHERE endpoint = 'activity_stream'")
    assert booked == here.one("SELECT round(total(usd) / 0.01) FROM live_event") >= len(kept)
    spent = requests.spent(session.store)
    assert -1e-6 <= here.state.ledger.spent_usd - spent.usd <= spent.unknown_usd + 1e-6
    assert here.one("PRAGMA integrity_check") == "ok"
    # The complete reading stands, and nobody has left by the stream alone.
    last = held_readings.last_complete(session.store, "follower", session.now)
    assert last is not None
    assert len(last) == FOLLOWERS
    assert here.one("SELECT count(*) FROM relation WHERE missed_at IS NOT NULL") == 0


def check_after_a_reading(here: World) -> None:
    """A complete reading of the followers settles everything."""
    drained(syncing.sync(here.session, Event(), Wish(("follower",), is_full=True)))
    related = here.session.store.con.execute(
        "SELECT x_id FROM relation_now r JOIN account USING (row) WHERE r.direction = 'follower'"
    )
    assert {line[0] for line in related} == set(here.state.followers)


def check_short_breaks(session: Session, clock: FileClock, kills: int, seed: int) -> None:
    with world(session, clock, seed) as here:
        lives(here, kills, 1.4, most_at_once=3)
        check(here)
        assert sorted(here.kept()) == sorted(uuid for _, _, uuid in here.said)
        assert live_events.gaps(session.store) == []
        spent = requests.spent(session.store)
        assert (spent.usd, spent.unknown_usd) == (pytest.approx(here.state.ledger.spent_usd), 0.0)
        check_after_a_reading(here)


def check_long_breaks(session: Session, clock: FileClock, kills: int, seed: int) -> None:
    with world(session, clock, seed) as here:
        lives(here, kills, 40.0, most_at_once=1)
        check(here)
        assert live_events.gaps(session.store)
        check_after_a_reading(here)


def test_killed_and_soon_back_it_has_seen_everything_once_and_to_the_cent(session: Session, clock: FileClock) -> None:
    check_short_breaks(session, clock, 5, 1)


def test_killed_and_back_late_it_names_what_it_did_not_see(session: Session, clock: FileClock) -> None:
    check_long_breaks(session, clock, 5, 2)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_killed_at_thirty_moments(session: Session, clock: FileClock, seed: int) -> None:
    check_short_breaks(session, clock, 30, 100 + seed) if seed else check_long_breaks(session, clock, 30, 100)


def test_a_budget_holds_over_kills(session: Session, clock: FileClock) -> None:
    with world(session, clock, 3) as here:
        before = here.state.ledger.spent_usd
        costs.set_budget(session, 0.09, None)
        codes = []
        for _ in range(20):
            child = here.start()
            if child.poll() is not None:
                here.let_go(child)
                codes.append(child.returncode)
                break
            told = here.tell()
            here.wait(lambda told=told, child=child: told in here.kept() or child.poll() is not None)  # type: ignore[misc]
            if child.poll() is not None:
                here.let_go(child)
                codes.append(child.returncode)
                break
            here.kill(child)
            clock.advance(timedelta(minutes=1))
        assert codes == [3]
        spent = here.state.ledger.spent_usd - before
        assert 0.05 < spent <= 0.0901, "who is signed in, and at most eight events"
        assert requests.spent(session.store).usd == pytest.approx(here.state.ledger.spent_usd)
