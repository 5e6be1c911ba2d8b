"""The words of an account's field that a piece of evidence rests on, and how a clause is written in a query.

Owns which signals speak alone and which only beside another. It stores nothing. Anyone above may
import it.
"""

from __future__ import annotations

from collections.abc import Iterable

from followertui.domain.match import Evidence
from followertui.text.folding import words

CONTEXT = frozenset(
    {"role", "person_like", "company_like", "place_agree", "place_local", "region_agree", "region_local",
     "field_agree", "role_agree", "office_agree", "office_said", "middle_agree"}
)  # fmt: skip
"""Signals that speak for a match only beside another."""


def said_words(piece: Evidence) -> str:
    """The folded words of the account's field a piece rests on; none for context and contradictions."""
    if piece.weight <= 0 or piece.signal in CONTEXT:
        return ""
    said = piece.account_text[slice(*piece.account_span)] if piece.account_span else piece.account_text
    return " ".join(words(said))


def clauses_said(evidence: Iterable[Evidence]) -> tuple[str, ...]:
    """What a match rests on, as ``clause:`` asks for it, strongest first: ``summit in bio``."""
    pieces = ((said_words(piece), piece.field) for piece in evidence)
    return tuple(dict.fromkeys(f"{said} in {field}" for said, field in pieces if said))


def asked_clause(value: str) -> str:
    """A value of ``clause:`` as ``clauses_said`` writes it: any case, quotes and accents aside."""
    said, _, field = value.rpartition(" in ")
    return f"{' '.join(words(said))} in {field.strip().casefold()}"
