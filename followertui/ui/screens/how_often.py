"""The question how often someone comes back into Today.

Owns the question; what is done with the number is the screen's.
"""

from __future__ import annotations

from collections.abc import Callable

from followertui.ui.dialogs.asking import LineDialog
from followertui.ui.screens.table_screen import TableScreen


def ask_interval(screen: TableScreen, row: int, then: Callable[[int], None]) -> None:
    """Ask for a number of days; nothing means as the playbook says.

    Args:
        screen: where it is asked.
        row: whose interval stands in the line.
        then: takes the days, 0 for as the playbook says.
    """
    known = screen.bench.engagement.interval(row)

    def typed(text: str | None) -> None:
        """Take a number, or nothing."""
        if text is None:
            return
        words = text.strip() or "0"
        if words.isascii() and words.isdigit():
            then(int(words))
        else:
            screen.say("how often: give a number of days, or nothing for as the playbook says", "$warning")

    title = "Back into Today every how many days?"
    screen.app.push_screen(LineDialog(title, str(known) if known else "", "nothing: as the playbook says"), typed)
