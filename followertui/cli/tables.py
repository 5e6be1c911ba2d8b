"""Tables for a person: fitted to a terminal by rich, plain lines in a pipe.

Owns how rows look in a terminal and in a pipe. Columns are measured in cells, so that wide
characters line up; every cell is cleaned and drawn as plain text, never as markup. A pipe fits
nothing, so it does without rich's console and table, which are not light.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from followertui.cli.printing import put_document
from followertui.late import late
from followertui.text.cleaning import clean_text

if TYPE_CHECKING:
    from rich import console, table, text
else:
    console = late("rich.console")
    table = late("rich.table")
    text = late("rich.text")

_LONGEST_CELL = 200
"""Characters of a cell that are shown at most."""

_GAP = 2
"""Cells between two columns."""


def write_table(lines: Iterable[Sequence[str]], head: Sequence[str], widest: int = 40) -> int:
    """Print a table on stdout: fitted to the terminal, plain and unfitted in a pipe.

    Args:
        lines: rows of foreign text, as many cells each as ``head``.
        head: names of the columns; "" leaves one unnamed, and without any name there is no header.
        widest: cells a column may take, the last one apart.

    Returns:
        How many rows were printed.
    """
    rows = [[clean_text(cell, limit=_LONGEST_CELL) for cell in line] for line in lines]
    for drawn in (_fitted if sys.stdout.isatty() else _plain)(rows, head, widest):
        put_document(drawn.rstrip())
    return len(rows)


def _fitted(rows: Sequence[Sequence[str]], head: Sequence[str], widest: int) -> list[str]:
    """Lines as wide as the terminal at most, the header in bold."""
    grid = table.Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold", show_header=any(head))
    for at, name in enumerate(head, start=1):
        grid.add_column(name, no_wrap=True, overflow="ellipsis", max_width=None if at == len(head) else widest)
    for cells in rows:
        grid.add_row(*map(text.Text, cells))
    screen = console.Console(file=sys.stdout, markup=False, highlight=False, emoji=False)
    with screen.capture() as drawn:
        screen.print(grid)
    return drawn.get().splitlines()


def _plain(rows: Sequence[Sequence[str]], head: Sequence[str], widest: int) -> Iterator[str]:
    """Lines as long as they come, columns but the last cut where the terminal's would be at its widest."""
    shown = [head, *rows] if any(head) else rows
    widths = [min(widest, max(map(cell_len, column))) for column in list(zip(*shown, strict=True))[:-1]]
    for cells in shown:
        fitted = [
            set_cell_size(cell if cell_len(cell) <= width else f"{set_cell_size(cell, width - 1)}…", width + _GAP)
            for cell, width in zip(cells[:-1], widths, strict=True)
        ]
        yield "".join((*fitted, cells[-1]))
