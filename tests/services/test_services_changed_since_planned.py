"""Who is no longer who was planned drops out until a person looks again; everyone at once is never meant."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from filling import add_accounts, relate
from plan_world import apply, planned, sent

from followertui.domain.clock import FileClock
from followertui.domain.decision import ActionKind, Decision, PlanState
from followertui.domain.errors import BadInput
from followertui.domain.kind import Kind
from followertui.services.plan import by_hand, changing, history, planner, planning, staying
from followertui.services.plan.values import HandAnswer
from followertui.services.review import deciding, narrowing, undoing
from followertui.services.session import Session
from followertui.services.values import Word
from followertui.store.decisions import plans
from followertui.x.platform import Access
from followertui.x.sandbox.made import made_state
from followertui.x.sandbox.state import SandboxState
from followertui.x.sandbox.transport import Sandbox, client_for


@pytest.fixture
def state() -> SandboxState:
    return made_state(200, Access.ENTERPRISE)


@pytest.fixture
def signed_in(session: Session, state: SandboxState, clock: FileClock) -> Session:
    session.open_x = lambda: client_for(Sandbox(state, clock))
    return session


def set_field(column: str, value: str | None) -> Callable[[Session, int], None]:
    def change(session: Session, row: int) -> None:
        with session.store.write() as con:
            con.execute(f"UPDATE account SET {column} = ? WHERE row = ?", [value, row])
            session.store.bump("profile", [row])

    return change


def follow_us(session: Session, row: int) -> None:
    relate(session.store, [row], "follower")


CHANGES = {
    "renamed": set_field("handle", "other_name"),
    "has a new bio": set_field("bio", "CEO of Globex"),
    "follows us now": follow_us,
}


@pytest.mark.parametrize("why", CHANGES)
def test_who_changed_since_drops_out_and_says_so(signed_in: Session, state: SandboxState, why: str) -> None:
    rows = planned(signed_in, state, 3)
    CHANGES[why](signed_in, rows[1])
    events, report = apply(signed_in)
    assert (report.done, report.held, sent(state)) == (2, 1, 2)
    said = [event.text for event in events if event.outcome == "held"]
    assert len(said) == 1
    assert f"changed since it was planned: {why}; bring it back to carry it out" in said[0]
    [item] = plans.items_in(signed_in.store, (PlanState.LATER,))
    overview = planning.overview(signed_in)
    assert [held.count for held in overview.groups[0].set_aside] == [1]
    [line] = planning.lines(signed_in, [item.id])
    assert line.reason.startswith(f"changed since it was planned: {why}")
    assert planner.Planner(signed_in).bring_back([item.id]).text == "back in the plan: 1 action"
    assert "changed since" not in planning.lines(signed_in, [item.id])[0].reason
    undoing.undo(signed_in)
    assert [each.id for each in plans.items_in(signed_in.store, (PlanState.LATER,))] == [item.id]
    undoing.redo(signed_in)
    assert apply(signed_in)[1].done == 1


@pytest.mark.parametrize("why", CHANGES)
def test_by_hand_no_link_is_given_for_who_changed(signed_in: Session, state: SandboxState, why: str) -> None:
    rows = planned(signed_in, state, 2)
    for row in rows:
        CHANGES[why](signed_in, row) if why != "renamed" else set_field("handle", f"new{row}")(signed_in, row)
    assert by_hand.next_manual(signed_in) is None


def test_what_was_not_known_before_is_no_change(signed_in: Session, state: SandboxState) -> None:
    rows = add_accounts(
        signed_in.store, *({"x_id": x_id, "handle": None, "bio": None} for x_id in list(state.following)[:2])
    )
    relate(signed_in.store, rows, "following")
    deciding.decide(signed_in, rows, Decision.OUT)
    set_field("handle", "now_known")(signed_in, rows[0])
    set_field("bio", "now known too")(signed_in, rows[1])
    assert apply(signed_in)[1].done == 2


def test_a_new_follower_is_no_surprise_where_it_makes_no_difference(signed_in: Session, state: SandboxState) -> None:
    rows = planned(signed_in, state, 1)
    undoing.undo(signed_in)
    deciding.plan_add(signed_in, ActionKind.MUTE, rows)
    follow_us(signed_in, rows[0])
    assert apply(signed_in)[1].done == 1


def test_an_import_sets_aside_who_changed(signed_in: Session, state: SandboxState) -> None:
    rows = planned(signed_in, state, 4)
    set_field("bio", "something else")(signed_in, rows[0])
    set_field("bio", "else again")(signed_in, rows[1])
    follow_us(signed_in, rows[2])
    said = changing.set_aside(signed_in)
    assert said == "out of the plan until you look again: 3 accounts changed (2 has a new bio, 1 follows us now)"
    assert changing.set_aside(signed_in) == ""
    assert [item.row for item in planning.ready(signed_in)] == [rows[3]]


def test_undo_of_a_drop_plans_who_it_is_now(signed_in: Session, state: SandboxState) -> None:
    [row] = planned(signed_in, state, 1)
    planning.drop(signed_in, [planning.ready(signed_in)[0].id])
    set_field("bio", "something else")(signed_in, row)
    undoing.undo(signed_in)
    assert apply(signed_in)[1].done == 1


# --- everyone, and the others ---------------------------------------------------------------


def test_everyone_has_to_be_narrowed(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(narrowing, "EVERYONE_FROM", 10)
    rows = add_accounts(session.store, *({"x_id": n, "handle": f"h{n}"} for n in range(1, 13)))
    relate(session.store, rows, "following")
    for decide in (
        lambda: deciding.decide(session, rows, Decision.OUT),
        lambda: deciding.plan_add(session, ActionKind.UNFOLLOW, rows),
        lambda: deciding.plan_add(session, ActionKind.BLOCK, rows),
    ):
        with pytest.raises(BadInput, match=r"this is everyone .*\(12\); narrow it first"):
            decide()
    assert planning.ready(session) == []
    assert deciding.decide(session, rows[1:], Decision.OUT).planned == 11
    deciding.plan_add(session, ActionKind.REMOVE_FOLLOWER, rows[:1])
    assert deciding.decide(session, rows, Decision.KEEP, word=Word(is_by_name=True)).changed == 12


def test_a_list_takes_a_chosen_few(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = add_accounts(session.store, *({"x_id": n, "handle": f"h{n}"} for n in range(1, 160)))
    with pytest.raises(BadInput, match="at most 150 at once, not 159"):
        deciding.plan_add(session, ActionKind.LIST_ADD, rows, "Press")
    assert deciding.plan_add(session, ActionKind.LIST_ADD, rows[:150], "Press").changed == 150
    monkeypatch.setattr(narrowing, "LIST_MEMBERS", 155)
    with pytest.raises(BadInput, match="150 are on it or planned for it"):
        deciding.plan_add(session, ActionKind.LIST_ADD, rows[150:], "Press")
    assert deciding.plan_add(session, ActionKind.LIST_ADD, rows[150:], "Other").changed == 9


def test_why_the_others_stay_adds_up(full: Session) -> None:
    rows = full.evaluator.rows(full.parse("is:following"), full.now).tolist()
    deciding.decide(full, rows[: len(rows) // 3], Decision.OUT)
    lines = staying.reasons(full)
    others = full.evaluator.rows(full.parse(staying.STAYING), full.now)
    assert sum(line.count for line in lines) == len(others) > 0
    assert any("guard:" in line.term for line in lines)
    for line in lines:
        assert len(full.evaluator.rows(full.parse(line.term), full.now)) == line.count, line


def test_a_part_of_the_plan_is_dropped(signed_in: Session, state: SandboxState) -> None:
    rows = planned(signed_in, state, 12)
    deciding.say_kind(signed_in, rows[:3], Kind.BOT)
    deciding.say_kind(signed_in, rows[3:5], Kind.OFFTOPIC)
    made = planner.Planner(signed_in)
    whole, *reasons = made.parts(planning.overview(signed_in))
    assert [(part.words.strip(), part.count) for part in (whole, *reasons)] == [
        ("unfollow", 12), ("bots", 3), ("off-topic", 2), ("no tie to us", 7),
    ]  # fmt: skip
    assert made.drop_part(reasons[0]).changed == 3
    assert {item.row for item in planning.ready(signed_in)} == set(rows[3:])
    undoing.undo(signed_in)
    assert len(planning.ready(signed_in)) == 12
    assert made.drop_part(whole).changed == 12
    assert made.parts(planning.overview(signed_in)) == []


def test_a_sample_is_of_what_is_ready(signed_in: Session, state: SandboxState) -> None:
    rows = planned(signed_in, state, 30)
    found = planner.Planner(signed_in).sample(20)
    assert len({line.cells.row for line in found}) == 20
    assert {line.cells.row for line in found} <= set(rows)


def test_the_journal_keeps_why_each_was_done(signed_in: Session, state: SandboxState) -> None:
    rows = planned(signed_in, state, 3)
    deciding.say_kind(signed_in, rows[:1], Kind.BOT)
    why = {
        line.cells.handle: line.reason for line in planning.lines(signed_in, [i.id for i in planning.ready(signed_in)])
    }
    assert why["made_0"].startswith("bot")
    apply(signed_in, limit=2)
    task = by_hand.next_manual(signed_in)
    assert task is not None
    assert task.why == why[task.cells.handle]
    by_hand.record_manual(signed_in, task.item_id, HandAnswer.DONE)
    assert {each["handle"]: each["why"] for each in history.records(signed_in, 10)} == why
