"""How far the store has come: the values of the table meta, each by a typed accessor.

Owns every name in meta. Values of the store as a whole, such as its identity, and marks up to
which row or version something was done. Imports no other part of the store but the open file.
"""

from __future__ import annotations

from followertui.store.file.connection import Store


def text_upto(store: Store) -> int:
    """Highest row the full-text index holds."""
    return int(store.meta("text_upto") or 0)
