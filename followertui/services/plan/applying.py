"""Carries out the plan through the API: one call at a time, journalled before and after.

Owns caps, retries and the turn to by-hand after a refusal. Every call is recorded before it
is made; a run that was killed goes on where it was. Nothing is done that a person did not
decide. ``Workbench`` and the command line call it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import timedelta

from followertui.domain.decision import ActionKind, Executor, PlanItem, PlanState
from followertui.domain.errors import BadInput, NothingToDo
from followertui.domain.progress import CancelToken
from followertui.domain.stopping import Stop, StopReason
from followertui.services.calling import Caller
from followertui.services.phrases import ACTION_WORDS, counted, day_and_time, dollars, stop_sentence
from followertui.services.plan import looking, objects, own_relations, pacing, planning, ramping, unknown_outcomes
from followertui.services.plan.values import ApplyEvent, ApplyReport, ItemOutcome
from followertui.services.review import house_checks
from followertui.services.session import Session
from followertui.services.sync import ledger, limits, trouble
from followertui.services.waiting import pass_time
from followertui.store.audience import own_actions, pages
from followertui.store.decisions import batches, calls, calls_in_doubt, plans
from followertui.store.decisions.calls_in_doubt import Doubt
from followertui.store.file import kept_backups, settings
from followertui.x.capabilities import Capabilities
from followertui.x.platform import Platform
from followertui.x.protocol import Outcome, OutcomeType

_TRIES = 3
_MOST_WAITS = 400
_READ_AHEAD = 64

_STOPS: dict[OutcomeType, StopReason] = {
    OutcomeType.CREDITS: StopReason.CREDIT,
    OutcomeType.AUTH: StopReason.SIGNED_OUT,
    OutcomeType.RATE_LIMITED: StopReason.RATE_LIMIT,
    OutcomeType.NETWORK: StopReason.NO_ANSWER,
    OutcomeType.SERVER: StopReason.NO_ANSWER,
}
"""What of X's answers ends a run, and as what."""


@dataclass
class _Run:
    """What a run has done so far.

    Attributes:
        batch: its number.
        budget_usd: the most it may cost; None for no limit.
        waiting: items of the run whose turn has not come, in order; a reading looks ahead in it.
        doubts: item number -> its call X may have carried out or not.
        resolved: item number -> what came of such a call, not reported yet.
        unread: item number -> why that could not be told; the call is repeated.
        reasons: item number -> why it was planned, of the next ones.
        known: what the API was known to do for this account when an answer last taught something.
    """

    total: int
    batch: int
    budget_usd: float | None = None
    waiting: list[PlanItem] = field(default_factory=list)
    doubts: dict[int, Doubt] = field(default_factory=dict)
    resolved: dict[int, unknown_outcomes.Resolved] = field(default_factory=dict)
    unread: dict[int, str] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)
    known: Capabilities = field(default_factory=Capabilities)
    done: int = 0
    failed: int = 0
    missing: int = 0
    held: int = 0
    by_hand: int = 0
    looked_up: int = 0
    cost_usd: float = 0.0
    stop: Stop | None = None
    refused: set[ActionKind] = field(default_factory=set)

    @property
    def handled(self) -> int:
        """Items the run is done with, however they ended."""
        return self.done + self.failed + self.missing + self.held + self.by_hand

    @property
    def so_far(self) -> ramping.Handled:
        """What was handled, as the ramp looks at it."""
        return ramping.Handled(self.done, self.failed, self.missing, self.held, self.by_hand)


def apply(
    session: Session,
    cancel: CancelToken,
    typed_count: int,
    limit: int | None = None,
    budget_usd: float | None = None,
    *,
    is_tried: bool = True,
    unattended: frozenset[ActionKind] = frozenset(),
) -> Generator[ApplyEvent, None, ApplyReport]:
    """Carry out through the API what the API does for this account.

    A call whose outcome is unknown is looked up before anything is sent again.

    Args:
        session: the open store.
        cancel: polled before every call.
        typed_count: how many actions the person typed; must equal what is ready for the API.
        limit: the most carried out.
        budget_usd: the most it may cost at list price, besides the budgets of day and month; None for no limit.
        is_tried: whether actions are tried that are not known to work for this account.
        unattended: where nobody typed the count: only these actions, and the run ends at the first surprise.

    Yields:
        One event per call, and while it waits.

    Returns:
        What was done, what turned to by-hand and what stopped the run.

    Raises:
        NothingToDo: nothing is ready.
        BadInput: the typed count differs, no account is signed in, no backup could be kept, a house check
            fails, or the plan is not the one that was looked at.
    """
    if session.open_x is None:
        raise BadInput("no account is signed in to X; carry out the plan by hand (--via hand)")
    planning.recover(session)
    with session.store.leases.take("apply"):
        items = planning.api_items(session, limit, is_tried=is_tried, only=unattended)
        if not items:
            raise NothingToDo("nothing in the plan can be carried out through the API; by hand: --via hand")
        if typed_count != len(items):
            raise BadInput(f"the plan has {len(items):,} to carry out, not {typed_count:,}; nothing was done")
        house_checks.require(session)
        looking.require(session, is_unattended=bool(unattended))
        kept_backups.keep(session.store, session.now)
        batch = batches.begin(session.store, Executor.API, session.reviewer, session.now)
        run = _Run(len(items), batch, budget_usd, items, calls_in_doubt.calls_in_doubt(session.store, items))
        run.known = planning.capabilities(session)
        ramp = ramping.Ramp(len(items), settings.SURPRISES.read(session.store), is_watched=not unattended)
        with contextlib.closing(Caller(session.open_x(), cancel)) as caller:
            for item in items:
                if cancel.is_set():
                    run.stop = Stop(StopReason.PERSON)
                if run.stop:
                    break
                if item.action in run.refused and item.id not in run.resolved:
                    run.by_hand += 1
                    continue
                yield from _one(session, caller, item, run, cancel)
                run.stop = run.stop or ramp.pause(run.so_far)
    return _report(session, run)


def _one(
    session: Session, caller: Caller, item: PlanItem, run: _Run, cancel: CancelToken
) -> Generator[ApplyEvent, None, None]:
    profile = pages.identity(session.store, item.row)
    name = profile.handle or ("" if profile.x_id is None else str(profile.x_id))

    def event(outcome: ItemOutcome, text: str) -> ApplyEvent:
        """An event about this item."""
        return ApplyEvent(item.id, name, item.action, outcome, text, run.handled, run.total)

    if profile.x_id is None:
        run.by_hand += 1
        yield event(ItemOutcome.TO_HAND, f"@{name}: its id is not known, do it by hand")
        return
    object_id = objects.id_of(session, item.action, item.object)
    if object_id is None:
        run.by_hand += 1
        text = f'@{name}: the id of "{item.object}" is not known, do it by hand or plan it again'
        yield event(ItemOutcome.TO_HAND, text)
        return
    is_reversal = plans.reverses(session.store, item.id) is not None
    price = _price(item)
    failures = 0
    for _ in range(_MOST_WAITS):
        if (stop := pacing.stop(session, item.action, Executor.API, is_reversal=is_reversal)) is not None:
            yield event(ItemOutcome.WAITING, _pace_words(session, item.action, stop))
            if stop.until is None or not pass_time(session.clock, stop.until):
                run.stop = stop
                return
            continue
        call, outcome = 0, _look(session, caller, item, run)
        if item.id in run.resolved:
            yield _report_resolved(run, event(ItemOutcome.DONE, name))
            return
        if outcome is None:
            room = ledger.room(session, run.budget_usd, run.cost_usd)
            if price > room.usd:
                run.stop = _over_budget(room)
                return
            try:
                call, why_not = _begin(session, item, profile, price, run.batch)
            except BadInput as failing:
                run.stop = Stop(StopReason.SURPRISES, message=str(failing))
                return
            if not call:
                run.held += 1
                yield event(ItemOutcome.HELD, f"@{name}: {why_not}")
                return
            outcome = caller.perform(item.action, profile.x_id, object_id)
            _note_limits(session, item.action, outcome)
        if caller.has_given_up:
            _finish(session, call, item, outcome, run, PlanState.PLANNED)
            run.stop = Stop(StopReason.PERSON)
            yield event(ItemOutcome.FAILED, f"@{name}: {outcome.message}")
            return
        failures += outcome.may_retry
        is_limit = outcome.type is OutcomeType.RATE_LIMITED and outcome.reset_at is not None
        if not is_limit and not (outcome.may_retry and failures < _TRIES):
            yield _settle(session, call, item, outcome, run, event(ItemOutcome.DONE, name))
            return
        _finish(session, call, item, outcome, run, PlanState.PLANNED)
        yield event(ItemOutcome.WAITING, _waiting_words(session, outcome))
        if not _wait(session, outcome, failures, run, cancel):
            return
    run.stop = Stop(StopReason.RATE_LIMIT)


def _pace_words(session: Session, action: ActionKind, stop: Stop) -> str:
    """Why an action waits at its pace, and until when."""
    until = day_and_time(stop.until, session.zone) if stop.until else "later"
    if stop.reason is StopReason.QUIET_HOURS:
        return f"quiet hours until {until}"
    span = "within 15 minutes" if stop.reason is StopReason.WINDOW_CAP else "a day"
    return f"{stop.cap:,} {span} is the cap for {ACTION_WORDS[action]}; the rest from {until}"


def _over_budget(room: ledger.Room) -> Stop:
    """The stop of a run whose next call does not fit what a budget leaves."""
    if room.name == "run":
        return Stop(StopReason.BUDGET)
    span = "today" if room.name == "day" else "this month"
    text = f"the budget for {span} leaves {dollars(max(0.0, room.usd))}; followertui costs --{room.name} USD raises it"
    return Stop(StopReason.BUDGET, message=text)


def _note_limits(session: Session, action: ActionKind, outcome: Outcome) -> None:
    """Learn from the headers of an answer how much X allows."""
    endpoint = Platform.load().endpoint_of(action)
    if endpoint is not None:
        limits.note(session, endpoint.name, outcome.buckets)


def _price(item: PlanItem) -> float:
    """Dollars at list price for one call of an item's action."""
    endpoint = Platform.load().endpoint_of(item.action)
    return endpoint.usd if endpoint else 0.0


def _waiting_words(session: Session, outcome: Outcome) -> str:
    if outcome.type is OutcomeType.RATE_LIMITED and outcome.reset_at is not None:
        return f"X's rate limit is reached until {day_and_time(outcome.reset_at, session.zone)}"
    return f"{outcome.message}; looking it up, then trying again"


def _wait(session: Session, outcome: Outcome, failures: int, run: _Run, cancel: CancelToken) -> bool:
    """Let a limit pass, or a short while before the next try; whether the run goes on."""
    if outcome.type is OutcomeType.RATE_LIMITED and outcome.reset_at is not None:
        if not cancel.is_set() and pass_time(session.clock, outcome.reset_at):
            return True
        run.stop = Stop(StopReason.RATE_LIMIT, outcome.reset_at)
        return False
    pause = 2**failures
    if pass_time(session.clock, session.clock.now() + timedelta(seconds=pause)) or not cancel.wait(pause):
        return True
    run.stop = Stop(StopReason.PERSON)
    return False


def _look(session: Session, caller: Caller, item: PlanItem, run: _Run) -> Outcome | None:
    """Find out what came of an earlier call of an item, of later items with it; what kept X from answering."""
    if item.id not in run.doubts:
        return None
    at = run.waiting.index(item)
    waiting = [each for each in run.waiting[at:] if each.id in run.doubts]
    known = {page.row for page in pages.page(session.store, [each.row for each in waiting]) if page.x_id is not None}
    some = [each for each in waiting if each.row in known][: unknown_outcomes.most_at_once()]
    left = ledger.room(session, run.budget_usd, run.cost_usd).usd
    found = unknown_outcomes.look(session, caller, some, run.doubts, left)
    run.cost_usd += found.usd
    run.looked_up += len(found.resolved)
    run.resolved.update({key: told for key, told in found.resolved.items() if told.state is not PlanState.PLANNED})
    run.unread.update(found.unread)
    for key in (*found.resolved, *found.unread):
        del run.doubts[key]
    return found.problem


def _report_resolved(run: _Run, event: ApplyEvent) -> ApplyEvent:
    """The event of an item that needs no further call."""
    told = run.resolved.pop(event.item_id)
    is_done = told.state is PlanState.DONE
    run.done += is_done
    run.missing += not is_done
    outcome = ItemOutcome.DONE if is_done else ItemOutcome.MISSING
    return event._replace(outcome=outcome, text=f"@{event.text}: {told.text}", done=run.handled)


def _begin(session: Session, item: PlanItem, identity: pages.Identity, price: float, batch: int) -> tuple[int, str]:
    """Plan, account, guards and house checks are checked again in the transaction that writes ATTEMPTING.

    Returns:
        (number of the call, ""), or (0, why it is not made).

    Raises:
        BadInput: a house check fails.
    """
    with session.store.write():
        present = plans.items(session.store, [item.id])
        if not present or present[0].state is not PlanState.PLANNED:
            return 0, "no longer planned"
        if pages.identity(session.store, present[0].row).x_id != identity.x_id:
            return 0, "is another account since; look at it again"
        if not planning.hold_guarded(session, present):
            [held] = plans.items(session.store, [item.id])
            return 0, held.reason if held.state is PlanState.LATER else f"held back since: {held.reason}"
        house_checks.require(session)
        call = calls.begin_call(session.store, present[0], Executor.API, price, session.now, session.reviewer, batch)
        return call, ""


def _settle(session: Session, call: int, item: PlanItem, outcome: Outcome, run: _Run, event: ApplyEvent) -> ApplyEvent:
    """Record the outcome of a call and report it."""
    name = event.text
    if run.known.learn(item.action, outcome, session.clock.now()) is not run.known:
        run.known = planning.capabilities(session).learn(item.action, outcome, session.clock.now())
        planning.keep_capabilities(session, run.known)
    if outcome.ok:
        run.done += 1
        _finish(session, call, item, outcome, run, PlanState.DONE, _reason(session, item, run))
        return event._replace(
            outcome=ItemOutcome.DONE, text=f"@{name}: {ACTION_WORDS[item.action]} done", done=run.handled
        )
    if outcome.type is OutcomeType.REFUSED_CAPABILITY:
        run.by_hand += 1
        run.refused.add(item.action)
        _finish(session, call, item, outcome, run, PlanState.PLANNED)
        text = f"X refuses {ACTION_WORDS[item.action]} for this account: the rest goes by hand"
        return event._replace(outcome=ItemOutcome.TO_HAND, text=text, done=run.handled)
    if outcome.type in (OutcomeType.GONE, OutcomeType.SUSPENDED):
        run.missing += 1
        own_actions.set_status(session.store, item.row, 2 if outcome.type is OutcomeType.SUSPENDED else 1)
        _finish(session, call, item, outcome, run, PlanState.MISSING, outcome.message)
        return event._replace(outcome=ItemOutcome.MISSING, text=f"@{name}: {outcome.message}", done=run.handled)
    if outcome.type in _STOPS:
        run.stop = Stop(_STOPS[outcome.type], outcome.reset_at, message=outcome.message)
        trouble.note_outcome(session, outcome)
        _finish(session, call, item, outcome, run, PlanState.PLANNED)
        return event._replace(outcome=ItemOutcome.FAILED, text=outcome.message, done=run.handled)
    run.failed += 1
    _finish(session, call, item, outcome, run, PlanState.FAILED, outcome.message)
    return event._replace(outcome=ItemOutcome.FAILED, text=f"@{name}: {outcome.message}", done=run.handled)


def _reason(session: Session, item: PlanItem, run: _Run) -> str:
    """Why an item was planned; read for the next ones with it, as a page of rows costs little more than one."""
    if item.id not in run.reasons:
        at = run.waiting.index(item) if item in run.waiting else 0
        run.reasons = planning.reasons_of(session, [item, *run.waiting[at + 1 : at + _READ_AHEAD]])
    return run.reasons[item.id]


def _finish(
    session: Session,
    call: int,
    item: PlanItem,
    outcome: Outcome,
    run: _Run,
    state: PlanState,
    reason: str | None = None,
) -> None:
    """Record the outcome of a call, 0 where none was made; without a reason the item keeps the one it had."""
    if not call:
        return
    with session.store.write():
        label = outcome.type.value if not outcome.ok else "done"
        text = outcome.message
        if item.id in run.unread:
            text += f" · sent again: what came of the first call could not be read ({run.unread[item.id]})"
        calls.finish_call(session.store, call, state, label, outcome.status, text, session.now, reason)
        if outcome.type in calls_in_doubt.UNKNOWN_TYPES:
            run.doubts[item.id] = Doubt(call, session.now)
        if outcome.ok:
            run.cost_usd += _price(item)
            if outcome.type is not OutcomeType.PENDING:
                own_relations.note(session, item)


def _report(session: Session, run: _Run) -> ApplyReport:
    left = len(plans.ids_in(session.store, (PlanState.PLANNED,)))
    is_all_by_hand = run.by_hand and not run.done + run.failed + run.missing + run.held
    words = ["nothing done through the API" if is_all_by_hand else counted(run.done, "action") + " done"]
    for count, word in (
        (run.failed, "failed"), (run.missing, "no longer there"), (run.held, "held back"),
        (run.by_hand, "to do by hand"),
    ):  # fmt: skip
        if count:
            words.append(f"{count:,} {word}")
    stop_text = stop_sentence(run.stop, session.zone)
    text = ", ".join(words) + (f". {stop_text}." if stop_text else ".")
    if run.looked_up:
        text += f" {counted(run.looked_up, 'call')} of unknown outcome looked up first."
    if run.cost_usd:
        text += f" ${run.cost_usd:,.2f} at list price."
    return ApplyReport(
        run.done,
        run.failed,
        run.missing,
        run.held,
        left,
        run.by_hand,
        run.stop,
        stop_text,
        round(run.cost_usd, 4),
        text,
    )
