"""The plan: what still has to be carried out, what is held back and why, what it costs.

Owns the overview, the rows of the plan and the guards' second look. Carrying out belongs to
``applying``. ``Workbench`` and the command line call it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from followertui.domain.decision import PRUNING_ACTIONS, ActionKind, Executor, PlanItem, PlanState
from followertui.services.phrases import ACTION_WORDS, counted, span
from followertui.services.plan.values import PlanGroup, PlanLine, PlanOverview
from followertui.services.review import deciding
from followertui.services.review.views import cells
from followertui.services.session import Desk
from followertui.services.values import CountLine, Gesture, HeldBack
from followertui.store.decisions import plans
from followertui.store.decisions.journal import Change, plan_slot
from followertui.store.file import settings
from followertui.store.lists import matches
from followertui.x.capabilities import Capabilities
from followertui.x.platform import Can, Platform

OPEN = (PlanState.PLANNED, PlanState.HELD, PlanState.ATTEMPTING, PlanState.LATER)


def capabilities(desk: Desk) -> Capabilities:
    """What the API does for this account, as published and as learned."""
    kept = settings.setting(desk.store, "capabilities")
    return Capabilities.from_json(json.dumps(kept)) if kept else Capabilities()


def keep_capabilities(desk: Desk, known: Capabilities) -> None:
    """Remember what answers taught."""
    settings.set_setting(desk.store, "capabilities", json.loads(known.to_json()))


def executor_of(desk: Desk, action: ActionKind, known: Capabilities | None = None) -> tuple[Executor, str]:
    """Who carries an action out, and why, in plain words."""
    if Platform.load().endpoint_of(action) is None:
        return Executor.HAND, "X has no call for it"
    if desk.open_x is None:
        return Executor.HAND, "nobody is signed in to X"
    capability = (known or capabilities(desk)).of(action)
    if capability.can is Can.NO:
        return Executor.HAND, capability.reason
    return Executor.API, capability.reason


def recover(desk: Desk) -> int:
    """Calls begun and never finished go back into the plan, unless a run is making them now.

    Every call we make may be repeated. Returns how many there were.
    """
    broken = [] if desk.store.is_leased("apply") else plans.open_calls(desk.store)
    for call in broken:
        plans.finish_call(
            desk.store, call.id, PlanState.PLANNED, "unknown", None,
            "the program ended before X answered; asked again", desk.now, planned_reason(ActionKind(call.action)),
        )  # fmt: skip
    return len(broken)


def refresh_holds(desk: Desk) -> None:
    """Look again at every open item: guards may have come or gone since it was planned."""
    recover(desk)
    plans.wake_later(desk.store, desk.now)
    for action in ActionKind:
        for reason, ids, state in _moves(desk, action, plans.guardable(desk.store, action)):
            plans.set_states(desk.store, ids, state, reason)


def _moves(
    desk: Desk, action: ActionKind, chosen: Sequence[tuple[int, int, str]]
) -> list[tuple[str, list[int], PlanState]]:
    """Items whose guard came, changed or went: (reason, item ids, state to move to)."""
    import numpy as np

    if not chosen:
        return []
    rows = np.array([row for _, row, _ in chosen], dtype=np.int64)
    guard_of = np.full(len(rows), -1, np.int64)
    guards = deciding.holds(desk, action)
    for number in range(len(guards) - 1, -1, -1):
        guard_of[guards[number][1][rows]] = number
    by_target: dict[tuple[str, PlanState], list[int]] = {}
    for (item_id, _, held_by), number in zip(chosen, guard_of.tolist(), strict=True):
        why = guards[number][0] if number >= 0 else ""
        if why != held_by:
            state = PlanState.HELD if why else PlanState.PLANNED
            by_target.setdefault((why or planned_reason(action), state), []).append(item_id)
    return [(reason, ids, state) for (reason, state), ids in by_target.items()]


def hold_guarded(desk: Desk, items: Sequence[PlanItem]) -> list[PlanItem]:
    """Those of a few planned items no guard holds; the others turn held."""
    held: set[int] = set()
    for action in {item.action for item in items}:
        chosen = [(item.id, item.row, "") for item in items if item.action is action]
        for reason, ids, state in _moves(desk, action, chosen):
            plans.set_states(desk.store, ids, state, reason)
            held.update(ids)
    return [item for item in items if item.id not in held]


def planned_reason(action: ActionKind) -> str:
    """Why an action stands in the plan, in plain words."""
    if action is ActionKind.UNFOLLOW:
        return deciding.UNFOLLOW_REASON
    return deciding.FOLLOW_REASON if action is ActionKind.FOLLOW else f"{ACTION_WORDS[action]} planned"


def overview(desk: Desk) -> PlanOverview:
    """Counts by action and reason, what is held back, collateral, price and time."""
    if not desk.store.is_read_only:
        refresh_holds(desk)
    counts = plans.state_counts(desk.store)
    known = capabilities(desk)
    groups = [
        _group(desk, action, counts, known)
        for action in ActionKind
        if any(counts.get((action.value, state.value)) for state in PlanState)
    ]
    groups.sort(key=lambda group: -group.ready)
    warnings = []
    if not matches.has_list_of(desk.store, "customer"):
        warnings.append("No customer list is imported: nothing protects your customers from this plan.")
    profile = desk.store.meta("profile_handle") or ""
    return PlanOverview(tuple(groups), tuple(warnings), profile, plans.ids_in(desk.store, OPEN))


def _group(desk: Desk, action: ActionKind, counts: dict[tuple[str, str], int], known: Capabilities) -> PlanGroup:
    def of(state: PlanState) -> int:
        return counts.get((action.value, state.value), 0)

    via, via_reason = executor_of(desk, action, known)
    ready = of(PlanState.PLANNED) + of(PlanState.ATTEMPTING)
    estimate = Platform.load().estimate(action, ready, via)
    pace = (
        f"{counted(ready, 'click')} by hand, about {span(estimate.work_seconds)}"
        if via is Executor.HAND
        else (f"by API, about {span(estimate.seconds)}")
    )
    if estimate.days > 1:
        pace += f", spread over {estimate.days} days"
    return PlanGroup(
        action=action,
        ready=ready,
        held=of(PlanState.HELD),
        later=of(PlanState.LATER),
        done=of(PlanState.DONE),
        done_by_hand=of(PlanState.DONE_BY_HAND),
        missing=of(PlanState.MISSING),
        failed=of(PlanState.FAILED),
        by_reason=_reasons(desk, action),
        held_by=tuple(HeldBack(reason, count) for reason, count in plans.reasons(desk.store, action, PlanState.HELD)),
        collateral=_collateral(desk, action, of(PlanState.PLANNED)),
        via=via.value,
        via_reason=via_reason,
        price_usd=estimate.usd if via is Executor.API else None,
        seconds=estimate.seconds,
        pace=pace,
    )


_JUDGED = "-kind:harmful,bot,offtopic"
_REASONS: tuple[tuple[str, str], ...] = (
    ("harmful", "kind:harmful"),
    ("bots", "kind:bot"),
    ("off-topic", "kind:offtopic"),
    ("silent", f"{_JUDGED} is:silent"),
    ("feeds", f"{_JUDGED} -is:silent type:feed"),
    ("unclear", f"{_JUDGED} -is:silent -type:feed kind:unclear,unseen"),
    ("of another kind", f"{_JUDGED} -is:silent -type:feed -kind:unclear,unseen"),
)
"""What planned accounts are, each counted once: words, query."""


def _reasons(desk: Desk, action: ActionKind) -> tuple[CountLine, ...]:
    """What the planned accounts are; each line opens the rows it counts."""
    free = "-is:guarded " if action in PRUNING_ACTIONS else ""
    found = []
    for words, query in _REASONS:
        term = f"plan:{action.value} {free}{query}"
        count = int(desk.evaluator.mask(desk.parse(term).where, desk.now).sum())
        if count:
            found.append(CountLine(words, term, count))
    return tuple(sorted(found, key=lambda line: -line.count))


def _collateral(desk: Desk, action: ActionKind, planned: int) -> tuple[CountLine, ...]:
    """How many of the planned follow us, match something, talked to us; each opens the rows it counts."""
    if not planned:
        return ()
    free = "-is:guarded " if action in PRUNING_ACTIONS else ""
    found = []
    for words, query in (
        ("follow us", "is:follower"),
        ("match something", "match:any"),
        ("talked with us once", "has:contacted"),
        ("not compared with your lists yet", "match:unchecked"),
    ):
        term = f"plan:{action.value} {free}{query}"
        count = int(desk.evaluator.mask(desk.parse(term).where, desk.now).sum())
        if count:
            found.append(CountLine(words, term, count))
    if not plans.knows_conversations(desk.store):
        found.append(CountLine("talked with us: unknown (import the archive to know)", "", planned))
    return tuple(found)


def lines(desk: Desk, item_ids: Sequence[int]) -> list[PlanLine]:
    """Plan items as rows, in the order of ``item_ids``."""
    items = plans.items(desk.store, item_ids)
    shown = {cell.row: cell for cell in cells(desk, [item.row for item in items])}
    return [
        PlanLine(item.id, shown[item.row], item.action, item.state, item.reason, item.object)
        for item in items
        if item.row in shown
    ]


def drop(desk: Desk, item_ids: Sequence[int], query: str = "") -> Gesture:
    """Take open items out of the plan; what was decided stays."""
    by_slot: dict[tuple[str, str], list[int]] = {}
    tried = 0
    for item in plans.items(desk.store, item_ids):
        if item.state in (PlanState.PLANNED, PlanState.HELD, PlanState.LATER):
            by_slot.setdefault((item.action.value, item.object), []).append(item.row)
        else:
            tried += 1
    changes = [Change(plan_slot(action, object_), rows, None) for (action, object_), rows in by_slot.items()]
    with desk.store.write():
        done = desk.journal.gesture("plan.drop", changes, desk.now, query)
        text = f"dropped from the plan: {counted(done.count(), 'action')}" if done.entry_id else "Nothing to drop."
        if done.entry_id:
            desk.journal.set_text(done.entry_id, text)
    held = (HeldBack("already asked of X", tried),) if tried else ()
    return Gesture(done.entry_id, done.count(), 0, done.count(), held, text)
