"""Account exports of any tool to account records, with what was refused.

Owns how such a file is told from others, and the way from it to batches of records. Does not
own headers (``account_columns``), values (``account_values``) or JSON shapes
(``account_objects``). Imported by ``recognising`` and services.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, NamedTuple

from followertui.domain.account import RecordColumns
from followertui.domain.errors import BadInput
from followertui.sources.account_columns import (
    ACCOUNT_FIELDS,
    COUNT_FIELDS,
    columns_without_header,
    guess_account_columns,
)
from followertui.sources.account_json import AccountReader, fields_of, lists_of
from followertui.sources.account_lists import AccountLists
from followertui.sources.account_objects import identities, leaves
from followertui.sources.account_origins import relation_of, tool_of
from followertui.sources.account_pairs import Pairs, find_pairs, lists_of_owner
from followertui.sources.account_paths import guess_object_fields
from followertui.sources.account_values import RecordBuilder
from followertui.sources.column_names import (
    VALUE_RANK,
    ColumnGuess,
    apply_mapping,
    confidence_of,
    field_of,
    fold_header,
)
from followertui.sources.day_order import DAY_FIRST, DayOrder, day_order
from followertui.sources.formats import read_batches
from followertui.sources.json_tables import items_of
from followertui.sources.kinds import (
    ACCOUNTS,
    HANDLES,
    PREVIEW_ROWS,
    UNKNOWN,
    Answers,
    Preview,
    Recognised,
    SourceKind,
    recognised_table,
)
from followertui.sources.list_columns import NAMING_FIELDS
from followertui.sources.list_owners import OWNER_WHY, find_owner_column, owned
from followertui.sources.list_people import NAME_WORDS
from followertui.sources.other_networks import NOT_OF_X
from followertui.sources.owner_words import identity_of
from followertui.sources.post_tables import (
    GRAPH,
    LISTS,
    POSTS,
    is_of_graph,
    is_of_lists,
    is_of_posts,
    is_surely_of_posts,
)
from followertui.sources.problems import Problem
from followertui.sources.repeated_accounts import Sameness, refuse_repeated, refuse_side_by_side
from followertui.sources.sniffing import Sniffed
from followertui.sources.tables import BATCH_ROWS, TableShape
from followertui.sources.text_files import shown_name
from followertui.text.cleaning import clean_text
from followertui.text.quantities import parse_count

_RELATIONS: dict[str | None, dict[str, Any]] = {
    None: {},
    "none": {},
    "follower": {"follows_us": 1},
    "following": {"we_follow": 1},
    "both": {"follows_us": 1, "we_follow": 1},
}


_DATES = ("created_at", "last_post_at")
_IDENTITIES = frozenset({"handle", "x_id"})


class AccountBatch(NamedTuple):
    """Some records in file order.

    Attributes:
        last_line: one-based line of the last row read, for progress.
        records: at most 500.
        problems: of the rows of this batch, in file order.
        direction: "follower" or "following" where the file lists them so, else "".
    """

    last_line: int
    records: RecordColumns
    problems: list[Problem]
    direction: str = ""


def account_columns(shape: TableShape, mapping: Mapping[str, str] | None = None) -> list[ColumnGuess]:
    """What each column of a table of accounts is taken for, a person's mapping first.

    Args:
        shape: the table.
        mapping: column -> field ("" to leave it alone), as ``mappings.parse_map`` gives it.
    """
    guesses = guess_account_columns(shape.header, shape.samples)
    if shape.header_line == 0 and not shape.is_json and not _IDENTITIES & {guess.field for guess in guesses}:
        fields = columns_without_header(shape.samples)
        guesses = [
            guess._replace(field=fields[guess.position], confidence=confidence_of(VALUE_RANK), why="by its values")
            if guess.position in fields
            else guess
            for guess in guesses
        ]
    return apply_mapping(guesses, mapping)


def read_account_batches(
    shape: TableShape,
    mapping: Mapping[str, str] | None = None,
    relation: str | None = None,
    only: str | None = None,
    owner: str | None = None,
    dates: str | None = None,
    lists: AccountLists | None = None,
) -> Iterator[AccountBatch]:
    """Records of an account export, in file order, at most 500 at a time.

    Args:
        shape: CSV, TSV, workbook, JSON, JSONL, or one handle or link a line.
        mapping: column -> field, outranking the guess.
        relation: "follower", "following", "both" or "none": what every account is to us,
            where the file does not say; None leaves it to the file.
        only: the one direction that is read of a file that lists both.
        owner: handle or id of the account whose list is read, of a file with lists of several.
        dates: how ``03/04/2024`` is read, as ``DayOrder.order``; None leaves it to the file.
        lists: of JSON, the lists of accounts in it; None looks for them.

    Raises:
        BadInput: when the file cannot be used, before or while it is read.
    """
    flags = _RELATIONS[relation]
    if shape.is_json and lists is None:
        lists = lists_of(shape, is_through=owner is not None)
    is_day_first = _is_day_first(order_of_accounts(shape, mapping, lists).order if dates is None else dates)
    pairs = find_pairs(shape) if not mapping and (lists is None or not lists.lists) else None
    if lists is not None and pairs is None:
        batches = _from_json(shape, lists, mapping, only, owner, is_day_first)
    elif pairs is not None:
        batches = _from_pairs(shape, pairs, only, owner)
    else:
        batches = _from_table(shape, mapping, is_day_first, owner)
    sameness = Sameness(shape)
    for batch in batches:
        sameness.look(batch.records)
        if flags:
            batch = batch._replace(records=batch.records.stating(**flags))
        yield batch


def _is_day_first(order: str) -> bool | None:
    return order == DAY_FIRST if order else None


def order_of_accounts(
    shape: TableShape, mapping: Mapping[str, str] | None = None, lists: AccountLists | None = None
) -> DayOrder:
    """How a file of accounts writes its dates."""
    if shape.is_json:
        rows, sources = fields_of(lists or lists_of(shape), mapping)
        return day_order(shape, sources.guesses, _DATES, rows)
    return day_order(shape, account_columns(shape, mapping), _DATES, shape.samples)


def _from_table(
    shape: TableShape, mapping: Mapping[str, str] | None, is_day_first: bool | None, owner: str | None
) -> Iterator[AccountBatch]:
    guesses = account_columns(shape, mapping)
    fields = {guess.field: guess.position for guess in guesses if guess.field}
    if not _IDENTITIES & set(fields):
        elsewhere = next((guess.why for guess in guesses if guess.why.endswith(NOT_OF_X)), "")
        if elsewhere:
            raise BadInput(f"{shown_name(shape.path)}: its accounts are {elsewhere}; --map COLUMN=handle overrules.")
        raise BadInput(
            f"{shown_name(shape.path)}: no column holds ids or handles; name one with --map COLUMN=handle "
            f"(columns: {', '.join(shape.header[:12])})."
        )
    if not _IDENTITIES & set((mapping or {}).values()) and is_of_posts(shape.header, set(fields)):
        raise BadInput(f"{shown_name(shape.path)}: {POSTS}.")
    if not mapping:
        refuse_side_by_side(shape, fields)
    refuse_repeated(shape, fields, mapping or {})
    columns = {field: shape.header[index] for field, index in fields.items()}
    samples = {field: [row[index] for row in shape.samples] for field, index in fields.items()}
    builder = RecordBuilder(columns, samples, is_day_first)
    owner_column = find_owner_column(shape, guesses) if owner else None
    for batch in read_batches(shape, BATCH_ROWS):
        if owner and owner_column is not None:
            batch = owner_column.rows_of(owner, batch)
        rows = RecordColumns(0, {})
        problems = batch.problems
        if batch.rows:
            transposed = list(zip(*batch.rows, strict=True))
            cells = {field: list(transposed[index]) for field, index in fields.items()}
            rows, more = builder.build(batch.lines, cells)
            problems = sorted([*problems, *more])
        yield AccountBatch(batch.lines[-1] if batch.lines else 0, rows, problems)


def _from_pairs(shape: TableShape, pairs: Pairs, only: str | None, owner: str | None) -> Iterator[AccountBatch]:
    """The lists of one owner in a table of pairs.

    Raises:
        BadInput: it has the lists of several, and nobody said whose to read.
    """
    if owner is None and len(pairs.owners) > 1:
        raise BadInput(
            f"{shown_name(shape.path)}: holds the lists of {', '.join(pairs.owners[:8])}; say whose to read with "
            "--owner."
        )
    name = identity_of(owner or pairs.owners[0])
    columns = dict(zip(pairs.fields, (shape.header[pairs.follower], shape.header[pairs.followed]), strict=True))
    builder = RecordBuilder(columns, {field: [] for field in pairs.fields})
    for batch in read_batches(shape, BATCH_ROWS):
        problems = batch.problems
        for direction, lines, cells in lists_of_owner(pairs, name, batch.lines, batch.rows, only):
            records, more = builder.build(lines, dict(cells))
            yield AccountBatch(lines[-1], records, sorted([*problems, *more]), direction)
            problems = []
        if problems:
            yield AccountBatch(batch.lines[-1] if batch.lines else 0, RecordColumns(0, {}), problems)


def _from_json(
    shape: TableShape,
    lists: AccountLists,
    mapping: Mapping[str, str] | None,
    only: str | None,
    owner: str | None,
    is_day_first: bool | None,
) -> Iterator[AccountBatch]:
    reader = AccountReader(lists, mapping, only, owner, shown_name(shape.path))
    builder: RecordBuilder | None = None
    is_any = False
    for lines, cells, problems, direction in reader.read(items_of(shape)):
        if builder is None and lines:
            builder = RecordBuilder({name: name for name in cells if name != "handle"}, cells, is_day_first)
        records, more = builder.build(lines, cells) if builder is not None and lines else (RecordColumns(0, {}), [])
        is_any = is_any or bool(records)
        yield AccountBatch(lines[-1] if lines else 0, records, sorted([*problems, *more]), direction)
    if not is_any:
        held = "posts, no list of accounts" if lists.has_posts else "no accounts in this JSON"
        raise BadInput(
            f"{shown_name(shape.path)}: {held} (nothing with an id or a handle stands in a list); "
            "save it as objects with an id or a handle, or as text, one @handle a line."
        )


class AccountExport(SourceKind):
    """Followers or following as a tool exported them, or a list of handles."""

    names = (ACCOUNTS, HANDLES)
    fields = ACCOUNT_FIELDS

    def claim(self, sniffed: Sniffed) -> Recognised | None:
        """JSON with account objects, a table with handles or ids and no columns of a list, or bare handles."""
        shape = sniffed.table
        if shape is None:
            return None
        if sniffed.lists is not None and sniffed.holds_accounts:
            return _recognised_objects(shape, sniffed.lists)
        pairs = find_pairs(shape)
        if pairs is not None:
            return _recognised_pairs(shape, pairs)
        if sniffed.lists is not None:
            return None
        if is_of_graph(shape.header):
            return replace(recognised_table(shape, UNKNOWN, ()), notes=(GRAPH,))
        if is_of_lists(shape.header):
            return replace(recognised_table(shape, UNKNOWN, ()), notes=(LISTS,))
        is_posts = bool(_IDENTITIES & sniffed.account_fields) and is_of_posts(shape.header, sniffed.account_fields)
        if is_posts or is_surely_of_posts(shape.header, sniffed.list_fields):
            return replace(recognised_table(shape, UNKNOWN, ()), notes=(POSTS,))
        is_handles = not sniffed.list_fields & NAMING_FIELDS and _is_handles(shape)
        if is_handles or _is_table_of_accounts(sniffed):
            columns = account_columns(shape)
            seen, owner_column = _recognised_accounts(shape, columns), find_owner_column(shape, columns)
            return seen if owner_column is None else owned(seen, owner_column)
        return None

    def sentence(self, seen: Recognised) -> str:
        """Tool, direction and number."""
        word = {"follower": "followers", "following": "following", "both": "followers and following"}
        who = "person" if seen.rows == 1 else "people"
        noun = "handles" if seen.what == HANDLES else who
        return f"{seen.form}, {word.get(seen.relation or '', 'direction not said')}, {seen.counted} {noun}"

    def columns(self, seen: Recognised, answers: Answers) -> Sequence[ColumnGuess]:
        """As recognised, a person's mapping first."""
        mapping = answers.mapping
        if seen.table is None or (seen.what in self.names and not mapping):
            return seen.columns
        if seen.table.is_json:
            return fields_of(seen.lists or lists_of(seen.table), mapping)[1].guesses
        return account_columns(seen.table, mapping)

    def day_order(self, seen: Recognised, answers: Answers) -> DayOrder:
        """By the dates accounts were made and posted last."""
        return DayOrder() if seen.table is None else order_of_accounts(seen.table, answers.mapping, seen.lists)

    def preview(self, seen: Recognised, answers: Answers) -> Preview:
        """Accounts as they would be read."""
        sample: list[dict[str, str]] = []
        count = 0
        for batch in _batches(seen, answers):
            count += len(batch.records)
            for record in batch.records[: PREVIEW_ROWS - len(sample)]:
                values = record._asdict()
                sample.append({name: str(value) for name, value in values.items() if value is not None})
            if not seen.is_small and len(sample) >= PREVIEW_ROWS:
                return Preview(None, False, tuple(sample))
        return Preview(count, True, tuple(sample))

    def problems(self, seen: Recognised, answers: Answers) -> Iterator[Problem]:
        """Rows and values left out, in file order."""
        for batch in _batches(seen, answers):
            yield from batch.problems


def _batches(seen: Recognised, answers: Answers) -> Iterator[AccountBatch]:
    assert seen.table is not None
    return read_account_batches(
        seen.table, answers.mapping, answers.relation, answers.only, answers.owner, answers.dates, seen.lists
    )


def _is_table_of_accounts(sniffed: Sniffed) -> bool:
    fields, entries = sniffed.account_fields, sniffed.list_columns
    if not fields & {"handle", "x_id"}:
        return False
    # A bare "name" beside a handle speaks of accounts as much as of companies; a company column does not.
    own = {guess.field for guess in entries if guess.field and fold_header(guess.column) not in NAME_WORDS}
    if not own & {"company", "email", "last_name"}:
        others = [
            guess for guess in sniffed.account_columns
            if not guess.field and not field_of("accounts_ignored", guess.column)
        ]  # fmt: skip
        if fields & {*COUNT_FIELDS, "follows_us", "we_follow", "protected", "relation"}:
            return True
        if len(others) < 2 or (not own & {"domain", "title", "person"} and "bio" not in fields):
            return True
    return not sniffed.list_fields & NAMING_FIELDS


def _is_handles(shape: TableShape) -> bool:
    """Whether the lines of a file without a header are handles or ids."""
    return shape.header_line == 0 and not shape.is_json and bool(columns_without_header(shape.samples))


def _recognised_objects(shape: TableShape, lists: AccountLists) -> Recognised:
    samples, sources = fields_of(lists, None)
    header = tuple(guess.column for guess in sources.guesses)
    said = (lists.direction, "the name of the list inside the file") if lists.direction else None
    shown = replace(shape, header=header, samples=samples)
    seen = _recognised_accounts(shown, sources.guesses, said)
    names, counts = _owner(lists)
    notes = []
    if names:
        notes.append(
            f"the file names {shown_owner(names)} as the owner of the list; the owner is not read as one of it"
        )
    if lists.left_alone:
        left = ", ".join(f"{clean_text(name, limit=60)!r} ({count:,})" for name, count in lists.left_alone[:5])
        notes.append(f"other accounts of the file are left alone: {left}")
    if lists.is_of_several and lists.without_owner:
        notes.append(f"{lists.without_owner:,} accounts do not say whose list they are in")
    if not lists.is_of_first:
        seen = replace(seen, rows=lists.accounts)
    keys = {one.owner.key for one in lists.lists if one.owner is not None}
    return replace(
        seen, own_names=names, expected=counts, has_both_lists=(lists.direction == "both" and len(lists.lists) > 1)
        or bool(lists.joined), notes=tuple(notes),
        owners=tuple(shown_owner(sorted(who)) for who in lists.owners) if lists.is_of_several else (),
        columns=tuple(guess._replace(why=OWNER_WHY) if guess.column in keys else guess for guess in seen.columns),
    )  # fmt: skip


def _recognised_pairs(shape: TableShape, pairs: Pairs) -> Recognised:
    said = (pairs.relation, "its columns of who follows whom") if pairs.relation else None
    seen = _recognised_accounts(shape, pairs.guesses(shape), said)
    is_one = len(pairs.owners) == 1
    whose = "the lists of " + ", ".join(pairs.owners[:5]) + (" and more" if len(pairs.owners) > 5 else "")
    return replace(
        seen, what=ACCOUNTS, own_names=(pairs.owners[0].lstrip("@"),) if is_one else (),
        owners=() if is_one else pairs.owners, has_both_lists=pairs.relation == "both",
        notes=(f"pairs of who follows whom: it holds {whose}; the other side of each pair is read",),
    )  # fmt: skip


def _owner(lists: AccountLists) -> tuple[tuple[str, ...], dict[str, int]]:
    """What identifies the owner of the lists, and how many followers and followed the owner's profile counts."""
    if lists.owner is None or lists.is_of_several:
        return (), {}
    row = leaves(lists.owner)
    order = guess_object_fields(tuple(row), [list(row.values())]).order
    counts: dict[str, int] = {}
    for direction, field in (("follower", "followers"), ("following", "following")):
        for name in order.get(field, []):
            with suppress(ValueError):
                counts.setdefault(direction, parse_count(row[name]))
    return tuple(sorted(identities(lists.owner))), counts


def shown_owner(names: Sequence[str]) -> str:
    """An account by its handle, else by its id."""
    handle = next((name for name in names if not name.isdigit()), None)
    return clean_text(f"@{handle}" if handle else names[0] if names else "", limit=40)


def _recognised_accounts(
    shape: TableShape, columns: Sequence[ColumnGuess], said: tuple[str, str] | None = None
) -> Recognised:
    relation, why = said or relation_of(shape, columns)
    fields = {guess.field for guess in columns if guess.field}
    what = HANDLES if fields <= {"handle", "x_id"} and len(shape.header) == 1 else ACCOUNTS
    seen = recognised_table(shape, what, columns)
    return replace(seen, relation=relation, relation_why=why, tool=tool_of(shape))
