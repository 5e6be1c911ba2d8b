"""The plan of an import: everything reading a file needs, as one value, and the form it is stored in.

Owns the shape only; ``inspecting`` makes plans. What a file's rows say is not stored with it,
so that a purge need not look here. Only ``services`` imports it; screens name the type.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from followertui.domain.clock import iso
from followertui.services.intake.sources import Source
from followertui.services.intake.values import ImportChoices, MappedColumn
from followertui.sources.column_names import ColumnGuess
from followertui.sources.kinds import Answers, Archive, Recognised
from followertui.sources.problems import Problem
from followertui.sources.tables import TableShape
from followertui.sources.text_files import Encoding, shown_name
from followertui.text.escaping import json_text


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """How a file will be read, and what is known of it before anything is written.

    Attributes:
        seen: what the file is believed to be: reader, encoding, delimiter, sheet, header row,
            hash, whose archive.
        choices: what a person answered so far.
        what: "archive", "accounts", "list", "handles", "outcomes", "contact-log", "analytics" or "unknown".
        sentence: "exporter JSON, followers, 12,388 people".
        relation: "follower", "following", "both", "none" or "" where it must be asked.
        mapping: column -> field, a person's word now or earlier.
        columns: every column as understood.
        fields: names a column can be mapped to.
        as_of: epoch seconds UTC, and as_of_source: "you", "manifest", "file name" or "file time".
        completeness: a person's or the archive's word: "complete", "partial" or None.
        kind, kind_from, name, basis: of a list; "" where not given.
        expected: direction -> the profile's own count where known.
        rank: of the source; higher wins where two speak of the same moment.
        key: what tells the same import again, with the file's hash: choices as JSON.
        rows: how many rows, None where not counted.
        reader_relation: "both" where every row is both and nothing in the file says it, else None.
        sample: up to five rows as they would be read, field -> text.
        kind_lines: which value of the kind column means which kind.
        problems: lines to say before anything is written.
        questions: what still must be asked: any of "encoding", "owner", "dates", "relation", "tag", "kind", "name",
            "basis", "complete".
        suggested_name, suggested_kind: for a list, "" where none is suggested.
        is_known: the same file was imported before with the same mapping.
        tag: what accounts are tagged with, "" for nothing.
        losses: columns whose absence hurts, and whose store it becomes, one line each.
        dates: how ``03/04/2024`` is read: "day-first", "month-first", or "" where it is not known or no date hangs on
            it; None in plans of before, which leave it to the reader.
        open_date: column and text of a date that may be either, and what it is with the day and with the month
            first; () where there is none.
        doubt: why it is going to be doubted as a list of who we follow, "" where nothing says so.
    """

    seen: Recognised
    choices: ImportChoices
    what: str
    sentence: str
    relation: str
    mapping: dict[str, str]
    columns: tuple[MappedColumn, ...]
    fields: tuple[str, ...]
    as_of: int
    as_of_source: str
    completeness: str | None
    kind: str
    kind_from: str
    name: str
    basis: str
    expected: dict[str, int]
    rank: int
    key: str
    rows: int | None
    reader_relation: str | None
    sample: tuple[dict[str, str], ...] = field(repr=False)
    kind_lines: tuple[str, ...]
    problems: tuple[str, ...]
    questions: tuple[str, ...]
    suggested_name: str
    suggested_kind: str
    is_known: bool
    tag: str = ""
    losses: tuple[str, ...] = ()
    dates: str | None = None
    open_date: tuple[str, ...] = ()
    doubt: str = ""

    @property
    def path(self) -> Path:
        """The file or folder."""
        return self.seen.path

    @property
    def table(self) -> TableShape:
        """Where the rows are; an archive has none."""
        assert self.seen.table is not None
        return self.seen.table

    @property
    def answers(self) -> Answers:
        """What of it the reader of the file needs."""
        only = self.relation if self.seen.has_both_lists and self.relation in ("follower", "following") else None
        return Answers(self.mapping, self.reader_relation, self.kind, self.kind_from, only, self.owner, self.dates)

    @property
    def owner(self) -> str | None:
        """Whose list is read of a file with lists of several accounts."""
        return self.choices.owner if self.seen.owners else None

    @property
    def as_of_text(self) -> str:
        """ISO 8601 UTC."""
        return iso(self.as_of) or ""

    @property
    def kind_column(self) -> str:
        """A column that may say the kind per row, "" if none."""
        return (self.seen.kind_columns or ("",))[0]

    @property
    def expected_count(self) -> int | None:
        """The profile's own count for the relation, None where unknown."""
        return self.expected.get(self.relation if self.relation != "both" else "follower")


def source_of(plan: ImportPlan) -> Source:
    """Where the import comes from, with the whole plan as it is stored beside it."""
    archive = plan.seen.archive
    return Source(
        what=plan.what,
        name=shown_name(plan.path),
        rank=plan.rank,
        as_of=plan.as_of,
        sha256=plan.seen.sha256,
        choices=plan.key,
        path=str(plan.path.resolve()),
        plan=to_json(plan),
        total=plan.rows,
        completeness=plan.completeness,
        expected=plan.expected,
        is_flag_reading=plan.relation == "both" and archive is None and not plan.seen.has_both_lists,
        ignores_flags=plan.relation == "none",
        notes=(*(plan.seen.notes if archive is not None else ()), *plan.losses),
        tag=plan.tag,
    )


def to_json(plan: ImportPlan) -> str:
    """A plan as it is stored beside its import: whole, but for the rows and values it showed."""
    table = plan.seen.table
    if table is not None:
        table = replace(table, samples=[], values=(), is_whole=False)
    seen = replace(plan.seen, samples=(), table=table, readings=(), lists=None)
    columns = tuple(column._replace(samples=()) for column in plan.columns)
    return json_text(_plain(replace(plan, seen=seen, columns=columns, sample=())))


def _plain(value: object) -> Any:
    """Dataclasses as objects, tuples as arrays, paths as text."""
    if dataclasses.is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Path) else value


def from_json(text: str, again: Recognised) -> ImportPlan:
    """A stored plan, with the rows a look at the same bytes shows.

    Args:
        text: what ``to_json`` gave.
        again: the file as it is recognised now; its hash is the plan's.
    """
    body = json.loads(text)
    seen = _seen(body.pop("seen"), again)
    lists = {"fields", "kind_lines", "problems", "questions", "losses", "open_date"}
    tuples = {name: tuple(value) for name, value in body.items() if name in lists}
    columns = tuple(MappedColumn(column, field_, why, ()) for column, field_, why, _ in body["columns"])
    choices = ImportChoices(**body["choices"])
    return ImportPlan(**{**body, **tuples, "seen": seen, "choices": choices, "columns": columns, "sample": ()})


def _seen(body: dict[str, Any], again: Recognised) -> Recognised:
    table, archive = body.pop("table"), body.pop("archive")
    body = _with_tuples(body)
    body |= {"path": again.path, "size": again.size, "modified_ns": again.modified_ns}
    body["columns"] = tuple(ColumnGuess(*line) for line in body["columns"])
    body["problems"] = _problems(body)
    body["table"] = None if table is None else _table(table, again)
    body["archive"] = None if archive is None else _archive(archive, again.path)
    return Recognised(**body)


def _table(body: dict[str, Any], again: Recognised) -> TableShape:
    shown = again.table
    body = _with_tuples(body)
    body["path"] = again.path
    body["encoding"] = Encoding(*body["encoding"])
    body["problems"] = _problems(body)
    body["samples"] = shown.samples if shown is not None and shown.header == body["header"] else []
    return TableShape(**body)


def _with_tuples(body: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in body.items()}


def _archive(body: dict[str, Any], path: Path) -> Archive:
    return Archive(**{**body, "path": path, "notes": tuple(body["notes"]), "problems": _problems(body)})


def _problems(body: dict[str, Any]) -> tuple[Problem, ...]:
    return tuple(Problem(*line) for line in body["problems"])
