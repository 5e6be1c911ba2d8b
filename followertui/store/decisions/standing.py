"""What was said of a few accounts and is in force, as the tables hold it.

Owns reading them by plain SQL: what may be overridden is never asked of a derived array. Only
``services`` imports it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from followertui.domain.decision import Decision
from followertui.store.file.connection import Store


class Standing(NamedTuple):
    """A decision in force.

    Attributes:
        decision: what was decided.
        due_at: when ``later`` comes back, epoch seconds UTC, None for the others.
        reviewer: by whom.
        at: when, epoch seconds UTC.
    """

    decision: Decision
    due_at: int | None
    reviewer: str
    at: int


def said_at(store: Store, rows: Sequence[int]) -> dict[int, dict[str, int]]:
    """Row -> "decision", "kind" and "note" -> when a person said it last, epoch seconds UTC; others are left out."""
    found: dict[int, dict[str, int]] = {}
    asked = json.dumps([int(row) for row in rows])
    for field, table in (("decision", "decision"), ("kind", "kind_word"), ("note", "note")):
        sql = f"SELECT row, at FROM {table} WHERE row IN (SELECT value FROM json_each(?))"
        for row, at in store.con.execute(sql, [asked]):
            found.setdefault(row, {})[field] = at
    return found


def standing(store: Store, rows: Sequence[int]) -> dict[int, Standing]:
    """Row -> its decision; rows without one are left out."""
    found = store.con.execute(
        "SELECT row, decision, due_at, reviewer, at FROM decision WHERE row IN (SELECT value FROM json_each(?))",
        [json.dumps([int(row) for row in rows])],
    )
    return {row: Standing(Decision(word), due_at, reviewer, at) for row, word, due_at, reviewer, at in found}
