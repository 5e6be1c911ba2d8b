"""Tables of any format: a header, the first rows, and rows in batches of text cells.

Owns the shape of a table and which of its rows is the header. Does not own what is particular
to a format (``text_tables``, ``workbooks``, ``json_tables``), which rows count (``sifting``) nor
what a column means. Imported by the readers of this room.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice, pairwise
from pathlib import Path

from followertui.domain.errors import BadInput
from followertui.sources.column_names import known_words
from followertui.sources.group_lines import is_group_line, with_groups
from followertui.sources.json_files import Item
from followertui.sources.problems import Problem
from followertui.sources.sifting import Batch
from followertui.sources.text_files import Encoding, FirstLook, shown_name
from followertui.text.cleaning import clean_text

BATCH_ROWS = 500
SAMPLE_ROWS = 200
"""Rows below the header that are kept as samples."""

_LOOK_AHEAD = 40
"""Rows a header may stand below, blank ones at the top not counted."""

_LOOKED_AT = 500
"""Characters of a cell that are looked at to tell what a column is."""

_MAX_COLUMNS = 2000
_NUMERIC = re.compile(r"[\s\d.,:/%+$€£-]+")
_VALUE_LIKE = re.compile(r"https?://|[^@\s]+@[^@\s]+\.[a-z]{2,}$|^@\w+$|^www\.", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TableShape:
    """What a look at the start of a table tells.

    Attributes:
        path: the file.
        format: "CSV", "TSV", "XLSX", "HTML table", "JSON" or "JSONL".
        encoding: how text is written.
        delimiter: between cells, or empty.
        sheet: the worksheet read, or empty.
        sheets: all worksheets.
        header: column headers as written; "column 1" and so on where the file has none.
        header_line: one-based line of the header, 0 where there is none.
        samples: the first rows below the header, at most 200.
        row_estimate: about how many rows, exact for small files.
        problems: what was noticed of the whole file.
        values: of JSON, the values inspected: the first 1,000, or all in a small file.
        is_whole: whether ``values`` are all there are; then the file need not be opened again.
        is_counted: whether ``row_estimate`` is exact.
        named: () or (position of the column whose cells hold a name and its handle, how many columns
            were added for them behind those of the file).
    """

    path: Path
    format: str
    encoding: Encoding
    delimiter: str
    sheet: str
    sheets: tuple[str, ...]
    header: tuple[str, ...]
    header_line: int
    samples: list[list[str]] = field(repr=False)
    row_estimate: int = 0
    problems: tuple[Problem, ...] = ()
    values: tuple[Item | Problem, ...] = field(default=(), repr=False)
    is_whole: bool = False
    is_counted: bool = False
    named: tuple[int, ...] = ()

    @property
    def is_json(self) -> bool:
        """Whether its rows are JSON values."""
        return self.format in ("JSON", "JSONL")


class TableFormat(ABC):
    """A way tables are written; ``formats`` says what it is called."""

    @abstractmethod
    def inspect(self, first: FirstLook, sheet: str | None) -> TableShape:
        """The start of a table.

        Raises:
            BadInput: it holds no table, or is cut off.
        """

    @abstractmethod
    def batches(self, shape: TableShape, size: int) -> Iterator[Batch]:
        """Rows below the header, in file order, at most ``size`` at a time.

        Raises:
            BadInput: the file turns out to be cut off.
        """


def first_rows(rows: Iterator[list[str]]) -> tuple[int, list[list[str]]]:
    """The rows that are looked at, from the first that is not blank.

    Args:
        rows: of a table from its top, in file order; what was looked at is taken off.

    Returns:
        How many blank rows stand above, and as many rows as a header may stand below with the samples under it.
    """
    blank = 0
    for row in rows:
        if any(map(str.strip, row)):
            return blank, [row, *islice(rows, _LOOK_AHEAD + SAMPLE_ROWS - 1)]
        blank += 1
    return blank, []


def sample_rows(rows: Iterable[list[str]]) -> list[list[str]]:
    """Rows to be looked at only, their cells cut: what a column is shows in its first characters."""
    return [[cell[:_LOOKED_AT] for cell in row] for row in rows]


def find_header(path: Path, rows: list[list[str]]) -> tuple[int, tuple[str, ...]]:
    """The header among the first rows of a table.

    Args:
        path: the file, for the message.
        rows: its first rows, in file order.

    Returns:
        Position and cells of the header row; -1 and made-up names where the table has none.

    Raises:
        BadInput: there are no rows, or it is no table.
    """
    rows = sample_rows(rows)
    filled = [[cell for cell in row if cell.strip()] for row in rows]
    widths = Counter(len(row) for row, cells in zip(rows, filled, strict=True) if cells)
    if not widths:
        raise BadInput(f"{shown_name(path)}: there are no rows in it; export it again.")
    width = max(widths, key=lambda size: (widths[size] * min(size, 4), size))
    if width > _MAX_COLUMNS:
        raise BadInput(f"{shown_name(path)}: more than {_MAX_COLUMNS} columns; is this a table?")
    best, best_score = -1, 0.0
    groups = [is_group_line(row, below) for row, below in pairwise([*rows[: _LOOK_AHEAD + 1], []])]
    for at, row in enumerate(rows[:_LOOK_AHEAD]):
        # Groups over every column look like headers themselves.
        score = 0.0 if groups[at] else _header_score(row, filled[at], width)
        if score > best_score:
            best, best_score = at, score
    if best < 0:
        return -1, tuple(f"column {number + 1}" for number in range(width))
    header = list(rows[best])
    while len(header) > width and not header[-1].strip():
        header.pop()
    if best > 0 and groups[best - 1]:
        header = with_groups(header, rows[best - 1])
    return best, distinct([clean_text(cell.lstrip("\ufeff"), limit=80) for cell in header])


def _header_score(row: list[str], cells: list[str], width: int) -> float:
    """How much a row looks like headers: known words first, then short distinct words in most columns."""
    if not cells or len(cells) < width * 0.5:
        return 0.0
    known = known_words([cell for cell in cells if len(cell) <= 60])
    # Of two tables side by side every header is there twice.
    is_distinct = len(set(cells)) >= len(cells) * 0.7 or (known == len(cells) and len(set(cells)) > 1)
    if any(_VALUE_LIKE.search(cell) for cell in cells) or not is_distinct:
        return 0.0
    words = sum(1 for cell in cells if len(cell) <= 60 and not _NUMERIC.fullmatch(cell))
    if words < len(cells) * 0.7 or (known == 0 and (width == 1 or words < len(cells) or width < 2)):
        return 0.0
    return known * 10 + words / len(cells) + len(cells) / max(width, len(row)) / 10


def distinct(header: list[str]) -> tuple[str, ...]:
    """Headers with a name each: empty ones numbered, repeated ones counted."""
    seen: Counter[str] = Counter()
    named = []
    for number, cell in enumerate(header, start=1):
        name = cell or f"column {number}"
        seen[name] += 1
        named.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(named)
