"""The table of accounts: columns that adapt to the width, settled rows dimmed.

Owns what each cell of an account shows. Rows come from the workbench, 64 at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from followertui.domain.decision import DECISION_KEYS, Decision
from followertui.ui.cells import short_count, silence
from followertui.ui.row_text import KIND_LOOKS, kind_word, name_of
from followertui.ui.widgets.table import Column, VirtualTable

if TYPE_CHECKING:
    from followertui.services.values import RowCells

DECISION_SIGNS: dict[Decision, str] = {decision: key for key, decision in DECISION_KEYS.items()}
"""What stands before a decided row: the key that decided it."""


def account_columns(width: int) -> tuple[Column, ...]:
    """Columns of the account table for a width in cells.

    Args:
        width: cells without the gutter.

    Returns:
        Columns in order; each is followed by one empty cell.
    """
    fixed = [Column("relation", "↔", 1), Column("kind", "Kind", 11, "kind")]
    tail = [Column("bot", "Bot", 3, "bot", True), Column("silent", "Silent", 6, "silent", True)]
    if width >= 96:
        tail.append(Column("followers", "Followers", 10, "followers", True))
    if width >= 110:
        tail.append(Column("decision", "Decision", 8, "decision"))
    if width >= 126:
        tail.append(Column("tags", "Tags", 16))
    room = width - sum(column.width + 1 for column in (*fixed, *tail))
    if room < 34:
        name = max(8, (room - 2) // 2)
        return (
            Column("name", "Name", name, "name"),
            Column("handle", "Handle", max(6, room - name - 2), "handle"),
            *fixed,
            *tail,
        )
    handle = 13 if room < 50 else 15 if room < 70 else 16
    name = max(12, min(26, (room - handle) * 9 // 20))
    why = max(6, room - name - handle - 3)
    return (
        Column("name", "Name", name, "name"),
        Column("handle", "Handle", handle, "handle"),
        *fixed,
        Column("why", "Why", why),
        *tail,
    )


class AccountTable(VirtualTable["RowCells"]):
    """Accounts in view order.

    Args:
        page: fetches rows by store row number.
        id: widget id.
    """

    def __init__(self, page: Callable[[Sequence[int]], Sequence[RowCells]], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._page = page
        self.settled: dict[int, str] = {}
        self.is_confirming = False

    def fetch(self, keys: Sequence[int]) -> Sequence[RowCells]:
        """Rows of at most 64 row numbers."""
        return self._page(keys)

    def columns(self, width: int) -> tuple[Column, ...]:
        """Columns for this width."""
        return account_columns(width)

    def is_dim(self, row: RowCells) -> bool:
        """Decided rows stay, dimmed, until the view is entered again; in Confirm only an answer settles."""
        return row.row in self.settled or (row.decision is not Decision.NONE and not self.is_confirming)

    def sign(self, row: RowCells) -> str:
        """The answer to its match, or the key that decided the row."""
        return self.settled.get(row.row, "") or DECISION_SIGNS.get(row.decision, " ")

    def cell(self, row: RowCells, column: str) -> tuple[str, str]:
        """Text and look of one cell."""
        if column == "name":
            lead = "◆ " if row.is_guarded else ""
            return lead + name_of(row) + (" ✎" if row.has_note else "") + (" ⌀" if row.is_locked else ""), "strong"
        if column == "handle":
            return row.handle, ""
        if column == "relation":
            return row.relation, "muted"
        if column == "kind":
            return kind_word(row), KIND_LOOKS.get(row.kind, "")
        if column == "why":
            return row.why, ""
        if column == "bot":
            return ("" if row.bot is None else str(row.bot)), ("bad" if (row.bot or 0) >= 70 else "muted")
        if column == "silent":
            return silence(row.silent_days), ("warn" if (row.silent_days or 0) >= 730 else "muted")
        if column == "followers":
            return short_count(row.followers), "muted"
        if column == "decision":
            if row.decision is Decision.NONE:
                return "", ""
            return row.decision.value + (" →" if row.action is not None else ""), "muted"
        return ", ".join(row.tags), "muted"
