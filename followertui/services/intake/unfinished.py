"""Unfinished imports and undos, looked up at every start: loads no reader and no numpy.

``cli`` and ``Workbench`` import it.
"""

from __future__ import annotations

from followertui.store.audience import reversal_notes
from followertui.store.file import copies
from followertui.store.file.connection import Store


def interrupted(store: Store) -> list[tuple[int, str]]:
    """Unfinished imports of files while none is running, oldest first: (number, file name)."""
    return copies.unended_imports(store)


def has_reversal(store: Store) -> bool:
    """Whether the undo or redo of an import was interrupted while none is running."""
    return not store.leases.is_held("import") and reversal_notes.unfinished(store) is not None
