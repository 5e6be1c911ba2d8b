"""What every dialog shares: a frame, a title, a line of keys, Esc to go back.

Owns the frame. Each dialog answers one question with a value, or None where it was left.
"""

from __future__ import annotations

from typing import TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Static

from followertui.ui.attempt import GuardedScreen
from followertui.ui.cells import plain

AnswerT = TypeVar("AnswerT")


class Dialog(GuardedScreen[AnswerT | None], ModalScreen[AnswerT | None]):
    """A question over the screen.

    Args:
        title: the question.
        hint: the keys it takes, one line.
    """

    AUTO_FOCUS = "*"
    takes_early_keys: bool = False
    """Whether keys pressed before the dialog was painted are for it; not where it must be read first."""

    def __init__(self, title: str, hint: str = "Esc back") -> None:
        super().__init__()
        self._title_text = title
        self._hint_text = hint

    def compose(self) -> ComposeResult:
        """The frame around the body."""
        with Vertical(classes="dialog"):
            yield Static(plain(self._title_text, "bold $primary", keep_lines=True), classes="dialog-title")
            yield from self.body()
            yield Static(plain(self._hint_text, "$foreground-muted"), classes="dialog-hint")

    def body(self) -> list[Widget]:
        """The widgets between title and hint."""
        return []

    def on_key(self, event: events.Key) -> None:
        """Esc closes without an answer; other keys are the dialog's, but for those of the program."""
        if self.program_key(event.key):
            event.stop()
            event.prevent_default()
        elif event.key == "escape":
            event.stop()
            self.dismiss(None)
        elif self.pressed(event):
            event.stop()
            event.prevent_default()

    def pressed(self, event: events.Key) -> bool:
        """React to a key; whether it was one of ours."""
        return False

    def on_click(self, event: events.Click) -> None:
        """A click beside the dialog closes it without an answer."""
        if event.widget is self:
            self.dismiss(None)

    @property
    def is_typing(self) -> bool:
        """Whether letters belong to an input."""
        return isinstance(self.focused, Input)
