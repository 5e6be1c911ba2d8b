"""Decisions on a handle hold for the account that has it now.

An account known by its handle only may be kept, or be said to be a customer, before a source
shows which id has the handle. Where the dates prove it the two rows are united
(``store.audience.accounts``); where they do not, the word is given to the id as well, once,
until a person decides that account by name. ``Workbench.catch_up`` and the plan ask for it.
"""

from __future__ import annotations

from collections.abc import Sequence

from followertui.domain.decision import Decision
from followertui.services.phrases import counted
from followertui.services.session import Session
from followertui.store.decisions import handle_words
from followertui.store.decisions.journal import Change
from followertui.store.decisions.slots import DECISION, KIND

COMMAND = "handle.words"
"""Journal entries of this module."""


def follow(session: Session, rows: Sequence[int] | None = None) -> str:
    """Move decisions on handles to the accounts that have them, as one entry of the journal.

    Args:
        session: the open store; nothing happens where it is read-only.
        rows: only these accounts; None for all.

    Returns:
        One line, "" where there was nothing to give.
    """
    if session.store.is_read_only:
        return ""
    kept, kinds = handle_words.unfollowed(session.store, rows)
    if not kept and not kinds:
        return ""
    asked = set(handle_words.given(session.store, COMMAND))
    kept = [row for row in kept if row not in asked]
    changes = [Change(DECISION, kept, (Decision.KEEP.value, None, session.reviewer, session.now))]
    changes += [
        Change(KIND, [row], (kind, session.reviewer, session.now)) for row, kind in kinds.items() if row not in asked
    ]
    with session.store.write():
        done = session.journal.gesture(COMMAND, [change for change in changes if change.keys], session.now)
        if not done.entry_id:
            return ""
        changed = len({key for segment in done.segments for key in segment.keys})
        line = f"{counted(changed, 'account')} now known by id treated as its handle was: decide by name to change that"
        session.journal.set_text(done.entry_id, line)
    return line
