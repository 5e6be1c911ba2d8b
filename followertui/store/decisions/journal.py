"""The journal: every gesture with its undo record.

Owns slots (the narrow tables a person's word lives in), entries, undo and redo. A gesture
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
from dataclasses import dataclass
from typing import NamedTuple

from followertui.store.decisions.plans import OPEN_ITEM, carried_out
from followertui.store.file.connection import Store, packed, unpacked

Value = tuple[object, ...] | None


@dataclass(frozen=True, slots=True)
class Slot:
    """A narrow table in which one key has at most one value.

    Attributes:
        name: stable name written into the journal; "tag:3" carries its fixed part.
        table, key: where it lives.
        columns: value columns, in order.
        domain: change domain to bump, "" for none.
        fixed: columns with a constant value, such as a tag's id.
        key_is_row: whether keys are row numbers.
    """

    name: str
    table: str
    columns: tuple[str, ...]
    domain: str
    key: str = "row"
    fixed: tuple[tuple[str, object], ...] = ()
    key_is_row: bool = True

    @property
    def telling(self) -> tuple[int, ...]:
        """Positions of the columns that make two values differ; who and when do not."""
        return tuple(i for i, name in enumerate(self.columns) if name not in ("reviewer", "at"))

    def read(self, con: sqlite3.Connection, keys: Sequence[int]) -> dict[int, Value]:
        """Present values of the keys that have one."""
        columns = ", ".join(self.columns) if self.columns else "1"
        where = "".join(f" AND {name} = ?" for name, _ in self.fixed)
        found = con.execute(
            f"SELECT {self.key}, {columns} FROM {self.table} "
            f"WHERE {self.key} IN (SELECT value FROM json_each(?)){where}{self.open_only}",
            [_as_json(keys), *(value for _, value in self.fixed)],
        )
        return {line[0]: tuple(line[1:]) if self.columns else () for line in found}

    @property
    def open_only(self) -> str:
        """Extra condition for tables that also keep what is over."""
        return ""

    def out_of_reach(self, con: sqlite3.Connection, keys: Sequence[int]) -> set[int]:
        """Keys no gesture may touch now."""
        return set()

    def reached_since(self, con: sqlite3.Connection, keys: Sequence[int], at: int) -> set[int]:
        """Keys that need no value any more: what it asks for was reached since a moment."""
        return set()

    def write(self, con: sqlite3.Connection, keys: Sequence[int], value: Value) -> None:
        """Set the value of every key; None deletes it."""
        where = "".join(f" AND {name} = ?" for name, _ in self.fixed)
        constants = [value_ for _, value_ in self.fixed]
        if value is None:
            con.execute(
                f"DELETE FROM {self.table} WHERE {self.key} IN (SELECT value FROM json_each(?)){where}{self.open_only}",
                [_as_json(keys), *constants],
            )
            return
        names = ", ".join([self.key, *(name for name, _ in self.fixed), *self.columns])
        marks = ", ".join("?" * (len(self.fixed) + len(self.columns)))
        con.execute(
            f"INSERT OR REPLACE INTO {self.table}({names}) "
            f"SELECT value{', ' + marks if marks else ''} FROM json_each(?) WHERE true",
            [*constants, *value, _as_json(keys)],
        )


class PlanSlot(Slot):
    """Open plan items of one action; what was attempted is out of a gesture's reach."""

    @property
    def telling(self) -> tuple[int, ...]:
        """None: an open item is the same item whether a guard holds it or not."""
        return ()

    @property
    def open_only(self) -> str:
        """Only items nothing was done about yet."""
        return f" AND {OPEN_ITEM} AND state <> 'attempting'"

    def out_of_reach(self, con: sqlite3.Connection, keys: Sequence[int]) -> set[int]:
        """Rows X is being asked about at this moment."""
        found = con.execute(
            f"SELECT row FROM plan_item WHERE {OPEN_ITEM} AND state = 'attempting' AND action = ? AND object = ? "
            "AND row IN (SELECT value FROM json_each(?))",
            [*(value for _, value in self.fixed), _as_json(keys)],
        )
        return {line[0] for line in found}

    def write(self, con: sqlite3.Connection, keys: Sequence[int], value: Value) -> None:
        """Set the value of every key; calls made for an item that goes stay, without it."""
        if value is None:
            con.execute(
                "UPDATE call SET item_id = NULL WHERE item_id IN (SELECT id FROM plan_item WHERE action = ? "
                f"AND object = ? AND row IN (SELECT value FROM json_each(?)){self.open_only})",
                [*(constant for _, constant in self.fixed), _as_json(keys)],
            )
        super().write(con, keys, value)

    def reached_since(self, con: sqlite3.Connection, keys: Sequence[int], at: int) -> set[int]:
        """Rows for which X was asked since, or which a reading shows so: planned again it would be done twice."""
        action, object_ = (str(value) for _, value in self.fixed)
        return carried_out(con, keys, action, object_, at)


class MatchSlot(Slot):
    """Decisions on matches: only a match that is still there can have one."""

    def out_of_reach(self, con: sqlite3.Connection, keys: Sequence[int]) -> set[int]:
        """Matches that are no longer proposed and were deleted since."""
        found = con.execute("SELECT id FROM match WHERE id IN (SELECT value FROM json_each(?))", [_as_json(keys)])
        return set(keys).difference(line[0] for line in found)


DECISION = Slot("decision", "decision", ("decision", "due_at", "reviewer", "at"), "decision")
KIND = Slot("kind", "kind_word", ("kind", "reviewer", "at"), "decision")
NOTE = Slot("note", "note", ("text", "reviewer", "at"), "decision")
MATCH_WORD = MatchSlot(
    "match",
    "match_word",
    ("state", "evidence_hash", "profile_text", "reviewer", "at"),
    "match",
    "match_id",
    key_is_row=False,
)


def tag_slot(tag_id: int) -> Slot:
    """The slot of one tag."""
    return Slot(f"tag:{tag_id}", "tagged", (), "decision", fixed=(("tag_id", tag_id),))


def release_slot(guard: str) -> Slot:
    """The slot of releases from one guard."""
    columns = ("evidence_hash", "reviewer", "at")
    return Slot(f"release:{guard}", "release", columns, "decision", fixed=(("guard", guard),))


def plan_slot(action: str, object_: str = "") -> Slot:
    """The slot of open plan items of one action on one object."""
    return PlanSlot(
        f"plan:{action}:{object_}",
        "plan_item",
        ("state", "reason", "due_at", "at"),
        "decision",
        fixed=(("action", action), ("object", object_)),
    )


def slot_named(name: str) -> Slot:
    """The slot behind a name in the journal."""
    if name.startswith("tag:"):
        return tag_slot(int(name[4:]))
    if name.startswith("release:"):
        return release_slot(name[8:])
    if name.startswith("plan:"):
        _, action, object_ = name.split(":", 2)
        return plan_slot(action, object_)
    return {slot.name: slot for slot in (DECISION, KIND, NOTE, MATCH_WORD)}[name]


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
        if not slot.domain or not keys:
            return
        if slot.key_is_row:
            self.store.bump(slot.domain, keys)
            return
        found = con.execute("SELECT row FROM match WHERE id IN (SELECT value FROM json_each(?))", [_as_json(keys)])
        self.store.bump(slot.domain, [line[0] for line in found])

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

    def entries(self, limit: int = 200) -> list[Entry]:
        """The newest entries, newest first."""
        found = self.store.con.execute(f"SELECT {_ENTRY} FROM journal ORDER BY id DESC LIMIT ?", [limit])
        return [Entry(*line) for line in found]

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
        """What an entry changed, in the order it was written."""
        blob = self.store.con.execute("SELECT payload FROM journal WHERE id = ?", [entry_id]).fetchone()[0]
        body = json.loads(zlib.decompress(blob))
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


def _as_json(keys: Sequence[int]) -> str:
    return json.dumps(list(keys))


def _as_text(keys: Sequence[int]) -> str:
    return base64.b64encode(packed(keys)).decode()


def _as_value(value: list[object] | None) -> Value:
    return None if value is None else tuple(value)
