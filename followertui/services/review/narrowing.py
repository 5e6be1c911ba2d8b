"""Nothing is done to everyone: what removes accounts has to be narrowed first, a list takes a chosen few.

Owns what counts as everyone and how many a private list takes at once. ``deciding`` asks it before
it plans anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from followertui.domain.decision import PRUNING_ACTIONS, ActionKind
from followertui.domain.errors import BadInput
from followertui.late import late
from followertui.services.session import Session
from followertui.store.decisions import calls, plans
from followertui.x.platform import Platform

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    np = late("numpy")

EVERYONE_FROM = 250
"""From this many accounts a relation counts as everyone: in a few one sees whom one means."""
LIST_MEMBERS = 5_000
"""The most members X lets a list have."""

_RELATION = {ActionKind.UNFOLLOW: (2, "you follow"), ActionKind.REMOVE_FOLLOWER: (1, "who follows you")}
"""Action -> bit of the relation it ends, and how those who have it are called."""


def require(session: Session, rows: NDArray[np.int64], action: ActionKind, object_: str = "") -> None:
    """Refuse what is meant for everyone.

    Args:
        session: the open store.
        rows: accounts the action is asked for.
        action: what is asked.
        object_: the list it is about, "" for none.

    Raises:
        BadInput: nothing was planned.
    """
    if action is ActionKind.LIST_ADD:
        _require_few(session, len(rows), object_)
    if action not in PRUNING_ACTIONS or len(rows) < EVERYONE_FROM:
        return
    columns = session.evaluator.columns
    alive = columns.get("alive") == 1
    bit, who = _RELATION.get(action, (3, "here"))
    there = alive & (columns.get("relation") & bit > 0)
    chosen = np.zeros_like(there)
    chosen[rows] = True
    if there.sum() >= EVERYONE_FROM and not (there & ~chosen).any():
        raise BadInput(
            f"{action.value}: this is everyone {who} ({int(there.sum()):,}); narrow it first, by kind, reason or "
            "company, so that you have seen whom you mean; nothing was decided"
        )


def _require_few(session: Session, count: int, name: str) -> None:
    """A list is for those who matter, chosen one by one: a day's cap at once, and no more than X lets it hold."""
    cap = Platform.load().pace(ActionKind.LIST_ADD).hand_per_day
    if count > cap:
        raise BadInput(
            f"add to list: a list is for those who matter, chosen one by one: at most {cap:,} at once, not {count:,}; "
            "X takes a whole view in a list for manipulation; nothing was planned"
        )
    there = len(
        calls.done_rows(session.store, ActionKind.LIST_ADD, name)
        | plans.open_rows(session.store, ActionKind.LIST_ADD, name)
    )
    if there + count > LIST_MEMBERS:
        raise BadInput(
            f"add to list: {there:,} are on it or planned for it, and X lets a list have {LIST_MEMBERS:,}; "
            "nothing was planned"
        )
