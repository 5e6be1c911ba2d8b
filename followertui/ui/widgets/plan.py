"""What the plan shows: its items as rows, and its figures above them.

Owns the plan's table and the wording of its groups. Values are handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from followertui.domain.decision import PlanState
from followertui.domain.guards import reason_for
from followertui.ui.cells import Part, counted, hanging, line, lines, plain
from followertui.ui.columns import Column
from followertui.ui.row_text import KIND_LOOKS, kind_word, name_of
from followertui.ui.targets import ToGroup, ToQuery, target
from followertui.ui.widgets.table import VirtualTable

if TYPE_CHECKING:
    from followertui.services.plan.values import PlanGroup, PlanLine, PlanOverview
    from followertui.services.values import CountLine

_STATE_LOOKS = {
    PlanState.HELD: "warn",
    PlanState.FAILED: "bad",
    PlanState.MISSING: "bad",
    PlanState.LATER: "muted",
    PlanState.PLANNED: "good",
}


class PlanTable(VirtualTable["PlanLine"]):
    """Items of the plan, worst first, held ones last.

    Args:
        page: fetches items by their number.
        id: widget id.
    """

    def __init__(self, page: Callable[[Sequence[int]], Sequence[PlanLine]], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._page = page

    def fetch(self, keys: Sequence[int]) -> Sequence[PlanLine]:
        """At most 64 items."""
        return self._page(keys)

    def columns(self, width: int) -> tuple[Column, ...]:
        """Columns for this width."""
        fixed = [Column("action", "Action", 10), Column("state", "State", 8)]
        middle = [Column("relation", "↔", 1), Column("kind", "Kind", 11)]
        room = width - sum(column.width + 1 for column in (*fixed, *middle)) - 3
        handle = 12 if room < 56 else 16
        name = max(10, min(26, (room - handle) // 2))
        reason = max(6, room - name - handle)
        return (
            *fixed,
            Column("name", "Name", name),
            Column("handle", "Handle", handle),
            *middle,
            Column("reason", "Why", reason),
        )

    def is_dim(self, row: PlanLine) -> bool:
        """Held items are dimmed."""
        return row.state is PlanState.HELD

    def cell(self, row: PlanLine, column: str) -> tuple[str, str]:
        """Text and look of one cell."""
        cells = row.cells
        shown = {
            "action": (row.action.value + (f" {row.object}" if row.object else ""), ""),
            "state": (row.state.value, _STATE_LOOKS.get(row.state, "muted")),
            "name": (name_of(cells), "strong"),
            "handle": (cells.handle, ""),
            "relation": (cells.relation, "muted"),
            "kind": (kind_word(cells), KIND_LOOKS.get(cells.kind, "")),
        }
        return shown.get(column, (row.reason, ""))


def figure(count: int, words: str, style: str, query: str = "") -> Content:
    """A count with its words; a click opens the rows it counts."""
    shown = line((counted(count), style), f" {words}")
    return shown.stylize(target(ToQuery(query))) if query else shown


def group_line(group: PlanGroup, *, is_current: bool) -> Content:
    """One action: how many are ready, held, done, by whom, for how much, how long."""
    query = f"plan:{group.action.value}"
    parts: list[Part] = [
        ("▌" if is_current else " ", "$accent"),
        (f"{group.action.value:<16}", "bold" if is_current else ""),
        figure(group.ready, "ready", "bold $success" if group.ready else "$foreground-muted", query),
    ]
    if group.ready:
        price = f" ${group.price_usd:,.2f}" if group.price_usd is not None else ""
        parts.append((f"  {'API' if group.via == 'api' else 'by hand'}{price} · {group.duration}", "$primary"))
    for count, words, style in (
        (group.held, "held", "bold $warning"),
        (group.later, "later", "bold"),
        (group.done, "done", "bold"),
        (group.done_by_hand, "done by hand", "bold"),
        (group.missing, "missing", "bold $error"),
        (group.failed, "failed", "bold $error"),
    ):
        if count:
            parts += [("  ", ""), figure(count, words, style)]
    return line(*parts).stylize(target(ToGroup(group.action)))


def _counts(items: Sequence[CountLine], action: str) -> Content:
    parts: list[Part] = []
    for item in items:
        parts += [(" · ", "$foreground-muted")] if parts else []
        query = f"plan:{action} {item.term}" if item.term else ""
        parts.append(figure(item.count, item.value, "bold", query))
    return line(*parts)


def group_details(group: PlanGroup, width: int) -> Content:
    """Why items are planned and held, whom it touches besides, and how it is carried out."""
    action = group.action.value
    rows = []
    if group.by_reason:
        rows.append(hanging(" why", _counts(group.by_reason, action), width, label_width=9))
    if group.held_by:
        held = " · ".join(f"{counted(item.count)} {reason_for(item.count, item.reason)}" for item in group.held_by)
        rows.append(hanging(" held", plain(held, "$warning"), width, label_width=9))
    if group.set_aside:
        put_off = " · ".join(f"{counted(item.count)} {item.reason}" for item in group.set_aside)
        rows.append(hanging(" later", plain(put_off, "$warning"), width, label_width=9))
    if group.collateral:
        rows.append(hanging(" touches", _counts(group.collateral, action), width, label_width=9))
    how = [text for text in (group.via_reason, group.pace) if text]
    if how:
        rows.append(hanging(" how", plain(" · ".join(how), "$foreground-muted"), width, label_width=9))
    return lines(rows)


def overview_content(overview: PlanOverview, current: int, width: int) -> Content:
    """Everything above the rows.

    Args:
        overview: the plan's figures.
        current: which group's details are shown.
        width: cells.

    Returns:
        Several lines.
    """
    rows = [
        hanging(" !", plain(warning, "bold $text-error"), width, label_width=3, label_style="bold $text-error")
        for warning in overview.warnings
    ]
    notes = list(overview.notes)
    if overview.longest:
        notes.append(
            f"many at once: t the worst {overview.worst} first · X drops a part · L marked ones on a list · c pace"
        )
    rows += [hanging(" ·", plain(note, "$foreground-muted"), width, label_width=3) for note in notes]
    for index, group in enumerate(overview.groups):
        rows.append(group_line(group, is_current=index == current).truncate(width, ellipsis=True))
    if overview.groups:
        rows.append(group_details(overview.groups[min(current, len(overview.groups) - 1)], width))
    return lines(rows)
