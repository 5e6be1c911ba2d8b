"""The card of the account under the cursor: below the table, or at its right where there is room.

Owns how the card fits its space; the words are ``cardtext``'s. Drawn line by line, so that
another account repaints the card and lays nothing out again.
"""

from __future__ import annotations

from textual.content import Content
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from followertui.services.values import Card
from followertui.ui.cardtext import confirm_card, full_card, head_line, small_card
from followertui.ui.cells import lines, plain

TALL_LINES = 16
"""From so many lines on there is room for everything."""
MOST_LINES = 60
HEIGHT_STEP = 8
"""Taller cards grow by so many lines at once: each other height is laid out anew."""


class AccountCard(ScrollView, can_focus=False, inherit_bindings=False):
    """One account as far as it fits."""

    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.card: Card | None = None
        self.match_at = 0
        self.is_confirming = False
        self._strips: list[Strip] = []

    def show(self, card: Card | None, match_at: int = 0, *, is_confirming: bool = False) -> None:
        """Show another account.

        Args:
            card: the account, None where the table is empty.
            match_at: which match is looked at.
            is_confirming: whether the match decides.
        """
        self.card, self.match_at, self.is_confirming = card, match_at, is_confirming
        if self.scroll_offset.y:
            self.scroll_to(y=0, animate=False, immediate=True)
        self._draw()

    def on_resize(self) -> None:
        """Wrap again."""
        self._draw()

    def notify_style_update(self) -> None:
        """The theme changed: draw again."""
        super().notify_style_update()
        self._draw()

    def _draw(self) -> None:
        width, height = self.size
        if not self.is_mounted or not width:
            return
        self._strips = Visual.to_strips(self, self._text(width, height), width, None, self.visual_style)
        beyond = max(0, len(self._strips) - height)
        wanted = Size(width, height + -(-beyond // HEIGHT_STEP) * HEIGHT_STEP)
        if wanted != self.virtual_size:
            self.virtual_size = wanted
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        at = round(self.scroll_offset.y) + y
        if 0 <= at < len(self._strips):
            return self._strips[at].adjust_cell_length(self.size.width, self.rich_style)
        return Strip.blank(self.size.width, self.rich_style)

    def _text(self, width: int, height: int) -> Content:
        if self.card is None:
            return plain("")
        if self.is_confirming and self.card.matches:
            if height < TALL_LINES:
                return confirm_card(self.card, width, max(height, 8), self.match_at)
            return lines([head_line(self.card), Content(""), confirm_card(self.card, width, MOST_LINES, self.match_at)])
        if height < TALL_LINES:
            return small_card(self.card, width, height, self.match_at)
        return full_card(self.card, width, self.match_at)
