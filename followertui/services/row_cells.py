"""Stored rows as every table shows them: who, tie, kind, why, decision.

Owns the cells of a page. Reads only. Any room of ``services`` may use it.
"""

from __future__ import annotations

from collections.abc import Sequence

from followertui.domain.clock import DAY
from followertui.domain.decision import ActionKind
from followertui.domain.guards import guard_of, kind_of, strongest_kind
from followertui.domain.kind import KindSource
from followertui.domain.match import MatchState
from followertui.services.phrases import kind_word
from followertui.services.session import Session
from followertui.services.values import RowCells
from followertui.store.audience import pages

_TIES = {"is": "", "brand_of": "brand of ", "works_at": "at "}


def cells(session: Session, rows: Sequence[int]) -> list[RowCells]:
    """A page of rows, in order."""
    if not rows:
        return []
    now = session.now
    return [_cells_of(line, now) for line in pages.page(session.store, rows)]


def _cells_of(line: pages.PageRow, now: int) -> RowCells:
    kind, source = kind_of(line.facts)
    # What was read then tells nothing of the time since.
    until = now if line.read_at is None else min(line.read_at, now)
    silent = None if line.last_post_at is None else max(0, (until - line.last_post_at) // DAY)
    return RowCells(
        row=line.row,
        name=line.name,
        handle=line.handle,
        x_id=line.x_id,
        relation=("", "←", "→", "↔")[line.bits],
        kind=kind,
        kind_source=source,
        is_doubtful=source is KindSource.CERTAIN,
        why=_why(line),
        bot=line.bot,
        silent_days=silent,
        decision=line.facts.decision,
        action=ActionKind(line.plan[0]) if line.plan else None,
        tags=line.tags,
        is_guarded=guard_of(ActionKind.UNFOLLOW, line.facts, now) is not None,
        is_locked=bool(line.protected),
        has_note=line.has_note,
        followers=line.followers,
        bio=line.bio,
        place=line.place,
    )


def _why(line: pages.PageRow) -> str:
    """The strongest reason in a few words: a match, else a signal."""
    if line.match is None:
        return line.top_reason
    match = line.match.facts
    sure = "" if match.state is MatchState.CONFIRMED else f"{match.band} "
    kind = strongest_kind(match.kinds)
    return f"{sure}{_TIES[line.match.relation]}{line.match.entity}" + (f" · {kind_word(kind, False)}" if kind else "")
