"""Panels of figures side by side where there is room, with a cursor on the figures.

Owns the layout and which figure the cursor is on. What stands in a panel is handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from textual.content import Content
from textual.geometry import Region
from textual.widgets import Static

from followertui.ui.attempt import Guarded
from followertui.ui.cells import lines, plain
from followertui.ui.targets import ToQuery, target

_TWO_FROM, _THREE_FROM = 100, 150
"""Widths from which panels stand in two or three columns."""

_LEAST = 20
_GAP = 3


class Row(NamedTuple):
    """One line of a panel.

    Attributes:
        content: the line.
        query: what it opens, "" for nothing.
        words: cells of it that are words and figures; a bar may follow them. 0 for all.
    """

    content: Content
    query: str = ""
    words: int = 0


class Panel(NamedTuple):
    """A heading and its lines, drawn for a width in cells."""

    title: str
    draw: Callable[[int], list[Row]]


class _Place(NamedTuple):
    """Where a figure stands: its line, its panel in order, and the query it opens."""

    line: int
    panel: int
    query: str


class ReportView(Guarded, Static):
    """The report, with a cursor on its figures."""

    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._panels: Sequence[Panel] = ()
        self._head: Callable[[int], list[Content]] | None = None
        self._places: list[_Place] = []
        self.cursor = 0

    def show(self, head: Callable[[int], list[Content]], panels: Sequence[Panel]) -> None:
        """Show other figures; the cursor stays on the one it was on.

        Args:
            head: draws the lines above all panels, for a width in cells.
            panels: most wanted first.
        """
        chosen = self.chosen
        self._head, self._panels = head, panels
        self.draw()
        at = [number for number, place in enumerate(self._places) if place.query == chosen]
        if chosen and at and self.cursor not in at:
            self.cursor = at[0]
            self.draw()

    @property
    def chosen(self) -> str:
        """The query of the figure under the cursor, "" without one."""
        return self._places[self.cursor].query if self._places else ""

    def on_resize(self) -> None:
        """Lay it out for the width there is now."""
        self.draw()

    def move(self, by: int) -> None:
        """Put the cursor on another figure."""
        self.move_to(self.cursor + by)

    def move_to(self, place: int) -> None:
        """Put the cursor on a figure by its place, kept within what there is."""
        self.cursor = max(0, min(place, len(self._places) - 1))
        self.draw()
        if self._places and self.parent is not None:
            at = self._places[self.cursor].line
            self.screen.query_one("#report-body").scroll_to_region(Region(0, max(0, at - 1), 1, 3), animate=False)

    def move_panel(self, by: int) -> None:
        """Put the cursor on the first figure of a neighbouring panel."""
        if not self._places:
            return
        panels = sorted({place.panel for place in self._places})
        here = panels.index(self._places[self.cursor].panel)
        wanted = panels[max(0, min(here + by, len(panels) - 1))]
        self.move_to(next(at for at, place in enumerate(self._places) if place.panel == wanted))

    def draw(self) -> None:
        """Lay the panels out for the width there is."""
        width = self.size.width
        if self._head is None or width < _LEAST:
            return
        count = 3 if width >= _THREE_FROM else 2 if width >= _TWO_FROM else 1
        room = (width - _GAP * (count - 1)) // count
        head = [*self._head(width), Content("")]
        columns: list[list[Row]] = [[] for _ in range(count)]
        owners: list[list[int]] = [[] for _ in range(count)]
        for number, panel in enumerate(self._panels):
            # The next panel goes where there is most room left, so that the first ones stand on top.
            chosen = min(range(count), key=lambda place: len(columns[place]))
            rows = [Row(plain(panel.title, "bold $primary")), *panel.draw(room), Row(Content(""))]
            columns[chosen] += rows
            owners[chosen] += [number] * len(rows)
        self._places = [
            _Place(len(head) + at, owner, row.query)
            for column, panels in zip(columns, owners, strict=True)
            for at, (row, owner) in enumerate(zip(column, panels, strict=True))
            if row.query
        ]
        self.cursor = max(0, min(self.cursor, len(self._places) - 1))
        self.update(lines([*head, *self._joined(columns, room)]))

    def _joined(self, columns: Sequence[Sequence[Row]], room: int) -> list[Content]:
        """Lines of all columns side by side, the figure under the cursor set off."""
        chosen = -1
        drawn: list[list[Content]] = []
        for column in columns:
            shown = []
            for row in column:
                content = row.content.truncate(room, ellipsis=True)
                content = content.pad_right(room - content.cell_length)
                if row.query:
                    chosen += 1
                    if chosen == self.cursor:
                        content = content.stylize("bold $background on $primary", 0, row.words or None)
                    content = content.stylize(target(ToQuery(row.query)))
                shown.append(content)
            drawn.append(shown)
        height, gap = max(map(len, drawn), default=0), Content(" " * _GAP)
        blank = Content(" " * room)
        return [gap.join([column[at] if at < len(column) else blank for column in drawn]) for at in range(height)]
