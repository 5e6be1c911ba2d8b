"""The table of accounts: columns that adapt to width and rows, settled rows dimmed.

Owns what each cell of an account shows. Rows come from the workbench, 64 at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from followertui.domain.decision import DECISION_KEYS, Decision
from followertui.ui.columns import MANY_REASONS, SIGNS, Column, account_cell, account_columns, held_by
from followertui.ui.widgets.row_pages import PAGE_ROWS
from followertui.ui.widgets.table import VirtualTable

if TYPE_CHECKING:
    from followertui.services.values import RowCells

DECISION_SIGNS: dict[Decision, str] = {decision: key for key, decision in DECISION_KEYS.items()}
"""What stands before a decided row: the key that decided it."""


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
        self.chosen: Sequence[str] = ()
        self._held: set[str] = set()
        self._signs: tuple[str, ...] = ()
        self._has_bio = False

    def show(self, keys: Sequence[int], cursor: int = 0) -> None:
        """Show other rows, in columns that suit what rows from all over the view hold."""
        spread = [int(key) for key in keys[PAGE_ROWS :: max(1, len(keys) // PAGE_ROWS)][:PAGE_ROWS]]
        self._held = held_by(self._page(spread)) if spread else set()
        super().show(keys, cursor)
        self.choose_columns(self.chosen)

    def choose_columns(self, chosen: Sequence[str]) -> None:
        """Show those columns, in that order; none lets them choose themselves."""
        self.chosen = chosen
        if len(self.keys):
            self.row_at(self.cursor)
        self.lay_out_again()

    def fetch(self, keys: Sequence[int]) -> Sequence[RowCells]:
        """Rows of at most 64 row numbers; a column that held nothing so far unfolds."""
        rows = self._page(keys)
        # What was just decided shows at the row's start: its column waits for the next view. How many
        # reasons there are is told by rows from all over the view, not by those on the screen.
        more = held_by(rows) - self._held - ({"decision", MANY_REASONS} if self._held else set())
        if more:
            self._held |= more
            if not self.chosen:
                self.call_later(self.lay_out_again)
        return rows

    def columns(self, width: int) -> tuple[Column, ...]:
        """Columns for this width and these rows."""
        columns = account_columns(width, self._held, self.chosen, self.sort.lstrip("-"))
        shown = {column.id for column in columns}
        self._has_bio = "bio" in shown or "bio" not in self._held
        self._signs = tuple(sign for name, sign, _ in SIGNS if self.chosen or name in self._held)
        return tuple(
            column._replace(title="Why / bio") if column.id == "why" and not self._has_bio else column
            for column in columns
        )

    def is_dim(self, row: RowCells) -> bool:
        """Decided rows stay, dimmed, until the view is entered again; in Confirm only an answer settles."""
        return row.row in self.settled or (row.decision is not Decision.NONE and not self.is_confirming)

    def sign(self, row: RowCells) -> str:
        """The answer to its match, or the key that decided the row."""
        return self.settled.get(row.row, "") or DECISION_SIGNS.get(row.decision, " ")

    def cell(self, row: RowCells, column: str) -> tuple[str, str]:
        """Text and look of one cell."""
        return account_cell(row, column, self._signs, has_bio=self._has_bio)
