"""The card of the account under the cursor: below the table, or at its right where there is room.

Owns how the card fits its space; the words are ``cardtext``'s.
"""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from followertui.services.values import Card
from followertui.ui.cardtext import confirm_card, full_card, head_line, small_card
from followertui.ui.cells import lines, plain

TALL_LINES = 16
"""From so many lines on there is room for everything."""


class AccountCard(VerticalScroll, can_focus=False):
    """One account as far as it fits."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.card: Card | None = None
        self.match_at = 0
        self.is_confirming = False

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static(id="card-text")

    def show(self, card: Card | None, match_at: int = 0, *, is_confirming: bool = False) -> None:
        """Show another account.

        Args:
            card: the account, None where the table is empty.
            match_at: which match is looked at.
            is_confirming: whether the match decides.
        """
        self.card, self.match_at, self.is_confirming = card, match_at, is_confirming
        self.scroll_home(animate=False)
        self._draw()

    def on_resize(self) -> None:
        """Wrap again."""
        self._draw()

    def _draw(self) -> None:
        if not self.is_mounted or not self.size.width:
            return
        self.query_one("#card-text", Static).update(self._text())

    def _text(self) -> Content:
        if self.card is None:
            return plain("")
        width, height = self.scrollable_content_region.width, self.size.height
        if self.is_confirming and self.card.matches:
            text = confirm_card(self.card, width, max(height, 8), self.match_at)
            if height < TALL_LINES:
                return text
            return lines([head_line(self.card), Content(""), confirm_card(self.card, width, 60, self.match_at)])
        if height < TALL_LINES:
            return small_card(self.card, width, height, self.match_at)
        return full_card(self.card, width, self.match_at)
