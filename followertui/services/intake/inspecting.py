"""Inspecting a file before anything is written: file and answers in, ``ImportPlan`` out.

Owns how recognition, a person's answers and what is remembered come together. Reads files
and settings, writes nothing. Only ``services`` imports it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import NamedTuple

from followertui.domain.clock import DAY, day_of, epoch, from_epoch, start_of_day
from followertui.domain.errors import BadInput
from followertui.domain.kind import LIST_KINDS, Kind
from followertui.domain.lists import Basis
from followertui.services.intake import sentinels
from followertui.services.intake.import_plan import ImportPlan
from followertui.services.intake.losses import losses, owner_line
from followertui.services.intake.remarks import encoding_lines, sheet_lines
from followertui.services.intake.values import DATES, ImportChoices, MappedColumn
from followertui.sources import archive_neighbours
from followertui.sources.account_exports import shown_owner
from followertui.sources.column_names import ColumnGuess, parse_map
from followertui.sources.day_order import DayOrder
from followertui.sources.kinds import (
    ACCOUNTS,
    ARCHIVE,
    HANDLES,
    LIST,
    Answers,
    Preview,
    Recognised,
    SourceKind,
)
from followertui.sources.list_people import unsure_lines
from followertui.sources.recognising import describe, kind_called, recognise
from followertui.sources.text_files import shown_name
from followertui.store.audience import imports
from followertui.store.file import settings, watermarks
from followertui.store.file.connection import Store
from followertui.store.lists import listings
from followertui.text.cleaning import clean_text
from followertui.text.quantities import both_readings

COMPLETENESS = ("complete", "partial")
"""What a person can say of a reading."""

_SAMPLE_VALUES = 3
_FRESH_SECONDS = 14 * 86_400
_RELATIONS = ("follower", "following", "both", "none")
_RANKS = {"X API v2": 3, "X GraphQL": 3, "": 1, "X archive": 1}
_EXPORTER_RANK = 2
_UNREAD = frozenset({"encoding", "owner", "dates"})
"""Questions before whose answer rows are not read."""

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
    _checked("--dates", choices.dates, DATES)
    is_deeper = choices.owner is not None and earlier is not None and not earlier.seen.owners
    if earlier is not None and _is_same_text(earlier.choices, choices) and not is_deeper:
        seen = earlier.seen
    else:
        is_owner_said = choices.owner is not None
        seen = recognise(Path(path).expanduser(), choices.sheet, choices.encoding, is_through=is_owner_said)
        earlier = None
    what = choices.what or seen.what
    if choices.what and seen.archive is not None and choices.what != ARCHIVE:
        raise BadInput(f"{shown_name(seen.path)}: is an X archive; import it as archive")
    if what == ARCHIVE and seen.archive is None:
        raise BadInput(f"{shown_name(seen.path)}: is no X archive; {describe(seen)}")
    kind = kind_called(what)
    answers = Answers(kind_from=choices.kind_from or "")
    choices = replace(choices, owner=_owner(store, seen, choices))
    columns = kind.columns(seen, answers)
    mapping = _mapping(store, kind, seen, what, columns, choices.mapping)
    if mapping:
        columns = kind.columns(seen, answers._replace(mapping=mapping))
    order = kind.day_order(seen, answers._replace(mapping=mapping))
    plan = replace(
        _answered(store, seen, choices, what, mapping, columns, zone),
        dates=choices.dates or order.order,
        open_date=_open_date(order),
    )
    says_itself = seen.has_both_lists or any(column.field in _RELATION_COLUMNS for column in columns)
    plan = replace(plan, reader_relation="both" if plan.relation == "both" and not says_itself else None)
    shown = _shown(kind, seen, plan, earlier)
    seen = replace(seen, rows=shown.rows or seen.rows, is_exact=shown.is_exact)
    questions = _questions(store, plan)
    doubt = "" if _UNREAD & set(questions) else _doubt(store, plan, earlier)
    return replace(
        plan,
        seen=seen,
        sentence=describe(seen),
        rows=seen.rows or None,
        sample=shown.sample,
        kind_lines=shown.kind_lines,
        problems=(*unsure_lines(columns), *_lines_to_read(seen, order, choices, shown.kind_lines, doubt)),
        questions=questions,
        doubt=doubt,
        losses=(
            *losses(what, plan.columns),
            *owner_line(seen.archive, is_nobodys=watermarks.PROFILE_ID.read(store) is None),
        ),
        is_known=imports.done_before(store, seen.sha256, plan.key) is not None,
    )


def _lines_to_read(
    seen: Recognised, order: DayOrder, choices: ImportChoices, kind_lines: tuple[str, ...], doubt: str
) -> tuple[str, ...]:
    """What a person should read before it is imported."""
    return (
        *seen.notes,
        *encoding_lines(seen),
        *sheet_lines(seen),
        *_date_lines(order, choices),
        *(f"line {p.line}: {p.reason}" if p.line else p.reason for p in seen.problems),
        *kind_lines,
        *([f"partial: {doubt}; {sentinels.NOT_UNTIL} you say it is a part of yours"] if doubt else ()),
    )


class ArchiveInside(NamedTuple):
    """One of several archives in a folder.

    Attributes:
        path: its own folder or zip.
        owner: whose it is, as it is shown, "" where not known.
        day: when it was made, as text.
        names: id and handle of whose it is, lower case, as far as known.
    """

    path: str
    owner: str
    day: str
    names: frozenset[str] = frozenset()


def archives_in(path: str) -> list[ArchiveInside]:
    """The archives of a folder, unpacked or zipped, oldest first; none where it is one itself, or no folder.

    Args:
        path: file or folder.

    Raises:
        BadInput: it cannot be read.
    """
    folder = Path(path).expanduser()
    return [
        ArchiveInside(
            str(folder / one.root),
            f"@{one.handle}" if one.handle else one.owner,
            one.day,
            frozenset(name.lower() for name in (one.owner, one.handle) if name),
        )
        for one in archive_neighbours.archives_in(folder)
    ]


def archives_of_one(store: Store, found: Sequence[ArchiveInside], owner: str | None) -> list[ArchiveInside]:
    """Those of some archives that are of one account, in their order; none where it must be asked of whom.

    Args:
        store: the open store.
        found: as ``archives_in`` gave them.
        owner: handle or id of the account, None for this store's own, or the only one there is.

    Raises:
        BadInput: none is of the account that was said.
    """
    wanted = {owner.lstrip("@").lower()} if owner else _own_names(store)
    mine = [one for one in found if one.names & wanted]
    owners = list(dict.fromkeys(one.owner or "an account it does not name" for one in found))
    if owner and not mine:
        raise BadInput(f"--owner {owner!r}: there is no archive of it here, only of {', '.join(owners[:8])}")
    return mine or (list(found) if len(owners) == 1 and found[0].owner else [])


def _stem(path: Path) -> str:
    """The file's name without its ending, as a list is called after it."""
    return clean_text(path.stem, limit=120) or "list"


def _is_same_text(one: ImportChoices, other: ImportChoices) -> bool:
    """Whether two answers make a file the same table, looked at as far."""
    return (one.sheet, one.encoding) == (other.sheet, other.encoding)


def _open_date(order: DayOrder) -> tuple[str, ...]:
    both = both_readings(order.sample)
    if both is None:
        return ()
    return order.column, order.sample, *(f"{moment.day} {moment:%B %Y}" for moment in map(from_epoch, both))


def _date_lines(order: DayOrder, choices: ImportChoices) -> Iterator[str]:
    """How dates that may be read in two ways are read, where the dates themselves do not show it."""
    if order.is_open and not choices.dates:
        column, sample, first, second = _open_date(order)
        yield f'dates of column "{column}" may be read in two ways: {sample} is {first} or {second}'
    elif order.why and not choices.dates:
        yield f'dates of column "{order.column}" such as {order.sample} are read {order.order}: {order.why}'


def _shows_the_same(one: ImportPlan, other: ImportPlan) -> bool:
    """Whether reading the rows by two plans shows the same."""
    if one.kind_from and one.kind != other.kind:
        return False
    if (one.dates, one.owner) != (other.dates, other.owner):
        return False
    return (one.what, one.columns, one.reader_relation) == (other.what, other.columns, other.reader_relation)


def _answered(
    store: Store,
    seen: Recognised,
    choices: ImportChoices,
    what: str,
    mapping: dict[str, str],
    columns: Sequence[ColumnGuess],
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
        "name": (choices.name or _stem(seen.path)) if is_list else "",
        "basis": _checked("--basis", choices.basis, [basis.value for basis in Basis]) if is_list else "",
        "sheet": choices.sheet,
    }
    tag = "" if is_list or choices.tag is None else " ".join(clean_text(choices.tag, limit=120).split())
    if tag:
        # Left out where there is none, so that imports of before are known again.
        said["tag"] = tag
    if choices.encoding:
        said["encoding"] = choices.encoding
    if choices.owner is not None:
        said["owner"] = choices.owner
    if choices.dates:
        said["dates"] = choices.dates
    _refuse_another_owner(store, seen, choices, str(said["relation"]))
    is_part = seen.archive is not None and seen.archive.is_partial
    return ImportPlan(
        seen=seen, choices=choices, what=what, sentence="", relation=str(said["relation"]),
        mapping=mapping, columns=tuple(_mapped(column, seen) for column in columns), fields=kind_called(what).fields,
        as_of=as_of, as_of_source=as_of_source, completeness=choices.completeness or ("partial" if is_part else None),
        kind=str(said["kind"]), kind_from=choices.kind_from or "", name=str(said["name"]), basis=str(said["basis"]),
        expected=_expected(store, seen, as_of), rank=_RANKS.get(seen.tool, _EXPORTER_RANK),
        key=json.dumps(said, sort_keys=True, ensure_ascii=False), rows=None, sample=(), kind_lines=(), questions=(),
        reader_relation=None, problems=(), suggested_name=_stem(seen.path),
        suggested_kind=_suggested_kind(_stem(seen.path)), is_known=False, tag=tag,
    )  # fmt: skip


def _checked(option: str, value: str | None, allowed: Sequence[str]) -> str:
    if value is None or value in allowed:
        return value or ""
    raise BadInput(f"{option} {value!r}: there is only {', '.join(allowed)}")


def _mapping(
    store: Store, kind: SourceKind, seen: Recognised, what: str, columns: Sequence[ColumnGuess], said: dict[str, str]
) -> dict[str, str]:
    """The mapping that holds: as said now, else as remembered for this shape of file."""
    if seen.table is None:
        return {}
    header = [column.column for column in columns] or seen.table.header
    remembered = settings.MAPPING.of(what, seen.shape).read(store)
    pairs = [f"{column}={field}" for column, field in said.items()]
    return {
        **{column: field for column, field in remembered.items() if column in header},
        **(parse_map(pairs, header, kind.fields) if pairs else {}),
    }


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
    if seen.expected:
        return dict(seen.expected)
    at = watermarks.PROFILE_COUNTS_AT.read(store)
    if at is None or abs(at - as_of) > _FRESH_SECONDS:
        return {}
    found = {direction: mark.read(store) for direction, mark in watermarks.PROFILE_COUNTS.items()}
    return {direction: count for direction, count in found.items() if count is not None}


def _own_names(store: Store) -> set[str]:
    """Id and handle of the profile this store is of, as far as known."""
    known = (watermarks.PROFILE_ID.read(store), watermarks.PROFILE_HANDLE.read(store))
    return {str(name).lstrip("@").lower() for name in known if name}


def _shown(kind: SourceKind, seen: Recognised, plan: ImportPlan, earlier: ImportPlan | None) -> Preview:
    """The first rows as they would be read; nothing before it is said whose list is read."""
    if seen.owners and not plan.choices.owner:
        return Preview(None, False)
    if earlier is not None and _shows_the_same(earlier, plan):
        return Preview(earlier.rows, earlier.seen.is_exact, earlier.sample, earlier.kind_lines)
    return kind.preview(seen, plan.answers)


def _doubt(store: Store, plan: ImportPlan, earlier: ImportPlan | None) -> str:
    """Why it is going to be doubted as a list of who we follow; its rows are read for that once."""
    if earlier is not None and _shows_the_same(earlier, plan):
        same = (earlier.relation, earlier.as_of, earlier.completeness) == (plan.relation, plan.as_of, plan.completeness)
        if same:
            return earlier.doubt
    return sentinels.foreseen(store, plan)


def _owner(store: Store, seen: Recognised, choices: ImportChoices) -> str | None:
    """Whose list is read of a file with lists of several accounts: as said, else this store's own, None to ask.

    Raises:
        BadInput: the file has no list of the account that was said.
    """
    if not seen.owners:
        if choices.owner:
            _refuse_another_than(seen, choices.owner)
        return None
    names = {name.lstrip("@").lower() for name in seen.owners}
    said = choices.owner.lstrip("@").lower() if choices.owner else next(iter(names & _own_names(store)), None)
    if said in names:
        return said
    if said is None:
        return None
    shown = ", ".join(seen.owners[:8])
    raise BadInput(f"{shown_name(seen.path)}: there is no list of {choices.owner!r} in it, only of {shown}")


def _refuse_another_than(seen: Recognised, owner: str) -> None:
    """Refuse a file that names whose it is, where another owner was said.

    Raises:
        BadInput: it is another account's.
    """
    said = owner.lstrip("@").lower()
    archive = seen.archive
    of_archive = (archive.own_id, archive.own_handle) if archive is not None else ()
    names = [str(name).lower() for name in (*seen.own_names, *of_archive) if name]
    alike = [name for name in names if name.isdigit() == said.isdigit()]
    if alike and said not in alike:
        raise BadInput(f"{shown_name(seen.path)}: is of {shown_owner(names)}, not of {owner!r}")


def _refuse_another_owner(store: Store, seen: Recognised, choices: ImportChoices, relation: str) -> None:
    """Refuse another account's followers as ours, where both the file and the store say whose they are.

    Raises:
        BadInput: they are of someone else.
    """
    own = _own_names(store)
    names = seen.own_names or ((choices.owner,) if choices.owner else ())
    alike = [(name, known) for name in names for known in own if name.isdigit() == known.isdigit()]
    if relation == "none" or not alike or any(name == known for name, known in alike):
        return
    raise BadInput(
        f"{shown_name(seen.path)}: is the list of {shown_owner(names)}, this store is of "
        f"{shown_owner(sorted(own))}; use --relation none, or --profile or --store for another one"
    )


def _questions(store: Store, plan: ImportPlan) -> tuple[str, ...]:
    """What still must be asked, in the order of asking; see ``ImportPlan.questions``."""
    found = ["encoding"] if plan.seen.readings else []
    if plan.seen.owners and not plan.owner:
        found.append("owner")
    if plan.open_date and not plan.dates:
        found.append("dates")
    if plan.what in (ACCOUNTS, HANDLES):
        if not plan.relation:
            found.append("relation")
        if plan.relation == "none" and plan.choices.tag is None:
            found.append("tag")
        if plan.completeness is None and plan.relation != "none" and plan.relation not in plan.expected:
            found.append("complete")
    if plan.what == LIST:
        if not plan.kind and not plan.kind_from:
            found.append("kind")
        if plan.choices.name is None and listings.is_list(store, plan.name):
            # Named after its file it would replace that list, which may be another one.
            found.append("name")
        if not plan.basis:
            found.append("basis")
    return tuple(found)


def _mapped(column: ColumnGuess, seen: Recognised) -> MappedColumn:
    values = (row[column.position] for row in seen.samples if column.position < len(row))
    samples = tuple(dict.fromkeys(value for value in values if value.strip()))[:_SAMPLE_VALUES]
    return MappedColumn(column.column, column.field, column.why, samples)


def _suggested_kind(stem: str) -> str:
    found = re.findall(r"[a-z]+", stem.lower())
    for kind in LIST_KINDS:
        if kind.value in found or f"{kind.value}s" in found:
            return kind.value
    return Kind.CUSTOMER.value if "clients" in found else ""
