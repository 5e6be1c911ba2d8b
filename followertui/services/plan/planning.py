"""The plan: what still has to be carried out, what is held back and why, what it costs.

Owns the overview, the rows of the plan and the guards' second look. Carrying out belongs to
``applying``. ``Workbench`` and the command line call it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from followertui.domain.clock import DAY, day_of
from followertui.domain.decision import (
    CHANGEABLE_PLAN_STATES,
    OPEN_PLAN_STATES,
    ActionKind,
    Executor,
    Handing,
    PlanItem,
    PlanState,
)
from followertui.domain.errors import Busy
from followertui.domain.guards import GUARD_ORDER, Guard
from followertui.late import late
from followertui.services import guarding
from followertui.services.phrases import ACTION_WORDS, counted, day, kind_word, span, weekday
from followertui.services.plan import changing, grouping, looking, pacing
from followertui.services.plan.values import PlanGroup, PlanLine, PlanOverview
from followertui.services.review import deciding, house_checks, kept_handles
from followertui.services.row_cells import cells
from followertui.services.session import Session
from followertui.services.values import Gesture, HeldBack, RowCells
from followertui.store.decisions import batches, calls, plan_bases, plans
from followertui.store.decisions.journal import Change
from followertui.store.decisions.slots import PLAN_TIME, plan_slot
from followertui.store.file import settings
from followertui.store.lists import match_counts
from followertui.x.capabilities import Capabilities
from followertui.x.platform import Access, Can, Platform

if TYPE_CHECKING:
    from followertui.store.index import guards
else:
    guards = late("followertui.store.index.guards")


_LONG_SILENT_DAYS = 180
_CHURNED = (ActionKind.FOLLOW, ActionKind.UNFOLLOW)
"""Actions X takes for churn where one follows the other."""


def capabilities(session: Session) -> Capabilities:
    """What the API does for this account, as published and as learned."""
    kept = settings.CAPABILITIES.read(session.store)
    return Capabilities.from_json(json.dumps(kept)) if kept else Capabilities()


def keep_capabilities(session: Session, known: Capabilities) -> None:
    """Remember what answers taught."""
    settings.CAPABILITIES.write(session.store, json.loads(known.to_json()))


def executor_of(session: Session, action: ActionKind, known: Capabilities | None = None) -> tuple[Executor, str]:
    """Who carries an action out, and why, in plain words: a person, until the API is known to do it."""
    if Platform.load().endpoint_of(action) is None:
        return Executor.HAND, "X has no call for it"
    if session.open_x is None:
        return Executor.HAND, "no account is signed in to X"
    capability = (known or capabilities(session)).of(action)
    if capability.can is Can.YES:
        return Executor.API, capability.reason
    return Executor.HAND, capability.reason


def api_actions(session: Session, *, is_tried: bool) -> frozenset[ActionKind]:
    """Actions a run through the API takes.

    Args:
        session: the open store.
        is_tried: whether a person asked for the API by name: then also what is not known to work, but
            nothing that X has refused this account.
    """
    known = capabilities(session)
    if not is_tried:
        return frozenset(a for a in ActionKind if executor_of(session, a, known)[0] is Executor.API)
    return frozenset(a for a in ActionKind if known.may_be_tried(a))


def api_items(
    session: Session, limit: int | None = None, *, is_tried: bool, only: frozenset[ActionKind] = frozenset()
) -> list[PlanItem]:
    """Items a run through the API takes, worst first; what takes a follow or unfollow back is Enterprise's only.

    Args:
        session: the open store.
        limit: the most.
        is_tried: as in ``api_actions``.
        only: these actions; empty for all.
    """
    if session.open_x is None:
        return []
    actions = api_actions(session, is_tried=is_tried)
    actions = actions & only if only else actions
    by_hand = set() if capabilities(session).access is Access.ENTERPRISE else plans.reversals(session.store, _CHURNED)
    found = [item for item in ready(session) if item.action in actions and item.id not in by_hand]
    return found[:limit] if limit else found


def recover(session: Session) -> int:
    """Calls begun and never finished go back into the plan, unless a run is making them now.

    What came of them is looked up before they are sent again. Returns how many there were.
    """
    broken = [] if session.store.leases.is_held("apply") else calls.open_calls(session.store)
    for call in broken:
        calls.finish_call(
            session.store, call.id, PlanState.PLANNED, "unknown", None,
            "the program ended before X answered; looked up before it is sent again",
            session.now, planned_reason(call.action),
        )  # fmt: skip
    return len(broken)


def refresh_holds(session: Session) -> None:
    """Look again at every open item: guards may have come or gone since it was planned."""
    recover(session)
    kept_handles.follow(session)
    _end_exemptions(session)
    plans.wake_snoozed(session.store, session.now)
    for action in ActionKind:
        for reason, ids, state in _moves(session, action, plans.guardable(session.store, action)):
            plans.set_states(session.store, ids, state, reason)


def _end_exemptions(session: Session) -> None:
    """Let the guard against churn hold again where the batch that is taken back is too old by now."""
    batches.end_exemptions(session.store, session.now - pacing.EXEMPT_DAYS * DAY)


def ready(session: Session) -> list[PlanItem]:
    """Items that can be carried out now, worst first; a read-only store is taken as it stands."""
    if not session.store.is_read_only:
        refresh_holds(session)
    return plans.items_in(session.store, (PlanState.PLANNED,))


def _moves(
    session: Session, action: ActionKind, chosen: Sequence[plans.Guardable]
) -> list[tuple[str, list[int], PlanState]]:
    """Items whose guard came, changed or went: (reason, item ids, state to move to)."""
    if not chosen:
        return []
    codes = guards.guard_codes(session.evaluator.columns, action, session.now)
    by_target: dict[tuple[str, PlanState], list[int]] = {}
    words = guarding.settings_of(session)
    found = codes[[row for _, row, _ in chosen]].tolist()
    for (number, _, held_by), code in zip(chosen, found, strict=True):
        why = GUARD_ORDER[code - 1].sentence(words) if code else ""
        if why != held_by:
            state = PlanState.HELD if why else PlanState.PLANNED
            by_target.setdefault((why or planned_reason(action), state), []).append(number)
    return [(reason, ids, state) for (reason, state), ids in by_target.items()]


def hold_guarded(session: Session, items: Sequence[PlanItem]) -> list[PlanItem]:
    """Those of a few planned items no guard holds and whose account did not change; the others turn held, or later.

    The last look before a call or a click: it reads the tables as they stand, so inside the
    transaction that writes ATTEMPTING, or that a link was handed out, its answer holds. Of a
    read-only store nothing changes.
    """
    kept_handles.follow(session, [item.row for item in items])
    items = changing.unchanged(session, items)
    if not session.store.is_read_only:
        _end_exemptions(session)
    by_action: dict[ActionKind, list[int]] = {}
    for item in items:
        by_action.setdefault(item.action, []).append(item.row)
    found = {action: guarding.guards_on(session, rows, action) for action, rows in by_action.items()}
    free: list[PlanItem] = []
    held: dict[Guard, list[int]] = {}
    for item in items:
        guard = found[item.action][item.row]
        if guard is None:
            free.append(item)
        else:
            held.setdefault(guard, []).append(item.id)
    if not session.store.is_read_only:
        for guard, ids in held.items():
            plans.set_states(session.store, ids, PlanState.HELD, guarding.sentence(session, guard))
    return free


def held_for_comparing(session: Session) -> str:
    """How many actions wait for accounts to be compared, and what compares them; "" where none does."""
    waiting = guarding.sentence(session, Guard.NOT_COMPARED)
    count = plans.held_by(session.store, waiting)
    return f"{counted(count, 'action')} held back: {waiting}" if count else ""


def hand_out(session: Session, items: Sequence[PlanItem], via: Handing) -> list[PlanItem]:
    """Those of a few items whose link may be given to a person now, recorded as handed out in the same transaction."""
    if session.store.is_read_only:
        return hold_guarded(session, items)
    with session.store.write():
        present = plans.items(session.store, [item.id for item in items])
        free = hold_guarded(session, [item for item in present if item.state is PlanState.PLANNED])
        plans.note_handed_out(session.store, [item.id for item in free], via, session.reviewer, session.now)
    return free


def planned_reason(action: ActionKind) -> str:
    """Why an action is in the plan, in plain words."""
    if action is ActionKind.UNFOLLOW:
        return deciding.UNFOLLOW_REASON
    return deciding.FOLLOW_REASON if action is ActionKind.FOLLOW else f"{ACTION_WORDS[action]} planned"


def overview(session: Session) -> PlanOverview:
    """Counts by action and reason, what is held back, collateral, price and time.

    Guards are looked at again first, unless another process or thread writes just now: then the
    plan is shown as it was stored. Nothing is carried out without a look at the guards of its own.
    """
    if not session.store.is_read_only:
        with suppress(Busy), session.store.without_waiting():
            refresh_holds(session)
    counts = plans.state_counts(session.store)
    known = capabilities(session)
    groups = [
        _group(session, action, counts, known)
        for action in ActionKind
        if any(counts.get((action.value, state.value)) for state in PlanState)
    ]
    groups.sort(key=lambda group: -group.ready)
    warnings, notes = house_checks.failures(session), []
    if not match_counts.has_list_of(session.store, "customer"):
        warnings.append("No customer list is imported: nothing protects your customers from this plan.")
    waiting = held_for_comparing(session)
    if waiting:
        warnings.append(waiting)
    if not session.store.is_read_only:
        with suppress(Busy), session.store.without_waiting():
            looking.note(session)
    if hours := pacing.quiet(session):
        notes.append(f"quiet hours: nothing is carried out {hours}")
    if compared := looking.compared(session):
        notes.append(compared)
    profile = settings.own_handle(session.store)
    item_ids = plans.ids_in(session.store, OPEN_PLAN_STATES)
    return PlanOverview(tuple(groups), tuple(warnings), profile, item_ids, tuple(notes))


def _group(session: Session, action: ActionKind, counts: dict[tuple[str, str], int], known: Capabilities) -> PlanGroup:
    def of(state: PlanState) -> int:
        """How many items of the action are in a state."""
        return counts.get((action.value, state.value), 0)

    via, via_reason = executor_of(session, action, known)
    ready = of(PlanState.PLANNED) + of(PlanState.ATTEMPTING)
    estimate = pacing.estimate(session, action, ready, via)
    duration = span(estimate.seconds if via is Executor.API and estimate.days == 1 else estimate.work_seconds)
    if estimate.days > 1:
        duration += f" over {estimate.days} days"
    how = f"{counted(ready, 'click')} by hand" if via is Executor.HAND else "by API"
    pace = f"{how}, about {duration}" if ready else ""
    last = pacing.last_day(session, action, ready, via)
    if ready and last > day_of(session.clock.now(), session.zone):
        pace += f", the worst first, done on {weekday(last)}"
    return PlanGroup(
        action=action,
        ready=ready,
        held=of(PlanState.HELD),
        later=of(PlanState.LATER),
        done=of(PlanState.DONE),
        done_by_hand=of(PlanState.DONE_BY_HAND),
        missing=of(PlanState.MISSING),
        failed=of(PlanState.FAILED),
        by_reason=grouping.reasons(session, action),
        held_by=tuple(
            HeldBack(reason, count) for reason, count in plans.reasons(session.store, action, PlanState.HELD)
        ),
        collateral=grouping.collateral(session, action, of(PlanState.PLANNED)),
        via=via,
        via_reason=via_reason,
        price_usd=estimate.usd if via is Executor.API else None,
        seconds=estimate.seconds,
        duration=duration,
        pace=pace,
        set_aside=tuple(HeldBack(reason, count) for reason, count in plans.set_aside_reasons(session.store, action)),
    )


def lines(session: Session, item_ids: Sequence[int]) -> list[PlanLine]:
    """Plan items as rows, in the order of ``item_ids``."""
    items = plans.items(session.store, item_ids)
    shown = {cell.row: cell for cell in cells(session, [item.row for item in items])}
    due = {
        number: f"later: back on {day(at, session.zone)}"
        for number, at in plans.due_at(session.store, item_ids).items()
    }
    return [
        PlanLine(
            item.id,
            shown[item.row],
            item.action,
            item.state,
            due.get(item.id) or why(item, shown[item.row]),
            item.object,
        )
        for item in items
        if item.row in shown
    ]


def why(item: PlanItem, cell: RowCells) -> str:
    """Why an item stands where it does; of what is planned, what speaks for it rather than that it was decided."""
    if item.state is not PlanState.PLANNED or item.reason != planned_reason(item.action):
        return item.reason
    if cell.why:
        return cell.why
    if cell.silent_days is not None and cell.silent_days > _LONG_SILENT_DAYS:
        return f"no post for {span(cell.silent_days * DAY)}"
    return f"{kind_word(cell.kind, cell.is_doubtful)}; {item.reason}"


def reason_of(session: Session, item: PlanItem) -> str:
    """Why one item is planned, as its row in the plan says it."""
    return reasons_of(session, [item])[item.id]


def reasons_of(session: Session, items: Sequence[PlanItem]) -> dict[int, str]:
    """Number of an item -> why it is planned, as its row in the plan says it."""
    shown = {cell.row: cell for cell in cells(session, [item.row for item in items])}
    return {item.id: why(item, shown[item.row]) if item.row in shown else item.reason for item in items}


def put_off(session: Session, item: PlanItem, until: int) -> int:
    """Put one item off until a moment (epoch seconds UTC), as a gesture; returns the number of its journal entry."""
    value = (PlanState.LATER.value, item.reason, until)
    text = f"later: 1 action · back in the plan on {day(until, session.zone)}"
    done = session.journal.gesture("plan.later", [Change(PLAN_TIME, [item.id], value)], session.now, text=text)
    return done.entry_id


def bring_back(session: Session, item_ids: Sequence[int]) -> Gesture:
    """Return what was put off to the plan now, as its accounts are now, as one gesture."""
    by_reason: dict[str, list[int]] = {}
    with session.store.write() as con:
        for item in plans.items(session.store, item_ids):
            if item.state is PlanState.LATER:
                reason = planned_reason(item.action) if changing.is_set_aside(item) else item.reason
                by_reason.setdefault(reason, []).append(item.id)
        planned = PlanState.PLANNED.value
        changes = [Change(PLAN_TIME, ids, (planned, reason, None)) for reason, ids in by_reason.items()]
        done = session.journal.gesture("plan.back", changes, session.now)
        count = done.count()
        if not done.entry_id:
            return Gesture(0, 0, 0, 0, (), "none of these was put off")
        plan_bases.renew(con, [number for ids in by_reason.values() for number in ids])
        text = f"back in the plan: {counted(count, 'action')}"
        session.journal.set_text(done.entry_id, text)
    return Gesture(done.entry_id, count, 0, count, (), text)


def drop(session: Session, item_ids: Sequence[int], query: str = "") -> Gesture:
    """Take open items out of the plan; what was decided stays."""
    by_slot: dict[tuple[str, str], list[int]] = {}
    attempt = 0
    for item in plans.items(session.store, item_ids):
        if item.state in CHANGEABLE_PLAN_STATES:
            by_slot.setdefault((item.action.value, item.object), []).append(item.row)
        else:
            attempt += 1
    changes = [Change(plan_slot(action, object_), rows, None) for (action, object_), rows in by_slot.items()]
    with session.store.write():
        done = session.journal.gesture("plan.drop", changes, session.now, query)
        text = f"dropped from the plan: {counted(done.count(), 'action')}" if done.entry_id else "Nothing to drop."
        if done.entry_id:
            session.journal.set_text(done.entry_id, text)
    held = (HeldBack("already asked of X", attempt),) if attempt else ()
    if attempt:
        text += f" · held back: {attempt:,} already asked of X"
    return Gesture(done.entry_id, done.count(), 0, done.count(), held, text)
