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


class Release(NamedTuple):
    """A guard of an account that a person lifted, while what it rests on has this hash."""

    row: int
    guard: str
    evidence_hash: str
    reviewer: str
    at: int


class PutOff(NamedTuple):
    """An account decided ``later``: when it comes back, and who put it off."""

    row: int
    due_at: int | None
    reviewer: str


class Person(NamedTuple):
    """Someone who worked on the store: how many gestures of theirs stand, and when the last was made."""

    reviewer: str
    gestures: int
    last_at: int


def releases(store: Store) -> list[Release]:
    """Every release, newest first."""
    found = store.con.execute("SELECT row, guard, evidence_hash, reviewer, at FROM release ORDER BY at DESC, row")
    return [Release(*line) for line in found]


def put_off(store: Store) -> list[PutOff]:
    """Every account decided ``later``, in the order they come back."""
    found = store.con.execute(
        "SELECT row, due_at, reviewer FROM decision WHERE decision = ? ORDER BY due_at, row", [Decision.LATER.value]
    )
    return [PutOff(*line) for line in found]


def people(store: Store) -> list[Person]:
    """Who made gestures that stand, the last one to do so first."""
    found = store.con.execute(
        "SELECT reviewer, count(*), max(at) FROM journal WHERE inverse_of IS NULL AND undone_by IS NULL "
        "GROUP BY reviewer ORDER BY 3 DESC"
    )
    return [Person(*line) for line in found]
