"""How far a workbook reaches, measured in its zip before any of it is read.

A sheet is read as a full rectangle, so one cell at XFD1048576 would ask for seventeen billion
cells. Owns the limits, the line that refuses what is over them, and leaving out blank cells
far from the table. Imported by ``workbook_reading``; needs nothing but the standard library.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple

from followertui.domain.errors import BadInput

MOST_BYTES = 1 << 30
"""Bytes a workbook may unpack to."""

MOST_CELLS = 20_000_000
"""Cells of the rectangle from A1 to the last cell with text."""

_WORTH_TRIMMING = 2_000_000
_CHUNK_BYTES = 4 << 20
_LONGEST_CELL = 64 << 20
_LAST_ROW, _LAST_COLUMN = 1 << 20, 1 << 14
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_STRINGS = "xl/sharedstrings.xml"

_REFERENCE = re.compile(rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*["']([^"']*)["']""")
_PLAIN_REFERENCE = re.compile(rb'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"')
_UNUSUAL = (b":c", b"<c\t", b"<c\r", b"<c\n")
_PLACE = re.compile(rb"([A-Za-z]{1,3})([1-9][0-9]{0,6})")
_CELL = re.compile(rb"<((?:\w+:)?)c\s[^>]*?(?:/>|>.*?</\1c\s*>)", re.DOTALL)
_TEXT = re.compile(rb"<(?:\w+:)?(?:v|t)(?:\s[^>]*)?>\s*([^<\s][^<]*?)\s*<")
_IS_SHARED = re.compile(rb"""^<[^>]*\st\s*=\s*["']s["']""")
_ITEM = re.compile(rb"<((?:\w+:)?)si(?:\s[^>]*)?(?:/>|>.*?</\1si\s*>)", re.DOTALL)


class _Extent(NamedTuple):
    """The last row and column of some cells, from 1, and the place that reaches farthest."""

    rows: int = 0
    columns: int = 0
    last: str = ""

    @property
    def cells(self) -> int:
        """Cells of the rectangle that reaches that far."""
        return self.rows * self.columns


def measured(path: Path, shown: str) -> Path | BinaryIO:
    """A workbook that is safe to read as a rectangle.

    Args:
        path: the workbook, a zip.
        shown: its name for messages.

    Returns:
        The path, or where blank cells far away were left out a copy in memory.

    Raises:
        BadInput: it unpacks to too much, reaches too far, or names a cell no sheet has.
    """
    try:
        with zipfile.ZipFile(path) as book:
            size = sum(info.file_size for info in book.infolist())
            if size > MOST_BYTES:
                raise BadInput(f"{shown}: unpacks to {size >> 20:,} MB, too much for a table; save the sheet as CSV.")
            wide = [
                info.filename
                for info in book.infolist()
                if _SHEET.fullmatch(info.filename) and _reach(book, info.filename, shown).cells > _WORTH_TRIMMING
            ]
            return _trimmed(book, wide, shown) if wide else path
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError):
        raise BadInput(f"{shown}: the workbook is damaged or cut off; save it again.") from None


def _pieces(book: zipfile.ZipFile, name: str, shown: str) -> Iterator[bytes]:
    """The text of a part in pieces that cut no cell apart."""
    rest = b""
    with book.open(name) as part:
        while chunk := part.read(_CHUNK_BYTES):
            rest += chunk
            cut = rest.rfind(b"</row")
            cut = cut if cut >= 0 else rest.rfind(b"<c ")
            if cut > 0:
                yield rest[:cut]
                rest = rest[cut:]
            elif len(rest) > _LONGEST_CELL:
                raise BadInput(f"{shown}: a cell holds more than {_LONGEST_CELL >> 20} MB; save the sheet as CSV.")
    yield rest


def _reach(book: zipfile.ZipFile, name: str, shown: str) -> _Extent:
    """How far all cells of a sheet reach, blank ones too."""
    rows = columns = 0
    for piece in _pieces(book, name, shown):
        places = _places(piece, shown)
        if places:
            rows = max(rows, *map(int, {digits for _, digits in places}))
            columns = max(columns, *map(_column, {letters for letters, _ in places}))
    if rows > _LAST_ROW or columns > _LAST_COLUMN:
        raise BadInput(f"{shown}: has a cell beyond XFD1048576, which no sheet has; save it again as XLSX or CSV.")
    return _Extent(rows, columns)


def _places(piece: bytes, shown: str) -> list[tuple[bytes, bytes]]:
    """Column letters and row digits of the cells in a piece."""
    plain = _PLAIN_REFERENCE.findall(piece)
    if len(plain) == piece.count(b"<c ") and not any(mark in piece for mark in _UNUSUAL):
        return plain
    places = []
    for said in _REFERENCE.findall(piece):
        place = _PLACE.fullmatch(said)
        if place is None:
            what = said[:20].decode("ascii", "replace")
            raise BadInput(f'{shown}: has a cell at "{what}", which no sheet has; save it again as XLSX or CSV.')
        places.append((place[1], place[2]))
    return places


def _column(letters: bytes) -> int:
    """Number of a column from 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _trimmed(book: zipfile.ZipFile, wide: list[str], shown: str) -> Path | BinaryIO:
    """A copy whose wide sheets end at their last cell with text."""
    blank = _blank_strings(book)
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        for info in book.infolist():
            if info.filename not in wide:
                made.writestr(info.filename, book.read(info))
                continue
            reach = _filled(book, info.filename, shown, blank)
            if reach.cells > MOST_CELLS:
                raise BadInput(
                    f"{shown}: the sheet reaches to {reach.last}, {reach.cells:,} cells; delete what stands "
                    f"far from the table, or save the sheet as CSV."
                )
            with made.open(info.filename, "w") as part:
                for piece in _pieces(book, info.filename, shown):
                    part.write(_CELL.sub(partial(_within, reach), piece))
    copy.seek(0)
    return copy


def _filled(book: zipfile.ZipFile, name: str, shown: str, blank: frozenset[bytes]) -> _Extent:
    """How far the cells of a sheet reach that hold more than blanks."""
    rows = columns = 0
    last = ""
    for piece in _pieces(book, name, shown):
        for found in _CELL.finditer(piece):
            text, place = _TEXT.search(found[0]), _place(found[0])
            if text is None or place is None or (_IS_SHARED.match(found[0]) and text[1] in blank):
                continue
            row, column = place
            if column > columns or row > rows:
                rows, columns, last = max(rows, row), max(columns, column), _REFERENCE.findall(found[0])[0].decode()
    return _Extent(rows, columns, last)


def _within(reach: _Extent, found: re.Match[bytes]) -> bytes:
    """A cell as it stands, or nothing where it lies outside."""
    place = _place(found[0])
    return b"" if place is not None and (place[0] > reach.rows or place[1] > reach.columns) else found[0]


def _place(cell: bytes) -> tuple[int, int] | None:
    """Row and column of a cell, from 1."""
    said = _REFERENCE.match(cell)
    place = _PLACE.fullmatch(said[1]) if said else None
    return (int(place[2]), _column(place[1])) if place else None


def _blank_strings(book: zipfile.ZipFile) -> frozenset[bytes]:
    """Numbers of the shared strings that are blank, as a cell names them."""
    name = next((name for name in book.namelist() if name.lower() == _STRINGS), None)
    if name is None:
        return frozenset()
    items = enumerate(_ITEM.finditer(book.read(name)))
    return frozenset(str(number).encode() for number, item in items if _TEXT.search(item[0]) is None)
