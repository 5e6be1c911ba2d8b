"""Matches between accounts and list entries, with their evidence.

Owns matches, evidence and bands. Stdlib only; anyone may import it.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class MatchRelation(str, Enum):
    """What the account is to the entity."""

    IS = "is"
    BRAND_OF = "brand_of"
    WORKS_AT = "works_at"

    def __str__(self) -> str:
        return self.value


class Band(str, Enum):
    """Confidence of a match score, strongest first."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"

    def __str__(self) -> str:
        return self.value


class MatchState(str, Enum):
    """A person's decision on a match."""

    UNREVIEWED = "unreviewed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"

    def __str__(self) -> str:
        return self.value


class Evidence(NamedTuple):
    """One reason for or against a match, as data.

    Attributes:
        signal: name of the signal in the weights file.
        weight: points it adds; negative counts against.
        field: the account's field that agrees: name, handle, bio, site, location, affiliation.
        account_text: the account's text (cleaned, as stored).
        entry_text: the text of the entry's column.
        account_span: start and end offsets in ``account_text`` of what the clause rests on; None where
            it rests on no text (a verified badge, a count).
        entry_span: the same for ``entry_text``.
        column: the entry's column the text stands in: one of ``LIST_FIELDS``, "alias" for what
            confirming a match taught, else the name in the file; parts of a name joined with "+".
        entry_id: the entry the text stands on where that is another than the match's own, else 0.
    """

    signal: str
    weight: int
    field: str
    account_text: str
    entry_text: str
    account_span: tuple[int, int] | None = None
    entry_span: tuple[int, int] | None = None
    column: str = ""
    entry_id: int = 0


CHOSEN = "chosen"
"""Signal without points: a person chose the account among the candidates for the entry."""
MOVED = "moved"
"""Signal without points: the account's bio states another employer than the one on record."""


class ClauseWord(NamedTuple):
    """That what an account says in some words is not an entity: "Summit" in a bio is not our Summit Inc.

    Attributes:
        entity_id: the company or person it is not.
        field: the account's field: name, handle, bio ...
        text: the words there, folded, one space between.
    """

    entity_id: int
    field: str
    text: str


class Proposal(NamedTuple):
    """A match proposed by the program, not reviewed yet.

    Attributes:
        row: the account's row number.
        entry_id: the list entry that agrees best.
        entity_id: the company or person of that entry.
        relation: what the account is to the entity.
        score: 0-100, higher is closer.
        band: certain, likely or possible.
        evidence: strongest first, contradictions last.
        probability: that it is right, 0-1; None where nothing was counted.
    """

    row: int
    entry_id: int
    entity_id: int
    relation: MatchRelation
    score: int
    band: Band
    evidence: tuple[Evidence, ...]
    probability: float | None = None


def chance_words(probability: float | None) -> str:
    """A probability as it is shown: ``87%``, never 0% or 100%; "" where it is not known."""
    if probability is None:
        return ""
    percent = round(100 * probability)
    return "<1%" if percent < 1 else ">99%" if percent > 99 else f"{percent}%"
