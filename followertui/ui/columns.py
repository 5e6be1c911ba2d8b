"""Which columns a table of accounts has, and how wide each is.

Owns the columns by name, and how they choose themselves: what holds nothing folds, the sorted
one is seen, and the rest of the width goes to the words one decides by. Free of Textual.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence, Set
from typing import TYPE_CHECKING, NamedTuple

from followertui.domain.decision import Decision
from followertui.ui.cells import short_count, silence
from followertui.ui.row_text import KIND_LOOKS, kind_word, name_of

if TYPE_CHECKING:
    from followertui.services.values import RowCells


class Column(NamedTuple):
    """One column: what it shows, its title, its width in cells, what it sorts by ("" nothing)."""

    id: str
    title: str
    width: int
    sort: str = ""
    right: bool = False


COLUMNS: dict[str, Column] = {
    column.id: column
    for column in (
        Column("name", "Name", 24, "name"),
        Column("handle", "Handle", 16, "handle"),
        Column("signs", "", 3),
        Column("relation", "↔", 1),
        Column("kind", "Kind", 11, "kind"),
        Column("why", "Why", 32),
        Column("bio", "Bio", 40),
        Column("place", "Place", 18),
        Column("tags", "Tags", 16),
        Column("decision", "Decision", 8, "decision"),
        Column("bot", "Bot", 4, "bot", True),
        Column("silent", "Silent", 7, "silent", True),
        Column("followers", "Followers", 10, "followers", True),
    )
}
"""Columns by name, in the order they stand in."""

SIGNS: tuple[tuple[str, str, str], ...] = (
    ("guarded", "◆", "a guard holds it: it cannot be taken out in bulk"),
    ("noted", "✎", "it has a note"),
    ("locked", "⌀", "its posts are locked"),
)
"""Marks of an account: name, sign, what it says."""

MANY_REASONS = "reasons"
"""Held by rows of which at least one in ``_FEW_REASONS`` has a reason."""
_FEW_REASONS = 4

EVERYTHING: frozenset[str] = frozenset({*COLUMNS, *(name for name, _, _ in SIGNS), MANY_REASONS})
"""What a set of rows holds that leaves nothing out."""

BOT_SHOWN_BAD = 70
SILENT_SHOWN_LONG = 730
"""From this bot score, and from this number of days without a post on, a figure stands out."""

_ALWAYS = ("name", "handle", "relation", "kind")
_FROM_WIDTH: dict[str, int] = {
    "why": 0,
    "bio": 0,
    "bot": 0,
    "silent": 0,
    "followers": 96,
    "tags": 108,
    "decision": 110,
    "place": 150,
}
"""From how many cells on a column stands in the table by itself, where rows hold something for it."""
_WORDS_ROOM = 34
"""Cells that name, handle and words need at least; with fewer, the words stay in the card."""
_BOTH_WORDS = 54
"""From this number of cells for words on, the reason and the bio stand beside each other."""
_MOST_WHY = 44
_WORDS = ("name", "handle", "why", "bio")
_SHARES = {"name": 2, "why": 3, "bio": 4, "handle": 0}


def held_by(rows: Iterable[RowCells]) -> set[str]:
    """What some rows hold values for: names of columns and of signs, and whether reasons are many."""
    held: set[str] = set()
    count = reasons = 0
    for row in rows:
        count, reasons = count + 1, reasons + bool(row.why)
        values = {
            "why": row.why,
            "bio": row.bio,
            "place": row.place,
            "tags": row.tags,
            "decision": row.decision is not Decision.NONE,
            "bot": row.bot is not None,
            "silent": row.silent_days is not None,
            "followers": row.followers is not None,
            "guarded": row.is_guarded,
            "noted": row.has_note,
            "locked": row.is_locked,
        }
        held.update(name for name, value in values.items() if value)
    if reasons * _FEW_REASONS >= count > 0:
        held.add(MANY_REASONS)
    return held


def account_columns(
    width: int, held: Collection[str] = EVERYTHING, chosen: Sequence[str] = (), sort: str = ""
) -> tuple[Column, ...]:
    """Columns of a table of accounts.

    Args:
        width: cells without the gutter.
        held: what the rows hold values for, see ``held_by``.
        chosen: names of columns a person wants, in order; empty lets them choose themselves.
        sort: field the rows are sorted by; its column is never left out.

    Returns:
        Columns in order; each is followed by one empty cell, together they fill the width.
    """
    signs = sum(name in held for name, _, _ in SIGNS)
    if chosen:
        return _filled(_within(width, [COLUMNS[name] for name in chosen]), width)
    sorted_by = next((column.id for column in COLUMNS.values() if column.sort and column.sort == sort), "")
    names = {*_ALWAYS, *(name for name, least in _FROM_WIDTH.items() if name in held and width >= least), sorted_by}
    if signs:
        names.add("signs")
    columns = [
        column._replace(width=signs) if column.id == "signs" else column
        for column in COLUMNS.values()
        if column.id in names
    ]
    room = width - sum(column.width + 1 for column in columns if column.id not in _WORDS)
    return _sized(columns, _widths(room, names, has_many_reasons=MANY_REASONS in held))


def _widths(room: int, names: Set[str], *, has_many_reasons: bool) -> dict[str, int]:
    """Cells of name, handle and words, from what the other columns leave; 0 for those that have to go.

    Where reasons are few, the bio takes their column's room: the reason stands in its place where there is one.
    """
    if room < _WORDS_ROOM or not names & {"why", "bio"}:
        handle = max(6, min(16, (room - 2) // 2))
        return {"name": max(8, room - handle - 2), "handle": handle, "why": 0, "bio": 0}
    handle = 13 if room < 50 else 15 if room < 70 else 16
    name = max(12, min(26, (room - handle) * 2 // 5))
    words = max(6, room - name - handle - 3)
    if "why" not in names:
        return {"name": name, "handle": handle, "why": 0, "bio": words}
    if "bio" not in names or words < _BOTH_WORDS or not has_many_reasons:
        return {"name": name, "handle": handle, "why": words, "bio": 0}
    why = min(_MOST_WHY, words * 2 // 5)
    return {"name": name, "handle": handle, "why": why, "bio": words - why - 1}


def _sized(columns: Sequence[Column], widths: dict[str, int]) -> tuple[Column, ...]:
    sized = [column._replace(width=widths.get(column.id, column.width)) for column in columns]
    return tuple(column for column in sized if column.width)


def _within(width: int, columns: Sequence[Column]) -> list[Column]:
    """As many of the chosen columns as fit, the first always; words can do with a third of their width."""
    kept: list[Column] = []
    left = width
    for column in columns:
        least = max(8, column.width // 3) if column.id in _WORDS else column.width
        if kept and least + 1 > left:
            continue
        kept.append(column._replace(width=least))
        left -= least + 1
    return kept


def _filled(columns: Sequence[Column], width: int) -> tuple[Column, ...]:
    """What is left of the width goes to the words, else to the last column."""
    left = width - sum(column.width + 1 for column in columns)
    shares = {column.id: _SHARES.get(column.id, 0) for column in columns}
    if not sum(shares.values()):
        shares = {columns[-1].id: 1}
    total, grown = sum(shares.values()), list(columns)
    for at, column in enumerate(columns):
        share = left * shares.get(column.id, 0) // total
        grown[at] = column._replace(width=column.width + share)
    return tuple(grown)


def account_cell(row: RowCells, column: str, signs: Sequence[str] = (), *, has_bio: bool = True) -> tuple[str, str]:
    """What one column shows of an account.

    Args:
        row: the account.
        column: name of the column.
        signs: signs that have a place in their column, in order.
        has_bio: whether the bio has a column of its own; otherwise it stands where there is no reason.

    Returns:
        Text, and the name of its look, "" for the row's own.
    """
    match column:
        case "name":
            return name_of(row), "strong"
        case "signs":
            has = {"◆": row.is_guarded, "✎": row.has_note, "⌀": row.is_locked}
            return "".join(sign if has[sign] else " " for sign in signs), "bar"
        case "kind":
            return kind_word(row), KIND_LOOKS.get(row.kind, "")
        case "why":
            return (row.why, "") if row.why or has_bio else (row.bio, "muted")
        case "bot":
            return ("" if row.bot is None else str(row.bot)), ("bad" if (row.bot or 0) >= BOT_SHOWN_BAD else "muted")
        case "silent":
            is_long = (row.silent_days or 0) >= SILENT_SHOWN_LONG
            return silence(row.silent_days), ("warn" if is_long else "muted")
        case "decision":
            if row.decision is Decision.NONE:
                return "", ""
            return row.decision.value + (" →" if row.action is not None else ""), "muted"
        case "handle" | "bio":
            return (row.handle if column == "handle" else row.bio), ""
        case "relation" | "place":
            return (row.relation if column == "relation" else row.place), "muted"
        case "followers":
            return short_count(row.followers), "muted"
        case _:
            return ", ".join(row.tags), "muted"
