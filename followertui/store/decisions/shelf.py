"""The shelf of links, and what was sent to whom.

Owns reading the tables shelf and sent; both are written through the journal (``slots.SHELF``,
``slots.sent_slot``). Only ``store`` and ``services`` import it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from followertui.store.decisions.due import SHOWN
from followertui.store.file.connection import Store

OUTCOME_DAYS = 30
"""An outcome up to this many days after an offer counts for it."""

_ITEM = "id, url, title, summary, topics, kinds, lang, from_at, until_at, source, added_at"


class Link(NamedTuple):
    """One link as it is kept: columns of the table shelf, lists as tuples."""

    id: int
    url: str
    title: str
    summary: str
    topics: tuple[str, ...]
    kinds: tuple[str, ...]
    lang: str
    from_at: int | None
    until_at: int | None
    source: str
    added_at: int


def links(store: Store, *, with_dropped: bool = False) -> list[Link]:
    """The shelf, newest first."""
    chosen = "" if with_dropped else "WHERE dropped_at IS NULL"
    lines = store.con.execute(f"SELECT {_ITEM} FROM shelf {chosen} ORDER BY added_at DESC, id DESC")
    return [_link(line) for line in lines]


def link(store: Store, number: int) -> Link | None:
    """One link by its number, dropped or not; None where there is none."""
    line = store.con.execute(f"SELECT {_ITEM} FROM shelf WHERE id = ?", [number]).fetchone()
    return None if line is None else _link(line)


def _link(line: Sequence[object]) -> Link:
    values = list(line)
    values[4], values[5] = tuple(json.loads(str(values[4]))), tuple(json.loads(str(values[5])))
    return Link._make(values)


def known_addresses(store: Store) -> dict[str, int]:
    """Address -> number of every link that ever stood on the shelf."""
    return dict(store.con.execute("SELECT url, id FROM shelf"))


def next_number(store: Store) -> int:
    """The number of the next link: above every one that was ever given."""
    line = store.con.execute(
        "SELECT max(coalesce((SELECT max(id) FROM shelf), 0), coalesce((SELECT max(shelf_id) FROM sent), 0), "
        "coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'shelf'), 0))"
    ).fetchone()
    return int(line[0]) + 1


class Sent(NamedTuple):
    """What was sent to someone, or done with a post of theirs."""

    row: int
    at: int
    action: str
    text: str
    shelf_id: int | None
    post: str
    playbook: str


_SENT = "row, at, action, text, shelf_id, post, playbook"


def sent_to(store: Store, row: int) -> list[Sent]:
    """What was sent to one account, newest first."""
    lines = store.con.execute(f"SELECT {_SENT} FROM sent WHERE row = ? ORDER BY at DESC", [row])
    return [Sent._make(line) for line in lines]


def offers(store: Store, limit: int = -1) -> list[Sent]:
    """Links that were offered, newest first."""
    lines = store.con.execute(
        f"SELECT {_SENT} FROM sent WHERE shelf_id IS NOT NULL ORDER BY at DESC, row LIMIT ?", [limit]
    )
    return [Sent._make(line) for line in lines]


def offered_to(store: Store, row: int) -> frozenset[int]:
    """Numbers of the links one account was offered."""
    lines = store.con.execute("SELECT shelf_id FROM sent WHERE row = ? AND shelf_id IS NOT NULL", [row])
    return frozenset(line[0] for line in lines)


def has_other(store: Store, text_key: str, row: int) -> bool:
    """Whether someone else was sent a text that says the same."""
    if not text_key:
        return False
    found = store.con.execute("SELECT 1 FROM sent WHERE text_key = ? AND text_key <> '' AND row <> ? LIMIT 1",
                              [text_key, row])  # fmt: skip
    return found.fetchone() is not None


def answered_post(store: Store, post: str, action: str) -> int | None:
    """Row of the account whose post was answered, or reposted, before; None where it was not."""
    found = store.con.execute(
        "SELECT row FROM sent WHERE post = ? AND post <> '' AND (action = 'repost') = (? = 'repost') LIMIT 1",
        [post, action],
    ).fetchone()
    return None if found is None else int(found[0])


class Brought(NamedTuple):
    """What a link brought: how often it was offered, and how many of those people came after it.

    Attributes:
        shelf_id: the link.
        offered: people it was offered to.
        last_at: when last, epoch seconds UTC.
        outcomes: kind of outcome -> people with one after the offer.
    """

    shelf_id: int
    offered: int
    last_at: int
    outcomes: dict[str, int]


def brought(store: Store, kinds: Sequence[str], days: int) -> dict[int, Brought]:
    """What each link brought.

    Args:
        store: the open store.
        kinds: outcomes counted.
        days: an outcome at most this many days after the offer counts for it.
    """
    found = {
        line[0]: Brought(line[0], line[1], line[2], {})
        for line in store.con.execute(
            "SELECT shelf_id, count(DISTINCT row), max(at) FROM sent WHERE shelf_id IS NOT NULL "
            f"AND {SHOWN.format(row='sent.row')} GROUP BY shelf_id"
        )
    }
    lines = store.con.execute(
        "SELECT s.shelf_id, i.kind, count(DISTINCT s.row) FROM sent s JOIN interaction_now i ON i.row = s.row "
        "AND i.at >= s.at AND i.at <= s.at + ?1 AND i.kind IN (SELECT value FROM json_each(?2)) "
        f"WHERE s.shelf_id IS NOT NULL AND {SHOWN.format(row='s.row')} GROUP BY 1, 2",
        [days * 86_400, json.dumps(list(kinds))],
    )
    for number, kind, count in lines:
        found[number].outcomes[kind] = count
    return found


def rows_asked(store: Store, asked: str) -> list[int]:
    """The people ``brought`` counts: of a link by its number, "4", or those who came within the time, "4/visit"."""
    number, _, outcome = asked.partition("/")
    if not number.isdecimal():
        return []
    sql = "SELECT DISTINCT s.row FROM sent s WHERE s.shelf_id = ?1"
    if outcome:
        sql += (
            " AND EXISTS (SELECT 1 FROM interaction_now i WHERE i.row = s.row AND i.at >= s.at "
            "AND i.at <= s.at + ?2 AND i.kind = ?3)"
        )
    values = [int(number), OUTCOME_DAYS * 86_400, outcome][: 3 if outcome else 1]
    return [line[0] for line in store.con.execute(sql, values)]


class Result(NamedTuple):
    """What an analytics file tells of a link.

    Attributes:
        shelf_id: the link.
        kind: of the people it was offered to, "" where not told.
        outcome: visit, download or registration.
        at: when, epoch seconds UTC.
        times: how often.
    """

    shelf_id: int
    kind: str
    outcome: str
    at: int
    times: int


def add_results(con: sqlite3.Connection, import_id: int, results: Iterable[Result]) -> None:
    """Keep what an import tells of links, inside the caller's transaction; equal moments add up."""
    con.executemany(
        "INSERT INTO shelf_result(shelf_id, kind, outcome, at, count, import_id) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET count = count + excluded.count",
        [(*one, import_id) for one in results],
    )


def results(store: Store) -> dict[int, dict[str, dict[str, int]]]:
    """Link -> kind of people -> outcome -> how often, by what analytics tell.

    Of one moment the newest import that was not undone counts: weekly exports overlap.
    """
    found: dict[int, dict[str, dict[str, int]]] = {}
    lines = store.con.execute(
        "SELECT s.shelf_id, s.kind, s.outcome, sum(s.count) FROM shelf_result s WHERE s.import_id = ("
        "SELECT max(o.import_id) FROM shelf_result o JOIN import_run r ON r.id = o.import_id "
        "WHERE o.shelf_id = s.shelf_id AND o.kind = s.kind AND o.outcome = s.outcome AND o.at = s.at "
        "AND r.state <> 'undone') GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    )
    for number, kind, outcome, count in lines:
        found.setdefault(number, {}).setdefault(kind, {})[outcome] = count
    return found


def in_all(by_kind: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """Outcome -> how often, over all kinds of people."""
    found: dict[str, int] = {}
    for outcomes in by_kind.values():
        for outcome, count in outcomes.items():
            found[outcome] = found.get(outcome, 0) + count
    return found
