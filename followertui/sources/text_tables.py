"""Tables written as text: CSV and TSV with any delimiter, below any preamble.

Owns delimiters, quotes and line numbers. Imported by ``formats``.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from followertui.sources.problems import row_problem, value_problem
from followertui.sources.sifting import Batch, Sifter
from followertui.sources.tables import SAMPLE_ROWS, TableFormat, TableShape, find_header, first_rows, sample_rows
from followertui.sources.text_files import FirstLook, open_text, shown_name
from followertui.text.encodings import label_of

_DELIMITERS = ",;\t|"
_MAX_CELL = 1 << 27
_RUNAWAY_LINES = 20
_SNIFFED_ROWS = 100


class TextTable(TableFormat):
    """A table whose cells a delimiter parts, or one of a single column."""

    def inspect(self, first: FirstLook, sheet: str | None) -> TableShape:
        """Delimiter, header and first rows; the number of rows is estimated in a file longer than the sample."""
        path, sample, encoding = first.path, first.sample, first.encoding
        text = sample.decode(encoding.name, "replace").lstrip("\ufeff")
        is_whole = first.size <= len(sample)
        if not is_whole:
            text = text[: text.rfind("\n") + 1] or text
        delimiter = _sniff_delimiter(text)
        blank, head = first_rows(_csv_rows(io.StringIO(text, newline=""), delimiter))
        at, header = find_header(path, head)
        problems = []
        if encoding.is_damaged:
            what = "UTF-8" if encoding.name.startswith("utf-8") else label_of(encoding.name)
            problems.append(value_problem(0, "", "", f"some bytes are not {what}; they show as \ufffd"))
        if "\0" in text:
            problems.append(value_problem(0, "", "", "zero bytes in the text were dropped"))
        below = sample_rows(head[at + 1 :])
        line = 0 if at < 0 else blank + 1 + sum(1 + sum(cell.count("\n") for cell in row) for row in head[:at])
        lines = range(line + 1, line + 1 + len(below))
        samples = Sifter(header, shown_name(path)).sift(lines, below).rows
        estimate = _count_rows(text, delimiter, blank + at + 1)
        if not is_whole:
            estimate = estimate * first.size // len(sample)
        form = "TSV" if delimiter == "\t" else "CSV"
        shape = (path, form, encoding, delimiter, "", (), header, line)
        return TableShape(*shape, samples[:SAMPLE_ROWS], estimate, tuple(problems), is_counted=is_whole)

    def batches(self, shape: TableShape, size: int) -> Iterator[Batch]:
        """Rows as lines part them; those a forgotten quote swallowed are cut apart again."""
        csv.field_size_limit(_MAX_CELL)
        sifter = Sifter(shape.header, shown_name(shape.path))
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


def _is_filled(row: list[str]) -> bool:
    return any(map(str.strip, row))


def _sniff_delimiter(text: str) -> str:
    """The delimiter that cuts the most rows into the same number of cells."""
    said = re.match(r"\ufeff?sep=(.)\r?\n", text)
    if said is not None:
        return said.group(1)
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        if delimiter not in text:
            continue
        filled = filter(_is_filled, _csv_rows(io.StringIO(text, newline=""), delimiter))
        widths = Counter(len(row) for row in islice(filled, _SNIFFED_ROWS))
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda pair: (pair[1] * min(pair[0], 4) * (pair[0] > 1), pair[0]))
        score = count / sum(widths.values()) * min(width, 12) if width > 1 else 0.0
        if score > best_score * 1.05:
            best, best_score = delimiter, score
    return best


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
