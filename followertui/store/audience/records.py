"""Data for export beside the table's cells: the rest of each account, and the entries of a match.

Only ``services`` imports it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from followertui.store.audience.scores import REASON_COLUMNS, codes_in, reason_codes
from followertui.store.file.connection import Store

_REASONS = ", ".join(f"coalesce(s.{column}, 0)" for column in REASON_COLUMNS)


class AccountLine(NamedTuple):
    """One account without what ``pages`` gives; times are epoch seconds UTC, None unknown.

    Attributes:
        reasons: codes of the signals that fired.
        type, role, seniority: positions in TYPE_ORDER, ROLES and SENIORITIES, None where not judged.
        first_seen, left_at: of the relation to us.
    """

    bio: str | None
    location: str | None
    url: str | None
    site: str | None
    following: int | None
    posts: int | None
    listed: int | None
    likes: int | None
    created_at: int | None
    last_post_at: int | None
    verified: str | None
    status: int
    type: int | None
    role: int | None
    seniority: int | None
    relevance: int | None
    note: str | None
    first_seen: int | None
    left_at: int | None
    reasons: tuple[str, ...]


class Behind(NamedTuple):
    """One current entry behind an entity: number, list, line in its file, original columns."""

    id: int
    list: str
    line: int
    fields: dict[str, str]


def entries_behind(store: Store, entity_ids: Sequence[int]) -> dict[int, list[Behind]]:
    """Current entries of entities, by list and line."""
    found: dict[int, list[Behind]] = {}
    for entity, number, name, line, fields in store.con.execute(
        "SELECT e.entity_id, e.id, l.name, e.line, e.fields FROM entry e JOIN list l ON l.id = e.list_id "
        "WHERE e.left_at IS NULL AND l.dropped_at IS NULL AND e.entity_id IN (SELECT value FROM json_each(?)) "
        "ORDER BY e.entity_id, l.name, e.line, e.id",
        [json.dumps(list(entity_ids))],
    ):
        found.setdefault(entity, []).append(Behind(number, name, line, json.loads(fields)))
    return found


def account_lines(store: Store, rows: Sequence[int]) -> dict[int, AccountLine]:
    """Accounts by row."""
    codes = reason_codes(store)
    found = store.con.execute(
        "SELECT a.row, a.bio, a.location, a.url, a.site, a.following, a.posts, a.listed, a.likes, a.created_at, "
        "a.last_post_at, a.verified, a.status, s.type, s.role, s.seniority, s.relevance, n.text, "
        "(SELECT min(first_seen) FROM relation r WHERE r.row = a.row), "
        "(SELECT max(missed_at) FROM relation r WHERE r.row = a.row AND r.direction = 'follower' "
        " AND NOT EXISTS (SELECT 1 FROM relation_now o WHERE o.row = r.row AND o.direction = 'follower')), "
        f"{_REASONS} "
        "FROM account a LEFT JOIN score s ON s.row = a.row LEFT JOIN note n ON n.row = a.row "
        "WHERE a.row IN (SELECT value FROM json_each(?))",
        [json.dumps([int(row) for row in rows])],
    )
    return {line[0]: AccountLine._make((*line[1:20], codes_in(codes, line[20:]))) for line in found}
