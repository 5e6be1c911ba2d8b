"""Asking for a word, a number or a yes.

Owns the dialogs with one line to type and the plain question.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual import events, on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from followertui.ui.cells import counted, line, lines, plain
from followertui.ui.dialogs.dialog import Dialog
from followertui.ui.widgets.line import LineInput


class Question(Dialog[bool]):
    """A yes or no.

    Args:
        title: the question.
        text: what it is about, lines of finished content.
        yes, no: what each does, one or two words.
    """

    def __init__(self, title: str, text: Content | str = "", *, yes: str = "yes", no: str = "no") -> None:
        super().__init__(title, f"y or Enter: {yes} · n or Esc: {no}")
        self._text = plain(text, keep_lines=True) if isinstance(text, str) else text

    def body(self) -> list[Widget]:
        """What it is about."""
        return [Static(self._text, classes="dialog-text")] if self._text.plain else []

    def pressed(self, event: events.Key) -> bool:
        """``y`` or Enter, ``n``."""
        if event.key in ("y", "enter"):
            self.dismiss(True)
        elif event.key == "n":
            self.dismiss(False)
        else:
            return False
        return True


def release_question(guards: Sequence[str]) -> Question:
    """Whether an account is released from what holds it back.

    Args:
        guards: what holds it, a line each.
    """
    text = lines([*(line(why) for why in guards), line("It can then be taken out, until one of these changes.")])
    return Question("Release from what holds it now?", text, yes="release")


class LineDialog(Dialog[str]):
    """One line of text.

    Args:
        title: what is asked.
        value: text to begin with.
        placeholder: shown while empty.
        remarks: lines below the input.
        words: completions for the last comma-separated word.
        is_hidden: show dots for what is typed, such as a key.
    """

    takes_early_keys = True

    def __init__(
        self,
        title: str,
        value: str = "",
        placeholder: str = "",
        remarks: Sequence[Content] = (),
        words: Sequence[str] = (),
        hint: str = "Enter take · Esc back",
        is_hidden: bool = False,
    ) -> None:
        super().__init__(title, hint)
        self._is_hidden = is_hidden
        self._value = value
        self._placeholder = placeholder
        self._remarks = remarks
        self._words = words

    def body(self) -> list[Widget]:
        """The line and what is below it."""
        widgets: list[Widget] = [
            LineInput(
                self._value,
                placeholder=self._placeholder,
                id="line",
                compact=True,
                select_on_focus=False,
                password=self._is_hidden,
            )
        ]
        if self._words:
            widgets.append(Static(id="offer"))
        if self._remarks:
            widgets.append(Static(lines(self._remarks), classes="dialog-text"))
        return widgets

    def _offers(self, text: str) -> list[str]:
        start = text.rpartition(",")[2].strip().lstrip("-")
        return [word for word in self._words if word.lower().startswith(start.lower()) and word != start][:8]

    @on(Input.Changed, "#line")
    def line_changed(self, event: Input.Changed) -> None:
        """Offer words that begin so."""
        if self._words:
            offers = self._offers(event.value)
            text = line(("Tab ", "$accent"), ("  ".join(offers), "$foreground-muted")) if offers else plain("")
            self.query_one("#offer", Static).update(text)

    @on(Input.Submitted, "#line")
    def line_entered(self, event: Input.Submitted) -> None:
        """Enter takes it."""
        event.stop()
        self.dismiss(event.value.strip())

    def pressed(self, event: events.Key) -> bool:
        """Tab completes."""
        if event.key != "tab" or not self._words:
            return False
        widget = self.query_one("#line", Input)
        offers = self._offers(widget.value)
        if offers:
            head, comma, tail = widget.value.rpartition(",")
            sign = "-" if tail.strip().startswith("-") else ""
            widget.value = f"{head}{comma}{' ' if comma else ''}{sign}{offers[0]}"
            widget.cursor_position = len(widget.value)
        return True


class TypedCount(Dialog[int]):
    """The number of calls, typed before they are made.

    Args:
        title: what will happen.
        count: the number to type.
        text: price, time and what is held back.
    """

    def __init__(self, title: str, count: int, text: Content) -> None:
        super().__init__(title, "Enter carry out · Esc back")
        self._count = count
        self._text = text

    def body(self) -> list[Widget]:
        """What it costs, and the line to type in."""
        return [
            Static(self._text, classes="dialog-text"),
            Static(line("Type ", (str(self._count), "bold $accent"), " to carry out:"), classes="dialog-text"),
            LineInput(id="count", placeholder=str(self._count), compact=True, restrict=r"[0-9,]*"),
            Static(id="count-error"),
        ]

    @on(Input.Submitted, "#count")
    def count_entered(self, event: Input.Submitted) -> None:
        """Only the exact number goes on."""
        event.stop()
        typed = event.value.replace(",", "")
        if typed == str(self._count):
            self.dismiss(self._count)
            return
        said = f"that is not {counted(self._count)}" if typed else f"type {counted(self._count)}, or Esc"
        self.query_one("#count-error", Static).update(plain(said, "$text-error"))
