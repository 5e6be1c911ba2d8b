"""The review's verbs that look for those of a list who are missing."""

from __future__ import annotations

from collections.abc import Generator
from threading import Event
from typing import TYPE_CHECKING, Any

from followertui.ui.cells import counted
from followertui.ui.dialogs.choosing import MENU_KEYS, Choice
from followertui.ui.screens.review.frame import ReviewScreen
from followertui.ui.screens.verbs import Verbs

if TYPE_CHECKING:
    from followertui.services.insight.discovery import Searched


class Searching(Verbs[ReviewScreen]):
    """Who is missing."""

    def do_candidates(self) -> None:
        """Choose a list, search the accounts, and show who could be its entries without one."""
        screen = self.screen
        lists = screen.bench.insight.lists()
        if not lists:
            screen.say("no list is here yet: i brings one in", "$warning")
            return
        choices = [
            Choice(name, name, key, f"{counted(size)} entries")
            for (name, size), key in zip(lists, MENU_KEYS.ljust(len(lists)), strict=False)
        ]
        screen.choose("Who is missing? Search for the entries of", choices, self._search, is_searchable=len(lists) > 9)

    def _search(self, name: str) -> None:
        screen = self.screen

        def make(cancel: Event) -> Generator[Any, None, Searched]:
            """Search, then show what was found in the screen's own thread."""
            found = yield from screen.bench.insight.candidates(name, cancel)
            if found.found or found.handles:
                screen.call_later(screen.ft.show_candidates, found)
            return found

        screen.start_job("candidates", "looking for candidates", make, lambda found: found.text)
