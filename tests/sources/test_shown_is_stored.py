"""What is shown of a file of accounts before it is imported is what is stored, of every file the tests have."""

from __future__ import annotations

import html
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from unicodedata import normalize

import pytest

from followertui.domain.account import AccountRecord
from followertui.domain.errors import BadInput
from followertui.sources.account_exports import read_account_batches
from followertui.sources.account_json import lists_of
from followertui.sources.account_objects import leaves, text_of
from followertui.sources.account_pairs import find_pairs
from followertui.sources.account_places import accounts_in
from followertui.sources.formats import read_batches
from followertui.sources.json_files import Item
from followertui.sources.json_tables import items_of
from followertui.sources.kinds import ACCOUNTS, HANDLES, Recognised
from followertui.sources.recognising import recognise
from followertui.text.cleaning import clean_text
from followertui.text.quantities import parse_count

sys.path.insert(0, str(Path(__file__).parent))

from broken_files import all_cases, write

DATA = Path(__file__).parents[3] / "shared" / "data"
FORMS = (".csv", ".tsv", ".xlsx", ".json", ".jsonl", ".txt")
REAL = [
    path for path in sorted(DATA.rglob("*"))
    if path.suffix in FORMS and path.name != "expected.txt" and "x-archives" not in path.parts
]  # fmt: skip
WORKED_OUT = {
    "x_id": {"handle"}, "handle": {"x_id"}, "site": {"url"}, "last_post_at": {"last_post_id"}, "verified": {"blue"},
    "default_image": {"image_url"}, "follows_us": {"relation"}, "we_follow": {"relation"},
}  # fmt: skip
"""Fields that may come from the value of another: an id's link has a handle, a picture says whether it is a default."""

Cells = dict[str, list[str]]


def letters(text: str) -> str:
    return "".join(char for char in normalize("NFKD", clean_text(html.unescape(text))).casefold() if char.isalnum())


def is_count(cell: str, value: object) -> bool:
    try:
        return parse_count(cell) == value
    except ValueError:
        return False


SAME: dict[str, Callable[[str, object], bool]] = {
    "handle": lambda cell, value: str(value).casefold() in cell.casefold(),
    "x_id": lambda cell, value: str(value) in cell.replace(".0", ""),
    "followers": is_count,
    "following": is_count,
    "posts": is_count,
    "name": lambda cell, value: letters(str(value)) == letters(cell)[: len(letters(str(value)))],
    "bio": lambda cell, value: letters(str(value))[:20] == letters(cell.replace("\\n", "\n"))[:20],
    "location": lambda cell, value: letters(str(value)) == letters(cell)[: len(letters(str(value)))],
}


def rows_shown(seen: Recognised) -> Iterator[tuple[int, Cells]]:
    """Line and, by the field each column is shown as, the cells of every row, in file order."""
    shape = seen.table
    assert shape is not None
    fields = [(guess.column, guess.position, guess.field) for guess in seen.columns if guess.field]
    if not shape.is_json:
        for batch in read_batches(shape):
            for line, row in zip(batch.lines, batch.rows, strict=True):
                cells: Cells = {}
                for _, position, field in fields:
                    cells.setdefault(field, []).append(row[position])
                yield line, cells
        return
    lists = seen.lists or lists_of(shape)
    for item in items_of(shape):
        for one in lists.lists if isinstance(item, Item) else ():
            for value, _ in accounts_in(item, one):
                row = leaves(value) if isinstance(value, dict) else {"handle": text_of(value)}
                cells = {}
                for column, _, field in fields:
                    if row.get(column):
                        cells.setdefault(field, []).append(row[column])
                yield item.line, cells


def check(seen: Recognised) -> int:
    """Hold what is read against what is shown; returns how many accounts were read."""
    assert seen.table is not None
    owner = seen.owners[0].lstrip("@") if seen.owners else None
    records: list[AccountRecord] = []
    refused: set[int] = set()
    for batch in read_account_batches(seen.table, owner=owner, dates="month-first", lists=seen.lists):
        records += batch.records
        refused |= {problem.line for problem in batch.problems if problem.is_refused}
    shown = {guess.field for guess in seen.columns if guess.field}
    stored = {name for one in records for name, value in one._asdict().items() if value not in (None, "")}
    if seen.has_both_lists or seen.relation:
        stored -= {"follows_us", "we_follow"}
    assert {name for name in stored if name not in shown and not shown & WORKED_OUT.get(name, set())} == set()
    rows = [cells for line, cells in rows_shown(seen) if line not in refused or seen.table.is_json]
    if seen.owners or seen.table.is_json or (seen.table and find_pairs(seen.table)):
        assert len(records) <= len(rows), "a row that is not in the list"
    else:
        assert len(records) == len(rows)
        for record, cells in zip(records, rows, strict=True):
            for field, is_same in SAME.items():
                value = getattr(record, field)
                if value is not None and field in cells:
                    assert any(is_same(cell, value) for cell in cells[field]), (field, value, cells[field])
    known = {letters(cell) for cells in rows for field in ("handle", "x_id") for cell in cells.get(field, ())}
    joined = "\n".join(known)
    for record in records:
        name = letters(record.handle or str(record.x_id))
        # Looking through all of the text for every account of a large file would take minutes.
        assert name in known or name in joined, "an account that is not in the list"
    return len(records)


def looked_at(path: Path) -> Recognised | None:
    """What a file is, None where it is not one of accounts."""
    try:
        seen = recognise(path)
        if seen.readings:
            seen = recognise(path, encoding=seen.readings[0].name)
    except BadInput:
        return None
    return seen if seen.what in (ACCOUNTS, HANDLES) else None


@pytest.mark.parametrize(
    "case", [case for case in all_cases() if case.what in (ACCOUNTS, HANDLES)], ids=lambda c: c.name
)
def test_of_every_file_made_up_to_be_hard(case, tmp_path):
    seen = looked_at(write(case, tmp_path))
    assert seen is not None
    assert check(seen) == case.records


@pytest.mark.skipif(not REAL, reason="the shared data is not here")
@pytest.mark.parametrize("path", REAL, ids=lambda path: str(path.relative_to(DATA)))
def test_of_every_real_file(path: Path) -> None:
    seen = looked_at(path)
    if seen is None:
        pytest.skip("no file of accounts")
    assert check(seen) > 0
