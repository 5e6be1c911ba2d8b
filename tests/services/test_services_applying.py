"""Carrying the plan out through the sandbox X of the demo, and by hand."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from filling import DAY, FIRST_X_ID, NOW, add_accounts, add_list, add_match, add_score, relate

from followertui.domain.clock import FileClock, FixedClock, from_epoch
from followertui.domain.decision import PRUNING_ACTIONS, ActionKind, Decision, Executor, PlanState
from followertui.domain.errors import BadInput, Busy, NothingToDo
from followertui.domain.kind import Kind
from followertui.domain.progress import NeverCancelled
from followertui.domain.stopping import Stop, StopReason
from followertui.services import querying
from followertui.services.care import doctor
from followertui.services.plan import applying, planning
from followertui.services.plan import by_hand as hand
from followertui.services.plan.values import ApplyEvent, ApplyReport, HandAnswer
from followertui.services.review import deciding, releasing, undoing
from followertui.services.session import Session
from followertui.services.sync import costs
from followertui.services.values import Word
from followertui.store.decisions import calls, plans
from followertui.store.file import backup_folder
from followertui.store.file.connection import Store
from followertui.x.platform import Access
from followertui.x.sandbox.faults import Fault
from followertui.x.sandbox.made import FIRST_ID, made_state
from followertui.x.sandbox.state import SandboxState
from followertui.x.sandbox.transport import Sandbox, client_for

assert FIRST_X_ID == FIRST_ID


@pytest.fixture
def state() -> SandboxState:
    return made_state(200, Access.ENTERPRISE)


@pytest.fixture
def signed_in(session: Session, state: SandboxState, clock: FileClock) -> Session:
    session.open_x = lambda: client_for(Sandbox(state, clock))
    return session


def mirror(session: Session, state: SandboxState, count: int) -> list[int]:
    """Rows of the first accounts we follow in the sandbox."""
    ids = list(state.following)[:count]
    rows = add_accounts(session.store, *({"x_id": x_id, "handle": f"made_{x_id - FIRST_ID}"} for x_id in ids))
    relate(session.store, rows, "following")
    return rows


def ids_of(session: Session, rows: list[int]) -> set[int]:
    return {session.store.con.execute("SELECT x_id FROM account WHERE row = ?", [row]).fetchone()[0] for row in rows}


def states(session: Session) -> dict[int, str]:
    return dict(session.store.con.execute("SELECT row, state FROM plan_item").fetchall())


def run(
    job: Generator[ApplyEvent, None, ApplyReport], on_event: Callable[[ApplyEvent], None] = lambda event: None
) -> tuple[list[ApplyEvent], ApplyReport]:
    events = []
    while True:
        try:
            events.append(next(job))
        except StopIteration as done:
            return events, done.value
        on_event(events[-1])


def apply(
    session: Session, count: int, limit: int | None = None, **options: Any
) -> tuple[list[ApplyEvent], ApplyReport]:
    return run(applying.apply(session, NeverCancelled(), count, limit), **options)


def test_exactly_the_decided_are_unfollowed(signed_in: Session, state: SandboxState) -> None:
    rows = mirror(signed_in, state, 20)
    out, kept = rows[::2], rows[1::2]
    deciding.decide(signed_in, out, Decision.OUT)
    deciding.decide(signed_in, kept, Decision.KEEP)
    before = set(state.following)
    gone = ids_of(signed_in, out)
    events, report = apply(signed_in, 10)
    assert before - set(state.following) == gone
    assert [event.outcome for event in events] == ["done"] * 10
    assert [event.done for event in events] == list(range(1, 11))
    assert (report.done, report.left, report.stop, report.cost_usd) == (10, 0, None, 0.1)
    assert report.text == "10 actions done. $0.10 at list price."
    assert states(signed_in) == dict.fromkeys(out, "done")
    assert list(querying.rows_of(signed_in, "is:following")) == kept
    assert [call[3].count("/following/") for call in state.calls] == [1] * 10
    with pytest.raises(NothingToDo):
        apply(signed_in, 0)


def test_a_call_costs_two_transactions(signed_in: Session, state: SandboxState) -> None:
    """One before it and one after it; all else of a run happens once."""
    deciding.decide(signed_in, mirror(signed_in, state, 30), Decision.OUT)
    begun: list[str] = []

    def writes(actions: int) -> int:
        def one() -> Generator[ApplyEvent, None, ApplyReport]:
            signed_in.store.con.set_trace_callback(begun.append)
            report = yield from applying.apply(signed_in, NeverCancelled(), actions, actions)
            signed_in.store.con.set_trace_callback(None)
            return report

        begun.clear()
        assert run(one())[1].done == actions
        return sum(statement == "BEGIN IMMEDIATE" for statement in begun)

    writes(1)
    few = writes(5)
    assert writes(15) - few == 2 * (15 - 5)


def test_the_typed_count_must_be_what_is_ready(signed_in: Session, state: SandboxState) -> None:
    deciding.decide(signed_in, mirror(signed_in, state, 5), Decision.OUT)
    with pytest.raises(BadInput, match="has 5 to carry out, not 4; nothing was done"):
        apply(signed_in, 4)
    assert state.calls_made == 0
    assert apply(signed_in, 2, limit=2)[1].left == 3


def test_nobody_signed_in_is_said(session: Session) -> None:
    with pytest.raises(BadInput, match="no account is signed in"):
        apply(session, 1)


def test_only_one_process_applies(signed_in: Session, state: SandboxState) -> None:
    deciding.decide(signed_in, mirror(signed_in, state, 1), Decision.OUT)
    with signed_in.store.write() as con:
        con.execute("INSERT INTO lease VALUES ('apply', 1, 'elsewhere', '', ?)", [int(time.time())])
    with pytest.raises(Busy):
        apply(signed_in, 1)


def test_the_rate_window_passes_in_made_up_time(signed_in: Session, state: SandboxState, clock: FileClock) -> None:
    rows = mirror(signed_in, state, 12)
    state.limits = {"unfollow": {"window": 5}}
    deciding.decide(signed_in, rows, Decision.OUT)
    events, report = apply(signed_in, 12)
    assert (report.done, report.stop) == (12, None)
    assert [event.outcome for event in events].count("waiting") == 2
    assert clock.now() - from_epoch(NOW) > timedelta(minutes=30)
    assert not ids_of(signed_in, rows) & set(state.following)


def test_a_full_rate_window_ends_the_run_where_time_is_real(session: Session, state: SandboxState) -> None:
    standing = FixedClock(from_epoch(NOW))
    session.clock, session.open_x = standing, lambda: client_for(Sandbox(state, standing))
    state.limits = {"unfollow": {"window": 4}}
    # Another program of the same account took one of them, which only X knows.
    assert session.open_x().perform(ActionKind.UNFOLLOW, list(state.following)[-1]).ok
    deciding.decide(session, mirror(session, state, 5), Decision.OUT)
    events, report = apply(session, 5)
    assert (report.done, report.left, events[-1].outcome) == (3, 2, "waiting")
    assert report.stop == Stop(StopReason.RATE_LIMIT, from_epoch(NOW + 900))
    assert report.stop.passes
    assert report.stop_text == "X's rate limit is reached; run apply again from Sun 22 Nov, 12:15"
    assert session.store.con.execute("SELECT DISTINCT reason FROM plan_item WHERE state = 'planned'").fetchall() == [
        ("decided out",)
    ]
    standing.advance(timedelta(minutes=16))
    assert apply(session, 2)[1].done == 2


@pytest.mark.parametrize("then", ["undo", "drop"])
def test_doctor_is_content_after_a_rate_limit_and_a_change_of_mind(
    session: Session, state: SandboxState, then: str
) -> None:
    standing = FixedClock(from_epoch(NOW))
    session.clock, session.open_x = standing, lambda: client_for(Sandbox(state, standing))
    state.limits = {"unfollow": {"window": 1}}
    deciding.decide(session, mirror(session, state, 3), Decision.OUT)
    assert apply(session, 3)[1].stop is not None
    if then == "undo":
        undoing.undo(session)
    else:
        planning.drop(session, [item.id for item in planning.ready(session)])
    assert [finding for finding in doctor.doctor(session) if finding.level == "bad"] == []
    assert doctor.mend(session) == []


def test_the_store_is_copied_before_x_is_asked(signed_in: Session, state: SandboxState) -> None:
    signed_in.store.keeps_backups = True
    rows = mirror(signed_in, state, 2)
    deciding.decide(signed_in, rows, Decision.OUT)
    apply(signed_in, 2)
    [kept] = backup_folder.kept(signed_in.store.path)
    before = Store(kept.path)
    assert before.con.execute("SELECT count(*) FROM call").fetchone() == (0,)
    assert before.con.execute("SELECT count(*) FROM plan_item WHERE state = 'planned'").fetchone() == (2,)
    before.close()


def test_the_daily_cap_holds_until_the_next_day(session: Session, state: SandboxState, monkeypatch: Any) -> None:
    standing = FixedClock(from_epoch(NOW))
    session.clock, session.open_x = standing, lambda: client_for(Sandbox(state, standing))
    monkeypatch.setattr(type(applying.Platform.load()), "pace", lambda self, action: applying_pace(4))
    deciding.decide(session, mirror(session, state, 6), Decision.OUT)
    _, report = apply(session, 6)
    assert (report.done, report.left) == (4, 2)
    assert report.stop == Stop(StopReason.DAILY_CAP, from_epoch(NOW + 12 * 3600), 4)
    assert report.stop_text == "the daily cap of 4 is reached; run apply again from Mon 23 Nov, 00:00"
    assert apply(session, 2)[1].done == 0
    standing.advance(timedelta(hours=12))
    assert apply(session, 2)[1].done == 2


def applying_pace(per_day: int) -> Any:
    from followertui.x.platform import Pace

    return Pace(per_day, per_day)


def test_gone_and_suspended_are_ticked_off_and_remembered(signed_in: Session, state: SandboxState) -> None:
    rows = mirror(signed_in, state, 3)
    first, second, _ = (
        signed_in.store.con.execute("SELECT x_id FROM account WHERE row = ?", [r]).fetchone()[0] for r in rows
    )
    state.gone.add(first)
    state.suspended.add(second)
    deciding.plan_add(signed_in, ActionKind.MUTE, rows)
    events, report = apply(signed_in, 3)
    assert (report.done, report.missing, report.failed) == (1, 2, 0)
    assert sorted(event.outcome for event in events) == ["done", "missing", "missing"]
    assert states(signed_in) == {rows[0]: "missing", rows[1]: "missing", rows[2]: "done"}
    assert list(querying.rows_of(signed_in, "is:gone")) == rows[:1]
    assert list(querying.rows_of(signed_in, "is:suspended")) == rows[1:2]


@pytest.mark.parametrize("kind", ["timeout", "reset", "lost", "html", "cut"])
def test_a_broken_line_is_tried_again(signed_in: Session, state: SandboxState, kind: str) -> None:
    rows = mirror(signed_in, state, 3)
    deciding.decide(signed_in, rows, Decision.OUT)
    state.faults = [made_fault(kind, (2,))]
    events, report = apply(signed_in, 3)
    assert (report.done, report.failed, report.left) == (3, 0, 0)
    assert [event.outcome for event in events].count("waiting") == 1
    assert not ids_of(signed_in, rows) & set(state.following)
    calls = dict(signed_in.store.con.execute("SELECT state, count(*) FROM call GROUP BY state").fetchall())
    was_carried_out = kind in ("lost", "cut")
    assert calls == ({"done": 3, "read": 1} if was_carried_out else {"done": 3, "read": 1, "not-done": 1})
    # Lost on the way back: X had done it, so it is looked up and not sent again.
    assert [call[2] for call in state.calls].count("DELETE") == (3 if was_carried_out else 4)


def made_fault(kind: str, calls: tuple[int, ...] = ()) -> Fault:
    return Fault(do=kind, path="*/following/*", method="DELETE", calls=calls)


def test_a_dead_line_stops_the_run_and_loses_nobody(signed_in: Session, state: SandboxState) -> None:
    rows = mirror(signed_in, state, 3)
    deciding.decide(signed_in, rows, Decision.OUT)
    state.faults = [made_fault("reset")]
    _, report = apply(signed_in, 3)
    assert (report.done, report.left) == (0, 3)
    assert report.stop is not None
    assert (report.stop.reason, report.stop.passes) == (StopReason.NO_ANSWER, False)
    assert "could not be reached" in report.stop_text
    assert set(states(signed_in).values()) == {"planned"}
    state.faults = []
    assert apply(signed_in, 3)[1].done == 3


def test_spent_credit_stops_the_run(signed_in: Session, state: SandboxState) -> None:
    rows = mirror(signed_in, state, 5)
    deciding.decide(signed_in, rows, Decision.OUT)
    state.ledger.balance_mills = 20
    _, report = apply(signed_in, 5)
    assert report.done == 5 - report.left
    assert 0 < report.done < 5
    assert report.stop is not None
    assert (report.stop.reason, report.stop.passes) == (StopReason.CREDIT, False)
    assert "credit" in report.stop_text
    assert list(states(signed_in).values()).count("planned") == report.left


def test_a_guard_that_comes_between_holds_the_call_back(signed_in: Session, state: SandboxState) -> None:
    rows = mirror(signed_in, state, 3)
    deciding.decide(signed_in, rows, Decision.OUT)
    order = [item.row for item in planning.ready(signed_in)]

    def guard(event: ApplyEvent) -> None:
        if event.done == 1:
            deciding.say_kind(signed_in, [order[2]], Kind.CUSTOMER)

    events, report = apply(signed_in, 3, on_event=guard)
    assert [event.outcome for event in events] == ["done", "done", "held"]
    assert "is a customer" in events[2].text
    assert (report.done, report.held) == (2, 1)
    assert ids_of(signed_in, order[2:]) <= set(state.following)
    assert states(signed_in)[order[2]] == "held"


def test_what_is_taken_back_meanwhile_is_not_asked_of_x(signed_in: Session, state: SandboxState) -> None:
    rows = mirror(signed_in, state, 3)
    for row in rows:
        deciding.decide(signed_in, [row], Decision.OUT)
    last = planning.ready(signed_in)[-1].row
    events, report = apply(
        signed_in, 3, on_event=lambda event: undoing.undo(signed_in) and None if event.done == 1 else None
    )
    assert (report.done, report.held) == (2, 1)
    assert events[-1].text.endswith("no longer planned")
    assert ids_of(signed_in, [last]) <= set(state.following)
    assert signed_in.store.con.execute("SELECT count(*) FROM call WHERE row = ?", [last]).fetchone() == (0,)


def test_a_person_can_stop_between_two_calls(signed_in: Session, state: SandboxState) -> None:
    deciding.decide(signed_in, mirror(signed_in, state, 4), Decision.OUT)
    stop = Event()
    events, report = run(applying.apply(signed_in, stop, 4), lambda event: stop.set() if event.done == 2 else None)
    assert (len(events), report.done, report.left, report.stop) == (2, 2, 2, Stop(StopReason.PERSON))


def test_the_first_refusal_turns_the_rest_to_by_hand(signed_in: Session, state: SandboxState) -> None:
    state.access = Access.PAY_PER_USE
    rows = mirror(signed_in, state, 6)
    deciding.decide(signed_in, rows, Decision.OUT)
    assert planning.overview(signed_in).groups[0].via == "hand", "until the API is known to do it"
    events, report = apply(signed_in, 6)
    assert [event.outcome for event in events] == ["switched-to-hand"]
    assert (report.done, report.by_hand, report.left, report.failed) == (0, 6, 6, 0)
    assert report.text == "nothing done through the API, 6 to do by hand."
    assert state.calls_made == 1
    assert states(signed_in) == dict.fromkeys(rows, "planned")
    [group] = planning.overview(signed_in).groups
    assert (group.via, group.ready, group.price_usd) == ("hand", 6, None)
    with pytest.raises(NothingToDo, match="--via hand"):
        apply(signed_in, 6)
    task = hand.next_manual(signed_in)
    assert task is not None
    assert (task.position, task.total) == (1, 6)


def test_mutes_still_go_through_the_api_after_a_refused_unfollow(signed_in: Session, state: SandboxState) -> None:
    state.access = Access.PAY_PER_USE
    rows = mirror(signed_in, state, 4)
    deciding.decide(signed_in, rows[:2], Decision.OUT)
    deciding.plan_add(signed_in, ActionKind.MUTE, rows[2:])
    _, report = apply(signed_in, 4)
    assert (report.done, report.by_hand) == (2, 2)
    assert set(state.muted) == ids_of(signed_in, rows[2:])


def test_a_killed_run_asks_again(signed_in: Session, state: SandboxState, tmp_path: Path, clock: FileClock) -> None:
    rows = mirror(signed_in, state, 3)
    deciding.decide(signed_in, rows, Decision.OUT)
    [item, *_] = planning.ready(signed_in)
    calls.begin_call(signed_in.store, item, Executor.API, 0.01, NOW, "me")
    store = Store(tmp_path / "store.db")
    again = Session(store, clock, open_x=signed_in.open_x)
    assert calls.open_calls(store)[0].item_id == item.id
    _, report = apply(again, 3)
    assert (report.done, report.left) == (3, 0)
    assert calls.open_calls(store) == []
    told = [call.state for call in calls.calls_of(store, item.row)]
    assert told == ["done", "read", "not-done"]
    assert not ids_of(again, rows) & set(state.following)
    again.close()


def test_worst_come_first(signed_in: Session, state: SandboxState) -> None:
    good, bot, harmful = mirror(signed_in, state, 3)
    add_score(signed_in.store, bot, "bot", bot=90, harmful=0)
    add_score(signed_in.store, harmful, "harmful", bot=10, harmful=80)
    deciding.decide(signed_in, [good, bot, harmful], Decision.OUT)
    assert [item.row for item in planning.ready(signed_in)] == [harmful, bot, good]
    lines = planning.lines(signed_in, planning.overview(signed_in).item_ids)
    assert [line.cells.row for line in lines] == [harmful, bot, good]


def test_who_has_no_id_goes_by_hand(signed_in: Session, state: SandboxState) -> None:
    rows = mirror(signed_in, state, 1)
    [nameless] = add_accounts(signed_in.store, {"x_id": None, "handle": "only_a_handle"})
    relate(signed_in.store, [nameless], "following")
    deciding.decide(signed_in, [*rows, nameless], Decision.OUT)
    _, report = apply(signed_in, 2)
    assert (report.done, report.by_hand, states(signed_in)[nameless]) == (1, 1, "planned")


def test_a_request_that_waits_for_its_answer_is_no_follow_yet(signed_in: Session, state: SandboxState) -> None:
    protected = next(
        i for i in state.followers if (state.profile(i) or {}).get("protected") and i not in state.following
    )
    [row] = add_accounts(signed_in.store, {"x_id": protected})
    deciding.decide(signed_in, [row], Decision.FOLLOW)
    _, report = apply(signed_in, 1)
    assert (report.done, states(signed_in)[row]) == (1, "done")
    assert list(querying.rows_of(signed_in, "is:following")) == []


# --- by hand ---------------------------------------------------------------------------------


def by_hand(session: Session, count: int) -> list[int]:
    rows = add_accounts(session.store, *({} for _ in range(count)))
    relate(session.store, rows, "following")
    deciding.decide(session, rows, Decision.OUT)
    return rows


def test_by_hand_goes_one_after_the_other(session: Session, clock: FileClock) -> None:
    rows = by_hand(session, 3)
    for position, (row, word) in enumerate(
        zip(rows, (HandAnswer.DONE, HandAnswer.MISSING, HandAnswer.LATER), strict=True), start=1
    ):
        task = hand.next_manual(session)
        assert task is not None
        assert (task.cells.row, task.action) == (row, ActionKind.UNFOLLOW)
        assert task.url.startswith("https://x.com/")
        if position == 1:
            assert (task.position, task.total) == (1, 3)
        hand.record_manual(session, task.item_id, word)
    assert hand.next_manual(session) is None
    assert states(session) == dict(zip(rows, ("done-by-hand", "missing", "later"), strict=True))
    assert list(querying.rows_of(session, "is:following")) == rows[1:]
    clock.advance(timedelta(days=1, minutes=1))
    back = hand.next_manual(session)
    assert back is not None
    assert back.cells.row == rows[2]


def test_a_click_is_taken_back_and_done_again(session: Session) -> None:
    rows = by_hand(session, 2)
    assert hand.undo_manual(session) is None
    task = hand.next_manual(session)
    assert task is not None
    hand.record_manual(session, task.item_id, HandAnswer.DONE)
    back = hand.undo_manual(session)
    assert back is not None
    assert back.item_id == task.item_id
    assert list(querying.rows_of(session, "is:following")) == rows
    assert states(session) == dict.fromkeys(rows, "planned")
    assert hand.undo_manual(session) is None


def put_off(session: Session) -> int:
    """Put the next click off; its item."""
    task = hand.next_manual(session)
    assert task is not None
    hand.record_manual(session, task.item_id, HandAnswer.LATER)
    return task.item_id


def test_what_is_put_off_by_hand_is_a_gesture_of_the_journal(session: Session) -> None:
    rows = by_hand(session, 2)
    put_off(session)
    line = undoing.lines(session)[0]
    assert (line.command, line.text) == ("plan.later", "later: @user_1 · back in the plan on 23 Nov 2026")
    undone = undoing.undo(session)
    assert (undone.text, undone.rows) == (f"undo: {line.text}", (rows[0],))
    assert states(session) == dict.fromkeys(rows, "planned")
    assert hand.undo_manual(session) is None, "it was taken back already"
    undoing.redo(session)
    assert states(session) == dict(zip(rows, ("later", "planned"), strict=True))


def test_back_one_takes_what_was_put_off_back_in_the_journal_too(session: Session) -> None:
    rows = by_hand(session, 2)
    item_id = put_off(session)
    back = hand.undo_manual(session)
    assert back is not None
    assert back.item_id == item_id
    assert states(session) == dict.fromkeys(rows, "planned")
    assert undoing.redo(session).text == "redo: later: @user_1 · back in the plan on 23 Nov 2026"
    assert states(session)[rows[0]] == "later"


def test_what_was_brought_back_is_put_off_again_by_undo(session: Session) -> None:
    rows = by_hand(session, 3)
    items = [put_off(session), put_off(session)]
    gesture = planning.bring_back(session, items)
    assert gesture.text == "back in the plan: 2 actions"
    assert states(session) == dict.fromkeys(rows, "planned")
    deciding.decide(session, rows[:1], Decision.KEEP, word=Word(is_by_name=True))
    undone = undoing.revert(session, gesture.entry_id)
    assert undone.text == "undo: back in the plan: 2 actions · left alone: 1 changed since"
    assert states(session) == {rows[1]: "later", rows[2]: "planned"}
    assert plans.due_at(session.store, items) == {items[1]: NOW + DAY}
    assert planning.bring_back(session, items[:1]).text == "none of these was put off"


def test_taking_back_what_was_planned_anew_since_keeps_the_new_item(session: Session) -> None:
    rows = by_hand(session, 1)
    task = hand.next_manual(session)
    assert task is not None
    hand.record_manual(session, task.item_id, HandAnswer.MISSING)
    deciding.plan_add(session, ActionKind.UNFOLLOW, rows)
    assert hand.undo_manual(session) is not None
    found = session.store.con.execute("SELECT state FROM plan_item ORDER BY id").fetchall()
    assert found == [("missing",), ("planned",)]


def test_what_is_no_longer_planned_cannot_be_marked(session: Session) -> None:
    by_hand(session, 1)
    task = hand.next_manual(session)
    assert task is not None
    undoing.undo(session)
    with pytest.raises(BadInput, match="no longer in the plan"):
        hand.record_manual(session, task.item_id, HandAnswer.DONE)


def test_by_hand_holds_back_what_a_guard_caught_since(session: Session) -> None:
    rows = by_hand(session, 2)
    entities = add_list(session.store, "Customers", "customer", ["Acme"])
    add_match(session.store, rows[0], entities["Acme"], "likely", 70)
    task = hand.next_manual(session)
    assert task is not None
    assert task.cells.row == rows[1]


# --- the plan's numbers ------------------------------------------------------------------------


def ready_rows(session: Session, action: ActionKind) -> list[int]:
    free = "-is:guarded" if action in PRUNING_ACTIONS else ""
    return list(querying.rows_of(session, f"plan:{action.value} {free}"))


def test_every_number_of_the_plan_opens_the_rows_it_counts(full: Session) -> None:
    planning.refresh_holds(full)
    everyone = list(querying.rows_of(full, ""))
    with full.store.write() as con:
        con.execute("DELETE FROM plan_item WHERE state = 'later' OR row NOT IN (SELECT row FROM account WHERE "
                    "hidden_by IS NULL AND merged_into IS NULL)")  # fmt: skip
        full.store.bump("decision", range(1, 61))
    deciding.decide(full, everyone, Decision.OUT)
    overview = planning.overview(full)
    counts = plans.state_counts(full.store)
    for group in overview.groups:
        by_state = {state: counts.get((group.action.value, state.value), 0) for state in PlanState}
        assert group.ready == by_state[PlanState.PLANNED] + by_state[PlanState.ATTEMPTING]
        assert sum(line.count for line in group.by_reason) == len(ready_rows(full, group.action))
        assert sum(line.count for line in group.held_by) == group.held == by_state[PlanState.HELD]
        for line in (*group.by_reason, *group.collateral):
            if line.term:
                assert len(querying.rows_of(full, line.term)) == line.count, line
    rows_open = {line.cells.row for line in planning.lines(full, overview.item_ids)}
    assert rows_open == set(querying.rows_of(full, "is:planned"))
    assert len(overview.item_ids) == sum(group.ready + group.held + group.later for group in overview.groups)


def test_the_plan_is_grouped_by_what_the_accounts_are_worst_first(session: Session) -> None:
    """A released customer counts as a customer, not as "of another kind"; a row says what speaks for it."""
    rows = add_accounts(session.store, *({"handle": f"a{n}"} for n in range(7)))
    relate(session.store, rows, "following")
    relate(session.store, rows[5:6], "follower")
    add_score(session.store, rows[2], bot=90, kind="bot")
    add_score(session.store, rows[3], kind="harmful")
    add_score(session.store, rows[5], kind="unclear")
    deciding.say_kind(session, rows[:2], Kind.CUSTOMER)
    deciding.say_kind(session, rows[6:], Kind.VENDOR)
    releasing.release(session, rows[:2])
    deciding.decide(session, rows, Decision.OUT)
    [group] = planning.overview(session).groups
    assert group.pace == "7 clicks by hand, about 42 s"
    said = [(line.value, line.count) for line in group.by_reason]
    assert said == [
        ("harmful", 1), ("bots", 1), ("no tie to us", 1), ("unclear", 1), ("customers", 2), ("vendors", 1)
    ]  # fmt: skip
    for line in group.by_reason:
        assert len(querying.rows_of(session, line.term)) == line.count, line
    why = {line.cells.row: line.reason for line in planning.lines(session, planning.overview(session).item_ids)}
    assert why[rows[2]] == "a reason"
    assert why[rows[6]] == "vendor; decided out"


def test_no_follow_after_an_unfollow_for_thirty_days(signed_in: Session, state: SandboxState, clock: FileClock) -> None:
    """Following and unfollowing by turns is what X bans for: held, named, and released on purpose only."""
    rows = mirror(signed_in, state, 3)
    deciding.decide(signed_in, rows, Decision.OUT)
    apply(signed_in, 2, limit=2)
    task = hand.next_manual(signed_in)
    assert task is not None
    hand.record_manual(signed_in, task.item_id, HandAnswer.DONE)
    deciding.decide(signed_in, rows, Decision.FOLLOW)
    [group] = [group for group in planning.overview(signed_in).groups if group.action is ActionKind.FOLLOW]
    assert (group.ready, group.held) == (0, 3)
    assert group.held_by[0].reason == "unfollowed less than 30 days ago (release to allow)"
    with pytest.raises(NothingToDo):
        apply(signed_in, 3)
    assert "released from: unfollowed less than 30 days ago" in releasing.release(signed_in, rows[:1]).text
    assert [item.row for item in planning.ready(signed_in)] == rows[:1]
    clock.advance(timedelta(days=31))
    assert {item.row for item in planning.ready(signed_in)} == set(rows)


def test_without_a_customer_list_the_plan_warns(session: Session) -> None:
    by_hand(session, 1)
    assert "No customer list" in planning.overview(session).warnings[0]
    add_list(session.store, "Customers", "customer", ["Acme"])
    assert planning.overview(session).warnings == ()


def test_items_are_dropped_and_come_back_with_undo(session: Session) -> None:
    rows = by_hand(session, 3)
    ids = list(planning.overview(session).item_ids)
    with session.store.write() as con:
        con.execute("UPDATE plan_item SET state = 'done' WHERE id = ?", [ids[0]])
        session.store.bump("decision", rows)
    done = planning.drop(session, [*ids, 999])
    assert (done.changed, done.unplanned, done.held[0].count) == (2, 2, 1)
    assert set(querying.rows_of(session, "decision:out")) == set(rows)
    assert list(querying.rows_of(session, "is:planned")) == []
    undoing.undo(session)
    assert len(querying.rows_of(session, "is:planned")) == 2
    assert planning.drop(session, []).text == "Nothing to drop."


def test_a_link_is_handed_out_while_no_guard_holds_the_account(session: Session) -> None:
    """Shown, shown again, and after an undo: each time the tables are asked in the transaction that records it."""
    rows = add_accounts(session.store, {}, {})
    relate(session.store, rows, "following")
    deciding.decide(session, rows, Decision.OUT)
    first = hand.next_manual(session)
    assert first is not None
    handed = "SELECT item_id, via, reviewer FROM handed_out"
    assert session.store.con.execute(handed).fetchall() == [(first.item_id, "screen", "me")]
    hand.record_manual(session, first.item_id, HandAnswer.DONE)
    deciding.say_kind(session, rows, Kind.CUSTOMER)
    assert hand.hand_again(session, first.item_id) is None
    assert hand.next_manual(session) is None
    assert hand.undo_manual(session) is None
    assert set(states(session).values()) == {"held"}
    [other] = {row for row in states(session) if row != first.cells.row}
    [number] = session.store.con.execute("SELECT id FROM plan_item WHERE row = ?", [other]).fetchone()
    with pytest.raises(BadInput, match=r"held back: is a customer .*; its link was not handed out"):
        hand.record_manual(session, number, HandAnswer.DONE)


def test_a_read_only_store_hands_out_no_guarded_link(session: Session) -> None:
    rows = add_accounts(session.store, {}, {})
    relate(session.store, rows, "following")
    deciding.decide(session, rows, Decision.OUT)
    with session.store.write() as con:
        con.execute("INSERT INTO kind_word VALUES (?, 'customer', 'me', ?)", [rows[0], NOW])
    looking = Session(Store(session.store.path, is_read_only=True), session.clock)
    task = hand.next_manual(looking)
    assert task is not None
    assert task.cells.row == rows[1]
    looking.close()


@pytest.mark.parametrize(("budget", "words"), [("day", "for today"), ("month", "for this month")])
def test_the_budgets_of_day_and_month_hold_back_the_next_call(
    signed_in: Session, state: SandboxState, budget: str, words: str
) -> None:
    rows = mirror(signed_in, state, 5)
    deciding.decide(signed_in, rows, Decision.OUT)
    costs.set_budget(signed_in, 0.025 if budget == "day" else None, 0.025 if budget == "month" else None)
    _, report = run(applying.apply(signed_in, NeverCancelled(), 5))
    assert (report.done, state.ledger.spent_usd) == (2, pytest.approx(0.02))
    assert report.stop is not None
    assert report.stop.reason is StopReason.BUDGET
    assert f"the budget {words} leaves $0.005; followertui costs --{budget} USD raises it" in report.text
    costs.set_budget(signed_in, 0, 0)
    assert run(applying.apply(signed_in, NeverCancelled(), 3))[1].done == 3
