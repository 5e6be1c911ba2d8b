"""A follow done from Today: one gesture that also plans it, records the click and notes that we follow.

Owns how such a gesture is undone and done again. The plan, its guards and its calls are ``plan``'s.
"""

from __future__ import annotations

from collections.abc import Sequence

from followertui.domain.decision import ActionKind, PlanState
from followertui.domain.engagement import StepAction
from followertui.domain.errors import BadInput
from followertui.services import guarding
from followertui.services.plan import by_hand
from followertui.services.plan.values import HandAnswer
from followertui.services.review import deciding, undoing
from followertui.services.session import Session
from followertui.services.values import Gesture, Undone
from followertui.store.decisions import calls, due, plans
from followertui.store.decisions.journal import Change, Entry
from followertui.store.decisions.slots import DUE, plan_slot

DONE = "today.done"
"""Journal command of what was done from Today; its undo also takes a click by hand back."""

_FOLLOW = plan_slot(ActionKind.FOLLOW.value)


def record_follow(session: Session, row: int, changes: Sequence[Change]) -> Gesture:
    """Record a follow by hand, inside the caller's transaction.

    Args:
        session: the open store.
        row: who is followed.
        changes: what else the gesture changes.

    Raises:
        BadInput: a guard holds the account back from being followed.
    """
    guard = guarding.guards_on(session, [row], ActionKind.FOLLOW).get(row)
    if guard is not None:
        raise BadInput(f"held back: {guarding.sentence(session, guard)}; nothing was recorded")
    planned = (PlanState.PLANNED.value, "due today", None, session.now)
    gesture = deciding.write(session, DONE, [Change(_FOLLOW, [row], planned), *changes], [], "", "done, follow", DUE)
    _click(session, row)
    return gesture


def _click(session: Session, row: int) -> None:
    """Record the click of the follow that is planned for an account."""
    found = plans.open_item(session.store, row, ActionKind.FOLLOW)
    if found is not None:
        by_hand.record_manual(session, found.id, HandAnswer.DONE)
        # The walk by hand takes back its own clicks only.
        session.answers.pop()


def reverse(session: Session, entry: Entry, is_redo: bool) -> Undone:
    """Undo what was done from Today, or do it again; a follow with its click.

    What a reading confirmed since stays, and is said to.
    """
    numbers = [key for segment in session.journal.segments(entry.id) if segment.slot == DUE for key in segment.keys]
    followed = [item.row for item in due.items(session.store, numbers) if item.action is StepAction.FOLLOW]
    with session.store.write():
        for row in () if is_redo else followed:
            made = next((call for call in calls.calls_of(session.store, row) if call.action is ActionKind.FOLLOW), None)
            if made is not None and made.item_id is not None and made.at >= entry.at:
                by_hand.is_undone(session, made.item_id, made.id)
        undone = undoing.reverse_rows(session, entry, is_redo)
        for row in followed if is_redo else ():
            _click(session, row)
    return undone._replace(rows=tuple(dict.fromkeys([*undone.rows, *followed])))
