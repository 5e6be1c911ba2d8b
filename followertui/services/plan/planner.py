"""The plan as screens and commands work on it: take out, bring back, look into, take a batch back.

Owns no rule of its own; each method is one call of a use case. Screens reach it through the workbench.
"""

from __future__ import annotations

from collections.abc import Sequence

from followertui.domain.decision import ActionKind, Executor, PlanState
from followertui.services.phrases import ACTION_WORDS, day
from followertui.services.plan import (
    grouping,
    objects,
    paces,
    pacing,
    planning,
    previewing,
    ramping,
    reversing,
    staying,
)
from followertui.services.plan.values import Part, PlanLine, PlanOverview
from followertui.services.review import deciding, house_checks
from followertui.services.session import Session
from followertui.services.values import CountLine, Gesture
from followertui.store.decisions import plans


class Planner:
    """What can be done with the plan before it is carried out.

    Args:
        session: the open store.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def drop(self, item_ids: Sequence[int], query: str = "") -> Gesture:
        """Take items out of the plan; the words they were found with stand in the journal."""
        return planning.drop(self._session, item_ids, query)

    def bring_back(self, item_ids: Sequence[int]) -> Gesture:
        """Return what was put off to the plan now."""
        return planning.bring_back(self._session, item_ids)

    def parts(self, overview: PlanOverview) -> list[Part]:
        """Actions and their reasons, as far as something of them is ready."""
        found = []
        for group in overview.groups:
            if group.ready:
                query = grouping.planned_query(group.action)
                found.append(Part(group.action, ACTION_WORDS[group.action], query, group.ready))
                found += [
                    Part(group.action, f"  {line.value}", line.term, line.count)
                    for line in group.by_reason
                    if line.term
                ]
        return found

    def drop_part(self, part: Part) -> Gesture:
        """Take a part out of the plan; what was decided stays."""
        rows = set(self._session.evaluator.rows(self._session.parse(part.query), self._session.now).tolist())
        items = plans.items_in(self._session.store, (PlanState.PLANNED,), part.action)
        return planning.drop(self._session, [item.id for item in items if item.row in rows], part.query)

    def stays(self) -> list[CountLine]:
        """Why the others we follow stay."""
        return staying.reasons(self._session)

    def sample(self, count: int = 20) -> list[PlanLine]:
        """A random sample of what is ready."""
        return previewing.sample(self._session, count)

    def to_private_list(self, rows: Sequence[int], name: str) -> Gesture:
        """Plan to put some accounts on a private list on X, made where there is none of that name.

        Raises:
            BadInput: they are more than a day's cap, the list is full, or X does not answer.
        """
        known = objects.resolve_list(self._session, name, is_made=True)
        return deciding.plan_add(self._session, ActionKind.LIST_ADD, rows, known)

    def batches(self) -> list[tuple[int, str]]:
        """Batches newest first: number, and when, by whom, how and what was done."""
        zone = self._session.zone
        return [
            (
                each.id,
                f"{day(each.at, zone)}, {each.reviewer}, by {'hand' if each.executor is Executor.HAND else 'API'}: "
                + ", ".join(f"{count:,} {ACTION_WORDS[action]}" for action, count in each.done.items()),
            )
            for each in reversing.latest(self._session)
        ]

    def reverse(self, number: int) -> str:
        """Plan what takes a batch back; what was planned, its price and what cannot be taken back, in one text."""
        found = reversing.reverse(self._session, number)
        return "\n".join((found.gesture.text, *found.lines))

    def pace(self, overview: PlanOverview) -> list[str]:
        """The pace of what is planned, an action a line: what was done today, the caps; then when nothing is done."""
        lines = []
        for group in overview.groups:
            day = pacing.today(self._session, group.action, group.via)
            per_window = pacing.caps(self._session, group.action, group.via).per_window
            how = "by hand" if group.via is Executor.HAND else "through the API"
            lines.append(
                f"{ACTION_WORDS[group.action]}: {day.done:,} of {day.cap:,} today, {per_window:,} in 15 minutes, {how}"
            )
        hours = pacing.quiet(self._session)
        return [*lines, f"quiet hours: {hours or 'none'}"]

    def set_quiet(self, text: str) -> str:
        """Set the quiet hours; says what holds now."""
        return " · ".join(paces.change(self._session, paces.Wanted(quiet=text)))

    def checks(self) -> list[tuple[str, str]]:
        """House checks: the line, and what breaks it, "" where it holds."""
        return [(str(each.check), each.failure) for each in house_checks.run(self._session)]

    def add_check(self, line: str) -> str:
        """Add a house check; says so, and what fails now."""
        said = house_checks.add(self._session, [line])
        return " · ".join(text for text in (said, house_checks.said(self._session)) if text)

    def finality(self, action: ActionKind) -> str:
        """What of an action cannot be undone, "" where nothing is worth saying."""
        return reversing.finality(action)

    def ramp(self, count: int) -> str:
        """How a run of this many begins, "" where it is too short to have steps."""
        return ramping.in_words(count)
