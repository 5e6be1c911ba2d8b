"""The weekly session's opening page: who that matters came and left since you were last through.

Owns the screen's keys. What stands on it is the workbench's, its drawing is ``since_panels``'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from followertui.ui.cells import line, plain
from followertui.ui.screens.answers import OpenQuery
from followertui.ui.screens.app_screen import AppScreen
from followertui.ui.screens.report import PANEL_KEYS, STEP_KEYS
from followertui.ui.since_panels import head_lines, panels_of, spelled
from followertui.ui.targets import Target, ToQuery
from followertui.ui.widgets.bars import StatusLine, cut
from followertui.ui.widgets.report import ReportView

if TYPE_CHECKING:
    from followertui.services.insight.since import Since


class SinceScreen(AppScreen):
    """What happened since the reviewer was last through; answers the query to open, None to stay."""

    AUTO_FOCUS = "#report-body"

    def __init__(self) -> None:
        super().__init__()
        self.since: Since | None = None
        self.has_moved = False

    def compose(self) -> ComposeResult:
        """The title, the panels, the keys."""
        yield Static(id="report-title", classes="screen-title")
        with VerticalScroll(classes="body", id="report-body"):
            yield ReportView(id="report-view")
        yield StatusLine(id="status")
        yield Static(
            plain(
                " j k move · Enter walks through · m move on · F2 report · q or Esc to the rows", "$foreground-muted"
            ),
            classes="hint-line",
        )

    def on_mount(self) -> None:
        """Count beside the screen where there is much to count."""
        header = self.bench.header()
        who = f" @{header.profile}" if header.profile else ""
        flag = (" DEMO " if header.is_demo else "", "bold $background on $accent")
        title = cut([(f" Since you were last here{who}", "bold $primary")], self.app.size.width, line(flag))
        self.query_one("#report-title", Static).update(title)
        self.call_after_refresh(self.refresh_rows)

    @property
    def view(self) -> ReportView:
        """The panels."""
        return self.query_one(ReportView)

    def refresh_rows(self) -> None:
        """Count again."""
        self.run_in_thread_if_large(self.bench.header().accounts, self.bench.insight.since, self._show)

    def _show(self, since: Since) -> None:
        self.since = since
        zone = self.bench.session.zone
        self.view.show(lambda width: head_lines(since, width), panels_of(since, zone))
        if self.status.text.endswith("rows …"):
            self.say("")

    def pressed(self, event: events.Key) -> bool:
        """Move, open, move on, leave."""
        if event.key in ("q", "escape", "f3"):
            self.dismiss(None)
        elif event.key in STEP_KEYS:
            self.view.move(STEP_KEYS[event.key])
        elif event.key in PANEL_KEYS:
            self.view.move_panel(PANEL_KEYS[event.key])
        elif event.key == "enter":
            self._open(self.view.chosen)
        elif event.key == "m":
            self._move_on()
        elif event.key == "f2":
            self.do_report()
        elif event.key == "f5":
            self.refresh_rows()
        else:
            return False
        return True

    def clicked(self, target: Target) -> None:
        """A line opens the rows it is about."""
        if isinstance(target, ToQuery):
            self._open(target.query)

    def show_query(self, query: str) -> None:
        """Rows chosen on a page above this one are shown by the review below."""
        self._open(query)

    def _open(self, query: str) -> None:
        if query:
            self.dismiss(OpenQuery(query))

    def _move_on(self) -> None:
        """New and this page count from the newest reading on."""
        if self.ft.is_read_only:
            self.say("opened read-only: start without --read-only to move on", "$warning")
            return
        day = self.bench.insight.move_on()
        if day is None:
            self.say("no reading of followers yet: nothing to move on from", "$warning")
            return
        self.has_moved = True
        self.refresh_rows()
        self.say(f"moved on: New and this page count from {spelled(day)} on; nobody was decided by it")
