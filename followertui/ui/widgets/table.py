"""A table as large as the data: it holds keys in order, asks for rows a page at a time.

Owns cursor, marks, range, scrolling, the cache of pages and of drawn lines. Does not know
what a row is: subclasses say how to fetch and draw one. Widgets and screens of ``ui`` use it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, ClassVar, Generic, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from followertui.ui.attempt import Guarded
from followertui.ui.cells import fit
from followertui.ui.columns import Column
from followertui.ui.contrast import READABLE, RECEDING, readable
from followertui.ui.marks import Marks
from followertui.ui.widgets.row_pages import RowPages
from followertui.ui.widgets.runs import joined

ROWS_AROUND_CURSOR = 3
"""Rows kept in sight above and below the cursor, as long as there are any."""
KEPT_STRIPS = 512
ROW_STATES = 16
"""In how many ways a row can be drawn: under the cursor, marked, dimmed, focused, or not."""

RowT = TypeVar("RowT")


class VirtualTable(Guarded, ScrollView, Generic[RowT], can_focus=True, inherit_bindings=False):
    """Rows by key, drawn line by line as they come into view."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "table--header",
        "table--row",
        "table--cursor",
        "table--cursor-blurred",
        "table--marked",
        "table--dim",
        "table--bar",
        "table--strong",
        "table--muted",
        "table--good",
        "table--voice",
        "table--ours",
        "table--trade",
        "table--bad",
        "table--warn",
        "table--empty",
    }
    ALLOW_SELECT = False

    class CursorMoved(Message):
        """The cursor stands on another row."""

        def __init__(self, table: VirtualTable[Any], key: int | None) -> None:
            super().__init__()
            self.table = table
            self.key = key

        @property
        def control(self) -> VirtualTable[Any]:
            """The table."""
            return self.table

        def can_replace(self, message: Message) -> bool:
            """Only where the cursor ended up matters."""
            return isinstance(message, VirtualTable.CursorMoved) and message.table is self.table

    class MarksChanged(Message):
        """Rows were marked or unmarked."""

    class RowOpened(Message):
        """A row was clicked twice."""

    class SortAsked(Message):
        """A column's title was clicked."""

        def __init__(self, field: str) -> None:
            super().__init__()
            self.field = field

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.keys: Sequence[int] = ()
        self.cursor = 0
        self.marks = Marks()
        self.range_from: int | None = None
        self._in_view: Marks | None = None
        self.empty_text = ""
        self.sort = ""
        self._rows: RowPages[RowT] = RowPages((), self.fetch)
        self._strips: OrderedDict[tuple[int, int, int], Strip] = OrderedDict()
        self._looks: dict[tuple[int, str], Style] = {}
        self._columns: tuple[tuple[int, tuple[Column, ...]], ...] = ()

    # What a subclass says -------------------------------------------------------------

    def fetch(self, keys: Sequence[int]) -> Sequence[RowT]:
        """Rows of at most 64 keys, in the same order."""
        raise NotImplementedError

    def columns(self, width: int) -> tuple[Column, ...]:
        """Columns that fill ``width`` cells, one cell between each."""
        raise NotImplementedError

    def cell(self, row: RowT, column: str) -> tuple[str, str]:
        """Text and look (a component class without its prefix, "" for the row's own) of one cell."""
        raise NotImplementedError

    def is_dim(self, row: RowT) -> bool:
        """Whether a row is dimmed because it is decided."""
        return False

    def sign(self, row: RowT) -> str:
        """One character before the first column."""
        return " "

    # Rows -----------------------------------------------------------------------------

    def show(self, keys: Sequence[int], cursor: int = 0) -> None:
        """Show other rows.

        Args:
            keys: row keys in order.
            cursor: position the cursor starts at.
        """
        self.keys = keys
        self._rows = RowPages(keys, self.fetch)
        self._in_view = None
        self.range_from = None
        self.cursor = max(0, min(cursor, len(keys) - 1))
        self.virtual_size = Size(self.size.width, len(keys) + 1)
        self.forget()
        self._follow_cursor()
        self._tell_cursor()

    def forget(self) -> None:
        """Drop what is cached of rows, because something changed them."""
        self._rows.forget()
        self._strips.clear()
        self.refresh()

    def renew(self, keys: Sequence[int]) -> None:
        """Read some rows again, because something changed them; all others stay as they are drawn."""
        places = self._rows.renew(keys)
        if places is None:
            self.forget()
            return
        for key, index in places.items():
            for state in range(ROW_STATES):
                self._strips.pop((key, state, self.size.width), None)
            self._refresh_row(index)

    def row_at(self, index: int) -> RowT:
        """The row at a position of the view."""
        return self._rows.row_at(index)

    def drawn(self, index: int) -> RowT | None:
        """The row at a position as it was read for the screen, None where it was not since the last change."""
        return self._rows.drawn(index)

    @property
    def key(self) -> int | None:
        """The key under the cursor, None in an empty table."""
        return int(self.keys[self.cursor]) if len(self.keys) else None

    @property
    def current(self) -> RowT | None:
        """The row under the cursor."""
        return self.row_at(self.cursor) if len(self.keys) else None

    @property
    def page_rows(self) -> int:
        """Rows that fit on the screen."""
        return max(1, self.size.height - 1)

    # Cursor and marks -----------------------------------------------------------------

    def move_to(self, index: int) -> None:
        """Put the cursor on a position of the view; beyond the ends it stops there."""
        index = max(0, min(index, len(self.keys) - 1))
        if index == self.cursor or not len(self.keys):
            return
        before, self.cursor = self.cursor, index
        if self.range_from is None:
            self._refresh_row(before)
            self._refresh_row(index)
        else:
            self.refresh()
        self._follow_cursor()
        self._tell_cursor()

    def index_of(self, key: int) -> int | None:
        """Position of a key in the view, None if it is not in view."""
        finder = getattr(self.keys, "index", None)
        if finder is None:
            return next((at for at, other in enumerate(self.keys) if other == key), None)
        try:
            return int(finder(key))
        except ValueError:
            return None

    def toggle_mark(self, index: int) -> None:
        """Toggle the mark of one position."""
        if index < len(self.keys):
            self.marks.toggle(int(self.keys[index]))
            self._refresh_row(index)
            self.post_message(self.MarksChanged())

    def in_view(self) -> Marks:
        """All keys in view as a set; made once per view, when first needed."""
        if self._in_view is None:
            self._in_view = Marks()
            self._in_view.add(self.keys)
        return self._in_view

    def ranged(self) -> Sequence[int]:
        """Keys between where the range began and the cursor; empty without a range."""
        if self.range_from is None:
            return ()
        low, high = sorted((self.range_from, self.cursor))
        return self.keys[low : high + 1]

    def end_range(self) -> None:
        """Turn the range into marks."""
        if self.range_from is not None:
            self.marks.add(self.ranged())
            self.range_from = None
            self.marks_changed()

    def marks_changed(self) -> None:
        """Draw again after many marks changed, and say so."""
        self.refresh()
        self.post_message(self.MarksChanged())

    def _tell_cursor(self) -> None:
        self.post_message(self.CursorMoved(self, self.key))

    def _follow_cursor(self) -> None:
        top = round(self.scroll_offset.y)
        height = self.page_rows
        margin = min(ROWS_AROUND_CURSOR, (height - 1) // 2)
        first, last = max(0, self.cursor - margin), min(len(self.keys) - 1, self.cursor + margin)
        if first < top:
            wanted = first
        elif last >= top + height:
            wanted = last - height + 1
        else:
            return
        self.scroll_to(y=wanted, animate=False, immediate=True, force=True)

    def _refresh_row(self, index: int) -> None:
        line = index - round(self.scroll_offset.y) + 1
        if 1 <= line < self.size.height:
            self.refresh(Region(0, line, self.size.width, 1))

    # Mouse ----------------------------------------------------------------------------

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor there, in the gutter marks, twice opens; a title sorts."""
        if event.y == 0:
            field = self._sort_at(event.x)
            if field:
                event.stop()
                self.post_message(self.SortAsked(field))
            return
        index = round(self.scroll_offset.y) + event.y - 1
        if index >= len(self.keys):
            return
        event.stop()
        self.move_to(index)
        if event.chain == 2:
            self.post_message(self.RowOpened())
        elif event.x < 3 or event.ctrl:
            self.toggle_mark(index)

    def _sort_at(self, x: int) -> str:
        at = 3
        for column in self._columns_of(self.size.width):
            if at <= x <= at + column.width:
                return column.sort
            at += column.width + 1
        return ""

    # Drawing --------------------------------------------------------------------------

    def notify_style_update(self) -> None:
        """Forget every style: the theme has changed."""
        super().notify_style_update()
        self._looks.clear()
        self._strips.clear()

    def on_resize(self) -> None:
        """Columns adapt, the cursor stays in view."""
        self._strips.clear()
        self.virtual_size = Size(self.size.width, len(self.keys) + 1)
        self._follow_cursor()

    def on_focus(self) -> None:
        """The cursor line stands out."""
        self._refresh_row(self.cursor)

    def on_blur(self) -> None:
        """The cursor line is dimmed."""
        self._refresh_row(self.cursor)

    def _columns_of(self, width: int) -> tuple[Column, ...]:
        for known, columns in self._columns:
            if known == width:
                return columns
        columns = self.columns(max(10, width - 3))
        self._columns = ((width, columns),)
        return columns

    def lay_out_again(self) -> None:
        """Ask for the columns again, because something else decides them."""
        self._columns = ()
        self._strips.clear()
        self.refresh()

    def look(self, state: int, name: str) -> Style:
        """The style of a cell: its own colour on the ground of the row's state.

        Args:
            state: bits, see ``_state``.
            name: component class without its prefix, "" for the row's own colour.

        Returns:
            A rich style.
        """
        key = (state, name)
        style = self._looks.get(key)
        if style is not None:
            return style
        base = self.get_component_rich_style("table--row")
        has_grounds = not self.app.native_ansi_color
        if state & 2 and has_grounds:
            base += Style(bgcolor=self.get_component_rich_style("table--marked").bgcolor)
        if state & 1 and has_grounds:
            ground = "table--cursor" if state & 8 else "table--cursor-blurred"
            base += Style(bgcolor=self.get_component_rich_style(ground).bgcolor)
        if state & 4:
            base += Style(color=self.get_component_rich_style("table--dim").color)
        elif name:
            own = self.get_component_rich_style(f"table--{name}")
            base += Style(color=own.color, bold=own.bold, italic=own.italic)
        if name == "bar":
            base += Style(color=self.get_component_rich_style("table--bar").color, bold=True)
        least = RECEDING if state & 4 and name != "bar" else READABLE
        if base.color is not None and base.bgcolor is not None:
            base += Style(color=readable(base.color, base.bgcolor, least))
        if not has_grounds:
            # The terminal's own colours mix with nothing: a state is an attribute instead of a ground.
            # The row under the cursor is one bar: reversed, a coloured word would be a block of its colour.
            if state & 1:
                base += Style(color="default", bgcolor="default")
            base += Style(reverse=bool(state & 1), dim=bool(state & 4), underline=bool(state & 2) and name == "strong")
        self._looks[key] = base
        return base

    def _state(self, index: int, row: RowT) -> int:
        key = int(self.keys[index])
        ranged = False
        if self.range_from is not None:
            low, high = sorted((self.range_from, self.cursor))
            ranged = low <= index <= high
        return (
            (1 if index == self.cursor else 0)
            | (2 if ranged or key in self.marks else 0)
            | (4 if self.is_dim(row) else 0)
            | (8 if self.has_focus else 0)
        )

    def render_line(self, y: int) -> Strip:
        """Draw one line of what is in view; line 0 is the titles."""
        width = self.size.width
        if y == 0:
            return self._title_line(width)
        index = round(self.scroll_offset.y) + y - 1
        if not 0 <= index < len(self.keys):
            return self._beyond_line(y, width)
        return self._line_of(index, width)

    def _line_of(self, index: int, width: int) -> Strip:
        row = self.row_at(index)
        state = self._state(index, row)
        if not state & 1:
            state &= ~8
        cache_key = (int(self.keys[index]), state, width)
        strip = self._strips.get(cache_key)
        if strip is not None:
            self._strips.move_to_end(cache_key)
            return strip
        strip = self._draw(row, state, width)
        self._strips[cache_key] = strip
        if len(self._strips) > KEPT_STRIPS:
            self._strips.popitem(last=False)
        return strip

    def _draw(self, row: RowT, state: int, width: int) -> Strip:
        base = self.look(state, "")
        runs = [("▌" if state & 1 else " ", self.look(state, "bar"))]
        runs.append((("●" if state & 2 else fit(self.sign(row), 1)) + " ", self.look(state, "bar")))
        for column in self._columns_of(width):
            text, name = self.cell(row, column.id)
            runs.append((fit(text, column.width, right=column.right) + " ", self.look(state, name)))
        return Strip(joined(runs)).adjust_cell_length(width, base)

    def make_ready(self) -> None:
        """Draw the pages before and after the shown one, so that a page key finds them drawn."""
        width, height = self.size.width, self.page_rows
        top = round(self.scroll_offset.y)
        for index in range(max(0, top - height), min(len(self.keys), top + 2 * height)):
            if index != self.cursor:
                self._line_of(index, width)

    def _title_line(self, width: int) -> Strip:
        style = self.get_component_rich_style("table--header")
        field, descending = self.sort.lstrip("-"), self.sort.startswith("-")
        segments = [Segment("   ", style)]
        for column in self._columns_of(width):
            title = column.title
            if column.sort and column.sort == field:
                title = f"{fit(title, min(len(title), column.width - 1))}{'▾' if descending else '▴'}"
            segments.append(Segment(fit(title, column.width, right=column.right) + " ", style))
        return Strip(segments).adjust_cell_length(width, style)

    def _beyond_line(self, y: int, width: int) -> Strip:
        style = self.get_component_rich_style("table--row")
        if len(self.keys) or not self.empty_text:
            return Strip.blank(width, style)
        rows = self.empty_text.splitlines()
        first = max(2, self.size.height // 3)
        if not first <= y < first + len(rows):
            return Strip.blank(width, style)
        text = rows[y - first]
        left = max(3, (width - len(text)) // 2)
        shown = fit(" " * left + text, width)
        name = "table--empty" if y == first else "table--muted"
        return Strip([Segment(shown, style + self.get_component_rich_style(name))]).adjust_cell_length(width, style)
