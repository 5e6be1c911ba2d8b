"""The filter line: the query as typed, how much it shows, completion, and what is wrong with it.

Owns typing, debouncing and completion. Does not evaluate anything: it posts what was typed
and is told the result.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from followertui.domain.errors import BadQuery
from followertui.domain.query import Completion
from followertui.ui.attempt import Guarded
from followertui.ui.cells import fit, line
from followertui.ui.widgets.bars import KeyFooter
from followertui.ui.widgets.line import LineInput

DEBOUNCE_SECONDS = 0.12
MOST_COMPLETIONS = 7
MOST_REMEMBERED = 30
"""Filters Up brings back."""
HELP_WIDTH = 34


class ViewCounts(Guarded, Widget):
    """How much is in view and marked; grows in steps, so that a count alone lays nothing out."""

    STEP = 12
    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown = ""

    def show(self, shown: str) -> None:
        """Show other counts."""
        self._shown = shown
        wanted = -(-(len(shown) + 2) // self.STEP) * self.STEP
        if self.styles.width is None or self.styles.width.value != wanted:
            self.styles.width = wanted
        self.refresh()

    def render(self) -> Content:
        """At the right edge."""
        return line((self._shown + " ", "$foreground-muted")).pad_left(max(0, self.size.width - len(self._shown) - 1))


class FilterLine(Guarded, Widget):
    """A query being typed.

    Args:
        complete: ways to go on, from the text and the cursor's place in it.
    """

    class FilterChanged(Message):
        """The query has changed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class FilterLeft(Message):
        """The person is done typing: with Enter, or with Esc."""

        def __init__(self, *, is_entered: bool) -> None:
            super().__init__()
            self.is_entered = is_entered

    def __init__(self, complete: Callable[[str, int], Sequence[Completion]], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._complete = complete
        self._timer: Timer | None = None
        self._posted = ""
        self._completions: Sequence[Completion] = ()
        self._completed = ("", 0)
        self._error: BadQuery | None = None
        self._chosen = False
        self.history: list[str] = []
        self._recalled: int | None = None
        self._draft = ""

    def compose(self) -> ComposeResult:
        """The line, the error below it, the completions over what follows."""
        with Horizontal(id="filter-row"):
            yield Static(Content(" / "), id="filter-sign")
            yield LineInput(id="filter-input", compact=True, select_on_focus=False)
            yield ViewCounts(id="filter-counts")
        yield Static(id="filter-error")
        yield OptionList(id="completions", markup=False, compact=True)

    def on_mount(self) -> None:
        """Nothing to complete yet."""
        self._list.display = False
        self._list.can_focus = False
        self.query_one("#filter-error").display = False

    @property
    def _input(self) -> Input:
        return self.query_one("#filter-input", Input)

    @property
    def _list(self) -> OptionList:
        return self.query_one("#completions", OptionList)

    @property
    def text(self) -> str:
        """The query as it stands."""
        return self._input.value

    def show(self, text: str, hint: str) -> None:
        """Put a query in without posting it.

        Args:
            text: the query.
            hint: shown while the line is empty.
        """
        self._posted = text
        with self.prevent(Input.Changed):
            self._input.value = text
            self._input.cursor_position = len(text)
        self._input.placeholder = hint
        self.show_error(None)

    def show_counts(self, shown: str) -> None:
        """Show how much is in view and marked."""
        self.query_one(ViewCounts).show(shown)

    def show_error(self, error: BadQuery | None, *, is_remark: bool = False) -> None:
        """Mark what is wrong, or clear the mark.

        Args:
            error: what is wrong, or a remark on the query.
            is_remark: whether the filter holds all the same.
        """
        self._error = error
        style = "$text-warning" if is_remark else "$text-error"
        widget = self.query_one("#filter-error", Static)
        widget.display = error is not None
        if error is None:
            return
        at = 3 + min(error.position, len(self.text))
        pointer = "^" * min(error.length, 40)
        message = str(error)
        room = max(10, self.size.width - 2)
        if at + len(pointer) + 1 + len(message) <= room:
            widget.update(line((" " * at + pointer + " " + message, style)))
        else:
            widget.update(line((" " * at + pointer + "\n" + fit(" " + message, room), style)))
        if error.suggestion and self.is_typing:
            self._complete_text()

    def enter(self) -> None:
        """Begin typing, from the very next key on."""
        self.screen.set_focus(self._input)
        self._input.cursor_position = len(self._input.value)

    @property
    def is_typing(self) -> bool:
        """Whether keys go into the line."""
        return self._input.has_focus

    # Typing ---------------------------------------------------------------------------

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Wait a moment for the next letter, then post the query."""
        event.stop()
        if self._recalled is not None and self.text != self.history[self._recalled]:
            self._recalled = None
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(DEBOUNCE_SECONDS, self._settle)

    def _settle(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self.text != self._posted:
            self._posted = self.text
            self.post_message(self.FilterChanged(self.text))
        if self.is_typing:
            self._complete_text()

    def _complete_text(self) -> None:
        """Offer ways to go on from the text as it stands now."""
        text, cursor = self._completed = (self.text, self._input.cursor_position)
        offers = [item for item in self._complete(text, cursor) if text[item.start : item.end] != item.text]
        error = self._error
        if not offers and error is not None and error.suggestion and text == self._posted:
            end = min(len(text), error.position + error.length)
            offers = [Completion(error.suggestion, error.position, end, "nearest word")]
        self._completions = offers[:MOST_COMPLETIONS]
        self._draw_completions()

    def _is_stale(self) -> bool:
        return self._completed != (self.text, self._input.cursor_position)

    def _draw_completions(self) -> None:
        self._chosen = False
        options = [
            Option(line((fit(item.text, 24), "bold"), (" " + fit(item.help, HELP_WIDTH), "$foreground-muted")))
            for item in self._completions
        ]
        self._list.clear_options()
        self._list.add_options(options)
        self._list.display = bool(options) and self._input.has_focus
        if options:
            self._list.highlighted = 0
            left = 3 + max(0, min(self._completions[0].start, self.size.width - 44))
            self._list.styles.offset = (left, 1)

    def _take(self, index: int) -> None:
        if not 0 <= index < len(self._completions):
            return
        item = self._completions[index]
        text = self.text[: item.start] + item.text + self.text[item.end :]
        self._input.value = text
        self._input.cursor_position = item.start + len(item.text)
        self._completions = ()
        self._list.display = False

    def on_key(self, event: events.Key) -> None:
        """Keys that reach the line while it is typed in."""
        if not self._input.has_focus or event.key not in ("down", "up", "tab", "enter", "escape"):
            return
        event.stop()
        recalls = event.key == "up" and not self._chosen and bool(self.history)
        if recalls or (event.key == "down" and self._recalled is not None):
            event.prevent_default()
            self._recall(-1 if event.key == "up" else 1)
            return
        if event.key in ("down", "up", "tab") and self.text and self._is_stale():
            self._complete_text()
        if event.key in ("down", "up") and self._list.display:
            event.prevent_default()
            if self._chosen or event.key == "up":
                step = 1 if event.key == "down" else -1
                at = ((self._list.highlighted or 0) + step) % len(self._completions)
                self._list.highlighted = at
            self._chosen = True
        elif event.key == "tab":
            event.prevent_default()
            if self._list.display:
                self._take(self._list.highlighted or 0)
        elif event.key == "enter" and self._chosen and self._list.display and not self._is_stale():
            event.prevent_default()
            self._take(self._list.highlighted or 0)
        elif event.key in ("enter", "escape"):
            event.prevent_default()
            self._leave(is_entered=event.key == "enter")

    def _recall(self, step: int) -> None:
        """Put an earlier or later filter into the line; after the last comes what was being typed."""
        if self._recalled is None:
            self._draft = self.text
        at = max(0, (len(self.history) if self._recalled is None else self._recalled) + step)
        self._recalled = at if at < len(self.history) else None
        self._input.value = self._draft if self._recalled is None else self.history[at]
        self._input.cursor_position = len(self._input.value)

    def _remember(self) -> None:
        text = self.text.strip()
        if text:
            self.history = [*(other for other in self.history if other != text), text][-MOST_REMEMBERED:]
        self._recalled = None

    def _leave(self, *, is_entered: bool) -> None:
        if is_entered:
            self._remember()
        self._completions = ()
        self._list.display = False
        self._settle()
        self.post_message(self.FilterLeft(is_entered=is_entered))

    @on(OptionList.OptionSelected, "#completions")
    def picked(self, event: OptionList.OptionSelected) -> None:
        """A completion was clicked."""
        event.stop()
        self._take(event.option_index)
        self._input.focus()

    def on_click(self, event: events.Click) -> None:
        """A click anywhere on the line begins typing."""
        if event.widget is not self._list:
            self.enter()

    def on_descendant_focus(self) -> None:
        """The footer names the keys of typing."""
        self._show_keys(is_typing=True)

    def on_descendant_blur(self) -> None:
        """The completions go with the focus."""
        self._list.display = False
        self._show_keys(is_typing=False)

    def _show_keys(self, *, is_typing: bool) -> None:
        for footer in self.screen.query(KeyFooter):
            footer.show_typing(is_typing)
