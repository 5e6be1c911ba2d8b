"""Matches as a file for re-import into a CRM: its own columns first, then those from X.

Owns the columns of ``matches --csv``. Reads the store only; writing the file, and making it
safe for spreadsheets, is the command line's business.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from followertui.services.row_cells import cells
from followertui.services.session import Session
from followertui.services.values import RowCells
from followertui.store.lists import lists, matches
from followertui.store.lists.matches import StoredMatch
from followertui.x import links

X_COLUMNS = (
    "X handle", "X id", "X profile URL", "X relation to us", "X tie", "X match band", "X match score",
    "X match state", "X followers",
)  # fmt: skip
"""Columns added behind the CRM's own, in order."""

_CHUNK = 500
_RELATIONS = {"": "none", "←": "follower", "→": "following", "↔": "mutual"}


def crm_lines(
    session: Session, rows: Sequence[int] | None = None, state: str = ""
) -> tuple[tuple[str, ...], Iterator[dict[str, Any]]]:
    """Matches in the upload form of the CRM they came from.

    Args:
        session: the open store.
        rows: only of these accounts, None for all.
        state: only in this state; "" leaves only the rejected out.

    Returns:
        (columns in order: the record id first, the original ones as in their file, then
        ``X_COLUMNS``; an iterator of one record per match, by list and line).
    """
    wanted = None if rows is None else {int(row) for row in rows}
    chosen = [
        match
        for match in matches.all_matches(session.store, state)
        if (wanted is None or match.row in wanted) and (state or match.state.value != "rejected")
    ]
    chosen.sort(key=lambda match: (match.lists[0][0] if match.lists else "", match.line, -match.score, match.id))
    own = dict.fromkeys(column for match in chosen for column in match.fields if column)
    first = _id_column(session, chosen)
    columns = tuple(sorted(own, key=lambda column: column != first))
    added = tuple(name if name not in own else f"{name} (followertui)" for name in X_COLUMNS)
    return (*columns, *added), _lines(session, chosen, columns, added)


def _id_column(session: Session, chosen: Sequence[StoredMatch]) -> str:
    """The column that holds the CRM's record id, "" where no list has one."""
    for match in chosen:
        entry = lists.entry(session.store, match.entry_id)
        if entry is not None and entry.crm_id:
            return next((column for column, text in entry.fields.items() if text.strip() == entry.crm_id), "")
    return ""


def _lines(
    session: Session, chosen: Sequence[StoredMatch], columns: Sequence[str], added: Sequence[str]
) -> Iterator[dict[str, Any]]:
    for start in range(0, len(chosen), _CHUNK):
        some = chosen[start : start + _CHUNK]
        shown = {cell.row: cell for cell in cells(session, list(dict.fromkeys(match.row for match in some)))}
        for match in some:
            values = _on_x(match, shown[match.row])
            own = {column: match.fields.get(column, "") for column in columns}
            yield {**own, **dict(zip(added, values, strict=True))}


def _on_x(match: StoredMatch, cell: RowCells) -> tuple[object, ...]:
    return (
        cell.handle,
        None if cell.x_id is None else str(cell.x_id),
        links.profile(cell.handle or None, cell.x_id),
        _RELATIONS[cell.relation],
        match.relation.value,
        match.band.value,
        match.score,
        match.state.value,
        cell.followers,
    )
