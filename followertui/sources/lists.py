"""Lists of customers, prospects and others, from any table, to list entries.

Owns how a row becomes a ``ListEntry`` and by what an entry is known again. Does not own
column words, matching or the store. Imported by ``recognising`` and services.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from followertui.domain.errors import BadInput
from followertui.domain.kind import Kind
from followertui.domain.lists import LIST_FIELDS, ListEntry
from followertui.sources.column_names import ColumnGuess, exact_field_of, fold_header, nearest
from followertui.sources.list_columns import EMAIL, HOST, guess_list_columns
from followertui.sources.mappings import apply_mapping
from followertui.sources.problems import Problem, row_problem, value_problem
from followertui.sources.tables import TableShape, inspect_table, read_batches
from followertui.sources.text_files import shown_name
from followertui.text.cleaning import clean_handle, clean_text
from followertui.text.domains import host_of
from followertui.text.quantities import NOTHING, parse_flag

_TEXT_FIELDS = (
    "company",
    "person",
    "first_name",
    "middle_name",
    "last_name",
    "suffix",
    "nickname",
    "title",
    "city",
    "region",
    "country",
    "owner",
    "crm_id",
)
_HREF = re.compile(r"""<a\s[^>]*?href\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_SPLIT_SITES = re.compile(r"[\s;,|]+")
_SPLIT_EMAILS = re.compile(r"[\s;,|<>()]+")
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
    guesses = apply_mapping(guess_list_columns(shape.header, shape.samples), said)
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


def kind_of_value(value: str) -> Kind | None:
    """The kind a CRM's word stands for, in any of its languages, or None.

    Source: HubSpot's default lifecycle stages, Salesforce's default account types.
    """
    if fold_header(value) in _NOT_YET:
        return None
    found = exact_field_of("kind_values", value)
    return None if found is None else Kind(found)


def kind_table(path: Path, column: str, sheet: str | None = None) -> list[tuple[str, Kind | None, int]]:
    """Every value of a column, the kind it stands for and how many rows say it, most first.

    Args:
        path: CSV, TSV, workbook, JSON or JSONL.
        column: as ``--kind-from`` names it.
        sheet: worksheet of a workbook.

    Raises:
        BadInput: when there is no such column.
    """
    shape = inspect_table(path, sheet)
    at = shape.header.index(_column_called(shape, column))
    said = Counter(clean_text(row[at], limit=80) for batch in read_batches(shape) for row in batch.rows)
    return [(value, kind_of_value(value) if value else None, count) for value, count in said.most_common()]


_NOT_YET = frozenset({"other", "churned", "formercustomer", "lost", "closedlost", "sonstige", "autre", "otro", "altro"})


def read_list(
    path: Path,
    mapping: Mapping[str, str] | None = None,
    kind_from: str | None = None,
    sheet: str | None = None,
) -> Iterator[ListEntry | Problem]:
    """Entries of a list in file order, and what was left out.

    Args:
        path: CSV, TSV, workbook, JSON or JSONL.
        mapping: column -> field, outranking the guess.
        kind_from: column that says the kind of each row.
        sheet: worksheet of a workbook.

    Raises:
        BadInput: when no column names a company, person, domain, e-mail or handle.
    """
    shape = inspect_table(path, sheet)
    guesses = list_columns(shape, mapping, kind_from)
    if not any(guess.field in _REQUIRED for guess in guesses):
        raise BadInput(
            f"{shown_name(path)}: no column names a company, person, site, e-mail or handle; name one with "
            f"--map COLUMN=company (columns: {', '.join(shape.header[:12])})."
        )
    columns = [(guess.position, guess.field) for guess in guesses if guess.field in LIST_FIELDS]
    for batch in read_batches(shape):
        yield from batch.problems
        for line, row in zip(batch.lines, batch.rows, strict=True):
            yield from _entry(line, row, shape.header, columns)


def _entry(
    line: int, row: list[str], header: tuple[str, ...], columns: list[tuple[int, str]]
) -> Iterator[ListEntry | Problem]:
    texts: dict[str, str] = {}
    domains: dict[str, None] = {}
    emails: dict[str, None] = {}
    handles: dict[str, None] = {}
    kind, opted_in = None, None
    for index, field in columns:
        raw = row[index].strip()
        if not raw or raw.lower() in NOTHING:
            continue
        if field == "domain":
            domains.update(dict.fromkeys(_hosts(raw)))
        elif field == "email":
            emails.update(dict.fromkeys(_emails(raw)))
        elif field == "handle":
            found = [handle for part in _SPLIT_SITES.split(raw) if (handle := clean_handle(_plain(part)))]
            handles.update(dict.fromkeys(handle.lower() for handle in found))
            if not found:
                yield value_problem(line, header[index], raw, "no X handle")
        elif field == "kind":
            kind = kind_of_value(raw)
            if kind is None:
                yield value_problem(line, header[index], raw, "stands for no kind of its own")
        elif field == "opted_in":
            flag = parse_flag(raw)
            opted_in = None if flag is None else bool(flag)
        elif field in _TEXT_FIELDS:
            texts.setdefault(field, clean_text(_plain(raw), limit=500))
    entry = ListEntry(
        line=line,
        **{field: text for field, text in texts.items() if text},  # type: ignore[arg-type]
        domains=tuple(domains),
        emails=tuple(emails),
        handles=tuple(handles),
        kind=kind,
        opted_in=opted_in,
        fields={
            column: clean_text(cell, limit=4000, keep_lines=True)
            for column, cell in zip(header, row, strict=True)
            if cell
        },
    )
    if is_empty(entry):
        yield row_problem(line, " | ".join(row), "names no company, person, site, e-mail or handle")
    else:
        yield entry


def is_empty(entry: ListEntry) -> bool:
    """Whether an entry names nobody."""
    names = (entry.company, entry.person, entry.first_name, entry.last_name)
    return not any(names) and not (entry.domains or entry.emails or entry.handles)


def _plain(raw: str) -> str:
    """A cell without HTML, entities, and the apostrophe that guards formulas."""
    text = raw
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "&" in text:
        text = html.unescape(text)
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text


def _hosts(raw: str) -> Iterator[str]:
    """Hosts in a cell: ``https://Acme.com/about; acme.de`` -> ``acme.com``, ``acme.de``."""
    links = _HREF.findall(raw)
    text = " ".join(links) if links else _plain(raw)
    for part in _SPLIT_SITES.split(text):
        part = clean_text(part.strip("\"'()[]<>"), limit=300)
        if "@" in part and EMAIL.fullmatch(part.removeprefix("mailto:")):
            part = part.rpartition("@")[2]
        if HOST.fullmatch(part) is None:
            continue
        host = host_of(part)
        if host is not None:
            yield host.removeprefix("www.")


def _emails(raw: str) -> Iterator[str]:
    for part in _SPLIT_EMAILS.split(_plain(raw)):
        address = clean_text(part, limit=254).removeprefix("mailto:").strip("\"'")
        if EMAIL.fullmatch(address):
            yield address.lower()
