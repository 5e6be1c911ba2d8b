"""Lists of companies and people, their entries, and who stands behind entries of several lists.

Owns the tables list, entry, list_change and entry_change. Does not own entities (``store.entities``), matches with
accounts nor learned aliases (``store.listings``). Only ``store`` and ``services`` import it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from followertui.domain.kind import Kind
from followertui.domain.lists import EntityAlias, ListEntry
from followertui.late import late
from followertui.store.file import watermarks
from followertui.store.file.connection import Store
from followertui.store.lists.entities import Entities, agree, by_name
from followertui.store.lists.entries import BEHIND, OF_A_LINE, SEVERAL, EntryLine, company_behind
from followertui.store.lists.listings import learn_alias

if TYPE_CHECKING:
    from followertui.store.file import tables
else:
    tables = late("followertui.store.file.tables")

_COLUMNS = ("line", "company", "person", "kind", "data", "fields", "left_at")


class ListInfo(NamedTuple):
    """One list.

    Attributes:
        id: the store's number.
        name, kind, consent_basis: as its owner said; kind None where each entry says.
        as_of: epoch seconds UTC of the newest file read for it.
        entries, left: how many stand on it, and how many once did.
        dropped_at: epoch seconds UTC, None while it counts.
    """

    id: int
    name: str
    kind: Kind | None
    consent_basis: str
    as_of: int
    entries: int
    left: int
    dropped_at: int | None


class ListWriter:
    """Takes in the entries of one list, batch by batch.

    Args:
        store: the open store.
        con: the connection of the open transaction.
        import_id: the running import.
        name, kind, consent_basis: of the list; kind None where each entry says.
        as_of: epoch seconds UTC.
    """

    def __init__(
        self,
        store: Store,
        con: sqlite3.Connection,
        import_id: int,
        name: str,
        kind: Kind | None,
        consent_basis: str,
        as_of: int,
    ) -> None:
        self.store = store
        self.import_id = import_id
        self.as_of = as_of
        self.merged = self.left = 0
        self._seen: dict[str, int] = {}
        self._content: set[tuple[str, bytes]] = set()
        self._open_list(con, name, kind, consent_basis)

    def _open_list(self, con: sqlite3.Connection, name: str, kind: Kind | None, consent_basis: str) -> None:
        values = {"kind": None if kind is None else kind.value, "consent_basis": consent_basis}
        found = con.execute(
            "SELECT id, kind, consent_basis, as_of, dropped_at FROM list WHERE name = ?", [name]
        ).fetchone()
        if found is None:
            made = {"name": name, **values, "import_id": self.import_id, "as_of": self.as_of}
            with tables.writing(self.store, "list") as table:
                self.list_id, self.is_older = int(table.insert(made).last_pk or 0), False
            return
        self.list_id, self.is_older = int(found[0]), self.as_of < found[3]
        if self.is_older:
            return
        fresh = {**values, "as_of": self.as_of, "dropped_at": None}
        change = {
            column: [before, after]
            for (column, after), before in zip(fresh.items(), found[1:], strict=True)
            if before != after
        }
        if change:
            with tables.writing(self.store, "list") as table:
                table.update(self.list_id, fresh)
            _keep_change(con, "list", self.import_id, self.list_id, change)

    def add(self, con: sqlite3.Connection, lines: Sequence[EntryLine]) -> None:
        """Import one batch inside the caller's transaction.

        An entry is known again by its CRM id, else by what identifies it. Of a file older
        than the list only entries the list does not know are taken, as having left it.
        """
        keyed: dict[str, EntryLine] = {}
        for line in lines:
            key = self._key(line)
            if key is None:
                self.merged += not line.is_behind
            else:
                keyed[key] = line
        known = {
            stored[1]: stored
            for stored in con.execute(
                f"SELECT id, key, {', '.join(_COLUMNS)} FROM entry WHERE list_id = ? "
                "AND key IN (SELECT value FROM json_each(?))",
                [self.list_id, json.dumps(list(keyed))],
            )
        }
        fresh = {key: line for key, line in keyed.items() if key not in known}
        left_at = self.as_of if self.is_older else None
        _insert(con, self.list_id, fresh, left_at, self.import_id)
        if not self.is_older:
            for key, stored in known.items():
                self._update(con, stored[0], stored[2:], (*keyed[key].columns, None))

    def _key(self, line: EntryLine) -> str | None:
        """The key of an entry in this file, None where the same entry was read before."""
        key = line.key
        if (key, line.content) in self._content or (line.is_behind and key in self._seen):
            return None
        self._content.add((key, line.content))
        self._seen[key] = self._seen.get(key, 0) + 1
        return key if self._seen[key] == 1 else f"{key}#{self._seen[key]}"

    def _update(
        self, con: sqlite3.Connection, entry_id: int, before: Sequence[object], after: Sequence[object]
    ) -> None:
        change = {column: [old, new] for column, old, new in zip(_COLUMNS, before, after, strict=True) if old != new}
        if change:
            con.execute(
                f"UPDATE entry SET {', '.join(f'{column} = ?' for column in change)} WHERE id = ?",
                [*(pair[1] for pair in change.values()), entry_id],
            )
            _rename(con, entry_id, change)
            _keep_change(con, "entry", self.import_id, entry_id, change)

    def finish(self, con: sqlite3.Connection) -> None:
        """Mark the entries a newer file no longer has, inside the caller's transaction."""
        if not self.is_older:
            standing = con.execute("SELECT id, key FROM entry WHERE list_id = ? AND left_at IS NULL", [self.list_id])
            lost = {number: key for number, key in standing.fetchall() if not self._was_read(key)}
            gone = list(lost)
            for number in gone:
                con.execute("UPDATE entry SET left_at = ? WHERE id = ?", [self.as_of, number])
                _keep_change(con, "entry", self.import_id, number, {"left_at": [None, self.as_of]})
            self.left = sum(not key.startswith(BEHIND) for key in lost.values())
            self._carry_over(con, gone)
        watermarks.lists_changed(self.store)

    def _carry_over(self, con: sqlite3.Connection, gone: Sequence[int]) -> None:
        """Keep the entity of an entry that returns under another key (with one column more)."""
        if not gone:
            return
        former = by_name(con, "id IN (SELECT value FROM json_each(?))", [json.dumps(gone)])
        fresh = by_name(con, "list_id = ? AND import_id = ?", [self.list_id, self.import_id])
        for name, lines in former.items():
            others = fresh.get(name, [])
            if not name or len(lines) != 1 or len(others) != 1 or not agree(lines[0][2], others[0][2]):
                continue
            old, (number, new, _) = lines[0][1], others[0]
            if old == new:
                continue
            con.execute("UPDATE entry SET entity_id = ? WHERE id = ?", [old, number])
            if con.execute("SELECT 1 FROM entry WHERE entity_id = ?", [new]).fetchone() is None:
                con.execute("UPDATE entity_key SET entity_id = ? WHERE entity_id = ?", [old, new])

    def totals(self, con: sqlite3.Connection) -> tuple[int, int]:
        """Entries this import added and changed, a resumed run included."""
        added = con.execute(
            f"SELECT count(*) FROM entry WHERE list_id = ? AND import_id = ? AND {OF_A_LINE}",
            [self.list_id, self.import_id],
        ).fetchone()[0]
        changed = con.execute(
            "SELECT count(*) FROM entry_change WHERE import_id = ? "
            "AND json_extract(change, '$.left_at[1]') IS NULL AND json_remove(change, '$.line') <> '{}' "
            f"AND entry_id IN (SELECT id FROM entry WHERE {OF_A_LINE})",
            [self.import_id],
        ).fetchone()[0]
        return int(added), int(changed)

    def _was_read(self, key: str) -> bool:
        base, _, number = key.rpartition("#")
        if base and number.isdigit() and base in self._seen:
            return int(number) <= self._seen[base]
        return key in self._seen


def _rename(con: sqlite3.Connection, entry_id: int, change: dict[str, list[Any]], is_undo: bool = False) -> None:
    """Call the entity of a record as the record is called now, and keep its former name as one it is known by.

    Args:
        con: the connection of the open transaction.
        entry_id: the record.
        change: column -> [previous value, value].
        is_undo: go back to the previous name.
    """
    is_person = con.execute("SELECT person <> '' FROM entry WHERE id = ?", [entry_id]).fetchone()[0]
    former, name = change.get("person" if is_person else "company", ("", ""))
    if not former or not name:
        return
    entity = con.execute("SELECT entity_id FROM entry WHERE id = ?", [entry_id]).fetchone()[0]
    old, new = (name, former) if is_undo else (former, name)
    con.execute("UPDATE entity SET name = ? WHERE id = ? AND name = ?", [new, entity, old])
    if is_undo:
        con.execute(
            "DELETE FROM alias WHERE entity_id = ? AND type = 'name' AND value = ? AND match_id IS NULL",
            [entity, former],
        )
    else:
        learn_alias(con, EntityAlias(entity, "name", former), None)


def _keep_change(
    con: sqlite3.Connection, table: Literal["list", "entry"], import_id: int, number: int, change: dict[str, list[Any]]
) -> None:
    """Keep what was overwritten; the first value stays where a resumed run changes it again."""
    found = con.execute(
        f"SELECT change FROM {table}_change WHERE import_id = ? AND {table}_id = ?", [import_id, number]
    ).fetchone()
    earlier: dict[str, list[Any]] = json.loads(found[0]) if found else {}
    for column, (before, after) in change.items():
        earlier[column] = [earlier.get(column, [before])[0], after]
    con.execute(
        f"INSERT OR REPLACE INTO {table}_change VALUES (?, ?, ?)",
        [import_id, number, json.dumps(earlier, ensure_ascii=False)],
    )


def last_of_step(con: sqlite3.Connection, import_id: int, after: int, most: int) -> int | None:
    """The last of the next few entries an import wrote or changed.

    Args:
        con: a connection.
        import_id: of a list.
        after: entries up to this number are done.
        most: how many at most.

    Returns:
        Its number, None where there are no more.
    """
    found: list[int] = []
    for sql in (
        "SELECT entry_id FROM entry_change WHERE import_id = ? AND entry_id > ? ORDER BY 1 LIMIT ?",
        "SELECT id FROM entry WHERE import_id = ? AND id > ? ORDER BY 1 LIMIT ?",
    ):
        found += [line[0] for line in con.execute(sql, [import_id, after, most])]
    return sorted(set(found))[:most][-1] if found else None


def reverse(con: sqlite3.Connection, import_id: int, is_redo: bool, after: int, last: int) -> int:
    """Undo or redo what an import did to some entries, inside the caller's transaction.

    Args:
        con: the connection of the open transaction.
        import_id: of a list.
        is_redo: do it again.
        after: of entries above this number,
        last: up to this one.

    Returns:
        How many entries changed.
    """
    changes = con.execute(
        "SELECT entry_id, change FROM entry_change WHERE import_id = ? AND entry_id > ? AND entry_id <= ?",
        [import_id, after, last],
    ).fetchall()
    for number, text in changes:
        _reverse_line(con, "entry", number, json.loads(text), is_redo)
        _rename(con, number, json.loads(text), is_undo=not is_redo)
    now, then = _left_at(is_redo)
    written = con.execute(
        f"UPDATE entry SET left_at = {now} WHERE import_id = ? AND id > ? AND id <= ? AND left_at IS {then}",
        [import_id] * (not is_redo) + [import_id, after, last] + [import_id] * is_redo,
    )
    return len(changes) + written.rowcount


def reverse_list(store: Store, con: sqlite3.Connection, import_id: int, is_redo: bool, has_changed: bool) -> None:
    """Undo or redo what an import did to its list itself, inside the caller's transaction.

    Args:
        store: ``lists_version`` moves on where anything changed.
        con: the connection of the open transaction.
        import_id: of a list.
        is_redo: do it again.
        has_changed: whether its entries changed.
    """
    changes = con.execute("SELECT list_id, change FROM list_change WHERE import_id = ?", [import_id]).fetchall()
    for number, text in changes:
        _reverse_line(con, "list", number, json.loads(text), is_redo)
    now, then = _left_at(is_redo)
    written = con.execute(
        f"UPDATE list SET dropped_at = {now} WHERE import_id = ? AND dropped_at IS {then}", [import_id, import_id]
    )
    if has_changed or changes or written.rowcount:
        watermarks.lists_changed(store)


def _reverse_line(
    con: sqlite3.Connection, table: str, number: int, change: dict[str, list[Any]], is_redo: bool
) -> None:
    for column, (before, after) in change.items():
        expected, wanted = (before, after) if is_redo else (after, before)
        con.execute(f"UPDATE {table} SET {column} = ? WHERE id = ? AND {column} IS ?", [wanted, number, expected])


def _left_at(is_redo: bool) -> tuple[str, str]:
    """What stands where an import is undone and where it counts, the one to write first; each moment takes an id."""
    moment = "(SELECT as_of FROM import_run WHERE id = ?)"
    return ("NULL", moment) if is_redo else (moment, "NULL")


def lists(store: Store, with_dropped: bool = False) -> list[ListInfo]:
    """Every list by name; those dropped only if asked for."""
    found = store.con.execute(
        "SELECT id, name, kind, consent_basis, as_of, "
        f"(SELECT count(*) FROM entry WHERE list_id = list.id AND left_at IS NULL AND {OF_A_LINE}), "
        "(SELECT count(*) FROM entry JOIN import_run r ON r.id = entry.import_id "
        f"WHERE list_id = list.id AND left_at IS NOT NULL AND r.state <> 'undone' AND {OF_A_LINE}), dropped_at "
        "FROM list WHERE dropped_at IS NULL OR ? ORDER BY name",
        [with_dropped],
    )
    return [ListInfo(line[0], line[1], Kind(line[2]) if line[2] else None, *line[3:]) for line in found]


def entries(store: Store, only_current: bool = True) -> Iterator[ListEntry]:
    """Entries with the store's numbers, by list and line.

    Args:
        store: the open store.
        only_current: leave out what left its list and lists that were dropped.
    """
    running = "(SELECT id FROM import_run WHERE state = 'running')"
    where = f"WHERE left_at IS NULL AND dropped_at IS NULL AND entry.import_id NOT IN {running}" if only_current else ""
    for line in store.con.execute(
        "SELECT entry.id, list_id, entity_id, line, entry.kind, data, fields, key FROM entry "
        f"JOIN list ON list.id = list_id {where} ORDER BY list_id, line, entry.id"
    ):
        yield _entry(line)


def lacks_companies_behind(store: Store) -> bool:
    """Whether people on lists of earlier versions may lack the entry of their company."""
    if watermarks.HAS_COMPANIES_BEHIND.read(store):
        return False
    return store.con.execute("SELECT 1 FROM entry WHERE person <> '' AND company <> '' LIMIT 1").fetchone() is not None


def add_companies_behind(store: Store) -> int:
    """Add the companies of people on current lists that have none yet: lists of earlier versions brought none.

    Returns:
        How many entries were added; the version of the lists moves on where it is not 0.
    """
    if watermarks.HAS_COMPANIES_BEHIND.read(store):
        return 0
    with store.write() as con:
        kinds = {info.id: info.kind for info in lists(store)}
        origins = dict(con.execute("SELECT id, import_id FROM entry").fetchall())
        known = set(con.execute(f"SELECT list_id, key FROM entry WHERE NOT {OF_A_LINE}").fetchall())
        found: dict[tuple[int, int], dict[str, EntryLine]] = {}
        for entry in entries(store):
            line = company_behind(entry, kinds[entry.list_id])
            if line is not None and (entry.list_id, line.key) not in known:
                known.add((entry.list_id, line.key))
                found.setdefault((entry.list_id, origins[entry.id]), {})[line.key] = line
        for (list_id, import_id), lines in found.items():
            _insert(con, list_id, lines, None, import_id)
        if found:
            watermarks.lists_changed(store)
        watermarks.HAS_COMPANIES_BEHIND.write(store, True)
    return sum(map(len, found.values()))


def _insert(
    con: sqlite3.Connection, list_id: int, lines: dict[str, EntryLine], left_at: int | None, import_id: int
) -> None:
    """Insert entries of a list by their keys, each with the entity behind it."""
    entities = Entities(con, list_id).behind(list(lines.values()))
    con.executemany(
        "INSERT INTO entry(list_id, entity_id, key, line, company, person, kind, data, fields, left_at, import_id) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (list_id, entity, key, *line.columns, left_at, import_id)
            for entity, (key, line) in zip(entities, lines.items(), strict=True)
        ],
    )


def entry(store: Store, entry_id: int) -> ListEntry | None:
    """One entry, None where there is none of that number."""
    line = store.con.execute(
        "SELECT id, list_id, entity_id, line, kind, data, fields, key FROM entry WHERE id = ?", [entry_id]
    ).fetchone()
    return _entry(line) if line else None


def _entry(line: Sequence[Any]) -> ListEntry:
    data = json.loads(line[5])
    for name in SEVERAL:
        data[name] = tuple(data.get(name, ()))
    return ListEntry(
        line=line[3], kind=Kind(line[4]) if line[4] else None, fields=json.loads(line[6]),
        id=line[0], list_id=line[1], entity_id=line[2], is_behind=line[7].startswith(BEHIND), **data,
    )  # fmt: skip


def drop(store: Store, name: str, at: int) -> bool:
    """Let a list no longer count; False where there is none of that name."""
    return _update(store, "name = ? AND dropped_at IS NULL", name, {"dropped_at": at})


def restore(store: Store, name: str) -> bool:
    """Let a dropped list count again; False where there is none of that name."""
    return _update(store, "name = ? AND dropped_at NOT NULL", name, {"dropped_at": None})


def set_consent_basis(store: Store, name: str, consent_basis: str) -> bool:
    """Change how a list's people were obtained; False where there is none of that name."""
    return _update(store, "name = ?", name, {"consent_basis": consent_basis})


def _update(store: Store, where: str, name: str, values: dict[str, object]) -> bool:
    with tables.writing(store, "list") as table:
        found = list(table.rows_where(where, [name]))
        for line in found:
            table.update(line["id"], values)
            watermarks.lists_changed(store)
    return bool(found)
