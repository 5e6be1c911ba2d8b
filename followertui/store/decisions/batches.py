"""Batches: the calls of one run, the clicks of one session, the answers of one worksheet.

Owns the table batch, and which calls of one were done: what a reversal starts from. Only
``services`` imports it.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from followertui.domain.decision import ActionKind, Executor, PlanState
from followertui.store.decisions.plans import OPEN_ITEM
from followertui.store.file.connection import Store


class Batch(NamedTuple):
    """One batch.

    Attributes:
        id: its number.
        at: when it began, epoch seconds UTC.
        executor: who carried it out.
        reviewer: whose decision it was.
        done: action -> how many were done and still count as done.
    """

    id: int
    at: int
    executor: Executor
    reviewer: str
    done: dict[ActionKind, int]


class Done(NamedTuple):
    """One account something was done to: its row, the action, and the list or post."""

    row: int
    action: ActionKind
    object: str


def begin(store: Store, executor: Executor, reviewer: str, at: int) -> int:
    """Open a batch; returns its number."""
    with store.write() as con:
        found = con.execute(
            "INSERT INTO batch(at, executor, reviewer) VALUES (?, ?, ?)", [at, executor.value, reviewer]
        )
        return int(found.lastrowid or 0)


def batches(store: Store, limit: int = 50) -> list[Batch]:
    """Batches in which something was done, newest first."""
    lines = store.con.execute(
        "SELECT b.id, b.at, b.executor, b.reviewer, json_group_object(c.action, c.count) FROM batch b JOIN ("
        "SELECT batch_id, action, count(*) AS count FROM call WHERE state = 'done' AND batch_id IS NOT NULL "
        "GROUP BY batch_id, action) c ON c.batch_id = b.id GROUP BY b.id ORDER BY b.id DESC LIMIT ?",
        [limit],
    )
    return [_batch(line) for line in lines]


def batch(store: Store, number: int) -> Batch | None:
    """One batch by its number, None where there is none."""
    line = store.con.execute(
        "SELECT b.id, b.at, b.executor, b.reviewer, (SELECT json_group_object(action, count) FROM ("
        "SELECT action, count(*) AS count FROM call WHERE batch_id = b.id AND state = 'done' GROUP BY action)) "
        "FROM batch b WHERE b.id = ?",
        [number],
    ).fetchone()
    return _batch(line) if line else None


def _batch(line: tuple[object, ...]) -> Batch:
    number, at, executor, reviewer, counts = line
    done = {ActionKind(action): int(count) for action, count in json.loads(str(counts)).items()}
    return Batch(int(str(number)), int(str(at)), Executor(executor), str(reviewer), done)


def done_in(store: Store, number: int) -> list[Done]:
    """What was done in a batch, each account and action once, in the order of the calls."""
    lines = store.con.execute(
        "SELECT row, action, object FROM call WHERE batch_id = ? AND state = 'done' "
        "GROUP BY row, action, object ORDER BY min(id)",
        [number],
    )
    return [Done(row, ActionKind(action), object_) for row, action, object_ in lines]


def reversals_since(store: Store, action: ActionKind, since: int) -> int:
    """How many actions that take a batch back were done, or are being done, since a time (epoch seconds UTC)."""
    found = store.con.execute(
        "SELECT count(*) FROM call c JOIN plan_item p ON p.id = c.item_id "
        "WHERE c.action = ? AND c.at >= ? AND c.state IN ('done', 'ATTEMPTING') AND p.reverses IS NOT NULL",
        [action.value, since],
    )
    return int(found.fetchone()[0])


def end_exemptions(store: Store, before: int) -> int:
    """Take back the releases given for what takes a batch of before a moment back, where that is open still.

    What a person released by name stays: it was not given in the moment the way back was planned.

    Args:
        store: the open store.
        before: epoch seconds UTC.

    Returns:
        How many releases there were.
    """
    found = store.con.execute(
        "SELECT DISTINCT r.row, r.guard FROM release r CROSS JOIN plan_item i ON i.row = r.row AND i.at = r.at "
        f"JOIN batch b ON b.id = i.reverses WHERE i.{OPEN_ITEM} AND b.at < ?",
        [before],
    ).fetchall()
    if found:
        with store.write() as con:
            con.executemany("DELETE FROM release WHERE row = ? AND guard = ?", found)
            store.bump("decision", [line[0] for line in found])
    return len(found)


def planned_in(store: Store, number: int) -> int:
    """How many open items of the plan take a batch back."""
    found = store.con.execute(
        "SELECT count(*) FROM plan_item WHERE reverses = ? AND state IN (?, ?, ?, ?)",
        [number, *(s.value for s in (PlanState.PLANNED, PlanState.HELD, PlanState.ATTEMPTING, PlanState.LATER))],
    )
    return int(found.fetchone()[0])
