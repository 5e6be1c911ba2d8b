"""Accounts and matches as records for export: stable keys, string ids, ISO times.

Owns the documented shape of JSON and CSV records. Row numbers never leave. Streams in
chunks, so a million accounts cost a page of memory. The command line calls it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from followertui.domain.clock import iso
from followertui.domain.errors import BadInput
from followertui.domain.fields import RELATIONS, STATUSES
from followertui.domain.judgement import ROLES, SENIORITIES, TYPE_ORDER
from followertui.late import late
from followertui.services.row_cells import cells
from followertui.services.session import Session
from followertui.services.values import RowCells, Why
from followertui.store.audience import records
from followertui.store.lists import matches
from followertui.store.lists.matches import StoredMatch
from followertui.text.generic_employers import is_generic_employer

if TYPE_CHECKING:
    from followertui.matching import chances, common_words, explaining
    from followertui.services.review import cards, reasons, sheets
else:
    common_words = late("followertui.matching.common_words")
    chances = late("followertui.matching.chances")
    explaining = late("followertui.matching.explaining")
    cards = late("followertui.services.review.cards")
    reasons = late("followertui.services.review.reasons")
    sheets = late("followertui.services.review.sheets")

ACCOUNT_KEYS = (
    "id", "handle", "name", "bio", "location", "url", "followers", "following", "posts", "listed",
    "created_at", "last_post_at", "relation", "first_seen", "left_at", "kind", "type", "role", "seniority", "company",
    "verified",
    "locked", "bot", "relevance", "reasons", "matches", "tags", "note", "decision", "plan", "status", "likes",
)  # fmt: skip
"""Keys of one account, in order."""

WAS = "was"
"""A key for sheets that come back: what the line says now, so that an edit is told from what moved here since."""

WHY = "why"
"""A key of ``show --json`` and of those asked for: the sentences for and against, which take a look at each account."""

MATCH_KEYS = (
    "id", "account_id", "handle", "list", "entity", "relation", "band", "score", "state", "evidence", "entry",
    "probability",
)  # fmt: skip
"""Keys of one match, in order."""

_CHUNK = 500
_RELATIONS = dict(zip(("", "←", "→", "↔"), RELATIONS, strict=True))


def chosen_keys(wanted: str | None) -> tuple[str, ...]:
    """Keys asked for with ``--fields a,b``, all of them by default.

    Raises:
        BadInput: a key does not exist.
    """
    if wanted is None:
        return ACCOUNT_KEYS
    keys = tuple(word.strip() for word in wanted.split(",") if word.strip())
    if not keys:
        raise BadInput(f"--fields names no field; one of {', '.join(ACCOUNT_KEYS)}")
    for key in keys:
        if key not in (*ACCOUNT_KEYS, WHY, WAS):
            raise BadInput(f'accounts have no field "{key}"; one of {", ".join((*ACCOUNT_KEYS, WHY))}')
    return keys


def accounts(session: Session, rows: Sequence[int], keys: Sequence[str] = ACCOUNT_KEYS) -> Iterator[dict[str, Any]]:
    """Accounts as records, in the order of ``rows``.

    Args:
        session: the open store.
        rows: row numbers.
        keys: which keys, in order.

    Yields:
        One record per account: ids are strings or null, times ISO 8601 UTC or null.
    """
    for start in range(0, len(rows), _CHUNK):
        some = [int(row) for row in rows[start : start + _CHUNK]]
        full = records.account_lines(session.store, some)
        ties = _ties(session, some) if "matches" in keys or "company" in keys else {}
        told = reasons.why(session, some) if WHY in keys else {}
        for cell in cells(session, some):
            whole = _account(cell, full[cell.row], ties.get(cell.row, []))
            if WHY in keys:
                whole[WHY] = _sentences(told.get(cell.row))
            if WAS in keys:
                whole[WAS] = sheets.as_written(cell, full[cell.row].note)
            yield {key: whole[key] for key in keys}


def _sentences(told: Why | None) -> dict[str, list[str]]:
    """The strongest reasons as sentences, by side."""
    sides = (("against", told.against), ("for", told.favouring)) if told else (("against", ()), ("for", ()))
    return {side: [line.text for line in lines] for side, lines in sides}


def _ties(session: Session, rows: Sequence[int]) -> dict[int, list[StoredMatch]]:
    found: dict[int, list[StoredMatch]] = {}
    for match in matches.matches_of(session.store, rows):
        found.setdefault(match.row, []).append(match)
    return found


def _account(cell: RowCells, line: records.AccountLine, ties: Sequence[StoredMatch]) -> dict[str, Any]:
    open_ties = [match for match in ties if match.state.value != "rejected"]
    companies = (match.company for match in open_ties if not is_generic_employer(match.company))
    return {
        "id": None if cell.x_id is None else str(cell.x_id),
        "handle": cell.handle or None,
        "name": cell.name or None,
        "bio": line.bio,
        "location": line.location,
        "url": line.site or line.url,
        "followers": cell.followers,
        "following": line.following,
        "posts": line.posts,
        "listed": line.listed,
        "created_at": iso(line.created_at),
        "last_post_at": iso(line.last_post_at),
        "relation": _RELATIONS[cell.relation],
        "first_seen": iso(line.first_seen),
        "left_at": iso(line.left_at),
        "kind": cell.kind.value,
        "type": TYPE_ORDER[line.type or 0].value,
        "role": ROLES[line.role or 0] or None,
        "seniority": SENIORITIES[line.seniority or 0] or None,
        "company": next(companies, None),
        "verified": line.verified or None,
        "locked": cell.is_locked,
        "bot": cell.bot,
        "relevance": line.relevance,
        "reasons": list(line.reasons),
        "matches": [
            {"id": str(match.id), "entity": match.entity, "band": match.band.value, "score": match.score,
             "relation": match.relation.value, "state": match.state.value}
            for match in ties
        ],
        "tags": list(cell.tags),
        "note": line.note,
        "decision": cell.decision.value,
        "plan": cell.action.value if cell.action else None,
        "status": STATUSES[line.status],
        "likes": line.likes,
    }  # fmt: skip


def match_records(
    session: Session, rows: Sequence[int] | None = None, state: str = "", is_per_entry: bool = True
) -> Iterator[dict[str, Any]]:
    """Matches as records, by account then descending score.

    A company that stands on several lists gives one record per entry, the entry that matches best
    first, all with the match's id, so that the owner of each list finds its line.

    Args:
        session: the open store.
        rows: only of these accounts, None for all.
        state: only in this state, "" for all.
        is_per_entry: False gives one record per match.
    """
    wanted = None if rows is None else {int(row) for row in rows}
    chosen = [match for match in matches.all_matches(session.store, state) if wanted is None or match.row in wanted]
    entities = sorted({match.entity_id for match in chosen})
    behind = records.entries_behind(session.store, entities) if is_per_entry else {}
    for match in chosen:
        record = _match(session, match)
        entries = behind.get(match.entity_id, [])
        own = [entry for entry in entries if entry.id == match.entry_id]
        for entry in [*own, *(entry for entry in entries if entry.id != match.entry_id)]:
            yield {**record, "list": entry.list, "entry": {"line": entry.line, "fields": entry.fields}}
        if not entries:
            yield record


def _match(session: Session, match: StoredMatch) -> dict[str, Any]:
    return {
        "id": str(match.id),
        "account_id": None if match.x_id is None else str(match.x_id),
        "handle": match.handle or None,
        "list": match.lists[0][0] if match.lists else None,
        "entity": {"id": str(match.entity_id), "name": match.entity, "type": match.entity_type},
        "relation": match.relation.value,
        "band": match.band.value,
        "score": match.score,
        "state": match.state.value,
        "evidence": {
            "text": cards.sentence_of(session, match),
            "signals": [
                {"signal": piece.signal, "text": explaining.words_for(piece), "weight": piece.weight,
                 "bits": chances.bits_of(piece.weight), "inferred": not common_words.rests_on_same_words(piece),
                 "field": piece.field,
                 "account": piece.account_text, "account_span": piece.account_span, "column": piece.column or None,
                 "entry": piece.entry_text, "entry_span": piece.entry_span}
                for piece in match.evidence
            ],
        },
        "entry": {"line": match.line, "fields": match.fields},
        "probability": match.probability,
    }  # fmt: skip
