"""What a colleague's copy holds beside words on accounts: whom not to contact, contacts, offers, steps, plans.

Owns how each unites: do-not-contact of one is do-not-contact of both; contacts, offers and links add up,
each once; the answer to a step counts where it still waits here; what was planned without a decision is
planned here, where guards ask about it again; of what was put off the newer word of one person stands, of two
people's the later date. ``merging_copies`` writes it with the rest, as one gesture.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from followertui.domain.decision import ActionKind, Decision, PlanItem, PlanState
from followertui.domain.engagement import DueState
from followertui.services.plan.changing import is_set_aside
from followertui.services.plan.planning import planned_reason
from followertui.services.review import deciding
from followertui.services.session import Session
from followertui.services.values import HeldBack
from followertui.store.decisions import due, plans, shelf
from followertui.store.decisions.forks import Touch
from followertui.store.decisions.journal import Change
from followertui.store.decisions.slots import (
    DECISION,
    DUE,
    NO_CONTACT,
    PLAN_TIME,
    SHELF,
    Slot,
    Value,
    interaction_slot,
    plan_slot,
    sent_slot,
    slot_named,
)
from followertui.store.file.connection import Store

NOUNS = {
    "no_contact": ("do-not-contact", "do-not-contacts"),
    "sent": ("thing sent", "things sent"),
    "interaction": ("contact", "contacts"),
    "shelf": ("link of the shelf", "links of the shelf"),
    "due": ("step of a playbook", "steps of playbooks"),
    "plan": ("plan item", "plan items"),
    "plan_time": ("date of what was put off", "dates of what was put off"),
}
"""What one and several of each are called."""

OWN = ("no_contact", "sent:", "interaction:", "shelf", "due", "plan:", "plan_time", "difference:")
"""Beginnings of the slots that are not united as words are; differences are each store's own."""

_SHELF_REFERENCE = "shelf-"
_NOT_DUE = "steps of playbooks that were never proposed here"
_NOT_PLANNED = "put-off dates of what was not in the plan here: put it off here"
_WAITING = (DueState.OPEN, DueState.SNOOZED)
_DECIDED = {ActionKind.UNFOLLOW: Decision.OUT, ActionKind.FOLLOW: Decision.FOLLOW}
"""Actions a decision plans: they follow from the decisions here."""


class ActionUnion:
    """What is taken of one copy.

    Args:
        session: the store that takes.
        there: the copy.
        pairs: row there -> row here.
        theirs: name of a slot -> key there -> who changed it last since they went apart.
        ours: the same of this store, by its own keys.

    Attributes:
        changes: in the order they are to be written.
        held: what guards hold back of the plan items.
        taken: what -> how many.
        left_out: why -> how many.
    """

    def __init__(
        self,
        session: Session,
        there: Store,
        pairs: Mapping[int, int],
        theirs: Mapping[str, Mapping[int, Touch]],
        ours: Mapping[str, Mapping[int, Touch]],
    ) -> None:
        self._session, self._here, self._there = session, session.store, there
        self._pairs, self._theirs, self._ours = pairs, theirs, ours
        self._links: dict[int, int] = {}
        self.changes: list[Change] = []
        self.held: list[HeldBack] = []
        self.taken: Counter[str] = Counter()
        self.left_out: Counter[str] = Counter()

    def collect(self) -> None:
        """Find what is new; the links first, as offers name them. Reads both stores, writes nothing."""
        self._take_links()
        for name in sorted(self._theirs):
            what = name.partition(":")[0]
            if what == "no_contact":
                self._take_missing(NO_CONTACT, NO_CONTACT, what)
            elif what == "interaction":
                slot = slot_named(name)
                self._take_missing(slot, self._interaction_here(slot), what)
            elif what == "sent":
                self._take_sent(slot_named(name))
            elif what == "plan":
                self._take_planned(slot_named(name))
        self._take_steps()
        self._take_dates()

    def _there_now(self, slot: Slot) -> dict[int, Value]:
        """Row here -> what stands there of those the copy touched; what it took back is left alone here."""
        found = slot.read(self._there.con, list(self._theirs.get(slot.name, ())))
        return {self._pairs[row]: value for row, value in found.items() if row in self._pairs}

    def _take(self, slot: Slot, keys: Sequence[int], value: Value, what: str) -> None:
        self.changes.append(Change(slot, list(keys), value))
        self.taken[what] += len(keys)

    def _take_missing(self, theirs: Slot, ours: Slot, what: str) -> None:
        values = self._there_now(theirs)
        present = ours.read(self._here.con, list(values))
        by_value: dict[Value, list[int]] = defaultdict(list)
        for row, value in values.items():
            if row not in present:
                by_value[value].append(row)
        for value, rows in by_value.items():
            self._take(ours, rows, value, what)

    # The shelf and what was offered of it -----------------------------------------------

    def _take_links(self) -> None:
        """Links by their address; a new one gets a number of this store."""
        known, number = shelf.known_addresses(self._here), shelf.next_number(self._here)
        there = shelf.known_addresses(self._there)
        touched = self._theirs.get(SHELF.name, {})
        values = SHELF.read(self._there.con, list(there.values()))
        for address, old in there.items():
            value = values.get(old)
            if address in known:
                self._links[old] = known[address]
            elif value is not None and old in touched:
                self._links[old] = number
                self._take(SHELF, [number], value, "shelf")
                number += 1

    def _interaction_here(self, slot: Slot) -> Slot:
        fixed = dict(slot.fixed)
        reference = str(fixed["reference"])
        link = reference.removeprefix(_SHELF_REFERENCE)
        if reference.startswith(_SHELF_REFERENCE) and link.isdecimal():
            reference = f"{_SHELF_REFERENCE}{self._links.get(int(link), int(link))}"
        return interaction_slot(int(str(fixed["at"])), str(fixed["kind"]), reference)

    def _take_sent(self, slot: Slot) -> None:
        """What was sent adds up; a link someone was offered here already is not offered a second time."""
        at, action = (value for _, value in slot.fixed)
        ours = sent_slot(int(str(at)), str(action))
        link_at = ours.columns.index("shelf_id")
        values = self._there_now(slot)
        present = ours.read(self._here.con, list(values))
        for row, value in values.items():
            if value is None or row in present:
                continue
            link = self._links.get(int(str(value[link_at]))) if value[link_at] is not None else None
            if link is None or link not in shelf.offered_to(self._here, row):
                self._take(ours, [row], (*value[:link_at], link, *value[link_at + 1 :]), "sent")

    # Steps and plans --------------------------------------------------------------------

    def _take_steps(self) -> None:
        """Answers to steps that still wait here."""
        numbers = list(self._theirs.get(DUE.name, ()))
        values = DUE.read(self._there.con, numbers)
        for item in due.items(self._there, numbers):
            own = self._pairs.get(item.row)
            if own is None or item.state in (DueState.OPEN, DueState.LAPSED):
                continue
            step = (item.playbook, item.step, item.action)
            like = [one for one in due.items_of(self._here, own) if (one.playbook, one.step, one.action) == step]
            waiting = [one for one in like if one.state in _WAITING and one.state is not item.state]
            if waiting:
                self._take(DUE, [waiting[0].id], values[item.id], "due")
            elif not like:
                self.left_out[_NOT_DUE] += 1

    def _take_planned(self, slot: Slot) -> None:
        """Open items of the plan that no decision planned; guards say here what they hold back."""
        action, object_ = (str(value) for _, value in slot.fixed)
        kind = ActionKind(action)
        values = self._there_now(slot)
        present = plan_slot(action, object_).read(self._here.con, list(values))
        decided = DECISION.read(self._there.con, list(self._theirs[slot.name]))
        follows = {self._pairs[row] for row, word in decided.items() if row in self._pairs and _plans(kind, word)}
        by_reason: dict[str, list[int]] = defaultdict(list)
        for row, value in values.items():
            if value is not None and row not in present and row not in follows:
                by_reason[str(value[1])].append(row)
        for reason, rows in by_reason.items():
            changes, held = deciding.to_plan(self._session, kind, np.array(rows, np.int64), reason, object_)
            self.changes += changes
            self.held += held
            self.taken["plan"] += len(rows)

    def _take_dates(self) -> None:
        """What was put off, or brought back, of items that are open here too."""
        touched = self._theirs.get(PLAN_TIME.name, {})
        values = PLAN_TIME.read(self._there.con, list(touched))
        items = [item for item in plans.items(self._there, list(values)) if item.row in self._pairs]
        own_rows = [self._pairs[item.row] for item in items]
        own = {(one.row, one.action, one.object): one for one in plans.open_items(self._here, own_rows)}
        present = PLAN_TIME.read(self._here.con, [one.id for one in own.values()])
        for item, row in zip(items, own_rows, strict=True):
            mine = own.get((row, item.action, item.object))
            value = values[item.id]
            if mine is None:
                self.left_out[_NOT_PLANNED] += bool(value and value[0] == PlanState.LATER)
            elif mine.id in present:
                touch = self._ours.get(PLAN_TIME.name, {}).get(mine.id)
                taken = _put_off(mine, present[mine.id], touch, value, touched[item.id])
                if taken is not None:
                    self._take(PLAN_TIME, [mine.id], taken, "plan_time")


def _put_off(item: PlanItem, mine: Value, touch: Touch | None, other: Value, their_touch: Touch) -> Value:
    """What stands of an item here that was put off or brought back in the copy; None where it stays as it is."""
    if mine is None or other is None or (mine[0], mine[2]) == (other[0], other[2]):
        return None
    if touch is not None:
        is_same = touch.reviewer == their_touch.reviewer
        if their_touch.at <= touch.at if is_same else _lasting(other) <= _lasting(mine):
            return None
    if other[0] == PlanState.LATER:
        return other
    return (PlanState.PLANNED.value, planned_reason(item.action) if is_set_aside(item) else item.reason, None)


def _lasting(value: tuple[object, ...]) -> float:
    """Until when an item stays out of the plan, epoch seconds UTC; without a date, until a person brings it back."""
    if value[0] != PlanState.LATER:
        return 0
    return math.inf if value[2] is None else float(str(value[2]))


def _plans(action: ActionKind, word: Value) -> bool:
    """Whether a decision is what planned an action."""
    decision = _DECIDED.get(action)
    return word is not None and decision is not None and word[0] == decision.value
