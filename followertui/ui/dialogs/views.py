"""Saved views: their order, which are queues, and which tag everyone who enters them.

Owns the list and its keys. What a key does is handed in; what has to be typed is asked by its caller.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from textual import events, on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from followertui.ui.cells import fit, line, plain
from followertui.ui.dialogs.dialog import Dialog

if TYPE_CHECKING:
    from followertui.store.decisions.saved_views import SavedView

_NAME = 24
HINT = "K J move · h hide · t tag · r rename · d drop · Enter opens · Esc back"


class ViewTask(NamedTuple):
    """What was chosen for a view: "open", "tag" or "rename"."""

    what: str
    name: str


class ManageViews(Dialog[ViewTask]):
    """The saved views; answers what has to be asked further.

    Args:
        read: the views in order.
        act: "up", "down", "hide" or "drop" for the view at a place; what came of it in words.
        start: name of the view under the cursor at first.
    """

    AUTO_FOCUS = "#views"

    def __init__(
        self, read: Callable[[], Sequence[SavedView]], act: Callable[[str, int], str], start: str = ""
    ) -> None:
        super().__init__("Saved views", HINT)
        self.add_class("-full")
        self._read = read
        self._act = act
        self._start = start
        self._views: Sequence[SavedView] = ()

    def body(self) -> list[Widget]:
        """The list, and what came of the last key."""
        return [OptionList(id="views", markup=False, compact=True), Static(id="views-said")]

    def on_mount(self) -> None:
        """Read them."""
        names = [view.name for view in self._read()]
        self.show_views(names.index(self._start) if self._start in names else 0)

    @property
    def _list(self) -> OptionList:
        return self.query_one("#views", OptionList)

    def show_views(self, at: int) -> None:
        """Read the views again, with one under the cursor."""
        self._views = self._read()
        self._list.clear_options()
        self._list.add_options([Option(self._prompt(view)) for view in self._views])
        if self._views:
            self._list.highlighted = max(0, min(at, len(self._views) - 1))

    @staticmethod
    def _prompt(view: SavedView) -> Content:
        return line(
            (fit(view.name, _NAME), "$foreground-muted" if view.is_hidden else "bold"),
            (" hidden  " if view.is_hidden else " ", "$warning"),
            (f"tags {view.tag}  " if view.tag else "", "$accent"),
            (view.query, "$foreground-muted"),
        )

    @on(OptionList.OptionSelected, "#views")
    def view_chosen(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click opens it."""
        event.stop()
        self.dismiss(ViewTask("open", self._views[event.option_index].name))

    def pressed(self, event: events.Key) -> bool:
        """Move, hide, drop here; tag and rename are asked further."""
        at = self._list.highlighted
        if event.key == "q":
            self.dismiss(None)
        elif at is None:
            return False
        elif event.key in ("j", "k"):
            self._list.highlighted = (at + (1 if event.key == "j" else -1)) % len(self._views)
        elif event.key in ("t", "r"):
            self.dismiss(ViewTask("tag" if event.key == "t" else "rename", self._views[at].name))
        elif event.key in ("J", "K", "h", "d"):
            self._do({"J": "down", "K": "up", "h": "hide", "d": "drop"}[event.key], at)
        else:
            return False
        return True

    def _do(self, what: str, at: int) -> None:
        said = self._act(what, at)
        self.show_views(at + {"down": 1, "up": -1}.get(what, 0))
        self.query_one("#views-said", Static).update(plain(said))
