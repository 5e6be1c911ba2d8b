"""X's account analytics: what happened to our own account on each day, from any table.

Owns the columns and the reading of each line. Followers by name are not in it: it tells how many
came and went, on days before the first reading too. Imported by services.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from followertui.domain.clock import DAY
from followertui.domain.errors import BadInput
from followertui.sources.column_names import (
    SUFFIX_RANK,
    ColumnGuess,
    apply_mapping,
    confidence_of,
    field_of,
    fold_header,
)
from followertui.sources.day_order import DAY_FIRST, DayOrder, day_order
from followertui.sources.formats import read_batches
from followertui.sources.kinds import ANALYTICS, Answers, Recognised, SourceKind, recognised_table
from followertui.sources.problems import Problem, row_problem
from followertui.sources.sniffing import Sniffed
from followertui.sources.tables import TableShape
from followertui.sources.text_files import shown_name
from followertui.text.quantities import NOTHING, parse_count, parse_moment

COUNTED: tuple[str, ...] = ("new_follows", "unfollows", "profile_visits", "impressions", "posts")
"""What is counted of a day, in the order of ``AnalyticsDay``."""

ANALYTICS_FIELDS: tuple[str, ...] = ("date", *COUNTED)
"""Names a column can be mapped to."""

_GROWTH = frozenset({"new_follows", "unfollows"})
_OF_POSTS = frozenset({"postid", "tweetid", "posttext", "tweettext"})


class AnalyticsDay(NamedTuple):
    """One day: its UTC midnight in epoch seconds, then counts, None where the line says nothing."""

    day: int
    new_follows: int | None
    unfollows: int | None
    profile_visits: int | None
    impressions: int | None
    posts: int | None


class AnalyticsBatch(NamedTuple):
    """Some days in file order, and what was left out of their lines."""

    days: list[AnalyticsDay]
    problems: list[Problem]


def analytics_columns(shape: TableShape, mapping: Mapping[str, str] | None = None) -> list[ColumnGuess]:
    """What each column is taken for; the first that means a field has it.

    Args:
        shape: the table.
        mapping: column -> field ("" to leave it alone), outranking the guess.
    """
    taken: set[str] = set()
    guesses = []
    for position, column in enumerate(shape.header):
        match = field_of("analytics", column)
        if match is not None and match[1] < SUFFIX_RANK and match[0] not in taken:
            taken.add(match[0])
            guesses.append(ColumnGuess(position, column, match[0], confidence_of(match[1]), "by its header"))
        else:
            guesses.append(ColumnGuess(position, column, "", 0, "not needed"))
    return apply_mapping(guesses, mapping)


def order_of_days(shape: TableShape, mapping: Mapping[str, str] | None = None) -> DayOrder:
    """How the table writes its dates."""
    return day_order(shape, analytics_columns(shape, mapping), ("date",), shape.samples)


def read_days(
    shape: TableShape, mapping: Mapping[str, str] | None = None, dates: str | None = None
) -> Iterator[AnalyticsBatch]:
    """Days in file order, and what was left out.

    Args:
        shape: CSV, TSV, workbook, JSON or JSONL.
        mapping: column -> field, outranking the guess.
        dates: how ``03/04/2024`` is read, as ``DayOrder.order``; None leaves it to the file.

    Raises:
        BadInput: no column says the day, or none who followed or stopped.
    """
    columns = {guess.field: guess.position for guess in analytics_columns(shape, mapping) if guess.field}
    for fields, what in ((("date",), "the day"), (tuple(sorted(_GROWTH)), "how many followed or stopped")):
        if not set(fields) & set(columns):
            raise BadInput(
                f"{shown_name(shape.path)}: no column says {what}; name one with --map COLUMN={fields[0]} "
                f"(columns: {', '.join(shape.header[:12])})."
            )
    order = order_of_days(shape, mapping).order if dates is None else dates
    is_day_first = order == DAY_FIRST if order else None
    for batch in read_batches(shape):
        found = AnalyticsBatch([], list(batch.problems))
        for line, row in zip(batch.lines, batch.rows, strict=True):
            cells = {field: row[position].strip() for field, position in columns.items()}
            one = _day(line, cells, is_day_first)
            if isinstance(one, Problem):
                found.problems.append(one)
            else:
                found.days.append(one)
        yield found


def _day(line: int, cells: dict[str, str], is_day_first: bool | None) -> AnalyticsDay | Problem:
    text = cells["date"]
    try:
        moment = parse_moment(text, day_first=is_day_first)
    except ValueError as error:
        return row_problem(line, text, "is no date" if str(error) == "no date" else str(error), "date")
    counts: list[int | None] = []
    for name in COUNTED:
        told = cells.get(name, "")
        if told.lower() in NOTHING:
            counts.append(None)
            continue
        try:
            count = parse_count(told)
        except ValueError:
            count = None
        if count is None or count < 0:
            return row_problem(line, told, "is no number", name)
        counts.append(count)
    if counts[0] is None and counts[1] is None:
        return row_problem(line, text, "does not say how many followed or stopped")
    return AnalyticsDay(moment // DAY * DAY, *counts)


class AnalyticsFile(SourceKind):
    """The account overview of X's analytics: one line a day."""

    names = (ANALYTICS,)
    fields = ANALYTICS_FIELDS

    def claim(self, sniffed: Sniffed) -> Recognised | None:
        """A table with a day and who followed or stopped on it, of nobody by name."""
        shape = sniffed.table
        if shape is None or sniffed.holds_accounts or sniffed.account_fields & {"handle", "x_id"}:
            return None
        columns = analytics_columns(shape)
        fields = {guess.field for guess in columns if guess.field}
        if "date" not in fields or not fields & _GROWTH or _OF_POSTS & {fold_header(one) for one in shape.header}:
            return None
        return recognised_table(shape, ANALYTICS, columns)

    def sentence(self, seen: Recognised) -> str:
        """What it is, and how many days."""
        return f"{seen.form}, account analytics, {seen.counted} {'day' if seen.rows == 1 else 'days'}"

    def columns(self, seen: Recognised, answers: Answers) -> Sequence[ColumnGuess]:
        """By their headers, a person's mapping first."""
        return () if seen.table is None else analytics_columns(seen.table, answers.mapping)

    def day_order(self, seen: Recognised, answers: Answers) -> DayOrder:
        """By its days."""
        return DayOrder() if seen.table is None else order_of_days(seen.table, answers.mapping)

    def problems(self, seen: Recognised, answers: Answers) -> Iterator[Problem]:
        """Lines left out, in file order."""
        assert seen.table is not None
        for batch in read_days(seen.table, answers.mapping, answers.dates):
            yield from batch.problems
