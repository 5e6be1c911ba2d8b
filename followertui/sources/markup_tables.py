"""Tables written as markup and called .xls: HTML as Salesforce writes it, and the XML of Excel 2003.

Owns taking their rows. Nothing in them is run or fetched. Imported by ``formats``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import islice

from followertui.domain.errors import BadInput
from followertui.sources.sifting import Batch, Sifter, fitted
from followertui.sources.tables import SAMPLE_ROWS, TableFormat, TableShape, find_header, first_rows, sample_rows
from followertui.sources.text_files import Encoding, FirstLook, open_text, shown_name

_PIECE = 1 << 16
_MOST_ROWS = 1_000_000
_MOST_SPAN = 2000
_LONGEST_TAG = 1 << 20
_ROWS = frozenset({"tr", "row"})
_CELLS = frozenset({"td", "th", "cell"})
_BREAKS = frozenset({"br", "p", "div", "li"})
_SILENT = frozenset({"script", "style"})
_INDEX = re.compile(r"[0-9]{1,5}")


class _Rows(HTMLParser):
    """Rows of the tables of a page, cells as text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self._row: list[str] | None = None
        self._cell: list[str] | None = None
        self._span = 1
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A row or cell begins; one that was left open ends."""
        name, given = tag.rpartition(":")[2], dict(attrs)
        if name in _SILENT:
            self._silent += 1
        elif name in _ROWS:
            self._end_row()
            self._row = []
        elif name in _CELLS and self._row is not None:
            self._end_cell()
            place = _number(given.get("ss:index"))
            self._row += [""] * min(_MOST_SPAN, max(0, place - 1 - len(self._row)))
            self._cell, self._span = [], max(1, _number(given.get("colspan")), _number(given.get("ss:mergeacross")) + 1)
        elif name in _BREAKS and self._cell:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """A row or cell ends."""
        name = tag.rpartition(":")[2]
        if name in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif name in _CELLS:
            self._end_cell()
        elif name in _ROWS or name == "table":
            self._end_row()

    def handle_data(self, data: str) -> None:
        """Text of the open cell."""
        if self._cell is not None and not self._silent:
            self._cell.append(data)

    def taken(self) -> list[list[str]]:
        """Rows that ended since the last time."""
        rows, self.rows = self.rows, []
        return rows

    def close(self) -> None:
        """The file ends, and with it what is open."""
        super().close()
        self._end_row()

    def _end_cell(self) -> None:
        if self._cell is not None and self._row is not None:
            self._row.append(re.sub(r"[ \t\r\f]*\n\s*", "\n", "".join(self._cell)).strip())
            self._row += [""] * (min(self._span, _MOST_SPAN) - 1)
        self._cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._row is not None:
            self.rows.append(self._row)
        self._row = None


def _number(text: str | None) -> int:
    return int(text) if text and _INDEX.fullmatch(text) else 0


class MarkupTable(TableFormat):
    """The rows of all tables of a page or XML sheet."""

    def inspect(self, first: FirstLook, sheet: str | None) -> TableShape:
        """Header and first rows; all rows are counted."""
        rows = _rows(first.encoding, first)
        blank, head = first_rows(rows)
        at, header = find_header(first.path, head)
        above = 0 if at < 0 else blank + at + 1
        samples = [fitted(row, len(header)) for row in sample_rows(head[at + 1 :]) if any(row)]
        count = len(head) + sum(1 for _ in rows) - at - 1
        shape = (first.path, "HTML table", first.encoding, "", "", (), header, above)
        return TableShape(*shape, samples[:SAMPLE_ROWS], max(0, count), is_counted=True)

    def batches(self, shape: TableShape, size: int) -> Iterator[Batch]:
        """Rows as the page has them; lines are rows."""
        rows = islice(_rows(shape.encoding, shape), shape.header_line, None)
        line, sifter = shape.header_line + 1, Sifter(shape.header, shown_name(shape.path))
        while chunk := list(islice(rows, size)):
            yield sifter.sift(range(line, line + len(chunk)), chunk)
            line += len(chunk)


def _rows(encoding: Encoding, file_of: FirstLook | TableShape) -> Iterator[list[str]]:
    """Rows of a page, read piece by piece.

    Raises:
        BadInput: it holds more rows than a sheet has, or a tag without an end.
    """
    parser, count = _Rows(), 0
    with open_text(file_of.path, encoding) as file:
        while piece := file.read(_PIECE):
            parser.feed(piece)
            if len(parser.rawdata) > _LONGEST_TAG:
                raise BadInput(f"{shown_name(file_of.path)}: the HTML in it is damaged; export it again as CSV.")
            for row in parser.taken():
                count += 1
                if count > _MOST_ROWS:
                    raise BadInput(f"{shown_name(file_of.path)}: more than {_MOST_ROWS:,} rows; export it as CSV.")
                yield row
    parser.close()
    yield from parser.taken()
