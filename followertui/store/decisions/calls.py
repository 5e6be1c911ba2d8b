"""Every call made for a planned action, by the API or as a click by hand.

Owns the table call, and what an item becomes by its call. Each call to X is written before and
after it is made. Only ``store.decisions`` and ``services`` import it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from followertui.domain.decision import PRUNING_ACTIONS, ActionKind, Executor, PlanItem, PlanState
from followertui.store.decisions import early_calls
from followertui.store.file.connection import Store


class Call(NamedTuple):
    """One call to X, or one click by hand, as recorded.

    Attributes:
        id, item_id, row: numbers of the store; no item where it was dropped since.
        action, object, executor: what, on what, by whom.
        state: "ATTEMPTING", or the outcome.
        price_usd: at the price of the day.
        at, finished_at: epoch seconds UTC.
        status: HTTP status, None by hand.
        text: one line.
    """

    id: int
    item_id: int | None
    row: int
    action: ActionKind
    object: str
    executor: Executor
    state: str
    price_usd: float
    at: int
    finished_at: int | None
    status: int | None
    text: str


def begin_call(
    store: Store,
    item: PlanItem,
    executor: Executor,
    price_usd: float,
    at: int,
    reviewer: str,
    batch_id: int | None = None,
) -> int:
    """Write that a call is about to be made: the item turns ATTEMPTING; returns the call's number."""
    with store.write() as con:
        con.execute("UPDATE plan_item SET state = 'attempting' WHERE id = ?", [item.id])
        cursor = con.execute(
            "INSERT INTO call(item_id, row, action, object, executor, state, price_usd, at, reviewer, batch_id) "
            "VALUES (?, ?, ?, ?, ?, 'ATTEMPTING', ?, ?, ?, ?)",
            [item.id, item.row, item.action.value, item.object, executor.value, price_usd, at, reviewer, batch_id],
        )
        store.bump("decision", [item.row])
        number = int(cursor.lastrowid or 0)
        early_calls.note(store, number, at)
        return number


def finish_call(
    store: Store,
    call_id: int,
    item_state: PlanState,
    outcome: str,
    status: int | None,
    text: str,
    at: int,
    reason: str | None = None,
) -> None:
    """Record the outcome of a call and the new state of its item, in one transaction.

    Args:
        store: the open store.
        call_id: from ``begin_call``.
        item_state: where the item stands now.
        outcome: the outcome, one word.
        status: HTTP status, None where there was none.
        text: one line.
        at: epoch seconds UTC.
        reason: why the item stands there; None keeps the reason it had.
    """
    with store.write() as con:
        line = con.execute(
            "UPDATE call SET state = ?, status = ?, text = ?, finished_at = ? WHERE id = ? RETURNING item_id, row",
            [outcome, status, text, at, call_id],
        ).fetchone()
        con.execute(
            "UPDATE plan_item SET state = ?, reason = coalesce(?, reason) WHERE id = ?",
            [item_state.value, reason, line[0]],
        )
        store.bump("decision", [line[1]])


def open_calls(store: Store) -> list[Call]:
    """Calls that were begun and never finished: the program was killed in between."""
    return _calls(store, "state = 'ATTEMPTING'", [])


def clicked_since(store: Store, at: int) -> list[tuple[int, str]]:
    """What was done by hand since a moment, oldest first: (X's id of the account, action)."""
    return store.con.execute(
        "SELECT a.x_id, c.action FROM call c JOIN account a ON a.row = c.row "
        "WHERE c.executor = ? AND c.state = 'done' AND c.at >= ? AND a.x_id IS NOT NULL ORDER BY c.id",
        [Executor.HAND.value, at],
    ).fetchall()


def last_calls(store: Store, executor: Executor, limit: int) -> list[Call]:
    """The newest finished calls of an executor, newest first."""
    return _calls(store, "executor = ? AND state <> 'ATTEMPTING' ORDER BY id DESC LIMIT ?", [executor.value, limit])


def call(store: Store, call_id: int) -> Call | None:
    """One call by its number, None where there is none."""
    return next(iter(_calls(store, "id = ?", [call_id])), None)


def calls_of(store: Store, row: int) -> list[Call]:
    """Calls made for one account, newest first."""
    return _calls(store, "row = ? ORDER BY id DESC", [row])


def _calls(store: Store, condition: str, values: Sequence[object]) -> list[Call]:
    lines = store.con.execute(
        "SELECT id, item_id, row, action, object, executor, state, price_usd, at, finished_at, status, text "
        f"FROM call WHERE {condition}",
        list(values),
    )
    return [Call._make((*line[:3], ActionKind(line[3]), line[4], Executor(line[5]), *line[6:])) for line in lines]


def history(store: Store, limit: int) -> list[dict[str, object]]:
    """Calls and clicks with the account and why it was planned, newest first; keys as the journal's records have them.

    Args:
        store: the open store.
        limit: the most returned.
    """
    cursor = store.con.execute(
        "SELECT c.id, c.at, c.finished_at, c.reviewer, c.action, a.handle, a.x_id, c.object, c.executor, c.state, "
        "c.status, c.price_usd, p.reason, c.text FROM call c JOIN account a ON a.row = c.row "
        "LEFT JOIN plan_item p ON p.id = c.item_id ORDER BY c.id DESC LIMIT ?",
        [limit],
    )
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, line, strict=True)) for line in cursor]


def reopen_unconfirmed(store: Store, ids: Sequence[int], reason: str, at: int) -> None:
    """Plan again what was marked done by hand and is not so; the clicks count as not done.

    Where the same is planned again already, that item stays and the click's ends as failed.

    Args:
        store: the open store.
        ids: plan items marked done by hand.
        reason: one line.
        at: epoch seconds UTC.
    """
    with store.write() as con:
        for item_id in sorted(ids, reverse=True):
            line = con.execute(
                "UPDATE OR IGNORE plan_item SET state = 'planned', reason = ? WHERE id = ? RETURNING row",
                [reason, item_id],
            ).fetchone()
            if line is None:
                line = con.execute(
                    "UPDATE plan_item SET state = 'failed', reason = ? WHERE id = ? RETURNING row",
                    [f"{reason}; planned again since", item_id],
                ).fetchone()
            con.execute(
                "UPDATE call SET state = 'not-done', text = ?, finished_at = ? WHERE item_id = ? AND state = 'done'",
                [reason, at, item_id],
            )
            store.bump("decision", [line[0]])


def reopen_call(store: Store, call_id: int, at: int) -> None:
    """Undo a click by hand: the call is marked as undone, its item is planned again.

    Where the same was planned again since, the newer item stays and the old one remains finished.
    """
    with store.write() as con:
        line = con.execute(
            "UPDATE call SET state = 'taken-back', finished_at = ? WHERE id = ? RETURNING item_id, row", [at, call_id]
        ).fetchone()
        con.execute("UPDATE OR IGNORE plan_item SET state = 'planned', due_at = NULL WHERE id = ?", [line[0]])
        store.bump("decision", [line[1]])


def done_since(store: Store, action: ActionKind, since: int) -> dict[str, int]:
    """Executor -> calls or clicks of an action that were done, or are being made, since a time."""
    lines = store.con.execute(
        "SELECT executor, count(*) FROM call WHERE action = ? AND at >= ? AND state IN ('done', 'ATTEMPTING') "
        "GROUP BY executor",
        [action.value, since],
    )
    return dict(lines.fetchall())


def last_done(store: Store, action: ActionKind, since: int, limit: int) -> list[int]:
    """When the newest calls and clicks of an action since a time were begun, epoch seconds UTC, newest first."""
    lines = store.con.execute(
        "SELECT at FROM call WHERE action = ? AND at > ? AND state IN ('done', 'ATTEMPTING') ORDER BY at DESC LIMIT ?",
        [action.value, since, limit],
    )
    return [line[0] for line in lines]


def done_rows(store: Store, action: ActionKind, object_: str) -> set[int]:
    """Rows an action was ever done to on a list or post."""
    lines = store.con.execute(
        "SELECT DISTINCT row FROM call WHERE action = ? AND object = ? AND state = 'done'", [action.value, object_]
    )
    return {line[0] for line in lines}


_REACHED = {
    ActionKind.UNFOLLOW.value: ("following", "missed_at"),
    ActionKind.FOLLOW.value: ("following", "first_seen"),
    ActionKind.REMOVE_FOLLOWER.value: ("follower", "missed_at"),
}
"""Action -> the relation it changes, and the moment of a spell at which a reading shows it changed."""


def carried_out(con: sqlite3.Connection, rows: Sequence[int], action: str, object_: str, since: int) -> set[int]:
    """Rows for which an action was done since a moment, or which a reading since shows as the action wants them.

    Args:
        con: the connection, with or without a transaction.
        rows: row numbers.
        action: the action.
        object_: its list or post, or "".
        since: epoch seconds UTC.
    """
    listed = json.dumps(list(rows))
    found = con.execute(
        "SELECT row FROM call WHERE at >= ? AND state = 'done' AND action = ? AND object = ? "
        "AND row IN (SELECT value FROM json_each(?))",
        [since, action, object_, listed],
    ).fetchall()
    if action in _REACHED:
        direction, moment = _REACHED[action]
        found += con.execute(
            "SELECT r.row FROM json_each(?) j CROSS JOIN relation r ON r.row = j.value "
            f"WHERE r.direction = ? AND r.{moment} > ? AND r.first_snapshot = ("
            "SELECT max(n.first_snapshot) FROM relation n WHERE n.row = r.row AND n.direction = r.direction)",
            [listed, direction, since],
        ).fetchall()
    return {line[0] for line in found}


_PRUNING = ", ".join(f"'{action.value}'" for action in sorted(PRUNING_ACTIONS))


def pruned_at(store: Store) -> dict[int, int]:
    """Row -> when we last unfollowed, removed, blocked, muted or reported it, epoch seconds UTC."""
    found = store.con.execute(
        f"SELECT row, max(at) FROM call WHERE state = 'done' AND action IN ({_PRUNING}) GROUP BY row"
    )
    return dict(found.fetchall())


def pruning_moments(store: Store) -> list[int]:
    """When we unfollowed, removed, blocked, muted or reported anyone, epoch seconds UTC, ascending."""
    found = store.con.execute(f"SELECT at FROM call WHERE state = 'done' AND action IN ({_PRUNING}) ORDER BY at")
    return [at for (at,) in found]


class Clicked(NamedTuple):
    """An item done by hand that no reading confirmed yet.

    Attributes:
        item_id: its number.
        at: when it was clicked, epoch seconds UTC.
        follows_us, we_follow: how we are related now.
    """

    item_id: int
    at: int
    follows_us: bool
    we_follow: bool


def clicked(store: Store, action: ActionKind) -> list[Clicked]:
    """Items of an action done by hand and not confirmed yet, as planned."""
    lines = store.con.execute(
        "SELECT p.id, coalesce((SELECT max(c.finished_at) FROM call c WHERE c.item_id = p.id), p.at), "
        "(SELECT coalesce(max(c.id), 0) FROM call c WHERE c.item_id = p.id), "
        "EXISTS (SELECT 1 FROM relation_now r WHERE r.row = p.row AND r.direction = 'follower'), "
        "EXISTS (SELECT 1 FROM relation_now r WHERE r.row = p.row AND r.direction = 'following') "
        "FROM plan_item p WHERE p.state = 'done-by-hand' AND p.action = ? ORDER BY p.id",
        [action.value],
    )
    return [
        Clicked(item, early_calls.made_at(store, call_id, at), bool(follows_us), bool(we_follow))
        for item, at, call_id, follows_us, we_follow in lines
    ]
