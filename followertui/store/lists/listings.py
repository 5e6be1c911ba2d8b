"""What lists amount to: whom of them is here, and what confirming taught.

Owns the table alias and the SQL behind briefs and coverage. Lists and entries themselves
belong to ``store.lists.lists``. Only ``services`` imports it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from followertui.domain.guards import JOB_CHANGE
from followertui.domain.lists import EntityAlias, ListEntry
from followertui.domain.match import MatchRelation
from followertui.store.file import watermarks
from followertui.store.file.connection import Store
from followertui.store.lists.entries import OF_A_LINE, name_key, sure_keys
from followertui.text.domains import own_domain
from followertui.text.folding import words

_CURRENT = "e.left_at IS NULL AND l.dropped_at IS NULL"


class EntryLine(NamedTuple):
    """One current entry: its list, line in the file, names, kind and the entity behind it."""

    id: int
    list: str
    consent_basis: str
    as_of: int
    line: int
    company: str
    person: str
    kind: str
    entity_id: int
    entity: str


class Tie(NamedTuple):
    """One account tied to an entity, rejected ties left out.

    Attributes:
        entity_id: whose.
        name: handle without @, else the id as text.
        relation, band, state: words of ``domain.match``.
        follows_us, we_follow, engaged: 1 or 0; engaged means any conversation is known.
    """

    entity_id: int
    name: str
    relation: str
    band: str
    state: str
    follows_us: int
    we_follow: int
    engaged: int


_ENTRY = (
    "SELECT e.id, l.name, l.consent_basis, l.as_of, e.line, e.company, e.person, coalesce(e.kind, l.kind, ''), "
    "e.entity_id, n.name FROM entry e JOIN list l ON l.id = e.list_id JOIN entity n ON n.id = e.entity_id"
)


def current_entries(store: Store, list_name: str | None = None) -> Iterator[EntryLine]:
    """Entries that stand on current lists, by list and line; of one list if it is named."""
    for line in store.con.execute(
        f"{_ENTRY} WHERE {_CURRENT} AND e.{OF_A_LINE} AND (?1 IS NULL OR l.name = ?1) ORDER BY l.name, e.line, e.id",
        [list_name],
    ):
        yield EntryLine._make(line)


def companies(store: Store) -> list[tuple[str, int]]:
    """(company or entity name, entity) of every current entry, as written."""
    return store.con.execute(
        f"SELECT DISTINCT e.company, e.entity_id FROM entry e JOIN list l ON l.id = e.list_id WHERE {_CURRENT} "
        "AND e.company <> '' UNION SELECT n.name, n.id FROM entity n JOIN entry e ON e.entity_id = n.id "
        f"JOIN list l ON l.id = e.list_id WHERE {_CURRENT} AND n.type = 'company'"
    ).fetchall()


def names_matched(store: Store, typed: str, most: int) -> dict[str, list[str]]:
    """Companies that accounts are matched with, and owners of their records, whose name holds some letters.

    Args:
        store: the open store.
        typed: letters, in any case; empty for all.
        most: how many of each at most.

    Returns:
        "company" and "owner" -> names, those that begin with the letters first.
    """
    held = f"%{typed.replace(LIKE_SIGN, LIKE_SIGN * 2).replace('%', LIKE_SIGN + '%').replace('_', LIKE_SIGN + '_')}%"
    found = {}
    for field, name, condition in (
        ("company", "en.name", "en.type = 'company'"),
        ("owner", "json_extract(e.data, '$.owner')", "e.left_at IS NULL"),
    ):
        lines = store.con.execute(
            f"SELECT DISTINCT {name} AS found FROM entity en JOIN entry e ON e.entity_id = en.id "
            f"WHERE {condition} AND EXISTS (SELECT 1 FROM match m WHERE m.entity_id = en.id) "
            f"AND {name} LIKE ? ESCAPE '{LIKE_SIGN}' AND {name} <> '' "
            f"ORDER BY {name} NOT LIKE ? ESCAPE '{LIKE_SIGN}', found COLLATE NOCASE LIMIT ?",
            [held, held[1:], most],
        )
        found[field] = [name for (name,) in lines]
    return found


def open_probabilities(store: Store) -> list[float | None]:
    """The probability of every match nobody answered, in no order; None where it is not known."""
    found = store.con.execute(
        "SELECT m.probability FROM match m LEFT JOIN match_word w ON w.match_id = m.id "
        "WHERE m.is_stale = 0 AND w.state IS NULL"
    )
    return [probability for (probability,) in found]


LIKE_SIGN = "\\"
"""What takes a sign of LIKE as it is."""


def entries_of(store: Store, entity_ids: Sequence[int]) -> list[EntryLine]:
    """Current lines of lists behind some entities, by list and line."""
    found = store.con.execute(
        f"{_ENTRY} WHERE {_CURRENT} AND e.{OF_A_LINE} AND e.entity_id IN (SELECT value FROM json_each(?)) "
        "ORDER BY l.name, e.line, e.id",
        [json.dumps(list(entity_ids))],
    )
    return [EntryLine._make(line) for line in found]


def rows_of(store: Store, entity_ids: Sequence[int]) -> list[int]:
    """Rows of accounts matched with some entities, ascending."""
    found = store.con.execute(
        "SELECT DISTINCT row FROM match WHERE entity_id IN (SELECT value FROM json_each(?)) ORDER BY row",
        [json.dumps(list(entity_ids))],
    )
    return [line[0] for line in found]


def ties(store: Store, list_name: str | None = None) -> Iterator[Tie]:
    """Accounts tied to the entities of a list, of all lists without a name: confirmed first, then by score."""
    for line in store.con.execute(
        "SELECT m.entity_id, coalesce(a.handle, a.x_id), m.relation, m.band, coalesce(w.state, 'unreviewed'), "
        "EXISTS (SELECT 1 FROM relation_now r WHERE r.row = m.row AND r.direction = 'follower'), "
        "EXISTS (SELECT 1 FROM relation_now r WHERE r.row = m.row AND r.direction = 'following'), "
        f"EXISTS (SELECT 1 FROM interaction_now i WHERE i.row = m.row AND i.kind <> '{JOB_CHANGE}') "
        "FROM match m JOIN account a ON a.row = m.row LEFT JOIN match_word w ON w.match_id = m.id "
        "WHERE coalesce(w.state, '') <> 'rejected' AND (m.is_stale = 0 OR w.state IS NOT NULL) "
        "AND a.hidden_by IS NULL AND a.merged_into IS NULL AND m.entity_id IN ("
        f"SELECT e.entity_id FROM entry e JOIN list l ON l.id = e.list_id WHERE {_CURRENT} "
        "AND (?1 IS NULL OR l.name = ?1)) "
        "ORDER BY coalesce(w.state, '') = 'confirmed' DESC, m.score DESC, m.id",
        [list_name],
    ):
        yield Tie(line[0], str(line[1]), *line[2:])


class Record(NamedTuple):
    """The record an account is matched with: its company, list and owner in the CRM, "" where not known."""

    company: str
    list: str
    owner: str


def records_of(store: Store, rows: Sequence[int]) -> dict[int, Record]:
    """Row -> the record of its best match: confirmed first, one with an owner before one without, then by score."""
    found = store.con.execute(
        "SELECT m.row, CASE e.company WHEN '' THEN CASE n.type WHEN 'company' THEN n.name ELSE '' END "
        "ELSE e.company END, l.name, coalesce(json_extract(e.data, '$.owner'), '') AS owner "
        "FROM match m JOIN entity n ON n.id = m.entity_id "
        "JOIN entry e ON e.entity_id = m.entity_id AND e.left_at IS NULL "
        "JOIN list l ON l.id = e.list_id AND l.dropped_at IS NULL LEFT JOIN match_word w ON w.match_id = m.id "
        "WHERE coalesce(w.state, '') <> 'rejected' AND (m.is_stale = 0 OR w.state IS NOT NULL) "
        "AND m.row IN (SELECT value FROM json_each(?)) "
        "ORDER BY coalesce(w.state, '') = 'confirmed', owner <> '', m.score, m.id DESC, e.id DESC",
        [json.dumps([int(row) for row in rows])],
    )
    return {row: Record(company, name, owner) for row, company, name, owner in found}


def sure_ties(store: Store) -> list[tuple[str, int, list[tuple[int, int]]]]:
    """Each current list: its name, how many entries, and (entry, row) of every tie that is more than possible."""
    sizes = store.con.execute(
        f"SELECT l.name, count(*) FROM entry e JOIN list l ON l.id = e.list_id WHERE {_CURRENT} AND e.{OF_A_LINE} "
        "GROUP BY l.name ORDER BY l.name"
    ).fetchall()
    ties: dict[str, list[tuple[int, int]]] = {name: [] for name, _ in sizes}
    for name, entry, row in store.con.execute(
        "SELECT l.name, e.id, m.row FROM match m JOIN account a ON a.row = m.row "
        "JOIN entry e ON e.entity_id = m.entity_id JOIN list l ON l.id = e.list_id "
        "LEFT JOIN match_word w ON w.match_id = m.id "
        f"WHERE {_CURRENT} AND e.{OF_A_LINE} AND coalesce(w.state, '') <> 'rejected' "
        "AND (m.is_stale = 0 OR w.state IS NOT NULL) AND (m.band <> 'possible' OR w.state = 'confirmed') "
        "AND a.hidden_by IS NULL AND a.merged_into IS NULL"
    ):
        ties[name].append((entry, row))
    return [(name, size, ties[name]) for name, size in sizes]


def tied_entries(store: Store, list_name: str) -> set[tuple[int, int]]:
    """(entry, row) of every match with the entries of a list, rejected and possible ones too."""
    return set(
        store.con.execute(
            "SELECT e.id, m.row FROM match m JOIN entry e ON e.entity_id = m.entity_id JOIN list l ON l.id = e.list_id "
            "LEFT JOIN match_word w ON w.match_id = m.id "
            f"WHERE {_CURRENT} AND l.name = ? AND (m.is_stale = 0 OR w.state IS NOT NULL)",
            [list_name],
        )
    )


def settled_rows(store: Store) -> set[int]:
    """Rows of accounts a person confirmed as an entry's own."""
    found = store.con.execute(
        "SELECT m.row FROM match_word w JOIN match m ON m.id = w.match_id "
        "WHERE w.state = 'confirmed' AND m.relation = 'is'"
    )
    return {row for (row,) in found}


def answers(store: Store, list_name: str) -> list[tuple[int, int, str]]:
    """(line, row, state) of every match with the entries of a list that a person answered."""
    return store.con.execute(
        "SELECT e.line, m.row, w.state FROM match_word w JOIN match m ON m.id = w.match_id "
        f"JOIN entry e ON e.entity_id = m.entity_id JOIN list l ON l.id = e.list_id WHERE {_CURRENT} AND l.name = ?",
        [list_name],
    ).fetchall()


class Confirmed(NamedTuple):
    """A confirmed match: what it ties, and the account's side when it was confirmed."""

    row: int
    entity_id: int
    entry_id: int
    relation: MatchRelation
    entity: str
    profile_text: str


def confirmed_of(store: Store, rows: Sequence[int]) -> list[Confirmed]:
    """Confirmed matches of some rows whose entry stands on a current list, by row."""
    found = store.con.execute(
        "SELECT m.row, m.entity_id, m.entry_id, m.relation, n.name, w.profile_text FROM match m "
        "JOIN match_word w ON w.match_id = m.id AND w.state = 'confirmed' JOIN entity n ON n.id = m.entity_id "
        "JOIN entry e ON e.id = m.entry_id AND e.left_at IS NULL "
        "JOIN list l ON l.id = e.list_id AND l.dropped_at IS NULL "
        "WHERE m.row IN (SELECT value FROM json_each(?)) ORDER BY m.row, m.id",
        [json.dumps([int(row) for row in rows])],
    )
    return [
        Confirmed(row, entity_id, entry_id, MatchRelation(relation), entity, profile_text)
        for row, entity_id, entry_id, relation, entity, profile_text in found
    ]


def handle_changes(store: Store, row: int) -> list[tuple[int, str]]:
    """Handles an account had before, newest first: (until when, handle)."""
    return store.con.execute(
        "SELECT until, handle FROM handle_history WHERE row = ? ORDER BY until DESC", [row]
    ).fetchall()


def alias_lines(store: Store) -> list[tuple[str, str, str]]:
    """Learned aliases: (entity, type, value), by entity."""
    return store.con.execute(
        "SELECT n.name, a.type, a.value FROM alias a JOIN entity n ON n.id = a.entity_id ORDER BY 1, 2, 3"
    ).fetchall()


def aliases(store: Store) -> list[EntityAlias]:
    """Every learned name, handle and domain."""
    found = store.con.execute("SELECT entity_id, type, value FROM alias ORDER BY entity_id, type, value")
    return [EntityAlias(*line) for line in found]


def learn_alias(con: sqlite3.Connection, alias: EntityAlias, match_id: int | None) -> None:
    """Keep what a confirmed match taught; from then on it also joins entries of other lists."""
    con.execute(
        "INSERT OR IGNORE INTO alias(entity_id, type, value, match_id) VALUES (?, ?, ?, ?)",
        [alias.entity_id, alias.type, alias.value, match_id],
    )
    key = alias_key(alias.type, alias.value)
    if key:
        con.execute("INSERT OR IGNORE INTO entity_key VALUES (?, ?)", [key, alias.entity_id])


def alias_key(type_: str, value: str) -> str:
    """The key by which an alias joins entries of other lists, "" where it does not."""
    if type_ == "name":
        name = " ".join(words(value))
        return f"name:{name}" if name else ""
    domain = own_domain(value) if type_ == "domain" else None
    return f"domain:{domain}" if domain else ""


def forget_unconfirmed(con: sqlite3.Connection) -> None:
    """Forget aliases whose match is no longer confirmed, inside the caller's transaction."""
    found = con.execute(
        "SELECT id, entity_id, type, value FROM alias WHERE match_id IS NOT NULL AND NOT EXISTS ("
        "SELECT 1 FROM match_word w WHERE w.match_id = alias.match_id AND w.state = 'confirmed')"
    ).fetchall()
    for line in found:
        _forget(con, *line)


def forget(store: Store, type_: str, value: str) -> int:
    """Delete a learned alias of every entity; returns how many. Lists are compared again after it."""
    with store.write() as con:
        found = con.execute(
            "SELECT id, entity_id, type, value FROM alias WHERE type = ? AND value = ?", [type_, value]
        ).fetchall()
        for line in found:
            _forget(con, *line)
        if found:
            watermarks.lists_changed(store)
    return len(found)


def _forget(con: sqlite3.Connection, alias_id: int, entity_id: int, type_: str, value: str) -> None:
    """Remove an alias and the key it gave, unless an entry of the entity gives that key as well."""
    con.execute("DELETE FROM alias WHERE id = ?", [alias_id])
    key = alias_key(type_, value)
    if key and key not in _own_keys(con, entity_id):
        con.execute("DELETE FROM entity_key WHERE key = ? AND entity_id = ?", [key, entity_id])


def _own_keys(con: sqlite3.Connection, entity_id: int) -> set[str]:
    keys: set[str] = set()
    for (data,) in con.execute("SELECT data FROM entry WHERE entity_id = ?", [entity_id]):
        said = json.loads(data)
        entry = ListEntry(
            line=0,
            company=said.get("company", ""),
            person=said.get("person", ""),
            first_name=said.get("first_name", ""),
            last_name=said.get("last_name", ""),
            domains=tuple(said.get("domains", ())),
            emails=tuple(said.get("emails", ())),
            handles=tuple(said.get("handles", ())),
            crm_id=said.get("crm_id", ""),
        )
        keys.update(sure_keys(entry), [name_key(entry)])
    return keys


def listed_domains(store: Store) -> list[str]:
    """Domains of the companies on the lists, sorted: the keys that joined their entries."""
    lines = store.con.execute("SELECT substr(key, 8) FROM entity_key WHERE key >= 'domain:' AND key < 'domain;'")
    return [line[0] for line in lines]


def is_list(store: Store, name: str) -> bool:
    """Whether there is a list of that name, any case, dropped or not."""
    return store.con.execute("SELECT 1 FROM list WHERE name = ?", [name]).fetchone() is not None


def rename_list(store: Store, name: str, new: str) -> None:
    """Call a list by another name, inside the caller's transaction; what was compared with it stays so."""
    store.con.execute("UPDATE list SET name = ? WHERE name = ?", [new, name])
    rows = store.con.execute(
        "SELECT DISTINCT m.row FROM match m JOIN entry e ON e.id = m.entry_id JOIN list l ON l.id = e.list_id "
        "WHERE l.name = ?",
        [new],
    )
    store.bump("match", [row for (row,) in rows])
