"""Why accounts are judged as they are, as cards and records say it.

Owns which lines of the breakdown speak about an account: those of the score that decided its
kind. Reads only. The whole sum of every score is ``judge --explain``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from followertui.domain.judgement import Reason
from followertui.domain.kind import KIND_ORDER
from followertui.late import late
from followertui.services.scoring.judging import explained, weights_of
from followertui.services.session import Session
from followertui.services.values import ReasonLine, Why
from followertui.store.audience import scores

if TYPE_CHECKING:
    from followertui.quality import explaining, sentences
else:
    explaining = late("followertui.quality.explaining")
    sentences = late("followertui.quality.sentences")

_HOW_SURE = "a profile tells little: where one follower in ten is a bot, more than 8 of 10 called so are"
NO_REASONS = Why((), (), ())
"""Of an account that is hidden or united with another."""
_UNDECIDED = ("bot", "harmful")
"""Scores whose reasons are shown of an account that none of them calls anything."""


def why(session: Session, rows: Sequence[int]) -> dict[int, Why]:
    """The reasons for what accounts are judged to be, by row; hidden and merged accounts are left out."""
    weights = weights_of(session)
    found: dict[int, Why] = {}
    for row, lines in explained(session, rows).items():
        facts = scores.facts_of(session.store, row)
        judged = KIND_ORDER[facts.kind].value if facts else ""
        shown = (judged,) if judged in weights.scores else _UNDECIDED
        found[row] = _why(lines, shown, judged)
    return found


def _why(lines: Sequence[Reason], shown: Sequence[str], judged: str) -> Why:
    own = [
        line
        for line in lines
        if line.score == shown[0] or (line.score in shown and line.points > 0)
        if line.points and line.code not in explaining.BOOKKEEPING
    ]
    facts = [line for line in lines if line.score == "fact"]
    against, favouring = sentences.strongest([*own, *facts])
    if judged == "bot":
        own.append(Reason("how-sure", 0, "bot", _HOW_SURE))
    whole = [*sorted(own, key=lambda line: -abs(line.points)), *facts]
    return Why(*(tuple(ReasonLine(r.code, r.points, r.text) for r in some) for some in (against, favouring, whole)))
