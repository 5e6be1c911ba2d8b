"""Carrying the plan out: one call at a time, journalled before and after, or by hand.

Owns pace, caps, retries, the turn to by-hand after a refusal, and the by-hand queue. Every
call is recorded before it is made; a run that was killed goes on where it was. Nothing is
done that a person did not decide. ``Workbench`` and the command line call it.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from followertui.domain.clock import FileClock, epoch
from followertui.domain.decision import CHANGEABLE_PLAN_STATES, ActionKind, Executor, PlanItem, PlanState
from followertui.domain.errors import BadInput, NothingToDo
from followertui.domain.progress import CancelToken
from followertui.services.phrases import ACTION_WORDS, counted
from followertui.services.plan import planning
from followertui.services.plan.values import ApplyEvent, ApplyReport, HandTask
from followertui.services.row_cells import cells
from followertui.services.session import Session
from followertui.services.values import Gesture
from followertui.store.audience import pages
from followertui.store.decisions import plans
from followertui.x import links
from followertui.x.platform import Can, Platform
from followertui.x.protocol import Outcome, OutcomeType, XClient

_TRIES = 3
_MOST_WAITS = 400
_HAND_LOOK = 20
"""Guards are looked at for so many of the next clicks at once."""
DAY = 86_400


@dataclass
class _Run:
    """What a run has done so far."""

    total: int
    done: int = 0
    failed: int = 0
    missing: int = 0
    held: int = 0
    by_hand: int = 0
    cost_usd: float = 0.0
    stopped: str = ""
    refused: set[ActionKind] = field(default_factory=set)

    @property
    def handled(self) -> int:
        return self.done + self.failed + self.missing + self.held + self.by_hand


def ready(session: Session) -> list[PlanItem]:
    """Items that can be carried out now, worst first."""
    planning.refresh_holds(session)
    return plans.items_in(session.store, (PlanState.PLANNED,))


def apply(
    session: Session, cancel: CancelToken, typed_count: int, limit: int | None = None
) -> Generator[ApplyEvent, None, ApplyReport]:
    """Carry out through the API what the API does for this account.

    Args:
        session: the open store.
        cancel: polled before every call.
        typed_count: how many actions the person typed; must equal what is ready for the API.
        limit: at most so many.

    Yields:
        One event per call, and while it waits.

    Returns:
        What was done, what turned to by-hand and what stopped the run.

    Raises:
        NothingToDo: nothing is ready.
        BadInput: the typed count is another, or nobody is signed in.
    """
    if session.open_x is None:
        raise BadInput("nobody is signed in to X; carry the plan out by hand (--via hand)")
    planning.recover(session)
    with session.store.lease("apply"):
        known = planning.capabilities(session)
        items = [item for item in ready(session) if known.of(item.action).can is not Can.NO]
        items = items[:limit] if limit else items
        if not items:
            raise NothingToDo("nothing in the plan can be carried out through the API; by hand: --via hand")
        if typed_count != len(items):
            raise BadInput(f"the plan has {len(items):,} to carry out, not {typed_count:,}; nothing was done")
        run = _Run(len(items))
        client = session.open_x()
        for item in items:
            if cancel.is_set():
                run.stopped = "stopped by you"
            if run.stopped:
                break
            if item.action in run.refused:
                run.by_hand += 1
                continue
            yield from _one(session, client, item, run, cancel)
    return _report(session, run)


def _one(
    session: Session, client: XClient, item: PlanItem, run: _Run, cancel: CancelToken
) -> Generator[ApplyEvent, None, None]:
    platform = Platform.load()
    profile = pages.page(session.store, [item.row])[0]
    name = profile.handle or str(profile.x_id or "")

    def event(outcome: str, text: str) -> ApplyEvent:
        return ApplyEvent(item.id, name, item.action, outcome, text, run.handled, run.total)

    if profile.x_id is None:
        run.by_hand += 1
        yield event("switched-to-hand", f"@{name}: its id is not known, do it by hand")
        return
    cap = platform.pace(item.action).api_per_day
    endpoint = platform.endpoint_of(item.action)
    price = endpoint.usd if endpoint else 0.0
    failures = 0
    for _ in range(_MOST_WAITS):
        if cap and plans.calls_since(session.store, "api", item.action, _midnight(session)) >= cap:
            until = session.clock.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
            yield event("waiting", f"{cap} a day is the cap for {ACTION_WORDS[item.action]}; the rest tomorrow")
            if not _pass_time(session, until):
                run.stopped = f"daily cap of {cap} reached; run apply again tomorrow"
                return
            continue
        call, why_not = _begin(session, item, price)
        if not call:
            run.held += 1
            yield event("held", f"@{name}: {why_not}")
            return
        outcome = client.perform(item.action, profile.x_id, item.object)
        if outcome.type is OutcomeType.RATE_LIMITED and outcome.reset_at is not None:
            _finish(session, call, item, outcome, run, PlanState.PLANNED)
            yield event("waiting", f"X's rate window is full until {outcome.reset_at:%H:%M} UTC")
            if cancel.is_set() or not _pass_time(session, outcome.reset_at):
                run.stopped = f"X's rate window is full until {outcome.reset_at:%H:%M} UTC; run apply again then"
                return
            continue
        failures += outcome.may_retry
        if outcome.may_retry and failures < _TRIES:
            _finish(session, call, item, outcome, run, PlanState.PLANNED)
            yield event("waiting", f"{outcome.message}; trying again")
            if not _pass_time(session, session.clock.now() + timedelta(seconds=2**failures)) and cancel.wait(
                2**failures
            ):
                run.stopped = "stopped by you"
                return
            continue
        yield _settle(session, call, item, outcome, run, event("", name))
        return
    run.stopped = "X kept refusing; run apply again later"


def _begin(session: Session, item: PlanItem, price: float) -> tuple[int, str]:
    """Plan and guards are looked at again in the transaction that writes ATTEMPTING.

    Returns:
        (number of the call, ""), or (0, why it is not made).
    """
    with session.store.write():
        present = plans.items(session.store, [item.id])
        if not present or present[0].state is not PlanState.PLANNED:
            return 0, "no longer planned"
        if not planning.hold_guarded(session, present):
            [held] = plans.items(session.store, [item.id])
            return 0, f"held back since: {held.reason}"
        return plans.begin_call(session.store, item, Executor.API.value, price, session.now, session.reviewer), ""


def _settle(session: Session, call: int, item: PlanItem, outcome: Outcome, run: _Run, event: ApplyEvent) -> ApplyEvent:
    """Write what came of a call and say it."""
    name = event.text
    known = planning.capabilities(session)
    learned = known.learn(item.action, outcome, session.clock.now())
    if learned is not known:
        planning.keep_capabilities(session, learned)
    if outcome.ok:
        run.done += 1
        _finish(session, call, item, outcome, run, PlanState.DONE, outcome.message)
        return event._replace(outcome="done", text=f"@{name}: {ACTION_WORDS[item.action]} done", done=run.handled)
    if outcome.type is OutcomeType.REFUSED_CAPABILITY:
        run.by_hand += 1
        run.refused.add(item.action)
        _finish(session, call, item, outcome, run, PlanState.PLANNED)
        text = f"X refuses {ACTION_WORDS[item.action]} for this account: the rest goes by hand"
        return event._replace(outcome="switched-to-hand", text=text, done=run.handled)
    if outcome.type in (OutcomeType.GONE, OutcomeType.SUSPENDED):
        run.missing += 1
        plans.set_status(session.store, item.row, 2 if outcome.type is OutcomeType.SUSPENDED else 1)
        _finish(session, call, item, outcome, run, PlanState.MISSING, outcome.message)
        return event._replace(outcome="missing", text=f"@{name}: {outcome.message}", done=run.handled)
    if outcome.stops_all or outcome.may_retry:
        run.stopped = outcome.message
        _finish(session, call, item, outcome, run, PlanState.PLANNED)
        return event._replace(outcome="failed", text=outcome.message, done=run.handled)
    run.failed += 1
    _finish(session, call, item, outcome, run, PlanState.FAILED, outcome.message)
    return event._replace(outcome="failed", text=f"@{name}: {outcome.message}", done=run.handled)


def _finish(
    session: Session,
    call: int,
    item: PlanItem,
    outcome: Outcome,
    run: _Run,
    state: PlanState,
    reason: str | None = None,
) -> None:
    """Write what came of a call; without a reason the item keeps the one it was planned with."""
    with session.store.write():
        label = outcome.type.value if not outcome.ok else "done"
        plans.finish_call(session.store, call, state, label, outcome.status, outcome.message, session.now, reason)
        if outcome.ok:
            endpoint = Platform.load().endpoint_of(item.action)
            run.cost_usd += endpoint.usd if endpoint else 0.0
            if outcome.type is not OutcomeType.PENDING:
                _note_relation(session, item)


_CHANGES: dict[ActionKind, tuple[str, bool]] = {
    ActionKind.UNFOLLOW: ("following", False),
    ActionKind.FOLLOW: ("following", True),
    ActionKind.REMOVE_FOLLOWER: ("follower", False),
    ActionKind.BLOCK: ("follower", False),
}
"""Which relation an action of ours begins or ends; the next complete reading confirms it."""


def _note_relation(session: Session, item: PlanItem, is_taken_back: bool = False) -> None:
    if item.action in _CHANGES:
        direction, is_on = _CHANGES[item.action]
        plans.note_own_action(session.store, item.row, direction, None if is_taken_back else is_on, session.now)


def _pass_time(session: Session, until: datetime) -> bool:
    """In the demo time is made up and simply passes; elsewhere the run ends and is resumed."""
    clock = session.clock
    if not isinstance(clock, FileClock):
        return False
    clock.advance(max(until - clock.now(), timedelta(0)) + timedelta(seconds=1))
    return True


def _midnight(session: Session) -> int:
    return epoch(session.clock.now().replace(hour=0, minute=0, second=0, microsecond=0))


def _report(session: Session, run: _Run) -> ApplyReport:
    left = len(plans.ids_in(session.store, (PlanState.PLANNED,)))
    words = [counted(run.done, "action") + " done"]
    for count, word in (
        (run.failed, "failed"), (run.missing, "no longer there"), (run.held, "held back"), (run.by_hand, "by hand"),
    ):  # fmt: skip
        if count:
            words.append(f"{count:,} {word}")
    text = ", ".join(words) + (f". {run.stopped}" if run.stopped else ".")
    if run.cost_usd:
        text += f" ${run.cost_usd:,.2f} at list price."
    return ApplyReport(
        run.done, run.failed, run.missing, run.held, left, run.by_hand, run.stopped, round(run.cost_usd, 4), text
    )


# --- by hand -------------------------------------------------------------------------------


def _by_hand(session: Session, action: ActionKind | None = None) -> dict[ActionKind, int]:
    """Actions to do by hand and how many: what the API does not do, or all where it does everything."""
    known = planning.capabilities(session)
    counts = plans.state_counts(session.store)
    wanted = {
        kind: counts.get((kind.value, PlanState.PLANNED.value), 0) for kind in ((action,) if action else ActionKind)
    }
    clicked = {kind: n for kind, n in wanted.items() if planning.executor_of(session, kind, known)[0] is Executor.HAND}
    return clicked if any(clicked.values()) else wanted


def next_manual(session: Session, action: ActionKind | None = None) -> HandTask | None:
    """The next thing to click, None when nothing is left. Guards are looked at again for what comes next only."""
    if not session.store.is_read_only:
        planning.recover(session)
        plans.wake_snoozed(session.store, session.now)
    while any((counts := _by_hand(session, action)).values()):
        some = plans.items(session.store, plans.ids_in(session.store, (PlanState.PLANNED,), counts, _HAND_LOOK))
        free = some if session.store.is_read_only else planning.hold_guarded(session, some)
        if free:
            done = plans.calls_since(session.store, "hand", free[0].action, _midnight(session))
            return _task(session, free[0], done + 1, done + sum(counts.values()) - len(some) + len(free))
    return None


def _task(session: Session, item: PlanItem, position: int, total: int) -> HandTask:
    cell = cells(session, [item.row])[0]
    link = links.link(item.action, cell.handle or None, cell.x_id, item.object)
    return HandTask(item.id, cell, item.action, link.url, link.what_to_click, position, total)


def record_manual(session: Session, item_id: int, what: str) -> Gesture:
    """Record what came of one click: done, later or missing.

    Raises:
        BadInput: the item is not open, or the word is none of the three.
    """
    found = plans.items(session.store, [item_id])
    if not found or found[0].state not in CHANGEABLE_PLAN_STATES:
        raise BadInput("this is no longer in the plan; go on with the next one")
    item = found[0]
    if what == "later":
        plans.snooze(session.store, item.id, session.now + DAY)
        return Gesture(0, 1, 0, 0, (), "put off until tomorrow")
    states = {"done": PlanState.DONE_BY_HAND, "missing": PlanState.MISSING}
    if what not in states:
        raise BadInput(f'"{what}" is none of done, later, missing')
    with session.store.write():
        call = plans.begin_call(session.store, item, Executor.HAND.value, 0.0, session.now, session.reviewer)
        text = "done by hand; the next complete export confirms it" if what == "done" else "no longer there"
        plans.finish_call(session.store, call, states[what], what, None, text, session.now, text)
        if what == "done":
            _note_relation(session, item)
    return Gesture(0, 1, 0, 0, (), text)


def undo_manual(session: Session) -> HandTask | None:
    """Take the last click back; it is the next thing to do again. None when there is none."""
    calls = [call for call in plans.last_calls(session.store, "hand", 50) if call.state in ("done", "missing")]
    if not calls:
        return None
    plans.reopen_call(session.store, calls[0].id, session.now)
    item = plans.items(session.store, [calls[0].item_id])[0]
    if calls[0].state == "done":
        _note_relation(session, item, is_taken_back=True)
    total = sum(_by_hand(session).values())
    return _task(session, item, 1, total)
