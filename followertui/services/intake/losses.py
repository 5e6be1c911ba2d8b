"""What an import will lack: whole columns that were not understood, where that hurts, in plain words.

Owns which absence is worth a line, and the line. Rows and cells left out are told by the report.
Only ``services.intake`` imports it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from followertui.late import late
from followertui.services.intake.values import MappedColumn
from followertui.sources.column_names import exact_field_of
from followertui.sources.decision_sheets import decision_of
from followertui.sources.kinds import ACCOUNTS, LIST, Archive

if TYPE_CHECKING:
    import statistics
else:
    # It brings decimals and fractions along.
    statistics = late("statistics")

_LONG_TEXT = 20
_NAMES = frozenset({"company", "person", "last_name"})
_PEOPLE = frozenset({"person", "first_name", "last_name"})
_ADDRESSES = frozenset({"domain", "email", "handle"})


def losses(what: str, columns: Sequence[MappedColumn]) -> tuple[str, ...]:
    """What matching and judging will miss, one line each.

    Args:
        what: kind of file, as ``ImportPlan.what``.
        columns: every column as understood.
    """
    fields = {column.field for column in columns if column.field}
    if what == ACCOUNTS and fields:
        return tuple(_of_accounts(fields, columns))
    return tuple(_of_list(fields)) if what == LIST and fields else ()


def owner_line(archive: Archive | None, is_nobodys: bool) -> tuple[str, ...]:
    """Whose store it becomes, where nobody's is noted yet and the archive says whose it is."""
    if archive is None or archive.own_id is None or not is_nobodys:
        return ()
    who = f"@{archive.own_handle}" if archive.own_handle else f"id {archive.own_id}"
    return (f"taken as your own account: {who}; an undo of this import lets it go",)


def _of_accounts(fields: set[str], columns: Sequence[MappedColumn]) -> Iterator[str]:
    if "bio" not in fields:
        sees = "names" if "name" in fields else "handles"
        candidate = next((column.column for column in columns if not column.field and _is_prose(column.samples)), "")
        tail = f'; if "{candidate}" is it: --map "{candidate}=bio"' if candidate else ""
        yield f"no column holds the bio: matching and judging see {sees} only{tail}"
    elif all(not column.samples for column in columns if column.field == "bio") and any(c.samples for c in columns):
        yield "the bios are empty in every row that was looked at: matching and judging see names only"
    if any(_holds_decisions(column) for column in columns):
        yield "decisions in it are left alone: followertui import decisions FILE brings them back"


def _holds_decisions(column: MappedColumn) -> bool:
    """Whether a column says what to do with each account; "Status" may as well hold its last post."""
    field = exact_field_of("decisions", column.column)
    return field == "was" or (field == "decision" and any(map(decision_of, column.samples)))


def _of_list(fields: set[str]) -> Iterator[str]:
    if not fields & _NAMES:
        yield "no column names the company or person: only sites, addresses and handles are compared"
    elif not fields & _ADDRESSES:
        yield "no column holds a site, e-mail or handle: names alone are compared, and most stay possible"
    if fields & _PEOPLE and not fields & {"company", *_ADDRESSES}:
        yield "no column says where these people work: of several of one name nobody can tell which it is"


def _is_prose(samples: Sequence[str]) -> bool:
    """Whether a column's samples read like sentences."""
    return bool(samples) and statistics.median(map(len, samples)) > _LONG_TEXT and all(" " in text for text in samples)
