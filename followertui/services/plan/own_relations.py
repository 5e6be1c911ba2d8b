"""How an action of ours changes our relation with an account, before a reading confirms it.

Owns which action begins or ends which relation; both executors note it here.
"""

from __future__ import annotations

from followertui.domain.decision import ActionKind, PlanItem
from followertui.services.session import Session
from followertui.store.audience import own_actions

_CHANGES: dict[ActionKind, tuple[str, bool]] = {
    ActionKind.UNFOLLOW: ("following", False),
    ActionKind.FOLLOW: ("following", True),
    ActionKind.REMOVE_FOLLOWER: ("follower", False),
    ActionKind.BLOCK: ("follower", False),
}
"""Action -> the direction it changes and whether the relation is on afterwards."""


def note(session: Session, item: PlanItem) -> None:
    """Note that an action was done; the next complete reading confirms it or not."""
    if item.action in _CHANGES:
        direction, is_on = _CHANGES[item.action]
        own_actions.note_own_action(session.store, item.row, direction, is_on, session.now)


def forget(session: Session, item: PlanItem) -> None:
    """Remove the note: the action was not done after all."""
    if item.action in _CHANGES:
        own_actions.note_own_action(session.store, item.row, _CHANGES[item.action][0], None, session.now)
