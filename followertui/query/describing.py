"""``domain.query.Query`` -> plain words for the screen: "follows us, and kind is customer".

Owns the wording only. It escapes nothing: whoever shows it treats it as foreign text.
Imported by services.
"""

from __future__ import annotations

from followertui.domain.clock import from_epoch
from followertui.domain.fields import FIELDS, FLAGS
from followertui.domain.query import And, Equals, FieldType, Flag, Has, Node, Not, Or, Query, Range, Words
from followertui.query.quantities import UNIT_SECONDS

_UNIT_WORDS = {"y": "year", "m": "month", "w": "week", "d": "day", "h": "hour", "s": "second"}

_DATE_WORDS = {
    "posted": "last posted",
    "created": "account made",
    "followed": "followed us",
    "left": "left us",
    "seen": "first seen",
    "contacted": "last contacted",
    "offered": "last offered a link",
}

_DESCENDING = {
    FieldType.NUMBER: ("lowest first", "highest first"),
    FieldType.MATCH: ("lowest first", "highest first"),
    FieldType.DURATION: ("shortest first", "longest first"),
    FieldType.DATE: ("oldest first", "newest first"),
}


def describe(query: Query) -> str:
    """What the query asks for, in one line of plain words."""
    words = "everyone" if query.where == And(()) else _phrase(query.where)
    if query.sort is None:
        return words
    up, down = _DESCENDING.get(FIELDS[query.sort.field].type, ("A to Z", "Z to A"))
    return f"{words}; by {query.sort.field}, {down if query.sort.descending else up}"


def _phrase(node: Node) -> str:
    if isinstance(node, And):
        return ", and ".join(f"({_phrase(p)})" if _is_loose(p) else _phrase(p) for p in node.parts)
    if isinstance(node, Or):
        if (shared := _shared_field(node)) is not None:
            values = [_value(part) for part in node.parts if isinstance(part, Equals)]
            return f"{shared} {_verb(shared)} {', '.join(values[:-1])} or {values[-1]}"
        return ", or ".join(f"({_phrase(p)})" if isinstance(p, And) else _phrase(p) for p in node.parts)
    if isinstance(node, Not):
        inner = _phrase(node.part)
        return f"not ({inner})" if isinstance(node.part, And | Or) else f"not: {inner}"
    return _leaf(node)


def _leaf(node: Words | Flag | Equals | Range | Has) -> str:
    if isinstance(node, Words):
        return f'mentions "{_one_line(node.text)}"'
    if isinstance(node, Flag):
        return FLAGS[node.name]
    if isinstance(node, Has):
        return f"{node.field} is known"
    if isinstance(node, Equals):
        if node.field == "handle" and node.value.startswith("@"):
            return f"is {_one_line(node.value)}"
        return f"{node.field} {_verb(node.field)} {_value(node)}"
    return _range(node)


def _shared_field(node: Or) -> str | None:
    """The field all parts ask about, where they do."""
    fields = {part.field if isinstance(part, Equals) else None for part in node.parts}
    return fields.pop() if len(fields) == 1 else None


def _is_loose(node: Node) -> bool:
    """Whether the words of a node would mix with what stands beside them."""
    return isinstance(node, Or) and _shared_field(node) is None


def _verb(field: str) -> str:
    return "holds" if FIELDS[field].type is FieldType.TEXT else "is"


def _value(node: Equals) -> str:
    is_closed = FIELDS[node.field].type in (FieldType.CHOICE, FieldType.MATCH)
    return node.value if is_closed else f'"{_one_line(node.value)}"'


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _range(node: Range) -> str:
    kind = FIELDS[node.field].type
    subject = {"match": "match score"}.get(node.field, _DATE_WORDS.get(node.field, node.field))
    low = None if node.low is None else _quantity(kind, node.low)
    high = None if node.high is None else _quantity(kind, node.high)
    is_date = kind is FieldType.DATE
    if low is not None and low == high:
        return f"{subject} {'on' if is_date else 'is'} {low}"
    words = []
    if low is not None:
        words.append(("after" if node.low_open else "since") if is_date else "over" if node.low_open else "at least")
        words.append(low)
    if low is not None and high is not None:
        words.append("and")
    if high is not None:
        words.append(("before" if node.high_open else "until") if is_date else "under" if node.high_open else "at most")
        words.append(high)
    return f"{subject} {' '.join(words)}"


def _quantity(kind: FieldType, value: float) -> str:
    if kind is FieldType.DATE:
        return from_epoch(int(value)).strftime("%d %b %Y").lstrip("0")
    if kind is FieldType.DURATION:
        for unit, seconds in UNIT_SECONDS.items():
            if value and value % seconds == 0:
                count = int(value // seconds)
                return f"{count:,} {_UNIT_WORDS[unit]}{'' if count == 1 else 's'}"
        return "0 days"
    return f"{int(value):,}" if value == int(value) else f"{value:,g}"
