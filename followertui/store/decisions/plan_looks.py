"""The plan as a person last saw it, and the time before.

Owns the table plan_look: two lines at most. Only ``services`` imports it.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from typing import NamedTuple

from followertui.domain.decision import PlanState
from followertui.store.file.connection import Store, packed, unpacked

_KEPT = 2


class PlanLook(NamedTuple):
    """One look at the plan.

    Attributes:
        id: its number.
        at: when it was last seen so, epoch seconds UTC.
        reviewer: by whom.
        state: what it was made on, by name.
        items: numbers of the items that were ready, ascending.
    """

    id: int
    at: int
    reviewer: str
    state: dict[str, str]
    items: tuple[int, ...]


def looks(store: Store) -> list[PlanLook]:
    """The last looks, newest first, two at most."""
    lines = store.con.execute("SELECT id, at, reviewer, state, items FROM plan_look ORDER BY id DESC LIMIT ?", [_KEPT])
    return [
        PlanLook(number, at, reviewer, json.loads(state), tuple(unpacked(zlib.decompress(items))))
        for number, at, reviewer, state, items in lines
    ]


def note(store: Store, state: dict[str, str], items: Sequence[int], reviewer: str, at: int, same_until: int) -> None:
    """Note a look.

    Args:
        store: the open store.
        state: what the plan was made on.
        items: numbers of the items that are ready, ascending.
        reviewer: who looks.
        at: epoch seconds UTC.
        same_until: a last look of this reviewer at or after this moment is the same one, going on.
    """
    body, blob = json.dumps(state, sort_keys=True), zlib.compress(packed(items), 1)
    last = store.con.execute("SELECT id, at, reviewer, state, items FROM plan_look ORDER BY id DESC LIMIT 1").fetchone()
    is_same = last is not None and last[2] == reviewer and same_until <= last[1] <= at
    if is_same and last[3:] == (body, blob):
        return
    with store.write() as con:
        if is_same:
            con.execute("UPDATE plan_look SET at = ?, state = ?, items = ? WHERE id = ?", [at, body, blob, last[0]])
            return
        con.execute("INSERT INTO plan_look(at, reviewer, state, items) VALUES (?, ?, ?, ?)", [at, reviewer, body, blob])
        con.execute("DELETE FROM plan_look WHERE id <= (SELECT max(id) FROM plan_look) - ?", [_KEPT])


def lists_stamp(store: Store) -> tuple[int, int, int]:
    """Lists and entries there are, and the newest entry's number: these differ where a list came, went or changed."""
    lists = store.con.execute("SELECT count(*) FROM list WHERE dropped_at IS NULL").fetchone()[0]
    entries = store.con.execute(
        "SELECT count(*), coalesce(max(e.id), 0) FROM entry e JOIN list l ON l.id = e.list_id "
        "WHERE e.left_at IS NULL AND l.dropped_at IS NULL"
    ).fetchone()
    return int(lists), int(entries[0]), int(entries[1])


def states_of(store: Store, ids: Sequence[int]) -> dict[str, int]:
    """What became of some items: state -> how many; "dropped" for those that are no longer there."""
    lines = store.con.execute(
        "SELECT coalesce(p.state, 'dropped'), count(*) FROM json_each(?) j LEFT JOIN plan_item p ON p.id = j.value "
        "GROUP BY 1",
        [json.dumps(list(ids))],
    )
    return dict(lines.fetchall())


def ready(store: Store) -> list[int]:
    """Numbers of the items that are ready, ascending."""
    lines = store.con.execute("SELECT id FROM plan_item WHERE state = ? ORDER BY id", [PlanState.PLANNED.value])
    return [line[0] for line in lines]


def oldest_planned(store: Store) -> int | None:
    """When the oldest ready item was planned, epoch seconds UTC; None where nothing is ready."""
    found = store.con.execute("SELECT min(at) FROM plan_item WHERE state = ?", [PlanState.PLANNED.value]).fetchone()
    return None if found[0] is None else int(found[0])
