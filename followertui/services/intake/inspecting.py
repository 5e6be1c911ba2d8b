"""Inspecting a file before anything is written: file and answers in, ``ImportPlan`` out.

Owns how recognition, a person's answers and what is remembered come together. Reads files
and settings, writes nothing. Only ``services`` imports it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import NamedTuple

from followertui.domain.clock import DAY, day_of, epoch, from_epoch, start_of_day
from followertui.domain.errors import BadInput
from followertui.domain.kind import LIST_KINDS, Kind
from followertui.domain.lists import LIST_FIELDS, Basis, ListEntry
from followertui.services.intake.import_plan import ImportPlan
from followertui.services.intake.values import ImportChoices, MappedColumn
from followertui.sources import recognising
from followertui.sources.account_columns import ACCOUNT_FIELDS
from followertui.sources.account_exports import account_columns, read_account_batches
from followertui.sources.column_names import ColumnGuess
from followertui.sources.contact_logs import EVENT_FIELDS, event_columns
from followertui.sources.list_values import kind_of_value
from followertui.sources.lists import list_columns, read_list_batches
from followertui.sources.mappings import parse_map
from followertui.sources.recognising import (
    ACCOUNTS,
    ARCHIVE,
    CONTACT_LOG,
    HANDLES,
    LIST,
    OUTCOMES,
    Recognised,
    recognise,
)
from followertui.sources.tables import read_batches
from followertui.sources.text_files import shown_name
from followertui.store.audience import imports
from followertui.store.file import settings
from followertui.store.file.connection import Store
from followertui.text.cleaning import clean_text

COMPLETENESS = ("complete", "partial")
"""What a person can say of a reading."""

_COUNTED_BYTES = 4 << 20
_SAMPLE_ROWS = 5
_SAMPLE_VALUES = 3
_SHOWN_KINDS = 25
_FRESH_SECONDS = 14 * 86_400
_RELATIONS = ("follower", "following", "both", "none")
_RANKS = {"X API v2": 3, "X GraphQL": 3, "": 1, "X archive": 1}
_EXPORTER_RANK = 2
_RELATION_COLUMNS = frozenset({"relation", "follows_us", "we_follow"})


def plan_import(
    store: Store, path: str, choices: ImportChoices, earlier: ImportPlan | None = None, zone: tzinfo = UTC
) -> ImportPlan:
    """How a file would be read with the answers given so far.

    Args:
        store: the open store.
        path: file or folder.
        choices: answers; what they leave open is as recognised.
        earlier: a plan for the same file, which then is not inspected again; its rows are read
            again only where other columns are wanted.
        zone: the person's; a day without a time begins there.

    Raises:
        BadInput: the file cannot be used, or an answer makes no sense.
    """
    _checked("a reading", choices.completeness, COMPLETENESS)
    if earlier is not None and earlier.choices.sheet == choices.sheet:
        seen = earlier.seen
    else:
        seen, earlier = recognise(Path(path).expanduser(), choices.sheet), None
    what = choices.what or seen.what
    if choices.what and seen.archive is not None and choices.what != ARCHIVE:
        raise BadInput(f"{shown_name(seen.path)}: is an X archive; import it as archive")
    if what == ARCHIVE and seen.archive is None:
        raise BadInput(f"{shown_name(seen.path)}: is no X archive; {recognising.describe(seen)}")
    mapping, columns = _columns(store, seen, what, choices)
    plan = _answered(store, seen, choices, what, mapping, columns, zone)
    says_itself = any(column.field in _RELATION_COLUMNS for column in columns)
    plan = replace(plan, reader_relation="both" if plan.relation == "both" and not says_itself else None)
    if earlier is not None and _shows_the_same(earlier, plan):
        shown = _Shown(earlier.rows, earlier.seen.is_exact, earlier.sample, earlier.kind_lines)
    else:
        shown = _read_through(plan)
    seen = replace(seen, rows=shown.rows or seen.rows, is_exact=shown.is_exact)
    return replace(
        plan,
        seen=seen,
        sentence=recognising.describe(seen),
        rows=seen.rows or None,
        sample=shown.sample,
        kind_lines=shown.kind_lines,
        problems=(
            *seen.notes,
            *(f"line {p.line}: {p.reason}" if p.line else p.reason for p in seen.problems),
            *shown.kind_lines,
        ),
        questions=_questions(plan),
        is_known=imports.done_before(store, seen.sha256, plan.key) is not None,
    )


def _shows_the_same(one: ImportPlan, other: ImportPlan) -> bool:
    """Whether reading the rows by two plans shows the same."""
    if one.kind_from and one.kind != other.kind:
        return False
    return (one.what, one.columns, one.reader_relation) == (other.what, other.columns, other.reader_relation)


def _answered(
    store: Store,
    seen: Recognised,
    choices: ImportChoices,
    what: str,
    mapping: dict[str, str],
    columns: tuple[ColumnGuess, ...],
    zone: tzinfo,
) -> ImportPlan:
    """The plan but for what reading the rows tells."""
    is_list = what == LIST
    as_of, as_of_source = (_moment(choices.as_of, zone), "you") if choices.as_of else _read_at(seen, zone)
    said = {
        "what": what,
        "relation": "" if is_list else _checked("--relation", choices.relation, _RELATIONS) or seen.relation or "",
        "mapping": mapping,
        "as_of": choices.as_of,
        "kind": _checked("--kind", choices.kind, [kind.value for kind in LIST_KINDS]) if is_list else "",
        "kind_from": choices.kind_from or "",
        "name": (choices.name or seen.path.stem) if is_list else "",
        "basis": _checked("--basis", choices.basis, [basis.value for basis in Basis]) if is_list else "",
        "sheet": choices.sheet,
    }
    is_part = seen.archive is not None and seen.archive.is_partial
    return ImportPlan(
        seen=seen, choices=choices, what=what, sentence="", relation=str(said["relation"]),
        mapping=mapping, columns=tuple(_mapped(column, seen) for column in columns), fields=_fields_of(what),
        as_of=as_of, as_of_source=as_of_source, completeness=choices.completeness or ("partial" if is_part else None),
        kind=str(said["kind"]), kind_from=choices.kind_from or "", name=str(said["name"]), basis=str(said["basis"]),
        expected=_expected(store, seen, as_of), rank=_RANKS.get(seen.tool, _EXPORTER_RANK),
        key=json.dumps(said, sort_keys=True, ensure_ascii=False), rows=None, sample=(), kind_lines=(), questions=(),
        reader_relation=None, problems=(), suggested_name=seen.path.stem,
        suggested_kind=_suggested_kind(seen.path.stem), is_known=False,
    )  # fmt: skip


def _checked(option: str, value: str | None, allowed: Sequence[str]) -> str:
    if value is None or value in allowed:
        return value or ""
    raise BadInput(f"{option} {value!r}: there is only {', '.join(allowed)}")


def _columns(
    store: Store, seen: Recognised, what: str, choices: ImportChoices
) -> tuple[dict[str, str], tuple[ColumnGuess, ...]]:
    """The mapping that holds (remembered for this shape of file, then as said now) and its columns."""
    if seen.table is None:
        return {}, ()
    header = [column.column for column in seen.columns]
    shape = seen.table
    is_json = shape.format in ("JSON", "JSONL")
    if not header or what not in (ACCOUNTS, HANDLES):
        header = list(shape.header)
    remembered = settings.setting(store, f"mapping:{what}:{seen.shape}", {})
    pairs = [f"{column}={field}" for column, field in choices.mapping.items()]
    said = parse_map(pairs, header, _fields_of(what)) if pairs else {}
    mapping = {**{column: field for column, field in remembered.items() if column in header}, **said}
    if what == LIST:
        return mapping, tuple(list_columns(shape, mapping, choices.kind_from))
    if what in (OUTCOMES, CONTACT_LOG):
        return mapping, tuple(event_columns(shape, mapping))
    if not mapping and what == seen.what:
        return mapping, seen.columns
    if is_json:
        return mapping, tuple(
            column._replace(field=mapping.get(column.column, column.field)) for column in seen.columns
        )
    return mapping, tuple(account_columns(shape, mapping))


def _fields_of(what: str) -> tuple[str, ...]:
    """Names a column of such a file can be mapped to."""
    if what in (OUTCOMES, CONTACT_LOG):
        return EVENT_FIELDS
    return {LIST: LIST_FIELDS, ARCHIVE: ()}.get(what, ACCOUNT_FIELDS)


def _read_at(seen: Recognised, zone: tzinfo) -> tuple[int, str]:
    """When a file was read, and what says so; a day in its name begins where the person lives."""
    if seen.as_of_from == "file name" and seen.as_of % DAY == 0:
        return epoch(start_of_day(day_of(from_epoch(seen.as_of), UTC), zone)), seen.as_of_from
    return seen.as_of, seen.as_of_from


def _moment(text: str, zone: tzinfo) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(f"--as-of {text!r}: write a date such as 2026-11-22 or 2026-11-22T18:30") from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp())


def _expected(store: Store, seen: Recognised, as_of: int) -> dict[str, int]:
    """The profile's own counts: from the archive's manifest, or read from X not long before or after."""
    if seen.archive is not None:
        counts = {"follower": seen.archive.followers, "following": seen.archive.following}
        return {direction: count for direction, count in counts.items() if count is not None}
    at = store.meta("profile_counts_at")
    if at is None or abs(int(at) - as_of) > _FRESH_SECONDS:
        return {}
    found = {direction: store.meta(f"profile_count_{direction}") for direction in ("follower", "following")}
    return {direction: int(count) for direction, count in found.items() if count is not None}


def _questions(plan: ImportPlan) -> tuple[str, ...]:
    """What still must be asked: any of "relation", "complete", "kind", "name", "basis"."""
    found = []
    if plan.what in (ACCOUNTS, HANDLES):
        if not plan.relation:
            found.append("relation")
        if plan.completeness is None and plan.relation != "none" and plan.relation not in plan.expected:
            found.append("complete")
    if plan.what == LIST:
        if not plan.kind and not plan.kind_from:
            found.append("kind")
        if plan.choices.name is None:
            found.append("name")
        if not plan.basis:
            found.append("basis")
    return tuple(found)


def _mapped(column: ColumnGuess, seen: Recognised) -> MappedColumn:
    values = (row[column.position] for row in seen.samples if column.position < len(row))
    samples = tuple(dict.fromkeys(value for value in values if value.strip()))[:_SAMPLE_VALUES]
    return MappedColumn(column.column, column.field, column.why, samples)


class _Shown(NamedTuple):
    """What reading the rows tells: how many (exact in a small file), the first, which value means which kind."""

    rows: int | None
    is_exact: bool
    sample: tuple[dict[str, str], ...]
    kind_lines: tuple[str, ...] = ()


def _read_through(plan: ImportPlan) -> _Shown:
    """Read a small file to its end and of a large one the first rows, once."""
    is_small = plan.seen.size <= _COUNTED_BYTES
    if plan.what in (ACCOUNTS, HANDLES):
        return _first_accounts(plan, is_small)
    if plan.what == LIST:
        return _first_entries(plan, is_small)
    if plan.seen.table is None or not is_small or plan.seen.is_exact:
        return _Shown(plan.seen.rows, plan.seen.is_exact, ())
    return _Shown(sum(len(batch.rows) for batch in read_batches(plan.seen.table)), True, ())


def _first_accounts(plan: ImportPlan, is_small: bool) -> _Shown:
    sample: list[dict[str, str]] = []
    count = 0
    for batch in read_account_batches(plan.seen.table or plan.seen.path, plan.mapping, plan.reader_relation):
        count += len(batch.records)
        for record in batch.records[: _SAMPLE_ROWS - len(sample)]:
            values = record._asdict()
            sample.append({name: str(value) for name, value in values.items() if value is not None})
        if not is_small and len(sample) >= _SAMPLE_ROWS:
            return _Shown(None, False, tuple(sample))
    return _Shown(count, True, tuple(sample))


def _first_entries(plan: ImportPlan, is_small: bool) -> _Shown:
    sample: list[dict[str, str]] = []
    kinds: Counter[str] = Counter()
    column = next((column.column for column in plan.columns if column.field == "kind"), "")
    count = 0
    for batch in read_list_batches(plan.seen.table or plan.seen.path, plan.mapping, plan.kind_from or None):
        count += len(batch.entries)
        sample += [_shown(entry) for entry in batch.entries[: _SAMPLE_ROWS - len(sample)]]
        if plan.kind_from:
            kinds.update(entry.fields.get(column, "") for entry in batch.entries)
        elif not is_small and len(sample) >= _SAMPLE_ROWS:
            return _Shown(None, False, tuple(sample))
    return _Shown(count, True, tuple(sample), tuple(_kind_lines(kinds, plan.kind)))


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


def _suggested_kind(stem: str) -> str:
    found = re.findall(r"[a-z]+", stem.lower())
    for kind in LIST_KINDS:
        if kind.value in found or f"{kind.value}s" in found:
            return kind.value
    return Kind.CUSTOMER.value if "clients" in found else ""
