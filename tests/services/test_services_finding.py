"""Searching X for people, and whom we muted, blocked and listed: priced before, kept once, shown."""

from __future__ import annotations

from threading import Event

import pytest

from followertui.domain.clock import FileClock
from followertui.domain.errors import BadInput, LimitReached
from followertui.domain.progress import drained
from followertui.services import querying
from followertui.services.session import Session
from followertui.services.sync import costs, finding, own_marks
from followertui.services.sync.values import MarksReport
from followertui.store.audience import imports, x_answers
from followertui.store.decisions import requests
from followertui.x.sandbox.faults import Fault
from followertui.x.sandbox.made import FIRST_ID, made_state
from followertui.x.sandbox.state import ListState, SandboxState
from followertui.x.sandbox.transport import Sandbox, client_for


@pytest.fixture
def state() -> SandboxState:
    made = made_state(2000)
    made.known[7] = {"id": "7", "name": "Dana Ortiz", "username": "dana_ortiz", "description": "at Globex"}
    made.known[8] = {"id": "8", "name": "Dana Ortiz-Lund", "username": "ortizlund"}
    return made


@pytest.fixture
def signed_in(session: Session, state: SandboxState, clock: FileClock) -> Session:
    session.open_x = lambda: client_for(Sandbox(state, clock))
    costs.set_owner(session, True)
    return session


def rows(session: Session, query: str) -> list[int]:
    return list(querying.rows_of(session, query))


def read(session: Session, *what: str, budget_usd: float | None = None) -> MarksReport:
    return drained(own_marks.read(session, Event(), what, budget_usd))


def test_a_search_says_its_price_keeps_whom_it_found_and_ties_nobody_to_us(
    signed_in: Session, state: SandboxState
) -> None:
    assert finding.offer_lines(signed_in, "@dana  ortiz") == [
        'search X for "dana ortiz": at most 10 accounts, at most $0.10'
    ]
    assert state.calls_made == 0
    report = drained(finding.find(signed_in, Event(), "dana ortiz"))
    assert report.text == '2 accounts found for "dana ortiz", 2 new here; $0.02'
    assert rows(signed_in, "handle:@dana_ortiz bio:globex") == [report.rows[0]]
    assert rows(signed_in, "is:follower") == rows(signed_in, "is:following") == []
    assert state.ledger.spent_usd == requests.spent(signed_in.store).usd == pytest.approx(0.02)
    again = drained(finding.find(signed_in, Event(), "dana ortiz"))
    assert (again.new, again.usd, again.rows) == (0, 0.0, report.rows)


def test_ten_are_asked_for_unless_more_are_and_a_budget_makes_it_fewer(signed_in: Session, state: SandboxState) -> None:
    assert len(drained(finding.find(signed_in, Event(), "a")).rows) == 10
    assert len(drained(finding.find(signed_in, Event(), "a", 40)).rows) == 40
    assert len(drained(finding.find(signed_in, Event(), "e", 40, 0.05)).rows) == 5
    with pytest.raises(LimitReached, match="leaves no room"):
        drained(finding.find(signed_in, Event(), "e", 40, 0.001))


@pytest.mark.parametrize("words", ["Größe", "a" * 51, "kind:customer", "a; b", " "])
def test_words_x_takes_not_are_refused_before_the_call(signed_in: Session, state: SandboxState, words: str) -> None:
    with pytest.raises(BadInput, match="X searches for at most 50 letters"):
        drained(finding.find(signed_in, Event(), words))
    assert state.calls_made == 0


def test_muted_blocked_and_listed_accounts_are_shown_and_replaced_by_a_whole_reading_only(
    signed_in: Session, state: SandboxState
) -> None:
    people = [FIRST_ID + number for number in range(1500)]
    state.muted = dict.fromkeys(people[:1200])
    state.blocked = dict.fromkeys(people[1400:])
    state.lists = {
        1: ListState(1, "Prospects", dict.fromkeys(people[:150])),
        2: ListState(2, "Press", dict.fromkeys(people[100:110])),
    }
    lines = own_marks.offer_lines(signed_in, ("muted", "lists"))
    assert lines[0] == "read whom you muted: $0.001 for each account"
    assert lines[2] == "read who is on a list: $0.01 for each account"
    report = read(signed_in, "muted", "blocked", "lists")
    assert report.text.startswith(
        "1,200 accounts you muted, 100 accounts you blocked, 150 on your list Prospects, 10 on your list Press; "
    )
    assert report.usd == pytest.approx(state.ledger.spent_usd) == pytest.approx(1.302), "who was read is free today"
    assert requests.spent(signed_in.store).usd == pytest.approx(state.ledger.spent_usd)
    counts = [len(rows(signed_in, f"is:{mark}")) for mark in ("muted", "blocked", "listed")]
    assert counts == [1200, 100, 150]
    row = rows(signed_in, "is:muted is:listed")[0]
    assert x_answers.marks_of(signed_in.store, row) == [("muted", ""), ("listed", "Prospects")]
    assert rows(signed_in, "is:muted plan:any") == []
    state.muted = dict.fromkeys(people[:2])
    state.faults = [Fault("status", "/2/users/*/muting", status=403, body={"title": "Forbidden", "status": 403})]
    with pytest.raises(Exception, match="does not let this account read that"):
        read(signed_in, "muted")
    assert len(rows(signed_in, "is:muted")) == 1200
    state.faults = []
    state.lists.pop(1)
    read(signed_in, "muted", "lists")
    assert [len(rows(signed_in, f"is:{mark}")) for mark in ("muted", "listed")] == [2, 10]
    assert imports.unfinished(signed_in.store) == []


def test_a_budget_ends_the_reading_of_marks_and_keeps_what_was_known(signed_in: Session, state: SandboxState) -> None:
    state.muted = dict.fromkeys(range(FIRST_ID, FIRST_ID + 1200))
    with pytest.raises(LimitReached, match="budget of this run is spent"):
        read(signed_in, "muted", budget_usd=1.1)
    assert state.ledger.spent_usd == pytest.approx(1.1)
    assert rows(signed_in, "is:muted") == [], "what was not read to its end replaces nothing"
