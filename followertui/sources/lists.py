"""Lists of customers, prospects and others, from any table, to list entries.

Owns how a row becomes a ``ListEntry`` and by what an entry is known again. Does not own
column words, matching or the store. Imported by ``recognising`` and services.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from followertui.domain.errors import BadInput
from followertui.domain.lists import LIST_FIELDS, ListEntry
from followertui.sources.column_names import ColumnGuess, apply_mapping, fold_header, nearest
from followertui.sources.formats import read_batches
from followertui.sources.kinds import LIST, PREVIEW_ROWS, Answers, Preview, Recognised, SourceKind, recognised_table
from followertui.sources.list_columns import NAMING_FIELDS, guess_list_columns
from followertui.sources.list_headers import is_next_line
from followertui.sources.list_tools import tool_of
from followertui.sources.list_values import (
    column_values,
    ends_like_a_company,
    joined_name,
    kind_of_value,
    profile_handles,
    says_something,
    texts_in,
)
from followertui.sources.problems import Problem, row_problem, value_problem
from followertui.sources.sniffing import Sniffed
from followertui.sources.tables import TableShape
from followertui.sources.text_files import shown_name
from followertui.text.cleaning import clean_column, clean_text

BATCH_ENTRIES = 2000
"""Entries read and stored at a time: their keys fall all over the store, so few large batches write fewer pages."""

_SHOWN_KINDS = 25


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
    if kind_from:
        said[_column_called(shape, kind_from)] = "kind"
    return _offered(apply_mapping(guess_list_columns(shape.header, shape.samples), said), said)


def _offered(guesses: Sequence[ColumnGuess], said: Mapping[str, str]) -> list[ColumnGuess]:
    """A kind is a person's word: a column is offered for it, and used only when they say so."""
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


class ListBatch(NamedTuple):
    """Some entries in file order.

    Attributes:
        entries: at most ``BATCH_ENTRIES``.
        problems: of the rows of this batch, in file order.
    """

    entries: list[ListEntry]
    problems: list[Problem]


def read_list_batches(
    shape: TableShape,
    mapping: Mapping[str, str] | None = None,
    kind_from: str | None = None,
) -> Iterator[ListBatch]:
    """Entries of a list in file order, some at a time, and what was left out.

    Args:
        shape: CSV, TSV, workbook, JSON or JSONL.
        mapping: column -> field, outranking the guess.
        kind_from: column that says the kind of each row.

    Raises:
        BadInput: when no column names a company, person, domain, e-mail or handle.
    """
    guesses = list_columns(shape, mapping, kind_from)
    if not any(guess.field in NAMING_FIELDS for guess in guesses):
        raise BadInput(
            f"{shown_name(shape.path)}: no column names a company, person, site, e-mail or handle; name one with "
            f"--map COLUMN=company (columns: {', '.join(shape.header[:12])})."
        )
    columns = [(guess.position, guess.field) for guess in guesses if guess.field in LIST_FIELDS]
    says_company = next((at for at, name in enumerate(shape.header) if fold_header(name) in _SAYS_COMPANY), None)
    for batch in read_batches(shape, BATCH_ENTRIES):
        entries, problems = _entries(batch.lines, batch.rows, shape.header, columns, says_company)
        yield ListBatch(entries, sorted([*batch.problems, *problems]) if problems else batch.problems)


def _entries(
    lines: Sequence[int],
    rows: Sequence[Sequence[str]],
    header: Sequence[str],
    columns: Sequence[tuple[int, str]],
    says_company: int | None,
) -> ListBatch:
    """Entries of some rows, a column at a time: most columns need no look at single cells."""
    if not rows:
        return ListBatch([], [])
    cells = list(zip(*rows, strict=True))
    shown = [clean_column(column, limit=4000, keep_lines=True) for column in cells]
    understood, problems = _understood(lines, cells, shown, header, columns)
    _tell_companies(understood, () if says_company is None else cells[says_company])
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


def _understood(
    lines: Sequence[int],
    cells: Sequence[Sequence[str]],
    shown: Sequence[Sequence[str]],
    header: Sequence[str],
    columns: Sequence[tuple[int, str]],
) -> tuple[dict[str, list[Any]], list[Problem]]:
    """Field of an entry -> a value for each row, and the cells that were not or not wholly understood."""
    problems: list[Problem] = []
    understood: dict[str, list[Any]] = {}
    for index, field in columns:
        values = column_values(field, cells[index], shown[index])
        if field in _REFUSING:
            problems += _refusals(field, header[index], lines, cells[index], values)
        problems += _rests(field, header[index], lines, cells[index])
        if field == "domain" and any(linked := [profile_handles(cell) for cell in cells[index]]):
            _add(understood, "handles", linked)
        is_next = field == "company" and is_next_line(header[index])
        _add(understood, _SEVERAL.get(field, field), values, joined_name if is_next else _joined)
    return understood, problems


def _add(
    understood: dict[str, list[Any]], name: str, values: list[Any], join: Callable[[Any, Any], Any] | None = None
) -> None:
    """Add a column's values to what other columns of the field say."""
    if name in understood:
        values = [(join or _joined)(one, more) for one, more in zip(understood[name], values, strict=True)]
    understood[name] = values


def _tell_companies(understood: dict[str, list[Any]], flags: Sequence[str]) -> None:
    """Move names that are a company's from the people: where a column says so, or the legal form does."""
    if not {"person", "company"} <= set(understood) or "last_name" in understood:
        return
    people, companies = understood["person"], understood["company"]
    for at, name in enumerate(people):
        if name and not companies[at]:
            says = flags[at].strip().casefold() if flags else ""
            if says in _COMPANY_FLAGS or ends_like_a_company(name):
                people[at], companies[at] = "", name


def _rests(field: str, column: str, lines: Sequence[int], cells: Sequence[str]) -> Iterator[Problem]:
    """Cells with several values of a field that has one: all but the first are left out, and that is said."""
    if field != "company":
        return
    for line, cell in zip(lines, cells, strict=True):
        if (";" in cell or ":::" in cell or "\n" in cell) and len(texts_in(field, cell)) > 1:
            yield value_problem(line, column, cell.strip(), "several companies in one cell; the first is taken")


def _refusals(
    field: str, column: str, lines: Sequence[int], cells: Sequence[str], values: Sequence[Any]
) -> Iterator[Problem]:
    """Cells that say something and are not understood."""
    for line, cell, value in zip(lines, cells, values, strict=True):
        if not value and says_something(cell):
            yield value_problem(line, column, cell.strip(), _REFUSING[field])


_REFUSING = {"handle": "no X handle", "kind": "means no kind"}
"""Fields of which a value that is not understood is told, and how."""

_SAYS_COMPANY = frozenset({"isacompany", "iscompany", "companytype", "istunternehmen", "estunesociete", "escompania"})
"""Folded headers of a column that tells companies from people, as Odoo has it."""

_COMPANY_FLAGS = frozenset({"true", "yes", "1", "company", "wahr", "ja", "vrai", "oui", "si", "sí"})
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


class ListFile(SourceKind):
    """A list of companies or people."""

    names = (LIST,)
    fields = LIST_FIELDS

    def claim(self, sniffed: Sniffed) -> Recognised | None:
        """A table with a column that names companies or people."""
        if sniffed.table is None:
            return None
        columns = _offered(sniffed.list_columns, {})
        if not any(guess.field in NAMING_FIELDS for guess in columns):
            return None
        # Values such as HubSpot's Lifecycle Stage or Salesforce's Type say a kind.
        kinds = tuple(guess.column for guess in sniffed.list_columns if guess.field == "kind")
        seen = recognised_table(sniffed.table, LIST, columns)
        # The names in JSON are those of an interface, not the headers a tool writes into its exports.
        tool = "" if sniffed.table.format.startswith("JSON") else tool_of(sniffed.table.header)
        return replace(seen, tool=tool, kind_columns=kinds)

    def sentence(self, seen: Recognised) -> str:
        """Of whom, and how many."""
        fields = {guess.field for guess in seen.columns}
        people = bool(fields & {"person", "first_name", "last_name"})
        kind = "people and companies" if people and "company" in fields else "people" if people else "companies"
        return f"{seen.form} list, {seen.counted} {kind}"

    def columns(self, seen: Recognised, answers: Answers) -> Sequence[ColumnGuess]:
        """By headers and values, a person's mapping first."""
        return () if seen.table is None else list_columns(seen.table, answers.mapping, answers.kind_from)

    def preview(self, seen: Recognised, answers: Answers) -> Preview:
        """Entries as they would be read; all of a file whose column says the kind, to count its values."""
        sample: list[dict[str, str]] = []
        kinds: Counter[str] = Counter()
        column = next((guess.column for guess in self.columns(seen, answers) if guess.field == "kind"), "")
        count = 0
        for batch in _batches(seen, answers):
            count += len(batch.entries)
            sample += [_shown(entry) for entry in batch.entries[: PREVIEW_ROWS - len(sample)]]
            if answers.kind_from:
                kinds.update(entry.fields.get(column, "") for entry in batch.entries)
            elif not seen.is_small and len(sample) >= PREVIEW_ROWS:
                return Preview(None, False, tuple(sample))
        return Preview(count, True, tuple(sample), tuple(_kind_lines(kinds, answers.kind)))

    def problems(self, seen: Recognised, answers: Answers) -> Iterator[Problem]:
        """Rows and values left out, in file order."""
        for batch in _batches(seen, answers):
            yield from batch.problems


def _batches(seen: Recognised, answers: Answers) -> Iterator[ListBatch]:
    assert seen.table is not None
    return read_list_batches(seen.table, answers.mapping, answers.kind_from)


def _shown(entry: ListEntry) -> dict[str, str]:
    names = ("company", "person", "title", "domains", "emails", "handles", "city", "country", "owner", "crm_id", "kind")
    values = {name: getattr(entry, name) for name in names}
    return {
        name: ", ".join(value) if isinstance(value, tuple) else str(value) for name, value in values.items() if value
    }


def _kind_lines(kinds: Counter[str], otherwise: str) -> Iterator[str]:
    """Which value of a column means which kind, most frequent first."""
    said: Counter[str] = Counter()
    for text, count in kinds.items():
        said[clean_text(text, limit=80)] += count
    for value, count in said.most_common(_SHOWN_KINDS):
        kind = kind_of_value(value) if value else None
        meant = kind.value if kind else f"{otherwise} (as --kind)" if otherwise else "no kind: compared, not counted"
        yield f"{value or '(empty)'} -> {meant}: {count:,}"
    if len(said) > _SHOWN_KINDS:
        yield f"and {len(said) - _SHOWN_KINDS:,} more values"
