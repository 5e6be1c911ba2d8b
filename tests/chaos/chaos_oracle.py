"""What a store holds and who is guarded, told from its tables and from the files of its lists alone.

The oracle shares no statement with the program: no derived array, no guard of ``domain``, no
watermark. What a list says, finished or half read, is taken from the list itself.
"""

from __future__ import annotations

import contextlib
import csv
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from chaos_base import COMPANIES

DAY = 86_400
LOGS = ("-wal", "-journal")
_GUARDED = ("customer", "prospect", "partner", "influencer", "employee", "press")
_UNGUARDED = ("vendor", "competitor")
_PRECEDENCE = ("employee", "competitor", "customer", "partner", "prospect", "vendor", "press", "influencer")

_WORDS = {
    "decision": "SELECT row, decision, due_at, reviewer, at FROM decision",
    "kind": "SELECT row, kind, reviewer, at FROM kind_word",
    "note": "SELECT row, text, reviewer, at FROM note",
    "tag": "SELECT g.row, t.name FROM tagged g JOIN tag t ON t.id = g.tag_id",
    "release": "SELECT row, guard, evidence_hash, reviewer, at FROM release",
    "match": "SELECT m.row, m.entity_id, m.relation, w.state, w.reviewer, w.at "
    "FROM match_word w JOIN match m ON m.id = w.match_id",
}
"""Everything people said; who is meant stands first."""


class Facts(NamedTuple):
    """What a store holds.

    Attributes:
        problems: what SQLite finds broken, and references to nothing.
        words: everything people said, each with the name of its table.
        journal: number of the newest entry, 0 for none.
        items: numbers of the plan items.
        calls: every call to X through the API: (number, x_id, action, state), oldest first.
        imports: number of an import -> its state.
        moved: how many spells of relation are new, and how many ended.
        following: x_id of everyone we follow at present.
        stamp: tells one history of the store from another.
    """

    problems: tuple[str, ...]
    words: frozenset[tuple[object, ...]]
    journal: int
    items: frozenset[int]
    calls: tuple[tuple[int, int, str, str], ...]
    imports: dict[int, str]
    moved: tuple[int, int]
    following: frozenset[int]
    stamp: tuple[object, ...]


@contextlib.contextmanager
def copied(store: Path, folder: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a copy of a store and its logs, so that looking changes nothing about it."""
    target = folder / "looked-at.db"
    for ending in ("", "-shm", *LOGS):
        Path(f"{target}{ending}").unlink(missing_ok=True)
    shutil.copyfile(store, target)
    for log in LOGS:
        if Path(f"{store}{log}").exists():
            shutil.copyfile(f"{store}{log}", f"{target}{log}")
    with contextlib.closing(sqlite3.connect(target)) as con:
        yield con


def facts(store: Path, folder: Path) -> Facts:
    """What a store holds while nothing uses it."""
    with copied(store, folder) as con:
        problems = [str(line[0]) for line in con.execute("PRAGMA integrity_check(5)") if line[0] != "ok"]
        problems += [f"reference to nothing: {line}" for line in con.execute("PRAGMA foreign_key_check")]
        words = [(name, *line) for name, sql in _WORDS.items() for line in con.execute(sql)]
        calls = con.execute(
            "SELECT c.id, a.x_id, c.action, c.state FROM call c JOIN account a ON a.row = c.row "
            "WHERE c.executor = 'api' AND c.state NOT IN ('READING', 'read') ORDER BY c.id"
        )
        moved = con.execute("SELECT coalesce(sum(is_new), 0), count(missed_at) FROM relation").fetchone()
        following = con.execute(
            "SELECT a.x_id FROM relation_now r JOIN account a ON a.row = r.row WHERE r.direction = 'following' "
            "AND a.x_id IS NOT NULL AND a.hidden_by IS NULL"
        )
        return Facts(
            tuple(problems),
            frozenset(words),
            con.execute("SELECT coalesce(max(id), 0) FROM journal").fetchone()[0],
            frozenset(line[0] for line in con.execute("SELECT id FROM plan_item")),
            tuple(calls.fetchall()),
            dict(con.execute("SELECT id, state FROM import_run").fetchall()),
            moved,
            frozenset(line[0] for line in following.fetchall()),
            tuple(con.execute("SELECT domain, counter, stamp FROM change ORDER BY domain").fetchall()),
        )


def asked(store: Path, folder: Path, sql: str, *values: object) -> list[Any]:
    """The first column of what a query finds in a copy of a store."""
    with copied(store, folder) as con:
        return [line[0] for line in con.execute(sql, values)]


def read_only(store: Path) -> contextlib.closing[sqlite3.Connection]:
    """A connection to a store that is in use; it writes nothing, not even when it is closed."""
    return contextlib.closing(sqlite3.connect(f"{store.as_uri()}?mode=ro", uri=True, timeout=5))


# --- guards ---------------------------------------------------------------------------------


def guards(con: sqlite3.Connection, x_id: int, now: int) -> list[str]:
    """Names of what guards an account from being unfollowed (epoch seconds UTC); empty where nothing does."""
    found = con.execute("SELECT row, name, affiliation FROM account WHERE x_id = ?", [x_id]).fetchone()
    if found is None:
        return []
    row, name, affiliation = found
    held = []
    if con.execute("SELECT 1 FROM decision WHERE row = ? AND decision = 'keep'", [row]).fetchone():
        held.append("kept")
    ties = _ties(con, row)
    kind = _kind(con, row, ties, affiliation)
    if kind in _GUARDED:
        held.append(kind)
    if any(_guards(state, kinds) for _, state, kinds in ties):
        held.append("matched")
    if name in COMPANIES and _is_listed(con, name, {entity for entity, state, _ in ties if state == "rejected"}):
        held.append("on a list")
    talked = con.execute(
        "SELECT max(i.at) FROM interaction i WHERE i.row = ?1 AND i.kind IN "
        "('mention', 'reply', 'message', 'contact', 'quote') AND (i.import_id IS NULL OR EXISTS ("
        "SELECT 1 FROM import_run r WHERE r.state <> 'undone' AND (r.id = i.import_id OR r.id IN ("
        "SELECT g.import_id FROM interaction_again g WHERE g.row = ?1 AND g.at = i.at AND g.kind = i.kind "
        "AND g.reference = i.reference))))", [row]
    ).fetchone()[0]  # fmt: skip
    if talked is not None and talked >= now - 60 * DAY:
        held.append("talked")
    began = con.execute(
        "SELECT max(first_seen) FROM relation WHERE row = ? AND direction = 'following' AND is_new = 1 "
        "AND missed_at IS NULL", [row]
    ).fetchone()[0]  # fmt: skip
    if began is not None and began >= now - 30 * DAY:
        held.append("fresh")
    return held


_Tie = tuple[int, str, tuple[str, ...]]


def _ties(con: sqlite3.Connection, row: int) -> list[_Tie]:
    """Matches of an account that still speak: entity, a person's answer, kinds of its present entries."""
    found = con.execute(
        "SELECT m.entity_id, coalesce(w.state, ''), m.is_stale FROM match m "
        "LEFT JOIN match_word w ON w.match_id = m.id WHERE m.row = ?", [row]
    ).fetchall()  # fmt: skip
    ties = []
    for entity, state, is_stale in found:
        if is_stale and not state:
            continue
        kinds = con.execute(
            "SELECT DISTINCT coalesce(e.kind, l.kind, '') FROM entry e JOIN list l ON l.id = e.list_id "
            "WHERE e.entity_id = ? AND e.left_at IS NULL AND l.dropped_at IS NULL", [entity]
        )  # fmt: skip
        ties.append((entity, state, tuple(line[0] for line in kinds)))
    return ties


def _guards(state: str, kinds: tuple[str, ...]) -> bool:
    return state != "rejected" and (not kinds or any(kind not in _UNGUARDED for kind in kinds))


def _kind(con: sqlite3.Connection, row: int, ties: list[_Tie], affiliation: str | None) -> str:
    """Who a person, a confirmed match or X says an account is, "" where none does."""
    word = con.execute("SELECT kind FROM kind_word WHERE row = ?", [row]).fetchone()
    if word is not None:
        return str(word[0])
    confirmed = {kind for _, state, kinds in ties if state == "confirmed" for kind in kinds}
    if confirmed & set(_PRECEDENCE):
        return min(confirmed & set(_PRECEDENCE), key=_PRECEDENCE.index)
    return "employee" if (affiliation or "").casefold() in ("acme", "acme analytics") else ""


def _is_listed(con: sqlite3.Connection, company: str, rejected: set[int]) -> bool:
    """Whether a list names a company: one that counts, or one that is read just now."""
    entities = con.execute(
        "SELECT e.entity_id FROM entry e JOIN list l ON l.id = e.list_id "
        "WHERE e.company = ? AND e.left_at IS NULL AND l.dropped_at IS NULL", [company]
    ).fetchall()  # fmt: skip
    if {line[0] for line in entities} - rejected:
        return True
    return not entities and company in _half_read(con)


def _half_read(con: sqlite3.Connection) -> set[str]:
    """Companies of lists whose import did not end."""
    named: set[str] = set()
    for (path,) in con.execute("SELECT path FROM import_run WHERE what = 'list' AND state = 'running'").fetchall():
        with open(path, encoding="utf-8", newline="") as file:
            named |= {line["Company name"] for line in csv.DictReader(file)}
    return named
