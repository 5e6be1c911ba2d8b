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
from followertui.ui.cells import counted, fit, hanging, line, lines, plain
from followertui.ui.dialogs.dialog import Dialog
from followertui.ui.marks import Marks
from followertui.ui.row_text import KIND_LOOKS, kind_word, name_of

if TYPE_CHECKING:
    from followertui.services.values import CountLine, RowCells

LOOK_WIDTH = 70


def row_line(cells: RowCells, *, is_marked: bool = False) -> Content:
    """One account in one line of at most 72 cells."""
    return line(
        ("● " if is_marked else "  ", "$accent"),
        (fit(name_of(cells), 18), "bold"),
        " ",
        (fit(cells.handle, 14), "$foreground-muted"),
        " ",
        fit(cells.relation, 2),
        (fit(kind_word(cells), 11), KIND_STYLES[KIND_LOOKS.get(cells.kind, "")] or "$foreground"),
        fit(cells.why, 23),
    )


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
        self._draw_rows = draw
        self._page = page
        self._marks = marks
        self._rows: Sequence[RowCells] = ()

    def body(self) -> list[Widget]:
        """The rows."""
        return [OptionList(id="sample", markup=False, compact=True)]

    def on_mount(self) -> None:
        """Draw the first ones."""
        self._again()

    def _again(self) -> None:
        self._rows = self._page(list(self._draw_rows()))
        self._show(0)

    def _show(self, at: int) -> None:
        rows = self.query_one("#sample", OptionList)
        rows.clear_options()
        rows.add_options([Option(row_line(cells, is_marked=cells.row in self._marks)) for cells in self._rows])
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
        counts: (heading, counts) pairs.
        sample: some of the rows.
        yes: what Enter does.
    """

    def __init__(
        self,
        title: str,
        counts: Sequence[tuple[str, Sequence[CountLine]]],
        sample: Sequence[RowCells],
        yes: str,
    ) -> None:
        super().__init__(title, f"Enter: {yes} · Esc: back to the marks")
        self._counts = counts
        self._sample = sample

    def body(self) -> list[Widget]:
        """Counts in one line per field, then the sample."""
        rows = []
        for heading, counts in self._counts:
            shown = " · ".join(f"{item.value or '(none)'} {counted(item.count)}" for item in list(counts)[:6])
            if shown:
                rows.append(hanging(heading, plain(shown), LOOK_WIDTH))
        rows += [plain(""), plain(f"{len(self._sample)} of them, at random", "$foreground-muted")]
        rows += [row_line(cells) for cells in self._sample]
        return [Static(lines(rows), classes="dialog-text")]

    def pressed(self, event: events.Key) -> bool:
        """Enter or ``y`` goes on."""
        if event.key not in ("enter", "y"):
            return False
        self.dismiss(True)
        return True
