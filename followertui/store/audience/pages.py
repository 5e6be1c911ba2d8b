"""Rows to show: pages of the table and whole profiles, a few at a time.

Owns the SQL that reads accounts back for people: 64 rows in about a millisecond. It needs
no numpy, so the first page paints before anything heavy is imported. Only ``services``
imports it.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from followertui.domain.account import PROFILE_FIELDS, ProfileColumns
from followertui.domain.guards import RowFacts, stands
from followertui.store.audience.row_facts import RowMatch, row_facts, row_matches
from followertui.store.decisions.plans import OPEN_ITEM
from followertui.store.file import watermarks
from followertui.store.file.connection import Store

PAGE_ROWS = 64

SEARCHED = frozenset(("handle", "name", "bio", "location"))
"""Columns the search index holds."""

_FOLLOWED_ROWS, _FOLLOWED_SHARE = 2_000, 100
"""Changed rows the search index follows one by one: at most 2,000, or one in 100 of the rows it holds."""


class PageRow(NamedTuple):
    """One account as the table needs it; names as in the schema.

    Attributes:
        bio: its first 240 characters.
        bits: 1 they follow us now, 2 we follow them now.
        plan: open actions, in the order planned.
        tags: names in alphabetical order.
        match: the best match that was not rejected, None without one.
        facts: what its kind and its guards depend on.
        read_at: when its counts and dates were read, epoch seconds UTC, None unknown.
    """

    row: int
    x_id: int | None
    handle: str
    name: str
    bits: int
    followers: int | None
    last_post_at: int | None
    protected: int
    bio: str
    place: str
    bot: int | None
    top_reason: str
    plan: tuple[str, ...]
    tags: tuple[str, ...]
    has_note: bool
    match: RowMatch | None
    facts: RowFacts
    read_at: int | None


_PAGE = """
SELECT a.row, a.x_id, coalesce(a.handle, ''), coalesce(a.name, ''),
  EXISTS (SELECT 1 FROM relation_now r WHERE r.row = a.row AND r.direction = 'follower')
  + 2 * EXISTS (SELECT 1 FROM relation_now r WHERE r.row = a.row AND r.direction = 'following'),
  a.followers, a.last_post_at, coalesce(a.protected, 0), substr(coalesce(a.bio, ''), 1, 240),
  coalesce(a.location, ''), s.bot, coalesce(s.top_reason, ''),
  (SELECT group_concat(action) FROM (SELECT action FROM plan_item WHERE row = a.row AND {open} ORDER BY id)),
  (SELECT json_group_array(t.name) FROM tagged g JOIN tag t ON t.id = g.tag_id WHERE g.row = a.row),
  n.row IS NOT NULL, (SELECT as_of FROM import_run WHERE id = a.counts_from)
FROM account a LEFT JOIN score s ON s.row = a.row LEFT JOIN note n ON n.row = a.row
WHERE a.row IN ({marks})
"""


def notes(store: Store, rows: Sequence[int]) -> dict[int, str]:
    """The notes of those accounts that have one, by row."""
    found = store.con.execute(
        "SELECT row, text FROM note WHERE row IN (SELECT value FROM json_each(?))", [json.dumps(list(rows))]
    )
    return dict(found.fetchall())


def page(store: Store, rows: Sequence[int]) -> list[PageRow]:
    """Accounts of a few row numbers.

    Args:
        store: the open store.
        rows: at most a few hundred row numbers.

    Returns:
        The accounts in the order of ``rows``; unknown rows are left out.
    """
    wanted = [int(row) for row in rows]
    matches = row_matches(store, wanted)
    facts = row_facts(store, wanted, matches)
    found: dict[int, PageRow] = {}
    for line in store.con.execute(_PAGE.format(open=OPEN_ITEM, marks=",".join("?" * len(wanted))), wanted):
        row, (plan, tags, has_note, read_at) = line[0], line[12:]
        best = next((match for match in matches.get(row, ()) if stands(match.facts)), None)
        actions = tuple(plan.split(",")) if plan else ()
        if row in facts:
            found[row] = PageRow._make(
                (*line[:12], actions, tuple(sorted(json.loads(tags))), bool(has_note), best, facts[row], read_at)
            )
    return [found[row] for row in wanted if row in found]


class Identity(NamedTuple):
    """Whom an action is about: id, handle and display name, None where unknown."""

    x_id: int | None
    handle: str | None
    name: str | None


def identity_of(store: Store, row: int) -> Identity | None:
    """Id, handle and display name of one account, None where it is not there any more."""
    found = store.con.execute(
        "SELECT x_id, handle, name FROM account WHERE row = ? AND hidden_by IS NULL", [row]
    ).fetchone()
    return None if found is None else Identity(*found)


def identity(store: Store, row: int) -> Identity:
    """Id, handle and display name of one account."""
    return Identity(*store.con.execute("SELECT x_id, handle, name FROM account WHERE row = ?", [row]).fetchone())


def profiles(store: Store, rows: Sequence[int]) -> ProfileColumns:
    """Whole profiles as columns, for matching and judging, in ascending row order.

    Args:
        store: the open store.
        rows: row numbers, any order; hidden and merged ones are left out.
    """
    found = store.con.execute(
        f"{_PROFILES} WHERE row IN (SELECT value FROM json_each(?)) "
        "AND hidden_by IS NULL AND merged_into IS NULL ORDER BY row",
        [json.dumps([int(row) for row in rows])],
    ).fetchall()
    return _with_former(store, _columns_of(store, found))


def profiles_between(store: Store, first: int, last: int) -> ProfileColumns:
    """Whole profiles of a range of row numbers, both ends included."""
    found = store.con.execute(
        f"{_PROFILES} WHERE row BETWEEN ? AND ? AND hidden_by IS NULL AND merged_into IS NULL ORDER BY row",
        [first, last],
    ).fetchall()
    return _with_former(store, _columns_of(store, found))


def _with_former(store: Store, columns: ProfileColumns) -> ProfileColumns:
    """Profiles with the handles their accounts held before."""
    rows = columns.rows
    if not rows:
        return columns
    former: dict[int, list[str]] = {}
    for row, handle in store.con.execute(
        "SELECT row, lower(handle) FROM handle_history WHERE row BETWEEN ? AND ? ORDER BY row, until",
        [rows[0], rows[-1]],
    ):
        former.setdefault(row, []).append(handle)
    return replace(columns, former_handles=[former.get(row) for row in rows]) if former else columns


def display_names(store: Store) -> Iterator[str]:
    """The display names of all accounts that are shown, in no order."""
    found = store.con.execute("SELECT name FROM account WHERE name <> '' AND hidden_by IS NULL AND merged_into IS NULL")
    return (line[0] for line in found)


def bios(store: Store) -> Iterator[str]:
    """The bios of all accounts that are shown, in no order."""
    found = store.con.execute("SELECT bio FROM account WHERE bio <> '' AND hidden_by IS NULL AND merged_into IS NULL")
    return (line[0] for line in found)


def name_of(store: Store, handle: str) -> str | None:
    """The display name of the account that has a handle now; None where there is none, or it has no name."""
    line = store.con.execute(
        "SELECT name FROM account WHERE handle = ? AND hidden_by IS NULL AND merged_into IS NULL LIMIT 1", [handle]
    ).fetchone()
    return None if line is None else line[0]


_PROFILES = f"SELECT row, {', '.join(PROFILE_FIELDS)}, counts_from FROM account"
_COLUMN_AT = {name: position for position, name in enumerate(PROFILE_FIELDS, start=1)}


def _columns_of(store: Store, lines: Sequence[tuple[Any, ...]]) -> ProfileColumns:
    """Lines of ``_PROFILES`` as columns."""
    *turned, origins = list(zip(*lines, strict=True)) if lines else [()] * (len(PROFILE_FIELDS) + 2)
    moments: dict[int | None, int | None] = dict(store.con.execute("SELECT id, as_of FROM import_run"))
    columns = {name: turned[_COLUMN_AT[name]] for name in ProfileColumns.__dataclass_fields__ if name in _COLUMN_AT}
    return ProfileColumns(turned[0], **columns, read_at=[moments.get(origin) for origin in origins])


class StoredSpell(NamedTuple):
    """One time an account was related to us without a break.

    Attributes:
        direction: "follower" or "following".
        is_new: it began after the baseline.
        first_seen, last_seen: readings that showed it, epoch seconds UTC.
        missed_at: the reading that no longer did, None while it goes on.
    """

    direction: str
    is_new: bool
    first_seen: int
    last_seen: int
    missed_at: int | None


class Detail(NamedTuple):
    """Everything the account table says of one row, as a mapping, and where it came from.

    Attributes:
        fields: column -> value.
        sources: field group ("handle and name", ...) -> (source name, as_of epoch seconds).
        spells: oldest first.
        note: the person's note.
    """

    fields: dict[str, object]
    sources: dict[str, tuple[str, int]]
    spells: list[StoredSpell]
    note: str


def detail(store: Store, row: int) -> Detail | None:
    """One account in full, None where there is no such row."""
    con = store.con
    cursor = con.execute("SELECT * FROM account WHERE row = ?", [row])
    line = cursor.fetchone()
    if line is None:
        return None
    fields = dict(zip([column[0] for column in cursor.description], line, strict=True))
    sources: dict[str, tuple[str, int]] = {}
    for title, column in (
        ("handle and name", "identity_from"),
        ("bio and links", "about_from"),
        ("counts and dates", "counts_from"),
        ("flags", "flags_from"),
    ):
        found = con.execute("SELECT source, as_of FROM import_run WHERE id = ?", [fields[column]]).fetchone()
        if found:
            sources[title] = (found[0], found[1])
    spells = [
        StoredSpell(direction, bool(is_new), first_seen, last_seen, missed_at)
        for direction, is_new, first_seen, last_seen, missed_at in con.execute(
            "SELECT direction, is_new, first_seen, last_seen, missed_at FROM relation WHERE row = ? "
            "ORDER BY first_seen",
            [row],
        )
    ]
    note = con.execute("SELECT text FROM note WHERE row = ?", [row]).fetchone()
    return Detail(fields, sources, spells, note[0] if note else "")


def find(store: Store, text: str) -> int | None:
    """Row of a handle or id as typed: ``@123`` forces a handle, bare digits try the id first."""
    word = text.strip()
    con = store.con
    alive = "hidden_by IS NULL AND merged_into IS NULL"
    if word.isascii() and word.isdigit() and len(word) < 20 and (found := _by_id(con, int(word), alive)) is not None:
        return found
    line = con.execute(
        f"SELECT row FROM account WHERE handle = ? AND {alive} ORDER BY x_id IS NULL, row LIMIT 1", [word.lstrip("@")]
    ).fetchone()
    return None if line is None else int(line[0])


def _by_id(con: sqlite3.Connection, x_id: int, alive: str) -> int | None:
    if x_id >= 1 << 63:
        return None
    line = con.execute(f"SELECT row FROM account WHERE x_id = ? AND {alive}", [x_id]).fetchone()
    return None if line is None else int(line[0])


def everyone(store: Store, most: int) -> array[int] | None:
    """Every row that is shown, in ascending order, where the table is short; the arrays know those of a long one.

    Args:
        store: the open store.
        most: rows above which the table is not read.

    Returns:
        Row numbers, None where there are more rows.
    """
    last = store.con.execute("SELECT max(row) FROM account").fetchone()[0] or 0
    if last > most:
        return None
    shown = "SELECT row FROM account WHERE hidden_by IS NULL AND merged_into IS NULL ORDER BY row"
    return array("I", (row for (row,) in store.con.execute(shown)))


def index_text(store: Store, upto: int) -> int:
    """Add rows to the full-text index, at most up to a row number; returns how far it reaches now."""
    with store.write() as con:
        start = watermarks.TEXT_UPTO.read(store)
        last = int(con.execute("SELECT coalesce(max(row), 0) FROM account").fetchone()[0])
        end = min(upto, last)
        if end <= start:
            return start
        con.execute(
            "INSERT INTO account_text(rowid, handle, name, bio, location) "
            "SELECT row, handle, name, bio, location FROM account WHERE row > ? AND row <= ?",
            [start, end],
        )
        watermarks.TEXT_UPTO.write(store, end)
        return end


class TextRenewal:
    """The search index while an import or its undo changes what it holds.

    Following changes row by row costs about twenty times as much as indexing a row afresh, so
    where many change the index is dropped: ``index_text`` fills it again, and
    until then rows are searched as those that were never indexed.

    Args:
        store: the store that is written.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._most = max(_FOLLOWED_ROWS, watermarks.TEXT_UPTO.read(store) // _FOLLOWED_SHARE)
        self._changing = 0

    def expect(self, con: sqlite3.Connection, rows: int) -> None:
        """Prepare for rows that are about to change, inside the caller's transaction."""
        self._changing += rows
        if self._changing > self._most and rows:
            watermarks.TEXT_UPTO.write(self._store, 0)
            con.execute("INSERT INTO account_text(account_text) VALUES ('delete-all')")


def crowd_columns(store: Store) -> tuple[ProfileColumns, list[int | None], list[int | None]] | None:
    """What crowd signals need of all present followers.

    Returns:
        (profiles, position in the newest newest-first reading of our followers, when first
        seen), of equal length and order; None without followers.
    """
    rows = [
        (line[0], line[1])
        for line in store.con.execute(
            "SELECT row, min(first_seen) FROM relation WHERE direction = 'follower' AND missed_at IS NULL GROUP BY row"
        )
    ]
    if not rows:
        return None
    newest = store.con.execute(
        "SELECT members FROM snapshot WHERE direction = 'follower' AND members IS NOT NULL "
        "ORDER BY read DESC, as_of DESC LIMIT 1"
    ).fetchone()
    place: dict[int, int] = {}
    if newest is not None:
        members = memoryview(zlib.decompress(newest[0])).cast("I")
        place = {row: position for position, row in enumerate(members)}
    seen = dict(rows)
    columns = profiles(store, list(seen))
    return columns, [place.get(row) for row in columns.rows], [seen[row] for row in columns.rows]
