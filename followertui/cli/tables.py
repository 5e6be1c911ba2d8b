"""Tables for a person, drawn by rich.

Owns how rows look in a terminal and in a pipe. Columns are measured in cells, so that wide
characters line up; every cell is cleaned and drawn as plain text, never as markup. It is
imported when the first table is printed, because rich is not light.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from followertui.cli.printing import put_document
from followertui.text.cleaning import clean_text

_LONGEST_CELL = 200
"""Characters of a cell that are shown at most."""

_PIPE_WIDTH = 100_000
"""Width of a pipe: nothing is shortened to fit."""


def write_table(lines: Iterable[Sequence[str]], head: Sequence[str], widest: int = 40) -> int:
    """Print a table on stdout: fitted to the terminal, plain and unfitted in a pipe.

    Args:
        lines: rows of foreign text, as many cells each as ``head``.
        head: names of the columns; "" leaves one unnamed, and without any name there is no header.
        widest: cells a column may take, the last one apart.

    Returns:
        How many rows were printed.
    """
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold", show_header=any(head))
    for at, name in enumerate(head, start=1):
        table.add_column(name, no_wrap=True, overflow="ellipsis", max_width=None if at == len(head) else widest)
    for line in lines:
        table.add_row(*(Text(clean_text(cell, limit=_LONGEST_CELL)) for cell in line))
    width = None if sys.stdout.isatty() else _PIPE_WIDTH
    console = Console(file=sys.stdout, width=width, markup=False, highlight=False, emoji=False)
    with console.capture() as drawn:
        console.print(table)
    for text in drawn.get().splitlines():
        put_document(text.rstrip())
    return table.row_count
