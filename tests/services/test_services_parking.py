"""X asks to wait: the wait is kept, honoured after a restart, and goes on; real limits are learned from answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from threading import Event

import pytest
from filling import NOW

from followertui.domain.clock import from_epoch
from followertui.domain.decision import ActionKind, Executor
from followertui.domain.errors import Cancelled, LimitReached, NothingToDo
from followertui.domain.progress import Progress, drained
from followertui.services.care.doctor import doctor
from followertui.services.intake import unfinished
from followertui.services.plan import pacing
from followertui.services.session import Session
from followertui.services.sync import costs, limits, parking, quoting, syncing
from followertui.services.sync.values import LookupWish, Wish
from followertui.services.sync.x_account import XAccount
from followertui.store.file import settings
from followertui.store.file.connection import Store
from followertui.x.platform import Platform
from followertui.x.protocol import Bucket
from followertui.x.sandbox.faults import Fault
from followertui.x.sandbox.made import made_state
from followertui.x.sandbox.state import SandboxState
from followertui.x.sandbox.transport import Sandbox, client_for

FOLLOWERS = Wish(("follower",), is_full=True, budget_usd=9.0)
PAGES = "/2/users/*/followers"


class HandClock:
    """A clock that stands until a test moves it; unlike a demo's, time does not pass by waiting."""

    zone: tzinfo = UTC

    def __init__(self) -> None:
        self.at = from_epoch(NOW)

    def now(self) -> datetime:
        return self.at

    def move(self, **span: float) -> None:
        self.at += timedelta(**span)


@pytest.fixture
def hand() -> HandClock:
    return HandClock()


@pytest.fixture
def state() -> SandboxState:
    """4,000 followers; three calls in 15 minutes."""
    made = made_state(5000)
    made.ledger.balance_mills = 10**9
    made.limits["followers"] = {"window": 3}
    return made


@pytest.fixture
def reopen(session: Session, state: SandboxState, hand: HandClock) -> Iterator[Callable[[], Session]]:
    """A program that starts again on the same store."""
    path, opened = session.store.path, [session]

    def again() -> Session:
        opened[-1].close()
        opened.append(Session(Store(path), hand, open_x=lambda: client_for(Sandbox(state, hand))))
        return opened[-1]

    yield again
    opened[-1].close()


def parked_by(session: Session, wish: Wish = FOLLOWERS) -> str:
    """Sync until X asks to wait, then end the program; returns what it said while it waited."""
    cancel = Event()
    work = syncing.sync(session, cancel, wish)
    while "asks to wait" not in (value := next(work)).text:
        assert isinstance(value, Progress)
    cancel.set()
    with pytest.raises(Cancelled):
        drained(work)
    return value.text


def found(session: Session, what: str) -> list[str]:
    return [one.text for one in doctor(session) if one.what == what]


def test_a_sync_that_waits_is_shown_with_its_countdown_after_a_restart_and_asks_nothing_before(
    reopen: Callable[[], Session], state: SandboxState, hand: HandClock
) -> None:
    session = reopen()
    costs.set_owner(session, True)
    assert "15 minutes left" in parked_by(session)
    assert "429" not in {str(status) for *_, status in state.calls}, "the last answer said there is no call left"
    session = reopen()
    until = (from_epoch(NOW) + timedelta(minutes=15)).strftime("%H:%M")
    (line,) = found(session, "waits")
    assert "the same command goes on with it" in found(session, "import")[0]
    assert unfinished.interrupted(session.store) == [], "the review asks about files only"
    assert "to read followers X asks to wait until" in line
    assert f"{until}, 15 minutes left; followertui sync goes on" in line
    hand.move(minutes=8)
    assert "7 minutes left" in XAccount(session).waiting
    made = state.calls_made
    parked_by(session)
    assert state.calls_made == made, "X is not asked before the time it named"
    session = reopen()
    hand.move(minutes=8)
    assert XAccount(session).waiting == "X can be asked again, to read followers"
    text = drained(XAccount(session).go_on(Event()))
    assert "followers: 4,000 of 4,000 read, complete" in text
    assert (XAccount(session).waiting, found(session, "waits")) == ("", [])
    with pytest.raises(NothingToDo):
        drained(XAccount(session).go_on(Event()))


def test_what_goes_on_has_the_rest_of_its_budget_and_of_its_lists(
    reopen: Callable[[], Session], hand: HandClock, state: SandboxState
) -> None:
    session = reopen()
    costs.set_owner(session, True)
    state.limits = {"following": {"window": 1}}
    state.faults = [Fault("status", "/2/users/*/following", status=429, calls=(1,))]
    parked_by(session, Wish(budget_usd=9.0))
    parked = parking.waiting(session)
    assert parked is not None
    assert parked.job is not None
    assert list(parked.job.wish["directions"]) == ["following"]
    assert parked.job.wish["budget_usd"] == pytest.approx(9.0 - 4.01)


def test_a_wait_of_a_day_ends_the_run_and_is_kept(
    reopen: Callable[[], Session], state: SandboxState, hand: HandClock
) -> None:
    session = reopen()
    costs.set_owner(session, True)
    state.faults = [Fault("day-exhausted", PAGES, calls=(2,))]
    with pytest.raises(LimitReached, match="X asks to wait until"):
        drained(syncing.sync(session, Event(), FOLLOWERS))
    session = reopen()
    assert "hours left" in XAccount(session).waiting
    assert XAccount(session).due_at is None


def test_it_goes_on_by_itself_only_where_the_person_said_so(reopen: Callable[[], Session], hand: HandClock) -> None:
    session = reopen()
    costs.set_owner(session, True)
    parked_by(session)
    account = XAccount(session)
    assert account.due_at is None
    settings.GOES_ON.write(session.store, True)
    assert account.due_at == from_epoch(NOW) + timedelta(minutes=15)
    session.open_x = None
    assert account.due_at is None


def test_a_reading_that_was_taken_back_waits_no_more(reopen: Callable[[], Session]) -> None:
    session = reopen()
    costs.set_owner(session, True)
    parked_by(session)
    settings.SYNC.of("follower").write(session.store, {})
    assert XAccount(session).waiting == ""


def test_lookups_and_marks_wait_and_go_on_the_same(
    reopen: Callable[[], Session], state: SandboxState, hand: HandClock
) -> None:
    session = reopen()
    costs.set_owner(session, True)
    state.limits = {"users_by_ids": {"window": 1}, "muting": {"window": 1}}
    account = XAccount(session)
    drained(account.sync(Wish(("follower",))))
    hand.move(days=2)
    state.faults = [Fault("no-headers", "/2/users/*/muting", calls=(1,)), Fault("no-headers", "/2/users", calls=(1,))]
    for work, command in (
        (account.look_up(LookupWish("profiles", "followers:..50"), cancel := Event()), "--profiles 'followers:..50'"),
        (account.read_marks(("muted",), None, cancel), "--muted"),
    ):
        while "asks to wait" not in next(work).text:
            continue
        cancel.set()
        with pytest.raises(Cancelled):
            drained(work)
        cancel.clear()
        parked = parking.waiting(session)
        assert parked is not None
        assert parked.command == f"followertui sync {command}"
        hand.move(minutes=16)
        assert drained(account.go_on(Event()))
        assert parking.waiting(session) is None


def test_a_limit_below_the_published_one_is_learned_from_headers_and_used(
    reopen: Callable[[], Session], state: SandboxState
) -> None:
    session = reopen()
    costs.set_owner(session, True)
    parked_by(session)
    session = reopen()
    assert limits.window(session, "followers") == 3
    line = "read followers: 3 calls in 15 minutes allowed here, 300 are published (as X said, "
    assert found(session, "limit")[0].startswith(line)
    assert any(text.startswith(line) for text in costs.text(session))
    assert costs.record(session)["limits"][0]["calls"] == 3
    with session.store.write():
        settings.SYNC.of("follower").write(session.store, {})
    seconds = Platform.load().reading("followers", 4000, True, 3).seconds
    assert quoting.quote(session, FOLLOWERS).directions[0].seconds == seconds > 900


def test_a_limit_x_raises_again_is_forgotten(
    reopen: Callable[[], Session], state: SandboxState, hand: HandClock
) -> None:
    session = reopen()
    costs.set_owner(session, True)
    parked_by(session)
    hand.move(minutes=16)
    state.limits.clear()
    drained(XAccount(session).go_on(Event()))
    assert limits.learned(session) == []


def test_without_headers_the_answered_calls_are_counted_until_x_answers_more(
    reopen: Callable[[], Session], state: SandboxState, hand: HandClock
) -> None:
    session = reopen()
    costs.set_owner(session, True)
    state.limits.clear()
    state.faults = [Fault("no-headers", PAGES, calls=(3,))]
    parked_by(session)
    (one,) = limits.learned(session)
    assert (one.endpoint, one.calls, one.is_counted) == ("followers", 2, True)
    assert "counted, X named none" in limits.lines(session)[0]
    hand.move(minutes=16)
    assert "complete" in drained(XAccount(session).go_on(Event()))
    bare = Bucket("window", None, None, None)
    limits.note_answer(session, "followers", (bare,))
    assert limits.window(session, "followers") is None


@pytest.mark.parametrize("name", ["window", "user-day"])
def test_what_x_allows_of_an_action_lowers_its_pace(session: Session, name: str) -> None:
    before = pacing.caps(session, ActionKind.MUTE, Executor.API)
    limits.note(session, "mute", (Bucket(name, 7, 6, None), Bucket("app-day", 1_200_000, 5, None)))
    after, by_hand = (pacing.caps(session, ActionKind.MUTE, one) for one in (Executor.API, Executor.HAND))
    assert (after.per_window if name == "window" else after.per_day) == 7
    assert after != before
    limits.note(session, "mute", (Bucket(name, 50_000, 6, None),))
    assert pacing.caps(session, ActionKind.MUTE, Executor.API) == before
    assert pacing.caps(session, ActionKind.MUTE, Executor.HAND) == by_hand


def test_what_a_store_holds_of_another_shape_is_left_aside(session: Session, tmp_path: Path) -> None:
    settings.LIMITS.write(session.store, {"followers": {"window": ["x", 1, 2]}, "nothing": {"window": [1, 2, False]}})
    settings.PARKED.write(session.store, {"followers": {"until": "x"}, "following": 3})
    assert (limits.learned(session), parking.waiting(session), parking.until(session, "followers")) == ([], None, None)
