"""One account over another screen: all that is known, to read.

Owns the frame; the words are ``card_text``'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from followertui.ui.card_text import full_card
from followertui.ui.dialogs.dialog import Dialog

if TYPE_CHECKING:
    from followertui.services.values import Card

TEXT_WIDTH = 70


class AccountDialog(Dialog[bool]):
    """All that is known of an account.

    Args:
        card: the account.
    """

    AUTO_FOCUS = "#account-body"

    def __init__(self, card: Card) -> None:
        super().__init__("", "j k scroll · q, Enter or Esc back")
        self._card = card

    def body(self) -> list[Widget]:
        """The card, scrolled."""
        width = min(TEXT_WIDTH, max(30, self.app.size.width - 10))
        return [VerticalScroll(Static(full_card(self._card, width)), id="account-body")]

    def pressed(self, event: events.Key) -> bool:
        """Scroll or leave."""
        body = self.query_one("#account-body", VerticalScroll)
        if event.key in ("q", "enter"):
            self.dismiss(True)
        elif event.key in ("j", "k"):
            body.scroll_relative(y=1 if event.key == "j" else -1, animate=False)
        else:
            return False
        return True
