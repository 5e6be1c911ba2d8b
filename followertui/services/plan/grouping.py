"""What planned accounts are, and whom carrying the plan out touches besides.

Owns the reasons a plan is grouped by, each account counted under the first that holds, and what
is said of the rest. Every figure comes with the query that opens the rows it counts. ``planning``
asks it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from followertui.domain.decision import PRUNING_ACTIONS, ActionKind
from followertui.domain.kind import KIND_ORDER, Kind
from followertui.late import late
from followertui.services.session import Session
from followertui.services.values import CountLine
from followertui.store.audience import interactions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    np = late("numpy")

LARGE_FROM = 10_000
"""Followers from which losing an account is worth a look."""

_NO_TIE = "(kind:unclear,unseen -is:follower -match:any -has:contacted)"
_REASONS: tuple[tuple[str, str], ...] = (
    ("harmful", "kind:harmful"),
    ("bots", "kind:bot"),
    ("off-topic", "kind:offtopic"),
    ("silent", "is:silent"),
    ("feeds", "type:feed"),
    ("no tie to us", _NO_TIE),
    ("unclear", "kind:unclear,unseen"),
)
"""What planned accounts are, worst first: words, query. Who none of them holds for is counted by kind."""

_KIND_WORDS = {Kind.PRESS: "press", Kind.OTHER: "of another kind"}

_COLLATERAL: tuple[tuple[str, str], ...] = (
    ("follow us", "is:follower"),
    ("match something", "match:any"),
    ("talked with us once", "has:contacted"),
    ("verified", "is:verified"),
    (f"with {LARGE_FROM:,} followers or more", f"followers:{LARGE_FROM}.."),
)


def planned_query(action: ActionKind) -> str:
    """The query for accounts an action is planned for and no guard holds back."""
    return f"plan:{action.value}{' -is:guarded' if action in PRUNING_ACTIONS else ''}"


def reasons(session: Session, action: ActionKind) -> tuple[CountLine, ...]:
    """What the planned accounts are, worst first, then by kind; each is counted once."""
    base = planned_query(action)
    left = np.flatnonzero(_mask(session, base))
    found: list[CountLine] = []
    before = ""
    for words, query in _REASONS:
        if not len(left):
            return tuple(found)
        holds = _mask(session, query)[left]
        if holds.any():
            found.append(CountLine(words, f"{base}{before} {query.strip('()')}", int(holds.sum())))
        left = left[~holds]
        # What is unclear without a tie is told apart from the rest by its tie only; kinds exclude each other.
        before += f" -{query}"
    counts = np.bincount(session.evaluator.columns.kinds()[0][left], minlength=len(KIND_ORDER))
    kinds = [(int(counts[code]), kind) for code, kind in enumerate(KIND_ORDER) if counts[code]]
    for count, kind in sorted(kinds, key=lambda each: -each[0]):
        words = _KIND_WORDS.get(kind, f"{kind.value}s")
        found.append(CountLine(words, f"{base}{before} kind:{kind.value}", count))
    return tuple(found)


def collateral(session: Session, action: ActionKind, planned: int) -> tuple[CountLine, ...]:
    """How many of the planned follow us, match something, talked to us, are verified or large.

    Args:
        session: the open store.
        action: what is planned.
        planned: for how many; told where conversations are not known.
    """
    if not planned:
        return ()
    base = planned_query(action)
    rows = np.flatnonzero(_mask(session, base))
    found = []
    for words, query in _COLLATERAL:
        count = int(_mask(session, query)[rows].sum())
        if count:
            found.append(CountLine(words, f"{base} {query}", count))
    if not interactions.knows_conversations(session.store):
        found.append(CountLine("talked with us: unknown (import the archive to know)", "", planned))
    return tuple(found)


def _mask(session: Session, text: str) -> NDArray[np.bool_]:
    """Which rows a query holds for."""
    return session.evaluator.mask(session.parse(text).where, session.now)
