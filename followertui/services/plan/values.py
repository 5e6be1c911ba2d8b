"""Plain values of the plan and of carrying it out.

Owns shapes only. ``ui`` and ``cli`` may import it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import NamedTuple

from followertui.domain.decision import ActionKind, Executor, PlanState
from followertui.domain.stopping import Stop
from followertui.services.values import CountLine, HeldBack, RowCells

WORST = 300
"""A plan of more is offered in parts: this many of the worst first."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the plan one can take out: an action, or one reason of it.

    Attributes:
        action: which.
        words: how it is called.
        query: finds its accounts.
        count: how many are ready.
    """

    action: ActionKind
    words: str
    query: str
    count: int


class PlanLine(NamedTuple):
    """One plan item as a row.

    Attributes:
        id: the store's number of the item.
        cells: the account.
        action, state: what and where it stands.
        reason: why planned, or why held.
        object: list or post, "".
    """

    id: int
    cells: RowCells
    action: ActionKind
    state: PlanState
    reason: str
    object: str


class PlanGroup(NamedTuple):
    """All items of one action.

    Attributes:
        action: which.
        ready, held, later, done, done_by_hand, missing, failed: counts.
        by_reason: why they are planned, most first.
        held_by: why they are held, most first.
        collateral: (plain words, count): follow us, match something, talked to us, unknown.
        via: who carries them out.
        via_reason: why that executor, plain words.
        price_usd: by the API at today's price, None by hand.
        seconds: how long it takes at the default pace.
        duration: how long the work takes, and over how many days ("35 minutes over 3 days").
        pace: who works through how many, how long ("354 clicks by hand, about 35 minutes over 3 days").
        set_aside: why items were put off that no date brings back, most first.
    """

    action: ActionKind
    ready: int
    held: int
    later: int
    done: int
    done_by_hand: int
    missing: int
    failed: int
    by_reason: tuple[CountLine, ...]
    held_by: tuple[HeldBack, ...]
    collateral: tuple[CountLine, ...]
    via: Executor
    via_reason: str
    price_usd: float | None
    seconds: float
    duration: str
    pace: str
    set_aside: tuple[HeldBack, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanOverview:
    """Everything the Plan screen shows above its rows.

    Attributes:
        groups: one per action that has items, most ready first.
        warnings: said in red (no customer list, lists older than ...).
        profile: our handle for "Is x.com signed in as @...?".
        item_ids: ids of open items, worst first (harmful, then bots), then of held ones.
        notes: how the plan differs from the last one, quiet hours in force.
    """

    groups: tuple[PlanGroup, ...]
    warnings: tuple[str, ...]
    profile: str
    item_ids: Sequence[int]
    notes: tuple[str, ...] = ()

    @property
    def longest(self) -> int:
        """How many are ready of the action with the most, where that is more than are offered at once; else 0."""
        most = max((group.ready for group in self.groups), default=0)
        return most if most > WORST else 0

    @property
    def worst(self) -> int:
        """How many of the worst are offered at once."""
        return WORST

    def after(self, event: ApplyEvent) -> PlanOverview:
        """The same, with what one finished call changed counted, until the plan is read again."""
        moved = _COUNTED_AS.get(event.outcome)
        if moved is None:
            return self
        groups = [
            group._replace(ready=group.ready - 1, **{moved: getattr(group, moved) + 1})
            if group.action is event.action and group.ready
            else group
            for group in self.groups
        ]
        return replace(self, groups=tuple(groups))


class HandTask(NamedTuple):
    """One thing to click by hand.

    Attributes:
        item_id: the plan item.
        cells: the account.
        action: what to do.
        url: page to open.
        what_to_click: one line.
        position, total: "3 of 412": what was answered in this session counts in both.
        pace: how much of the day's cap is used, "12 of 150 unfollow today", "" without a cap.
        why: why it is planned, as the plan says it.
    """

    item_id: int
    cells: RowCells
    action: ActionKind
    url: str
    what_to_click: str
    position: int
    total: int
    pace: str = ""
    why: str = ""


class HandAnswer(str, Enum):
    """Answer to one click by hand."""

    DONE = "done"
    LATER = "later"
    MISSING = "missing"

    def __str__(self) -> str:
        return self.value


class ItemOutcome(str, Enum):
    """Outcome of one planned item while a plan is being carried out."""

    DONE = "done"
    FAILED = "failed"
    MISSING = "missing"
    HELD = "held"
    TO_HAND = "switched-to-hand"
    WAITING = "waiting"

    def __str__(self) -> str:
        return self.value


_COUNTED_AS = {
    ItemOutcome.DONE: "done",
    ItemOutcome.FAILED: "failed",
    ItemOutcome.MISSING: "missing",
    ItemOutcome.HELD: "held",
}
"""Outcomes after which an item is no longer ready: the count of its group that it adds to."""


class ApplyEvent(NamedTuple):
    """One finished call while a plan is being carried out.

    Attributes:
        item_id, handle, action: which.
        outcome: what came of it.
        text: one line.
        done, total: progress.
    """

    item_id: int
    handle: str
    action: ActionKind
    outcome: ItemOutcome
    text: str
    done: int
    total: int


class ApplyReport(NamedTuple):
    """How carrying out ended.

    Attributes:
        done, failed, missing, held, left: counts of items.
        by_hand: items that turned to by-hand.
        stop: why it ended before the end, None if it did not.
        stop_text: the same as one sentence, "" if it did not.
        cost_usd: what the calls cost at today's price.
        text: one line.
    """

    done: int
    failed: int
    missing: int
    held: int
    left: int
    by_hand: int
    stop: Stop | None
    stop_text: str
    cost_usd: float
    text: str
