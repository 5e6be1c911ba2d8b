"""What carrying the plan out would do: which calls, which clicks, what they cost and last.

Owns the preview before ``apply`` and the plan as records. Changes nothing but the holds of the
plan. The command line calls it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from followertui.domain.clock import day_of
from followertui.domain.decision import OPEN_PLAN_STATES, ActionKind, Executor, PlanItem, PlanState
from followertui.domain.guards import reason_for
from followertui.services.phrases import ACTION_WORDS, counted, span, weekday
from followertui.services.plan import pacing, planning, ramping, reversing, unknown_outcomes
from followertui.services.plan.values import WORST, PlanGroup, PlanLine, PlanOverview
from followertui.services.row_cells import cells
from followertui.services.session import Session
from followertui.services.values import RowCells
from followertui.store.decisions import calls_in_doubt, plans
from followertui.x import links
from followertui.x.platform import Can, Platform

_CHUNK = 500


class Preview(NamedTuple):
    """What a run through the API would carry out.

    Attributes:
        actions: how many, after the limit.
        lines: per action: count, price, time, and what is not sure.
        usd: dollars at list price.
        by_hand: actions left to do by hand.
    """

    actions: int
    lines: tuple[str, ...]
    usd: float
    by_hand: int


class Step(NamedTuple):
    """One planned action as it would be carried out: by whom, with which call or page."""

    action: ActionKind
    cell: RowCells
    via: Executor
    how: str
    object: str


def api_items(session: Session, limit: int | None = None, *, is_tried: bool = False) -> list[PlanItem]:
    """Items a run through the API would take, worst first; as ``planning.api_items``."""
    return planning.api_items(session, limit, is_tried=is_tried)


def held_for_comparing(session: Session) -> str:
    """What waits for accounts to be compared, as the plan stands now; "" where nothing does."""
    if not session.store.is_read_only:
        planning.refresh_holds(session)
    return planning.held_for_comparing(session)


def hand_count(session: Session) -> int:
    """How many ready items only a hand can carry out."""
    known = planning.capabilities(session)
    return sum(
        planning.executor_of(session, item.action, known)[0] is Executor.HAND for item in planning.ready(session)
    )


def preview(session: Session, limit: int | None = None, *, is_tried: bool = False) -> Preview:
    """Price and duration of a run through the API, and what is not sure about it."""
    known = planning.capabilities(session)
    counts: dict[ActionKind, int] = {}
    items = api_items(session, limit, is_tried=is_tried)
    for item in items:
        counts[item.action] = counts.get(item.action, 0) + 1
    lines, usd = [], 0.0
    for action, count in counts.items():
        estimate = pacing.estimate(session, action, count, Executor.API)
        usd += estimate.usd
        days = f", over {estimate.days} days" if estimate.days > 1 else ""
        last = pacing.last_day(session, action, count, Executor.API)
        days += f", done on {weekday(last)}" if last > day_of(session.clock.now(), session.zone) else ""
        lines.append(f"{ACTION_WORDS[action]}: {count:,}, ${estimate.usd:,.2f}, about {span(estimate.seconds)}{days}")
        capability = known.of(action)
        if capability.can is not Can.YES:
            lines.append(f"  not sure: {capability.reason}; if X refuses, the rest goes by hand")
        if final := reversing.finality(action):
            lines.append(f"  {final}")
    if begins := ramping.in_words(len(items)):
        lines.append(begins)
    doubts = calls_in_doubt.calls_in_doubt(session.store, items)
    if doubts:
        price = unknown_outcomes.price([item for item in items if item.id in doubts])
        usd += price
        lines.append(
            f"{counted(len(doubts), 'call')} of unknown outcome: looked up before anything is sent again, ${price:,.2f}"
        )
    return Preview(sum(counts.values()), tuple(lines), usd, hand_count(session))


def steps(session: Session, via: Executor | None = None, limit: int | None = None) -> Iterator[Step]:
    """Every ready action with the call or page it would be carried out by, worst first.

    Args:
        session: the open store.
        via: as if all were done by it; None as the program would choose.
        limit: the most carried out.
    """
    platform = Platform.load()
    known = planning.capabilities(session)
    items = planning.ready(session)
    if via is Executor.API:
        actions = planning.api_actions(session, is_tried=True)
        items = [item for item in items if item.action in actions]
    items = items[:limit] if limit else items
    for start in range(0, len(items), _CHUNK):
        some = planning.hold_guarded(session, items[start : start + _CHUNK])
        shown = {cell.row: cell for cell in cells(session, [item.row for item in some])}
        for item in some:
            if item.row not in shown:
                continue
            cell = shown[item.row]
            chosen = via or planning.executor_of(session, item.action, known)[0]
            endpoint = platform.endpoint_of(item.action)
            if chosen is Executor.API and endpoint is not None:
                how = f"{endpoint.method} {endpoint.path}"
            else:
                how = links.link(item.action, cell.handle or None, cell.x_id, item.object).url
            yield Step(item.action, cell, chosen, how, item.object)


def sample(session: Session, count: int) -> list[PlanLine]:
    """A random sample of what is ready, as rows, worst first; another one each time."""
    ids = plans.ids_in(session.store, (PlanState.PLANNED,))
    chosen = sorted(random.Random().sample(range(len(ids)), min(count, len(ids))))
    return planning.lines(session, [ids[place] for place in chosen])


def plan_record(overview: PlanOverview) -> dict[str, Any]:
    """The plan as one JSON document with stable keys."""
    return {
        "profile": overview.profile or None,
        "open": len(overview.item_ids),
        "warnings": list(overview.warnings),
        "actions": [_group_record(group) for group in overview.groups],
        "notes": list(overview.notes),
    }


def _group_record(group: PlanGroup) -> dict[str, Any]:
    return {
        "action": group.action.value,
        "ready": group.ready,
        "held": group.held,
        "later": group.later,
        "done": group.done,
        "done_by_hand": group.done_by_hand,
        "missing": group.missing,
        "failed": group.failed,
        "via": group.via.value,
        "via_reason": group.via_reason,
        "price_usd": group.price_usd,
        "seconds": round(group.seconds, 1),
        "duration": group.duration,
        "pace": group.pace,
        "by_reason": [{"reason": line.value, "count": line.count} for line in group.by_reason],
        "held_by": [{"reason": held.reason, "count": held.count} for held in group.held_by],
        "set_aside": [{"reason": held.reason, "count": held.count} for held in group.set_aside],
        "final": reversing.finality(group.action) or None,
        "collateral": [
            {"what": line.value, "query": line.term or None, "count": line.count} for line in group.collateral
        ],
    }


def plan_text(overview: PlanOverview) -> list[str]:
    """The plan as lines for a person."""
    lines = [f"! {warning}" for warning in overview.warnings] + list(overview.notes)
    if overview.longest:
        lines.append(f"{overview.longest:,} are many: apply --limit {WORST} takes the worst {WORST} first")
    for group in overview.groups:
        state = ", ".join(
            f"{count:,} {word}"
            for count, word in (
                (group.ready, "ready"), (group.held, "held back"), (group.later, "later"), (group.done, "done"),
                (group.done_by_hand, "done by hand"), (group.missing, "no longer there"), (group.failed, "failed"),
            )
            if count
        )  # fmt: skip
        lines.append(f"{ACTION_WORDS[group.action]}: {state}")
        if group.ready:
            price = "" if group.price_usd is None else f", ${group.price_usd:,.2f} at list price"
            lines.append(f"  {group.pace}{price} ({group.via_reason})")
        lines += [f"  because   {line.count:>7,}  {line.value}" for line in group.by_reason]
        lines += [f"  held back {held.count:>7,}  {reason_for(held.count, held.reason)}" for held in group.held_by]
        lines += [f"  of these  {line.count:>7,}  {line.value}" for line in group.collateral]
        lines += [f"  set aside {held.count:>7,}  {held.reason}" for held in group.set_aside]
        if group.ready and (final := reversing.finality(group.action)):
            lines.append(f"  note      {ACTION_WORDS[group.action]}: {final}")
    return lines


def rows_planned(session: Session, rows: Sequence[int]) -> list[int]:
    """Numbers of the open plan items of some accounts."""
    wanted = {int(row) for row in rows}
    return [item.id for item in plans.items_in(session.store, OPEN_PLAN_STATES) if item.row in wanted]


def by_hand_hint(count: int) -> str:
    """What to do with actions only a hand can carry out, in one line; "" for none."""
    if not count:
        return ""
    seconds = Platform.load().seconds_by_hand * count
    return (
        f"{counted(count, 'action')} by hand, about {span(seconds)} of clicking: "
        "followertui apply --via hand, or followertui worksheet plan.html"
    )
