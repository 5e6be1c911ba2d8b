"""Planned actions and every call made for them.

Owns the tables plan_item, handed_out, call and interaction. Each call to X is written before and after
it is made. Only ``services`` imports it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from followertui.domain.decision import OPEN_PLAN_STATES, ActionKind, Executor, Handing, PlanItem, PlanState
from followertui.domain.guards import CONVERSATIONS
from followertui.store.decisions import early_calls
from followertui.store.file.connection import Store

OPEN_ITEM = "state IN ({})".format(", ".join(f"'{state.value}'" for state in OPEN_PLAN_STATES))
"""SQL: a plan item that still has to be carried out. Word for word the condition of the index of
open plan items: only so does SQLite use it."""

_ITEM = "id, row, action, object, state, reason"


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


def items(store: Store, ids: Sequence[int]) -> list[PlanItem]:
    """Plan items by number, in that order; unknown numbers are left out."""
    lines = store.con.execute(
        f"SELECT {_ITEM} FROM plan_item WHERE id IN (SELECT value FROM json_each(?))", [json.dumps(list(ids))]
    )
    found = {line[0]: _item(line) for line in lines}
    return [found[i] for i in ids if i in found]


def ids_in(store: Store, states: Iterable[PlanState], actions: Iterable[ActionKind] = (), limit: int = -1) -> list[int]:
    """Numbers of plan items in some states, worst first: harmful, then bots by descending score, then as planned.

    Args:
        store: the open store.
        states: which states; held items come last.
        actions: which actions; none for all.
        limit: the most returned; below 0 for all.
    """
    chosen = [action.value for action in actions]
    lines = store.con.execute(
        "SELECT p.id FROM plan_item p LEFT JOIN score s ON s.row = p.row "
        "WHERE p.state IN (SELECT value FROM json_each(?)) AND (? OR p.action IN (SELECT value FROM json_each(?))) "
        "ORDER BY p.state = 'held', coalesce(s.harmful, 0) DESC, coalesce(s.bot, 0) DESC, p.id LIMIT ?",
        [json.dumps([state.value for state in states]), not chosen, json.dumps(chosen), limit],
    )
    return [line[0] for line in lines]


def items_in(store: Store, states: Iterable[PlanState], action: ActionKind | None = None) -> list[PlanItem]:
    """Plan items in some states, in the order of ``ids_in``."""
    return items(store, ids_in(store, states, (action,) if action else ()))


class Guardable(NamedTuple):
    """An item guards may hold or let go: its number, its row, and why it is held, "" where it is not."""

    id: int
    row: int
    held_by: str


def guardable(store: Store, action: ActionKind) -> list[Guardable]:
    """Items of an action that are planned or held."""
    lines = store.con.execute(
        "SELECT id, row, CASE state WHEN 'held' THEN reason ELSE '' END FROM plan_item "
        "WHERE action = ? AND state IN ('planned', 'held')",
        [action.value],
    )
    return [Guardable._make(line) for line in lines]


def _item(line: tuple[object, ...]) -> PlanItem:
    number, row, action, object_, state, reason = line
    return PlanItem(int(str(number)), int(str(row)), ActionKind(action), str(object_), PlanState(state), str(reason))


def state_counts(store: Store) -> dict[tuple[str, str], int]:
    """(action, state) -> how many items."""
    lines = store.con.execute("SELECT action, state, count(*) FROM plan_item GROUP BY action, state")
    return {(action, state): count for action, state, count in lines}


def reasons(store: Store, action: ActionKind, state: PlanState) -> list[tuple[str, int]]:
    """Why items of an action are in a state: (reason, how many), most first."""
    return store.con.execute(
        "SELECT reason, count(*) FROM plan_item WHERE action = ? AND state = ? GROUP BY reason ORDER BY 2 DESC, 1",
        [action.value, state.value],
    ).fetchall()


def held_by(store: Store, reason: str) -> int:
    """How many items are held for a reason."""
    found = store.con.execute("SELECT count(*) FROM plan_item WHERE state = 'held' AND reason = ?", [reason])
    return int(found.fetchone()[0])


def set_states(store: Store, ids: Sequence[int], state: PlanState, reason: str | None = None) -> None:
    """Move items to a state, with a new reason where one is given."""
    if not ids:
        return
    with store.write() as con:
        lines = con.execute(
            "UPDATE plan_item SET state = ?, reason = coalesce(?, reason) "
            "WHERE id IN (SELECT value FROM json_each(?)) RETURNING row",
            [state.value, reason, json.dumps(list(ids))],
        ).fetchall()
        store.bump("decision", [line[0] for line in lines])


def wake_snoozed(store: Store, now: int) -> int:
    """Return items snoozed until now to the plan; returns how many. Writes nothing where there are none."""
    due = store.con.execute("SELECT 1 FROM plan_item WHERE state = 'later' AND due_at <= ? LIMIT 1", [now])
    if due.fetchone() is None:
        return 0
    with store.write() as con:
        lines = con.execute(
            "UPDATE plan_item SET state = 'planned', due_at = NULL WHERE state = 'later' AND due_at <= ? RETURNING row",
            [now],
        ).fetchall()
        store.bump("decision", [line[0] for line in lines])
    return len(lines)


def snooze(store: Store, item_id: int, due_at: int) -> None:
    """Put one item off until a time (epoch seconds UTC)."""
    with store.write() as con:
        line = con.execute(
            "UPDATE plan_item SET state = 'later', due_at = ? WHERE id = ? RETURNING row", [due_at, item_id]
        ).fetchone()
        if line:
            store.bump("decision", [line[0]])


def note_handed_out(store: Store, ids: Sequence[int], via: Handing, reviewer: str, at: int) -> None:
    """Note that a person was given the links of some items (epoch seconds UTC)."""
    with store.write() as con:
        con.executemany(
            "INSERT OR REPLACE INTO handed_out VALUES (?, ?, ?, ?)", [(i, via.value, reviewer, at) for i in ids]
        )


def was_handed_out(store: Store, item_id: int) -> bool:
    """Whether a person was ever given the link of an item."""
    return store.con.execute("SELECT 1 FROM handed_out WHERE item_id = ?", [item_id]).fetchone() is not None


def begin_call(store: Store, item: PlanItem, executor: Executor, price_usd: float, at: int, reviewer: str) -> int:
    """Write that a call is about to be made: the item turns ATTEMPTING; returns the call's number."""
    with store.write() as con:
        con.execute("UPDATE plan_item SET state = 'attempting' WHERE id = ?", [item.id])
        cursor = con.execute(
            "INSERT INTO call(item_id, row, action, object, executor, state, price_usd, at, reviewer) "
            "VALUES (?, ?, ?, ?, ?, 'ATTEMPTING', ?, ?, ?)",
            [item.id, item.row, item.action.value, item.object, executor.value, price_usd, at, reviewer],
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


def knows_conversations(store: Store) -> bool:
    """Whether any conversation was ever imported: without, silence proves nothing."""
    found = store.con.execute(
        f"SELECT 1 FROM interaction_now WHERE kind IN ({','.join('?' * len(CONVERSATIONS))}) LIMIT 1", CONVERSATIONS
    )
    return found.fetchone() is not None


def note_own_action(store: Store, row: int, direction: str, is_on: bool | None, at: int) -> None:
    """Note that our own action began or ended a relation; None forgets it.

    The next reading that comes later decides again. What was read before the action is older than
    it, whatever the clock says: it may have been set back since, or a file may name a later day.
    """
    with store.write() as con:
        if is_on is None:
            con.execute("DELETE FROM own_relation WHERE row = ? AND direction = ?", [row, direction])
        else:
            con.execute(
                "INSERT OR REPLACE INTO own_relation SELECT :row, :direction, :is_on, max(:at, 1 + coalesce(("
                "SELECT max(s.as_of) FROM snapshot s JOIN import_run i ON i.id = s.import_id "
                "WHERE s.direction = :direction AND i.state = 'done'), 0))",
                {"row": row, "direction": direction, "is_on": int(is_on), "at": at},
            )
        store.bump("relation", [row])


def set_status(store: Store, row: int, status: int) -> None:
    """Note that an account exists (0), is gone (1) or suspended (2)."""
    with store.write() as con:
        con.execute("UPDATE account SET status = ? WHERE row = ?", [status, row])
        store.bump("profile", [row])


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


def last_complete_reading(store: Store, direction: str) -> int | None:
    """When the newest complete reading of a direction was made, None where there is none."""
    line = store.con.execute(
        "SELECT max(s.as_of) FROM snapshot s JOIN import_run i ON i.id = s.import_id "
        "WHERE s.direction = ? AND s.completeness = 'complete' AND i.state = 'done'",
        [direction],
    ).fetchone()
    return None if line is None or line[0] is None else int(line[0])


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
