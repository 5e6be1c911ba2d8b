"""Decisions on handles hold for the account that has it now.

An account known by its handle only may be kept, be said to be a customer, or be released from
a guard, before a source shows which id has the handle. Where the dates prove it the two rows are
united (``store.audience.accounts``); where they do not, the word is given to the id as well, once,
until a person decides that account by name. A release only where the guard rests on the same of
both. ``Workbench.catch_up`` and the plan ask for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from followertui.domain.decision import Decision
from followertui.domain.guards import Guard, RowFacts, evidence_hash
from followertui.domain.kind import Kind
from followertui.services import guarding
from followertui.services.phrases import counted
from followertui.services.session import Session
from followertui.store.decisions import handle_words
from followertui.store.decisions.handle_words import Unfollowed
from followertui.store.decisions.journal import Change
from followertui.store.decisions.slots import DECISION, KIND, release_slot

COMMAND = "handle.words"
"""Journal entries of this module."""

_CHUNK = 500


def follow(session: Session, rows: Sequence[int] | None = None) -> str:
    """Move decisions on handles to the accounts that have them, as one entry of the journal.

    Args:
        session: the open store; nothing happens where it is read-only.
        rows: only these accounts; None for all.

    Returns:
        One line, "" where there was nothing to give.
    """
    if session.store.is_read_only or not handle_words.unfollowed(session.store, rows):
        return ""
    with session.store.write():
        words = handle_words.unfollowed(session.store, rows)
        asked = handle_words.given(session.store, COMMAND)
        changes = [
            change
            for change in (*_words(words), *_releases(session, words))
            if not asked & {(change.slot.name, row) for row in change.keys}
        ]
        if not changes:
            return ""
        done = session.journal.gesture(COMMAND, changes, session.now)
        if not done.entry_id:
            return ""
        changed = len({key for segment in done.segments for key in segment.keys})
        line = f"{counted(changed, 'account')} now known by id treated as its handle was: decide by name to change that"
        session.journal.set_text(done.entry_id, line)
    return line


def _words(words: Unfollowed) -> Iterator[Change]:
    """Keeps and kinds, each as it was said."""
    for row, (who, at) in words.kept.items():
        yield Change(DECISION, [row], (Decision.KEEP.value, None, who, at))
    for row, (kind, who, at) in words.kinds.items():
        yield Change(KIND, [row], (kind, who, at))


def _releases(session: Session, words: Unfollowed) -> Iterator[Change]:
    """Releases of guards that rest, on the account with the id, on what they rested on then."""
    rows = list(dict.fromkeys(row for row, *_ in words.releases))
    facts: dict[int, RowFacts] = {}
    for start in range(0, len(rows), _CHUNK):
        facts |= guarding.facts_of(session, rows[start : start + _CHUNK])
    for row, name, basis, who, at in words.releases:
        if row not in facts:
            continue
        present = facts[row]
        if row in words.kinds:
            kind, _, said_at = words.kinds[row]
            present = present._replace(word=Kind(kind), word_at=said_at)
        if evidence_hash(Guard(name), present) == basis:
            yield Change(release_slot(name), [row], (basis, who, at))
