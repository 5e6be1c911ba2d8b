"""Signing in to X and reading from it on the screen: each price before it is paid, F6, going on."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from threading import Event

import pytest
import requests
from screen_support import opened, press, review, said, screen_text, settle, type_text, until
from textual.events import Key

from followertui.cli.options import Options
from followertui.cli.welcome import Welcome
from followertui.domain.clock import FileClock
from followertui.domain.errors import Cancelled
from followertui.domain.progress import drained
from followertui.services.sync.values import Wish
from followertui.services.workbench import Workbench
from followertui.store.file import settings
from followertui.ui.app import FollowerApp
from followertui.ui.dialogs.asking import LineDialog, Question
from followertui.ui.dialogs.choosing import Chooser
from followertui.x import callback
from followertui.x.sandbox.faults import Fault
from followertui.x.sandbox.made import FIRST_ID, OWN_ID, made_state
from followertui.x.sandbox.server import serve
from followertui.x.sandbox.state import SandboxKeys, SandboxState

KEYS = ("canary-key", "canary-secret", f"{OWN_ID}-canary-token", "canary-token-secret")


class CanaryKeys(SandboxKeys):
    def access_token(self, own_id: int) -> str:
        return KEYS[2]


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SandboxState]:
    path = tmp_path / "clock"
    path.write_text("2026-11-24T12:00:00+00:00")
    monkeypatch.setenv("FOLLOWERTUI_CLOCK_FILE", str(path))
    monkeypatch.setitem(sys.modules, "keyring", None)
    made = made_state(300)
    made.keys = CanaryKeys(KEYS[0], KEYS[1], KEYS[3], "canary-bearer")
    made.grants.prefix = "canary"
    with serve(made, 0, FileClock(path)) as server:
        monkeypatch.setenv("FOLLOWERTUI_X_BASE_URL", server.address)
        yield made


@pytest.fixture
def welcome(state: SandboxState, tmp_path: Path) -> Iterator[Welcome]:
    (tmp_path / "settings.toml").touch()
    found = Welcome(Options(store=tmp_path / "mine.db", config=str(tmp_path / "settings.toml")), None)
    yield found
    found.close()


@pytest.fixture
def own(welcome: Welcome) -> Workbench:
    """An empty store of one's own."""
    return welcome.new_store()


async def command(pilot: object, text: str) -> None:
    """A verb of the palette by its name."""
    await press(pilot, "ctrl+p")  # type: ignore[arg-type]
    await type_text(pilot, text)  # type: ignore[arg-type]
    await press(pilot, "enter")  # type: ignore[arg-type]


def sign_in(own: Workbench) -> None:
    """Keep the keys as the screen does, without asking X."""
    door = own.x_account.door()
    names = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
    door.keychain.save(dict(zip(names, KEYS, strict=True)))
    own.session.open_x = door.stored
    own.x_account.set_owner(True)


def idle(pilot: object) -> bool:
    return pilot.app.jobs.job is None  # type: ignore[attr-defined, no-any-return]


async def test_door_three_signs_in_with_keys_that_are_never_shown_and_reads_at_a_price_said_before(
    welcome: Welcome, state: SandboxState
) -> None:
    shown = []
    async with opened(None, welcome=welcome, size=(120, 36)) as pilot:
        await press(pilot, "3")
        await until(pilot, lambda: isinstance(pilot.app.screen, Chooser))
        await press(pilot, "2")
        for key in KEYS:
            assert isinstance(pilot.app.screen, LineDialog)
            await type_text(pilot, key)
            shown.append(screen_text(pilot))
            await press(pilot, "enter")
        await until(pilot, lambda: idle(pilot) and "signed in as @sandbox_co" in said(pilot))
        assert state.ledger.spent_usd == pytest.approx(0.01)
        await command(pilot, "sync")
        assert "Does @sandbox_co own the app" in screen_text(pilot)
        await press(pilot, "y")
        assert "at most $0.36" in screen_text(pilot)
        await press(pilot, "1")
        assert isinstance(pilot.app.screen, Question)
        assert "for at most $0.36?" in screen_text(pilot)
        assert state.calls_made == 1, "nothing is asked before the price is agreed to"
        await press(pilot, "y")
        await until(pilot, lambda: idle(pilot) and "240 of 240 read, complete" in said(pilot))
        assert state.ledger.spent_usd == pytest.approx(0.31), "who is in both lists is charged once a day"
        assert len(review(pilot).bench.open_view("everyone").rows) > 200
        await command(pilot, "costs")
        assert "today: $0.31" in screen_text(pilot)
        shown.append(screen_text(pilot))
    assert "canary" not in "".join(shown)


async def test_the_browser_signs_in_and_a_refusal_is_said(
    own: Workbench, state: SandboxState, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callback, "PORT", 8767)
    visited: list[str] = []

    def browse(url: str) -> bool:
        visited.append(url)
        return requests.get(url, timeout=5).ok

    async with opened(own, size=(120, 36)) as pilot:
        pilot.app.open_url_with = browse
        await command(pilot, "sync")
        await press(pilot, "1")
        assert "http://127.0.0.1:8767/callback" in screen_text(pilot)
        await type_text(pilot, "no client!")
        await press(pilot, "enter")
        await until(pilot, lambda: idle(pilot) and "a client id has letters" in said(pilot))
        assert not own.x_account.is_signed_in
        await command(pilot, "login")
        await press(pilot, "1")
        await type_text(pilot, "sandbox-client")
        await press(pilot, "enter")
        await until(pilot, lambda: idle(pilot) and "signed in as @sandbox_co" in said(pilot))
    assert len(visited) == 1
    assert own.x_account.is_signed_in
    assert settings.SIGNED_IN.read(own.session.store)["kind"] == "oauth2"


async def test_waiting_for_the_browser_ends_with_f6(
    own: Workbench, state: SandboxState, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callback, "PORT", 8768)
    async with opened(own, size=(120, 36)) as pilot:
        await command(pilot, "login")
        await press(pilot, "1")
        await type_text(pilot, "sandbox-client")
        await pilot.press("enter")
        await until(pilot, lambda: "waiting for your answer" in screen_text(pilot))
        await pilot.press("f6")
        await until(pilot, lambda: idle(pilot) and "nothing was kept" in said(pilot))
    assert state.calls_made == 0
    assert not own.x_account.is_signed_in


async def test_a_reading_that_a_fault_ends_goes_on_from_there(own: Workbench, state: SandboxState) -> None:
    sign_in(own)
    state.faults = [Fault("credits", "/2/users/*/following")]
    async with opened(own, size=(120, 36)) as pilot:
        await command(pilot, "sync")
        assert "Ask X who is signed in" in screen_text(pilot)
        await press(pilot, "n")
        assert state.calls_made == 0
        await command(pilot, "sync")
        await press(pilot, "y")
        await until(pilot, lambda: isinstance(pilot.app.screen, Chooser))
        await press(pilot, "y", "1", "y")
        await until(pilot, lambda: idle(pilot) and "no API credits left" in said(pilot))
        state.faults = []
        spent = state.ledger.spent_usd
        await command(pilot, "sync")
        await press(pilot, "1", "y")
        await until(pilot, lambda: idle(pilot) and "120 of 120 read, complete" in said(pilot))
    assert (spent, state.ledger.spent_usd) == (pytest.approx(0.25), pytest.approx(0.31)), "nothing is paid twice"


async def test_the_demo_reads_from_its_own_x_and_has_nothing_to_sign_in_to(bench: Workbench) -> None:
    async with opened(bench, size=(120, 36)) as pilot:
        await command(pilot, "login")
        await settle(pilot)
        assert "the demo has an X of its own" in said(pilot)
        assert isinstance(pilot.app, FollowerApp)


async def test_leavers_are_looked_up_after_their_price_and_the_profiles_of_the_marks_too(
    state: SandboxState, own: Workbench
) -> None:
    sign_in(own)
    drained(own.x_account.sync(Wish(("follower",)), Event()))
    path = Path(os.environ["FOLLOWERTUI_CLOCK_FILE"])
    path.write_text("2026-12-01T12:00:00+00:00")
    gone = state.followers[100]
    state.followers.remove(gone)
    drained(own.x_account.sync(Wish(("follower",), is_full=True), Event()))
    state.suspended.add(gone)
    drained(own.catch_up(Event()))
    path.write_text("2026-12-03T12:00:00+00:00")
    async with opened(own, size=(120, 36)) as pilot:
        calls = state.calls_made
        await command(pilot, "leavers")
        assert "1 account in 1 call" in screen_text(pilot)
        assert "Look 1 account up on X for at most $0.01?" in screen_text(pilot)
        assert state.calls_made == calls
        await press(pilot, "y")
        await until(pilot, lambda: idle(pilot) and "1 suspended" in said(pilot))
        await command(pilot, "leavers")
        assert "nothing to ask X for" in said(pilot)
        review(pilot).show_query("is:follower")
        await settle(pilot)
        await press(pilot, "space", "space")
        await command(pilot, "profiles")
        assert "2 accounts in 1 call" in screen_text(pilot)
        await press(pilot, "n")
        assert state.calls_made == calls + 1
        await press(pilot, "escape", "escape")
        state.muted = {gone + 1: None, gone + 2: None}
        await command(pilot, "muted")
        assert "read whom you muted" in screen_text(pilot)
        await press(pilot, "y")
        await until(pilot, lambda: idle(pilot) and "2 accounts you muted" in said(pilot))
        review(pilot).show_query("is:muted")
        await until(pilot, lambda: "muted by you" in screen_text(pilot))


async def test_people_found_on_x_become_the_view(own: Workbench, state: SandboxState) -> None:
    sign_in(own)
    state.known[7] = {"id": "7", "name": "Dana Ortiz", "username": "dana_ortiz", "description": "at Globex"}
    async with opened(own, size=(120, 36)) as pilot:
        await command(pilot, "find")
        await type_text(pilot, "dana ortiz")
        await press(pilot, "enter")
        assert 'search X for "dana ortiz": at most 10 accounts, at most $0.10' in screen_text(pilot)
        assert state.calls_made == 0
        await press(pilot, "y")
        await until(pilot, lambda: idle(pilot) and "1 account found" in said(pilot))
        await until(pilot, lambda: "at Globex" in screen_text(pilot))
        assert len(review(pilot).table.keys) == 1
    assert state.ledger.spent_usd == pytest.approx(0.01)


async def test_watching_says_who_follows_as_it_happens_and_f6_ends_it(own: Workbench, state: SandboxState) -> None:
    sign_in(own)
    drained(own.x_account.sync(Wish(("follower",)), Event()))
    someone = FIRST_ID + 5
    async with opened(own, size=(120, 36)) as pilot:
        await command(pilot, "live")
        assert "Watch X until F6?" in screen_text(pilot)
        assert "$0.01 for each follow" in screen_text(pilot)
        await pilot.press("y")
        await until(pilot, lambda: bool(state.watches.connection))
        address, body = os.environ["FOLLOWERTUI_X_BASE_URL"], {"type": "follow.follow", "user": str(someone)}
        assert requests.post(f"{address}/sandbox/event", json=body, timeout=5).ok
        await until(pilot, lambda: "1 other followed" in said(pilot))
        await pilot.press("f6")
        await until(pilot, lambda: idle(pilot))
        assert "1 event in all" in said(pilot)
    assert state.watches.subscriptions == {}


class HandClock:
    """A clock that stands; unlike a demo's, time does not pass by waiting."""

    zone: tzinfo = UTC

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


def parked(own: Workbench, state: SandboxState, clock: HandClock) -> None:
    """A sync X asked to wait with, in a program that has ended."""
    sign_in(own)
    own.session.clock = clock
    drained(own.x_account.ask_counts(Event()))
    state.faults = [Fault("no-headers", "/2/users/*/followers", calls=(1,))]
    cancel = Event()
    work = own.x_account.sync(Wish(("follower",)), cancel)
    while "asks to wait" not in next(work).text:
        continue
    cancel.set()
    with pytest.raises(Cancelled):
        drained(work)


async def test_what_waits_for_x_stands_in_the_strip_with_its_countdown_and_goes_on_by_one_key(
    own: Workbench, state: SandboxState
) -> None:
    clock = HandClock()
    parked(own, state, clock)
    async with opened(own, size=(120, 36)) as pilot:
        app = pilot.app
        assert isinstance(app, FollowerApp)
        await until(pilot, lambda: "X asks to wait until Tue 24 Nov, 12:15, 15 minutes left" in screen_text(pilot))
        assert "F6 goes on" in screen_text(pilot)
        clock.at += timedelta(minutes=3)
        await until(pilot, lambda: "12 minutes left" in screen_text(pilot))
        assert app.jobs.job is None, "nothing goes on by itself unless the person said so"
        app.post_message(Key("f6", None))
        await until(pilot, lambda: app.jobs.job is not None and "F6 stops" in screen_text(pilot))
        clock.at += timedelta(minutes=13)
        await until(pilot, lambda: "followers: 240 of 240 read, complete" in said(pilot))
        await until(pilot, lambda: "goes on" not in screen_text(pilot))


async def test_what_waits_for_x_goes_on_by_itself_where_the_person_said_so(own: Workbench, state: SandboxState) -> None:
    clock = HandClock()
    parked(own, state, clock)
    settings.GOES_ON.write(own.session.store, True)
    clock.at += timedelta(minutes=16)
    async with opened(own, size=(120, 36)) as pilot:
        app = pilot.app
        assert isinstance(app, FollowerApp)
        await until(pilot, lambda: "followers: 240 of 240 read, complete" in said(pilot))


async def test_signing_out_removes_the_keys_and_asks_about_what_x_wants_deleted(
    own: Workbench, state: SandboxState
) -> None:
    sign_in(own)
    settings.SIGNED_IN.write(own.session.store, {"kind": "oauth1", "where": "file"})
    drained(own.x_account.sync(Wish(("follower",)), Event()))
    async with opened(own, size=(120, 36)) as pilot:
        await command(pilot, "logout")
        assert "Sign out of X?" in screen_text(pilot)
        await press(pilot, "n")
        assert own.x_account.is_signed_in
        await command(pilot, "logout")
        await press(pilot, "y")
        await until(pilot, lambda: isinstance(pilot.app.screen, Chooser))
        assert "240 accounts are known from it alone" in " ".join(screen_text(pilot).split())
        assert own.x_account.to_delete() == 240
        await press(pilot, "2")
        assert "told of it no more" in said(pilot)
        await command(pilot, "logout")
        assert "no keys of X are kept here" in said(pilot)
    assert not own.x_account.is_signed_in
    assert own.x_account.to_delete() == 0
    assert not own.x_account.door().keychain.load()
