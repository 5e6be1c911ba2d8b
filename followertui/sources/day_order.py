"""Whether dates such as 03/04/2024 put the day or the month first, by everything a file shows.

Owns what tells the order and when it must be asked. Reading a single date is ``text.quantities``.
Imported by the kinds of files whose rows have dates.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from followertui.domain.clock import DAY
from followertui.sources.column_names import ColumnGuess
from followertui.sources.formats import read_batches
from followertui.sources.tables import TableShape
from followertui.text.cleaning import clean_text
from followertui.text.quantities import both_readings, parse_id, snowflake_time, told_order

DAY_FIRST, MONTH_FIRST = "day-first", "month-first"
"""The two answers a person can give."""

_BATCHES = 400
_FEWEST_IN_ORDER = 6
_PAST = frozenset({"created_at", "last_post_at"})
_FIRST_TIMED_ID = 10**17
"""Ids of accounts hold a moment since 2016; the ones before are far below."""


class DayOrder(NamedTuple):
    """How a file writes its dates.

    Attributes:
        order: ``DAY_FIRST``, ``MONTH_FIRST``, or "" where it cannot be told or nothing depends on it.
        column, sample: header and text of a date that can be read in two ways, "" where there is none.
        why: what tells the order, where the dates themselves do not.
    """

    order: str = ""
    column: str = ""
    sample: str = ""
    why: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it must be asked."""
        return bool(self.sample) and not self.order


def day_order(
    shape: TableShape, guesses: Sequence[ColumnGuess], fields: Sequence[str], rows: Sequence[Sequence[str]]
) -> DayOrder:
    """How a table writes its dates.

    Args:
        shape: the table; it is read through only where its first rows leave the order open.
        guesses: what its columns are taken for.
        fields: those that are dates.
        rows: its first rows, cells in the order of the guesses.
    """
    dates = [guess for guess in guesses if guess.field in fields]
    open_date = _first_open(dates, rows)
    order = _agreed(told_order(row[guess.position]) for guess in dates for row in rows)
    if order is not None or open_date is None:
        return DayOrder(_word(order), *(open_date or ()))
    look = rows if shape.is_json else [row for batch in islice(read_batches(shape), _BATCHES) for row in batch.rows]
    for tell in (_by_dates, _by_other_columns, _by_ids, _by_future, _by_sequence):
        found, why = tell(shape, guesses, dates, look)
        if found is not None:
            return DayOrder(_word(found), *open_date, why)
    if shape.delimiter == ";":
        return DayOrder(DAY_FIRST, *open_date, "semicolons part its cells, as where the day comes first")
    return DayOrder("", *open_date)


def _word(is_day_first: bool | None) -> str:
    return "" if is_day_first is None else DAY_FIRST if is_day_first else MONTH_FIRST


def _first_open(dates: Sequence[ColumnGuess], rows: Sequence[Sequence[str]]) -> tuple[str, str] | None:
    """Header and text of the first date that can be read in two ways."""
    for row in rows:
        for guess in dates:
            if both_readings(row[guess.position]) is not None:
                return guess.column, clean_text(row[guess.position], limit=40)
    return None


def _agreed(votes: Iterable[bool | None]) -> bool | None:
    """What all say that say something; None where nobody does or they differ."""
    found = {vote for vote in votes if vote is not None}
    return found.pop() if len(found) == 1 else None


_Rows = Sequence[Sequence[str]]
_Told = tuple[bool | None, str]
_Guesses = Sequence[ColumnGuess]


def _by_dates(shape: TableShape, guesses: _Guesses, dates: _Guesses, rows: _Rows) -> _Told:
    """A date further down whose day is above 12."""
    return _agreed(told_order(row[guess.position]) for guess in dates for row in rows), ""


def _by_other_columns(shape: TableShape, guesses: _Guesses, dates: _Guesses, rows: _Rows) -> _Told:
    """A date of another column whose day is above 12."""
    for guess in guesses:
        found = _agreed(told_order(row[guess.position]) for row in rows)
        if found is not None:
            return found, f"as column {guess.column!r} does"
    return None, ""


def _by_ids(shape: TableShape, guesses: _Guesses, dates: _Guesses, rows: _Rows) -> _Told:
    """Ids of accounts that hold the moment they were made."""
    at = {guess.field: guess.position for guess in guesses}
    if "created_at" not in at or "x_id" not in at:
        return None, ""
    votes = []
    for row in rows:
        made, both = _made_at(row[at["x_id"]]), both_readings(row[at["created_at"]])
        if made is not None and both is not None:
            near = [abs(moment - made) <= 2 * DAY for moment in both]
            votes.append(near[0] if near[0] != near[1] else None)
    return _agreed(votes), "as the ids of the accounts show"


def _made_at(cell: str) -> int | None:
    try:
        number = parse_id(cell)
    except ValueError:
        return None
    return snowflake_time(number) if number >= _FIRST_TIMED_ID else None


def _by_future(shape: TableShape, guesses: _Guesses, dates: _Guesses, rows: _Rows) -> _Told:
    """Dates of the past that one reading puts after the file was written."""
    latest = shape.path.stat().st_mtime + 2 * DAY
    votes: list[bool | None] = []
    for guess in dates:
        for row in rows if guess.field in _PAST else ():
            first, second = both_readings(row[guess.position]) or (0, 0)
            votes.append(second > latest if (first > latest) != (second > latest) else None)
    return _agreed(votes), "else some would lie in the future"


def _by_sequence(shape: TableShape, guesses: _Guesses, dates: _Guesses, rows: _Rows) -> _Told:
    """A column that is in order when read in one way only."""
    votes: list[bool | None] = []
    for guess in dates:
        pairs = [both for row in rows if (both := both_readings(row[guess.position])) is not None]
        first, second = ([pair[n] for pair in pairs] for n in (0, 1))
        if len(set(first)) >= _FEWEST_IN_ORDER and _is_in_order(first) != _is_in_order(second):
            votes.append(_is_in_order(first))
    return _agreed(votes), "so read they are in order"


def _is_in_order(moments: Sequence[int]) -> bool:
    return moments in (sorted(moments), sorted(moments, reverse=True))
