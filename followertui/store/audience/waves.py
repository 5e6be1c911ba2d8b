"""The waves found among followers: accounts that came together and share something.

Owns the table wave. A wave keeps its number as long as most of its members are in it, so that
``wave:3`` is the same one tomorrow. Only ``services`` and ``store.index`` import it.
"""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from followertui.store.file.connection import Store, packed

ANY = "wave"
"""The reason that finds the members of every wave."""


class StoredWave(NamedTuple):
    """One wave: its number, what its members share, plain words, and how many they are."""

    number: int
    trait: str
    text: str
    size: int


def write_waves(store: Store, found: Sequence[tuple[str, str, Sequence[int]]]) -> None:
    """Replace all waves; accounts that joined or left one are to be judged again.

    Args:
        store: the open store.
        found: trait, plain text and rows of each wave.
    """
    with store.write() as con:
        before = {(number, trait): _rows(members) for number, trait, members in _stored(store)}
        numbers = _numbers([(trait, rows) for trait, _, rows in found], before)
        after = {(number, trait): {*rows} for number, (trait, _, rows) in zip(numbers, found, strict=True)}
        con.execute("DELETE FROM wave")
        con.executemany(
            "INSERT INTO wave(id, trait, text, members) VALUES (?, ?, ?, ?)",
            [
                (number, trait, text, packed(sorted(rows)))
                for number, (trait, text, rows) in zip(numbers, found, strict=True)
            ],
        )
        moved = sorted({row for key in {*before, *after} for row in before.get(key, set()) ^ after.get(key, set())})
        con.execute("INSERT OR IGNORE INTO judge_pending SELECT value FROM json_each(?)", [json.dumps(moved)])
        store.bump("score", sorted({row for rows in (*before.values(), *after.values()) for row in rows}))


def remove_members(con: sqlite3.Connection, rows: Collection[int]) -> None:
    """Remove rows from every wave, and what a wave that had one quotes of its members."""
    gone = {*rows}
    for number, text, members in con.execute("SELECT id, text, members FROM wave").fetchall():
        there = _rows(members)
        if there & gone:
            kept = packed(sorted(there - gone))
            con.execute("UPDATE wave SET text = ?, members = ? WHERE id = ?", [text.partition(":")[0], kept, number])


def _stored(store: Store) -> list[tuple[int, str, bytes]]:
    return store.con.execute("SELECT id, trait, members FROM wave ORDER BY id").fetchall()


def _rows(members: bytes) -> set[int]:
    return {*memoryview(members).cast("I")}


def _numbers(found: Sequence[tuple[str, Collection[int]]], before: dict[tuple[int, str], set[int]]) -> list[int]:
    """A number for each wave: that of the earlier one most of whose members it has, else a new one."""
    free = dict(before)
    earlier: dict[tuple[str, int], list[tuple[int, str]]] = {}
    for key, members in before.items():
        for row in members:
            earlier.setdefault((key[1], row), []).append(key)
    fresh = max((number for number, _ in before), default=0) + 1
    numbers: list[int] = []
    for trait, rows in found:
        # Only waves that have a member in common are looked at: there may be thousands of either.
        shared = Counter(key for row in {*rows} for key in earlier.get((trait, row), ()) if key in free)
        best = max(shared, key=lambda key: (shared[key], -key[0]), default=None)
        if best is not None and 2 * shared[best] > len(free[best]):
            numbers.append(best[0])
            del free[best]
        else:
            numbers.append(fresh)
            fresh += 1
    return numbers


def wave_rows(store: Store, which: str = ANY) -> list[int]:
    """Members of all waves, of those with a trait, or of one by its number; ascending, each once."""
    found = store.con.execute(
        "SELECT members FROM wave WHERE ?1 = ?2 OR trait = ?1 OR CAST(id AS TEXT) = ?1", [which, ANY]
    )
    return sorted({row for (members,) in found for row in _rows(members)})


def waves(store: Store) -> list[StoredWave]:
    """Every wave, the largest first."""
    found = [
        StoredWave(number, trait, text, len(members) // 4)
        for number, trait, text, members in store.con.execute("SELECT id, trait, text, members FROM wave")
    ]
    return sorted(found, key=lambda wave: (-wave.size, wave.number))


def waves_of(store: Store, row: int) -> list[StoredWave]:
    """Waves an account belongs to, by number."""
    found = store.con.execute("SELECT id, trait, text, members FROM wave ORDER BY id")
    return [
        StoredWave(number, trait, text, len(members) // 4)
        for number, trait, text, members in found
        if _holds(memoryview(members).cast("I"), row)
    ]


def wave_numbers(store: Store) -> dict[int, dict[str, int]]:
    """Row -> trait -> number of the wave, for every member of one."""
    found: dict[int, dict[str, int]] = {}
    for number, trait, members in _stored(store):
        for row in _rows(members):
            found.setdefault(row, {})[trait] = number
    return found


def counts(store: Store, rows: Iterable[int]) -> list[tuple[StoredWave, int]]:
    """Every wave that has some of the rows, with how many of them."""
    wanted = {*rows}
    by_number = {wave.number: wave for wave in waves(store)}
    found = [(by_number[number], len(_rows(members) & wanted)) for number, _, members in _stored(store)]
    return [(wave, count) for wave, count in found if count]


def _holds(members: memoryview, row: int) -> bool:
    """Whether ascending row numbers hold one; halving instead of unpacking keeps the card quick in a large crowd."""
    at = bisect_left(members, row)
    return at < len(members) and members[at] == row
