"""Tables out of files: CSV, TSV, workbooks and JSON, as a header and batches of text cells.

Owns delimiters, the header below a preamble and line numbers. Does not own which rows count
(``sifting``) nor what a column means. Imported by the readers of this room.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from followertui.domain.errors import BadInput
from followertui.sources.column_names import known_words
from followertui.sources.json_files import Item, read_json, refuse_cut_off
from followertui.sources.json_tables import flat_cells, json_header
from followertui.sources.problems import Problem, row_problem, value_problem
from followertui.sources.sifting import Batch, Sifter, fitted
from followertui.sources.text_files import (
    Encoding,
    FirstLook,
    open_text,
    shown_name,
)
from followertui.sources.workbooks import read_sheet
from followertui.text.cleaning import clean_text

BATCH_ROWS = 500
SAMPLE_ROWS = 200
_LOOK_AHEAD = 40
_FIRST_VALUES = 1000
_KEPT_BYTES = 4 << 20
"""JSON up to this size is kept in memory, so that it is not read again."""
_DELIMITERS = ",;\t|"
_MAX_COLUMNS = 2000
_MAX_CELL = 1 << 27
_RUNAWAY_LINES = 20

_NUMERIC = re.compile(r"[\s\d.,:/%+$€£-]+")
_VALUE_LIKE = re.compile(r"https?://|[^@\s]+@[^@\s]+\.[a-z]{2,}$|^@\w+$|^www\.", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TableShape:
    """What a look at the start of a table tells.

    Attributes:
        path: the file.
        format: "CSV", "TSV", "XLSX", "JSON" or "JSONL".
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

    @property
    def is_json(self) -> bool:
        """Whether its rows are JSON values."""
        return self.format in ("JSON", "JSONL")

    def items(self) -> Iterator[Item | Problem]:
        """Values of a JSON file in file order, from memory where all were inspected.

        Raises:
            BadInput: when the file is cut off.
        """
        return iter(self.values) if self.is_whole else read_json(self.path, self.encoding)


def inspect_table(first: FirstLook, sheet: str | None = None) -> TableShape:
    """Look at the start of a table of any format.

    Args:
        first: what the first look at its bytes told.
        sheet: worksheet to read; the first with rows where not said.

    Raises:
        BadInput: when the file holds no table.
    """
    if first.is_packed:
        return _inspect_workbook(first.path, sheet)
    text = first.sample.decode(first.encoding.name, "replace").lstrip("\ufeff \t\r\n")
    if text[:1] in ("[", "{"):
        refuse_cut_off(first)
        return _inspect_json(first, is_lines=text[:1] == "{")
    return _inspect_text(first)


def _inspect_json(first: FirstLook, *, is_lines: bool) -> TableShape:
    path, size, encoding = first.path, first.size, first.encoding
    is_small = size <= _KEPT_BYTES
    items = tuple(islice(read_json(path, encoding), None if is_small else _FIRST_VALUES))
    values = [item.value for item in items[:_FIRST_VALUES] if not isinstance(item, Problem)]
    header = json_header(values)
    if not header:
        raise BadInput(f"{shown_name(path)}: the JSON holds no rows (objects with fields); export it again.")
    samples = [flat_cells(value, header) for value in values[:SAMPLE_ROWS]]
    form = "JSONL" if is_lines and len(values) > 1 else "JSON"
    is_whole = is_small or len(items) < _FIRST_VALUES
    estimate = len(items) if is_whole else max(_FIRST_VALUES, size * _FIRST_VALUES // max(1, _json_size(values)))
    return TableShape(path, form, encoding, "", "", (), header, 0, samples, estimate, (), items, is_whole, is_whole)


def _json_size(values: list[object]) -> int:
    return sum(len(str(value)) for value in values)


def _inspect_workbook(path: Path, sheet: str | None) -> TableShape:
    name, names, count, rows = read_sheet(path, sheet)
    head = list(islice(rows, _LOOK_AHEAD + SAMPLE_ROWS))
    at, header = _find_header(path, head)
    samples = [fitted(row, len(header)) for row in head[at + 1 :] if any(row)]
    shape = (path, "XLSX", Encoding("utf-8"), "", name, names, header, at + 1)
    return TableShape(*shape, samples[:SAMPLE_ROWS], max(0, count - at - 1), is_counted=True)


def _inspect_text(first: FirstLook) -> TableShape:
    path, sample, encoding = first.path, first.sample, first.encoding
    text = sample.decode(encoding.name, "replace").lstrip("\ufeff")
    is_whole = first.size <= len(sample)
    if not is_whole:
        text = text[: text.rfind("\n") + 1] or text
    delimiter = _sniff_delimiter(text)
    head = list(islice(_csv_rows(io.StringIO(text, newline=""), delimiter), _LOOK_AHEAD + SAMPLE_ROWS))
    at, header = _find_header(path, head)
    problems = []
    if encoding.errors == "replace" and encoding.name == "utf-8":
        problems.append(value_problem(0, "", "", "some bytes are not UTF-8; they show as \ufffd"))
    if "\0" in text:
        problems.append(value_problem(0, "", "", "zero bytes in the text were dropped"))
    samples = [fitted(row, len(header)) for row in head[at + 1 :] if any(row)]
    estimate = _count_rows(text, delimiter, at + 1)
    if not is_whole:
        estimate = estimate * first.size // len(sample)
    line = 0 if at < 0 else 1 + sum(1 + sum(cell.count("\n") for cell in row) for row in head[:at])
    form = "TSV" if delimiter == "\t" else "CSV"
    shape = (path, form, encoding, delimiter, "", (), header, line)
    return TableShape(*shape, samples[:SAMPLE_ROWS], estimate, tuple(problems), is_counted=is_whole)


def _count_rows(text: str, delimiter: str, skipped: int) -> int:
    return sum(1 for row in islice(_csv_rows(io.StringIO(text, newline=""), delimiter), skipped, None) if any(row))


def _csv_rows(file: io.TextIOBase | Iterator[str], delimiter: str) -> Iterator[list[str]]:
    """Rows of a text, past errors; for looking only."""
    csv.field_size_limit(_MAX_CELL)
    lines = (line.replace("\0", "") for line in file)
    for row in csv.reader(lines, delimiter=delimiter):
        if len(row) == 1 and re.fullmatch(r"sep=.", row[0]):
            yield []
        else:
            yield row


def _sniff_delimiter(text: str) -> str:
    """The delimiter that cuts the most rows into the same number of cells."""
    said = re.match(r"\ufeff?sep=(.)\r?\n", text)
    if said is not None:
        return said.group(1)
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        if delimiter not in text:
            continue
        widths = Counter(len(row) for row in islice(_csv_rows(io.StringIO(text, newline=""), delimiter), 100) if row)
        width, count = max(widths.items(), key=lambda pair: (pair[1] * min(pair[0], 4) * (pair[0] > 1), pair[0]))
        score = count / sum(widths.values()) * min(width, 12) if width > 1 else 0.0
        if score > best_score * 1.05:
            best, best_score = delimiter, score
    return best


def _find_header(path: Path, rows: list[list[str]]) -> tuple[int, tuple[str, ...]]:
    """Position and cells of the header row; -1 and made-up names where the table has none."""
    filled = [[cell for cell in row if cell.strip()] for row in rows]
    widths = Counter(len(row) for row, cells in zip(rows, filled, strict=True) if cells)
    if not widths:
        raise BadInput(f"{shown_name(path)}: there are no rows in it; export it again.")
    width = max(widths, key=lambda size: (widths[size] * min(size, 4), size))
    if width > _MAX_COLUMNS:
        raise BadInput(f"{shown_name(path)}: more than {_MAX_COLUMNS} columns; is this a table?")
    best, best_score = -1, 0.0
    for at, row in enumerate(rows[:_LOOK_AHEAD]):
        score = _header_score(row, filled[at], width)
        if score > best_score:
            best, best_score = at, score
    if best < 0:
        return -1, tuple(f"column {number + 1}" for number in range(width))
    header = list(rows[best])
    while len(header) > width and not header[-1].strip():
        header.pop()
    return best, _distinct([clean_text(cell.lstrip("\ufeff"), limit=80) for cell in header])


def _header_score(row: list[str], cells: list[str], width: int) -> float:
    """How much a row looks like headers: known words first, then short distinct words in most columns."""
    if not cells or len(cells) < width * 0.5:
        return 0.0
    if any(_VALUE_LIKE.search(cell) for cell in cells) or len(set(cells)) < len(cells) * 0.7:
        return 0.0
    known = known_words([cell for cell in cells if len(cell) <= 60])
    words = sum(1 for cell in cells if len(cell) <= 60 and not _NUMERIC.fullmatch(cell))
    if words < len(cells) * 0.7 or (known == 0 and (width == 1 or words < len(cells) or width < 2)):
        return 0.0
    return known * 10 + words / len(cells) + len(cells) / max(width, len(row)) / 10


def _distinct(header: list[str]) -> tuple[str, ...]:
    """Headers with a name each: empty ones numbered, repeated ones counted."""
    seen: Counter[str] = Counter()
    named = []
    for number, cell in enumerate(header, start=1):
        name = cell or f"column {number}"
        seen[name] += 1
        named.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(named)


def read_batches(shape: TableShape, size: int = BATCH_ROWS) -> Iterator[Batch]:
    """Rows below the header, in file order, in batches of at most ``size``.

    Args:
        shape: what ``inspect_table`` said.
        size: most rows of a batch.

    Raises:
        BadInput: when the file turns out to be cut off.
    """
    if shape.format == "XLSX":
        yield from _workbook_batches(shape, size)
    elif shape.is_json:
        yield from _json_batches(shape, size)
    else:
        yield from _text_batches(shape, size)


def _json_batches(shape: TableShape, size: int) -> Iterator[Batch]:
    items = shape.items()
    while chunk := list(islice(items, size)):
        batch = Batch([], [], [])
        lines: list[int] = []
        for item in chunk:
            if isinstance(item, Problem):
                batch.problems.append(item)
            elif isinstance(item.value, dict):
                lines.append(item.line)
                batch.rows.append(flat_cells(item.value, shape.header))
            else:
                batch.problems.append(row_problem(item.line, item.value, "no object with fields"))
        yield batch._replace(lines=lines)


def _workbook_batches(shape: TableShape, size: int) -> Iterator[Batch]:
    rows = islice(read_sheet(shape.path, shape.sheet).rows, shape.header_line, None)
    line = shape.header_line + 1
    sifter = Sifter(len(shape.header))
    while chunk := list(islice(rows, size)):
        yield sifter.sift(range(line, line + len(chunk)), chunk)
        line += len(chunk)


def _text_batches(shape: TableShape, size: int) -> Iterator[Batch]:
    csv.field_size_limit(_MAX_CELL)
    sifter = Sifter(len(shape.header))
    with open_text(shape.path, shape.encoding) as file:
        lines: Iterator[str] = iter(file)
        if any("zero bytes" in problem.reason for problem in shape.problems):
            lines = (line.replace("\0", "") for line in file)
        reader = csv.reader(lines, delimiter=shape.delimiter)
        while reader.line_num < shape.header_line and next(reader, None) is not None:
            pass
        while True:
            start = reader.line_num + 1
            rows: list[list[str]] = []
            problem = None
            try:
                rows.extend(islice(reader, size))
            except csv.Error as error:
                problem = row_problem(reader.line_num, "", f"the line cannot be read ({error})")
            numbers: Sequence[int] = range(start, start + len(rows))
            if reader.line_num - start + 1 != len(rows):
                numbers, rows = _numbered(start, rows, shape.delimiter, len(shape.header))
            if not rows and problem is None:
                return
            batch = sifter.sift(numbers, rows)
            if problem is not None:
                batch.problems.append(problem)
            yield batch


def _numbered(start: int, rows: list[list[str]], delimiter: str, width: int) -> tuple[list[int], list[list[str]]]:
    """Line numbers where cells hold line ends; rows a forgotten quote swallowed are cut apart again."""
    numbers: list[int] = []
    kept: list[list[str]] = []
    line = start
    for row in rows:
        breaks = sum(cell.count("\n") or cell.count("\r") for cell in row)
        if breaks >= _RUNAWAY_LINES and (freed := _freed(row, delimiter, width)):
            for offset, part in enumerate(freed):
                numbers.append(line + offset)
                kept.append(part)
        else:
            numbers.append(line)
            kept.append(row)
        line += 1 + breaks
    return numbers, kept


def _freed(row: list[str], delimiter: str, width: int) -> list[list[str]]:
    """The rows inside a cell whose quote was never closed, or none where it is just a long text."""
    at = max(range(len(row)), key=lambda index: row[index].count("\n"))
    first, *inner = row[at].splitlines()
    parts = list(csv.reader(inner, delimiter=delimiter, quoting=csv.QUOTE_NONE))
    whole = sum(len(part) == width for part in parts)
    return [[*row[:at], first], *parts] if whole > len(parts) / 2 else []
