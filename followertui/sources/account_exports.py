"""Account exports of any tool to account records, with what was refused.

Owns the way from a file to batches of records, and the mapping a person may set. Does not
own headers (``account_columns``), values (``account_values``) or JSON shapes
(``account_objects``). Imported by ``recognising`` and services.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from followertui.domain.account import RecordColumns
from followertui.domain.errors import BadInput
from followertui.sources.account_columns import ACCOUNT_FIELDS, PROFILE_LINK, guess_account_columns
from followertui.sources.account_objects import ObjectReader, find_accounts, is_account, relation_of_key
from followertui.sources.account_values import RecordBuilder
from followertui.sources.column_names import ColumnGuess
from followertui.sources.json_files import Item
from followertui.sources.mappings import apply_mapping
from followertui.sources.problems import Problem, row_problem
from followertui.sources.tables import BATCH_ROWS, Table, TableShape, inspect_table, read_batches
from followertui.sources.text_files import shown_name

_RELATIONS: dict[str | None, dict[str, Any]] = {
    None: {},
    "none": {},
    "follower": {"follows_us": 1},
    "following": {"we_follow": 1},
    "both": {"follows_us": 1, "we_follow": 1},
}


class AccountBatch(NamedTuple):
    """Some records in file order.

    Attributes:
        last_line: one-based line of the last row read, for progress.
        records: at most 500.
        problems: of the rows of this batch, in file order.
    """

    last_line: int
    records: RecordColumns
    problems: list[Problem]


def sample_accounts(shape: TableShape, most: int = 200) -> list[tuple[str | None, dict[str, Any]]]:
    """The first accounts of a JSON file, each with the flag its surroundings state.

    Args:
        shape: a table of JSON values.
        most: how many at most.
    """
    found: list[tuple[str | None, dict[str, Any]]] = []
    for item in shape.values[:most]:
        if isinstance(item, Item):
            found.extend(islice(_accounts_of(item), most - len(found)))
        if len(found) >= most:
            break
    return found


def account_columns(shape: TableShape, mapping: Mapping[str, str] | None = None) -> list[ColumnGuess]:
    """What each column of a table of accounts is taken for, a person's mapping first.

    Args:
        shape: the table.
        mapping: column -> field ("" to leave it alone), as ``mappings.parse_map`` gives it.
    """
    return apply_mapping(guess_account_columns(shape.header, shape.samples), mapping)


def read_account_batches(
    table: Table,
    mapping: Mapping[str, str] | None = None,
    relation: str | None = None,
) -> Iterator[AccountBatch]:
    """Records of an account export, in file order, at most 500 at a time.

    Args:
        table: CSV, TSV, workbook, JSON, JSONL, or one handle or link a line.
        mapping: column -> field, outranking the guess.
        relation: "follower", "following", "both" or "none": what every account is to us,
            where the file does not say; None leaves it to the file.

    Raises:
        BadInput: when the file cannot be used, before or while it is read.
    """
    shape = table if isinstance(table, TableShape) else inspect_table(table)
    flags = _RELATIONS[relation]
    batches = _from_json(shape, mapping) if shape.format in ("JSON", "JSONL") else _from_table(shape, mapping)
    for batch in batches:
        if flags:
            batch = batch._replace(records=batch.records.stating(**flags))
        yield batch


def _from_table(shape: TableShape, mapping: Mapping[str, str] | None) -> Iterator[AccountBatch]:
    guesses = account_columns(shape, mapping)
    fields = {guess.field: guess.position for guess in guesses if guess.field}
    if shape.header_line == 0 and "handle" not in fields and "x_id" not in fields:
        fields = _headerless(shape)
    if "handle" not in fields and "x_id" not in fields:
        raise BadInput(
            f"{shown_name(shape.path)}: no column holds ids or handles; name one with --map COLUMN=handle "
            f"(columns: {', '.join(shape.header[:12])})."
        )
    columns = {field: shape.header[index] for field, index in fields.items()}
    samples = {field: [row[index] for row in shape.samples] for field, index in fields.items()}
    builder = RecordBuilder(columns, samples)
    for batch in read_batches(shape, BATCH_ROWS):
        rows = RecordColumns(0, {})
        problems = batch.problems
        if batch.rows:
            transposed = list(zip(*batch.rows, strict=True))
            cells = {field: list(transposed[index]) for field, index in fields.items()}
            rows, more = builder.build(batch.lines, cells)
            problems = sorted([*problems, *more])
        yield AccountBatch(batch.lines[-1] if batch.lines else 0, rows, problems)


def _headerless(shape: TableShape) -> dict[str, int]:
    """Columns of a file without a header: the first that looks like ids, links or handles."""
    for index in range(len(shape.header)):
        values = [row[index].strip() for row in shape.samples if row[index].strip()]
        guess = guess_account_columns(("handle",), [[value] for value in values])[0]
        if guess.field and (len(shape.header) == 1 or all(map(PROFILE_LINK.match, values))):
            return {guess.field: index}
    return {}


def _from_json(shape: TableShape, mapping: Mapping[str, str] | None) -> Iterator[AccountBatch]:
    # A nested key is shown with its parents ("legacy.screen_name") and stands alone in an object.
    reader = ObjectReader({column.rpartition(".")[2]: field for column, field in (mapping or {}).items()})
    items = shape.items()
    builder: RecordBuilder | None = None
    is_any = False
    while chunk := list(islice(items, BATCH_ROWS)):
        for lines, cells, problems in _json_cells(chunk, reader):
            if builder is None and lines:
                builder = RecordBuilder({name: name for name in cells if name != "handle"}, cells)
            records, more = builder.build(lines, cells) if builder is not None else (RecordColumns(0, {}), [])
            is_any = is_any or bool(records)
            yield AccountBatch(lines[-1] if lines else 0, records, sorted([*problems, *more]))
    if not is_any:
        raise BadInput(f"{shown_name(shape.path)}: no accounts in this JSON (nothing with an id or a handle).")


_Cells = tuple[list[int], dict[str, list[str]], list[Problem]]
"""Line of each account, field -> raw cells, and what is no account."""


def _json_cells(items: Sequence[Item | Problem], reader: ObjectReader) -> Iterator[_Cells]:
    """Accounts of some values as columns, at most ``BATCH_ROWS`` of them at a time."""
    if all(isinstance(item, Item) and not item.key for item in items):
        columns = reader.columns([item.value for item in items if isinstance(item, Item)])
        if columns is not None:
            cells = {field: columns[field] for field in ACCOUNT_FIELDS if field in columns}
            yield [item.line for item in items], cells, []
            return
    pairs = _json_fields(items, reader)
    while chunk := list(islice(pairs, BATCH_ROWS)):
        problems = [one for one in chunk if isinstance(one, Problem)]
        found = [one for one in chunk if not isinstance(one, Problem)]
        present = {field for _, fields in found for field in fields}
        names = [field for field in ACCOUNT_FIELDS if field in present]
        cells = {name: [fields.get(name, "") for _, fields in found] for name in names}
        yield [line for line, _ in found], cells, problems


def _json_fields(
    items: Iterable[Item | Problem], reader: ObjectReader
) -> Iterator[tuple[int, dict[str, str]] | Problem]:
    """Line and raw fields of each account, with the relation its surroundings state."""
    for item in items:
        if isinstance(item, Problem):
            yield item
            continue
        is_any = False
        for relation, account in _accounts_of(item):
            is_any = True
            fields = reader.fields(account)
            if relation is not None:
                fields.setdefault(relation, "true")
            yield item.line, fields
        if not is_any:
            yield from _bare(item)


def _bare(item: Item) -> Iterator[tuple[int, dict[str, str]] | Problem]:
    """A value that is no account object: a bare handle or id, an id alone, or nothing of use."""
    value = item.value
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        yield item.line, {"x_id" if str(value).isdigit() else "handle": str(value)}
    elif isinstance(value, dict) and isinstance(value.get("id"), (str, int)) and "text" not in value:
        fields = ObjectReader().fields(value)
        yield item.line, fields
    elif not (isinstance(value, dict) and {"meta", "data", "errors", "result_count"} & set(value)):
        yield row_problem(item.line, value, "no account: neither id nor handle")


def _accounts_of(item: Item) -> Iterator[tuple[str | None, dict[str, Any]]]:
    """Accounts inside one value, each with the flag of its key."""
    value, relation = item.value, relation_of_key(item.key)
    if is_account(value):
        yield relation, value
    elif isinstance(value, dict):
        for key, part in value.items():
            if isinstance(part, (dict, list)):
                inner = relation_of_key(str(key)) or relation
                yield from ((inner, account) for account in find_accounts(part))
    else:
        yield from ((relation, account) for account in find_accounts(value))
