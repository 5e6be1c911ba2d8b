"""What screens around a table share: moving, marking, range.

Owns the verbs of moving and marking over any ``VirtualTable``.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from textual import on

from followertui.ui.cells import counted
from followertui.ui.commands import Command, Need
from followertui.ui.screens.app_screen import AppScreen
from followertui.ui.widgets.table import VirtualTable

ESCAPE_AGAIN_SECONDS = 4.0


class TableScreen(AppScreen):
    """A screen whose middle is a table."""

    def __init__(self) -> None:
        super().__init__()
        self._escaped_at = -ESCAPE_AGAIN_SECONDS

    @property
    def table(self) -> VirtualTable[Any]:
        """The table."""
        raise NotImplementedError

    def present(self) -> frozenset[Need]:
        """Rows and marks as they are."""
        needs = set(self.program_needs())
        if len(self.table.keys):
            needs.add(Need.ROW)
        if len(self.table.marks) or self.table.range_from is not None:
            needs |= {Need.MARKS, Need.ROW}
        return frozenset(needs)

    def before_command(self, command: Command) -> None:
        """Anything but Esc forgets that Esc was pressed."""
        if command.id != "escape":
            self._escaped_at = -ESCAPE_AGAIN_SECONDS

    def acted_on(self) -> Sequence[int]:
        """Keys a verb acts on: the marks and the range if there are any, else the cursor's."""
        self.table.end_range()
        if len(self.table.marks):
            return self.table.marks.rows()
        key = self.table.key
        return () if key is None else (key,)

    def looked_at(self) -> Sequence[int]:
        """Keys a count or sample looks at: the marks if there are any, else the view."""
        self.table.end_range()
        return self.table.marks.rows() if len(self.table.marks) else self.table.keys

    def go_to_number(self, number: int) -> None:
        """``:37`` is the 37th row of the view."""
        self.table.move_to(number - 1)

    # Moving ---------------------------------------------------------------------------

    def do_move_down(self) -> None:
        """One down."""
        self.table.move_to(self.table.cursor + 1)

    def do_move_up(self) -> None:
        """One up."""
        self.table.move_to(self.table.cursor - 1)

    def do_move_page_down(self) -> None:
        """One page down."""
        self.table.move_to(self.table.cursor + self.table.page_rows)

    def do_move_page_up(self) -> None:
        """One page up."""
        self.table.move_to(self.table.cursor - self.table.page_rows)

    def do_move_top(self) -> None:
        """To the first row."""
        self.table.move_to(0)

    def do_move_bottom(self) -> None:
        """To the last row."""
        self.table.move_to(len(self.table.keys) - 1)

    # Back and forth -------------------------------------------------------------------

    def do_undo(self) -> None:
        """Undo the last gesture."""
        self.undo_or_redo()

    def do_redo(self) -> None:
        """Do it again."""
        self.undo_or_redo(redo=True)

    # Marking --------------------------------------------------------------------------

    def do_mark(self) -> None:
        """Mark and move on."""
        self.table.end_range()
        self.table.toggle_mark(self.table.cursor)
        self.table.move_to(self.table.cursor + 1)

    def do_range(self) -> None:
        """Begin a range, or turn it into marks."""
        if self.table.range_from is not None:
            self.table.end_range()
            self.say(f"{counted(len(self.table.marks))} marked")
            return
        self.table.range_from = self.table.cursor
        self.table.marks_changed()
        self.say("range: move, then v to keep it as marks, or decide at once")

    def do_mark_all(self) -> None:
        """Mark everything in view."""
        self.table.range_from = None
        self.table.marks.unite(self.table.in_view())
        self.table.marks_changed()

    def do_invert(self) -> None:
        """Invert the marks in view."""
        self.table.end_range()
        self.table.marks.turn_over(self.table.in_view())
        self.table.marks_changed()

    def do_escape(self) -> None:
        """Leave the range, clear marks at the second press."""
        table = self.table
        if table.range_from is not None:
            table.range_from = None
            table.marks_changed()
            self.say("range left")
            return
        what = self.clearable()
        if not what:
            self.say("nothing to clear; q goes back")
            return
        now = time.monotonic()
        if now - self._escaped_at > ESCAPE_AGAIN_SECONDS:
            self._escaped_at = now
            self.say(f"Esc again clears {what}")
            return
        self._escaped_at = -ESCAPE_AGAIN_SECONDS
        self.clear()

    def clearable(self) -> str:
        """What the second Esc clears, "" if nothing."""
        count = len(self.table.marks)
        return f"{counted(count)} mark{'s' if count != 1 else ''}" if count else ""

    def clear(self) -> None:
        """Clear it."""
        count = len(self.table.marks)
        self.table.marks.clear()
        self.table.marks_changed()
        self.say(f"{counted(count)} unmarked")

    @on(VirtualTable.RowOpened)
    def row_opened(self) -> None:
        """A row was clicked twice."""
        self.run_command("card")
