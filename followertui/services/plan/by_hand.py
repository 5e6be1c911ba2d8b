"""Carries out the plan by hand: one page of X after the other, one answer for each click.

Owns the order of clicks, what an answer means and taking the last one back. ``Workbench``
and worksheets call it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from followertui.domain.clock import DAY
from followertui.domain.decision import CHANGEABLE_PLAN_STATES, ActionKind, Executor, Handing, PlanItem, PlanState
from followertui.domain.errors import BadInput
from followertui.domain.stopping import Stop, StopReason
from followertui.services import guarding
from followertui.services.phrases import ACTION_WORDS, day, day_and_time
from followertui.services.plan import own_relations, pacing, planning
from followertui.services.plan.values import HandAnswer, HandTask
from followertui.services.review import house_checks
from followertui.services.row_cells import cells
from followertui.services.session import HandAnswered, Session
from followertui.services.values import Gesture, HeldBack
from followertui.store.decisions import batches, calls, plans
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


def _within_caps(session: Session, action: ActionKind | None) -> dict[ActionKind, int]:
    """Actions to do by hand and how many, without those that quiet hours or a cap leave nothing for now."""
    return {
        kind: count
        for kind, count in _by_hand(session, action).items()
        if count and pacing.stop(session, kind, Executor.HAND) is None
    }


def next_manual(session: Session, action: ActionKind | None = None) -> HandTask | None:
    """The next thing to click, None when nothing may be done now. Guards are checked again only for what comes next."""
    return next(iter(several(session, action, 1)), None)


def several(session: Session, action: ActionKind | None, most: int) -> list[HandTask]:
    """The next things to click, as many as caps and quiet hours leave now.

    Args:
        session: the open store.
        action: only this one; None for all that go by hand.
        most: the most returned, at most 20; those of one action only where several are asked for.

    Raises:
        BadInput: a house check fails.
    """
    house_checks.require(session)
    if not session.store.is_read_only:
        planning.recover(session)
        plans.wake_snoozed(session.store, session.now)
    while counts := _within_caps(session, action):
        some = _looked_at(session, counts)
        if not some:
            return []
        free = planning.hold_guarded(session, some)
        wanted = _allowed(session, free, most)
        if wanted and (given := planning.hand_out(session, wanted, Handing.SCREEN)):
            left = sum(counts.values()) - len(some) + len(free)
            return [_task(session, item, left, place, action) for place, item in enumerate(given)]
        if session.store.is_read_only:
            return []
    return []


def _looked_at(session: Session, actions: Iterable[ActionKind]) -> list[PlanItem]:
    """The next planned items, without those that take a batch back where today's cap for that is reached."""
    full = [each for each in actions if pacing.left_to_reverse(session, each) <= 0]
    waiting = plans.reversals(session.store, full) if full else set()
    ids = plans.ids_in(session.store, (PlanState.PLANNED,), actions, _LOOK + len(waiting))
    return plans.items(session.store, [number for number in ids if number not in waiting][:_LOOK])


def _allowed(session: Session, items: Sequence[PlanItem], most: int) -> list[PlanItem]:
    """The first of some items, of one action, that the caps leave now."""
    if not items:
        return []
    action = items[0].action
    back = plans.reversals(session.store, [action])
    left_back = pacing.left_to_reverse(session, action)
    found = []
    for item in items:
        left_back -= item.id in back
        if item.action is action and not (item.id in back and left_back < 0):
            found.append(item)
    return found[: pacing.left(session, action, Executor.HAND, most)]


def none_left(session: Session, action: ActionKind | None = None) -> str:
    """Why there is nothing to click though something is planned, in one line; "" where nothing is."""
    for kind, count in _by_hand(session, action).items():
        stop = pacing.stop(session, kind, Executor.HAND, is_reversal=True) if count else None
        if stop is not None and stop.until is not None:
            start = day_and_time(stop.until, session.zone)
            return f"{_why_now(session, kind, stop)}; {count:,} go on from {start}"
    return ""


def _why_now(session: Session, action: ActionKind, stop: Stop) -> str:
    if stop.reason is StopReason.QUIET_HOURS:
        return "these are your quiet hours"
    if stop.reason is StopReason.WINDOW_CAP:
        return f"{stop.cap:,} {ACTION_WORDS[action]} within 15 minutes: that is the cap"
    return f"{_today_words(action, pacing.today(session, action, Executor.HAND))}: that is the day's cap"


def _today_words(action: ActionKind, today: pacing.Today) -> str:
    return f"{today.done:,} of {today.cap:,} {ACTION_WORDS[action]} today" if today.cap else ""


def hand_again(session: Session, item_id: int) -> HandTask | None:
    """The link of one action again; None where it is no longer planned, or a guard holds it now."""
    items = plans.items(session.store, [item_id])
    given = planning.hand_out(session, items, Handing.SCREEN)
    return _task(session, given[0], sum(_by_hand(session, given[0].action).values())) if given else None


def _task(session: Session, item: PlanItem, left: int, place: int = 0, action: ActionKind | None = None) -> HandTask:
    """One item as a task.

    Args:
        session: the open store.
        item: the item.
        left: how many are to be clicked yet, this one included.
        place: how many are shown before it.
        action: what the walk goes through; None for the item's own action alone.
    """
    cell = cells(session, [item.row])[0]
    today = pacing.today(session, item.action, Executor.HAND)
    link = links.link(item.action, cell.handle or None, cell.x_id, item.object)
    answered = sum(answer.action is (action or item.action) for answer in session.answers)
    pace = _today_words(item.action, today)
    place, total, why = answered + place + 1, answered + left, planning.why(item, cell)
    return HandTask(item.id, cell, item.action, link.url, link.what_to_click, place, total, pace, why)


def record_manual(session: Session, item_id: int, answer: HandAnswer, *, is_gesture: bool = True) -> Gesture:
    """Record the answer to one click.

    Args:
        session: the open store.
        item_id: the plan item.
        answer: what became of it.
        is_gesture: whether to put it off is a gesture of its own; else the caller's journal entry tells it.

    Raises:
        BadInput: the item is not open any more.
    """
    with session.store.write():
        found = plans.items(session.store, [item_id])
        if not found or found[0].state not in CHANGEABLE_PLAN_STATES:
            raise BadInput("this is no longer in the plan; continue with the next one")
        item = found[0]
        if answer is HandAnswer.LATER:
            due = session.now + DAY
            entry = planning.put_off(session, item, due) if is_gesture else 0
            if not is_gesture:
                plans.snooze(session.store, item.id, due)
            session.answers.append(HandAnswered(item.id, item.action, 0, entry))
            return Gesture(entry, 1, 0, 0, (), f"later: back in the plan on {day(due, session.zone)}")
        guard = guarding.guards_on(session, [item.row], item.action)[item.row]
        why = guarding.sentence(session, guard) if guard else ""
        if why and not plans.was_handed_out(session.store, item.id):
            raise BadInput(f"held back: {why}; its link was not handed out, nothing was recorded")
        batch = session.hand_batch or batches.begin(session.store, Executor.HAND, session.reviewer, session.now)
        session.hand_batch = batch
        call = calls.begin_call(session.store, item, Executor.HAND, 0.0, session.now, session.reviewer, batch)
        text = "done by hand; the next complete export confirms it" if answer is HandAnswer.DONE else "no longer there"
        if why:
            text += f"; held back since its link was handed out: {why}"
        reason = planning.reason_of(session, item) if answer is HandAnswer.DONE else text
        calls.finish_call(session.store, call, _STATES[answer], answer.value, None, text, session.now, reason)
        if answer is HandAnswer.DONE:
            own_relations.note(session, item)
    session.answers.append(HandAnswered(item.id, item.action, call))
    return Gesture(0, 1, 0, 0, (HeldBack(why, 1),) if why else (), text)


def undo_manual(session: Session) -> HandTask | None:
    """Undo the last answer of this session, a click or what was put off; it is the next thing to do again.

    Answers of an earlier session stay, and so does what a reading confirmed since.

    Returns:
        The task; None when there is none to undo.
    """
    while session.answers:
        answer = session.answers.pop()
        if (
            _is_put_back(session, answer.entry_id)
            if answer.entry_id
            else is_undone(session, answer.item_id, answer.call_id)
        ):
            return hand_again(session, answer.item_id) or next_manual(session, answer.action)
    return None


def _is_put_back(session: Session, entry_id: int) -> bool:
    """Undo the gesture that put an item off; False where that was undone before, or something changed it since."""
    entry = session.journal.entry(entry_id)
    return entry.undone_by is None and bool(session.journal.reverse(entry, session.now).changed)


def is_undone(session: Session, item_id: int, call_id: int) -> bool:
    """Undo one answer; False where something changed it since.

    Args:
        session: the open store.
        item_id: its plan item.
        call_id: its call, 0 where it was put off.
    """
    items = plans.items(session.store, [item_id])
    if not items:
        return False
    if not call_id:
        return bool(plans.bring_back(session.store, [item_id]))
    call = calls.call(session.store, call_id)
    if call is None or call.item_id is None or items[0].state is not _CLICKED.get(call.state):
        return False
    with session.store.write():
        calls.reopen_call(session.store, call.id, session.now)
        if items[0].state is PlanState.DONE_BY_HAND:
            own_relations.forget(session, items[0])
    return True
