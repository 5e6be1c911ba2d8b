"""What playbooks proposed for people: open, done, skipped, snoozed, lapsed.

Owns the table due. What a person says of an item goes through the journal (``slots.DUE``); proposing and
lapsing are the program's. Only ``store`` and ``services`` import it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from followertui.domain.engagement import DueState, StepAction
from followertui.store.file.connection import Store

SHOWN = "EXISTS (SELECT 1 FROM account a WHERE a.row = {row} AND a.hidden_by IS NULL AND a.merged_into IS NULL)"
"""Whether an account is one that queries find: not hidden by an undone import, not united with another."""


class DueItem(NamedTuple):
    """One step proposed for one person.

    Attributes:
        id, row: its number, and the account.
        playbook, step, action, object: what is to be done, as the playbook says it.
        worth: 0-100.
        since: when it was proposed, epoch seconds UTC.
        state: what became of it.
        until: when it comes back, None unless snoozed.
        at: when it got its state.
    """

    id: int
    row: int
    playbook: str
    step: str
    action: StepAction
    object: str
    worth: int
    since: int
    state: DueState
    until: int | None
    at: int


class Proposal(NamedTuple):
    """A step to propose: account, playbook, step, action, its object, worth."""

    row: int
    playbook: str
    step: str
    action: StepAction
    object: str
    worth: int


_ITEM = "id, row, playbook, step, action, object, worth, since, state, until, at"
_OPEN = "(state = 'open' OR state = 'snoozed' AND until <= ?)"
_THERE = "EXISTS (SELECT 1 FROM account a WHERE a.row = due.row AND a.hidden_by IS NULL AND a.merged_into IS NULL)"

OPEN_ROWS = f"SELECT DISTINCT row FROM due WHERE state IN ('open', 'snoozed') AND {_OPEN}"
"""Rows for whom something is due at a moment, its one parameter."""


def _item(line: Sequence[object]) -> DueItem:
    values = list(line)
    values[4], values[8] = StepAction(values[4]), DueState(values[8])
    return DueItem._make(values)


def items(store: Store, ids: Sequence[int]) -> list[DueItem]:
    """Items by number, in that order; unknown numbers are left out."""
    lines = store.con.execute(
        f"SELECT {_ITEM} FROM due WHERE id IN (SELECT value FROM json_each(?))", [json.dumps(list(ids))]
    )
    found = {line[0]: _item(line) for line in lines}
    return [found[number] for number in ids if number in found]


def open_items(store: Store, now: int) -> list[DueItem]:
    """What is due now, what is worth most first: open, or snoozed until a moment that has passed."""
    lines = store.con.execute(
        f"SELECT {_ITEM} FROM due WHERE state IN ('open', 'snoozed') AND {_OPEN} AND {_THERE} "
        "ORDER BY worth DESC, since, id",
        [now],
    )
    return [_item(line) for line in lines]


def waiting_items(store: Store) -> list[DueItem]:
    """Everything nobody answered yet, snoozed or not, oldest first."""
    lines = store.con.execute(f"SELECT {_ITEM} FROM due WHERE state IN ('open', 'snoozed') AND {_THERE} ORDER BY id")
    return [_item(line) for line in lines]


def items_of(store: Store, row: int) -> list[DueItem]:
    """Everything ever proposed for one account, newest first."""
    lines = store.con.execute(f"SELECT {_ITEM} FROM due WHERE row = ? ORDER BY id DESC", [row])
    return [_item(line) for line in lines]


class Answered(NamedTuple):
    """The step a person had last in a playbook: account, name of the step, when it was done or skipped."""

    row: int
    step: str
    at: int


def last_answered(store: Store, playbook: str) -> list[Answered]:
    """The step done or skipped last in a playbook, per person."""
    lines = store.con.execute(
        "SELECT row, step, at FROM due WHERE id IN (SELECT max(id) FROM due WHERE playbook = ? "
        "AND state IN ('done', 'skipped') GROUP BY row)",
        [playbook],
    )
    return [Answered._make(line) for line in lines]


def answered_since(store: Store, moment: int) -> list[tuple[int, str]]:
    """What was done or skipped from a moment on: row and state."""
    return store.con.execute(
        "SELECT row, state FROM due WHERE state IN ('done', 'skipped') AND at >= ?", [moment]
    ).fetchall()


def answered_rows(store: Store, moment: int) -> set[int]:
    """Accounts of what was done or skipped from a moment on."""
    return {row for row, _ in answered_since(store, moment)}


def proposed_since(store: Store, playbook: str, moment: int) -> int:
    """How many items of a playbook were proposed from a moment on, whatever became of them; lapsed ones apart."""
    return int(
        store.con.execute(
            "SELECT count(*) FROM due WHERE playbook = ? AND since >= ? AND state <> 'lapsed'", [playbook, moment]
        ).fetchone()[0]
    )


def propose(store: Store, proposals: Iterable[Proposal], now: int, reviewer: str) -> list[int]:
    """Write proposals, inside the caller's transaction; returns their numbers."""
    numbers = []
    for one in proposals:
        found = store.con.execute(
            "INSERT INTO due(row, playbook, step, action, object, worth, since, state, reviewer, at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, 'open', ?, ?) RETURNING id",
            [one.row, one.playbook, one.step, one.action.value, one.object, one.worth, now, reviewer, now],
        ).fetchone()
        numbers.append(int(found[0]))
        store.bump("decision", [one.row])
    return numbers


def lapse(store: Store, ids: Sequence[int], now: int) -> None:
    """Note that items are no longer asked for, inside the caller's transaction."""
    lines = store.con.execute(
        "UPDATE due SET state = 'lapsed', at = ? WHERE state IN ('open', 'snoozed') "
        "AND id IN (SELECT value FROM json_each(?)) RETURNING row",
        [now, json.dumps(list(ids))],
    ).fetchall()
    if lines:
        store.bump("decision", [line[0] for line in lines])


def reweigh(store: Store, worths: Iterable[tuple[int, int]]) -> None:
    """Set the worth of open items: (worth, number) each, inside the caller's transaction."""
    store.con.executemany("UPDATE due SET worth = ?1 WHERE id = ?2 AND worth <> ?1", worths)


class Tally(NamedTuple):
    """People of a playbook from a moment on: engaged, with a step done or skipped, or one that waits now."""

    engaged: int
    done: int
    skipped: int
    open: int


def tally(store: Store, playbook: str, actions: Iterable[str], since: int) -> Tally:
    """What a playbook brought since a moment.

    Args:
        store: the open store.
        playbook: its name.
        actions: steps that count as engaging someone.
        since: epoch seconds UTC.
    """
    line = store.con.execute(
        "SELECT count(DISTINCT CASE WHEN state = 'done' AND at >= ?2 AND action IN (SELECT value FROM json_each(?3)) "
        "THEN row END), count(DISTINCT CASE WHEN state = 'done' AND at >= ?2 THEN row END), "
        "count(DISTINCT CASE WHEN state = 'skipped' AND at >= ?2 THEN row END), "
        "count(DISTINCT CASE WHEN state IN ('open', 'snoozed') THEN row END) "
        f"FROM due WHERE playbook = ?1 AND {SHOWN.format(row='due.row')}",
        [playbook, since, json.dumps(list(actions))],
    ).fetchone()
    return Tally._make(line)


def outcomes_after(store: Store, playbook: str, kinds: Iterable[str], since: int) -> dict[str, int]:
    """Kind of outcome -> people with one after something of a playbook was done with them since a moment."""
    lines = store.con.execute(
        "SELECT i.kind, count(DISTINCT i.row) FROM interaction_now i JOIN (SELECT row, min(at) AS at FROM due "
        "WHERE playbook = ? AND state = 'done' AND at >= ? GROUP BY row) d ON d.row = i.row AND i.at >= d.at "
        f"WHERE i.kind IN (SELECT value FROM json_each(?)) AND {SHOWN.format(row='i.row')} GROUP BY i.kind",
        [playbook, since, json.dumps(list(kinds))],
    )
    return dict(lines.fetchall())


_STATES = {
    "": "state = 'done' AND at >= :since AND action IN (SELECT value FROM json_each(:actions))",
    "done": "state = 'done' AND at >= :since",
    "skipped": "state = 'skipped' AND at >= :since",
    "waiting": "state IN ('open', 'snoozed')",
}


def rows_of(store: Store, playbook: str, what: str, actions: Iterable[str], since: int) -> list[int]:
    """The people ``tally`` and ``outcomes_after`` count.

    Args:
        store: the open store.
        playbook: its name.
        what: "" for those engaged, "done", "skipped", "waiting", or a kind of outcome.
        actions: steps that count as engaging someone.
        since: epoch seconds UTC.
    """
    if what in _STATES:
        sql = f"SELECT DISTINCT row FROM due WHERE playbook = :playbook AND {_STATES[what]}"
    else:
        sql = (
            "SELECT DISTINCT i.row FROM interaction_now i JOIN (SELECT row, min(at) AS at FROM due "
            "WHERE playbook = :playbook AND state = 'done' AND at >= :since GROUP BY row) d "
            "ON d.row = i.row AND i.at >= d.at WHERE i.kind = :what"
        )
    values = {"playbook": playbook, "since": since, "actions": json.dumps(list(actions)), "what": what}
    return [line[0] for line in store.con.execute(sql, values)]
