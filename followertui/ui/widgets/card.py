"""The card of the account under the cursor: below the table, or at its right where there is room.

Owns how the card fits its space; the words are ``card_text``'s. Drawn line by line, so that
another account repaints the lines that differ and lays nothing out again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget

from followertui.ui.attempt import Guarded
from followertui.ui.card_text import confirm_card, head_line, small_card
from followertui.ui.cells import lines, plain
from followertui.ui.panel_text import panel_card

if TYPE_CHECKING:
    from followertui.services.values import Card

TALL_LINES = 16
"""Number of lines from which everything fits."""
MOST_LINES = 60
WHEEL_LINES = 3
MORE_KEY = "Enter: all of it"


class AccountCard(Guarded, Widget, can_focus=False, inherit_bindings=False):
    """One account as far as it fits; the wheel shows the rest, Enter the whole card."""

    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.card: Card | None = None
        self.match_at = 0
        self.is_confirming = False
        self._first = 0
        self._strips: list[Strip] = []
        self._shown: list[Strip] = []

    def show(self, card: Card | None, match_at: int = 0, *, is_confirming: bool = False) -> None:
        """Show another account.

        Args:
            card: the account, None where the table is empty.
            match_at: position of the match shown.
            is_confirming: whether the match decides.
        """
        if (card, match_at, is_confirming) == (self.card, self.match_at, self.is_confirming) and self._strips:
            return
        self.card, self.match_at, self.is_confirming = card, match_at, is_confirming
        self._first = 0
        self._draw()

    def on_resize(self) -> None:
        """Wrap again."""
        self._draw()

    def notify_style_update(self) -> None:
        """The theme changed: draw again."""
        super().notify_style_update()
        self._shown = []
        self._draw()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The lines that did not fit."""
        event.stop()
        self._scroll(WHEEL_LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Back towards the first line."""
        event.stop()
        self._scroll(-WHEEL_LINES)

    def _scroll(self, by: int) -> None:
        self._first = max(0, min(self._first + by, len(self._strips) - self.size.height))
        self._show_lines()

    def _draw(self) -> None:
        width, height = self.size
        if not self.is_mounted or not width:
            return
        self._strips = Visual.to_strips(self, self._text(width, height), width, None, self.visual_style)
        self._show_lines()

    def _show_lines(self) -> None:
        width, height = self.size
        ground = self.rich_style
        shown = [strip.adjust_cell_length(width, ground) for strip in self._strips[self._first : self._first + height]]
        if self._first + height < len(self._strips):
            more = line_of_more(len(self._strips) - self._first - height + 1)
            shown[-1:] = Visual.to_strips(self, more, width, 1, self.visual_style)
        shown += [Strip.blank(width, ground)] * (height - len(shown))
        before, self._shown = self._shown, shown
        if len(before) != height:
            self.refresh()
            return
        changed = [Region(0, y, width, 1) for y in range(height) if before[y] != shown[y]]
        if changed:
            self.refresh(*changed)

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        return self._shown[y] if y < len(self._shown) else Strip.blank(self.size.width, self.rich_style)

    def _text(self, width: int, height: int) -> Content:
        if self.card is None:
            return plain("")
        if self.is_confirming and self.card.matches:
            if height < TALL_LINES:
                return confirm_card(self.card, width, max(height, 8), self.match_at)
            return lines([head_line(self.card), Content(""), confirm_card(self.card, width, MOST_LINES, self.match_at)])
        if height < TALL_LINES:
            return small_card(self.card, width, height, self.match_at)
        return panel_card(self.card, width, self.match_at)


def line_of_more(count: int) -> Content:
    """The last line where there is more."""
    return plain(f"… {count} more lines · {MORE_KEY}", "$foreground-muted")
