"""Imports: when they ran, what they refused, how they end.

Owns import_run and refused_row; their undo is ``reversals``. An unfinished run stays
"running": it counts for nothing until it is read again or discarded. Only ``services``
imports it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from followertui.late import late
from followertui.store.file.connection import Store

if TYPE_CHECKING:
    from followertui.store.audience import relations
else:
    # A process that only reads a file ahead needs no arrays.
    relations = late("followertui.store.audience.relations")

_RUN = "id, what, source, source_rank, sha256, choices, as_of, started_at, finished_at, state, path, report, plan"


class ImportRun(NamedTuple):
    """One import.

    Attributes:
        id: the store's number.
        what: archive, accounts, list, handles, sync, demo.
        source: file name, or "X API".
        source_rank: higher wins where two sources speak of the same moment.
        sha256, choices: what was read, and how, JSON; both again mean the same import.
        as_of: as-of of the source, epoch seconds UTC.
        started_at, finished_at: epoch seconds UTC; finished_at None while it is not done.
        state: "running", "done" or "undone".
        path: where the file was.
        report: JSON.
        plan: the whole plan it began with, JSON; "{}" where it came from no file or from an older version.
    """

    id: int
    what: str
    source: str
    source_rank: int
    sha256: str
    choices: str
    as_of: int
    started_at: int
    finished_at: int | None
    state: str
    path: str
    report: str
    plan: str


class Refusal(NamedTuple):
    """One row that was not taken: line, column, text, why."""

    line: int
    column: str
    value: str
    reason: str


def start(
    store: Store,
    what: str,
    source: str,
    source_rank: int,
    sha256: str,
    choices: str,
    as_of: int,
    at: int,
    path: str,
    plan: str = "{}",
) -> int:
    """Begin an import, or begin the same unfinished one again.

    Returns:
        Its id.
    """
    # A name that is no UTF-8 cannot be stored as it is; the plan holds it escaped.
    path = path.encode("utf-8", "backslashreplace").decode()
    with store.write() as con:
        found = con.execute(
            "SELECT id FROM import_run WHERE state = 'running' AND sha256 = ? AND choices = ? AND sha256 <> ''",
            [sha256, choices],
        ).fetchone()
        if found is not None:
            relations.forget(con, found[0])
            con.execute("DELETE FROM refused_row WHERE import_id = ?", [found[0]])
            con.execute("UPDATE import_run SET path = ?, plan = ? WHERE id = ?", [path, plan, found[0]])
            return int(found[0])
        cursor = con.execute(
            "INSERT INTO import_run(what, source, source_rank, sha256, choices, as_of, started_at, state, path, plan) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, 'running', ?, ?)",
            [what, source, source_rank, sha256, choices, as_of, at, path, plan],
        )
        return int(cursor.lastrowid or 0)


def finish(con: sqlite3.Connection, import_id: int, at: int) -> None:
    """Make an import count, inside the caller's transaction."""
    con.execute("UPDATE import_run SET state = 'done', finished_at = ? WHERE id = ?", [at, import_id])


def set_report(con: sqlite3.Connection, import_id: int, report: dict[str, Any]) -> None:
    """Keep what an import did, as JSON."""
    con.execute("UPDATE import_run SET report = ? WHERE id = ?", [json.dumps(report, ensure_ascii=False), import_id])


def run(store: Store, import_id: int) -> ImportRun | None:
    """One import, None where there is none of that number."""
    found = store.con.execute(f"SELECT {_RUN} FROM import_run WHERE id = ?", [import_id]).fetchone()
    return ImportRun(*found) if found else None


def runs(store: Store) -> list[ImportRun]:
    """Every import, newest first."""
    return [ImportRun(*line) for line in store.con.execute(f"SELECT {_RUN} FROM import_run ORDER BY id DESC")]


def unfinished(store: Store) -> list[ImportRun]:
    """Unfinished imports: to be read again or discarded."""
    found = store.con.execute(f"SELECT {_RUN} FROM import_run WHERE state = 'running' ORDER BY id")
    return [ImportRun(*line) for line in found]


def done_before(store: Store, sha256: str, choices: str) -> ImportRun | None:
    """The import that read the same bytes in the same way, if it stands."""
    found = store.con.execute(
        f"SELECT {_RUN} FROM import_run WHERE sha256 = ? AND choices = ? AND state = 'done' ORDER BY id DESC LIMIT 1",
        [sha256, choices],
    ).fetchone()
    return ImportRun(*found) if found else None


def last_finished_at(store: Store) -> int:
    """When the newest import that stands ended, epoch seconds UTC; 0 where there is none."""
    found = store.con.execute("SELECT max(finished_at) FROM import_run WHERE state = 'done'").fetchone()[0]
    return int(found or 0)


def refuse(con: sqlite3.Connection, import_id: int, rows: Iterable[Refusal]) -> None:
    """Keep rows that were not taken."""
    con.executemany("INSERT INTO refused_row VALUES (?, ?, ?, ?, ?)", [(import_id, *row) for row in rows])


def refused(store: Store, import_id: int, limit: int = -1) -> list[Refusal]:
    """Rows an import did not take, in file order; all of them unless limited."""
    found = store.con.execute(
        "SELECT line, column_name, value, reason FROM refused_row WHERE import_id = ? ORDER BY rowid LIMIT ?",
        [import_id, limit],
    )
    return [Refusal(*line) for line in found]


def refused_by(store: Store, import_id: int) -> list[tuple[str, int]]:
    """Why rows were refused and how many, most first."""
    found = store.con.execute(
        "SELECT reason, count(*) FROM refused_row WHERE import_id = ? GROUP BY 1 ORDER BY 2 DESC, 1", [import_id]
    )
    return [(line[0], line[1]) for line in found]


def counts(store: Store, import_id: int) -> tuple[int, int]:
    """How many accounts an import added, and how many known ones it changed, a resumed run included."""
    con = store.con
    added = con.execute("SELECT count(*) FROM account WHERE first_import = ?", [import_id]).fetchone()[0]
    changed = con.execute("SELECT count(*) FROM import_change WHERE import_id = ?", [import_id]).fetchone()[0]
    return int(added), int(changed)


def last_complete_reading(store: Store, direction: str) -> int | None:
    """When the newest complete reading of a direction was made, None where there is none."""
    line = store.con.execute(
        "SELECT max(s.as_of) FROM snapshot s JOIN import_run i ON i.id = s.import_id "
        "WHERE s.direction = ? AND s.completeness = 'complete' AND i.state = 'done'",
        [direction],
    ).fetchone()
    return None if line is None or line[0] is None else int(line[0])


FROM_X = ("sync", "lookup", "live")
"""Kinds of imports that came through X's API."""


def rows_from_x(store: Store) -> list[int]:
    """Accounts of which everything known came through X's API, ascending."""
    kinds = ", ".join(f"'{kind}'" for kind in FROM_X)
    others = f"(SELECT id FROM import_run WHERE what NOT IN ({kinds}))"
    origins = ("first_import", "identity_from", "about_from", "counts_from", "flags_from")
    found = store.con.execute(
        "SELECT row FROM account WHERE merged_into IS NULL AND "
        + " AND ".join(f"coalesce({name}, 0) NOT IN {others}" for name in origins)
        + " ORDER BY row"
    )
    return [row for (row,) in found]


def count_finished(store: Store) -> int:
    """How many imports count."""
    return int(store.con.execute("SELECT count(*) FROM import_run WHERE state = 'done'").fetchone()[0])


def reading_moments(store: Store, direction: str) -> list[int]:
    """When the readings of a direction that count were taken, epoch seconds UTC, oldest first.

    From the first complete one on; all of them where none is complete.
    """
    found = store.con.execute(
        "SELECT s.as_of, s.completeness = 'complete' FROM snapshot s JOIN import_run i ON i.id = s.import_id "
        "WHERE s.direction = ? AND i.state = 'done' ORDER BY s.as_of, s.id",
        [direction],
    ).fetchall()
    first = next((place for place, (_, is_complete) in enumerate(found) if is_complete), 0)
    return [as_of for as_of, _ in found[first:]]
