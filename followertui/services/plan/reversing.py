"""Taking a batch back: follow again what was unfollowed, unmute, take off the list, as a new plan.

Owns which action takes which back, what cannot be taken back, and the exemption from the guard against
churn: only for accounts of that batch, only for some days. How many a day is ``pacing``'s.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from followertui.domain.clock import DAY, iso
from followertui.domain.decision import ActionKind, Executor, PlanState
from followertui.domain.errors import BadInput, NothingToDo
from followertui.domain.guards import Guard, RowFacts, evidence_hash, guard_of
from followertui.services import guarding
from followertui.services.phrases import ACTION_WORDS, counted, dollars
from followertui.services.plan import pacing, planning
from followertui.services.review import deciding
from followertui.services.session import Session
from followertui.services.values import Gesture, HeldBack
from followertui.store.audience import pages
from followertui.store.decisions import batches, plans
from followertui.store.decisions.batches import Batch, Done
from followertui.store.decisions.journal import Change
from followertui.store.decisions.slots import plan_slot, release_slot

_BACK = {
    ActionKind.UNFOLLOW: ActionKind.FOLLOW,
    ActionKind.FOLLOW: ActionKind.UNFOLLOW,
    ActionKind.MUTE: ActionKind.UNMUTE,
    ActionKind.UNMUTE: ActionKind.MUTE,
    ActionKind.LIST_ADD: ActionKind.LIST_REMOVE,
    ActionKind.LIST_REMOVE: ActionKind.LIST_ADD,
}
_EXEMPT_FROM = {ActionKind.FOLLOW: Guard.UNFOLLOWED, ActionKind.UNFOLLOW: Guard.FRESH}
"""Action that takes one back -> the guard its accounts are released from."""
_FINAL = {
    ActionKind.UNFOLLOW: "to follow again later tells them, and a protected account has to accept it",
    ActionKind.FOLLOW: "they are told of it at once, also if it is taken back",
    ActionKind.REMOVE_FOLLOWER: "cannot be taken back: they would have to follow again themselves",
    ActionKind.BLOCK: "ends their follow for good; the block itself is lifted on X, by hand",
    ActionKind.REPORT: "cannot be taken back",
    ActionKind.REPOST: "is shown to your followers at once; it is removed on X, by hand",
}
"""What a person should know of an action before it is done."""
_CHUNK = 500


class Reversal(NamedTuple):
    """What taking a batch back planned.

    Attributes:
        gesture: what changed.
        lines: price and pace of it, and what cannot be taken back.
    """

    gesture: Gesture
    lines: tuple[str, ...]


def finality(action: ActionKind) -> str:
    """What of an action cannot be undone, "" where nothing is worth saying."""
    return _FINAL.get(action, "")


def latest(session: Session, limit: int = 50) -> list[Batch]:
    """Batches that did something, newest first."""
    return batches.batches(session.store, limit)


def records(session: Session, limit: int) -> list[dict[str, object]]:
    """Batches as records: id, when, who, how, what was done, how many open actions take it back."""
    return [
        {
            "batch": each.id,
            "at": iso(each.at),
            "who": each.reviewer,
            "by": each.executor.value,
            "done": ", ".join(f"{count:,} {ACTION_WORDS[action]}" for action, count in each.done.items()),
            "taking_back": batches.planned_in(session.store, each.id),
        }
        for each in latest(session, limit)
    ]


KEYS = ("batch", "at", "who", "by", "done", "taking_back")
"""Keys of a record, in order."""


def reverse(session: Session, number: int) -> Reversal:
    """Plan what takes a batch back, as one gesture; nothing reaches X before it is carried out.

    Args:
        session: the open store.
        number: of the batch.

    Returns:
        What was planned, and its price.

    Raises:
        BadInput: there is no such batch.
        NothingToDo: nothing of it can be taken back, or all was already.
    """
    found = batches.batch(session.store, number)
    if found is None:
        raise BadInput(f"there is no batch {number}; `followertui plan batches` lists them")
    done = batches.done_in(session.store, number)
    by_action: dict[tuple[ActionKind, str], list[int]] = {}
    for each in done:
        if each.action in _BACK:
            by_action.setdefault((_BACK[each.action], each.object), []).append(each.row)
    skipped: Counter[str] = Counter()
    changes: list[Change] = []
    held: list[HeldBack] = []
    planned: Counter[ActionKind] = Counter()
    with session.store.write():
        for (action, object_), rows in by_action.items():
            left = _still_so(session, action, object_, rows, skipped)
            for start in range(0, len(left), _CHUNK):
                some, why = _changes(session, found, action, object_, left[start : start + _CHUNK])
                changes += some
                held += why
                planned[action] += len(left[start : start + _CHUNK]) - sum(each.count for each in why)
        final = _final(done)
        if not changes:
            reasons = [f"{count:,} {why}" for why, count in skipped.items()] + list(final)
            raise NothingToDo(f"batch {number}: nothing to take back ({'; '.join(reasons) or 'nothing was done'})")
        united = [HeldBack(why, count) for why, count in skipped.items()] + _united(held)
        gesture = deciding.write(session, "plan.reverse", changes, united, "", f"batch {number} taken back", None)
    return Reversal(gesture, (*_prices(session, planned), *final))


def _still_so(
    session: Session, action: ActionKind, object_: str, rows: Sequence[int], skipped: Counter[str]
) -> list[int]:
    """Rows that are as the batch left them and for which the way back is not planned yet."""
    there = {line.row: line for line in pages.page(session.store, rows)}
    planned = plans.open_rows(session.store, action, object_)
    found = []
    for row in rows:
        line = there.get(row)
        if line is None:
            skipped["no longer here"] += 1
        elif row in planned:
            skipped["planned already"] += 1
        elif action in _EXEMPT_FROM and bool(line.bits & 2) is (action is ActionKind.FOLLOW):
            skipped["changed since"] += 1
        else:
            found.append(row)
    return found


def _changes(
    session: Session, batch: Batch, action: ActionKind, object_: str, rows: Sequence[int]
) -> tuple[list[Change], list[HeldBack]]:
    """Releases and planned actions for some accounts of a batch."""
    guard = _EXEMPT_FROM.get(action)
    is_exempt = guard is not None and session.now - batch.at <= pacing.EXEMPT_DAYS * DAY
    changes: list[Change] = []
    by_reason: dict[str, list[int]] = {}
    for row, facts in guarding.facts_of(session, rows).items():
        present = facts
        if is_exempt and guard is not None and guard_of(action, facts, session.now) is guard:
            basis = evidence_hash(guard, facts)
            changes.append(Change(release_slot(guard.value), [row], (basis, session.reviewer, session.now)))
            present = _released(facts, guard, basis)
        holding = guard_of(action, present, session.now)
        by_reason.setdefault(guarding.sentence(session, holding) if holding else "", []).append(row)
    slot, reason = plan_slot(action.value, object_), f"takes batch {batch.id} back"
    held = []
    for why, some in by_reason.items():
        state = PlanState.HELD if why else PlanState.PLANNED
        changes.append(Change(slot, some, (state.value, why or reason, None, session.now, batch.id)))
        held += [HeldBack(why, len(some))] if why else []
    return changes, held


def _released(facts: RowFacts, guard: Guard, basis: str) -> RowFacts:
    others = tuple(each for each in facts.releases if each[0] is not guard)
    return facts._replace(releases=(*others, (guard, basis)))


def _united(held: Sequence[HeldBack]) -> list[HeldBack]:
    counts: Counter[str] = Counter()
    for each in held:
        counts[each.reason] += each.count
    return [HeldBack(why, count) for why, count in counts.items()]


def _final(done: Sequence[Done]) -> tuple[str, ...]:
    """What of a batch cannot be taken back, in plain words."""
    counts = Counter(each.action for each in done if each.action not in _BACK)
    return tuple(f"{count:,} {ACTION_WORDS[action]}: {finality(action)}" for action, count in counts.items())


def _prices(session: Session, planned: Counter[ActionKind]) -> list[str]:
    """What carrying it out takes, an action a line; what a guard holds back takes nothing."""
    lines = []
    for action, count in planned.items():
        if not count:
            continue
        via, why = planning.executor_of(session, action)
        estimate = pacing.estimate(session, action, count, via)
        price = f"{dollars(estimate.usd)} at list price" if via is Executor.API else f"by hand ({why})"
        cap = f", at most {pacing.REVERSALS_PER_DAY} a day" if action in _EXEMPT_FROM else ""
        lines.append(f"{ACTION_WORDS[action]}: {counted(count, 'account')}, {price}{cap}")
    return lines
