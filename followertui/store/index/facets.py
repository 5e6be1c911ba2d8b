"""Counts of open sets of values among rows: tags, lists, companies, places.

Owns the statements behind count-by for fields that have no closed set. Only ``services``
imports it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from followertui.store.file.connection import Store, unpacked
from followertui.store.lists import matches
from followertui.text.generic_employers import is_generic_employer

_MATCHED = (
    "FROM match m JOIN chosen c ON c.row = m.row LEFT JOIN match_word w ON w.match_id = m.id "
    "JOIN entity n ON n.id = m.entity_id JOIN entry e ON e.entity_id = m.entity_id AND e.left_at IS NULL "
    "JOIN list l ON l.id = e.list_id AND l.dropped_at IS NULL "
    "WHERE coalesce(w.state, '') <> 'rejected' AND (m.is_stale = 0 OR w.state IS NOT NULL)"
)
_SQL = {
    "tag": "SELECT t.name, count(*) FROM tagged g JOIN chosen c ON c.row = g.row JOIN tag t ON t.id = g.tag_id "
    "GROUP BY t.id",
    "list": f"SELECT l.name, count(DISTINCT m.row) {_MATCHED} GROUP BY l.id",
    "owner": f"SELECT json_extract(e.data, '$.owner') AS owner, count(DISTINCT m.row) {_MATCHED} "
    "AND coalesce(json_extract(e.data, '$.owner'), '') <> '' GROUP BY casefold(owner)",
    **{
        name: f"SELECT a.{name}, count(*) FROM account a JOIN chosen c ON c.row = a.row "
        f"WHERE coalesce(a.{name}, '') <> '' GROUP BY a.{name}"
        for name in ("affiliation", "domain", "location")
    },
}
_COMPANIES = f"SELECT DISTINCT m.row, CASE WHEN n.type = 'company' THEN n.name ELSE e.company END, e.company {_MATCHED}"


def values_among(store: Store, rows: bytes, field: str, limit: int) -> list[tuple[str, int]]:
    """Values of an open field among rows, most first; each count is what the field's term finds among them.

    Args:
        store: the open store.
        rows: row numbers, uint32 little-endian.
        field: one of tag, list, company, owner, clause, affiliation, domain, location.
        limit: the most values returned.
    """
    if field == "clause":
        return _clauses(store, rows, limit)
    con = store.con
    con.execute("CREATE TEMP TABLE IF NOT EXISTS chosen (row INTEGER PRIMARY KEY)")
    con.execute("DELETE FROM chosen")
    con.execute("INSERT OR IGNORE INTO chosen SELECT value FROM json_each(?)", [json.dumps(unpacked(rows).tolist())])
    if field == "company":
        lines = _companies(con.execute(_COMPANIES).fetchall(), limit)
    else:
        lines = [(str(value), int(count)) for value, count in con.execute(_SQL[field])]
        if field in ("affiliation", "domain", "location"):
            lines = _holding(lines, limit)
    con.execute("DELETE FROM chosen")
    return sorted(lines, key=lambda line: (-line[1], line[0]))[:limit]


def shared_bios(store: Store, rows: bytes, limit: int) -> list[tuple[int, str, str]]:
    """Bios that several rows have letter for letter, most shared first: (a row, how ``like:`` asks for it, the bio).

    Args:
        store: the open store.
        rows: row numbers, uint32 little-endian.
        limit: the most bios returned.
    """
    found = store.con.execute(
        "SELECT min(a.row), coalesce('@' || a.handle, a.x_id), a.bio FROM account a "
        "WHERE a.row IN (SELECT value FROM json_each(?)) AND coalesce(a.bio, '') <> '' "
        "AND (a.handle IS NOT NULL OR a.x_id IS NOT NULL) "
        "GROUP BY a.bio HAVING count(*) > 1 ORDER BY count(*) DESC, min(a.row) LIMIT ?",
        [json.dumps(unpacked(rows).tolist()), limit],
    )
    return [(int(row), str(asked), str(bio)) for row, asked, bio in found]


def _clauses(store: Store, rows: bytes, limit: int) -> list[tuple[str, int]]:
    """What matches of some rows rest on, with how many of the rows, most first."""
    of_row: dict[int, set[str]] = {}
    for row, said in matches.clauses_of(store, rows=set(unpacked(rows).tolist())):
        of_row.setdefault(row, set()).update(said)
    counts = Counter(clause for some in of_row.values() for clause in some)
    return sorted(counts.items(), key=lambda line: (-line[1], line[0]))[:limit]


def _holding(lines: Sequence[tuple[str, int]], limit: int) -> list[tuple[str, int]]:
    """The commonest values with how many rows hold them anywhere in theirs, as a term of text does."""
    counts: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for value, count in sorted(lines, key=lambda line: (-line[1], line[0])):
        counts[value.casefold()] += count
        shown.setdefault(value.casefold(), value)
    top = [folded for folded, _ in counts.most_common(limit)]
    return [(shown[part], sum(count for whole, count in counts.items() if part in whole)) for part in top]


def _companies(lines: Sequence[tuple[int, str, str]], limit: int) -> list[tuple[str, int]]:
    """Companies with how many rows match anything of that name, as ``company:`` does."""
    rows_of: dict[str, set[int]] = {}
    held: dict[str, set[int]] = {}
    for row, shown, company in lines:
        if is_generic_employer(shown):
            continue
        rows_of.setdefault(shown, set()).add(row)
        for name in (shown, company):
            held.setdefault(name.casefold(), set()).add(row)
    top = sorted(rows_of, key=lambda name: (-len(rows_of[name]), name))[:limit]
    return [
        (name, len(set[int]().union(*(rows for whole, rows in held.items() if name.casefold() in whole))))
        for name in top
    ]
