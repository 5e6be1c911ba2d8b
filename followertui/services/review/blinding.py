"""Judging with something hidden: the name and what hints at it, or the bio, so that it cannot sway a look.

Owns what is taken out of rows and cards and what would give it away. What is hidden is a state of
the session; a look made meanwhile records it.
"""

from __future__ import annotations

from dataclasses import replace

from followertui.domain.decision import Decision
from followertui.services.values import Card, MatchCard, ReasonLine, RowCells, Why

NAME, BIO = "name", "bio"
HIDDEN_TEXT = "·····"
"""What stands where a name or bio is hidden."""

_CYCLE = {"": NAME, NAME: BIO, BIO: ""}
_SIGNS: dict[str, frozenset[str]] = {
    NAME: frozenset(
        (
            "default-picture", "name-is-handle", "random-handle", "digits-in-handle", "impersonates-name",
            "copies-our-handle", "poses-as-help", "parody",
        )
    ),
    BIO: frozenset(
        (
            "bio", "own-life", "bait-bio", "work", "link-lure", "follow-trade", "says-bot", "scam-words",
            "phishing-words", "adult-words", "bait-words", "contact-words", "fandom", "sport", "gaming",
            "private-life", "student", "far-from-market", "near-market", "business-role", "organisation",
        )
    ),
}  # fmt: skip
"""Reasons that are read from what is hidden."""


_TELLING: dict[str, frozenset[str]] = {
    NAME: frozenset(("company", "clause", "list", "wave", "domain", "like")),
    BIO: frozenset(("company", "clause", "list", "wave", "bio", "like")),
}
"""Fields of a query about one account whose value quotes what is hidden, or was read from it."""


def next_hidden(hidden: str) -> str:
    """What is hidden after this: name, then bio, then nothing."""
    return _CYCLE.get(hidden, "")


def gives_away(query: str, hidden: str) -> bool:
    """Whether a query made of one account, such as for others like it, tells what is hidden.

    Args:
        query: one term, such as "reason:silent".
        hidden: "name", "bio", or "" for nothing.
    """
    field, _, value = query.lstrip("-").partition(":")
    return bool(hidden) and (field in _TELLING[hidden] or (field == "reason" and value in _SIGNS[hidden]))


def hide_in_row(cells: RowCells, hidden: str) -> RowCells:
    """A row without what is hidden, and without the reason in a few words, which may quote it."""
    if hidden == NAME:
        return cells._replace(name=HIDDEN_TEXT, handle="", x_id=None, why="")
    return cells._replace(bio=HIDDEN_TEXT if cells.bio else "", why="") if hidden == BIO else cells


def hide_in_card(card: Card, hidden: str) -> Card:
    """A card without what is hidden and what would give it away.

    Args:
        card: the whole card.
        hidden: "name", "bio", or "" for nothing.
    """
    if not hidden:
        return card
    signs = _SIGNS[hidden]
    seen = Why(*(tuple(one for one in some if _is_seen(one, signs)) for some in card.why))
    return replace(
        card,
        cells=hide_in_row(card.cells, hidden),
        bio=card.bio if hidden == NAME else HIDDEN_TEXT if card.bio else "",
        bio_links=card.bio_links if hidden == NAME else (),
        url="" if hidden == NAME else card.url,
        site="" if hidden == NAME else card.site,
        role="" if hidden == BIO else card.role,
        seniority="" if hidden == BIO else card.seniority,
        matches=tuple(_hidden_match(match) for match in card.matches),
        why=seen,
        suggestion=card.suggestion._replace(text=_suggested(card)),
        history=tuple(line for line in card.history if not line[1].startswith(("renamed", "new "))),
        names_by=(),
    )


def _suggested(card: Card) -> str:
    """What is suggested without what it rests on."""
    whole = card.suggestion.text
    return whole.partition(":" if card.suggestion.decision is Decision.NONE else ",")[0]


def _is_seen(reason: ReasonLine, signs: frozenset[str]) -> bool:
    return reason.code not in signs


def _hidden_match(match: MatchCard) -> MatchCard:
    return match._replace(
        entity=HIDDEN_TEXT,
        sentence="hidden while you judge blind",
        evidence=(),
        clauses=(),
        inferred=(),
        entry_lines=(),
        others=(),
        bits=(),
        changed_from="",
    )
