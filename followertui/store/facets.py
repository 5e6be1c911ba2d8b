"""Counts of open sets of values among rows: tags, lists, companies, places.

Owns the statements behind count-by for fields that have no closed set. Only ``services``
imports it.
"""

from __future__ import annotations

import json

from followertui.store.connection import Store, unpacked

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
    "company": f"SELECT n.name, count(DISTINCT m.row) {_MATCHED} GROUP BY n.id",
    "owner": f"SELECT json_extract(e.data, '$.owner') AS owner, count(DISTINCT m.row) {_MATCHED} "
    "AND coalesce(json_extract(e.data, '$.owner'), '') <> '' GROUP BY owner",
    "affiliation": "SELECT a.affiliation, count(*) FROM account a JOIN chosen c ON c.row = a.row "
    "WHERE coalesce(a.affiliation, '') <> '' GROUP BY a.affiliation",
    "domain": "SELECT a.domain, count(*) FROM account a JOIN chosen c ON c.row = a.row "
    "WHERE coalesce(a.domain, '') <> '' GROUP BY a.domain",
    "location": "SELECT a.location, count(*) FROM account a JOIN chosen c ON c.row = a.row "
    "WHERE coalesce(a.location, '') <> '' GROUP BY a.location COLLATE NOCASE",
}


def values_among(store: Store, rows: bytes, field: str, limit: int) -> list[tuple[str, int]]:
    """Values of an open field among rows, most first.

    Args:
        store: the open store.
        rows: row numbers, uint32 little-endian.
        field: one of tag, list, company, owner, affiliation, domain, location.
        limit: at most so many values.
    """
    con = store.con
    con.execute("CREATE TEMP TABLE IF NOT EXISTS chosen (row INTEGER PRIMARY KEY)")
    con.execute("DELETE FROM chosen")
    con.execute("INSERT OR IGNORE INTO chosen SELECT value FROM json_each(?)", [json.dumps(unpacked(rows).tolist())])
    found = con.execute(f"{_SQL[field]} ORDER BY 2 DESC, 1 LIMIT ?", [limit]).fetchall()
    con.execute("DELETE FROM chosen")
    return [(str(value), int(count)) for value, count in found]
