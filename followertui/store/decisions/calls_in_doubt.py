"""Calls to X whose outcome is not known, and the readings that tell it.

Owns which rows of the table call are in doubt and what is written once X, or a later reading,
told what came of them. Only ``services`` imports it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from followertui.domain.decision import PlanItem, PlanState
from followertui.store.file.connection import Store

UNKNOWN_TYPES = ("unknown", "network", "server")
"""Outcomes after which X may have carried out the call or not."""

_UNKNOWN = "('{}')".format("', '".join(UNKNOWN_TYPES))
_READS = "('READING', 'read')"
"""Rows of the table call that read how we are connected; no action."""


class Doubt(NamedTuple):
    """The newest call of a plan item's action, which X may have carried out or not.

    Attributes:
        call_id: its number.
        at: when it was made, epoch seconds UTC.
    """

    call_id: int
    at: int


def calls_in_doubt(store: Store, items: Sequence[PlanItem]) -> dict[int, Doubt]:
    """Item number -> the call in doubt; what was called for an earlier item of the same action counts."""
    lines = store.con.execute(
        f"SELECT row, action, object, state IN {_UNKNOWN}, max(id), at FROM call "
        f"WHERE executor = 'api' AND state NOT IN {_READS} AND row IN ("
        f"SELECT row FROM call WHERE executor = 'api' AND state IN {_UNKNOWN}) GROUP BY row, action, object"
    )
    doubts = {line[:3]: Doubt(line[4], line[5]) for line in lines if line[3]}
    found = {item.id: doubts.get((item.row, item.action.value, item.object)) for item in items}
    return {item_id: doubt for item_id, doubt in found.items() if doubt is not None}


def resolve(store: Store, item: PlanItem, doubt: Doubt, outcome: str, text: str, at: int, state: PlanState) -> None:
    """Record what came of a call in doubt, and where its item stands now, in one transaction.

    Args:
        store: the open store.
        item: the item that is planned.
        doubt: its call.
        outcome: one word, ``not-done`` where X had not done it.
        text: one line.
        at: epoch seconds UTC.
        state: the item's state; nothing changes where it is no longer planned.
    """
    with store.write() as con:
        con.execute(
            "UPDATE call SET state = ?, text = ?, finished_at = ? WHERE id = ?", [outcome, text, at, doubt.call_id]
        )
        if state is not PlanState.PLANNED:
            con.execute(
                "UPDATE plan_item SET state = ?, reason = ? WHERE id = ? AND state IN ('planned', 'held')",
                [state.value, text, item.id],
            )
        store.bump("decision", [item.row])


def begin_reading(store: Store, items: Sequence[PlanItem], usd_each: float, at: int, reviewer: str) -> dict[int, int]:
    """Write that X is about to be asked how we are connected with some accounts.

    Returns:
        Item number -> number of the row in the table call; the price stands in each. Items that someone
        took out of the plan since they were read are left out: nobody need ask about them.
    """
    numbers = {}
    with store.write() as con:
        for item in items:
            cursor = con.execute(
                "INSERT INTO call(item_id, row, action, object, executor, state, price_usd, at, reviewer) "
                "SELECT id, row, action, object, 'api', 'READING', ?, ?, ? FROM plan_item WHERE id = ?",
                [usd_each, at, reviewer, item.id],
            )
            if cursor.rowcount:
                numbers[item.id] = int(cursor.lastrowid or 0)
    return numbers


def finish_reading(
    store: Store, numbers: Sequence[int], texts: Mapping[int, str], status: int | None, is_charged: bool, at: int
) -> None:
    """Write what a reading said.

    Args:
        store: the open store.
        numbers: from ``begin_reading``.
        texts: number -> one line; the others say nothing.
        status: HTTP status, None where there was none.
        is_charged: whether X charged for it; it charges only for what it returns.
        at: epoch seconds UTC.
    """
    lines = [(texts.get(number, ""), status, at, is_charged, number) for number in numbers]
    with store.write() as con:
        con.executemany(
            "UPDATE call SET state = 'read', text = ?, status = ?, finished_at = ?, price_usd = price_usd * ? "
            "WHERE id = ?",
            lines,
        )


def seen_since(store: Store, row: int, direction: str, at: int) -> bool | None:
    """Whether readings made after a moment had an account, None where none of them tells.

    Args:
        store: the open store.
        row: the account.
        direction: follower or following.
        at: epoch seconds UTC.
    """
    line = store.con.execute(
        "SELECT missed_at IS NULL, coalesce(missed_at, last_seen) > ? FROM relation "
        "WHERE row = ? AND direction = ? ORDER BY first_seen DESC LIMIT 1",
        [at, row, direction],
    ).fetchone()
    return bool(line[0]) if line is not None and line[1] else None
