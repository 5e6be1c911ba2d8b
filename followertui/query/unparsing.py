"""``domain.query.Query`` -> text that reads as the same condition and order.

Owns the written form of every node. Dates come out as moments in UTC, so a query that said
``7d`` becomes absolute: what should move with time is kept as its text. Imported by services.
"""

from __future__ import annotations

import re
from decimal import Decimal

from followertui.domain.clock import from_epoch
from followertui.domain.fields import FIELDS
from followertui.domain.query import And, At, Equals, FieldType, Flag, Has, Node, Not, Or, Query, Range, Words
from followertui.query.parsing import HANDLE_WORD
from followertui.query.quantities import UNIT_SECONDS
from followertui.query.wording import as_value, quoted

_NAMES_A_HANDLE = re.compile(f"{HANDLE_WORD.pattern}|@")
_PLAIN_WORD = re.compile(r'(?!(?:OR|AND|NOT)$)(?![^\W\d][\w-]*:)[^\s()"-][^\s()"]*')


def unparse(query: Query) -> str:
    """The query as text.

    Returns:
        Text for which ``parse`` gives the same condition and order; empty for everything.
    """
    parts = [] if query.where == And(()) else [_text(query.where)]
    if query.sort is not None:
        where_is_or = isinstance(query.where, Or)
        parts = [f"({part})" if where_is_or else part for part in parts]
        parts.append(f"sort:{'-' if query.sort.descending else ''}{query.sort.field}")
    return " ".join(parts)


def _text(node: Node) -> str:
    if isinstance(node, And):
        return " ".join(_bound(part, (Or, At)) for part in node.parts)
    if isinstance(node, Or):
        return " OR ".join(_text(part) for part in node.parts)
    if isinstance(node, Not):
        return "-" + _bound(node.part, (And, Or, At))
    if isinstance(node, At):
        day = f"at:{_bound_text(FieldType.DATE, node.moment)}"
        return day if node.part == And(()) else f"{day} {_bound(node.part, (Or, At))}"
    return _leaf(node)


def _bound(node: Node, loose: tuple[type, ...]) -> str:
    """The part in parentheses where it would fall apart without."""
    text = _text(node)
    return f"({text})" if isinstance(node, loose) else text


def _leaf(node: Words | Flag | Equals | Range | Has) -> str:
    if isinstance(node, Flag):
        return f"is:{node.name}"
    if isinstance(node, Has):
        return f"has:{node.field}"
    if isinstance(node, Equals):
        return f"{node.field}:{as_value(node.value)}"
    if isinstance(node, Range):
        return _range(node)
    is_plain = not node.is_phrase and _PLAIN_WORD.fullmatch(node.text) and not _NAMES_A_HANDLE.fullmatch(node.text)
    return node.text if is_plain else quoted(node.text)


def _range(node: Range) -> str:
    kind = FIELDS[node.field].type
    low = None if node.low is None else _bound_text(kind, node.low)
    high = None if node.high is None else _bound_text(kind, node.high)
    if kind is FieldType.DURATION and (unit := _whole_unit(node)):
        return f"{node.field}:{unit}"
    if not node.low_open and not node.high_open:
        return f"{node.field}:{low}" if low == high and low is not None else f"{node.field}:{low or ''}..{high or ''}"
    bounds = []
    if low is not None:
        bounds.append(f"{node.field}:{'>' if node.low_open else '>='}{low}")
    if high is not None:
        bounds.append(f"{node.field}:{'<' if node.high_open else '<='}{high}")
    return bounds[0] if len(bounds) == 1 else f"({' '.join(bounds)})"


def _whole_unit(node: Range) -> str | None:
    """``2y`` for the interval a bare duration stands for."""
    if node.low is None or node.high is None or node.low_open or not node.high_open:
        return None
    for unit, seconds in UNIT_SECONDS.items():
        if node.high - node.low == seconds and node.low % seconds == 0:
            return f"{int(node.low // seconds)}{unit}"
    return None


def _bound_text(kind: FieldType, value: float) -> str:
    if kind is FieldType.DATE:
        return from_epoch(int(value)).strftime("%Y-%m-%dT%H:%M:%SZ")
    if kind is FieldType.DURATION:
        unit = next(unit for unit, seconds in UNIT_SECONDS.items() if value % seconds == 0 and (value or unit == "d"))
        return f"{int(value // UNIT_SECONDS[unit])}{unit}"
    return str(int(value)) if value == int(value) else format(Decimal(repr(value)), "f")
