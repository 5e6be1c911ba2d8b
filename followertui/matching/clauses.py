"""The clauses of a match: what of an account's fields speaks for it, and which of them stand alone.

Owns the words a clause rests on and what is left of a match without it. It stores nothing.
``matching`` and ``services`` import it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from followertui.domain.match import ClauseWord, Evidence
from followertui.matching.evidence import EvidenceSet
from followertui.text.clauses import said_words


def clause_of(entity_id: int, piece: Evidence) -> ClauseWord | None:
    """The words of an account's field that one piece of evidence rests on; None for context and contradictions."""
    text = said_words(piece)
    return ClauseWord(entity_id, piece.field, text) if text else None


def rests_alone(evidence: Iterable[Evidence], clause: ClauseWord) -> bool:
    """Whether a match has nothing but context without a clause."""
    own = {found for piece in evidence if (found := clause_of(clause.entity_id, piece)) is not None}
    return own == {clause}


def without_clauses(
    found: EvidenceSet, entity_id: int, refused: Collection[ClauseWord], source: Callable[[Evidence], Evidence]
) -> bool:
    """Take evidence out that rests on refused clauses.

    Args:
        found: the evidence of one pair; changed.
        entity_id: the entity of the pair.
        refused: clauses that are not their entities.
        source: gives a piece with the spans of both sides.

    Returns:
        Whether anything but context is left.
    """
    pieces = {signal: clause_of(entity_id, source(piece)) for signal, piece in found.found.items()}
    for signal, clause in pieces.items():
        if clause in refused:
            del found.found[signal]
    return any(clause is not None and clause not in refused for clause in pieces.values())
