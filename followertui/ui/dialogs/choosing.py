"""Choosing one of a few things, by letter, by arrows or by typing part of its name.

Owns the chooser most dialogs are made of, and the dialogs that are nothing but a choice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

from textual import events, on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from followertui.ui.cells import counted, fit, guard, line
from followertui.ui.dialogs.dialog import Dialog
from followertui.ui.widgets.line import LineInput

MOST_SHOWN = 400
MENU_KEYS = "123456789abcdefghilmnopqrstuvwxyz"
"""Keys of a menu in order; j and k move."""
MOST_TITLE = 52
MOST_COUNTED_TITLE = 40
"""Cells of the longest title shown, where a bar stands beside it."""
NOTHING_FOUND = " nothing here is named like this"
_COUNT = re.compile(r"[\d,]+")

AnswerT = TypeVar("AnswerT")


class Choice(NamedTuple, Generic[AnswerT]):
    """One choice: its answer, label, key ("" for none), remark, and share 0-1 or None."""

    answer: AnswerT
    title: str
    letter: str = ""
    remark: str = ""
    share: float | None = None


class Chooser(Dialog[AnswerT]):
    """One of several; answers the choice's own ``answer``.

    Args:
        title: the question.
        choices: what there is, in order.
        hint: keys, one line.
        is_searchable: whether typing narrows the choices; letters then type.
        start: answer highlighted at first.
        is_narrow: whether a small frame is enough.
        is_aside: whether it stands beside, or below, what it asks about, and is read before it is answered.
        also: more keys the dialog takes: key -> what it makes of the highlighted answer.
    """

    def __init__(
        self,
        title: str,
        choices: Sequence[Choice[AnswerT]],
        *,
        hint: str = "Enter choose · Esc back",
        is_searchable: bool = False,
        start: AnswerT | None = None,
        is_narrow: bool = False,
        is_aside: bool = False,
        also: Mapping[str, Callable[[AnswerT], AnswerT]] | None = None,
    ) -> None:
        super().__init__(title, hint)
        self.set_class(is_narrow, "-small")
        self.set_class(is_aside, "-aside")
        self.takes_early_keys = not is_aside
        self._choices = list(choices)
        self._shown: list[Choice[AnswerT]] = []
        self._is_searchable = is_searchable
        self._start = start
        self._also = also or {}

    def body(self) -> list[Widget]:
        """An input where it can be searched, and the list."""
        choices = OptionList(id="choices", markup=False, compact=True)
        if not self._is_searchable:
            return [choices]
        choices.can_focus = False
        return [LineInput(id="search", placeholder="type part of it", compact=True), choices]

    def on_mount(self) -> None:
        """Show all of them."""
        self._narrow("")

    @property
    def _list(self) -> OptionList:
        return self.query_one("#choices", OptionList)

    def matching(self, text: str) -> list[Choice[AnswerT]]:
        """Choices for a typed text, best first."""
        wanted = text.lower().split()
        found = [choice for choice in self._choices if all(word in self._words(choice) for word in wanted)]
        first = wanted[0] if wanted else ""
        return sorted(found, key=lambda choice: not choice.title.lower().startswith(first)) if first else found

    @staticmethod
    def _words(choice: Choice[AnswerT]) -> str:
        return f"{choice.title} {choice.remark}".lower()

    def _narrow(self, text: str) -> None:
        self._shown = self.matching(text)[:MOST_SHOWN]
        self._list.clear_options()
        self._list.add_options([Option(self._prompt(choice)) for choice in self._shown])
        if not self._shown:
            self._list.add_option(Option(line((NOTHING_FOUND, "$foreground-muted")), disabled=True))
        start = next((at for at, choice in enumerate(self._shown) if choice.answer == self._start), 0)
        self._list.highlighted = start if self._shown else None

    def _prompt(self, choice: Choice[AnswerT]) -> Content:
        width = max([10, *(len(guard(other.title)) for other in self._choices[:200])])
        width = min(width, MOST_TITLE if any(other.share is None for other in self._choices) else MOST_COUNTED_TITLE)
        parts: list[str | tuple[str, str]] = []
        if any(other.letter for other in self._choices):
            parts.append((f" {choice.letter or ' '}  ", "bold $accent"))
        parts.append(fit(choice.title, width))
        if choice.share is not None:
            cells = round(choice.share * 16)
            parts.append((" " + "█" * cells + " " * (16 - cells), "$primary"))
        if choice.remark:
            parts.append((f"  {self._aligned(choice.remark)}", "$foreground-muted"))
        return line(*parts)

    def _aligned(self, remark: str) -> str:
        """A count stands right-aligned under the others."""
        if not _COUNT.fullmatch(remark):
            return remark
        return remark.rjust(max(len(other.remark) for other in self._choices if _COUNT.fullmatch(other.remark)))

    @on(Input.Changed, "#search")
    def search_changed(self, event: Input.Changed) -> None:
        """Narrow as it is typed."""
        self._narrow(event.value)

    @on(OptionList.OptionSelected, "#choices")
    def option_chosen(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click on a choice."""
        event.stop()
        self._answer(event.option_index)

    def _answer(self, index: int | None, make: Callable[[AnswerT], AnswerT] | None = None) -> None:
        if index is not None and 0 <= index < len(self._shown):
            answer = self._shown[index].answer
            self.dismiss(answer if make is None else make(answer))

    def pressed(self, event: events.Key) -> bool:
        """Letters choose, arrows move while typing, Enter takes what is highlighted."""
        if event.key in self._also and not self.is_typing:
            self._answer(self._list.highlighted, self._also[event.key])
            return True
        if not self.is_typing:
            letter = event.character or ""
            for index, choice in enumerate(self._shown):
                if choice.letter and choice.letter == letter:
                    self._answer(index)
                    return True
            moves = {"j": 1, "k": -1}
            if event.key in moves and self._shown:
                self._list.highlighted = ((self._list.highlighted or 0) + moves[event.key]) % len(self._shown)
                return True
            return False
        if event.key in ("down", "up") and self._shown:
            step = 1 if event.key == "down" else -1
            self._list.highlighted = ((self._list.highlighted or 0) + step) % len(self._shown)
            return True
        if event.key == "enter":
            self.entered(self.query_one("#search", Input).value)
            return True
        return False

    def entered(self, text: str) -> None:
        """Enter was pressed while typing."""
        self._answer(self._list.highlighted)


def counted_choices(counts: Sequence[tuple[AnswerT, str, int]], total: int) -> list[Choice[AnswerT]]:
    """Choices with a bar and a count: (answer, title, count)."""
    most = max((count for _, _, count in counts), default=1) or 1
    width = len(counted(most))
    return [
        Choice(
            answer,
            title or "(empty)",
            "",
            f"{counted(count):>{width}}" + (f"  {count * 100 / total:.0f}%" if total else ""),
            count / most,
        )
        for answer, title, count in counts
    ]
