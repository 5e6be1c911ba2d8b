"""JSON objects as rows of a table: nested names joined by dots, short lists by semicolons.

Owns that flattening. Imported by ``tables``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

_MAX_COLUMNS = 500
_DEPTH = 3


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
    """Names of all fields of some objects, in order of appearance, at most 500; bare values are handles."""
    if values and all(isinstance(value, (str, int)) for value in values):
        return ("handle",)
    names: dict[str, None] = {}
    for value in values:
        if isinstance(value, dict):
            names.update((name, None) for name, _ in _pairs(value))
    if not names:
        # Everything is nested deeper than a table, as in a saved response of X's site.
        names.update((key, None) for value in values if isinstance(value, dict) for key in value)
    return tuple(names)[:_MAX_COLUMNS]


def flat_cells(value: object, header: Sequence[str]) -> list[str]:
    """One object, or one bare value, as cells in the order of ``header``."""
    if isinstance(value, (str, int)):
        return [str(value), *[""] * (len(header) - 1)]
    cells = dict(_pairs(value)) if isinstance(value, dict) else {}
    return [cells.get(name, "") for name in header]
