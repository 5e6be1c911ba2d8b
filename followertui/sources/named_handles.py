"""Columns whose cells hold a name and its handle together: ``Dana Ortiz (@dana)``.

Owns telling such columns and parting their cells. Imported by ``formats``, so that whatever reads a
table sees a column of names and, behind all others, one of handles.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from followertui.sources.column_names import field_of
from followertui.sources.sifting import Batch
from followertui.sources.tables import TableShape

_BOTH = re.compile(r"(?P<name>[^@]*[^@\s(<\[])\s*[(<\[]\s*(?P<handle>@[A-Za-z0-9_]{1,15})\s*[)>\]]\s*")
_LONGEST = 100
_MOST_WORDS = 6
_SHARE = 0.8
_LEAST = 2
_NAMES = frozenset({"name", "person", "company"})
"""Fields that are names, whose column keeps them without the handle."""

_NO_NAMES = frozenset({"bio", "title", "location", "url", "site", "city", "note", "domain", "email"})
_NAME, _HANDLE = "name", "X handle"


def parted(cell: str) -> tuple[str, str] | None:
    """Name and @handle of a cell that holds both and nothing else, None for any other.

    Args:
        cell: as written.
    """
    found = _BOTH.fullmatch(cell) if "@" in cell and len(cell) <= _LONGEST else None
    return None if found is None else (found["name"], found["handle"])


def with_handles(shape: TableShape) -> TableShape:
    """The shape with columns for the names and handles its cells hold together.

    Args:
        shape: as its format has it; JSON, whose values are read otherwise, stays as it is.
    """
    if shape.is_json:
        return shape
    places = [at for at in range(len(shape.header)) if _is_named(shape.header[at], [row[at] for row in shape.samples])]
    if len(places) != 1:
        return shape
    at = places[0]
    if any(_field(column) == "handle" for other, column in enumerate(shape.header) if other != at):
        return shape
    more = (_HANDLE,) if _field(shape.header[at]) in _NAMES or _NAME in shape.header else (_NAME, _HANDLE)
    named = (at, len(more))
    samples = [_row(row, named) for row in shape.samples]
    return replace(shape, header=(*shape.header, *more), samples=samples, named=named)


def parted_rows(shape: TableShape, batch: Batch) -> Batch:
    """A batch as its format reads it, with the columns of ``with_handles``."""
    return batch._replace(rows=[_row(row, shape.named) for row in batch.rows]) if shape.named else batch


def written(shape: TableShape) -> TableShape:
    """The shape as its format knows it, without the columns added here."""
    return replace(shape, header=shape.header[: -shape.named[1]], named=()) if shape.named else shape


def _field(column: str) -> str:
    found = field_of("accounts", column) or field_of("lists", column)
    return found[0] if found is not None else ""


def _is_named(column: str, cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    found = [both for cell in filled if (both := parted(cell)) is not None]
    are_names = all(len(name.split()) <= _MOST_WORDS for name, _ in found) and _field(column) not in _NO_NAMES
    return len(found) >= _LEAST and len(found) >= _SHARE * len(filled) and are_names


def _row(row: list[str], named: tuple[int, ...]) -> list[str]:
    at, more = named
    name, handle = parted(row[at]) or (row[at], "")
    if more > 1:
        return [*row, name, handle]
    return [*row[:at], name, *row[at + 1 :], handle]
