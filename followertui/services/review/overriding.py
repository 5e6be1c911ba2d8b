"""Which decisions a new one may replace, and who is told.

Owns the rules between a decision in force and a new one: ``keep`` yields only to a word on that
account by name; where two reviewers differ, ``keep`` stands over the rest, else the older word,
until one of them decides by name; what changed since it was shown is shown first. Only
``deciding`` imports it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from followertui.domain.clock import from_epoch
from followertui.domain.decision import Decision
from followertui.services.phrases import day_and_time
from followertui.services.session import Session
from followertui.services.values import HeldBack, Word
from followertui.store.decisions.standing import Standing, standing

KEPT = "kept (only a decision on that account by name changes it)"


class Yielding(NamedTuple):
    """What a new decision may replace.

    Attributes:
        stands: rows whose decision stands; the new one leaves them alone.
        held: why, with counts.
        told: whose decisions it replaces, one line each.
    """

    stands: frozenset[int]
    held: tuple[HeldBack, ...]
    told: tuple[str, ...]


def yielding(session: Session, rows: Sequence[int], decision: Decision | None, word: Word) -> Yielding:
    """Ask of the table which accounts a new decision may be written on.

    Args:
        session: the open store, inside the transaction that writes the decision.
        rows: row numbers.
        decision: the new decision; None takes the old one back.
        word: how it is given.
    """
    stands: set[int] = set()
    held: Counter[str] = Counter()
    told: Counter[str] = Counter()
    for row, present in standing(session.store, rows).items():
        if present.decision is decision:
            continue
        why = _why_it_stands(session, row, present, decision, word)
        if why:
            stands.add(row)
            held[why] += 1
        elif present.reviewer != session.reviewer and not _has_returned(session, present):
            told[f"over {_said(session, present)}"] += 1
    return Yielding(
        frozenset(stands),
        tuple(HeldBack(why, count) for why, count in held.most_common()),
        tuple(text if count == 1 else f"{text} ({count:,})" for text, count in told.most_common()),
    )


def _why_it_stands(session: Session, row: int, present: Standing, decision: Decision | None, word: Word) -> str:
    """Why a decision in force is not replaced, "" where it is."""
    if row in word.shown and word.shown[row] is not present.decision:
        return f"{_said(session, present)} since it was shown: look again, then decide"
    if word.is_by_name or _has_returned(session, present):
        return ""
    if present.decision is Decision.KEEP:
        return KEPT
    if present.reviewer == session.reviewer or decision is Decision.KEEP:
        return ""
    return f"{_said(session, present)}: stands until one of you decides it by name"


def _has_returned(session: Session, present: Standing) -> bool:
    """Whether ``later`` is over: it asks again and holds nothing."""
    return present.decision is Decision.LATER and present.due_at is not None and present.due_at <= session.now


def _said(session: Session, present: Standing) -> str:
    return f"{present.decision} by {present.reviewer} of {day_and_time(from_epoch(present.at), session.zone)}"
