"""Unlimited undo and redo, across restarts.

Owns what is asked before crossing into another session or reviewer, and what is said about
rows left alone. ``Workbench`` and the command line call it.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Generator, Mapping
from types import MappingProxyType

from followertui.domain.clock import from_epoch
from followertui.domain.errors import BadInput, NothingToDo
from followertui.domain.progress import CancelToken, Progress
from followertui.services.intake import amending, reversing
from followertui.services.review import sampling
from followertui.services.review.gesture_names import named_text
from followertui.services.scoring import matching
from followertui.services.session import Session
from followertui.services.values import HeldBack, JournalLine, JournalState, Undone
from followertui.store.decisions.journal import Entry
from followertui.store.decisions.slots import PlanSlot, slot_named

_MOST_ROWS = 1000
_ALL = -1
"""Limit that lists every entry."""


Reversers = Mapping[str, Callable[[Session, Entry, bool], Undone]]
"""Command of the journal -> what undoes an entry of it, or does it again where the last argument is true."""

NONE: Reversers = MappingProxyType({})


def undo(session: Session, force: bool = False, others: Reversers = NONE) -> Undone:
    """Undo the newest gesture; asks first where another session or reviewer made it.

    An import is not undone here but by ``reverse_import``, as that takes a while.

    Args:
        session: the open store.
        force: the question was answered with yes.
        others: what undoes entries of rooms this one does not know.
    """
    entry = session.journal.to_undo()
    if entry is None:
        return Undone(0, "Nothing to undo.", (), "", ())
    return _reverse(session, entry, force, others, is_redo=False)


def redo(session: Session, force: bool = False, others: Reversers = NONE) -> Undone:
    """Redo what was undone last."""
    entry = session.journal.to_redo()
    if entry is None:
        return Undone(0, "Nothing to redo.", (), "", ())
    return _reverse(session, entry, force, others, is_redo=True)


def _reverse(session: Session, entry: Entry, force: bool, others: Reversers, is_redo: bool) -> Undone:
    verb = "redo" if is_redo else "undo"
    if not force and (entry.session != session.session_id or entry.reviewer != session.reviewer):
        who = "an earlier session" if entry.reviewer == session.reviewer else entry.reviewer
        return Undone(0, "", (), f"This would {verb} “{named_text(session, entry)}” by {who}. Go on?", ())
    if entry.command == "import":
        return Undone(0, "", (), "", (), is_long=True)
    if entry.command in others:
        return others[entry.command](session, entry, is_redo)
    if entry.command in amending.COMMANDS:
        text = amending.reverse(session.store, session.journal, session.clock, entry, is_redo)
        return Undone(entry.id, f"{verb}: {text}", (), "", ())
    if entry.command == sampling.DRAW:
        return Undone(entry.id, f"{verb}: {sampling.reverse(session, entry, is_redo)}", (), "", ())
    return reverse_rows(session, entry, is_redo)


def revert(session: Session, entry_id: int, others: Reversers = NONE) -> Undone:
    """Undo one gesture, however old, while later ones stay: what they changed since is left alone and named.

    Args:
        session: the open store.
        entry_id: number of its entry, as the journal lists it.
        others: what undoes entries of rooms this one does not know.

    Raises:
        BadInput: there is no such gesture, it is undone already, or it is one that only undo in its turn takes back.
    """
    entry = next((entry for entry in session.journal.entries(_ALL) if entry.id == entry_id), None)
    if entry is None or entry.inverse_of is not None:
        raise BadInput(f"the journal has no gesture {entry_id}; `followertui journal` lists them")
    if entry.undone_by is not None:
        raise BadInput(f"gesture {entry_id} is undone already")
    if not session.journal.segments(entry.id):
        raise BadInput(f"gesture {entry_id} changed no decisions: `followertui undo` takes it back in its turn")
    if entry.command in others:
        return others[entry.command](session, entry, False)
    return reverse_rows(session, entry, is_redo=False)


def reverse_rows(session: Session, entry: Entry, is_redo: bool) -> Undone:
    """Undo what an entry changed in the slots, or do it again; what changed since is left alone and named."""
    verb = "redo" if is_redo else "undo"
    words_said = named_text(session, entry)
    done = session.journal.reverse(entry, session.now, is_redo)
    skipped = tuple(
        HeldBack(_why_skipped(slot, is_redo), len(keys)) for slot, keys in sorted(done.skipped.items()) if len(keys)
    )
    rows = array("I")
    for slot, keys in done.changed.items():
        rows.extend(slot_named(slot).rows_behind(session.store.con, list(keys)))
    words = done.changed.get("match")
    if words:
        matching.learn_from_words(session, words)
    left = f" · left alone: {', '.join(f'{s.count:,} {s.reason}' for s in skipped)}" if skipped else ""
    changed = tuple(dict.fromkeys(rows))[:_MOST_ROWS]
    return Undone(done.entry_id, f"{verb}: {words_said}{left}", skipped, "", changed, needs_comparison=bool(words))


def reverse_import(session: Session, is_redo: bool, cancel: CancelToken) -> Generator[Progress, None, Undone]:
    """Undo the newest import, or redo it.

    Args:
        session: the open store and who works at it.
        is_redo: redo it.
        cancel: polled now and then.

    Raises:
        NothingToDo: the newest gesture is no import.
        Cancelled: it was stopped; ``followertui import resume`` goes on with it.
    """
    entry = session.journal.to_redo() if is_redo else session.journal.to_undo()
    if entry is None or entry.command != "import":
        raise NothingToDo("the newest gesture is no import (any more)")
    text = yield from reversing.reverse_import(session.store, session.journal, session.clock, entry, is_redo, cancel)
    return Undone(entry.id, f"{'redo' if is_redo else 'undo'}: {text}", (), "", (), needs_comparison=True)


def _why_skipped(slot: str, is_redo: bool) -> str:
    if isinstance(slot_named(slot), PlanSlot):
        way = "decide again to repeat it" if is_redo else "`plan reverse` takes it back, B in the Plan"
        return f"already asked of X ({way})"
    return "changed since"


def lines(session: Session, limit: int = 200) -> list[JournalLine]:
    """The journal, newest first."""
    found = []
    for entry in session.journal.entries(limit):
        state = JournalState.DONE if entry.inverse_of is None else JournalState.INVERSE
        if entry.undone_by:
            state = JournalState.UNDONE
        at = f"{from_epoch(entry.at).astimezone(session.zone):%Y-%m-%d %H:%M}"
        text = named_text(session, entry)
        found.append(
            JournalLine(entry.id, at, entry.reviewer, entry.command, text, entry.rows, state, entry.at, entry.query)
        )
    return found
