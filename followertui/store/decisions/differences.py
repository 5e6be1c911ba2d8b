"""Where two people said different things of one account, until one of them, or a third, says it again.

Owns reading the table difference, and which of its lines a new word settles. Lines are written as
slots of a gesture. Only ``store.index`` and ``services`` import it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from followertui.store.decisions.journal import Change
from followertui.store.decisions.slots import DECISION, KIND, MATCH_WORD, Slot, as_json, difference_slot
from followertui.store.file.connection import Store

WHATS: dict[str, Slot] = {"decision": DECISION, "kind": KIND, "match": MATCH_WORD}
"""What two people can differ on -> where their words stand."""


class Difference(NamedTuple):
    """Two words on one account.

    Attributes:
        what: decision, kind or match.
        here, here_by: the word of this store and whose it was.
        there, there_by: the word of the copy that was merged, and whose it was.
    """

    what: str
    here: str
    here_by: str
    there: str
    there_by: str


def rows(store: Store) -> list[int]:
    """Accounts on which two people differ, ascending."""
    return [line[0] for line in store.con.execute("SELECT DISTINCT row FROM difference ORDER BY row")]


def of_row(store: Store, row: int) -> list[Difference]:
    """What two people said differently of one account."""
    found = store.con.execute(
        "SELECT what, here, here_by, there, there_by FROM difference WHERE row = ? ORDER BY what", [row]
    )
    return [Difference(*line) for line in found]


def settled_by(con: sqlite3.Connection, changes: Sequence[Change]) -> list[Change]:
    """Changes that take away what the words of a gesture settle, whether they repeat a word or give another."""
    if con.execute("SELECT 1 FROM difference LIMIT 1").fetchone() is None:
        return []
    found = []
    for what, slot in WHATS.items():
        keys = [key for change in changes if change.slot is slot for key in change.keys]
        asked = "SELECT value FROM json_each(?)"
        if not slot.key_is_row:
            asked = f"SELECT row FROM match WHERE id IN ({asked})"
        lines = con.execute(f"SELECT row FROM difference WHERE what = ? AND row IN ({asked})", [what, as_json(keys)])
        if present := [line[0] for line in lines]:
            found.append(Change(difference_slot(what), present, None))
    return found
