"""A paid look at someone's last posts: off without a budget, priced before, booked after, kept nowhere."""

from __future__ import annotations

from threading import Event

import pytest
from filling import NOW

from followertui.domain.clock import FileClock
from followertui.domain.errors import BadInput, LimitReached, NothingToDo
from followertui.domain.progress import drained
from followertui.services.session import Session
from followertui.services.sync import costs, peeking, syncing
from followertui.services.sync.values import PeekReport, Wish
from followertui.store.decisions import requests
from followertui.store.file import settings
from followertui.x.sandbox.made import FIRST_ID, made_state
from followertui.x.sandbox.state import SandboxState
from followertui.x.sandbox.transport import Sandbox, client_for

TEXT = "We moved to \x1b[31mpallets[/] ‮ today"


@pytest.fixture
def state() -> SandboxState:
    """Someone with seven posts."""
    made = made_state(50)
    made.ledger.balance_mills = 10**6
    made.written = None
    made.posts = {
        n: {"id": str(n), "author_id": str(FIRST_ID + 1), "text": f"{TEXT} {n}", "created_at": "2026-11-20T09:00:00Z"}
        for n in range(1_000, 1_007)
    }
    return made


@pytest.fixture
def signed_in(session: Session, state: SandboxState, clock: FileClock) -> Session:
    session.open_x = lambda: client_for(Sandbox(state, clock))
    costs.set_owner(session, True)
    drained(syncing.sync(session, Event(), Wish(("follower",))))
    return session


def row_of(session: Session, x_id: int) -> int:
    return int(session.store.con.execute("SELECT row FROM account WHERE x_id = ?", [x_id]).fetchone()[0])


def look(session: Session, x_id: int = FIRST_ID + 1, budget_usd: float | None = None) -> PeekReport:
    return drained(peeking.peek(session, Event(), row_of(session, x_id), budget_usd))


def test_it_is_off_until_a_budget_is_set(signed_in: Session, state: SandboxState) -> None:
    calls = state.calls_made
    for asked in (lambda: peeking.offer_lines(signed_in, 1), lambda: look(signed_in)):
        with pytest.raises(BadInput, match="off until a budget is set"):
            asked()
    assert state.calls_made == calls


def test_the_last_posts_are_priced_shown_booked_once_a_day_and_not_kept(
    signed_in: Session, state: SandboxState
) -> None:
    settings.BUDGET_MONTH.write(signed_in.store, 5.0)
    before, calls = state.ledger.spent_usd, state.calls_made
    row = row_of(signed_in, FIRST_ID + 1)
    lines = peeking.offer_lines(signed_in, row)
    assert "at most $0.025" in lines[0]
    assert state.calls_made == calls
    report = look(signed_in)
    assert [post.id for post in report.posts] == ["1006", "1005", "1004", "1003", "1002"]
    assert report.posts[0].url == "https://x.com/i/status/1006"
    assert "\x1b" not in report.posts[0].text
    assert "‮" not in report.posts[0].text
    assert report.usd == pytest.approx(0.025)
    assert look(signed_in).usd == 0, "X charges a post once a day"
    assert state.ledger.spent_usd - before == pytest.approx(0.025)
    assert requests.spent(signed_in.store).usd == pytest.approx(state.ledger.spent_usd)
    kept = "\n".join(signed_in.store.con.iterdump())
    assert "pallets" not in kept


def test_a_budget_that_leaves_no_room_stops_it_before_the_call(signed_in: Session, state: SandboxState) -> None:
    settings.BUDGET_MONTH.write(signed_in.store, 5.0)
    calls = state.calls_made
    with pytest.raises(LimitReached, match="a look costs up to"):
        look(signed_in, budget_usd=0.01)
    assert state.calls_made == calls


def test_nobody_is_asked_for_who_is_protected_or_known_by_handle_alone(signed_in: Session) -> None:
    settings.BUDGET_MONTH.write(signed_in.store, 5.0)
    with signed_in.store.write() as con:
        con.execute("UPDATE account SET protected = 1 WHERE x_id = ?", [FIRST_ID + 1])
        con.execute("UPDATE account SET x_id = NULL WHERE x_id = ?", [FIRST_ID + 2])
    with pytest.raises(NothingToDo, match="protected"):
        look(signed_in)
    nameless = signed_in.store.con.execute("SELECT row FROM account WHERE x_id IS NULL").fetchone()[0]
    with pytest.raises(BadInput, match="asked by id"):
        drained(peeking.peek(signed_in, Event(), nameless))


def test_nobody_without_posts_costs_anything(signed_in: Session, state: SandboxState) -> None:
    settings.BUDGET_MONTH.write(signed_in.store, 5.0)
    before = state.ledger.spent_usd
    report = look(signed_in, FIRST_ID + 3)
    assert (report.posts, report.usd, state.ledger.spent_usd) == ((), 0, before)
    assert "X shows no post" in report.text
    assert signed_in.now >= NOW
