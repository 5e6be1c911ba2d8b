"""Rows to show: pages of the table and whole profiles, a few at a time.

Owns the SQL that reads accounts back for people: 64 rows in about a millisecond. It needs
no numpy, so the first page paints before anything heavy is imported. Only ``services``
imports it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from followertui.domain.account import PROFILE_FIELDS, ProfileColumns
from followertui.domain.kind import LIST_PRECEDENCE, UNGUARDED_LIST_KINDS
from followertui.store.connection import Store

PAGE_ROWS = 64

_RANK = [kind.value for kind in LIST_PRECEDENCE]
_UNGUARDED = {kind.value for kind in UNGUARDED_LIST_KINDS}


class PageRow(NamedTuple):
    """One account as the table needs it; names as in the schema.

    Attributes:
        bits: 1 they follow us now, 2 we follow them now.
        word: a person's word on the kind, None without one.
        match: (score, band, state, list kind, entity, relation) of the best match, None without one.
        confirmed_kind, certain_kind: what confirmed and unreviewed certain matches say, "" if nothing.
        match_guards: whether a match holds the account back from pruning.
        plan: open actions, in the order planned.
        tags: names in alphabetical order.
    """

    row: int
    x_id: int | None
    handle: str
    name: str
    bits: int
    followers: int | None
    last_post_at: int | None
    protected: int
    affiliation: str
    word: str | None
    decision: str | None
    judged_kind: int | None
    bot: int | None
    top_reason: str
    match: tuple[int, str, str, str, str, str] | None
    confirmed_kind: str
    certain_kind: str
    match_guards: bool
    plan: tuple[str, ...]
    tags: tuple[str, ...]
    has_note: bool
    released: bool


_PAGE = """
SELECT a.row, a.x_id, coalesce(a.handle, ''), coalesce(a.name, ''),
  (SELECT coalesce(sum(DISTINCT CASE r.direction WHEN 'follower' THEN 1 ELSE 2 END), 0) FROM relation_now r
   WHERE r.row = a.row),
  a.followers, a.last_post_at, coalesce(a.protected, 0), coalesce(a.affiliation, ''), k.kind, d.decision,
  s.kind, s.bot, coalesce(s.top_reason, ''),
  (SELECT group_concat(p.action) FROM plan_item p
   WHERE p.row = a.row AND p.state IN ('planned', 'held', 'attempting', 'later')),
  (SELECT json_group_array(t.name) FROM tagged g JOIN tag t ON t.id = g.tag_id WHERE g.row = a.row),
  n.row IS NOT NULL, f.row IS NOT NULL
FROM account a
LEFT JOIN kind_word k ON k.row = a.row LEFT JOIN decision d ON d.row = a.row
LEFT JOIN score s ON s.row = a.row LEFT JOIN note n ON n.row = a.row LEFT JOIN release f ON f.row = a.row
WHERE a.row IN ({marks})
"""

_BEST = """
SELECT m.row, m.score, m.band, coalesce(w.state, ''),
  coalesce((SELECT coalesce(e.kind, l.kind) FROM entry e JOIN list l ON l.id = e.list_id
   WHERE e.entity_id = m.entity_id AND e.left_at IS NULL AND l.dropped_at IS NULL
   AND coalesce(e.kind, l.kind) IS NOT NULL
   ORDER BY instr('employee competitor customer partner prospect vendor press influencer', coalesce(e.kind, l.kind))
   LIMIT 1), ''),
  n.name, m.relation
FROM match m LEFT JOIN match_word w ON w.match_id = m.id JOIN entity n ON n.id = m.entity_id
WHERE m.row IN ({marks}) AND coalesce(w.state, '') <> 'rejected' AND (m.is_stale = 0 OR w.state IS NOT NULL)
ORDER BY coalesce(w.state, '') = 'confirmed', m.score
"""


def page(store: Store, rows: Sequence[int]) -> list[PageRow]:
    """Accounts of a few row numbers.

    Args:
        store: the open store.
        rows: at most a few hundred row numbers.

    Returns:
        The accounts in the order of ``rows``; unknown rows are left out.
    """
    wanted = [int(row) for row in rows]
    marks = ",".join("?" * len(wanted))
    con = store.con
    ties: dict[int, list[tuple[int, str, str, str, str, str]]] = {}
    for line in con.execute(_BEST.format(marks=marks), wanted):
        ties.setdefault(line[0], []).append(tuple(line[1:]))
    found: dict[int, PageRow] = {}
    for line in con.execute(_PAGE.format(marks=marks), wanted):
        plan = tuple(line[14].split(",")) if line[14] else ()
        tags = tuple(sorted(json.loads(line[15])))
        found[line[0]] = PageRow._make(
            (*line[:14], *_tied(ties.get(line[0], [])), plan, tags, bool(line[16]), bool(line[17]))
        )
    return [found[row] for row in wanted if row in found]


def _tied(
    lines: Sequence[tuple[int, str, str, str, str, str]],
) -> tuple[tuple[int, str, str, str, str, str] | None, str, str, bool]:
    """Best match, what confirmed and certain ones say of the kind, and whether any guards."""
    confirmed = min((line[3] for line in lines if line[2] == "confirmed" and line[3]), key=_RANK.index, default="")
    certain = min(
        (line[3] for line in lines if not line[2] and line[1] == "certain" and line[3]), key=_RANK.index, default=""
    )
    guards = any(line[3] not in _UNGUARDED for line in lines)
    return (lines[-1] if lines else None), confirmed, certain, guards


def profiles(store: Store, rows: Sequence[int]) -> ProfileColumns:
    """Whole profiles as columns, for matching and judging, in the order of rising row.

    Args:
        store: the open store.
        rows: row numbers, any order; hidden and merged ones are left out.
    """
    found = store.con.execute(
        f"SELECT row, {', '.join(PROFILE_FIELDS)} FROM account WHERE row IN (SELECT value FROM json_each(?)) "
        "AND hidden_by IS NULL AND merged_into IS NULL ORDER BY row",
        [json.dumps([int(row) for row in rows])],
    ).fetchall()
    return columns_of(found)


def profiles_between(store: Store, first: int, last: int) -> ProfileColumns:
    """Whole profiles of a range of row numbers, both ends included."""
    found = store.con.execute(
        f"SELECT row, {', '.join(PROFILE_FIELDS)} FROM account WHERE row BETWEEN ? AND ? "
        "AND hidden_by IS NULL AND merged_into IS NULL ORDER BY row",
        [first, last],
    ).fetchall()
    return columns_of(found)


_COLUMN_AT = {name: position for position, name in enumerate(PROFILE_FIELDS, start=1)}


def columns_of(lines: Sequence[tuple[object, ...]]) -> ProfileColumns:
    """Lines of (row, *PROFILE_FIELDS) as columns."""
    turned = list(zip(*lines, strict=True)) if lines else [()] * (len(PROFILE_FIELDS) + 1)
    names = [name for name in ProfileColumns.__dataclass_fields__ if name != "rows"]
    return ProfileColumns(turned[0], *(turned[_COLUMN_AT[name]] for name in names))


class Detail(NamedTuple):
    """Everything the account table says of one row, as a mapping, and where it came from.

    Attributes:
        fields: column -> value.
        sources: field group ("handle and name", ...) -> (source name, as_of epoch seconds).
        spells: (direction, is_new, first_seen, last_seen, missed_at), oldest first.
        note: the person's note.
    """

    fields: dict[str, object]
    sources: dict[str, tuple[str, int]]
    spells: list[tuple[str, int, int, int, int | None]]
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
    spells = con.execute(
        "SELECT direction, is_new, first_seen, last_seen, missed_at FROM relation WHERE row = ? ORDER BY first_seen",
        [row],
    ).fetchall()
    note = con.execute("SELECT text FROM note WHERE row = ?", [row]).fetchone()
    return Detail(fields, sources, spells, note[0] if note else "")


def find(store: Store, text: str) -> int | None:
    """Row of a handle or id as typed: ``@123`` forces a handle, bare digits try the id first."""
    word = text.strip()
    con = store.con
    alive = "hidden_by IS NULL AND merged_into IS NULL"
    if word.isdigit() and len(word) < 20 and (found := _by_id(con, int(word), alive)) is not None:
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


def index_text(store: Store, upto: int) -> int:
    """Add rows to the full-text index, at most up to a row number; returns how far it reaches now."""
    with store.write() as con:
        start = int(store.meta("text_upto") or 0)
        last = int(con.execute("SELECT coalesce(max(row), 0) FROM account").fetchone()[0])
        end = min(upto, last)
        if end <= start:
            return start
        con.execute(
            "INSERT INTO account_text(rowid, handle, name, bio, location) "
            "SELECT row, handle, name, bio, location FROM account WHERE row > ? AND row <= ?",
            [start, end],
        )
        con.execute("UPDATE meta SET value = ? WHERE name = 'text_upto'", [str(end)])
        return end


def crowd_columns(store: Store) -> tuple[ProfileColumns, list[int | None], list[int | None]] | None:
    """What crowd signals need of all present followers.

    Returns:
        (profiles, position in the newest newest-first reading of our followers, when first
        seen), of equal length and order; None where nobody follows.
    """
    import zlib

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


def newest_words(store: Store, limit: int) -> list[tuple[int, str, str]]:
    """The newest decisions and kinds people said: (row, handle, word), newest first."""
    return store.con.execute(
        "SELECT w.row, coalesce(a.handle, a.x_id), w.word FROM ("
        "SELECT row, decision AS word, at, 0 AS sort FROM decision UNION ALL "
        "SELECT row, kind, at, 1 FROM kind_word ORDER BY at DESC LIMIT ?) w JOIN account a ON a.row = w.row "
        "ORDER BY w.at DESC, w.sort, w.row DESC",
        [limit],
    ).fetchall()
