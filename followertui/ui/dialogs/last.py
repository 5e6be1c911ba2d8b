"""The last decisions, to look back on and to change by the keys that made them.

Owns the list and which line is looked at. What a key does is handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual import events, on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from followertui.ui.cells import fit, line, plain
from followertui.ui.dialogs.dialog import Dialog

if TYPE_CHECKING:
    from followertui.services.review.recent import LastDecision

_WHO = 26
_WHEN = 7
HINT = "a x f e s y n change it · Bksp withdraws it · Enter goes there · Esc back"


class LastDecisions(Dialog["LastDecision"]):
    """The last decisions; answers the one to go to.

    Args:
        read: the decisions as they stand, newest first.
        act: does what a key (as the terminal library names it) means for a line; what came of it in words,
            None where the key means nothing there.
    """

    AUTO_FOCUS = "#last"

    def __init__(
        self, read: Callable[[], Sequence[LastDecision]], act: Callable[[LastDecision, str], str | None]
    ) -> None:
        super().__init__("Last decisions, newest first", HINT)
        self.add_class("-full")
        self._read = read
        self._act = act
        self._lines: Sequence[LastDecision] = ()

    def body(self) -> list[Widget]:
        """The list, and what came of the last key."""
        return [OptionList(id="last", markup=False, compact=True), Static(id="last-said")]

    def on_mount(self) -> None:
        """Read them."""
        self.show_lines(0)

    @property
    def _list(self) -> OptionList:
        return self.query_one("#last", OptionList)

    def show_lines(self, at: int) -> None:
        """Read the decisions again, with a line under the cursor."""
        self._lines = self._read()
        options = self._list
        options.clear_options()
        options.add_options([Option(self._prompt(one)) for one in self._lines])
        if self._lines:
            options.highlighted = min(at, len(self._lines) - 1)
        else:
            self.say("nothing was decided yet")

    @staticmethod
    def _prompt(one: LastDecision) -> Content:
        look = "$foreground-muted" if one.is_withdrawn else "bold $accent"
        return line(
            (fit(one.when, _WHEN), "$foreground-muted"),
            f"{fit(one.who, _WHO)} ",
            (one.text, look),
            (f"  by {one.reviewer}", "$foreground-muted"),
        )

    def say(self, text: str) -> None:
        """Say what came of a key."""
        self.query_one("#last-said", Static).update(plain(text))

    @on(OptionList.OptionSelected, "#last")
    def line_chosen(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click goes to the account."""
        event.stop()
        self.dismiss(self._lines[event.option_index])

    def pressed(self, event: events.Key) -> bool:
        """J and k move, q leaves, every other key is what it is in the review."""
        options = self._list
        if event.key == "q":
            self.dismiss(None)
        elif event.key in ("j", "k") and self._lines:
            options.highlighted = ((options.highlighted or 0) + (1 if event.key == "j" else -1)) % len(self._lines)
        elif options.highlighted is not None and (said := self._act(self._lines[options.highlighted], event.key)):
            at = options.highlighted
            self.show_lines(at)
            self.say(said)
        else:
            return False
        return True
