"""Sheets of decisions: what a colleague's spreadsheet or an old tool's list says of each account.

Owns their columns and words, and the reading of each line. Does not know which account a line is
about nor what stands in the store (``services.review.sheets``). Imported by services.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from followertui.domain.errors import BadInput
from followertui.sources.account_columns import guess_account_columns
from followertui.sources.column_names import exact_field_of, field_of
from followertui.sources.formats import inspect_table, read_batches
from followertui.sources.json_files import Item
from followertui.sources.json_tables import items_of
from followertui.sources.problems import Problem, row_problem
from followertui.sources.tables import TableShape
from followertui.sources.text_files import look_at, shown_name
from followertui.text.cleaning import clean_handle, clean_text
from followertui.text.quantities import parse_flag, parse_id

DECIDED = ("kind", "decision", "tags", "note", "keep", "never_follow")
"""Columns that say what to do; a sheet needs one of them, or a word for all of its lines."""

_WHO = ("x_id", "handle")
_GUARDED = re.compile(r"'(?=[=+\-@\t\uff1d\uff0b\uff0d\uff20])")
_NOTE_LENGTH = 4000
_KEEP_NAMES = re.compile(r"white\W*list|safe\W*list|allow\W*list|never\W*unfollow|(?<![a-z])keep(?![a-z])", re.I)
_NEVER_NAMES = re.compile(r"black\W*list|block\W*list|deny\W*list|never\W*follow|do\W*not\W*follow", re.I)


class SheetLine(NamedTuple):
    """One line of a sheet.

    Attributes:
        line: one-based line or row number.
        x_id: the account's id, None where there is none or a spreadsheet damaged it.
        handle: without @, as written, "" where there is none.
        said: column of ``DECIDED`` that the sheet has -> its cell, cleaned; "" where it is empty.
        was: what the line said when this program wrote it, as text, "" where it did not.
    """

    line: int
    x_id: int | None
    handle: str
    said: dict[str, str]
    was: str


class DecisionSheet(NamedTuple):
    """A sheet that was looked at.

    Attributes:
        path: the file.
        columns: field -> header, of the columns that are read; "" for a JSON array of handles.
        word: "keep" or "never_follow" where the file's name says what all of it is, else "".
        shape: its table.
    """

    path: Path
    columns: dict[str, str]
    word: str
    shape: TableShape


def look_at_sheet(path: Path, sheet: str | None = None) -> DecisionSheet:
    """What a sheet of decisions holds.

    Args:
        path: CSV with any delimiter, workbook, JSON, or one handle a line.
        sheet: worksheet of a workbook.

    Raises:
        BadInput: it is no table, or no column says which account.
    """
    shape = inspect_table(look_at(path), sheet)
    columns: dict[str, str] = {}
    ranks: dict[str, int] = {}
    for header in shape.header:
        found = field_of("decisions", header)
        if found is not None and (found[0] not in ranks or found[1] < ranks[found[0]]):
            columns[found[0]], ranks[found[0]] = header, found[1]
    if shape.is_json and all(isinstance(one, Item) and isinstance(one.value, str) for one in shape.values):
        columns = {"handle": ""}
    elif not columns.keys() & set(_WHO):
        columns |= _bare(shape)
    if not columns.keys() & set(_WHO):
        raise BadInput(
            f"{shown_name(path)}: no column holds ids or handles (columns: {', '.join(shape.header[:12])}); "
            "name one of them handle"
        )
    name = path.stem
    word = "never_follow" if _NEVER_NAMES.search(name) else "keep" if _KEEP_NAMES.search(name) else ""
    return DecisionSheet(path, columns, word, shape)


def _bare(shape: TableShape) -> dict[str, str]:
    """The column of handles, links or ids in a table whose headers do not say which."""
    for at, header in enumerate(shape.header):
        values = [[row[at]] for row in shape.samples if row[at].strip()]
        field = guess_account_columns(("handle",), values)[0].field if values else ""
        if field in _WHO and (len(shape.header) == 1 or all("/" in value or "@" in value for (value,) in values)):
            return {field: header}
    return {}


def read_sheet(sheet: DecisionSheet) -> Iterator[SheetLine | Problem]:
    """Lines of a sheet in file order, and those that name no account."""
    shape = sheet.shape
    if "" in sheet.columns.values():
        for one in items_of(shape):
            yield _line(one.line, {"handle": str(one.value)}) if isinstance(one, Item) else one
        return
    places = {field: shape.header.index(header) for field, header in sheet.columns.items()}
    if shape.header_line == 0 and not shape.is_json and len(shape.header) == 1:
        places = {"handle": 0}
    for batch in read_batches(shape):
        yield from (problem for problem in batch.problems if problem.is_refused)
        for line, row in zip(batch.lines, batch.rows, strict=True):
            yield _line(line, {field: row[place] for field, place in places.items()})


def _line(line: int, cells: Mapping[str, str]) -> SheetLine | Problem:
    plain = {field: _GUARDED.sub("", cell.strip(), count=1) for field, cell in cells.items()}
    handle, reason = clean_handle(plain.get("handle", "")) or "", "names no account: no id or handle"
    x_id = None
    if plain.get("x_id"):
        try:
            x_id = parse_id(plain["x_id"])
        except ValueError as error:
            reason = f"{error}, and there is no handle"
    elif plain.get("handle", "").isdigit() and not handle:
        reason = "is no handle"
    if x_id is None and not handle:
        return row_problem(line, " | ".join(plain.values()), reason)
    said = {
        field: clean_text(plain[field], limit=_NOTE_LENGTH, keep_lines=field == "note").strip()
        for field in DECIDED
        if field in plain
    }
    return SheetLine(line, x_id, handle, said, cells.get("was", ""))


def decision_of(text: str) -> str | None:
    """A decision, or "never_follow", by a word of any tool or language; "" for an empty cell, None where unknown."""
    return exact_field_of("decision_words", text) if text else ""


def is_listed(text: str) -> bool:
    """Whether a cell of a column such as ``whitelisted`` says yes."""
    return parse_flag(text) == 1 if text else False
