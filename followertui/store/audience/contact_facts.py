"""What addressing people depends on, by plain SQL: the tables as they stand, no derived array and no cache.

Owns the statements; the rules are ``engage.contact_rules``'. Only ``services`` and ``store.index`` import it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from followertui.domain.engagement import INBOUND
from followertui.domain.guards import ENGAGEMENTS
from followertui.store.file.connection import Store

_TOUCHES = (*ENGAGEMENTS, INBOUND)

_OPTED_OUT = """
SELECT m.row FROM entry e JOIN match m ON m.entity_id = e.entity_id LEFT JOIN match_word w ON w.match_id = m.id
WHERE instr(e.data, '"do_not_contact"') > 0 AND json_extract(e.data, '$.do_not_contact') = 1
AND coalesce(w.state, '') <> 'rejected'
"""
NO_CONTACT_ROWS = f"SELECT row FROM no_contact UNION {_OPTED_OUT}"
"""Rows never to be contacted, as a person said or an entry they match says, on whatever list and however old."""


_SURELY_OPTED_OUT = f"""
{_OPTED_OUT} AND m.relation <> 'works_at' AND (w.state = 'confirmed' OR w.state IS NULL AND m.band = 'certain')
AND m.row NOT IN (SELECT row FROM no_contact)
"""


def opted_out_rows(store: Store) -> set[int]:
    """Rows that match an entry which says do not contact."""
    return {line[0] for line in store.con.execute(_OPTED_OUT)}


def keep_opt_outs(store: Store, at: int) -> int:
    """Keep for ever what lists say of accounts that surely are theirs, inside the caller's transaction.

    It stands when the list is dropped or a newer one no longer says so.

    Returns:
        How many were not kept before.
    """
    rows = [line[0] for line in store.con.execute(_SURELY_OPTED_OUT).fetchall()]
    store.con.executemany("INSERT OR IGNORE INTO no_contact VALUES (?, 'a list', ?)", [(row, at) for row in rows])
    if rows:
        store.bump("decision", rows)
    return len(set(rows))


class Contact(NamedTuple):
    """What is stored of one account, as far as addressing it depends on it; see ``engage.contact_rules``."""

    is_no_contact: bool
    is_there: bool
    touched_at: int | None
    thanked_at: int | None
    has_written: bool
    is_opted_in: bool
    takes_messages: bool | None
    offered: frozenset[int]


_CONTACT = f"""
SELECT a.row,
  a.row IN ({NO_CONTACT_ROWS}),
  a.status = 0,
  (SELECT max(i.at) FROM interaction_now i WHERE i.row = a.row AND i.kind IN (SELECT value FROM json_each(?2))),
  (SELECT max(s.at) FROM sent s WHERE s.row = a.row),
  (SELECT max(s.at) FROM sent s WHERE s.row = a.row AND s.action = 'thank'),
  EXISTS (SELECT 1 FROM interaction_now i WHERE i.row = a.row AND i.kind = '{INBOUND}'),
  EXISTS (SELECT 1 FROM match m JOIN match_word w ON w.match_id = m.id AND w.state = 'confirmed'
    JOIN entry e ON e.entity_id = m.entity_id AND e.left_at IS NULL
    JOIN list l ON l.id = e.list_id AND l.dropped_at IS NULL
    WHERE m.row = a.row AND m.relation = 'is' AND json_extract(e.data, '$.opted_in') = 1),
  a.can_dm,
  (SELECT json_group_array(s.shelf_id) FROM sent s WHERE s.row = a.row AND s.shelf_id IS NOT NULL)
FROM account a WHERE a.row IN (SELECT value FROM json_each(?1))
"""


def contact_facts(store: Store, rows: Sequence[int]) -> dict[int, Contact]:
    """Facts of some rows; inside a write transaction they hold until it ends. Unknown rows are left out."""
    found = {}
    asked = json.dumps([int(row) for row in rows])
    for line in store.con.execute(_CONTACT, [asked, json.dumps(_TOUCHES)]):
        row, is_out, is_there, met_at, sent_at, thanked_at, has_written, opted_in, can_dm, offered = line
        found[row] = Contact(
            bool(is_out),
            bool(is_there),
            max((at for at in (met_at, sent_at) if at is not None), default=None),
            thanked_at,
            bool(has_written),
            bool(opted_in),
            None if can_dm is None else bool(can_dm),
            frozenset(json.loads(offered)),
        )
    return found


def no_contact_rows(store: Store) -> set[int]:
    """Rows never to be contacted."""
    return {line[0] for line in store.con.execute(NO_CONTACT_ROWS)}


def said_no_contact(store: Store, rows: Sequence[int]) -> set[int]:
    """Which of some rows a person said are never to be contacted; what lists say is not asked."""
    lines = store.con.execute(
        "SELECT row FROM no_contact WHERE row IN (SELECT value FROM json_each(?))", [json.dumps(list(rows))]
    )
    return {line[0] for line in lines}


def last_touched(store: Store) -> list[tuple[int, int]]:
    """Row and moment of the last time each person was addressed or talked with us."""
    return store.con.execute(
        "SELECT row, max(at) FROM (SELECT row, at FROM interaction_now WHERE kind IN (SELECT value FROM json_each(?)) "
        "UNION ALL SELECT row, at FROM sent) GROUP BY row",
        [json.dumps(_TOUCHES)],
    ).fetchall()
