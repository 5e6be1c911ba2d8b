"""How far the store has come: marks of the table meta that several rooms share, by typed accessors.

Owns what these values look like. Only ``store`` and ``services`` import it.
"""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from followertui.store.file.connection import Store

PURGED = "(purged)"
"""Stands where the text of a purged person stood."""

_ALIAS_LISTS = ("noted_aliases", "compared_with", "compare_began")
"""Marks that remember the aliases of a moment, each as [entity, type, value], at any depth of their JSON."""


def text_upto(store: Store) -> int:
    """Highest row the full-text index holds."""
    return int(store.meta("text_upto") or 0)


def lists_changed(store: Store) -> None:
    """Move ``lists_version`` on: every comparison up to now was with other lists."""
    store.set_meta("lists_version", str(int(store.meta("lists_version") or 0) + 1))


def forget_aliases(con: sqlite3.Connection) -> None:
    """Take the text of aliases that are no longer known out of every mark, inside the caller's transaction."""
    known = set(con.execute("SELECT entity_id, type, value FROM alias"))

    def cleared(value: Any) -> Any:
        if not isinstance(value, list):
            return value
        if len(value) == 3 and isinstance(value[0], int) and all(isinstance(part, str) for part in value[1:]):
            return value if tuple(value) in known else [*value[:2], PURGED]
        return [cleared(part) for part in value]

    for name in _ALIAS_LISTS:
        found = con.execute("SELECT value FROM meta WHERE name = ? AND value <> ''", [name]).fetchone()
        if found is not None:
            text = json.dumps(cleared(json.loads(found[0])), ensure_ascii=False)
            con.execute("UPDATE meta SET value = ? WHERE name = ?", [text, name])
