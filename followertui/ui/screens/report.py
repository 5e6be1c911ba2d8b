"""The report: what the followers are worth, on one screen; every count opens the rows it counts.

Owns the screen's keys. The figures are the workbench's, their drawing is ``widgets.report``'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

from followertui.ui.cells import counted
from followertui.ui.report_panels import head_lines, panels_of
from followertui.ui.screens.answers import OpenQuery
from followertui.ui.screens.figures_page import FiguresPage

if TYPE_CHECKING:
    from followertui.services.insight.values import Report


class ReportScreen(FiguresPage):
    """What the audience is worth; answers the query to open, None to stay."""

    HEADING = "Report"
    HINT = " j k Tab move · Enter opens the accounts · D random looks · F3 since · q back"
    CLOSING_KEY = "f2"

    def __init__(self) -> None:
        super().__init__()
        self.report: Report | None = None

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
        self.counted()

    @staticmethod
    def _hint(report: Report) -> str:
        quality = report.quality
        if quality.waiting:
            return f"D goes on looking: {counted(quality.waiting)} drawn at random wait"
        if quality.needed:
            return "D draws them at random: say who each is"
        return ""

    def pressed(self, event: events.Key) -> bool:
        """Draw, go to the weekly session, or what every page does."""
        if event.key == "D":
            self._draw()
        elif event.key == "f3":
            self.do_since()
        else:
            return super().pressed(event)
        return True

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
