"""What X was asked to do is done once: lost answers, undo and redo, clicks, readings."""

from __future__ import annotations

import pytest
from filling import FIRST_X_ID, NOW, add_accounts, relate
from plan_world import ended

from followertui.domain.clock import FileClock
from followertui.domain.decision import ActionKind, Decision, Executor, PlanState
from followertui.domain.progress import NeverCancelled
from followertui.domain.stopping import StopReason
from followertui.services import querying
from followertui.services.plan import applying, planning, previewing
from followertui.services.plan import by_hand as hand
from followertui.services.plan.values import ApplyReport, HandAnswer, ItemOutcome
from followertui.services.review import deciding, undoing
from followertui.services.session import Session
from followertui.services.values import Word
from followertui.store.audience import pages
from followertui.store.decisions import calls, plans
from followertui.x.platform import Access
from followertui.x.sandbox.faults import Fault
from followertui.x.sandbox.made import FIRST_ID, made_state
from followertui.x.sandbox.state import SandboxState
from followertui.x.sandbox.transport import Sandbox, client_for

assert FIRST_X_ID == FIRST_ID


@pytest.fixture
def state() -> SandboxState:
    return made_state(2000, Access.ENTERPRISE)


@pytest.fixture
def signed_in(session: Session, state: SandboxState, clock: FileClock) -> Session:
    session.open_x = lambda: client_for(Sandbox(state, clock))
    return session


def followed(session: Session, state: SandboxState, count: int) -> list[int]:
    """Rows of the first accounts we follow in the sandbox."""
    ids = list(state.following)[:count]
    rows = add_accounts(session.store, *({"x_id": x_id, "handle": f"made_{x_id - FIRST_ID}"} for x_id in ids))
    relate(session.store, rows, "following")
    return rows


def apply(session: Session, budget: float | None = None) -> ApplyReport:
    job = applying.apply(session, NeverCancelled(), len(planning.ready(session)), None, budget)
    while True:
        try:
            next(job)
        except StopIteration as end:
            report: ApplyReport = end.value
            return report


def sent(state: SandboxState, method: str = "DELETE") -> int:
    return sum(call[2] == method and call[4] == 200 for call in state.calls)


def lose_answers(session: Session, state: SandboxState, clock: FileClock, count: int, is_done: bool = True) -> None:
    """Calls the program was killed in, after X had carried them out or before."""
    state.limits = {"unfollow": {"window": 1000}}
    client = client_for(Sandbox(state, clock))
    for item in planning.ready(session)[:count]:
        calls.begin_call(session.store, item, Executor.API, 0.01, NOW, "me")
        if is_done:
            assert client.perform(item.action, x_id_of(session, item.row)).ok


def x_id_of(session: Session, row: int) -> int:
    return int(session.store.con.execute("SELECT x_id FROM account WHERE row = ?", [row]).fetchone()[0])


def call_states(session: Session) -> dict[str, int]:
    return dict(session.store.con.execute("SELECT state, count(*) FROM call GROUP BY state").fetchall())


def priced(session: Session, state: str) -> float:
    found = session.store.con.execute("SELECT sum(price_usd) FROM call WHERE state = ?", [state]).fetchone()[0]
    return round(float(found), 4)


# --- answers that were lost -----------------------------------------------------------------


def test_what_x_had_done_before_the_kill_is_not_sent_again(
    signed_in: Session, state: SandboxState, clock: FileClock
) -> None:
    rows = followed(signed_in, state, 150)
    deciding.decide(signed_in, rows, Decision.OUT)
    lose_answers(signed_in, state, clock, 130)
    planning.recover(signed_in)
    lines = previewing.preview(signed_in, is_tried=True).lines
    assert lines[-1] == "130 calls of unknown outcome: looked up before anything is sent again, $1.30"
    report = apply(signed_in)
    assert (report.done, report.left, report.failed) == (150, 0, 0)
    assert sent(state) == 150
    assert sent(state, "GET") == 2
    assert state.ledger.units["users_by_ids"] == 130
    assert report.text == "150 actions done. 130 calls of unknown outcome looked up first. $1.50 at list price."
    assert call_states(signed_in) == {"done": 150, "read": 130}
    assert priced(signed_in, "read") == 1.3
    assert list(querying.rows_of(signed_in, "is:following")) == []


def test_what_x_had_not_done_is_sent(signed_in: Session, state: SandboxState, clock: FileClock) -> None:
    deciding.decide(signed_in, followed(signed_in, state, 3), Decision.OUT)
    lose_answers(signed_in, state, clock, 2, is_done=False)
    assert apply(signed_in).done == 3
    assert sent(state) == 3
    assert call_states(signed_in) == {"done": 3, "read": 2, "not-done": 2}


def test_a_doubt_outlives_undo_and_redo(signed_in: Session, state: SandboxState, clock: FileClock) -> None:
    deciding.decide(signed_in, followed(signed_in, state, 1), Decision.OUT)
    lose_answers(signed_in, state, clock, 1)
    planning.recover(signed_in)
    undoing.undo(signed_in)
    undoing.redo(signed_in)
    assert apply(signed_in).done == 1
    assert sent(state) == 1


@pytest.mark.parametrize(
    ("budget", "faults", "why"),
    [
        (0.019, [], "reading it costs $0.02 and $0.02 of the budget are left"),
        (None, [Fault(do="status", path="/2/users", method="GET", status=403)], "X does not let this account read"),
    ],
    ids=["unaffordable", "refused"],
)
def test_only_what_cannot_be_read_is_sent_again_and_said(
    signed_in: Session, state: SandboxState, clock: FileClock, budget: float | None, faults: list[Fault], why: str
) -> None:
    deciding.decide(signed_in, followed(signed_in, state, 2), Decision.OUT)
    lose_answers(signed_in, state, clock, 2)
    state.faults = faults
    report = apply(signed_in, budget)
    if budget is None:
        assert (report.done, report.stop) == (2, None)
        assert sent(state) == 4
        assert call_states(signed_in) == {"done": 2, "read": 2, "unknown": 2}
        assert priced(signed_in, "read") == 0
    else:
        assert report.stop is not None
        assert (report.done, report.stop.reason) == (1, StopReason.BUDGET)
        assert sent(state) == 3
    [said, *_] = [call for call in calls.last_calls(signed_in.store, Executor.API, 9) if call.state == "done"]
    assert "sent again: what came of the first call could not be read" in said.text
    assert why in said.text


def test_while_x_does_not_answer_nothing_is_sent_again(
    signed_in: Session, state: SandboxState, clock: FileClock
) -> None:
    deciding.decide(signed_in, followed(signed_in, state, 2), Decision.OUT)
    lose_answers(signed_in, state, clock, 1)
    state.faults = [Fault(do="reset", path="/2/users", method="GET")]
    report = apply(signed_in)
    assert report.stop is not None
    assert (report.done, report.stop.reason, sent(state)) == (0, StopReason.NO_ANSWER, 1)
    state.faults = []
    assert (apply(signed_in).done, sent(state)) == (2, 2)


def test_who_is_gone_meanwhile_is_ticked_off(signed_in: Session, state: SandboxState, clock: FileClock) -> None:
    [row] = followed(signed_in, state, 1)
    deciding.plan_add(signed_in, ActionKind.MUTE, [row])
    lose_answers(signed_in, state, clock, 1, is_done=False)
    state.suspended.add(x_id_of(signed_in, row))
    report = apply(signed_in)
    assert (report.missing, sent(state, "POST")) == (1, 0)


def test_what_someone_takes_out_of_the_plan_meanwhile_is_not_asked_about(
    signed_in: Session, state: SandboxState, clock: FileClock
) -> None:
    """The reading named items of the run's beginning, and the whole run broke off with a foreign key."""
    rows = followed(signed_in, state, 5)
    deciding.decide(signed_in, rows, Decision.OUT)
    lose_answers(signed_in, state, clock, 4)
    planning.recover(signed_in)
    state.faults = [Fault(do="status", path="/2/users", method="GET", status=503, calls=(1,))]
    job = applying.apply(signed_in, NeverCancelled(), 5)
    assert "looking it up" in next(job).text
    deciding.decide(signed_in, rows[:3], Decision.KEEP)
    events, report = ended(job)
    assert [event.text for event in events if event.outcome is ItemOutcome.HELD] == [
        f"@{pages.identity(signed_in.store, row).handle}: no longer planned" for row in rows[:3]
    ]
    assert (report.done, report.held, report.failed, report.left) == (2, 3, 0, 0)
    assert priced(signed_in, "read") == 0.01
    assert sent(state) == 5


def test_a_follow_request_that_waits_is_not_sent_again(
    signed_in: Session, state: SandboxState, clock: FileClock
) -> None:
    protected = next(
        i for i in state.followers if (state.profile(i) or {}).get("protected") and i not in state.following
    )
    [row] = add_accounts(signed_in.store, {"x_id": protected})
    deciding.decide(signed_in, [row], Decision.FOLLOW)
    lose_answers(signed_in, state, clock, 1)
    assert apply(signed_in).done == 1
    assert sent(state, "POST") == 1
    found = signed_in.store.con.execute("SELECT count(*) FROM own_relation").fetchone()
    assert found == (0,)


def read_ahead(session: Session, seconds: int) -> None:
    """The readings in the store have a later time than the clock: it was set back since."""
    with session.store.write() as con:
        con.execute("UPDATE snapshot SET as_of = ?", [NOW + seconds])
        con.execute("UPDATE relation SET last_seen = ?", [NOW + seconds])
        session.store.bump("relation", [line[0] for line in con.execute("SELECT row FROM relation")])


def test_with_a_clock_set_back_nobody_unfollowed_counts_as_followed(
    signed_in: Session, state: SandboxState, clock: FileClock
) -> None:
    """The reading seemed to be later than the unfollow: it was planned and sent again."""
    rows = followed(signed_in, state, 2)
    read_ahead(signed_in, 3600)
    deciding.decide(signed_in, rows, Decision.OUT)
    assert apply(signed_in).done == 2
    assert list(querying.rows_of(signed_in, "is:following")) == []
    deciding.decide(signed_in, rows, None)
    assert deciding.decide(signed_in, rows, Decision.OUT).planned == 0
    assert sent(state) == 2


def test_with_a_clock_set_back_an_earlier_reading_tells_nothing_of_a_call(
    signed_in: Session, state: SandboxState, clock: FileClock
) -> None:
    """A reading made before the call was taken for one made after it: the call was sent again."""
    deciding.decide(signed_in, followed(signed_in, state, 1), Decision.OUT)
    read_ahead(signed_in, 3600)
    lose_answers(signed_in, state, clock, 1)
    assert (apply(signed_in).done, sent(state), sent(state, "GET")) == (1, 1, 1)


def test_a_later_reading_tells_it_for_nothing(signed_in: Session, state: SandboxState, clock: FileClock) -> None:
    rows = followed(signed_in, state, 2)
    deciding.decide(signed_in, rows, Decision.OUT)
    lose_answers(signed_in, state, clock, 1)
    planning.recover(signed_in)
    first = calls.last_calls(signed_in.store, Executor.API, 1)[0].row
    with signed_in.store.write() as con:
        con.execute("UPDATE relation SET missed_at = ?, missed_snapshot = 1 WHERE row = ?", [NOW + 60, first])
    assert (apply(signed_in).done, sent(state), sent(state, "GET")) == (2, 2, 0)


# --- undo and redo --------------------------------------------------------------------------


def test_out_apply_undo_redo_apply_sends_once(signed_in: Session, state: SandboxState) -> None:
    rows = followed(signed_in, state, 3)
    deciding.decide(signed_in, rows, Decision.OUT)
    apply(signed_in)
    assert (
        "left alone: 3 already asked of X (`plan reverse` takes it back, B in the Plan)" in undoing.undo(signed_in).text
    )
    state.following.update(dict.fromkeys(x_id_of(signed_in, row) for row in rows))
    assert "left alone: 3 already asked of X (decide again to repeat it)" in undoing.redo(signed_in).text
    assert planning.ready(signed_in) == []
    assert sent(state) == 3
    assert {x_id_of(signed_in, row) for row in rows} <= set(state.following)


def test_undoing_a_later_keep_plans_nothing_that_was_done(signed_in: Session, state: SandboxState) -> None:
    rows = followed(signed_in, state, 1)
    deciding.decide(signed_in, rows, Decision.OUT)
    deciding.decide(signed_in, rows, Decision.KEEP)
    deciding.decide(signed_in, rows, Decision.OUT, word=Word(is_by_name=True))
    apply(signed_in)
    for _ in range(3):
        undoing.undo(signed_in)
        assert planning.ready(signed_in) == []
    for _ in range(3):
        undoing.redo(signed_in)
        assert planning.ready(signed_in) == []


def test_redo_plans_nothing_a_reading_confirmed_since(signed_in: Session, state: SandboxState) -> None:
    rows = followed(signed_in, state, 2)
    deciding.decide(signed_in, rows, Decision.OUT)
    undoing.undo(signed_in)
    with signed_in.store.write() as con:
        con.execute("UPDATE relation SET missed_at = ?, missed_snapshot = 1 WHERE row = ?", [NOW + 60, rows[0]])
        signed_in.store.bump("relation", rows)
    undoing.redo(signed_in)
    assert [item.row for item in planning.ready(signed_in)] == rows[1:]


def test_an_undo_before_anything_was_sent_is_redone_whole(signed_in: Session, state: SandboxState) -> None:
    rows = followed(signed_in, state, 2)
    deciding.decide(signed_in, rows, Decision.OUT)
    undoing.undo(signed_in)
    undoing.redo(signed_in)
    assert len(planning.ready(signed_in)) == 2


# --- clicks by hand -------------------------------------------------------------------------


def clicked(session: Session, count: int) -> list[int]:
    """Rows whose unfollow was recorded as done by hand."""
    rows = add_accounts(session.store, *({} for _ in range(count)))
    relate(session.store, rows, "following")
    deciding.decide(session, rows, Decision.OUT)
    for _ in rows:
        task = hand.next_manual(session)
        assert task is not None
        hand.record_manual(session, task.item_id, HandAnswer.DONE)
    return rows


def item_states(session: Session) -> list[str]:
    return [line[0] for line in session.store.con.execute("SELECT state FROM plan_item ORDER BY id")]


def test_clicks_of_an_earlier_session_are_not_undone(session: Session, clock: FileClock) -> None:
    clicked(session, 2)
    later = Session(session.store, clock)
    assert hand.undo_manual(later) is None
    assert item_states(session) == ["done-by-hand"] * 2
    assert hand.undo_manual(session) is not None


def test_what_a_reading_confirmed_is_not_undone(session: Session) -> None:
    rows = clicked(session, 2)
    items = session.store.con.execute("SELECT id FROM plan_item WHERE row = ?", [rows[1]]).fetchone()
    plans.set_states(session.store, items, PlanState.DONE, "confirmed by the reading of 23 Nov 2026")
    task = hand.undo_manual(session)
    assert task is not None
    assert task.cells.row == rows[0]
    assert hand.undo_manual(session) is None
    assert item_states(session) == ["planned", "done"]


def test_a_dropped_action_keeps_its_calls(signed_in: Session, state: SandboxState, clock: FileClock) -> None:
    """An undo after a call that failed broke off with a foreign key."""
    deciding.decide(signed_in, followed(signed_in, state, 1), Decision.OUT)
    lose_answers(signed_in, state, clock, 1, is_done=False)
    planning.recover(signed_in)
    [item] = planning.ready(signed_in)
    planning.drop(signed_in, [item.id])
    assert [call.item_id for call in calls.calls_of(signed_in.store, item.row)] == [None]
    assert item_states(signed_in) == []
