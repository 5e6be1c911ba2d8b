"""Handles that could be a list's and are not in the store: found, priced, looked up, matched like any account."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from list_world import ListWorld

from followertui.domain.errors import LimitReached, NothingToDo
from followertui.domain.match import MatchState
from followertui.domain.progress import NeverCancelled, drained
from followertui.services.insight import discovery
from followertui.services.sync import looking_up
from followertui.services.sync.values import LookupWish
from followertui.store.decisions import requests
from followertui.x.sandbox.state import SandboxState
from followertui.x.sandbox.transport import Sandbox, client_for

OWN = 900_000_001
HEADER = ("Company name", "First name", "Last name", "Website", "X handle")
GLOBEX = ("Globex Freight GmbH", "", "", "globexfreight.example", "")
INITECH = ("Initech", "", "", "initech.example", "initech_hq")
DANA = ("", "Dana", "Ortizzo", "", "dortizzo")


def profile(x_id: int, handle: str, name: str, **more: Any) -> dict[str, Any]:
    return {"id": str(x_id), "username": handle, "name": name, "description": "", **more}


@pytest.fixture
def world(tmp_path: Path) -> ListWorld:
    """A store whose accounts mention a company that is no account of it."""
    made = ListWorld(tmp_path)
    made.accounts(
        {"x_id": 1, "handle": "ann", "name": "Ann", "bio": "Buyer @GlobexFreight, views my own"},
        {"x_id": 2, "handle": "bob", "name": "Bob", "bio": "ex @globexfreight | mail bob@globexfreight.example"},
        {"x_id": 3, "handle": "cyd", "name": "Cyd", "bio": "drives for @someoneelse"},
    )
    return made


def bring(world: ListWorld, *lines: Sequence[str], basis: str = "own-records") -> discovery.Searched:
    world.list(HEADER, *lines, name="Prospects", kind="prospect", basis=basis)
    world.match()
    return drained(discovery.candidates(world.session, "Prospects", NeverCancelled()))


@pytest.fixture
def state(world: ListWorld) -> SandboxState:
    """An X that knows two of the handles."""
    made = SandboxState(OWN)
    made.ledger.balance_mills = 10**6
    made.known = {
        11: profile(11, "GlobexFreight", "Globex Freight"),
        12: profile(12, "initech_hq", "Initech"),
        OWN: profile(OWN, "acme", "Acme"),
    }
    world.session.open_x = lambda: client_for(Sandbox(made, world.clock))
    return made


def test_handles_come_from_the_file_and_from_bios_that_mention_them(world: ListWorld) -> None:
    found = bring(world, GLOBEX, INITECH, DANA)
    assert [(one.line, one.handle, one.why) for one in found.to_look_up] == [
        (2, "globexfreight", "mentioned in 2 bios"),
        (3, "initech_hq", "named in the file"),
        (4, "dortizzo", "named in the file"),
    ]
    assert "3 handles that could be theirs can be looked up on X" in found.text


def test_of_a_list_that_others_collected_only_companies_are_looked_for(world: ListWorld, state: SandboxState) -> None:
    state.known[13] = profile(13, "dortizzo", "Dana Ortizzo")
    found = bring(world, GLOBEX, INITECH, DANA, basis="third-party")
    assert found.handles == ("globexfreight", "initech_hq")
    assert found.left_out == 1
    assert {one.person for one in (*found.found, *found.to_look_up)} <= {""}
    drained(looking_up.look_up(world.session, Event(), LookupWish("candidates", handles=found.handles)))
    assert state.ledger.billed == {11, 12}


def test_the_price_is_said_before_and_booked_after_and_who_is_found_is_matched(
    world: ListWorld, state: SandboxState
) -> None:
    wish = LookupWish("candidates", handles=bring(world, GLOBEX, INITECH, DANA).handles)
    offer = looking_up.offer(world.session, wish)
    assert (offer.accounts, offer.calls, offer.usd) == (3, 1, pytest.approx(0.03))
    assert state.calls_made == 0
    report = drained(looking_up.look_up(world.session, Event(), wish))
    assert requests.spent(world.session.store).usd == state.ledger.spent_usd == pytest.approx(0.02)
    assert (report.asked, report.usd) == (3, pytest.approx(0.02))
    world.match()
    assert {one.entity for one in world.ties("initech_hq")} == {"Initech"}
    assert {one.entity for one in world.ties("GlobexFreight")} == {"Globex Freight GmbH"}
    again = drained(discovery.candidates(world.session, "Prospects", NeverCancelled()))
    assert again.handles == ("dortizzo",), "what X showed is not asked for again"


def test_a_budget_stops_it_before_it_is_spent(world: ListWorld, state: SandboxState) -> None:
    wish = LookupWish("candidates", budget_usd=0.02, handles=bring(world, GLOBEX, INITECH, DANA).handles)
    with pytest.raises(LimitReached, match="budget of this run"):
        drained(looking_up.look_up(world.session, Event(), wish))
    assert state.ledger.spent_usd <= 0.02
    with pytest.raises(NothingToDo):
        drained(looking_up.look_up(world.session, Event(), LookupWish("candidates")))


def test_who_was_found_is_accepted_or_rejected_like_any_match(world: ListWorld, state: SandboxState) -> None:
    found = bring(world, GLOBEX, INITECH)
    drained(looking_up.look_up(world.session, Event(), LookupWish("candidates", handles=found.handles)))
    discovery.answer(world.session, "Prospects", 2, "globexfreight", MatchState.CONFIRMED)
    discovery.answer(world.session, "Prospects", 3, "initech_hq", MatchState.REJECTED)
    world.match()
    assert world.found("kind:prospect") == {"GlobexFreight"}
