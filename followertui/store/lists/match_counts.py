"""How many matches there are, of whom, and which accounts an entry has: read only.

Owns no table. ``services`` and ``store.index`` import it.
"""

from __future__ import annotations

from followertui.store.file.connection import Store

ROWS_WITH_ENTRY = (
    "SELECT DISTINCT m.row FROM match m JOIN entity en ON en.id = m.entity_id "
    "JOIN entry e ON e.entity_id = m.entity_id AND e.left_at IS NULL "
    "JOIN list l ON l.id = e.list_id AND l.dropped_at IS NULL "
    "LEFT JOIN match_word w ON w.match_id = m.id "
    "WHERE coalesce(w.state, '') <> 'rejected' AND (m.is_stale = 0 OR w.state IS NOT NULL) AND "
)
"""Rows matched with an entry, rejected matches left out; a condition on the entity, entry or list follows."""

_ANY_ROW = 1 << 62


def siblings(store: Store, entity_id: int, except_row: int) -> int:
    """How many accounts beside ``except_row`` tie to an entity, rejected matches left out."""
    found = store.con.execute(
        "SELECT count(DISTINCT m.row) FROM match m LEFT JOIN match_word w ON w.match_id = m.id "
        "WHERE m.entity_id = ? AND m.row <> ? AND coalesce(w.state, '') <> 'rejected' "
        "AND (m.is_stale = 0 OR w.state IS NOT NULL)",
        [entity_id, except_row],
    ).fetchone()
    return int(found[0])


def names_tied_to(store: Store, entity_id: int, except_row: int, most: int) -> list[str]:
    """Names of accounts that tie to an entity, rejected matches left out; most followers first.

    Args:
        store: the open store.
        entity_id: the entity.
        except_row: an account left out.
        most: how many at most.
    """
    found = store.con.execute(
        "SELECT DISTINCT a.row, coalesce(nullif(a.name, ''), '@' || a.handle), a.followers FROM match m "
        "JOIN account a ON a.row = m.row LEFT JOIN match_word w ON w.match_id = m.id "
        "WHERE m.entity_id = ? AND m.row <> ? AND a.hidden_by IS NULL AND a.merged_into IS NULL "
        "AND coalesce(w.state, '') <> 'rejected' AND (m.is_stale = 0 OR w.state IS NOT NULL) "
        "ORDER BY a.followers DESC, a.row LIMIT ?",
        [entity_id, except_row, most],
    )
    return [name for _, name, _ in found if name]


def tied_rows(store: Store) -> list[int]:
    """Rows with any match, ascending."""
    return [line[0] for line in store.con.execute("SELECT DISTINCT row FROM match ORDER BY row")]


def band_counts(store: Store) -> dict[str, int]:
    """Band -> current unrejected matches in it."""
    found = store.con.execute(
        "SELECT m.band, count(*) FROM match m LEFT JOIN match_word w ON w.match_id = m.id "
        "WHERE coalesce(w.state, '') <> 'rejected' AND m.is_stale = 0 GROUP BY m.band"
    )
    return dict(found.fetchall())


def possible_counts(store: Store, before: int | None) -> dict[int, int]:
    """Entity id -> possible matches, of all accounts or of those whose row is below ``before``."""
    found = store.con.execute(
        "SELECT entity_id, count(*) FROM match WHERE band = 'possible' AND is_stale = 0 AND row < ? GROUP BY entity_id",
        [_ANY_ROW if before is None else before],
    )
    return dict(found.fetchall())


def has_list_of(store: Store, kind: str) -> bool:
    """Whether any current entry has a kind."""
    found = store.con.execute(
        "SELECT 1 FROM entry e JOIN list l ON l.id = e.list_id "
        "WHERE e.left_at IS NULL AND l.dropped_at IS NULL AND coalesce(e.kind, l.kind) = ? LIMIT 1",
        [kind],
    ).fetchone()
    return found is not None
