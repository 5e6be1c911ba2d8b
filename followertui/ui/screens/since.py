"""The weekly session's opening page: who that matters came and left since you were last through.

Owns the screen's keys. What stands on it is the workbench's, its drawing is ``since_panels``'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

from followertui.ui.screens.figures_page import FiguresPage
from followertui.ui.since_panels import head_lines, panels_of, spelled

if TYPE_CHECKING:
    from followertui.services.insight.since import Since


class SinceScreen(FiguresPage):
    """What happened since the reviewer was last through; answers the query to open, None to stay."""

    HEADING = "Since you were last here"
    HINT = " j k move · Enter walks through · m move on · F2 report · q or Esc to the rows"
    CLOSING_KEY = "f3"

    def __init__(self) -> None:
        super().__init__()
        self.since: Since | None = None
        self.has_moved = False

    def refresh_rows(self) -> None:
        """Count again."""
        self.run_in_thread_if_large(self.bench.header().accounts, self.bench.insight.since, self._show)

    def _show(self, since: Since) -> None:
        self.since = since
        zone = self.bench.session.zone
        self.view.show(lambda width: head_lines(since, width), panels_of(since, zone))
        self.counted()

    def pressed(self, event: events.Key) -> bool:
        """Move on, go to the report, or what every page does."""
        if event.key == "m":
            self._move_on()
        elif event.key == "f2":
            self.do_report()
        else:
            return super().pressed(event)
        return True

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
