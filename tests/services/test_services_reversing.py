"""Taking a batch back: a new plan, with its price, exempt from the churn guard for its accounts only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from filling import NOW, add_accounts
from plan_world import apply, mirror, planned, sent, states

from followertui.domain.clock import FixedClock, from_epoch
from followertui.domain.decision import ActionKind, Decision, Executor, PlanState
from followertui.domain.errors import BadInput, NothingToDo
from followertui.domain.guards import NEVER_FOLLOW_TAG, Guard
from followertui.services import guarding
from followertui.services.plan import by_hand, pacing, planning, previewing, reversing
from followertui.services.plan.values import HandAnswer
from followertui.services.review import annotating, deciding, releasing, undoing
from followertui.services.session import Session
from followertui.store.decisions import batches
from followertui.x.platform import Access
from followertui.x.sandbox.made import made_state
from followertui.x.sandbox.state import ListState, SandboxState
from followertui.x.sandbox.transport import Sandbox, client_for


@pytest.fixture
def state() -> SandboxState:
    return made_state(300, Access.ENTERPRISE)


@pytest.fixture
def standing(session: Session, state: SandboxState) -> FixedClock:
    clock = FixedClock(from_epoch(NOW))
    session.clock, session.open_x = clock, lambda: client_for(Sandbox(state, clock))
    planning.keep_capabilities(session, planning.Capabilities(Access.ENTERPRISE))
    return clock


def test_a_batch_of_unfollows_is_followed_again(session: Session, state: SandboxState, standing: FixedClock) -> None:
    rows = planned(session, state, 6)
    before = set(state.following)
    apply(session)
    [batch] = reversing.latest(session)
    assert (batch.done, batch.executor, batch.reviewer) == ({ActionKind.UNFOLLOW: 6}, Executor.API, "me")
    found = reversing.reverse(session, batch.id)
    assert found.gesture.planned == 6
    assert found.lines == ("follow: 6 accounts, $0.09 at list price, at most 25 a day",)
    planning.overview(session)
    assert apply(session)[1].done == 6
    assert set(state.following) == before
    assert set(states(session)) == set(rows)
    with pytest.raises(NothingToDo, match="6 changed since"):
        reversing.reverse(session, batch.id)


def test_only_accounts_of_the_batch_are_exempt(session: Session, state: SandboxState, standing: FixedClock) -> None:
    rows = mirror(session, state, 4)
    deciding.decide(session, rows[:2], Decision.OUT)
    apply(session)
    deciding.decide(session, rows[2:], Decision.OUT)
    apply(session)
    second, first = reversing.latest(session)
    reversing.reverse(session, first.id)
    deciding.decide(session, rows[2:], Decision.FOLLOW)
    held = {row: guarding.guards_on(session, [row], ActionKind.FOLLOW)[row] for row in rows}
    assert held == {rows[0]: None, rows[1]: None, rows[2]: Guard.UNFOLLOWED, rows[3]: Guard.UNFOLLOWED}
    assert second.id > first.id


def test_after_two_weeks_the_guard_holds_again(session: Session, state: SandboxState, standing: FixedClock) -> None:
    planned(session, state, 2)
    apply(session)
    standing.advance(timedelta(days=pacing.EXEMPT_DAYS, seconds=1))
    found = reversing.reverse(session, reversing.latest(session)[0].id)
    assert (found.gesture.planned, [held.count for held in found.gesture.held], found.lines) == (0, [2], ())
    assert "unfollowed less than 30 days ago" in found.gesture.held[0].reason
    assert planning.ready(session) == []


def test_what_was_planned_in_time_and_is_late_by_now_is_held(
    session: Session, state: SandboxState, standing: FixedClock
) -> None:
    rows = planned(session, state, 3)
    apply(session)
    reversing.reverse(session, reversing.latest(session)[0].id)
    standing.advance(timedelta(days=pacing.EXEMPT_DAYS, seconds=1))
    planning.overview(session)
    assert planning.ready(session) == []
    assert guarding.guards_on(session, rows, ActionKind.FOLLOW) == dict.fromkeys(rows, Guard.UNFOLLOWED)
    assert by_hand.next_manual(session) is None
    releasing.release(session, rows[:1])
    planning.overview(session)
    assert [item.row for item in planning.ready(session)] == rows[:1], "a release by name stays"
    assert apply(session)[1].done == 1


def test_so_many_a_day_by_both_ways(session: Session, state: SandboxState, standing: FixedClock) -> None:
    planned(session, state, 40)
    apply(session)
    standing.advance(timedelta(days=1))
    reversing.reverse(session, reversing.latest(session)[0].id)
    planning.overview(session)
    _, report = apply(session)
    assert report.stop is not None
    assert (report.done, report.stop.cap, sent(state, "POST")) == (25, 25, 25)
    assert by_hand.next_manual(session, ActionKind.FOLLOW) is None
    assert "that is the day's cap" in by_hand.none_left(session, ActionKind.FOLLOW)
    [other] = add_accounts(session.store, {"x_id": state.followers[1], "handle": "someone_else"})
    deciding.decide(session, [other], Decision.FOLLOW)
    task = by_hand.next_manual(session, ActionKind.FOLLOW)
    assert task is not None
    assert task.cells.row == other, "what takes nothing back goes on"
    standing.advance(timedelta(days=1))
    assert pacing.left_to_reverse(session, ActionKind.FOLLOW) == 25


def test_unless_enterprise_it_goes_by_hand(session: Session, state: SandboxState, standing: FixedClock) -> None:
    planned(session, state, 3)
    apply(session)
    planning.keep_capabilities(session, planning.Capabilities(Access.PAY_PER_USE))
    found = reversing.reverse(session, reversing.latest(session)[0].id)
    assert "by hand" in found.lines[0]
    assert previewing.api_items(session, is_tried=True) == []
    with pytest.raises(NothingToDo):
        apply(session, 3)
    task = by_hand.next_manual(session)
    assert task is not None
    assert task.action is ActionKind.FOLLOW


@pytest.mark.parametrize(
    ("action", "back"),
    [
        (ActionKind.MUTE, ActionKind.UNMUTE),
        (ActionKind.UNMUTE, ActionKind.MUTE),
        (ActionKind.LIST_ADD, ActionKind.LIST_REMOVE),
        (ActionKind.LIST_REMOVE, ActionKind.LIST_ADD),
        (ActionKind.FOLLOW, ActionKind.UNFOLLOW),
    ],
)
def test_each_action_has_its_way_back(
    session: Session, state: SandboxState, standing: FixedClock, action: ActionKind, back: ActionKind
) -> None:
    state.lists = {77: ListState(77, "Press")}
    rows = mirror(session, state, 3)
    if action is ActionKind.FOLLOW:
        for row in rows:
            state.following.pop(
                session.store.con.execute("SELECT x_id FROM account WHERE row = ?", [row]).fetchone()[0]
            )
        with session.store.write() as con:
            con.execute("DELETE FROM relation")
            session.store.bump("relation", rows)
    deciding.plan_add(session, action, rows, "77" if "list" in action.value else "")
    assert apply(session)[1].done == 3
    found = reversing.reverse(session, reversing.latest(session)[0].id)
    items = planning.ready(session)
    assert {item.action for item in items} == {back}
    assert (found.gesture.planned, len(items)) == (3, 3)
    planning.overview(session)
    assert apply(session)[1].done == 3


def test_what_cannot_be_taken_back_is_said_before_and_after(
    session: Session, state: SandboxState, standing: FixedClock
) -> None:
    rows = mirror(session, state, 2)
    deciding.plan_add(session, ActionKind.REPORT, rows)
    assert "  note      report: cannot be taken back" in previewing.plan_text(planning.overview(session))
    for _ in rows:
        task = by_hand.next_manual(session)
        assert task is not None
        by_hand.record_manual(session, task.item_id, HandAnswer.DONE)
    [batch] = reversing.latest(session)
    assert (batch.executor, batch.done) == (Executor.HAND, {ActionKind.REPORT: 2})
    with pytest.raises(NothingToDo, match="2 report: cannot be taken back"):
        reversing.reverse(session, batch.id)
    with pytest.raises(BadInput, match="there is no batch 99"):
        reversing.reverse(session, 99)


def test_a_reversal_is_one_gesture_and_redo_keeps_what_it_is(
    session: Session, state: SandboxState, standing: FixedClock
) -> None:
    rows = planned(session, state, 3)
    apply(session)
    number = reversing.latest(session)[0].id
    reversing.reverse(session, number)
    assert undoing.undo(session).text.startswith(f"undo: batch {number} taken back")
    assert planning.ready(session) == []
    assert guarding.guards_on(session, rows, ActionKind.FOLLOW)[rows[0]] is Guard.UNFOLLOWED
    undoing.redo(session)
    assert batches.planned_in(session.store, number) == 3
    assert [item.state for item in planning.ready(session)] == [PlanState.PLANNED] * 3
    [record] = [each for each in reversing.records(session, 10) if each["batch"] == number]
    assert (record["done"], record["taking_back"], record["at"]) == ("3 unfollow", 3, "2026-11-22T12:00:00Z")


def test_never_follow_stays_never(session: Session, state: SandboxState, standing: FixedClock) -> None:
    rows = planned(session, state, 2)
    apply(session)
    annotating.tag(session, rows[:1], [NEVER_FOLLOW_TAG])
    found = reversing.reverse(session, reversing.latest(session)[0].id)
    assert (found.gesture.planned, found.gesture.held[0].reason) == (1, "tagged never follow")
