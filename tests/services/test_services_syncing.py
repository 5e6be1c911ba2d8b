"""Followers and following read from the sandbox X: complete, resumable, and booked to the cent."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from array import array
from datetime import timedelta
from pathlib import Path
from threading import Event
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests as http

from followertui.domain.clock import FileClock
from followertui.domain.errors import BadInput, Cancelled, FollowertuiError, LimitReached
from followertui.domain.progress import Progress, drained
from followertui.services.session import Session
from followertui.services.sync import costs, order, quoting, syncing
from followertui.services.sync.values import SyncReport, Wish
from followertui.store.audience import purging
from followertui.store.decisions import requests
from followertui.store.file import settings, watermarks
from followertui.x import oauth2, tokens
from followertui.x.client import TweepyClient
from followertui.x.keychain import Keychain
from followertui.x.platform import Platform
from followertui.x.sandbox.answering import Answer
from followertui.x.sandbox.faults import Fault
from followertui.x.sandbox.made import FIRST_ID, made_state
from followertui.x.sandbox.server import serve
from followertui.x.sandbox.state import SandboxState
from followertui.x.sandbox.transport import Sandbox, client_for
from followertui.x.settings import XSettings

FOLLOWERS, FOLLOWING = Wish(("follower",)), Wish(("following",))
FULL = Wish(("follower",), is_full=True)
PAGES = "/2/users/*/followers"


@pytest.fixture
def state() -> SandboxState:
    """4,000 followers, 2,000 following, and money enough that the balance tells the price."""
    made = made_state(5000)
    made.ledger.balance_mills = 10**9
    return made


@pytest.fixture
def signed_in(session: Session, state: SandboxState, clock: FileClock) -> Session:
    session.open_x = lambda: client_for(Sandbox(state, clock))
    return session


def run(session: Session, wish: Wish = FOLLOWERS) -> SyncReport:
    return drained(syncing.sync(session, Event(), wish))[0]


def related(session: Session, direction: str = "follower") -> set[int]:
    """Ids of who is related now."""
    found = session.store.con.execute(
        "SELECT x_id FROM relation_now r JOIN account a USING (row) WHERE r.direction = ?", [direction]
    )
    return {line[0] for line in found}


def left(session: Session) -> set[int]:
    found = session.store.con.execute(
        "SELECT x_id FROM relation r JOIN account a USING (row) "
        "WHERE missed_at IS NOT NULL AND r.direction = 'follower'"
    )
    return {line[0] for line in found}


def set_owned(session: Session) -> None:
    """The price is known, so that pages have their full size from the start."""
    costs.set_owner(session, True)


def booked(session: Session) -> tuple[float, float]:
    spent = requests.spent(session.store)
    return spent.usd, spent.unknown_usd


def followed_by(state: SandboxState, *ids: int) -> None:
    state.followers = array("q", [*ids, *state.followers])


def test_the_first_sync_reads_everyone_and_books_what_x_charges(signed_in: Session, state: SandboxState) -> None:
    followers, following = drained(syncing.sync(signed_in, Event(), Wish()))
    assert (followers.completeness, followers.read, following.read) == ("complete", 4000, 2000)
    assert (followers.new, followers.left) == (0, 0)
    assert related(signed_in) == set(state.followers)
    assert related(signed_in, "following") == set(state.following)
    # Who is in both lists is charged once a day.
    assert booked(signed_in) == (state.ledger.spent_usd, 0.0) == (5.01, 0.0)
    assert settings.OWNS_APP.read(signed_in.store) == "yes"
    assert watermarks.PROFILE_HANDLE.read(signed_in.store) == "sandbox_co"


def test_an_app_of_somebody_else_costs_ten_times_and_is_noticed(signed_in: Session, state: SandboxState) -> None:
    state.owns_app = False
    run(signed_in)
    assert settings.OWNS_APP.read(signed_in.store) == "no"
    assert booked(signed_in) == (state.ledger.spent_usd, 0.0) == (40.01, 0.0)
    assert "console.x.com" in " ".join(quoting.quote(signed_in, FOLLOWERS).lines)


def test_the_same_day_costs_nothing_again(signed_in: Session, state: SandboxState) -> None:
    run(signed_in)
    before = state.ledger.spent_usd
    run(signed_in, FULL)
    assert booked(signed_in) == (state.ledger.spent_usd, 0.0) == (before, 0.0)


@pytest.mark.parametrize(("came", "paid"), [(0, 0.02), (3, 0.02), (30, 0.12), (500, 1.12)])
def test_a_look_reads_the_newest_until_it_meets_the_last_reading(
    signed_in: Session, state: SandboxState, clock: FileClock, came: int, paid: float
) -> None:
    run(signed_in)
    clock.advance(timedelta(days=2))
    fresh = [FIRST_ID + 5 * number for number in range(came)]
    followed_by(state, *fresh)
    gone = state.followers[-7]
    state.followers.remove(gone)
    before = state.ledger.spent_usd
    report = run(signed_in)
    assert (report.new, report.left, report.completeness) == (came, 0, "partial")
    assert state.ledger.spent_usd - before == pytest.approx(paid + 0.01)
    assert set(fresh) <= related(signed_in)
    clock.advance(timedelta(days=2))
    assert run(signed_in, FULL).left == 1
    assert left(signed_in) == {gone}
    assert booked(signed_in) == (pytest.approx(state.ledger.spent_usd), 0.0)


def test_a_list_in_another_order_is_said_and_nobody_counts_as_new(
    signed_in: Session, state: SandboxState, clock: FileClock
) -> None:
    run(signed_in)
    clock.advance(timedelta(days=2))
    shuffled = list(state.followers)
    random.Random(3).shuffle(shuffled)
    state.followers = array("q", [FIRST_ID, *shuffled])
    report = run(signed_in)
    assert "--full" in " ".join(report.notes)
    assert report.new == report.left == 0 or report.new == 1
    assert report.read <= 120


@pytest.mark.parametrize(
    "do", ["no-headers", "day-exhausted", "html", "status", "empty", "cut", "reset", "timeout", "lost"]
)
@pytest.mark.parametrize("call", [1, 3])
def test_faults_of_x_are_waited_out_and_booked(signed_in: Session, state: SandboxState, do: str, call: int) -> None:
    set_owned(signed_in)
    state.faults = [Fault(do, PAGES, "GET", (call, call + 1), status=500 if do == "status" else 503)]
    assert run(signed_in).completeness == "complete"
    assert related(signed_in) == set(state.followers)
    usd, unknown = booked(signed_in)
    # Every page is booked once; what was never read stands beside it as unknown.
    assert usd == state.ledger.spent_usd == 4.01
    assert unknown == pytest.approx(2.0 if do in ("empty", "cut", "reset", "timeout", "lost") else 0.0)


@pytest.mark.parametrize("do", ["credits", "spend-cap", "status"])
def test_money_that_runs_out_stops_it_and_it_goes_on_for_the_rest_only(
    signed_in: Session, state: SandboxState, clock: FileClock, do: str
) -> None:
    set_owned(signed_in)
    body = {"detail": "credits depleted", "status": 402, "title": "Payment Required",
            "type": "https://api.x.com/2/problems/credits-depleted"}  # fmt: skip
    state.faults = [Fault(do, PAGES, "GET", (3,), status=402, body=body)]
    with pytest.raises(LimitReached, match=r"2,000 of 4,000 followers are kept, followertui sync goes on"):
        run(signed_in)
    assert related(signed_in) == set()
    # Another day: what is here already is not paid again.
    clock.advance(timedelta(days=3))
    assert "2,000 are here already" in " ".join(quoting.quote(signed_in, FOLLOWERS).lines)
    assert run(signed_in).completeness == "complete"
    assert related(signed_in) == set(state.followers)
    assert state.ledger.mills["followers"] == 4000
    assert booked(signed_in) == (pytest.approx(state.ledger.spent_usd), 0.0)


CREDITS = [
    {
        "title": "CreditsDepleted",
        "detail": "Your enrolled account [1] does not have any credits to fulfill this request.",
        "type": "https://api.twitter.com/2/problems/credits",
    },
    {
        "title": "Payment Required",
        "detail": "credits depleted",
        "status": 402,
        "type": "https://api.x.com/2/problems/credits-depleted",
    },
]


@pytest.mark.parametrize("body", CREDITS, ids=["old", "new"])
def test_both_shapes_of_no_credits_stop_it_and_it_goes_on(
    signed_in: Session, state: SandboxState, body: dict[str, object]
) -> None:
    set_owned(signed_in)
    state.faults = [Fault("status", PAGES, calls=(3,), status=402, body=body)]
    with pytest.raises(LimitReached, match=r"no API credits left.*2,000 of 4,000 followers are kept"):
        run(signed_in)
    assert run(signed_in).completeness == "complete"
    assert booked(signed_in) == (pytest.approx(state.ledger.spent_usd), 0.0)


def test_a_token_that_ends_in_the_middle_is_renewed_and_no_page_is_lost_or_paid_twice(
    session: Session, state: SandboxState, clock: FileClock, tmp_path: Path
) -> None:
    with serve(state, 0, clock) as server:
        app = oauth2.App("sandbox-client", "", server.address)
        attempt = oauth2.Attempt(app, "http://127.0.0.1:8765/callback", Platform.load().scopes_of())
        page = http.get(attempt.url, timeout=5, allow_redirects=False)
        code = attempt.code_of(dict(parse_qsl(urlsplit(page.headers["Location"]).query)))
        found = oauth2.TokenClient(app).exchange(attempt, code, clock.now())
        keychain = Keychain(tmp_path / "keys", "mine")
        keys = tokens.as_keys(found, "sandbox-client")
        keychain.save(keys)
        x_settings = XSettings.from_env({"FOLLOWERTUI_X_BASE_URL": server.address}).with_keys(keys)
        keeper = tokens.TokenKeeper(keychain, oauth2.TokenClient(app), clock)
        session.open_x = lambda: TweepyClient(x_settings, clock, tokens=keeper)
        set_owned(session)
        work = syncing.sync(session, Event(), FOLLOWERS)
        while next(work).done < 2000:
            pass
        clock.advance(timedelta(hours=2, minutes=1))
        (report,) = drained(work)
    assert state.grants.refreshed == 1
    assert (report.read, report.completeness) == (4000, "complete")
    assert related(session) == set(state.followers)
    assert booked(session) == (pytest.approx(state.ledger.spent_usd), 0.0)
    assert len([status for *_, status in state.calls if status == 401]) <= 1


@pytest.mark.parametrize(("do", "said"), [("repeat-token", "same page again"), ("short-page", "import complete")])
def test_a_list_that_did_not_reach_its_end_makes_nobody_leave(
    signed_in: Session, state: SandboxState, clock: FileClock, do: str, said: str
) -> None:
    set_owned(signed_in)
    run(signed_in)
    clock.advance(timedelta(days=2))
    state.faults = [Fault(do, PAGES, "GET", (2,))]
    report = run(signed_in, FULL)
    assert (report.completeness, report.left) == ("partial", 0)
    assert said in " ".join(report.notes)
    assert related(signed_in) == set(state.followers)


def test_a_first_list_that_ends_early_is_no_baseline(signed_in: Session, state: SandboxState) -> None:
    set_owned(signed_in)
    state.faults = [Fault("short-page", PAGES, "GET", (2,))]
    assert run(signed_in).completeness == "partial"
    assert run(signed_in).completeness == "complete"
    assert left(signed_in) == set()


EXPIRED = {"errors": [{"parameters": {"pagination_token": ["x"]}, "message": "not valid"}], "title": "Invalid Request",
           "type": "https://api.x.com/2/problems/invalid-request"}  # fmt: skip


def test_a_page_x_no_longer_knows_is_read_from_the_top_on_the_same_day(signed_in: Session, state: SandboxState) -> None:
    set_owned(signed_in)
    state.faults = [Fault("status", PAGES, "GET", (3,), status=400, body=EXPIRED)]
    assert run(signed_in).completeness == "complete"
    assert related(signed_in) == set(state.followers)
    assert booked(signed_in) == (state.ledger.spent_usd, 0.0) == (4.01, 0.0)


def test_a_page_x_no_longer_knows_is_not_paid_again_unasked(
    signed_in: Session, state: SandboxState, clock: FileClock
) -> None:
    set_owned(signed_in)
    state.faults = [Fault("credits", PAGES, "GET", (3,)), Fault("status", PAGES, "GET", (4,), status=400, body=EXPIRED)]
    with pytest.raises(LimitReached):
        run(signed_in)
    clock.advance(timedelta(days=2))
    with pytest.raises(LimitReached, match="2,000 accounts read on an earlier day are paid again"):
        run(signed_in)
    assert state.ledger.mills["followers"] == 2000
    assert run(signed_in).completeness == "complete"
    assert related(signed_in) == set(state.followers)


def test_what_was_booked_before_the_owner_was_said_is_booked_anew(signed_in: Session, state: SandboxState) -> None:
    state.ledger.balance_mills = None
    with pytest.raises(LimitReached):
        run(signed_in, Wish(("follower",), budget_usd=0.5))
    assert booked(signed_in)[0] > state.ledger.spent_usd, "the dearer price, while it is not known"
    set_owned(signed_in)
    assert booked(signed_in) == (pytest.approx(state.ledger.spent_usd), 0.0)
    run(signed_in)
    assert booked(signed_in) == (pytest.approx(state.ledger.spent_usd), 0.0)


@pytest.mark.parametrize("which", ["run", "day", "month"])
def test_a_budget_is_never_exceeded_and_what_was_read_is_kept(
    signed_in: Session, state: SandboxState, clock: FileClock, which: str
) -> None:
    set_owned(signed_in)
    wish = FOLLOWERS
    if which == "run":
        wish = Wish(("follower",), budget_usd=1.5)
    else:
        costs.set_budget(signed_in, 1.5 if which == "day" else None, 1.5 if which == "month" else None)
    with pytest.raises(LimitReached, match=f"the budget of this {which} is spent"):
        run(signed_in, wish)
    assert state.ledger.spent_usd == booked(signed_in)[0] == 1.5
    assert f"the budget of this {which}" in " ".join(quoting.quote(signed_in, wish).lines)
    costs.set_budget(signed_in, 0, 0)
    assert run(signed_in).completeness == "complete"
    assert related(signed_in) == set(state.followers)


class MovingList:
    """A sandbox whose list of followers changes between two pages: some leave, some come."""

    def __init__(self, state: SandboxState, clock: FileClock, seed: int) -> None:
        self.state, self.dice, self.sandbox = state, random.Random(seed), Sandbox(state, clock)
        self.came: set[int] = set()
        self.went: set[int] = set()
        self.unused = [FIRST_ID + 5 * number for number in range(900)]
        self.ask, self.sandbox.ask = self.sandbox.ask, self.moved  # type: ignore[method-assign]

    def moved(self, method: str, target: str, *rest: object) -> Answer:
        given = self.ask(method, target, *rest)  # type: ignore[arg-type]
        if "/followers" in target:
            now = list(self.state.followers)
            for _ in range(self.dice.randrange(4)):
                self.went.add(now.pop(self.dice.randrange(len(now))))
            for _ in range(self.dice.randrange(4)):
                now.insert(0, self.unused.pop())
                self.came.add(now[0])
            self.state.followers = array("q", now)
        return given


@pytest.mark.parametrize("seed", range(4))
def test_a_list_that_moves_while_it_is_read_makes_nobody_leave_who_stays(
    signed_in: Session, state: SandboxState, clock: FileClock, seed: int
) -> None:
    set_owned(signed_in)
    run(signed_in)
    before = set(state.followers)
    clock.advance(timedelta(days=2))
    moving = MovingList(state, clock, seed)
    signed_in.open_x = lambda: client_for(moving.sandbox)
    report = run(signed_in, FULL)
    stayed = before - moving.went
    assert report.completeness == "complete"
    assert stayed <= related(signed_in)
    assert left(signed_in) <= moving.went
    assert related(signed_in) <= before | moving.came


def test_who_stands_between_two_pages_is_doubtful_and_who_stands_within_one_has_left() -> None:
    np = pytest.importorskip("numpy")
    last = np.arange(1, 13, dtype=np.uint32)
    # 5 slipped through between the pages, 9 is missing in the middle of the second one.
    parts = [[1, 2, 3, 4], [6, 7, 8, 10, 11, 12]]
    assert order.slipped(last, parts, is_drifting=False) == {0: [5]}
    assert order.slipped(last, [[12, 3, 7], [1, 9, 2]], is_drifting=False) == {}
    # The last page was empty: those who were to be on it moved up to the page before.
    assert order.slipped(last, [list(range(1, 12))], is_drifting=False) == {}
    assert order.slipped(last, [list(range(1, 12))], is_drifting=False, ends_empty=True) == {0: [12]}


def test_a_stop_is_noticed_while_it_waits_and_keeps_what_was_read(signed_in: Session, state: SandboxState) -> None:
    set_owned(signed_in)
    cancel = Event()
    work = syncing.sync(signed_in, cancel, FOLLOWERS)
    while (value := next(work)).done < 1000:
        assert isinstance(value, Progress)
    cancel.set()
    with pytest.raises(Cancelled, match=r"1,000 of 4,000 followers are kept"):
        next(work)
    assert run(signed_in).completeness == "complete"
    assert booked(signed_in) == (state.ledger.spent_usd, 0.0) == (4.01, 0.0)


def test_a_rejected_key_stops_with_what_to_do_and_loses_nothing(signed_in: Session, state: SandboxState) -> None:
    set_owned(signed_in)
    body = {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"}
    state.faults = [Fault("status", PAGES, "GET", (2,), status=401, body=body)]
    with pytest.raises(FollowertuiError, match="does not accept the keys"):
        run(signed_in)
    assert run(signed_in).completeness == "complete"
    assert booked(signed_in) == (state.ledger.spent_usd, 0.0)


def test_a_store_of_another_account_is_refused_before_a_list_is_paid(signed_in: Session, state: SandboxState) -> None:
    watermarks.PROFILE_ID.write(signed_in.store, 77)
    with pytest.raises(BadInput, match="--profile"):
        run(signed_in)
    assert "followers" not in state.ledger.mills
    assert booked(signed_in)[0] + booked(signed_in)[1] >= state.ledger.spent_usd == 0.01


def test_an_offer_sends_nothing_and_names_the_price(signed_in: Session, state: SandboxState) -> None:
    assert "how many is not known yet" in quoting.quote(signed_in, FOLLOWERS).lines[0]
    assert state.calls_made == 0
    run(signed_in)
    made = state.calls_made
    lines = quoting.quote(signed_in, FULL).lines
    assert lines[0] == "followers: 4,000 in 4 calls, about 4 s: $4.00"
    assert quoting.quote(signed_in, FULL).usd == 4.0
    assert "from $0.02" in quoting.quote(signed_in, FOLLOWERS).lines[0]
    assert state.calls_made == made


@pytest.mark.parametrize("dialect", ["tweet", "post"])
def test_both_dialects_bring_the_last_post(signed_in: Session, state: SandboxState, dialect: str) -> None:
    state.dialect = dialect
    run(signed_in)
    without = signed_in.store.con.execute("SELECT count(*) FROM account WHERE last_post_at IS NULL OR posts IS NULL")
    assert without.fetchone() == (0,)


def test_suspended_accounts_are_counted_by_x_and_listed_by_nobody(signed_in: Session, state: SandboxState) -> None:
    state.suspended = set(state.followers[::20])
    report = run(signed_in)
    assert (report.read, report.expected, report.completeness) == (3800, 4000, "complete")


def test_a_person_removed_for_ever_is_not_on_the_list_of_the_charged(signed_in: Session, state: SandboxState) -> None:
    run(signed_in)
    x_id = state.followers[3]
    [(row,)] = signed_in.store.con.execute("SELECT row FROM account WHERE x_id = ?", [x_id])
    purging.purge(signed_in.store, [purging.person(signed_in.store, row)])
    assert signed_in.store.con.execute("SELECT 1 FROM x_billed WHERE x_id = ?", [x_id]).fetchone() is None


DRIVER = """
import os, sys
from threading import Event
from pathlib import Path
from followertui.domain.clock import FileClock
from followertui.domain.progress import drained
from followertui.services.session import Session
from followertui.services.sync import syncing
from followertui.services.sync.values import Wish
from followertui.store.file.connection import Store
from followertui.x.client import TweepyClient
from followertui.x.settings import XSettings
clock = FileClock(Path(sys.argv[2]))
wish = Wish(("follower",), is_full=True)
session = Session(Store(Path(sys.argv[1])), clock, open_x=lambda: TweepyClient(XSettings.from_env(os.environ), clock))
print("ready", flush=True)
drained(syncing.sync(session, Event(), wish))
session.close()
"""


def killed_and_resumed(session: Session, state: SandboxState, clock: FileClock, kills: int, seed: int) -> int:
    """Sync in a process that is killed after some random calls until one ends by itself; returns how often it was."""
    dice, done, pause = random.Random(seed), 0, Event()
    with serve(state, 0, clock) as server:
        environ = {**os.environ, **state.keys.environ(state.own_id, server.address)}
        while True:
            command = [sys.executable, "-c", DRIVER, str(session.store.path), str(clock.path)]
            child = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True)
            assert child.stdout is not None
            child.stdout.readline()
            if done < kills:
                enough = state.calls_made + dice.randint(1, 3)
                while state.calls_made < enough and child.poll() is None:
                    pause.wait(0.001)
                pause.wait(dice.uniform(0.0, 0.02))
                child.send_signal(signal.SIGKILL)
            child.wait()
            child.stdout.close()
            if child.returncode == 0:
                return done
            assert child.returncode == -signal.SIGKILL
            done += 1


def check_killed(
    session: Session, state: SandboxState, clock: FileClock, kills: int, seed: int, has_waited: bool = False
) -> None:
    set_owned(session)
    assert killed_and_resumed(session, state, clock, kills, seed) > 0
    assert related(session) == set(state.followers)
    assert left(session) == set()
    usd, unknown_usd = booked(session)
    twice = state.ledger.spent_usd - usd
    if not has_waited:
        assert twice == pytest.approx(0)
        assert state.ledger.mills["followers"] == len(state.followers)
    # A page whose answer a kill took is charged again on another UTC day: what is marked unknown holds it.
    assert -0.0001 < twice < unknown_usd + 0.0001
    assert round(twice, 4) % 1 == 0, "whole pages of 1,000 accounts at $0.001"
    states = dict(
        session.store.con.execute("SELECT state, count(*) FROM x_request WHERE endpoint = 'followers' GROUP BY 1")
    )
    # Only the page in flight is asked again.
    assert states["answered"] == -(-len(state.followers) // 1000)
    assert "asking" not in states
    assert session.store.con.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_sync_that_is_killed_goes_on_and_pays_no_page_twice(
    session: Session, state: SandboxState, clock: FileClock
) -> None:
    state.faults = [Fault("status", PAGES, "GET", (2,), status=503)]
    check_killed(session, state, clock, 3, 5)


@pytest.mark.slow
def test_100_000_followers_with_every_fault_and_30_kills(session: Session, clock: FileClock) -> None:
    state = made_state(125_000)
    kinds = ("no-headers", "html", "empty", "cut", "reset", "lost", "day-exhausted", "status")
    state.faults = [
        Fault(do, PAGES, "GET", tuple(range(3 + 2 * at, 150, 23)), status=500 if do == "status" else 503)
        for at, do in enumerate(kinds)
    ]
    check_killed(session, state, clock, 30, 8, has_waited=True)


@pytest.mark.slow
def test_a_million_followers_take_little_memory(tmp_path: Path, clock: FileClock) -> None:
    """Run by hand: prints the peak and how fast pages are committed once they are here."""
    script = DRIVER.replace("session.close()", "import resource; print(resource.getrusage(resource.RUSAGE_SELF))")
    state = made_state(1_250_000)
    with serve(state, 0, clock) as server:
        environ = {**os.environ, **state.keys.environ(state.own_id, server.address)}
        command = [sys.executable, "-c", script, str(tmp_path / "million.db"), str(clock.path)]
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    print(done.stdout)
    peak_mb = int(done.stdout.partition("ru_maxrss=")[2].partition(",")[0]) / 1024
    assert peak_mb < 400
