"""The report: what the followers are worth, on one screen; every count opens the rows it counts.

Owns the screen's keys. The figures are the workbench's, their drawing is ``widgets.report``'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from followertui.ui.cells import counted, line, plain
from followertui.ui.report_panels import head_lines, panels_of
from followertui.ui.screens.answers import OpenQuery
from followertui.ui.screens.app_screen import AppScreen
from followertui.ui.targets import Target, ToQuery
from followertui.ui.widgets.bars import StatusLine, cut
from followertui.ui.widgets.report import ReportView

if TYPE_CHECKING:
    from followertui.services.insight.values import Report

STEP_KEYS = {"j": 1, "down": 1, "k": -1, "up": -1, "pagedown": 12, "pageup": -12, "g": -(10**6), "G": 10**6,
          "home": -(10**6), "end": 10**6}  # fmt: skip
"""Key -> by how many figures it moves."""

PANEL_KEYS = {"tab": 1, "l": 1, "right": 1, "shift+tab": -1, "h": -1, "left": -1}
"""Key -> by how many panels it moves."""


class ReportScreen(AppScreen):
    """What the audience is worth; answers the query to open, None to stay."""

    AUTO_FOCUS = "#report-body"

    def __init__(self) -> None:
        super().__init__()
        self.report: Report | None = None

    def compose(self) -> ComposeResult:
        """The title, the figures, the keys."""
        yield Static(id="report-title", classes="screen-title")
        with VerticalScroll(classes="body", id="report-body"):
            yield ReportView(id="report-view")
        yield StatusLine(id="status")
        yield Static(
            plain(
                " j k Tab move · Enter opens the accounts · D random looks · F3 since · q back",
                "$foreground-muted",
            ),
            classes="hint-line",
        )

    def on_mount(self) -> None:
        """Count beside the screen where there is much to count."""
        header = self.bench.header()
        who = f" @{header.profile}" if header.profile else ""
        flag = (" DEMO " if header.is_demo else "", "bold $background on $accent")
        title = cut([(f" Report{who}", "bold $primary")], self.app.size.width, line(flag))
        self.query_one("#report-title", Static).update(title)
        self.call_after_refresh(self.refresh_rows)

    @property
    def view(self) -> ReportView:
        """The figures."""
        return self.query_one(ReportView)

    def refresh_rows(self) -> None:
        """Count again: what is now first, what happened over time after it."""
        self.run_in_thread_if_large(self.bench.header().accounts, self.bench.insight.today, self._go_on)

    def _go_on(self, today: Report) -> None:
        """Show the figures of now, then count the rest where it is not known."""
        self._show(today)
        if not today.is_whole:
            size = self.bench.header().accounts
            self.run_in_thread_if_large(size, lambda: self.bench.insight.report(today), self._show)

    def _show(self, report: Report) -> None:
        self.report = report
        zone, hint = self.bench.session.zone, self._hint(report)
        self.view.show(lambda width: head_lines(report, zone, width, hint), panels_of(report, zone))
        if self.status.text.endswith("rows …"):
            self.say("")

    @staticmethod
    def _hint(report: Report) -> str:
        quality = report.quality
        if quality.waiting:
            return f"D goes on looking: {counted(quality.waiting)} drawn at random wait"
        if quality.needed:
            return "D draws them at random: say who each is"
        return ""

    def pressed(self, event: events.Key) -> bool:
        """Move, open, draw, leave."""
        if event.key in ("q", "escape", "f2"):
            self.dismiss(None)
        elif event.key in STEP_KEYS:
            self.view.move(STEP_KEYS[event.key])
        elif event.key in PANEL_KEYS:
            self.view.move_panel(PANEL_KEYS[event.key])
        elif event.key == "enter":
            self._open(self.view.chosen)
        elif event.key == "D":
            self._draw()
        elif event.key == "f3":
            self.do_since()
        elif event.key == "f5":
            self.refresh_rows()
        else:
            return False
        return True

    def clicked(self, target: Target) -> None:
        """A figure opens the rows it counts."""
        if isinstance(target, ToQuery):
            self._open(target.query)

    def show_query(self, query: str) -> None:
        """Rows chosen on a page above this one are shown by the review below."""
        self._open(query)

    def _open(self, query: str) -> None:
        if query:
            self.dismiss(OpenQuery(query))

    def _draw(self) -> None:
        """Go on with the random looks that wait, or draw some."""
        if self.report is None:
            return
        if not self.report.quality.waiting:
            if self.ft.is_read_only:
                self.say("opened read-only: start without --read-only to draw", "$warning")
                return
            self.say(self.bench.insight.draw())
        self.dismiss(OpenQuery(self.bench.insight.random_looks))
