"""Draws: who was chosen at random to be looked at, and who was looked at.

Owns the tables draw and look, and the fixed random number every account carries. A draw is a mark
on these numbers: it takes everyone up to it, newcomers too. Only ``services`` and ``store.index``
import it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from followertui.store.file import watermarks
from followertui.store.file.connection import Store

_HASH = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)


class Draw(NamedTuple):
    """One draw.

    Attributes:
        id: its number.
        at: epoch seconds UTC.
        reviewer: who asked for it.
        looks: how many accounts it asked to look at.
        upto: everyone whose random number is at most this is drawn.
    """

    id: int
    at: int
    reviewer: str
    looks: int
    upto: int


def draws(store: Store) -> list[Draw]:
    """Every draw that counts, oldest first; each reaches further than the one before."""
    found = store.con.execute("SELECT id, at, reviewer, looks, upto FROM draw WHERE undone_at IS NULL ORDER BY upto")
    return [Draw._make(line) for line in found]


def add(store: Store, at: int, reviewer: str, looks: int, upto: int) -> int:
    """Keep a draw, inside the caller's transaction; returns its number."""
    cursor = store.con.execute(
        "INSERT INTO draw(at, reviewer, looks, upto) VALUES (?, ?, ?, ?)", [at, reviewer, looks, upto]
    )
    return int(cursor.lastrowid or 0)


def set_undone(store: Store, number: int, at: int | None) -> None:
    """Let a draw count no longer from a moment (epoch seconds UTC), or again, inside the caller's transaction.

    Who was looked at because of it stays looked at.
    """
    store.con.execute("UPDATE draw SET undone_at = ? WHERE id = ?", [at, number])


def numbers(store: Store, rows: NDArray[np.integer]) -> NDArray[np.int64]:
    """The fixed random number of each account, 0 to 2**62, the same for ever in one store.

    Source: splitmix64, Steele, Lea and Flood, OOPSLA 2014.
    """
    seed = int(watermarks.STORE_ID.read(store)[:16] or "0", 16)
    with np.errstate(over="ignore"):
        mixed = (rows.astype(np.uint64) + np.uint64(seed)) * np.uint64(_HASH[0])
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(_HASH[1])
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(_HASH[2])
    found: NDArray[np.int64] = ((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(2)).astype(np.int64)
    return found


def draw_of(store: Store, row: int) -> int | None:
    """The first draw that took an account, None where none did."""
    number = int(numbers(store, np.array([row]))[0])
    return next((draw.id for draw in draws(store) if number <= draw.upto), None)
