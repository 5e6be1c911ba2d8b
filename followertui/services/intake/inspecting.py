"""The look at a file before anything is written: what it is, how it will be read, what must be asked.

Owns how recognition, a person's answers and what is remembered come together. Reads files
and settings, writes nothing. Only ``services`` imports it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from followertui.domain.clock import iso
from followertui.domain.errors import BadInput
from followertui.domain.kind import LIST_KINDS, Kind
from followertui.domain.lists import LIST_FIELDS, Basis, ListEntry
from followertui.services.intake.values import ImportChoices, Look, MappedColumn
from followertui.sources import recognising
from followertui.sources.account_columns import ACCOUNT_FIELDS
from followertui.sources.account_exports import account_columns, read_account_batches
from followertui.sources.column_names import ColumnGuess
from followertui.sources.contact_logs import EVENT_FIELDS, event_columns
from followertui.sources.fingerprints import fingerprint
from followertui.sources.lists import kind_table, list_columns, read_list
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
from followertui.sources.tables import Table
from followertui.sources.text_files import shown_name
from followertui.store.audience import imports
from followertui.store.file import settings
from followertui.store.file.connection import Store

_SAMPLE_ROWS = 5
_SAMPLE_VALUES = 3
_SHOWN_KINDS = 25
_FRESH_SECONDS = 14 * 86_400
_RELATIONS = ("follower", "following", "both", "none")
_RANKS = {"X API v2": 3, "X GraphQL": 3, "": 1, "X archive": 1}
_EXPORTER_RANK = 2
_RELATION_COLUMNS = frozenset({"relation", "follows_us", "we_follow"})


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """How a file will be read.

    Attributes:
        seen: what the file is believed to be.
        what: archive, accounts, handles or list.
        relation: "follower", "following", "both", "none" or "" where nobody said.
        mapping: column -> field, a person's word now or earlier.
        columns: what each column is taken for.
        as_of, as_of_from: epoch seconds UTC, and who says so.
        kind, kind_from, name, basis: of a list; "" where nobody said.
        expected: direction -> the profile's own count where known.
        rank: of the source.
        key: choices as JSON: with the file's hash they tell the same import again.
    """

    seen: Recognised
    what: str
    relation: str
    mapping: dict[str, str]
    columns: tuple[ColumnGuess, ...]
    as_of: int
    as_of_from: str
    kind: str
    kind_from: str
    name: str
    basis: str
    expected: dict[str, int]
    rank: int
    key: str

    @property
    def table(self) -> Table:
        """The table to read, as it was looked at."""
        return self.seen.table or self.seen.path

    @property
    def reader_relation(self) -> str | None:
        """What every row is to us, where neither the file nor the reading as a whole says it."""
        says_itself = any(column.field in _RELATION_COLUMNS for column in self.columns)
        return "both" if self.relation == "both" and not says_itself else None


def plan_import(store: Store, path: str, choices: ImportChoices) -> ImportPlan:
    """How a file would be read with the answers given so far.

    Raises:
        BadInput: the file cannot be used, or an answer makes no sense.
    """
    seen = recognise(Path(path).expanduser(), choices.sheet)
    what = choices.what or seen.what
    if choices.what and seen.archive is not None and choices.what != ARCHIVE:
        raise BadInput(f"{shown_name(seen.path)}: is an X archive; import it as archive")
    if what == ARCHIVE and seen.archive is None:
        raise BadInput(f"{shown_name(seen.path)}: is no X archive; {recognising.describe(seen)}")
    mapping, columns = _columns(store, seen, what, choices)
    as_of, as_of_from = (_moment(choices.as_of), "you") if choices.as_of else (seen.as_of, seen.as_of_from)
    relation = _checked("--relation", choices.relation, _RELATIONS) or seen.relation or ""
    is_list = what == LIST
    known = {
        "what": what,
        "relation": "" if is_list else relation,
        "mapping": mapping,
        "as_of": choices.as_of,
        "kind": _checked("--kind", choices.kind, [kind.value for kind in LIST_KINDS]) if is_list else "",
        "kind_from": choices.kind_from or "",
        "name": (choices.name or seen.path.stem) if is_list else "",
        "basis": _checked("--basis", choices.basis, [basis.value for basis in Basis]) if is_list else "",
        "sheet": choices.sheet,
    }
    return ImportPlan(
        seen=seen,
        what=what,
        relation=str(known["relation"]),
        mapping=mapping,
        columns=columns,
        as_of=as_of,
        as_of_from=as_of_from,
        kind=str(known["kind"]),
        kind_from=choices.kind_from or "",
        name=str(known["name"]),
        basis=str(known["basis"]),
        expected=_expected(store, seen, as_of),
        rank=_RANKS.get(seen.tool, _EXPORTER_RANK),
        key=json.dumps(known, sort_keys=True, ensure_ascii=False),
    )


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
    allowed = _fields_of(what)
    said = parse_map([f"{column}={field}" for column, field in choices.mapping.items()], header, allowed)
    mapping = {**{column: field for column, field in remembered.items() if column in header}, **said}
    if what == LIST:
        return mapping, tuple(list_columns(shape, mapping, choices.kind_from))
    if what in (OUTCOMES, CONTACT_LOG):
        return mapping, tuple(event_columns(shape, mapping))
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


def _moment(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(f"--as-of {text!r}: write a date such as 2026-11-22 or 2026-11-22T18:30") from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


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


def look(store: Store, path: str, choices: ImportChoices) -> Look:
    """What a file is believed to be and what still must be asked; writes nothing.

    Raises:
        BadInput: the file cannot be used.
    """
    plan = plan_import(store, path, choices)
    seen = plan.seen
    known = imports.done_before(store, fingerprint(seen.path), plan.key)
    return Look(
        path=path,
        what=plan.what,
        sentence=recognising.describe(seen),
        relation=plan.relation,
        as_of=iso(plan.as_of) or "",
        as_of_source=plan.as_of_from,
        mapping=tuple(_mapped(column, seen) for column in plan.columns),
        fields=_fields_of(plan.what),
        sample=_sample(plan),
        rows=seen.rows or None,
        questions=questions(plan, choices),
        suggested_name=seen.path.stem,
        suggested_kind=_suggested_kind(seen.path.stem),
        kind_column=(seen.kind_columns or ("",))[0],
        expected=plan.expected.get(plan.relation if plan.relation != "both" else "follower"),
        problems=(
            *seen.notes,
            *(f"line {p.line}: {p.reason}" if p.line else p.reason for p in seen.problems),
            *_kind_lines(plan),
        ),
        is_known=known is not None,
    )


def questions(plan: ImportPlan, choices: ImportChoices) -> tuple[str, ...]:
    """What still must be asked: any of "relation", "complete", "kind", "name", "basis"."""
    found = []
    if plan.what in (ACCOUNTS, HANDLES):
        if not plan.relation:
            found.append("relation")
        if choices.completeness is None and plan.relation != "none" and plan.relation not in plan.expected:
            found.append("complete")
    if plan.what == LIST:
        if not plan.kind and not plan.kind_from:
            found.append("kind")
        if choices.name is None:
            found.append("name")
        if not plan.basis:
            found.append("basis")
    return tuple(found)


def _mapped(column: ColumnGuess, seen: Recognised) -> MappedColumn:
    at = column[0]
    values = (row[at] for row in seen.samples if at < len(row))
    samples = tuple(dict.fromkeys(value for value in values if value.strip()))[:_SAMPLE_VALUES]
    return MappedColumn(column.column, column.field, column.why, samples)


def _sample(plan: ImportPlan) -> tuple[dict[str, str], ...]:
    """The first rows as they would be read."""
    found: list[dict[str, str]] = []
    if plan.what in (ACCOUNTS, HANDLES):
        for batch in read_account_batches(plan.table, plan.mapping, plan.reader_relation):
            found += [
                {name: str(value) for name, value in record._asdict().items() if value is not None}
                for record in batch.records[: _SAMPLE_ROWS - len(found)]
            ]
            if len(found) >= _SAMPLE_ROWS:
                break
    elif plan.what == LIST:
        for one in read_list(plan.table, plan.mapping, plan.kind_from or None):
            if isinstance(one, ListEntry):
                found.append(_shown(one))
            if len(found) >= _SAMPLE_ROWS:
                break
    return tuple(found)


def _shown(entry: ListEntry) -> dict[str, str]:
    names = ("company", "person", "title", "domains", "emails", "handles", "city", "country", "owner", "crm_id", "kind")
    values = {name: getattr(entry, name) for name in names}
    return {
        name: ", ".join(value) if isinstance(value, tuple) else str(value) for name, value in values.items() if value
    }


def _kind_lines(plan: ImportPlan) -> tuple[str, ...]:
    """Which value of the column asked for stands for which kind, most frequent first."""
    if plan.what != LIST or not plan.kind_from:
        return ()
    lines = []
    for value, kind, count in kind_table(plan.table, plan.kind_from):
        meant = kind.value if kind else f"{plan.kind} (as --kind)" if plan.kind else "no kind: compared, not counted"
        lines.append(f"{value or '(empty)'} -> {meant}: {count:,}")
    hidden = len(lines) - _SHOWN_KINDS
    return (*lines[:_SHOWN_KINDS], *((f"and {hidden:,} more values",) if hidden > 0 else ()))


def _suggested_kind(stem: str) -> str:
    found = re.findall(r"[a-z]+", stem.lower())
    for kind in LIST_KINDS:
        if kind.value in found or f"{kind.value}s" in found:
            return kind.value
    return Kind.CUSTOMER.value if "clients" in found else ""
