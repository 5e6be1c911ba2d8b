"""Conversations and outcomes: whom we talked to and what they did, as far as the account is known.

Owns the tables interaction and interaction_again while an import writes them, and which account
a logged line speaks of. What several imports bring is kept once and remembered of each, so it
counts while one of them stands. Only ``services`` imports it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from followertui.domain.guards import CONVERSATIONS, JOB_CHANGE
from followertui.store.file.connection import Store

_CHUNK = 20_000
_STANDS = "merged_into IS NULL AND hidden_by IS NULL"

_SAME = "i.row = {0}.row AND i.at = {0}.at AND i.kind = {0}.kind AND i.reference = {0}.reference"


class Contact(Protocol):
    """One contact with someone; the reader of archives gives them."""

    @property
    def x_id(self) -> int:
        """Who."""

    @property
    def handle(self) -> str | None:
        """Their handle then."""

    @property
    def at(self) -> int | None:
        """Epoch seconds UTC."""

    @property
    def kind(self) -> str:
        """Such as "reply"."""

    @property
    def post_id(self) -> int | None:
        """The post."""


def add_contacts(con: sqlite3.Connection, import_id: int, contacts: Sequence[Contact]) -> None:
    """Keep conversations with accounts the store knows, by id or by handle."""
    dated = [contact for contact in contacts if contact.at is not None]
    _keep(
        con,
        "SELECT coalesce(merged_into, row) AS row, ? AS at, ? AS kind, ? AS reference, 'archive' AS source, "
        "? AS import_id FROM account WHERE x_id = ?",
        [(one.at, one.kind, str(one.post_id or ""), import_id, one.x_id) for one in dated],
    )
    _keep(
        con,
        "SELECT row, ? AS at, ? AS kind, ? AS reference, 'archive' AS source, ? AS import_id "
        "FROM account WHERE handle = ? AND x_id IS NULL",
        [(one.at, one.kind, str(one.post_id or ""), import_id, one.handle) for one in dated if one.handle],
    )


def _keep(con: sqlite3.Connection, said: str, lines: Sequence[Sequence[object]]) -> None:
    """Keep interactions of an import; what is known already is noted of this import too.

    Args:
        con: the connection of the open transaction.
        said: SELECT of row, at, kind, reference, source and import_id from one line.
        lines: its parameters.
    """
    con.executemany(
        "INSERT OR IGNORE INTO interaction(row, at, kind, reference, source, import_id) "
        f"SELECT row, at, kind, reference, source, import_id FROM ({said})",
        lines,
    )
    con.executemany(
        "INSERT OR IGNORE INTO interaction_again(row, at, kind, reference, source, import_id) "
        f"SELECT s.row, s.at, s.kind, s.reference, s.source, s.import_id FROM ({said}) s "
        f"JOIN interaction i ON {_SAME.format('s')} WHERE i.import_id IS NOT s.import_id",
        lines,
    )


def add_job_changes(store: Store, at: int, changes: Sequence[tuple[int, str, str]]) -> None:
    """Keep that people say another employer than before, inside the caller's transaction.

    Its moment is that of the file or reading which brought the bio.

    Args:
        store: the open store.
        at: when it was noticed, epoch seconds UTC; the moment where no source of the bio is known.
        changes: row, the employer on record, and the one the bio says now.
    """
    store.con.executemany(
        "INSERT OR IGNORE INTO interaction(row, at, kind, reference, source, import_id) "
        "SELECT a.row, min(ifnull(i.as_of, ?1), ?1), ?2, ?3, ?4, NULL FROM account a "
        "LEFT JOIN import_run i ON i.id = a.about_from WHERE a.row = ?5",
        [(at, JOB_CHANGE, f"{old} > {new}", f"was at {old}, now says {new}", row) for row, old, new in changes],
    )
    store.bump("relation", [row for row, _, _ in changes])


class Happening(NamedTuple):
    """One line of the timeline of an account: its row, what, when (epoch seconds UTC), about what."""

    row: int
    kind: str
    at: int
    reference: str


def job_changes_since(store: Store, moment: int) -> list[Happening]:
    """Who says another employer, as noticed in readings from a moment (epoch seconds UTC) on, oldest first."""
    found = store.con.execute(
        "SELECT row, kind, at, reference FROM interaction_now WHERE kind = ? AND at >= ? ORDER BY at, row",
        [JOB_CHANGE, moment],
    )
    return [Happening._make(line) for line in found]


class Known:
    """Finds accounts by whatever a log identifies people by.

    Handles and ids come first, then the address of a list's entry whose match a person
    confirmed, then the domain of a site only one account has.

    Args:
        store: the open store.
        handles, x_ids, emails, domains: everything the log names, lower case.
    """

    def __init__(
        self, store: Store, handles: Iterable[str], x_ids: Iterable[int], emails: Iterable[str], domains: Iterable[str]
    ) -> None:
        self._con = store.con
        self._by_handle: dict[object, int] = {}
        now = f"SELECT lower(handle), row FROM account WHERE handle IN ({{}}) AND {_STANDS}"
        once = "SELECT lower(handle), row FROM handle_history WHERE handle IN ({})"
        names = list(handles)
        for sql in (once, now):
            self._by_handle |= self._found(sql, names)
        self._by_id = self._found("SELECT x_id, coalesce(merged_into, row) FROM account WHERE x_id IN ({})", x_ids)
        self._by_email = self._found(
            "SELECT address.value, m.row FROM match_word w JOIN match m ON m.id = w.match_id JOIN entry e "
            "ON e.id = m.entry_id, json_each(e.data, '$.emails') address "
            "WHERE w.state = 'confirmed' AND m.relation = 'is' AND address.value IN ({})",
            emails,
        )
        self._by_domain = self._found(
            f"SELECT lower(domain), min(row) FROM account WHERE domain IN ({{}}) AND {_STANDS} "
            "GROUP BY 1 HAVING count(*) = 1",
            domains,
        )

    def _found(self, sql: str, values: Iterable[object]) -> dict[object, int]:
        found: dict[object, int] = {}
        some = list(dict.fromkeys(value for value in values if value))
        for at in range(0, len(some), _CHUNK):
            part = some[at : at + _CHUNK]
            found.update(self._con.execute(sql.format(",".join("?" * len(part))), part).fetchall())
        return found

    def row(self, handle: str, x_id: int | None, email: str, domain: str) -> int | None:
        """The account of a person, None where the store has none."""
        return (
            self._by_id.get(x_id)
            or self._by_handle.get(handle.lower())
            or self._by_email.get(email)
            or self._by_domain.get(domain)
        )


def add_happenings(store: Store, import_id: int, source: str, happenings: Sequence[Happening]) -> int:
    """Keep what happened, inside the caller's transaction; returns how much was not known before."""
    con = store.con
    rows = json.dumps(sorted({one.row for one in happenings}))
    before = _count(con, rows)
    _keep(
        con,
        "SELECT ? AS row, ? AS kind, ? AS at, ? AS reference, ? AS source, ? AS import_id",
        [(*one, source, import_id) for one in happenings],
    )
    store.bump("relation", {one.row for one in happenings})
    return _count(con, rows) - before


def _count(con: sqlite3.Connection, rows: str) -> int:
    """How many interactions of some accounts count."""
    sql = "SELECT count(*) FROM interaction_now WHERE row IN (SELECT value FROM json_each(?))"
    return int(con.execute(sql, [rows]).fetchone()[0])


def last_of_step(con: sqlite3.Connection, import_id: int, after: int, most: int) -> int | None:
    """The account with the last of the next few interactions an import brought.

    Args:
        con: a connection.
        import_id: the import that brought them.
        after: accounts up to this row are done.
        most: how many interactions, unless one account has more.

    Returns:
        Its row, None where there are no more.
    """
    rows = con.execute(
        "SELECT row FROM interaction WHERE import_id = ?1 AND row > ?2 UNION ALL "
        "SELECT row FROM interaction_again WHERE import_id = ?1 AND row > ?2 ORDER BY row LIMIT ?3",
        [import_id, after, most],
    ).fetchall()
    return int(rows[-1][0]) if rows else None


def reverse(store: Store, import_id: int) -> int:
    """Note inside the caller's transaction that what an import brought counts no longer, or again.

    Returns:
        How much: what another import that stands brought too counts as before.
    """
    rows = [line[0] for line in store.con.execute(_BROUGHT_ALONE, {"id": import_id})]
    store.bump("relation", set(rows))
    return len(rows)


_STANDING = "EXISTS (SELECT 1 FROM import_run r WHERE r.id = {}.import_id AND r.id <> :id AND r.state <> 'undone')"
_BROUGHT_ALONE = f"""
SELECT i.row FROM interaction i WHERE (
    i.import_id = :id OR EXISTS (SELECT 1 FROM interaction_again g WHERE {_SAME.format("g")} AND g.import_id = :id)
) AND i.import_id IS NOT NULL AND NOT {_STANDING.format("i")}
AND NOT EXISTS (SELECT 1 FROM interaction_again g WHERE {_SAME.format("g")} AND {_STANDING.format("g")})
"""
"""Rows of the interactions an import brought, without those our own actions or other imports that stand brought."""


def delete(con: sqlite3.Connection, import_id: int, after: int, last: int) -> int:
    """Delete what an unfinished import brought, inside the caller's transaction; returns how many interactions.

    Those another import brought too stay, as that one's.

    Args:
        con: the connection of the open transaction.
        import_id: the import that brought them.
        after: of accounts above this row,
        last: up to this one.
    """
    chosen = "import_id = ? AND row > ? AND row <= ?"
    values = [import_id, after, last]
    con.execute(f"DELETE FROM interaction_again WHERE {chosen}", values)
    con.execute(
        "UPDATE interaction AS i SET (import_id, source) = (SELECT g.import_id, g.source FROM interaction_again g "
        f"WHERE {_SAME.format('g')} ORDER BY g.import_id LIMIT 1) "
        f"WHERE {chosen} AND EXISTS (SELECT 1 FROM interaction_again g WHERE {_SAME.format('g')})",
        values,
    )
    con.execute(
        "DELETE FROM interaction_again AS g WHERE row > ? AND row <= ? "
        f"AND EXISTS (SELECT 1 FROM interaction i WHERE {_SAME.format('g')} AND i.import_id = g.import_id)",
        values[1:],
    )
    return con.execute(f"DELETE FROM interaction WHERE {chosen}", values).rowcount


def knows_conversations(store: Store) -> bool:
    """Whether any conversation was ever imported: without, silence proves nothing."""
    found = store.con.execute(
        f"SELECT 1 FROM interaction_now WHERE kind IN ({','.join('?' * len(CONVERSATIONS))}) LIMIT 1", CONVERSATIONS
    )
    return found.fetchone() is not None


class Interaction(NamedTuple):
    """One entry of an account's timeline.

    Attributes:
        kind: what it was: mention, reply, message, contact, offer, ...
        at: epoch seconds UTC.
        source: where it is known from.
        reference: what it speaks of there.
    """

    kind: str
    at: int
    source: str
    reference: str


def interactions(store: Store, row: int) -> list[Interaction]:
    """Timeline of one account, newest first, at most 50 entries."""
    lines = store.con.execute(
        "SELECT kind, at, source, reference FROM interaction_now WHERE row = ? ORDER BY at DESC LIMIT 50",
        [row],
    )
    return [Interaction._make(line) for line in lines]


_FIRST = "SELECT row, min(at) AS at FROM interaction_now WHERE kind IN (SELECT value FROM json_each(?1)) GROUP BY row"


def first_at(store: Store, kinds: Sequence[str]) -> dict[int, int]:
    """Row -> when something of some kinds first happened, epoch seconds UTC."""
    return dict(store.con.execute(_FIRST, [json.dumps(list(kinds))]).fetchall())


def around_rows(store: Store, first: Sequence[str], then: str, seconds: int, *, is_after: bool) -> set[int]:
    """Rows that did something shortly before something first happened with them, or from then on.

    Args:
        store: the open store.
        first: kinds of what happened first, such as a reply.
        then: kind of what they did, such as a visit.
        seconds: how long before or after it is looked.
        is_after: after it, its own moment with it; else before.
    """
    window = "i.at >= f.at AND i.at < f.at + ?3" if is_after else "i.at < f.at AND i.at >= f.at - ?3"
    found = store.con.execute(
        f"SELECT DISTINCT i.row FROM ({_FIRST}) f JOIN interaction_now i ON i.row = f.row "
        f"WHERE i.kind = ?2 AND {window}",
        [json.dumps(list(first)), then, seconds],
    )
    return {row for (row,) in found}


def around_first(
    store: Store, first: Sequence[str], then: Sequence[str], seconds: int, upto: int
) -> tuple[int, dict[str, tuple[int, int]]]:
    """What followers did before and after something first happened with them.

    Args:
        store: the open store.
        first: kinds of what happened first, such as a reply.
        then: kinds of what they did, such as a visit.
        seconds: how long before and after it is looked.
        upto: only where it happened by then (epoch seconds UTC), so that both sides are equally long.

    Returns:
        How many followers it happened with, and by kind how many of them did it at least once before and after.
    """
    begun = (
        f"SELECT row, min(at) AS at FROM interaction_now i WHERE kind IN ({','.join('?' * len(first))}) "
        "AND EXISTS (SELECT 1 FROM relation_now r WHERE r.row = i.row AND r.direction = 'follower') "
        "GROUP BY row HAVING min(at) <= ?"
    )
    count = store.con.execute(f"SELECT count(*) FROM ({begun})", [*first, upto]).fetchone()[0]
    found = store.con.execute(
        f"SELECT i.kind, count(DISTINCT iif(i.at < f.at, i.row, NULL)), count(DISTINCT iif(i.at >= f.at, i.row, NULL)) "
        f"FROM ({begun}) f JOIN interaction_now i ON i.row = f.row WHERE i.kind IN ({','.join('?' * len(then))}) "
        "AND i.at >= f.at - ? AND i.at < f.at + ? GROUP BY i.kind",
        [*first, upto, *then, seconds, seconds],
    )
    return count, {kind: (before, after) for kind, before, after in found}
