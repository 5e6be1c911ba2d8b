"""The clauses of a match: what of an account's fields speaks for it, and which of them stand alone.

Owns the words a clause rests on and what is left of a match without it. It stores nothing.
``matching`` and ``services`` import it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from followertui.domain.match import ClauseWord, Evidence
from followertui.matching.evidence import EvidenceSet
from followertui.text.folding import words

CONTEXT = frozenset(
    {"role", "person_like", "company_like", "place_agree", "place_local", "region_agree", "region_local",
     "field_agree", "role_agree", "office_agree", "office_said", "middle_agree"}
)  # fmt: skip
"""Signals that speak for a match only beside another."""


def clause_of(entity_id: int, piece: Evidence) -> ClauseWord | None:
    """The words of an account's field that one piece of evidence rests on; None for context and contradictions."""
    if piece.weight <= 0 or piece.signal in CONTEXT:
        return None
    said = piece.account_text[slice(*piece.account_span)] if piece.account_span else piece.account_text
    text = " ".join(words(said))
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
