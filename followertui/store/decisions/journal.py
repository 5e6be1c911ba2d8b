"""The journal: every gesture with its undo record.

Owns entries, undo and redo; ``slots`` are the narrow tables a person's word lives in. A gesture
writes its rows and its entry in one transaction; undo writes the inverse entry; a row that
changed since is left alone and named. Only ``services`` imports it.
"""

from __future__ import annotations

import base64
import json
import sqlite3
import zlib
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from followertui.store.decisions.slots import Slot, Value, slot_named
from followertui.store.file.connection import Store, packed, unpacked


class Change(NamedTuple):
    """What a gesture asks of one slot: keys, and the value they all get (None deletes it)."""

    slot: Slot
    keys: Sequence[int]
    value: Value


class Segment(NamedTuple):
    """Keys of one slot that went from one value to another."""

    slot: Slot
    before: Value
    after: Value
    keys: Sequence[int]


class Written(NamedTuple):
    """What a gesture really changed.

    Attributes:
        entry_id: its journal entry, 0 when nothing changed.
        segments: what went from where to where.
    """

    entry_id: int
    segments: Sequence[Segment]

    def count(self, slot: Slot | None = None) -> int:
        """How many keys changed, of one slot or of all."""
        return sum(len(segment.keys) for segment in self.segments if slot is None or segment.slot == slot)

    def keys(self) -> set[int]:
        """Keys that changed in any slot, each once."""
        return {key for segment in self.segments for key in segment.keys}


class Entry(NamedTuple):
    """One entry of the journal.

    Attributes:
        id, at: number, and epoch seconds UTC.
        reviewer, session: who, in which run of the program.
        command, query, text: what was asked, the query text, and the result.
        rows: how many rows.
        inverse_of: the entry it undoes or redoes, None for a gesture.
        undone_by: the entry that took it back, None while it stands.
    """

    id: int
    at: int
    reviewer: str
    session: str
    command: str
    query: str
    text: str
    rows: int
    inverse_of: int | None
    undone_by: int | None


class Reversal(NamedTuple):
    """What undo or redo did: inverse entry, keys per slot it changed, keys it had to leave alone."""

    entry_id: int
    changed: dict[str, array[int]]
    skipped: dict[str, array[int]]


_ENTRY = "id, at, reviewer, session, command, query, text, rows, inverse_of, undone_by"


class Journal:
    """The journal of one store, as one reviewer in one session writes it.

    Args:
        store: the open store.
        reviewer: name on every entry.
        session: stable for one run of the program.
    """

    def __init__(self, store: Store, reviewer: str, session: str) -> None:
        self.store = store
        self.reviewer = reviewer
        self.session = session

    def gesture(self, command: str, changes: Iterable[Change], at: int, query: str = "", text: str = "") -> Written:
        """Write what one gesture changes, with its entry, in one transaction.

        Args:
            command: registry id of the command.
            changes: what it asks; keys whose value would not change are left out.
            at: epoch seconds UTC.
            query: query text it acted on.
            text: one line for the person.

        Returns:
            What changed.
        """
        segments: list[Segment] = []
        with self.store.write() as con:
            for change in changes:
                segments.extend(self._apply(con, change))
            if not segments:
                return Written(0, ())
            return Written(self._insert(con, command, segments, at, query, text, None), segments)

    def _apply(self, con: sqlite3.Connection, change: Change) -> list[Segment]:
        slot = change.slot
        before = slot.read(con, change.keys)
        fixed = slot.out_of_reach(con, change.keys)
        groups: dict[Value, list[int]] = {}
        for key in dict.fromkeys(change.keys):
            value = before.get(key)
            if key not in fixed and not _same(slot, value, change.value):
                groups.setdefault(value, []).append(key)
        done = [Segment(slot, value, change.value, keys) for value, keys in groups.items()]
        changed = [key for segment in done for key in segment.keys]
        if changed:
            slot.write(con, changed, change.value)
        self._bump(con, slot, changed)
        return done

    def _bump(self, con: sqlite3.Connection, slot: Slot, keys: Sequence[int]) -> None:
        if slot.domain and keys:
            self.store.bump(slot.domain, slot.rows_behind(con, keys))

    def _insert(
        self,
        con: sqlite3.Connection,
        command: str,
        segments: Sequence[Segment],
        at: int,
        query: str,
        text: str,
        inverse_of: int | None,
    ) -> int:
        body = [[slot.name, before, after, _as_text(keys)] for slot, before, after, keys in segments]
        payload = zlib.compress(json.dumps(body, separators=(",", ":")).encode(), 1)
        counts: Counter[str] = Counter()
        for segment in segments:
            counts[segment.slot.name] += len(segment.keys)
        rows = max(counts.values())
        cursor = con.execute(
            "INSERT INTO journal(at, reviewer, session, command, query, text, rows, payload, inverse_of) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [at, self.reviewer, self.session, command, query, text, rows, payload, inverse_of],
        )
        return int(cursor.lastrowid or 0)

    def set_text(self, entry_id: int, text: str) -> None:
        """Complete an entry's line once its counts are known."""
        with self.store.write() as con:
            con.execute("UPDATE journal SET text = ? WHERE id = ?", [text, entry_id])

    def to_undo(self) -> Entry | None:
        """The newest gesture that stands."""
        found = self.store.con.execute(
            f"SELECT {_ENTRY} FROM journal WHERE inverse_of IS NULL AND undone_by IS NULL ORDER BY id DESC LIMIT 1"
        ).fetchone()
        return Entry(*found) if found else None

    def to_redo(self) -> Entry | None:
        """The gesture undone last, unless a newer gesture followed."""
        found = self.store.con.execute(
            f"SELECT {_ENTRY} FROM journal WHERE inverse_of IS NULL AND undone_by > "
            "(SELECT coalesce(max(id), 0) FROM journal WHERE inverse_of IS NULL AND undone_by IS NULL) "
            "ORDER BY undone_by DESC LIMIT 1"
        ).fetchone()
        return Entry(*found) if found else None

    def redoable_matches(self) -> frozenset[int]:
        """Numbers of the matches that gestures which can still be redone decided."""
        found = self.store.con.execute(
            "SELECT id FROM journal WHERE inverse_of IS NULL AND command LIKE 'match.%' AND undone_by > "
            "(SELECT coalesce(max(id), 0) FROM journal WHERE inverse_of IS NULL AND undone_by IS NULL)"
        ).fetchall()
        return frozenset(key for (number,) in found for segment in self.segments(number) for key in segment.keys)

    def entries(self, limit: int = 200) -> list[Entry]:
        """The newest entries, newest first."""
        found = self.store.con.execute(f"SELECT {_ENTRY} FROM journal ORDER BY id DESC LIMIT ?", [limit])
        return [Entry(*line) for line in found]

    def decisions(self, limit: int) -> list[Entry]:
        """The newest gestures that decide, set a kind or answer a match, newest first; undone ones too."""
        found = self.store.con.execute(
            f"SELECT {_ENTRY} FROM journal WHERE inverse_of IS NULL AND rows > 0 "
            "AND command IN ('decide', 'accept', 'kind', 'match.confirmed', 'match.rejected', 'match.unreviewed') "
            "ORDER BY id DESC LIMIT ?",
            [limit],
        )
        return [Entry(*line) for line in found]

    def of_session(self, session: str, reviewer: str) -> list[Entry]:
        """The gestures of one run of the program that stand, oldest first."""
        found = self.store.con.execute(
            f"SELECT {_ENTRY} FROM journal WHERE session = ? AND reviewer = ? AND inverse_of IS NULL "
            "AND undone_by IS NULL ORDER BY id",
            [session, reviewer],
        )
        return [Entry(*line) for line in found]

    def note_agreement(self, entry_id: int, suggested: int, agreed: int) -> None:
        """Keep for how many accounts decided by name something was suggested, and how many followed it."""
        with self.store.write() as con:
            con.execute("UPDATE journal SET suggested = ?, agreed = ? WHERE id = ?", [suggested, agreed, entry_id])

    def agreement(self, session: str, reviewer: str) -> tuple[int, int]:
        """How many accounts of a session had a suggestion when they were decided by name, and how many followed it."""
        found = self.store.con.execute(
            "SELECT coalesce(sum(suggested), 0), coalesce(sum(agreed), 0) FROM journal "
            "WHERE session = ? AND reviewer = ? AND inverse_of IS NULL AND undone_by IS NULL",
            [session, reviewer],
        ).fetchone()
        return int(found[0]), int(found[1])

    def newest_session(self, reviewer: str, other_than: str) -> str:
        """The newest session in which a reviewer made a gesture, but for one, "" without any."""
        found = self.store.con.execute(
            "SELECT session FROM journal WHERE reviewer = ? AND session <> ? AND inverse_of IS NULL "
            "AND undone_by IS NULL ORDER BY id DESC LIMIT 1",
            [reviewer, other_than],
        ).fetchone()
        return str(found[0]) if found else ""

    def entry(self, entry_id: int) -> Entry:
        """One entry by its number."""
        return Entry(*self.store.con.execute(f"SELECT {_ENTRY} FROM journal WHERE id = ?", [entry_id]).fetchone())

    def reverse(self, entry: Entry, at: int, is_redo: bool = False) -> Reversal:
        """Take an entry back, or do it again.

        Args:
            entry: from ``to_undo`` or ``to_redo``.
            at: epoch seconds UTC.
            is_redo: do it again instead.

        Returns:
            What changed and what was left alone because something changed it since.
        """
        changed: dict[str, array[int]] = {}
        skipped: dict[str, array[int]] = {}
        segments: list[Segment] = []
        with self.store.write() as con:
            kept = self.segments(entry.id)
            # Undo runs in reverse order: one gesture may have written a key twice.
            for slot, before, after, keys in kept if is_redo else reversed(kept):
                expected, wanted = (before, after) if is_redo else (after, before)
                now, fixed = slot.read(con, keys), slot.out_of_reach(con, keys)
                fixed |= slot.reached_since(con, keys, entry.at) if wanted is not None else set()
                good: list[int] = []
                bad: list[int] = []
                for key in keys:
                    is_untouched = key not in fixed and _same(slot, now.get(key), expected)
                    (good if is_untouched else bad).append(key)
                if good:
                    slot.write(con, good, wanted)
                    self._bump(con, slot, good)
                    segments.append(Segment(slot, expected, wanted, good))
                    changed.setdefault(slot.name, array("I")).extend(good)
                if bad:
                    skipped.setdefault(slot.name, array("I")).extend(bad)
            verb = "redo" if is_redo else "undo"
            if segments:
                inverse = self._insert(con, verb, segments, at, "", f"{verb}: {entry.text}", entry.id)
            else:
                inverse = self._insert_empty(con, verb, at, entry)
            con.execute("UPDATE journal SET undone_by = ? WHERE id = ?", [None if is_redo else inverse, entry.id])
        return Reversal(inverse, changed, skipped)

    def _insert_empty(self, con: sqlite3.Connection, verb: str, at: int, entry: Entry) -> int:
        cursor = con.execute(
            "INSERT INTO journal(at, reviewer, session, command, query, text, rows, payload, inverse_of) "
            "VALUES (?, ?, ?, ?, '', ?, 0, ?, ?)",
            [at, self.reviewer, self.session, verb, f"{verb}: {entry.text}", zlib.compress(b"[]"), entry.id],
        )
        return int(cursor.lastrowid or 0)

    def segments(self, entry_id: int) -> list[Segment]:
        """What an entry changed, in the order it was written; empty where its undo record is not rows of slots."""
        blob = self.store.con.execute("SELECT payload FROM journal WHERE id = ?", [entry_id]).fetchone()[0]
        body = json.loads(zlib.decompress(blob))
        if not isinstance(body, list):
            return []
        return [
            Segment(slot_named(name), _as_value(before), _as_value(after), unpacked(base64.b64decode(keys)))
            for name, before, after, keys in body
        ]

    def record(self, command: str, at: int, text: str, rows: int, payload: Mapping[str, object]) -> int:
        """Write an entry whose undo record is not rows of a slot, such as an import.

        Args:
            command: "import" and the like.
            at: epoch seconds UTC.
            text: one line.
            rows: number of rows it affects.
            payload: the undo record, JSON.

        Returns:
            The entry's id.
        """
        with self.store.write() as con:
            cursor = con.execute(
                "INSERT INTO journal(at, reviewer, session, command, query, text, rows, payload) "
                "VALUES (?, ?, ?, ?, '', ?, ?, ?)",
                [at, self.reviewer, self.session, command, text, rows, zlib.compress(json.dumps(payload).encode())],
            )
            return int(cursor.lastrowid or 0)

    def payload(self, entry_id: int) -> dict[str, object]:
        """What ``record`` wrote."""
        blob = self.store.con.execute("SELECT payload FROM journal WHERE id = ?", [entry_id]).fetchone()[0]
        body: dict[str, object] = json.loads(zlib.decompress(blob))
        return body

    def set_payload(self, entry_id: int, payload: Mapping[str, object]) -> None:
        """Replace what ``record`` wrote."""
        with self.store.write() as con:
            con.execute(
                "UPDATE journal SET payload = ? WHERE id = ?", [zlib.compress(json.dumps(payload).encode()), entry_id]
            )

    def mark_reversed(self, entry: Entry, at: int, is_redo: bool) -> int:
        """Note that an entry written by ``record`` was undone or redone."""
        verb = "redo" if is_redo else "undo"
        with self.store.write() as con:
            inverse = self._insert_empty(con, verb, at, entry)
            con.execute("UPDATE journal SET undone_by = ? WHERE id = ?", [None if is_redo else inverse, entry.id])
        return inverse


def _same(slot: Slot, one: Value, other: Value) -> bool:
    """Whether two values say the same; who and when do not count."""
    if one is None or other is None:
        return one is other
    return all(one[i] == other[i] for i in slot.telling)


def _as_text(keys: Sequence[int]) -> str:
    return base64.b64encode(packed(keys)).decode()


def _as_value(value: list[object] | None) -> Value:
    return None if value is None else tuple(value)
