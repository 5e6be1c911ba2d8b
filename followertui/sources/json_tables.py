"""JSON objects as rows of a table: nested names joined by dots, short lists by semicolons.

Owns that flattening, and which values are kept in memory. Imported by ``formats`` and
``account_exports``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

from followertui.domain.errors import BadInput
from followertui.sources.graph_dumps import follows_in
from followertui.sources.har_files import answers_in
from followertui.sources.json_files import Item, read_json, refuse_cut_off
from followertui.sources.keyed_objects import spread
from followertui.sources.problems import Problem, row_problem
from followertui.sources.record_envelopes import records_in
from followertui.sources.sifting import Batch
from followertui.sources.tables import SAMPLE_ROWS, TableFormat, TableShape, sample_rows
from followertui.sources.text_files import Encoding, FirstLook, shown_name

_MAX_COLUMNS = 500
_DEPTH = 3
_FIRST_VALUES = 1000
_KEPT_BYTES = 4 << 20
"""JSON up to this size is kept in memory, so that it is not read again."""


class JsonTable(TableFormat):
    """JSON values, in an array, one a line, or under keys."""

    def inspect(self, first: FirstLook, sheet: str | None) -> TableShape:
        """Names of all fields, and the first values; all of a small file."""
        start = first.sample.decode(first.encoding.name, "replace").lstrip("\ufeff \t\r\n")[:1]
        refuse_cut_off(first)
        return _inspect(first, is_lines=start == "{")

    def batches(self, shape: TableShape, size: int) -> Iterator[Batch]:
        """Objects as rows; other values are left out."""
        items = items_of(shape)
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


def items_of(shape: TableShape) -> Iterator[Item | Problem]:
    """Values of a JSON file in file order, from memory where all were inspected.

    Raises:
        BadInput: when the file is cut off.
    """
    return iter(shape.values) if shape.is_whole else _values(shape.path, shape.encoding)


def _values(path: Path, encoding: Encoding) -> Iterator[Item | Problem]:
    return records_in(spread(follows_in(answers_in(read_json(path, encoding)))))


def _inspect(first: FirstLook, *, is_lines: bool) -> TableShape:
    path, size, encoding = first.path, first.size, first.encoding
    is_small = size <= _KEPT_BYTES
    items = tuple(islice(_values(path, encoding), None if is_small else _FIRST_VALUES))
    values = [item.value for item in items[:_FIRST_VALUES] if not isinstance(item, Problem)]
    header = json_header(values)
    if not header:
        raise BadInput(f"{shown_name(path)}: the JSON holds no rows (objects with fields); export it again.")
    samples = sample_rows(flat_cells(value, header) for value in values[:SAMPLE_ROWS])
    is_of_lines = is_lines and len(values) > 1 and not (isinstance(items[0], Item) and items[0].path)
    form = "JSONL" if is_of_lines else "JSON"
    is_whole = is_small or len(items) < _FIRST_VALUES
    estimate = len(items) if is_whole else max(_FIRST_VALUES, size * _FIRST_VALUES // max(1, _json_size(values)))
    return TableShape(path, form, encoding, "", "", (), header, 0, samples, estimate, (), items, is_whole, is_whole)


def _json_size(values: list[object]) -> int:
    return sum(len(str(value)) for value in values)


def _pairs(value: dict[str, Any], prefix: str = "", depth: int = _DEPTH) -> Iterator[tuple[str, str]]:
    for key, part in value.items():
        name = f"{prefix}{key}"
        if isinstance(part, dict):
            if depth:
                yield from _pairs(part, f"{name}.", depth - 1)
        elif isinstance(part, list):
            yield name, "; ".join(str(one) for one in part if isinstance(one, (str, int, float)))
        elif isinstance(part, bool):
            yield name, "true" if part else "false"
        else:
            yield name, "" if part is None else str(part)


def json_header(values: Sequence[object]) -> tuple[str, ...]:
    """Names of all fields of some objects, in order of appearance, at most 500; bare values are handles.

    Objects may stand in arrays of their own, as some tools write a line.
    """
    if values and all(isinstance(value, (str, int)) for value in values):
        return ("handle",)
    names: dict[str, None] = {}
    parts = chain.from_iterable(value if isinstance(value, list) else (value,) for value in values)
    objects = [part for part in parts if isinstance(part, dict)]
    for value in objects:
        names.update((name, None) for name, _ in _pairs(value))
    if not names:
        # Everything is nested deeper than a table, as in a saved response of X's site.
        names.update((key, None) for value in objects for key in value)
    return tuple(names)[:_MAX_COLUMNS]


def flat_cells(value: object, header: Sequence[str]) -> list[str]:
    """One object, or one bare value, as cells in the order of ``header``."""
    if isinstance(value, (str, int)):
        return [str(value), *[""] * (len(header) - 1)]
    cells = dict(_pairs(value)) if isinstance(value, dict) else {}
    return [cells.get(name, "") for name in header]
