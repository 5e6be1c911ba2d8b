"""Lists of customers, prospects and others, from any table, to list entries.

Owns how a row becomes a ``ListEntry`` and by what an entry is known again. Does not own
column words, matching or the store. Imported by ``recognising`` and services.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from followertui.domain.errors import BadInput
from followertui.domain.lists import LIST_FIELDS, ListEntry
from followertui.sources.column_names import ColumnGuess, fold_header, nearest
from followertui.sources.list_columns import guess_list_columns
from followertui.sources.list_values import column_values, says_something
from followertui.sources.mappings import apply_mapping
from followertui.sources.problems import Problem, row_problem, value_problem
from followertui.sources.tables import Table, TableShape, read_batches, table_of
from followertui.sources.text_files import shown_name
from followertui.text.cleaning import clean_column

BATCH_ENTRIES = 2000
"""Entries read and stored at a time: their keys fall all over the store, so few large batches write fewer pages."""

_REQUIRED = ("company", "person", "last_name", "domain", "email", "handle", "first_name")


def list_columns(
    shape: TableShape, mapping: Mapping[str, str] | None = None, kind_from: str | None = None
) -> list[ColumnGuess]:
    """What each column of a list is taken for, a person's mapping first.

    Args:
        shape: the table.
        mapping: column -> field ("" to leave it alone), as ``mappings.parse_map`` gives it.
        kind_from: column that says the kind of each row.

    Raises:
        BadInput: when ``kind_from`` names no column.
    """
    said = dict(mapping or {})
    if kind_from is not None:
        said[_column_called(shape, kind_from)] = "kind"
    guesses = guess_list_columns(shape.header, shape.samples)
    if said:
        guesses = apply_mapping(guesses, said)
    # A kind is a person's word: a column is offered for it, and used only when they say so.
    return [
        guess._replace(field="", why="may say each row's kind: --kind-from")
        if guess.field == "kind" and said.get(guess.column) != "kind"
        else guess
        for guess in guesses
    ]


def _column_called(shape: TableShape, name: str) -> str:
    for column in shape.header:
        if fold_header(column) == fold_header(name):
            return column
    hint = nearest(name, shape.header)
    tail = f"did you mean {hint!r}?" if hint else f"there are: {', '.join(shape.header[:12])}."
    raise BadInput(f"{shown_name(shape.path)}: no column is called {name!r}; {tail}")


def kind_columns(shape: TableShape) -> list[str]:
    """Columns whose values look like kinds (HubSpot's Lifecycle Stage, Salesforce's Type)."""
    return [guess.column for guess in guess_list_columns(shape.header, shape.samples) if guess.field == "kind"]


class ListBatch(NamedTuple):
    """Some entries in file order.

    Attributes:
        entries: at most ``BATCH_ENTRIES``.
        problems: of the rows of this batch, in file order.
    """

    entries: list[ListEntry]
    problems: list[Problem]


def read_list_batches(
    table: Table,
    mapping: Mapping[str, str] | None = None,
    kind_from: str | None = None,
) -> Iterator[ListBatch]:
    """Entries of a list in file order, some at a time, and what was left out.

    Args:
        table: CSV, TSV, workbook, JSON or JSONL.
        mapping: column -> field, outranking the guess.
        kind_from: column that says the kind of each row.

    Raises:
        BadInput: when no column names a company, person, domain, e-mail or handle.
    """
    shape = table_of(table)
    guesses = list_columns(shape, mapping, kind_from)
    if not any(guess.field in _REQUIRED for guess in guesses):
        raise BadInput(
            f"{shown_name(shape.path)}: no column names a company, person, site, e-mail or handle; name one with "
            f"--map COLUMN=company (columns: {', '.join(shape.header[:12])})."
        )
    columns = [(guess.position, guess.field) for guess in guesses if guess.field in LIST_FIELDS]
    for batch in read_batches(shape, BATCH_ENTRIES):
        entries, problems = _entries(batch.lines, batch.rows, shape.header, columns)
        yield ListBatch(entries, sorted([*batch.problems, *problems]) if problems else batch.problems)


def _entries(
    lines: Sequence[int], rows: Sequence[Sequence[str]], header: Sequence[str], columns: Sequence[tuple[int, str]]
) -> ListBatch:
    """Entries of some rows, a column at a time: most columns need no look at single cells."""
    if not rows:
        return ListBatch([], [])
    problems: list[Problem] = []
    cells = list(zip(*rows, strict=True))
    shown = [clean_column(column, limit=4000, keep_lines=True) for column in cells]
    understood: dict[str, list[Any]] = {}
    for index, field in columns:
        values = column_values(field, cells[index], shown[index])
        if field in _REFUSING:
            problems += _refusals(field, header[index], lines, cells[index], values)
        name = _SEVERAL.get(field, field)
        if name in understood:
            values = [_joined(one, more) for one, more in zip(understood[name], values, strict=True)]
        understood[name] = values
    entries: list[ListEntry] = []
    texts = zip(*shown, strict=True)
    for line, row, text, *values in zip(lines, rows, texts, *understood.values(), strict=True):
        fields = {column: clean for column, cell, clean in zip(header, row, text, strict=True) if cell}
        entry = ListEntry(line, **dict(zip(understood, values, strict=True)), fields=fields)
        if is_empty(entry):
            problems.append(row_problem(line, " | ".join(row), "names no company, person, site, e-mail or handle"))
        else:
            entries.append(entry)
    return ListBatch(entries, problems)


def _refusals(
    field: str, column: str, lines: Sequence[int], cells: Sequence[str], values: Sequence[Any]
) -> Iterator[Problem]:
    """Cells that say something and are not understood."""
    for line, cell, value in zip(lines, cells, values, strict=True):
        if not value and says_something(cell):
            yield value_problem(line, column, cell.strip(), _REFUSING[field])


_REFUSING = {"handle": "no X handle", "kind": "means no kind"}
"""Fields of which a value that is not understood is told, and how."""

_SEVERAL = {"domain": "domains", "email": "emails", "handle": "handles"}
"""Field of a column -> field of an entry, where one entry may have several."""


def _joined(one: Any, more: Any) -> Any:
    """What two columns of one field say together: the first that says something, or all of several values."""
    if isinstance(one, tuple):
        return tuple(dict.fromkeys((*one, *more)))
    return one if one not in (None, "") else more


def is_empty(entry: ListEntry) -> bool:
    """Whether an entry names no person or company."""
    names = (entry.company, entry.person, entry.first_name, entry.last_name)
    return not any(names) and not (entry.domains or entry.emails or entry.handles)
