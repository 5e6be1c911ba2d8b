"""The card beside a wide table: what decides first, the rest one key away.

Owns the order and length of the panel's lines; their words are ``card_text``'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from followertui.ui.card_text import (
    beside,
    bio_content,
    facts_line,
    first_rows,
    head_line,
    kind_content,
    mark_rows,
    match_line,
    names_rows,
    rule_words,
    suggestion_line,
    what_line,
    why_rows,
)
from followertui.ui.cells import counted, guard, line, lines, plain

if TYPE_CHECKING:
    from followertui.services.values import Card

BIO_ROWS = 7
MATCH_ROWS = 4
"""Rows of the match looked at; the others have one each."""
WHY_ROWS = 8
PAST_ROWS = 3
RELATION_WORDS = {"↔": "we follow each other", "←": "follows us", "→": "we follow", "": "no relation to us now"}


def tie_line(card: Card) -> Content:
    """How the account and ours are related, in words."""
    parts = [RELATION_WORDS[card.cells.relation]]
    if card.followed_since:
        parts.append(card.followed_since)
    if card.left and not card.followed_since.startswith("left"):
        parts.append(f"left {card.left}")
    return plain(" · ".join(parts), "$foreground-muted")


def panel_card(card: Card, width: int, match_at: int = 0) -> Content:
    """Who, the tie to us, what speaks for and against, what is suggested; then facts and the latest of its past.

    Args:
        card: the account.
        width: cells.
        match_at: which match has several rows; the others are one row each.

    Returns:
        As many lines as it takes.
    """
    rows: list[Content] = [head_line(card), tie_line(card).truncate(width, ellipsis=True), Content("")]
    rows += [part.rstrip() for part in bio_content(card).wrap(width)][:BIO_ROWS]
    for start, end, address in card.bio_links:
        if guard(card.bio[start:end]) != guard(address):
            rows.append(line(("  ↳ ", "$foreground-muted"), (address, "$primary")))
    if card.names_by:
        rows += [Content(""), *names_rows(card, width)]
    rows += mark_rows(card, width)
    rows.append(Content(""))
    for at, match in enumerate(card.matches):
        rows += first_rows(beside("match", match_line(match), width), MATCH_ROWS if at == match_at else 1)
    rows += why_rows(card, width, WHY_ROWS)
    rows.append(beside("", suggestion_line(card), width))
    if card.kind_conflict:
        rows.append(beside("", plain(card.kind_conflict, "$warning"), width))
    if card.guard:
        rows.append(beside("guard", plain(card.guard, "$warning"), width))
    if card.tags:
        rows.append(beside("tags", plain(", ".join(card.tags), "$secondary"), width))
    if card.note:
        rows.append(beside("note", plain(card.note, keep_lines=True), width))
    rows += [Content(""), *_facts(card, width)]
    return lines([*rows, *_company(card, width, match_at), *_past(card, width)])


def _facts(card: Card, width: int) -> list[Content]:
    rows = first_rows(beside("facts", facts_line(card, full=True), width), 6)
    what = what_line(card)
    if what.plain:
        rows.append(beside("", what, width))
    kind = line(kind_content(card.cells), (f" · {rule_words(card)}", "$foreground-muted"))
    return [*rows, beside("kind", kind, width)]


def _company(card: Card, width: int, match_at: int) -> list[Content]:
    """Others of the same company, by name."""
    if not card.matches:
        return []
    match = card.matches[min(match_at, len(card.matches) - 1)]
    if not match.others:
        return []
    more = match.siblings - len(match.others)
    named = " · ".join(match.others) + (f" · {counted(more)} more" if more > 0 else "")
    return [Content(""), beside("also", line(f"at {match.entity}: ", (named, "$foreground-muted")), width)]


def _past(card: Card, width: int) -> list[Content]:
    rows = [
        beside("past" if at == 0 else "", line((f"{when} ", "$foreground-muted"), guard(what)), width)
        for at, (when, what) in enumerate(card.history[:PAST_ROWS])
    ]
    more = len(card.history) - PAST_ROWS
    if more > 0:
        rows.append(beside("", plain(f"{counted(more)} earlier: Enter shows all", "$foreground-muted"), width))
    return [Content(""), *rows] if rows else []
