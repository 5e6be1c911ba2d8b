"""The ledger of reads from X: what each may cost, written before, and what it did, written after.

Owns the tables x_request and x_billed. X charges for the same account once a UTC day, so the
accounts charged for today are kept until the day is over. Calls that change something are in
``plans``. Only ``services`` imports it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from followertui.domain.clock import DAY
from followertui.store.file.connection import Store

ANSWERED = "answered"
REFUSED = "refused"
UNKNOWN = "unknown"

_PAID = "state IN ('done', 'read')"
_DOUBTFUL = "state IN ('ATTEMPTING', 'READING', 'unknown', 'network', 'server')"
"""Rows of the table call X charges for, and those of which it is not known whether X answered."""


class Spent(NamedTuple):
    """Money that went to X in some time.

    Attributes:
        usd: dollars charged for what X answered.
        unknown_usd: dollars at most for what X may have answered without our reading it.
    """

    usd: float
    unknown_usd: float


class CostLine(NamedTuple):
    """What one kind of call cost.

    Attributes:
        what: endpoint of a read, or action.
        requests: how many calls.
        units: accounts, or calls, that were charged.
        usd: dollars charged.
        unknown: calls of which it is not known whether X answered.
        unknown_usd: the most those cost.
    """

    what: str
    requests: int
    units: int
    usd: float
    unknown: int
    unknown_usd: float


def begin(store: Store, endpoint: str, import_id: int | None, expected: int, expected_usd: float, at: int) -> int:
    """Write down a read that is about to be made.

    Args:
        store: the open store.
        endpoint: as the platform file calls it.
        import_id: the sync it belongs to.
        expected: the most it may return.
        expected_usd: the most it may cost.
        at: epoch seconds UTC.

    Returns:
        Its number.
    """
    with store.write() as con:
        cursor = con.execute(
            "INSERT INTO x_request(at, endpoint, import_id, expected, expected_usd, state) "
            "VALUES (?, ?, ?, ?, ?, 'asking')",
            [at, endpoint, import_id, expected, expected_usd],
        )
        return int(cursor.lastrowid or 0)


def finish(store: Store, number: int, state: str, units: int, usd: float, status: int | None, at: int) -> None:
    """Write down what a read came to, in the open transaction or in one of its own.

    Args:
        store: the open store.
        number: as ``begin`` gave it.
        state: ``ANSWERED``, ``REFUSED`` or ``UNKNOWN``.
        units: what X charges for.
        usd: dollars it charges.
        status: HTTP status, None where no answer came.
        at: epoch seconds UTC.
    """
    with store.write() as con:
        con.execute(
            "UPDATE x_request SET state = ?, units = ?, usd = ?, status = ?, finished_at = ? WHERE id = ?",
            [state, units, usd, status, at, number],
        )


def progress(store: Store, number: int, units: int, usd: float, held_usd: float) -> None:
    """Write down what a read that goes on has cost so far, in the open transaction or in one of its own.

    Args:
        store: the open store.
        number: as ``begin`` gave it.
        units: what X has charged for.
        usd: dollars it charged.
        held_usd: dollars it may have charged besides, for what is not written down yet.
    """
    with store.write() as con:
        con.execute("UPDATE x_request SET units = ?, usd = ?, expected_usd = ? WHERE id = ?",
                    [units, usd, held_usd, number])  # fmt: skip


def settle(store: Store, endpoint: str, since: int, until: int) -> None:
    """Nothing is unknown any more of some reads: X told again what they may have cost, and it is booked there.

    Args:
        store: the open store.
        endpoint: as the platform file calls it.
        since: number of the first of them.
        until: number of the first that is none of them.
    """
    with store.write() as con:
        con.execute(
            "UPDATE x_request SET state = ? WHERE endpoint = ? AND state = ? AND id >= ? AND id < ?",
            [ANSWERED, endpoint, UNKNOWN, since, until],
        )


def bill(con: sqlite3.Connection, x_ids: Iterable[int], at: int) -> int:
    """Note that X charged for accounts, inside the caller's transaction.

    Args:
        con: the connection of the open transaction.
        x_ids: accounts an answer held.
        at: epoch seconds UTC.

    Returns:
        For how many of them X charges: those it had not charged for earlier on that UTC day.
    """
    day = at // DAY
    # All are of one day, so one tells for all: looking through a million at every page took as long as the page.
    if con.execute("SELECT day FROM x_billed LIMIT 1").fetchone() not in (None, (day,)):
        con.execute("DELETE FROM x_billed WHERE day <> ?", [day])
    before = con.total_changes
    con.executemany("INSERT OR IGNORE INTO x_billed VALUES (?, ?)", [(x_id, day) for x_id in x_ids])
    return con.total_changes - before


def book_anew(store: Store, prices: Mapping[str, float]) -> None:
    """Book answered reads at another price, in the open transaction or in one of its own.

    Args:
        store: the open store.
        prices: endpoint -> dollars per unit.
    """
    with store.write() as con:
        con.executemany(
            "UPDATE x_request SET usd = round(units * ?, 6) WHERE endpoint = ? AND state = ?",
            [(usd, endpoint, ANSWERED) for endpoint, usd in prices.items()],
        )


def recover(store: Store) -> int:
    """Mark reads a killed run left without an answer as unknown; returns how many there were."""
    if store.con.execute("SELECT 1 FROM x_request WHERE state = 'asking' LIMIT 1").fetchone() is None:
        return 0
    with store.write() as con:
        return con.execute("UPDATE x_request SET state = 'unknown' WHERE state = 'asking'").rowcount


def answered_since(store: Store, endpoint: str, since: int) -> int:
    """How many reads of a kind X answered since a moment, epoch seconds UTC."""
    return int(
        store.con.execute(
            "SELECT count(*) FROM x_request WHERE endpoint = ? AND state = ? AND finished_at > ?",
            [endpoint, ANSWERED, since],
        ).fetchone()[0]
    )


def spent(store: Store, since: int = 0) -> Spent:
    """What reads and calls since a moment cost; all of them where it is 0."""
    usd, unknown = store.con.execute(
        "SELECT total(usd), total(CASE WHEN state IN ('asking', 'unknown') THEN expected_usd END) "
        "FROM x_request WHERE at >= ?",
        [since],
    ).fetchone()
    calls, doubtful = store.con.execute(
        f"SELECT total(CASE WHEN {_PAID} THEN price_usd END), total(CASE WHEN {_DOUBTFUL} THEN price_usd END) "
        "FROM call WHERE executor = 'api' AND at >= ?",
        [since],
    ).fetchone()
    return Spent(round(usd + calls, 6), round(unknown + doubtful, 6))


def spent_on(store: Store, import_id: int) -> Spent:
    """What the reads of one sync cost."""
    usd, unknown = store.con.execute(
        "SELECT total(usd), total(CASE WHEN state IN ('asking', 'unknown') THEN expected_usd END) "
        "FROM x_request WHERE import_id = ?",
        [import_id],
    ).fetchone()
    return Spent(round(usd, 6), round(unknown, 6))


def lines(store: Store, since: int = 0) -> list[CostLine]:
    """What each kind of call since a moment cost, dearest first."""
    reads = store.con.execute(
        "SELECT endpoint, count(*), total(units), total(usd), total(state IN ('asking', 'unknown')), "
        "total(CASE WHEN state IN ('asking', 'unknown') THEN expected_usd END) FROM x_request WHERE at >= ? GROUP BY 1",
        [since],
    ).fetchall()
    calls = store.con.execute(
        "SELECT CASE WHEN state IN ('read', 'READING') THEN 'users_by_ids' ELSE action END, count(*), "
        f"total({_PAID}), total(CASE WHEN {_PAID} THEN price_usd END), total({_DOUBTFUL}), "
        f"total(CASE WHEN {_DOUBTFUL} THEN price_usd END) FROM call WHERE executor = 'api' AND at >= ? GROUP BY 1",
        [since],
    ).fetchall()
    found: dict[str, CostLine] = {}
    for what, requests, units, usd, unknown, most in (*reads, *calls):
        line = CostLine(what, requests, int(units), round(usd, 6), int(unknown), round(most, 6))
        one = found.get(what, CostLine(what, 0, 0, 0.0, 0, 0.0))
        found[what] = CostLine(
            what, one.requests + line.requests, one.units + line.units, one.usd + line.usd,
            one.unknown + line.unknown, one.unknown_usd + line.unknown_usd,
        )  # fmt: skip
    return sorted(found.values(), key=lambda line: (-line.usd, line.what))
