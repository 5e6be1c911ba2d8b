"""A plan is carried out as it was looked at: on another state, or after weeks, it has to be looked at again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from filling import NOW, add_accounts, add_list
from plan_world import apply, mirror, planned, sent

from followertui.domain.clock import FixedClock, from_epoch
from followertui.domain.decision import Decision, PlanState
from followertui.domain.errors import BadInput
from followertui.services.plan import looking, planning
from followertui.services.review import deciding, house_checks
from followertui.services.session import Session
from followertui.store.decisions import plan_looks, plans
from followertui.store.file import settings, watermarks
from followertui.x.platform import Access
from followertui.x.sandbox.made import made_state
from followertui.x.sandbox.state import SandboxState
from followertui.x.sandbox.transport import Sandbox, client_for


@pytest.fixture
def state() -> SandboxState:
    return made_state(200, Access.ENTERPRISE)


@pytest.fixture
def standing(session: Session, state: SandboxState) -> FixedClock:
    clock = FixedClock(from_epoch(NOW))
    session.clock, session.open_x = clock, lambda: client_for(Sandbox(state, clock))
    return clock


def new_list(session: Session) -> None:
    add_list(session.store, "Partners", "partner", ["Nobody Here Ltd"])
    watermarks.COMPARED_LISTS.write(session.store, watermarks.LISTS_VERSION.read(session.store))
    watermarks.COMPARED_UPTO.write(session.store, 10**6)


CHANGES = {
    "your lists changed": new_list,
    "accounts were judged by other rules": lambda s: watermarks.SCORING_VERSION.write(s.store, "other"),
    "your house checks changed": lambda s: house_checks.add(s, ["must_keep @nobody"]),
    "who you are changed": lambda s: settings.ABOUT.write(s.store, {"names": ["Acme"]}),
}


@pytest.mark.parametrize("words", CHANGES)
def test_a_run_on_another_state_refuses_and_names_what_changed(
    session: Session, state: SandboxState, standing: FixedClock, words: str
) -> None:
    planned(session, state, 3)
    planning.overview(session)
    CHANGES[words](session)
    with pytest.raises(BadInput) as refused:
        apply(session)
    assert str(refused.value).startswith(
        f"since the plan was looked at on 22 Nov 2026: {words}; look at the plan again"
    )
    assert state.calls_made == 0
    planning.overview(session)
    assert apply(session)[1].done == 3


def test_guards_of_another_program_are_another_state(
    session: Session, state: SandboxState, standing: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned(session, state, 3)
    planning.overview(session)
    shorter = looking.DEFAULT_SETTINGS._replace(fresh_days=3)
    monkeypatch.setattr(looking, "DEFAULT_SETTINGS", shorter)
    with pytest.raises(BadInput, match="the guards changed"):
        apply(session)


def test_an_old_look_has_to_be_repeated(session: Session, state: SandboxState, standing: FixedClock) -> None:
    planned(session, state, 3)
    planning.overview(session)
    standing.advance(timedelta(days=15))
    with pytest.raises(BadInput, match="last looked at on 22 Nov 2026, more than 14 days ago"):
        apply(session)
    settings.LOOK_DAYS.write(session.store, 30)
    assert apply(session)[1].done == 3


def test_a_plan_nobody_looked_at_grows_old_too(session: Session, state: SandboxState, standing: FixedClock) -> None:
    planned(session, state, 3)
    standing.advance(timedelta(days=15))
    with pytest.raises(BadInput, match="some of the plan is from 22 Nov 2026, more than 14 days ago"):
        apply(session)
    planning.overview(session)
    assert apply(session)[1].done == 3


def test_unattended_what_was_planned_since_counts_as_a_change(
    session: Session, state: SandboxState, standing: FixedClock
) -> None:
    rows = mirror(session, state, 5)
    deciding.decide(session, rows[:3], Decision.OUT)
    planning.overview(session)
    deciding.decide(session, rows[3:], Decision.OUT)
    looking.require(session)
    with pytest.raises(BadInput, match="2 actions more are ready"):
        looking.require(session, is_unattended=True)


def test_the_plan_is_compared_with_the_look_before(session: Session, state: SandboxState, standing: FixedClock) -> None:
    rows = mirror(session, state, 12)
    deciding.decide(session, rows[:10], Decision.OUT)
    assert planning.overview(session).notes == ()
    standing.advance(timedelta(days=3))
    assert apply(session, limit=4)[1].done == 4
    deciding.decide(session, rows[10:], Decision.OUT)
    ready = planning.ready(session)
    planning.drop(session, [ready[0].id])
    plans.snooze(session.store, ready[1].id, NOW + 10**7)
    plans.set_states(session.store, [ready[2].id], PlanState.HELD, "by hand of a test")
    [note] = [note for note in planning.overview(session).notes if note.startswith("since")]
    assert note == "since 22 Nov 2026: 2 new, 4 carried out, 1 put off, 1 dropped, 4 as they were"
    standing.advance(timedelta(minutes=10))
    deciding.decide(session, rows[10:11], Decision.KEEP)
    [note] = [note for note in planning.overview(session).notes if note.startswith("since")]
    assert note.startswith("since 22 Nov 2026: 1 new"), "a look that goes on is still compared with the one before"
    assert sent(state) == 4


def test_two_looks_are_kept_at_most_and_none_of_an_empty_plan(session: Session, standing: FixedClock) -> None:
    planning.overview(session)
    assert plan_looks.looks(session.store) == []
    for number in range(4):
        [row] = add_accounts(session.store, {"x_id": 9_000 + number, "handle": f"someone{number}"})
        deciding.decide(session, [row], Decision.FOLLOW)
        planning.overview(session)
        standing.advance(timedelta(hours=2))
    found = plan_looks.looks(session.store)
    assert [len(look.items) for look in found] == [4, 3]


def test_a_read_only_store_is_looked_at_without_a_trace(
    session: Session, state: SandboxState, standing: FixedClock
) -> None:
    planned(session, state, 2)
    session.store.is_read_only = True
    planning.overview(session)
    session.store.is_read_only = False
    assert plan_looks.looks(session.store) == []
