"""What an account was called and said before, as the readings since then showed it.

Owns no table: renames are ``accounts``'s, what an import overwrote too. Reads only. Only
``services`` imports it.
"""

from __future__ import annotations

import json

from followertui.store.file.connection import Store

SHOWN_FIELDS = ("name", "bio", "location", "url")
"""Fields whose earlier values tell something of a person."""


def renames(store: Store, row: int) -> list[tuple[int, str]]:
    """Handles an account had before: (when another one was first read, epoch seconds UTC; handle)."""
    return store.con.execute("SELECT until, handle FROM handle_history WHERE row = ?", [row]).fetchall()


def earlier_values(store: Store, row: int) -> list[tuple[int, str, str]]:
    """What newer readings changed of a profile: (as-of of the newer one, epoch seconds UTC; field; earlier value)."""
    found = []
    for at, text in store.con.execute(
        "SELECT r.as_of, c.before FROM import_change c JOIN import_run r ON r.id = c.import_id "
        "WHERE c.row = ? AND r.state <> 'undone'",
        [row],
    ):
        changes = json.loads(text)
        for field in SHOWN_FIELDS:
            before, now = changes.get(field) or (None, None)
            if isinstance(before, str) and before and before != now:
                found.append((at, field, before))
    return found
