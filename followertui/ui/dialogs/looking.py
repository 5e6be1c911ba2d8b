"""Looking before a bulk decision: a random sample, and the counts by reason beside it.

Owns both dialogs. Rows are shown as the table shows them, in fewer columns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual import events, on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from followertui.ui.card_text import KIND_STYLES
from followertui.ui.cells import Part, counted, fit, hanging, line, lines, plain
from followertui.ui.columns import SIGNS, Column, account_cell, account_columns, held_by
from followertui.ui.dialogs.dialog import Dialog
from followertui.ui.marks import Marks

if TYPE_CHECKING:
    from followertui.services.values import CountLine, RowCells

AROUND_SAMPLE = 9
"""Lines of a dialog beside counts and sample: frame, title, hint, headings."""
LEAST_SAMPLE = 2
"""Rows of a sample that are shown before counts."""
_LOOKS = {
    "strong": "bold", "muted": "$foreground-muted", "bad": "$error", "warn": "$warning", "bar": "$accent",
    "good": KIND_STYLES["good"], "ours": KIND_STYLES["ours"], "voice": KIND_STYLES["voice"],
    "trade": KIND_STYLES["trade"], "": "",
}  # fmt: skip


SCROLL_CELLS = 2
"""Cells a scrollbar takes where a text may be longer than the screen."""


def inner_width(width: int) -> int:
    """Cells of a line in a dialog that takes nearly all of a screen this wide: its share of it, without its frame."""
    return width * 98 // 100 - 4


def looked_columns(rows: Sequence[RowCells], width: int) -> tuple[Column, ...]:
    """Columns a sample is shown in: what one decides by, as far as these rows hold it.

    Args:
        rows: the sample.
        width: cells of a line.
    """
    return account_columns(max(40, width - 2), held_by(rows) - {"decision", "tags", "place"})


def title_line(columns: Sequence[Column]) -> Content:
    """The titles above a sample."""
    has_bio = any(column.id == "bio" for column in columns)
    shown = ("Why / bio" if c.id == "why" and not has_bio else c.title for c in columns)
    titles = " ".join(fit(title, c.width, right=c.right) for title, c in zip(shown, columns, strict=True))
    return line((f"  {titles}", "bold $foreground-muted"))


def signs_of(rows: Sequence[RowCells]) -> tuple[str, ...]:
    """The signs that some of these rows carry."""
    held = held_by(rows)
    return tuple(sign for name, sign, _ in SIGNS if name in held)


def row_line(cells: RowCells, columns: Sequence[Column], signs: Sequence[str], *, is_marked: bool = False) -> Content:
    """One account in one line."""
    has_bio = any(column.id == "bio" for column in columns)
    parts: list[Part] = [("● " if is_marked else "  ", "$accent")]
    for column in columns:
        text, look = account_cell(cells, column.id, signs, has_bio=has_bio)
        parts += [(fit(text, column.width, right=column.right), _LOOKS[look] or "$foreground"), " "]
    return line(*parts)


class Sample(Dialog[bool]):
    """Random rows of a set, marks to be taken away where one does not belong.

    Args:
        title: what it is a sample of.
        draw: draws other rows.
        page: fetches rows.
        marks: the marks, changed in place.
    """

    def __init__(
        self,
        title: str,
        draw: Callable[[], Sequence[int]],
        page: Callable[[Sequence[int]], Sequence[RowCells]],
        marks: Marks,
    ) -> None:
        super().__init__(title, "space mark or unmark · r others · Esc back")
        self.add_class("-full")
        self._draw_rows = draw
        self._page = page
        self._marks = marks
        self._rows: Sequence[RowCells] = ()

    def body(self) -> list[Widget]:
        """Titles and rows."""
        return [Static(id="sample-titles"), OptionList(id="sample", markup=False, compact=True)]

    def on_mount(self) -> None:
        """Draw the first ones."""
        self._again()

    def _again(self) -> None:
        self._rows = self._page(list(self._draw_rows()))
        self._show(0)

    def _show(self, at: int) -> None:
        rows = self.query_one("#sample", OptionList)
        rows.clear_options()
        columns = looked_columns(self._rows, inner_width(self.app.size.width))
        signs = signs_of(self._rows)
        self.query_one("#sample-titles", Static).update(title_line(columns))
        rows.add_options(
            [Option(row_line(cells, columns, signs, is_marked=cells.row in self._marks)) for cells in self._rows]
        )
        if self._rows:
            rows.highlighted = at

    def pressed(self, event: events.Key) -> bool:
        """Space turns a mark over, ``r`` draws again, ``q`` leaves."""
        rows = self.query_one("#sample", OptionList)
        if event.key == "r" or event.character == "%":
            self._again()
        elif event.key == "space":
            self._toggle(rows.highlighted)
        elif event.key in ("j", "k") and self._rows:
            rows.highlighted = ((rows.highlighted or 0) + (1 if event.key == "j" else -1)) % len(self._rows)
        elif event.key == "q":
            self.dismiss(True)
        else:
            return False
        return True

    def _toggle(self, at: int | None) -> None:
        if at is not None:
            self._marks.toggle(self._rows[at].row)
            self._show(min(at + 1, len(self._rows) - 1))

    @on(OptionList.OptionSelected, "#sample")
    def row_chosen(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click turns the mark over."""
        event.stop()
        self._toggle(event.option_index)


class BulkLook(Dialog[bool]):
    """What is in a bulk decision, before it is made.

    Args:
        title: the decision and how many rows.
        outcome: what it will do, line by line.
        counts: (heading, counts) pairs.
        sample: some of the rows.
        yes: what Enter does.
    """

    def __init__(
        self,
        title: str,
        outcome: Sequence[str],
        counts: Sequence[tuple[str, Sequence[CountLine]]],
        sample: Sequence[RowCells],
        yes: str,
    ) -> None:
        super().__init__(title, f"Enter: {yes} · Esc: back to the marks")
        self.add_class("-full")
        self._outcome = outcome
        self._counts = counts
        self._sample = sample

    def body(self) -> list[Widget]:
        """What it will do, counts in one line per field, then as much of the sample as there is room for."""
        width, height = inner_width(self.app.size.width), self.app.size.height
        room = height * 92 // 100 - AROUND_SAMPLE
        rows = [hanging("outcome" if at == 0 else "", plain(text), width) for at, text in enumerate(self._outcome)]
        for heading, counts in self._counts:
            shown = " · ".join(f"{item.value or '(none)'} {counted(item.count)}" for item in list(counts)[:6])
            line_of_counts = hanging(heading, plain(shown), width)
            if shown and _height([*rows, line_of_counts]) <= room - LEAST_SAMPLE:
                rows.append(line_of_counts)
        sample = self._sample[: max(LEAST_SAMPLE, room - _height(rows))]
        columns = looked_columns(sample, width)
        rows += [plain(""), plain(f"{len(sample)} of them, at random", "$foreground-muted"), title_line(columns)]
        rows += [row_line(cells, columns, signs_of(sample)) for cells in sample]
        return [Static(lines(rows), classes="dialog-text")]

    def pressed(self, event: events.Key) -> bool:
        """Enter or ``y`` goes on."""
        if event.key not in ("enter", "y"):
            return False
        self.dismiss(True)
        return True


def _height(rows: Sequence[Content]) -> int:
    return sum(row.plain.count("\n") + 1 for row in rows)
