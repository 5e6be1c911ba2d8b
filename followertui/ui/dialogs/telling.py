"""Something to read over a screen.

Owns the dialog that only tells.
"""

from __future__ import annotations

from textual import events
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from followertui.ui.dialogs.dialog import Dialog


class Told(Dialog[bool]):
    """Something to read.

    Args:
        title: what it is.
        text: lines of finished content.
    """

    def __init__(self, title: str, text: Content) -> None:
        super().__init__(title, "j k scroll · Enter, q or Esc back")
        self.add_class("-full")
        self._text = text

    def body(self) -> list[Widget]:
        """The text, as long as it is."""
        return [VerticalScroll(Static(self._text), id="account-body")]

    def pressed(self, event: events.Key) -> bool:
        """Enter or ``q`` closes, j and k scroll."""
        body = self.query_one("#account-body", VerticalScroll)
        if event.key in ("enter", "q"):
            self.dismiss(True)
        elif event.key in ("j", "down"):
            body.scroll_down(animate=False)
        elif event.key in ("k", "up"):
            body.scroll_up(animate=False)
        else:
            return False
        return True
