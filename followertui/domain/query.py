"""The query as a value: the parsed text, before it is evaluated.

Owns the tree of a query and the types of its fields. ``query`` turns text into this, ``store``
turns this into row numbers. Stdlib only; anyone may import it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, Union


@dataclass(frozen=True, slots=True)
class Words:
    """Bare words: name, handle, bio or location contains ``text``.

    Attributes:
        text: one word, or a phrase with its spaces.
        is_phrase: quoted: the words are adjacent and whole; unquoted: a prefix of a word.
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
    """``has:field``: the field is known."""

    field: str


@dataclass(frozen=True, slots=True)
class Not:
    """All accounts the part is not true for (two-valued: unknown is not true)."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """All parts are true; without parts, true for every account."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part is true."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class At:
    """``at:DAY`` beside a part: the part is true of relations as they were at a moment.

    Attributes:
        moment: epoch seconds UTC, the end of the day.
        part: what holds then; kinds, words and counts are those of today.
    """

    moment: float
    part: "Node"


Node = Union[Words, Flag, Equals, Range, Has, Not, And, Or, At]


class Sort(NamedTuple):
    """A sort order: unknowns last both ways, ties by ascending row number."""

    field: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query.

    Attributes:
        where: the condition; ``And(())`` for everything.
        sort: the order, or None.
        text: the text it was parsed from.
    """

    where: Node = And(())
    sort: Sort | None = None
    text: str = ""


class FieldType(str, Enum):
    """Type of the values of a field."""

    FLAG = "flag"
    CHOICE = "choice"
    TEXT = "text"
    NAME = "name"
    NUMBER = "number"
    DURATION = "duration"
    DATE = "date"
    DAY = "day"
    MATCH = "match"


class QueryField(NamedTuple):
    """One field of the query language.

    Attributes:
        name: the word before the colon.
        type: type of values. CHOICE is a closed set (``choices``); NAME an open set of names
            compared whole, ignoring case (tags, lists); TEXT contains the typed text anywhere,
            ignoring case; MATCH is a choice or a number range; DAY is one day and no range.
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
    """One completion of a query being typed.

    Attributes:
        text: what replaces ``query[start:end]``.
        start, end: zero-based offsets, end excluded.
        help: one line, plain words.
    """

    text: str
    start: int
    end: int
    help: str
