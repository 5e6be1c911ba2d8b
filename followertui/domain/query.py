"""The one query as a value: what the text means, before anything evaluates it.

Owns the tree a query is and the table of its fields. ``query`` turns text into this,
``store`` turns this into row numbers. Stdlib only; anyone may import it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, Union


@dataclass(frozen=True, slots=True)
class Words:
    """Bare words: name, handle, bio or place holds ``text``.

    Attributes:
        text: one word, or a phrase with its spaces.
        is_phrase: quoted: the words stand side by side, and the last is whole;
            unquoted: the word may go on (prefix).
    """

    text: str
    is_phrase: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    """``is:name``."""

    name: str


@dataclass(frozen=True, slots=True)
class Equals:
    """``field:value`` for fields of words; ``value`` is lower case for closed sets, as typed otherwise."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Range:
    """``field:a..b`` for numbers, durations and dates.

    Attributes:
        field: name of the field.
        low: lowest value that satisfies, None for no bound.
        high: highest value that satisfies, None for no bound.
        low_open, high_open: whether the bound itself does not satisfy.

    Units: numbers as they are; durations in whole seconds before now; dates in epoch
    seconds UTC (a day ``2026-10-01`` is low = its first second, high = its last).
    """

    field: str
    low: float | None
    high: float | None
    low_open: bool = False
    high_open: bool = False


@dataclass(frozen=True, slots=True)
class Has:
    """``has:field``: something is known of it."""

    field: str


@dataclass(frozen=True, slots=True)
class Not:
    """Everything the part is not true of (two-valued: unknown is not true)."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """All parts hold; no parts holds for everything."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part holds."""

    parts: tuple["Node", ...]


Node = Union[Words, Flag, Equals, Range, Has, Not, And, Or]


class Sort(NamedTuple):
    """An order: unknowns last both ways, ties by row number rising."""

    field: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Query:
    """What a person asked for.

    Attributes:
        where: the condition; ``And(())`` for everything.
        sort: order asked for, or None.
        text: the text it came from.
    """

    where: Node = And(())
    sort: Sort | None = None
    text: str = ""


class FieldType(str, Enum):
    """What sort of values a field takes."""

    FLAG = "flag"
    CHOICE = "choice"
    TEXT = "text"
    NAME = "name"
    NUMBER = "number"
    DURATION = "duration"
    DATE = "date"
    MATCH = "match"


class QueryField(NamedTuple):
    """One field of the query language.

    Attributes:
        name: the word before the colon.
        type: sort of values. CHOICE is a closed set (``choices``); NAME an open set of names
            compared whole without case (tags, lists); TEXT holds the typed text anywhere
            without case; MATCH is a choice or a number range.
        help: one line for help and completion.
        choices: known values, in the order shown.
        is_sortable: whether ``sort:`` takes it.
        is_countable: whether ``#`` (count by) takes it.
    """

    name: str
    type: FieldType
    help: str
    choices: tuple[str, ...] = ()
    is_sortable: bool = False
    is_countable: bool = False


class Completion(NamedTuple):
    """One way to go on in a query that is being typed.

    Attributes:
        text: what replaces ``query[start:end]``.
        start, end: zero-based offsets, end excluded.
        help: one line, plain words.
    """

    text: str
    start: int
    end: int
    help: str
