"""The note on an undo or redo of an import that began and is not finished.

Owns that note, which every start of the program reads: it loads no numpy. Only ``services``
and ``reversals`` import it.
"""

from __future__ import annotations

from typing import NamedTuple

from followertui.store.file import watermarks
from followertui.store.file.connection import Store


class Reversal(NamedTuple):
    """An undo or redo of an import, as far as it came.

    Attributes:
        import_id: of which import.
        entry_id: its journal entry; 0 where it is unfinished and is discarded.
        is_redo: whether it counts again.
        stage: position in the order of stages.
        reached: the last row or number of the stage that is done; 0 at its start.
        restored: accounts whose earlier (or later) values stand again.
        kept: accounts a later source or a person touched since, left as they are.
        hidden: accounts that only this import knew (undo), or that are back (redo).
        entries: entries of lists that changed.
        contacts: conversations and outcomes that no longer count (undo), or count again (redo).
    """

    import_id: int
    entry_id: int
    is_redo: bool
    stage: int = 0
    reached: int = 0
    restored: int = 0
    kept: int = 0
    hidden: int = 0
    entries: int = 0
    contacts: int = 0


def unfinished(store: Store) -> Reversal | None:
    """The unfinished undo or redo, None where there is none."""
    note = watermarks.IMPORT_REVERSAL.read(store)
    return Reversal(*note) if note else None


def write(store: Store, now: Reversal) -> None:
    """Note how far it came, in the transaction that did it."""
    watermarks.IMPORT_REVERSAL.write(store, list(now))


def remove(store: Store) -> None:
    """Say that it is finished, inside the caller's transaction."""
    watermarks.IMPORT_REVERSAL.write(store, [])
