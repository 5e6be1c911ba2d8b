"""Undo and redo of every room's gestures.

Owns which room takes back what is not rows of decisions. ``Workbench`` calls it.
"""

from __future__ import annotations

from followertui.services.care import adjusting
from followertui.services.engage import following
from followertui.services.plan import worksheets
from followertui.services.review import house_checks, undoing
from followertui.services.session import Session
from followertui.services.values import Undone

_REVERSERS: undoing.Reversers = {
    worksheets.COMMAND: worksheets.reverse,
    house_checks.COMMAND: house_checks.reverse,
    adjusting.COMMAND: adjusting.reverse,
    following.DONE: following.reverse,
}
"""Command of the journal -> what takes an entry of it back, or makes it again."""


def undo(session: Session, force: bool = False) -> Undone:
    """Undo the newest gesture; see ``undoing.undo``."""
    return undoing.undo(session, force, _REVERSERS)


def redo(session: Session, force: bool = False) -> Undone:
    """Redo what was undone last."""
    return undoing.redo(session, force, _REVERSERS)


def revert(session: Session, entry_id: int) -> Undone:
    """Undo one gesture, however old; see ``undoing.revert``."""
    return undoing.revert(session, entry_id, _REVERSERS)
