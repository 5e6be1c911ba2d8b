"""What the card suggests: one decision per account, with the reason in words.

Owns the rules that turn facts, relation and ties into a suggestion. A suggestion decides
nothing; it dares none where the account matters or too little is known.
"""

from __future__ import annotations

from collections.abc import Sequence

from followertui.domain.decision import Decision
from followertui.domain.kind import QUALIFIED_KINDS, Kind, KindSource
from followertui.services.row_cells import cells
from followertui.services.session import Session
from followertui.services.values import RowCells, Suggestion

SILENT_DAYS = 730
"""Followed accounts that posted nothing for so long are suggested to go."""

_NOTHING = Suggestion(Decision.NONE, None, "")


def suggestions(session: Session, rows: Sequence[int]) -> dict[int, Suggestion]:
    """Suggestions for accounts, by row."""
    found: dict[int, Suggestion] = {}
    for start in range(0, len(rows), 500):
        for cell in cells(session, rows[start : start + 500]):
            found[cell.row] = suggest(cell)
    return found


def suggest(cell: RowCells) -> Suggestion:
    """What to do with one account, from what the table knows of it."""
    we_follow = cell.relation in ("→", "↔")
    is_sure = cell.kind_source in (KindSource.PERSON, KindSource.CONFIRMED, KindSource.AFFILIATION)
    if cell.kind in QUALIFIED_KINDS:
        return _suggest_qualified(cell, we_follow, is_sure)
    if cell.kind in (Kind.EMPLOYEE, Kind.VENDOR, Kind.COMPETITOR) and is_sure:
        return Suggestion(Decision.KEEP, None, f"keep: {cell.kind.value}")
    if cell.kind in (Kind.HARMFUL, Kind.BOT):
        word = "harmful" if cell.kind is Kind.HARMFUL else "looks like a bot"
        return Suggestion(Decision.OUT, None, f"out: {word}" + (f", {cell.why}" if cell.why else ""))
    if cell.is_guarded:
        return _NOTHING
    if we_follow and cell.silent_days is not None and cell.silent_days >= SILENT_DAYS:
        return Suggestion(Decision.OUT, None, f"out: no post for {cell.silent_days // 365} years, no tie to your lists")
    if we_follow and cell.kind is Kind.OFFTOPIC:
        return Suggestion(Decision.OUT, None, "out: outside your market")
    return _NOTHING


def _suggest_qualified(cell: RowCells, we_follow: bool, is_sure: bool) -> Suggestion:
    if not is_sure:
        return Suggestion(Decision.NONE, None, f"look at the match first: {cell.why}")
    if cell.relation == "←":
        return Suggestion(Decision.FOLLOW, None, f"follow: a {cell.kind.value} follows us")
    if cell.relation == "↔":
        return Suggestion(Decision.ENGAGE, None, f"engage: {cell.kind.value}, both follow")
    return Suggestion(Decision.KEEP, None, f"keep: {cell.kind.value}") if we_follow else _NOTHING
