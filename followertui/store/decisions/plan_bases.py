"""What an item was planned on: who the account was, what its bio said, whether it followed us.

Owns the column plan_item.basis and what counts as another account than the one a person saw.
What was not known then and is known now is no change. Only ``store.decisions`` and ``services``
import it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from hashlib import blake2b

from followertui.domain.decision import ActionKind
from followertui.store.file.connection import Store

RENAMED = "renamed"
NEW_BIO = "has a new bio"
FOLLOWS_NOW = "follows us now"

_PROFILES = (
    "SELECT p.id, p.row, p.action, p.basis, a.handle, a.bio, "
    "EXISTS (SELECT 1 FROM relation_now r WHERE r.row = a.row AND r.direction = 'follower') "
    "FROM plan_item p JOIN account a ON a.row = p.row "
)


def _mark(text: str | None) -> str:
    """Twelve hexadecimal digits that stand for a text, "" where it is not known."""
    return blake2b(text.encode(), digest_size=6).hexdigest() if text else ""


def _basis(handle: str | None, bio: str | None, follows_us: int) -> str:
    return f"{_mark(handle.lower() if handle else None)}:{_mark(bio)}:{follows_us}"


def note(con: sqlite3.Connection, rows: Sequence[int], action: str, object_: str) -> None:
    """Note what the open items of an action on some accounts are planned on, inside the caller's transaction."""
    found = con.execute(
        f"{_PROFILES} WHERE p.action = ? AND p.object = ? AND p.state IN ('planned', 'held', 'later') "
        "AND p.row IN (SELECT value FROM json_each(?))",
        [action, object_, json.dumps(list(rows))],
    ).fetchall()
    _write(con, found)


def renew(con: sqlite3.Connection, ids: Sequence[int]) -> None:
    """Note that a person looked at some items again, inside the caller's transaction."""
    found = con.execute(f"{_PROFILES} WHERE p.id IN (SELECT value FROM json_each(?))", [json.dumps(list(ids))])
    _write(con, found.fetchall())


def _write(con: sqlite3.Connection, found: Sequence[tuple[object, ...]]) -> None:
    con.executemany(
        "UPDATE plan_item SET basis = ? WHERE id = ?",
        [(_basis(handle, bio, follows), number) for number, _, _, _, handle, bio, follows in found],  # type: ignore[arg-type]
    )


def changed(store: Store, ids: Sequence[int] | None = None) -> dict[int, str]:
    """Items whose account is no longer what it was when they were planned.

    Args:
        store: the open store.
        ids: plan items; None for all that are planned or held.

    Returns:
        Item number -> how it changed, in plain words.
    """
    if ids is None:
        lines = store.con.execute(f"{_PROFILES} WHERE p.state IN ('planned', 'held') AND p.basis IS NOT NULL")
    else:
        lines = store.con.execute(
            f"{_PROFILES} WHERE p.id IN (SELECT value FROM json_each(?)) AND p.basis IS NOT NULL",
            [json.dumps(list(ids))],
        )
    found = {}
    for number, _, action, basis, handle, bio, follows in lines:
        if basis == (present := _basis(handle, bio, follows)):
            continue
        why = _difference(basis.split(":"), present.split(":"), action)
        if why:
            found[number] = why
    return found


def _difference(before: Sequence[str], now: Sequence[str], action: str) -> str:
    if before[0] and now[0] and before[0] != now[0]:
        return RENAMED
    if before[1] and now[1] and before[1] != now[1]:
        return NEW_BIO
    is_new_follower = action == ActionKind.UNFOLLOW.value and (before[2], now[2]) == ("0", "1")
    return FOLLOWS_NOW if is_new_follower else ""
