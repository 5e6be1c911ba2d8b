"""A page of panels whose lines open the rows they are about: the frame of the report and of the weekly session.

Owns the title, moving between lines and panels, and opening. What the panels hold is the pages' own.
"""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from followertui.ui.cells import line, plain
from followertui.ui.screens.answers import OpenQuery
from followertui.ui.screens.app_screen import AppScreen
from followertui.ui.targets import Target, ToQuery
from followertui.ui.widgets.bars import StatusLine, cut
from followertui.ui.widgets.report import ReportView

STEP_KEYS = {"j": 1, "down": 1, "k": -1, "up": -1, "pagedown": 12, "pageup": -12, "g": -(10**6), "G": 10**6,
          "home": -(10**6), "end": 10**6}  # fmt: skip
"""Key -> by how many lines it moves."""

PANEL_KEYS = {"tab": 1, "l": 1, "right": 1, "shift+tab": -1, "h": -1, "left": -1}
"""Key -> by how many panels it moves."""


class FiguresPage(AppScreen):
    """Panels of figures; answers the query to open, None to stay."""

    AUTO_FOCUS = "#report-body"
    HEADING: ClassVar[str] = ""
    """What stands in the title before whose it is."""
    HINT: ClassVar[str] = ""
    """The keys, in one line of at most 80 cells."""
    CLOSING_KEY: ClassVar[str] = ""
    """The key that opens the page closes it."""

    def compose(self) -> ComposeResult:
        """The title, the panels, the keys."""
        yield Static(id="report-title", classes="screen-title")
        with VerticalScroll(classes="body", id="report-body"):
            yield ReportView(id="report-view")
        yield StatusLine(id="status")
        yield Static(plain(self.HINT, "$foreground-muted"), classes="hint-line")

    def on_mount(self) -> None:
        """Count beside the screen where there is much to count."""
        header = self.bench.header()
        who = f" @{header.profile}" if header.profile else ""
        flag = (" DEMO " if header.is_demo else "", "bold $background on $accent")
        title = cut([(f" {self.HEADING}{who}", "bold $primary")], self.app.size.width, line(flag))
        self.query_one("#report-title", Static).update(title)
        self.call_after_refresh(self.refresh_rows)

    @property
    def view(self) -> ReportView:
        """The panels."""
        return self.query_one(ReportView)

    def counted(self) -> None:
        """Take back the line that said rows were being read."""
        if self.status.text.endswith("rows …"):
            self.say("")

    def pressed(self, event: events.Key) -> bool:
        """Move, open, count again, leave."""
        if event.key in ("q", "escape") or event.key == self.CLOSING_KEY:
            self.dismiss(None)
        elif event.key in STEP_KEYS:
            self.view.move(STEP_KEYS[event.key])
        elif event.key in PANEL_KEYS:
            self.view.move_panel(PANEL_KEYS[event.key])
        elif event.key == "enter":
            self.show_query(self.view.chosen)
        elif event.key == "f5":
            self.refresh_rows()
        else:
            return False
        return True

    def clicked(self, target: Target) -> None:
        """A line opens the rows it is about."""
        if isinstance(target, ToQuery):
            self.show_query(target.query)

    def show_query(self, query: str) -> None:
        """Close and have the rows of a query shown, also of one chosen on a page above; nothing for none."""
        if query:
            self.dismiss(OpenQuery(query))
