"""X's activity stream over loopback: each event once, alerts at once, gaps named, nothing replaced, all booked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import requests as http

from followertui.domain.clock import FileClock
from followertui.domain.errors import BadInput, FollowertuiError, LimitReached
from followertui.domain.progress import Progress, drained
from followertui.services import live_news, querying
from followertui.services.insight import alerting
from followertui.services.live_news import News
from followertui.services.session import Session
from followertui.services.sync import costs, live, syncing
from followertui.services.sync.values import LiveReport, Wish
from followertui.store.audience import live_events
from followertui.store.decisions import requests
from followertui.store.file import settings
from followertui.x.client import TweepyClient
from followertui.x.sandbox.faults import Fault
from followertui.x.sandbox.made import FIRST_ID, made_state
from followertui.x.sandbox.server import Server
from followertui.x.sandbox.state import SandboxState
from followertui.x.sandbox.transport import Sandbox
from followertui.x.settings import XSettings

MOST_STEPS = 2000
SUBSCRIPTIONS = "/2/activity/subscriptions"


class Stream:
    """A session that watches, and the X it watches."""

    def __init__(self, session: Session, state: SandboxState, address: str, clock: FileClock) -> None:
        self.session, self.state, self.address, self.clock = session, state, address, clock
        self.cancel = Event()
        self.news: list[News] = []
        self.lost = 0

    def tell(self, kind: str, user: int, **said: Any) -> None:
        body = {"type": kind, "user": str(user), **said}
        assert http.post(f"{self.address}/sandbox/event", json=body, timeout=5).ok

    def hang_up(self) -> None:
        assert http.post(f"{self.address}/sandbox/hangup", json={}, timeout=5).ok

    def watch(self, *steps: Callable[[], object], budget_usd: float | None = None) -> LiveReport:
        """Watch; each step is done once the stream is open and the one before was heard of, then it is stopped."""
        left = list(steps)
        work = live_news.watch(self.session, self.cancel, budget_usd)
        expected = self.state.watches.connection
        for _ in range(MOST_STEPS):
            try:
                value = next(work)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            if isinstance(value, News):
                self.news.append(value)
            elif isinstance(value, Progress) and value.text.startswith("watching X"):
                if self.state.watches.connection == expected or len(self.told) + self.lost < len(
                    self.state.watches.events
                ):
                    continue
                if not left:
                    self.cancel.set()
                    continue
                left.pop(0)()
        raise AssertionError("it never ended")

    @property
    def told(self) -> list[str]:
        seen = {line[0] for line in self.session.store.con.execute("SELECT uuid FROM live_event")}
        again = len(self.state.watches.events) - len({e["event_uuid"] for _, e in self.state.watches.events})
        return [*seen, *[""] * again]


@pytest.fixture
def state() -> SandboxState:
    """80 followers, 40 following."""
    made = made_state(100)
    made.ledger.balance_mills = 10**9
    return made


@pytest.fixture
def stream(session: Session, state: SandboxState, clock: FileClock) -> Iterator[Stream]:
    sandbox = Sandbox(state, clock)
    sandbox.keepalive_seconds = 0.05
    with Server(sandbox, 0) as server:
        x_settings = XSettings.from_env(state.keys.environ(state.own_id, server.address))
        session.open_x = lambda: TweepyClient(x_settings, clock)
        costs.set_owner(session, True)
        drained(syncing.sync(session, Event(), Wish()))
        clock.advance(timedelta(days=1))
        yield Stream(session, state, server.address, clock)
        state.watches.connection += 1


def prospects(session: Session, *ids: int) -> None:
    marks = ",".join("?" * len(ids))
    with session.store.write() as con:
        con.execute(
            f"INSERT INTO kind_word SELECT row, 'prospect', 'me', 1 FROM account WHERE x_id IN ({marks})", list(ids)
        )
        rows = [line[0] for line in con.execute(f"SELECT row FROM account WHERE x_id IN ({marks})", list(ids))]
        session.store.bump("decision", rows)


def ids(session: Session, query: str) -> set[int]:
    rows = list(querying.rows_of(session, query))
    marks = ",".join("?" * len(rows))
    return {line[0] for line in session.store.con.execute(f"SELECT x_id FROM account WHERE row IN ({marks})", rows)}


def test_a_prospect_who_follows_is_news_and_an_alert_and_booked(stream: Stream, state: SandboxState) -> None:
    session, someone, other = stream.session, FIRST_ID + 5, FIRST_ID + 10
    prospects(session, someone)
    before = state.ledger.spent_usd
    report = stream.watch(lambda: stream.tell("follow.follow", someone), lambda: stream.tell("follow.follow", other))
    texts = [one.text for one in stream.news if one.is_alert]
    assert len(texts) == 1
    assert "prospect @made_5" in texts[0]
    assert texts[0].endswith("followed")
    assert any("1 other followed" in one.text for one in stream.news)
    assert {someone, other} <= ids(session, "is:follower is:new")
    assert any(one.handle == "made_5" for one in alerting.alerts(session))
    assert (report.events, report.usd) == (2, pytest.approx(0.03))
    spent = requests.spent(session.store)
    assert state.ledger.spent_usd - before == pytest.approx(0.03), "two events, and asking who is signed in"
    assert (spent.usd, spent.unknown_usd) == (pytest.approx(state.ledger.spent_usd), 0.0)
    assert state.watches.subscriptions == {}, "nothing is told, or charged, once it is stopped"
    assert settings.LIVE.read(session.store) == {}


def test_who_leaves_is_told_and_a_complete_reading_decides(
    stream: Stream, state: SandboxState, clock: FileClock
) -> None:
    session, someone = stream.session, state.followers[40]
    prospects(session, someone)
    stream.watch(lambda: stream.tell("follow.unfollow", someone))
    assert "follows no longer" in stream.news[0].text
    assert someone not in ids(session, "is:follower")
    today = clock.now().date()
    assert any(one.type is alerting.AlertType.LEFT for one in alerting.alerts(session, today - timedelta(days=1)))
    clock.advance(timedelta(days=7))
    drained(syncing.sync(session, Event(), Wish(("follower",), is_full=True)))
    assert ids(session, "cause:unfollowed") == {someone}
    assert len(ids(session, "is:follower")) == len(state.followers)


def test_who_follows_again_after_leaving_is_a_follower(stream: Stream, state: SandboxState, clock: FileClock) -> None:
    someone = state.followers[40]
    stream.watch(lambda: stream.tell("follow.unfollow", someone))
    clock.advance(timedelta(hours=1))
    stream.cancel = Event()
    stream.watch(lambda: stream.tell("follow.follow", someone))
    assert someone in ids(stream.session, "is:follower")


def test_the_same_event_told_again_counts_once(stream: Stream, state: SandboxState) -> None:
    someone = FIRST_ID + 5
    report = stream.watch(
        lambda: stream.tell("follow.follow", someone), lambda: stream.tell("follow.follow", someone, again=True)
    )
    assert report.events == 1
    spent = requests.spent(stream.session.store)
    assert (spent.usd, spent.unknown_usd) == (pytest.approx(state.ledger.spent_usd), 0.0)


def test_profiles_that_matter_are_watched_and_their_changes_kept(stream: Stream, state: SandboxState) -> None:
    session, someone = stream.session, state.followers[3]
    prospects(session, someone)
    stream.watch(lambda: stream.tell("profile.update.bio", someone, after="now VP Sales at Globex"))
    assert ids(session, 'bio:"VP Sales at Globex"') == {someone}
    assert "changed its profile" in stream.news[0].text
    assert someone in ids(session, "is:follower"), "a profile is no reading of followers"


def test_no_more_profiles_than_are_allowed_are_watched(
    stream: Stream, state: SandboxState, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert live.MOST_WATCHED == 100
    monkeypatch.setattr(live, "MOST_WATCHED", 20)
    prospects(stream.session, *state.followers, *state.following)
    assert "20 profiles that matter" in " ".join(live.offer_lines(stream.session))
    state.limits["activity_subscribe"] = {"window": 30}
    stream.watch()
    asked = [status for _, _, method, path, status in state.calls if (method, path) == ("POST", SUBSCRIPTIONS)]
    assert (asked.count(200), asked.count(429)) == (30, 1), "where X takes no more, fewer are watched"
    state.limits.clear()
    stream.cancel = Event()
    stream.watch()
    asked = [path for _, _, method, path, status in state.calls if (method, path) == ("POST", SUBSCRIPTIONS)]
    assert len(asked) == 31 + 2 + len(live.PROFILE_FIELDS) * live.MOST_WATCHED


def test_a_short_break_is_filled_in_and_a_long_one_is_named(
    stream: Stream, state: SandboxState, clock: FileClock
) -> None:
    one, other = FIRST_ID + 5, FIRST_ID + 10

    def break_off(minutes: int, user: int) -> None:
        """Somebody follows while nothing is connected."""
        stream.hang_up()
        stream.tell("follow.follow", user)
        clock.advance(timedelta(minutes=minutes))
        stream.lost += minutes > live.BACKFILL_MINUTES

    report = stream.watch(
        lambda: stream.tell("follow.follow", FIRST_ID + 15),
        lambda: break_off(2, one),
        lambda: break_off(34, other),
        lambda: stream.tell("follow.follow", FIRST_ID + 20),
    )
    followers = ids(stream.session, "is:follower")
    assert one in followers
    assert other not in followers, "X tells five minutes again, not half an hour"
    (gap,) = live_events.gaps(stream.session.store)
    assert gap[1] - gap[0] == 29 * 60
    assert report.gaps
    assert f"not seen: {report.gaps[0]}" in report.text


def test_refusals_end_it_with_what_to_do_and_a_rate_limit_is_waited_for(stream: Stream, state: SandboxState) -> None:
    state.faults = [Fault("status", "/2/activity/stream", status=403, body={"title": "Forbidden", "status": 403})]
    with pytest.raises(FollowertuiError, match="does not let this account read that"):
        stream.watch()
    assert "X refused it" in live.offer_lines(stream.session)[-1]
    state.faults = [
        Fault("status", "/2/activity/stream", calls=(1,), status=400),
        Fault("html", "/2/activity/stream", calls=(2,)),
    ]
    someone = FIRST_ID + 5
    assert stream.watch(lambda: stream.tell("follow.follow", someone)).events == 1
    state.faults = [Fault("credits", "/2/activity/stream")]
    stream.cancel = Event()
    with pytest.raises(LimitReached, match="no API credits left"):
        stream.watch()
    assert requests.spent(stream.session.store).unknown_usd == 0.0


def test_a_budget_ends_it_at_the_event_that_spends_it(stream: Stream, state: SandboxState) -> None:
    people = iter(range(5, 60, 5))
    with pytest.raises(LimitReached, match="budget of this run is spent"):
        stream.watch(*[lambda: stream.tell("follow.follow", FIRST_ID + next(people))] * 8, budget_usd=0.035)
    assert requests.spent(stream.session.store).usd == pytest.approx(state.ledger.spent_usd)
    assert stream.session.store.con.execute("SELECT count(*) FROM live_event").fetchone()[0] <= 3


def test_a_person_without_the_keys_of_an_app_is_told_so(
    stream: Stream, clock: FileClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = {"FOLLOWERTUI_X_BASE_URL": stream.address, "FOLLOWERTUI_X_BEARER": stream.state.keys.bearer}
    stream.session.open_x = lambda: TweepyClient(XSettings.from_env(keys), clock)
    with pytest.raises((BadInput, FollowertuiError), match="API key and secret of your app"):
        stream.watch()


def test_the_token_of_the_app_stands_nowhere(stream: Stream, state: SandboxState, tmp_path: Path) -> None:
    stream.watch(lambda: stream.tell("follow.follow", FIRST_ID + 5))
    stream.session.store.con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for path in stream.session.store.path.parent.rglob("*"):
        if path.is_file():
            assert state.keys.app_bearer.encode() not in path.read_bytes(), path
