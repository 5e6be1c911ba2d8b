"""Carries out the plan by hand: one page of X after the other, one answer for each click.

Owns the order of clicks, what an answer means and taking the last one back. ``Workbench``
and worksheets call it.
"""

from __future__ import annotations

from followertui.domain.clock import DAY
from followertui.domain.decision import CHANGEABLE_PLAN_STATES, ActionKind, Executor, Handing, PlanItem, PlanState
from followertui.domain.errors import BadInput
from followertui.services import guarding
from followertui.services.plan import own_relations, pacing, planning
from followertui.services.plan.values import HandAnswer, HandTask
from followertui.services.row_cells import cells
from followertui.services.session import Session
from followertui.services.values import Gesture, HeldBack
from followertui.store.decisions import calls, plans
from followertui.x import links

_LOOK = 20
"""Number of next clicks whose guards are evaluated together."""

_STATES = {HandAnswer.DONE: PlanState.DONE_BY_HAND, HandAnswer.MISSING: PlanState.MISSING}
_CLICKED = {answer.value: state for answer, state in _STATES.items()}
"""State of a click's call -> state of its item while no reading said anything of it."""


def _by_hand(session: Session, action: ActionKind | None = None) -> dict[ActionKind, int]:
    """Actions to do by hand and how many: what the API does not do, or all where it does everything."""
    known = planning.capabilities(session)
    counts = plans.state_counts(session.store)
    wanted = {
        kind: counts.get((kind.value, PlanState.PLANNED.value), 0) for kind in ((action,) if action else ActionKind)
    }
    clicked = {kind: n for kind, n in wanted.items() if planning.executor_of(session, kind, known)[0] is Executor.HAND}
    return clicked if any(clicked.values()) else wanted


def next_manual(session: Session, action: ActionKind | None = None) -> HandTask | None:
    """The next thing to click, None when nothing is left. Guards are checked again only for what comes next."""
    if not session.store.is_read_only:
        planning.recover(session)
        plans.wake_snoozed(session.store, session.now)
    while any((counts := _by_hand(session, action)).values()):
        some = plans.items(session.store, plans.ids_in(session.store, (PlanState.PLANNED,), counts, _LOOK))
        free = planning.hold_guarded(session, some)
        if free and (given := planning.hand_out(session, free[:1], Handing.SCREEN)):
            return _task(session, given[0], sum(counts.values()) - len(some) + len(free))
        if session.store.is_read_only:
            return None
    return None


def hand_again(session: Session, item_id: int) -> HandTask | None:
    """The link of one action again; None where it is no longer planned, or a guard holds it now."""
    items = plans.items(session.store, [item_id])
    given = planning.hand_out(session, items, Handing.SCREEN)
    return _task(session, given[0], sum(_by_hand(session).values())) if given else None


def _task(session: Session, item: PlanItem, left: int) -> HandTask:
    """One item as a task; ``left`` counts what is to be clicked yet, this one included."""
    cell = cells(session, [item.row])[0]
    today = pacing.today(session, item.action, Executor.HAND)
    link = links.link(item.action, cell.handle or None, cell.x_id, item.object)
    pace = f"{today.done:,} of {today.cap:,} a day done; better go on tomorrow" if today.is_full else ""
    position = today.by_hand + 1
    return HandTask(item.id, cell, item.action, link.url, link.what_to_click, position, today.by_hand + left, pace)


def record_manual(session: Session, item_id: int, answer: HandAnswer) -> Gesture:
    """Record the answer to one click.

    Raises:
        BadInput: the item is not open any more.
    """
    with session.store.write():
        found = plans.items(session.store, [item_id])
        if not found or found[0].state not in CHANGEABLE_PLAN_STATES:
            raise BadInput("this is no longer in the plan; continue with the next one")
        item = found[0]
        if answer is HandAnswer.LATER:
            plans.snooze(session.store, item.id, session.now + DAY)
            return Gesture(0, 1, 0, 0, (), "snoozed until tomorrow")
        guard = guarding.guards_on(session, [item.row], item.action)[item.row]
        why = guarding.sentence(session, guard) if guard else ""
        if why and not plans.was_handed_out(session.store, item.id):
            raise BadInput(f"held back: {why}; its link was not handed out, nothing was recorded")
        call = calls.begin_call(session.store, item, Executor.HAND, 0.0, session.now, session.reviewer)
        text = "done by hand; the next complete export confirms it" if answer is HandAnswer.DONE else "no longer there"
        if why:
            text += f"; held back since its link was handed out: {why}"
        calls.finish_call(session.store, call, _STATES[answer], answer.value, None, text, session.now, text)
        if answer is HandAnswer.DONE:
            own_relations.note(session, item)
    session.clicks.append(call)
    return Gesture(0, 1, 0, 0, (HeldBack(why, 1),) if why else (), text)


def undo_manual(session: Session) -> HandTask | None:
    """Undo the last click of this session; it is the next thing to do again.

    Clicks of an earlier session stay, and so does what a reading confirmed since.

    Returns:
        The task; None when there is none to undo.
    """
    while session.clicks:
        call = calls.call(session.store, session.clicks.pop())
        if call is None or call.item_id is None or call.state not in _CLICKED:
            continue
        item = plans.items(session.store, [call.item_id])[0]
        if item.state is not _CLICKED[call.state]:
            continue
        with session.store.write():
            calls.reopen_call(session.store, call.id, session.now)
            if item.state is PlanState.DONE_BY_HAND:
                own_relations.forget(session, item)
        return hand_again(session, item.id) or next_manual(session)
    return None
