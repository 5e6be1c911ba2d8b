"""Planned actions: what still has to be carried out, what is held, what was handed out.

Owns the tables plan_item and handed_out; calls made for them are in ``calls``. Only ``store`` and
``services`` import it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from followertui.domain.decision import OPEN_PLAN_STATES, ActionKind, Handing, PlanItem, PlanState
from followertui.store.decisions import plan_bases
from followertui.store.file.connection import Store

OPEN_ITEM = "state IN ({})".format(", ".join(f"'{state.value}'" for state in OPEN_PLAN_STATES))
"""SQL: a plan item that still has to be carried out. Word for word the condition of the index of
open plan items: only so does SQLite use it."""

_ITEM = "id, row, action, object, state, reason"


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


def open_item(store: Store, row: int, action: ActionKind) -> PlanItem | None:
    """What is planned for an account and an action that has no list or post, None where nothing is."""
    line = store.con.execute(
        f"SELECT {_ITEM} FROM plan_item WHERE row = ? AND action = ? AND object = '' AND {OPEN_ITEM}",
        [row, action.value],
    ).fetchone()
    return None if line is None else _item(line)


def open_items(store: Store, rows: Sequence[int]) -> list[PlanItem]:
    """Everything open on some accounts, in the order it was planned."""
    lines = store.con.execute(
        f"SELECT {_ITEM} FROM plan_item WHERE {OPEN_ITEM} AND row IN (SELECT value FROM json_each(?)) ORDER BY id",
        [json.dumps(list(rows))],
    )
    return [_item(line) for line in lines]


Guardable = tuple[int, int, str]
"""An item guards may hold or let go: its number, its row, and why it is held, "" where it is not."""


def guardable(store: Store, action: ActionKind) -> list[Guardable]:
    """Items of an action that are planned or held."""
    return store.con.execute(
        "SELECT id, row, CASE state WHEN 'held' THEN reason ELSE '' END FROM plan_item "
        "WHERE action = ? AND state IN ('planned', 'held')",
        [action.value],
    ).fetchall()


def _item(line: tuple[object, ...]) -> PlanItem:
    number, row, action, object_, state, reason = line
    return PlanItem(int(str(number)), int(str(row)), ActionKind(action), str(object_), PlanState(state), str(reason))


class OpenAction(NamedTuple):
    """An open action on an account, and where it stands."""

    action: ActionKind
    state: PlanState


def open_actions(store: Store, rows: Sequence[int]) -> dict[int, list[OpenAction]]:
    """Row -> its open actions; rows without one are left out."""
    lines = store.con.execute(
        f"SELECT row, action, state FROM plan_item WHERE {OPEN_ITEM} AND row IN (SELECT value FROM json_each(?))",
        [json.dumps(list(rows))],
    )
    found: dict[int, list[OpenAction]] = {}
    for row, action, state in lines:
        found.setdefault(row, []).append(OpenAction(ActionKind(action), PlanState(state)))
    return found


def open_rows(store: Store, action: ActionKind, object_: str = "") -> set[int]:
    """Rows for which an action on an object is open."""
    lines = store.con.execute(
        f"SELECT row FROM plan_item WHERE {OPEN_ITEM} AND action = ? AND object = ?", [action.value, object_]
    )
    return {line[0] for line in lines}


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


def bring_back(store: Store, ids: Sequence[int]) -> int:
    """Return items that were put off to the plan now, as their accounts are now; returns how many of these were."""
    with store.write() as con:
        lines = con.execute(
            "UPDATE plan_item SET state = 'planned', due_at = NULL "
            "WHERE state = 'later' AND id IN (SELECT value FROM json_each(?)) RETURNING row, id",
            [json.dumps(list(ids))],
        ).fetchall()
        plan_bases.renew(con, [line[1] for line in lines])
        store.bump("decision", [line[0] for line in lines])
    return len(lines)


def set_aside(store: Store, ids: Sequence[int], reason: str) -> None:
    """Put items off until a person brings them back: they have no date."""
    with store.write() as con:
        lines = con.execute(
            "UPDATE plan_item SET state = 'later', due_at = NULL, reason = ? "
            "WHERE id IN (SELECT value FROM json_each(?)) RETURNING row",
            [reason, json.dumps(list(ids))],
        ).fetchall()
        store.bump("decision", [line[0] for line in lines])


def set_aside_reasons(store: Store, action: ActionKind) -> list[tuple[str, int]]:
    """Why items of an action wait for a person to bring them back: (reason, how many), most first."""
    return store.con.execute(
        "SELECT reason, count(*) FROM plan_item WHERE action = ? AND state = 'later' AND due_at IS NULL "
        "GROUP BY reason ORDER BY 2 DESC, 1",
        [action.value],
    ).fetchall()


def reversals(store: Store, actions: Iterable[ActionKind]) -> set[int]:
    """Numbers of open items of some actions that take a batch back."""
    lines = store.con.execute(
        f"SELECT id FROM plan_item WHERE reverses IS NOT NULL AND {OPEN_ITEM} "
        "AND action IN (SELECT value FROM json_each(?))",
        [json.dumps([action.value for action in actions])],
    )
    return {line[0] for line in lines}


def reverses(store: Store, item_id: int) -> int | None:
    """The batch an item takes back, None where it takes none back."""
    line = store.con.execute("SELECT reverses FROM plan_item WHERE id = ?", [item_id]).fetchone()
    return None if line is None else line[0]


def due_at(store: Store, ids: Sequence[int]) -> dict[int, int]:
    """Item number -> when it comes back (epoch seconds UTC), of those that were put off."""
    lines = store.con.execute(
        "SELECT id, due_at FROM plan_item WHERE state = 'later' AND due_at IS NOT NULL "
        "AND id IN (SELECT value FROM json_each(?))",
        [json.dumps(list(ids))],
    )
    return dict(lines.fetchall())


def note_handed_out(store: Store, ids: Sequence[int], via: Handing, reviewer: str, at: int) -> None:
    """Note that a person was given the links of some items (epoch seconds UTC)."""
    with store.write() as con:
        con.executemany(
            "INSERT OR REPLACE INTO handed_out VALUES (?, ?, ?, ?)", [(i, via.value, reviewer, at) for i in ids]
        )


def was_handed_out(store: Store, item_id: int) -> bool:
    """Whether a person was ever given the link of an item."""
    return store.con.execute("SELECT 1 FROM handed_out WHERE item_id = ?", [item_id]).fetchone() is not None
