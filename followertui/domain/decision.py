"""Decisions on accounts, and the actions on X that follow from them.

Owns decisions, actions, plan states and the table that turns one into the other.
Stdlib only; anyone may import it.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Decision(str, Enum):
    """What a person decided should happen."""

    NONE = "none"
    KEEP = "keep"
    OUT = "out"
    FOLLOW = "follow"
    ENGAGE = "engage"
    LATER = "later"

    def __str__(self) -> str:
        return self.value


DECISION_ORDER: tuple[Decision, ...] = tuple(Decision)
"""Every decision; the position is the code used in derived arrays, 0 is none."""

DECISION_KEYS: dict[str, Decision] = {
    "a": Decision.KEEP,
    "x": Decision.OUT,
    "f": Decision.FOLLOW,
    "e": Decision.ENGAGE,
    "s": Decision.LATER,
}
"""The key on the review screen -> decision."""

LATER_DAYS = 7
"""Days after which ``later`` returns by default."""


class ActionKind(str, Enum):
    """Actions that can be planned on X."""

    UNFOLLOW = "unfollow"
    FOLLOW = "follow"
    MUTE = "mute"
    UNMUTE = "unmute"
    LIST_ADD = "list-add"
    LIST_REMOVE = "list-remove"
    REPOST = "repost"
    REMOVE_FOLLOWER = "remove-follower"
    BLOCK = "block"
    REPORT = "report"

    def __str__(self) -> str:
        return self.value


ACTION_ORDER: tuple[ActionKind, ...] = tuple(ActionKind)
"""Every action; the position is its bit in derived arrays."""

PRUNING_ACTIONS: frozenset[ActionKind] = frozenset(
    {ActionKind.UNFOLLOW, ActionKind.REMOVE_FOLLOWER, ActionKind.BLOCK, ActionKind.MUTE, ActionKind.REPORT}
)
"""Actions that remove something; guards hold them back."""

HAND_ONLY: frozenset[ActionKind] = frozenset({ActionKind.REMOVE_FOLLOWER, ActionKind.REPORT})
"""Actions X has no call for."""


OBJECT_OPTIONS: dict[ActionKind, str] = {
    ActionKind.LIST_ADD: "--list NAME",
    ActionKind.LIST_REMOVE: "--list NAME",
    ActionKind.REPOST: "--post ID",
}
"""Actions about a list or post -> the option that names it."""


class PlanState(str, Enum):
    """State of a plan item."""

    PLANNED = "planned"
    HELD = "held"
    ATTEMPTING = "attempting"
    DONE = "done"
    DONE_BY_HAND = "done-by-hand"
    MISSING = "missing"
    LATER = "later"
    FAILED = "failed"

    def __str__(self) -> str:
        return self.value


OPEN_PLAN_STATES: tuple[PlanState, ...] = (
    PlanState.PLANNED,
    PlanState.HELD,
    PlanState.ATTEMPTING,
    PlanState.LATER,
)
"""States in which the action still has to be carried out."""

CHANGEABLE_PLAN_STATES: tuple[PlanState, ...] = (PlanState.PLANNED, PlanState.HELD, PlanState.LATER)
"""Open states without a call in flight: the item may be dropped or recorded by hand."""


class Executor(str, Enum):
    """Who carries out an action."""

    API = "api"
    HAND = "hand"

    def __str__(self) -> str:
        return self.value


class Handing(str, Enum):
    """How a person was given the link of an action to click."""

    SCREEN = "screen"
    WORKSHEET = "worksheet"

    def __str__(self) -> str:
        return self.value


class PlanItem(NamedTuple):
    """One action on one account, carried out or not.

    Attributes:
        id: the store's number of this item.
        row: the account's row number (never leaves the program).
        action: the action.
        object: the action's list or post, or an empty string.
        state: its state.
        reason: why it is planned or held, in plain words.
    """

    id: int
    row: int
    action: ActionKind
    object: str
    state: PlanState
    reason: str
