"""Accounts looked up on X one by one: who left and why, names, old profiles; priced, paid once, resumable."""

from __future__ import annotations

from array import array
from datetime import timedelta
from threading import Event

import pytest

from followertui.domain.clock import FileClock
from followertui.domain.errors import Cancelled, LimitReached, NothingToDo
from followertui.domain.progress import drained
from followertui.services import querying
from followertui.services.session import Session
from followertui.services.sync import costs, looking_up, syncing
from followertui.services.sync.values import LookupReport, LookupWish, Wish
from followertui.store.audience import imports
from followertui.store.decisions import requests
from followertui.x.sandbox.faults import Fault
from followertui.x.sandbox.made import FIRST_ID, made_state
from followertui.x.sandbox.state import SandboxState
from followertui.x.sandbox.transport import Sandbox, client_for

LEAVERS, NAMES = LookupWish("leavers"), LookupWish("names")


@pytest.fixture
def state() -> SandboxState:
    """400 followers, 200 following."""
    made = made_state(500)
    made.ledger.balance_mills = 10**9
    return made


@pytest.fixture
def signed_in(session: Session, state: SandboxState, clock: FileClock) -> Session:
    session.open_x = lambda: client_for(Sandbox(state, clock))
    costs.set_owner(session, True)
    return session


def run(session: Session, wish: LookupWish = LEAVERS) -> LookupReport:
    return drained(looking_up.look_up(session, Event(), wish))


def found(session: Session, query: str) -> set[int]:
    rows = list(querying.rows_of(session, query))
    marks = ",".join("?" * len(rows))
    return {line[0] for line in session.store.con.execute(f"SELECT x_id FROM account WHERE row IN ({marks})", rows)}


@pytest.fixture
def left(signed_in: Session, state: SandboxState, clock: FileClock) -> list[int]:
    """Five who were missing from the second complete reading, in the middle of its page."""
    drained(syncing.sync(signed_in, Event(), Wish(("follower",))))
    clock.advance(timedelta(days=7))
    some = [state.followers[at] for at in (40, 80, 120, 160, 200)]
    state.followers = array("q", [one for one in state.followers if one not in some])
    state.following = {}
    drained(syncing.sync(signed_in, Event(), Wish(("follower",), is_full=True)))
    assert found(signed_in, "cause:unknown") == set(some)
    clock.advance(timedelta(days=1))
    return some


def test_leavers_are_told_apart_for_the_price_said_before(
    signed_in: Session, state: SandboxState, left: list[int]
) -> None:
    quiet, suspended, gone, back, renamed = left
    state.suspended.add(suspended)
    state.gone.add(gone)
    state.followers = array("q", [back, *state.followers])
    state.known[renamed] = {**(state.profile(renamed) or {}), "username": "new_name"}
    offer = looking_up.offer(signed_in, LEAVERS)
    assert (offer.accounts, offer.calls, offer.usd) == (5, 1, 0.05)
    assert "at most $0.05" in offer.lines[0]
    before, calls = state.ledger.spent_usd, state.calls_made
    report = run(signed_in)
    assert state.calls_made == calls + 1
    assert state.ledger.spent_usd - before == pytest.approx(0.03), "X charges those it shows"
    assert requests.spent(signed_in.store).usd == pytest.approx(state.ledger.spent_usd)
    assert report.usd == pytest.approx(0.03)
    assert report.text == (
        "5 accounts looked up: 2 unfollowed, 1 following you still, 1 under another handle now, "
        "1 suspended, 1 gone; $0.03"
    )
    assert found(signed_in, "cause:unfollowed") == {quiet, renamed}
    assert found(signed_in, "cause:suspended is:suspended") == {suspended}
    assert found(signed_in, "cause:gone is:gone") == {gone}
    assert found(signed_in, "handle:@new_name") == {renamed}
    assert found(signed_in, "is:follower") == {*state.followers}
    assert found(signed_in, "cause:unknown") == set()
    with pytest.raises(NothingToDo):
        run(signed_in)


def test_who_comes_back_from_a_suspension_is_there_again(
    signed_in: Session, state: SandboxState, left: list[int], clock: FileClock
) -> None:
    state.suspended.add(left[0])
    run(signed_in)
    assert found(signed_in, "is:suspended") == {left[0]}
    state.suspended.clear()
    state.followers = array("q", [left[0], *state.followers])
    clock.advance(timedelta(days=1))
    drained(syncing.sync(signed_in, Event(), Wish(("follower",))))
    assert found(signed_in, "is:suspended") == set()


def test_a_budget_ends_it_and_it_goes_on_with_the_rest(
    signed_in: Session, state: SandboxState, left: list[int]
) -> None:
    before = state.ledger.spent_usd
    with pytest.raises(LimitReached, match=r"budget of this run is spent .* 2 of 5 are looked up"):
        run(signed_in, LookupWish("leavers", budget_usd=0.025))
    assert state.ledger.spent_usd - before == pytest.approx(0.02)
    assert run(signed_in).asked == 3
    assert state.ledger.spent_usd - before == pytest.approx(0.05)
    assert requests.spent(signed_in.store).usd == pytest.approx(state.ledger.spent_usd)


@pytest.mark.parametrize("do", ["lost", "status", "cut", "timeout", "no-headers"])
def test_a_fault_is_waited_out_and_nothing_counts_twice(
    signed_in: Session, state: SandboxState, left: list[int], do: str
) -> None:
    state.faults = [Fault(do, "/2/users", calls=(1,))]
    assert run(signed_in).counts["unfollowed"] == 5
    spent = requests.spent(signed_in.store)
    assert state.ledger.spent_usd <= spent.usd + spent.unknown_usd + 1e-9
    assert state.ledger.spent_usd == pytest.approx(spent.usd) or spent.unknown_usd


def test_a_refusal_is_learned_and_said_before_the_next_try(
    signed_in: Session, state: SandboxState, left: list[int]
) -> None:
    state.faults = [Fault("status", "/2/users", status=403, body={"title": "Forbidden", "status": 403})]
    with pytest.raises(Exception, match="does not let this account read that"):
        run(signed_in)
    assert "X refused it for this account" in looking_up.offer(signed_in, LEAVERS).lines[-1]
    assert imports.unfinished(signed_in.store) == []
    state.faults = []
    run(signed_in)
    assert looking_up.offer(signed_in, LookupWish("profiles", "is:follower")).lines[-1].startswith("cheaper")


def test_names_of_nameless_ids_are_offered_after_what_is_free(
    signed_in: Session, state: SandboxState, clock: FileClock
) -> None:
    ids = [FIRST_ID + 1, FIRST_ID + 2, FIRST_ID + 3]
    with signed_in.store.write() as con:
        con.executemany(
            "INSERT INTO account(row, x_id, first_import) VALUES (?, ?, 1)", list(enumerate([*ids, 5], start=1))
        )
        signed_in.store.bump("profile", [1, 2, 3, 4])
    offer = looking_up.offer(signed_in, NAMES)
    assert (offer.accounts, offer.usd) == (4, 0.04)
    assert offer.lines[2].startswith("free first")
    assert state.calls_made == 0
    report = run(signed_in, NAMES)
    assert (report.counts["shown"], report.counts["gone"]) == (3, 1)
    assert found(signed_in, "is:nameless") == {5}
    assert found(signed_in, "is:gone") == {5}


def test_profiles_of_a_query_are_read_again_once_a_day_only(
    signed_in: Session, state: SandboxState, clock: FileClock
) -> None:
    drained(syncing.sync(signed_in, Event(), Wish(("follower",))))
    wish = LookupWish("profiles", "is:follower followers:..4000")
    assert looking_up.offer(signed_in, wish).accounts == 0, "all were read today"
    clock.advance(timedelta(days=400))
    offer = looking_up.offer(signed_in, wish)
    assert f"{offer.accounts} bios are older than a year" in offer.lines
    who = found(signed_in, wish.query)
    some = next(iter(who))
    state.known[some] = {**(state.profile(some) or {}), "description": "moved on"}
    assert run(signed_in, wish).asked == len(who)
    assert found(signed_in, 'bio:"moved on"') == {some}
    assert found(signed_in, "is:follower") == {*state.followers}, "a look-up makes nobody leave"
    assert looking_up.offer(signed_in, wish).accounts == 0


def test_a_stop_keeps_what_was_paid_for(signed_in: Session, state: SandboxState, clock: FileClock) -> None:
    drained(syncing.sync(signed_in, Event(), Wish(("follower",))))
    clock.advance(timedelta(days=400))
    stop = Event()
    work = looking_up.look_up(signed_in, stop, LookupWish("profiles", "is:follower"))
    while next(work).done < 300:
        assert not stop.is_set()
    stop.set()
    with pytest.raises(Cancelled, match="300 of 400 are looked up and kept"):
        drained(work)
    assert looking_up.offer(signed_in, LookupWish("profiles", "is:follower")).accounts == 100


def test_a_run_that_was_killed_goes_on_in_the_same_import_and_pays_nobody_twice(
    signed_in: Session, state: SandboxState, clock: FileClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    drained(syncing.sync(signed_in, Event(), Wish(("follower",))))
    clock.advance(timedelta(days=400))
    before = state.ledger.spent_usd
    wish = LookupWish("profiles", "is:follower")
    work = looking_up.look_up(signed_in, Event(), wish)
    while next(work).done < 200:
        pass
    with monkeypatch.context() as killed:
        # A kill runs nothing any more: the import stays unfinished, as its pages left it.
        killed.setattr(looking_up._Run, "_end", lambda self: None)
        work.close()
    (unfinished,) = imports.unfinished(signed_in.store)
    assert run(signed_in, wish).asked == 200
    assert imports.unfinished(signed_in.store) == []
    assert imports.run(signed_in.store, unfinished.id) is not None
    assert state.ledger.spent_usd - before == pytest.approx(4.0)
    assert requests.spent(signed_in.store).usd == pytest.approx(state.ledger.spent_usd)
