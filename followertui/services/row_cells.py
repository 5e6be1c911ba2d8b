"""Stored rows as every table shows them: who, tie, kind, why, decision.

Owns the cells of a page. Reads only. Any room of ``services`` may use it.
"""

from __future__ import annotations

from collections.abc import Sequence

from followertui.domain.decision import ActionKind, Decision
from followertui.domain.kind import GUARDED_KINDS, KIND_ORDER, Kind, KindSource
from followertui.services.phrases import kind_word
from followertui.services.session import Session
from followertui.services.values import RowCells
from followertui.store.audience import pages
from followertui.store.decisions import plans
from followertui.store.file import settings

DAY = 86_400


def cells(session: Session, rows: Sequence[int]) -> list[RowCells]:
    """A page of rows, in order."""
    if not rows:
        return []
    about = settings.setting(session.store, "about", {})
    ours = {word.lower() for word in [*about.get("names", []), *about.get("handles", [])]}
    now = session.now
    return [cells_of(line, ours, now) for line in pages.page(session.store, rows)]


def cells_of(line: pages.PageRow, ours: set[str], now: int) -> RowCells:
    """One stored row as the table shows it."""
    kind, source = kind_of(line, ours)
    silent = None if line.last_post_at is None else max(0, (now - line.last_post_at) // DAY)
    return RowCells(
        row=line.row,
        name=line.name,
        handle=line.handle,
        x_id=line.x_id,
        relation=("", "←", "→", "↔")[line.bits],
        kind=kind,
        kind_source=source,
        is_doubtful=source is KindSource.CERTAIN,
        why=why_of(line),
        bot=line.bot,
        silent_days=silent,
        decision=Decision(line.decision or "none"),
        action=ActionKind(line.plan[0]) if line.plan else None,
        tags=line.tags,
        is_guarded=_is_guarded(line, kind, source, now),
        is_locked=bool(line.protected),
        has_note=line.has_note,
        followers=line.followers,
    )


def kind_of(line: pages.PageRow, ours: set[str]) -> tuple[Kind, KindSource]:
    """Who someone is by precedence: a person's word, confirmed, affiliation, certain, judged."""
    if line.word:
        return Kind(line.word), KindSource.PERSON
    if line.confirmed_kind:
        return Kind(line.confirmed_kind), KindSource.CONFIRMED
    if line.affiliation and line.affiliation.lstrip("@").lower() in ours:
        return Kind.EMPLOYEE, KindSource.AFFILIATION
    if line.certain_kind:
        return Kind(line.certain_kind), KindSource.CERTAIN
    if line.judged_kind is not None:
        return KIND_ORDER[line.judged_kind], KindSource.JUDGED
    return Kind.UNSEEN, KindSource.NONE


def why_of(line: pages.PageRow) -> str:
    """The strongest reason in a few words: a match, else a signal."""
    if line.match is None:
        return line.top_reason
    _, band, state, kind, entity, relation = line.match
    tie = {"is": "", "brand_of": "brand of ", "works_at": "at "}[relation]
    sure = "" if state == "confirmed" else f"{band} "
    return f"{sure}{tie}{entity}" + (f" · {kind_word(Kind(kind), False)}" if kind else "")


def _is_guarded(line: pages.PageRow, kind: Kind, source: KindSource, now: int) -> bool:
    if line.decision == Decision.KEEP.value:
        return True
    if line.released:
        return False
    said = source in (KindSource.PERSON, KindSource.CONFIRMED, KindSource.AFFILIATION)
    has_talked = line.talked_at is not None and line.talked_at >= now - plans.CONVERSATION_DAYS * DAY
    is_fresh = line.followed_at is not None and line.followed_at >= now - plans.FRESH_DAYS * DAY
    return line.match_guards or has_talked or is_fresh or (kind in GUARDED_KINDS and said)
