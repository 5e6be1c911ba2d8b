"""Finds out what came of calls whose answer was never recorded, before anything is sent again.

Owns which answer of X says what about an action, what a reading costs, and what is written of it.
A complete reading imported since tells it for nothing; else X is asked how we are connected,
100 accounts a call. ``applying`` repeats a call only where neither can tell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from followertui.domain.decision import ActionKind, PlanItem, PlanState
from followertui.services.calling import Caller
from followertui.services.plan import own_relations
from followertui.services.session import Session
from followertui.store.audience import own_actions, pages
from followertui.store.decisions import calls_in_doubt, early_calls
from followertui.store.decisions.calls_in_doubt import Doubt
from followertui.x.platform import Platform
from followertui.x.protocol import Connections, Outcome, OutcomeType, Problem

SIGNS: dict[ActionKind, tuple[str, bool]] = {
    ActionKind.UNFOLLOW: ("following", False),
    ActionKind.FOLLOW: ("following", True),
    ActionKind.MUTE: ("muting", True),
    ActionKind.UNMUTE: ("muting", False),
    ActionKind.BLOCK: ("blocking", True),
}
"""Action -> X's word for the connection it changes, and whether the word stands afterwards."""

_NO_ANSWER = frozenset(
    {OutcomeType.RATE_LIMITED, OutcomeType.CREDITS, OutcomeType.AUTH, OutcomeType.NETWORK, OutcomeType.SERVER}
)
"""Outcomes of a reading that say nothing yet; all others that are no success refuse it."""
_NO_SIGN = "X shows no sign of it"


class Resolved(NamedTuple):
    """What came of a call in doubt.

    Attributes:
        state: where its item stands now; planned where X had not done it.
        text: one line.
        is_changed: whether the connection is as the call wanted it; a follow request only waits.
    """

    state: PlanState
    text: str
    is_changed: bool = False


class Look(NamedTuple):
    """The outcome of looking for what came of some calls.

    Attributes:
        resolved: item number -> what came of its call.
        unread: item number -> why it could not be told; the call may be repeated.
        problem: what kept X from answering; the items asked about stay in doubt. None where it answered.
        usd: dollars X charged for it.
    """

    resolved: Mapping[int, Resolved]
    unread: Mapping[int, str]
    problem: Outcome | None = None
    usd: float = 0.0


def most_at_once() -> int:
    """How many accounts X looks up in one call."""
    return Platform.load().endpoints["users_by_ids"].page


def price(items: Sequence[PlanItem]) -> float:
    """Dollars at list price for asking X about these items."""
    asked = sum(item.action in SIGNS for item in items)
    return Platform.load().reading("users_by_ids", asked).usd


def look(
    session: Session, caller: Caller, items: Sequence[PlanItem], doubts: Mapping[int, Doubt], most_usd: float | None
) -> Look:
    """Find out what came of the calls in doubt of some items.

    Args:
        session: the open store.
        caller: asks X.
        items: at most as many as X looks up at once; of each account the id is known.
        doubts: item number -> its call.
        most_usd: dollars the reading may cost; None for no limit.
    """
    resolved: dict[int, Resolved] = {}
    unread = {item.id: _NO_SIGN for item in items if item.action not in SIGNS}
    asked = []
    for item in items:
        if item.id in unread:
            continue
        told = _told_by_reading(session, item, doubts[item.id])
        if told is None:
            asked.append(item)
        else:
            resolved[item.id] = _record(session, item, doubts[item.id], told)
    if not asked:
        return Look(resolved, unread)
    usd = price(asked)
    if most_usd is not None and usd > most_usd:
        why = f"reading it costs ${usd:,.2f} and ${max(0.0, most_usd):,.2f} of the budget are left"
        return Look(resolved, {**unread, **{item.id: why for item in asked}})
    answered, not_told, problem = _ask(session, caller, asked)
    for item in asked:
        if item.id in answered:
            resolved[item.id] = _record(session, item, doubts[item.id], answered[item.id])
    spent = price([item for item in asked if item.id in answered or item.id in not_told]) if answered else 0.0
    return Look(resolved, {**unread, **not_told}, problem, spent)


def _told_by_reading(session: Session, item: PlanItem, doubt: Doubt) -> Resolved | None:
    """What readings imported since the call say of it, None where none tells."""
    word, _ = SIGNS[item.action]
    if word != "following":
        return None
    made_at = early_calls.made_at(session.store, doubt.call_id, doubt.at)
    seen = calls_in_doubt.seen_since(session.store, item.row, word, made_at)
    return None if seen is None else _judged(item, {word} if seen else set(), "a later reading")


def _ask(
    session: Session, caller: Caller, items: Sequence[PlanItem]
) -> tuple[dict[int, Resolved], dict[int, str], Outcome | None]:
    """Ask X about some items, written before and after: what came of them, what it does not tell, what failed.

    What was taken out of the plan meanwhile is in none of the three.
    """
    store = session.store
    each = Platform.load().price("users_by_ids")
    numbers = calls_in_doubt.begin_reading(store, items, each, session.now, session.reviewer)
    items = [item for item in items if item.id in numbers]
    if not items:
        return {}, {}, None
    ids = {page.row: page.x_id for page in pages.page(store, [item.row for item in items]) if page.x_id is not None}
    answer = caller.connections(sorted(set(ids.values())))
    if isinstance(answer, Outcome):
        texts = dict.fromkeys(numbers.values(), answer.message)
        calls_in_doubt.finish_reading(store, list(numbers.values()), texts, answer.status, False, session.now)
        if caller.has_given_up or answer.type in _NO_ANSWER:
            return {}, {}, answer
        return {}, {item.id: answer.message for item in items}, None
    found: dict[int, Resolved] = {}
    not_told: dict[int, str] = {}
    for item in items:
        told = _told_by_x(item, ids.get(item.row), answer)
        if told is None:
            not_told[item.id] = "X does not say how we are connected"
        else:
            found[item.id] = told
    texts = {numbers[item_id]: told.text for item_id, told in found.items()}
    calls_in_doubt.finish_reading(store, list(numbers.values()), texts, 200, True, session.now)
    return found, not_told, None


def _told_by_x(item: PlanItem, x_id: int | None, answer: Connections) -> Resolved | None:
    words = None if x_id is None else answer.words.get(x_id)
    if words is not None:
        return _judged(item, words, "X")
    problem: Problem | None = next((each for each in answer.problems if each.x_id == x_id), None)
    if x_id is not None and problem is not None and problem.type in (OutcomeType.GONE, OutcomeType.SUSPENDED):
        return Resolved(PlanState.MISSING, problem.message)
    return None


def _judged(item: PlanItem, words: frozenset[str] | set[str], who: str) -> Resolved:
    word, wanted = SIGNS[item.action]
    is_changed = (word in words) is wanted
    is_asked = item.action is ActionKind.FOLLOW and "follow_request_sent" in words
    if is_changed or is_asked:
        return Resolved(PlanState.DONE, f"carried out at the first call, as {who} says; not sent again", is_changed)
    return Resolved(PlanState.PLANNED, f"not carried out at the first call, as {who} says")


def _record(session: Session, item: PlanItem, doubt: Doubt, told: Resolved) -> Resolved:
    """Write what came of a call; the relation follows where it changed."""
    outcome = {PlanState.DONE: "done", PlanState.MISSING: "gone"}.get(told.state, "not-done")
    with session.store.write():
        calls_in_doubt.resolve(session.store, item, doubt, outcome, told.text, session.now, told.state)
        if told.is_changed:
            own_relations.note(session, item)
        if told.state is PlanState.MISSING:
            own_actions.set_status(session.store, item.row, 2 if "suspended" in told.text else 1)
    return told
