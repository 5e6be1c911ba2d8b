"""Matches and people's decisions on them.

Owns the tables match, match_word and compare_pending. A person's word survives every
rematch: a decided match that is no longer proposed stays, marked stale. Only ``services``
imports it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from followertui.domain.match import CHOSEN, Band, Evidence, MatchRelation, MatchState, Proposal
from followertui.store.file import watermarks
from followertui.store.file.connection import Store
from followertui.text.clauses import clauses_said

if TYPE_CHECKING:
    from followertui.store.lists.listings import EntryLine


class StoredMatch(NamedTuple):
    """One match as stored.

    Attributes:
        id, row, entity_id, entry_id: numbers of the store.
        entity, entity_type: name of the company or person, and which of both it is.
        company: the company it speaks of: itself, or the one its person's entry names; "" for none.
        relation, score, band, state, evidence: see ``domain.match``.
        evidence_hash: fingerprint of what it is computed from now.
        is_changed: a person decided it on other evidence.
        profile_text: the account's side when it was decided, "" where undecided.
        handle, x_id: the account's.
        lists: (list name, kind) of the entity's current entries.
        line, fields: of the best entry: line in its file, original columns.
        is_stale: no longer proposed.
        probability: that it is right, 0-1; None where an earlier version computed it.
    """

    id: int
    row: int
    entity_id: int
    entry_id: int
    entity: str
    entity_type: str
    company: str
    relation: MatchRelation
    score: int
    band: Band
    state: MatchState
    evidence: tuple[Evidence, ...]
    evidence_hash: str
    is_changed: bool
    profile_text: str
    handle: str
    x_id: int | None
    lists: tuple[tuple[str, str], ...]
    line: int
    fields: dict[str, str]
    is_stale: bool
    probability: float | None = None


ENTITY_KINDS = (
    "(SELECT group_concat(DISTINCT coalesce(e.kind, l.kind, '')) FROM entry e JOIN list l ON l.id = e.list_id "
    "WHERE e.entity_id = m.entity_id AND e.left_at IS NULL AND l.dropped_at IS NULL)"
)
"""SQL: kinds of the current entries of the entity of match ``m``, for ``kinds_from``."""


def kinds_from(text: str | None) -> tuple[str, ...]:
    """Kinds as ``ENTITY_KINDS`` gives them; empty where no entry is current."""
    return () if text is None else tuple(text.split(","))


STRONGEST_FIRST = "coalesce(w.state, '') = 'confirmed' DESC, m.score DESC, m.relation = 'is' DESC, m.id"
"""SQL: the order of an account's matches ``m`` with their words ``w``."""

_SELECT = """
SELECT m.id, m.row, m.entity_id, m.entry_id, n.name, n.type,
  CASE WHEN n.type = 'company' THEN n.name ELSE coalesce(b.company, '') END, m.relation, m.score, m.band,
  coalesce(w.state, 'unreviewed'), m.evidence, m.evidence_hash,
  w.evidence_hash IS NOT NULL AND w.evidence_hash <> m.evidence_hash,
  coalesce(w.profile_text, ''), coalesce(a.handle, ''), a.x_id,
  (SELECT json_group_array(json_array(l.name, coalesce(e.kind, l.kind, ''))) FROM entry e
   JOIN list l ON l.id = e.list_id
   WHERE e.entity_id = m.entity_id AND e.left_at IS NULL AND l.dropped_at IS NULL),
  coalesce(b.line, 0), coalesce(b.fields, '{}'), m.is_stale, m.probability
FROM match m JOIN entity n ON n.id = m.entity_id JOIN account a ON a.row = m.row
LEFT JOIN entry b ON b.id = m.entry_id LEFT JOIN match_word w ON w.match_id = m.id
"""
_CURRENT = "(m.is_stale = 0 OR w.state IS NOT NULL) AND a.hidden_by IS NULL AND a.merged_into IS NULL"


def matches_of(store: Store, rows: Sequence[int]) -> list[StoredMatch]:
    """All matches of some accounts: confirmed first, then by descending score."""
    return _read(store, "m.row IN (SELECT value FROM json_each(?))", [json.dumps([int(r) for r in rows])])


def matches_with_ids(store: Store, ids: Sequence[int]) -> list[StoredMatch]:
    """Matches by their numbers, in that order; unknown numbers are left out."""
    found = {m.id: m for m in _read(store, "m.id IN (SELECT value FROM json_each(?))", [json.dumps(list(ids))])}
    return [found[i] for i in ids if i in found]


def of_entity(store: Store, entity_id: int) -> list[StoredMatch]:
    """All matches of an entity, by row."""
    return _read(store, "m.entity_id = ?", [entity_id], "m.row, m.id")


def all_matches(store: Store, state: str = "") -> list[StoredMatch]:
    """Every current match, by row then descending score; ``state`` narrows it."""
    if not state:
        return _read(store, "1", [], "m.row, m.score DESC, m.id")
    return _read(store, "coalesce(w.state, 'unreviewed') = ?", [state], "m.row, m.score DESC, m.id")


def _read(
    store: Store,
    condition: str,
    values: Sequence[object],
    order: str = STRONGEST_FIRST,
) -> list[StoredMatch]:
    found = store.con.execute(f"{_SELECT} WHERE {_CURRENT} AND {condition} ORDER BY {order}", list(values)).fetchall()
    return [
        StoredMatch._make(
            (
                *line[:7],
                MatchRelation(line[7]),
                line[8],
                Band(line[9]),
                MatchState(line[10]),
                evidence_from(line[11]),
                line[12],
                bool(line[13]),
                *line[14:17],
                tuple((name, kind) for name, kind in json.loads(line[17])),
                line[18],
                json.loads(line[19]),
                bool(line[20]),
                line[21],
            )
        )
        for line in found
    ]


class OpenMatch(NamedTuple):
    """A match without an answer: its number, its account, the entity's name, the company it speaks of ("" none)."""

    id: int
    row: int
    entity: str
    company: str


def open_matches(store: Store, rows: Sequence[int]) -> list[OpenMatch]:
    """Matches of some accounts that have no answer yet, by row, each account's strongest first."""
    found = store.con.execute(
        "SELECT m.id, m.row, n.name, CASE WHEN n.type = 'company' THEN n.name ELSE coalesce(b.company, '') END "
        "FROM match m JOIN entity n ON n.id = m.entity_id LEFT JOIN entry b ON b.id = m.entry_id "
        "LEFT JOIN match_word w ON w.match_id = m.id "
        "WHERE m.row IN (SELECT value FROM json_each(?)) AND m.is_stale = 0 AND w.match_id IS NULL "
        f"ORDER BY m.row, {STRONGEST_FIRST}",
        [json.dumps([int(row) for row in rows])],
    )
    return [OpenMatch(*line) for line in found]


def evidence_to(evidence: Sequence[Evidence]) -> str:
    """Evidence as the JSON the store keeps."""
    return json.dumps([list(piece) for piece in evidence], ensure_ascii=False, separators=(",", ":"))


def evidence_from(text: str) -> tuple[Evidence, ...]:
    """Evidence from the JSON the store keeps."""
    return tuple(
        Evidence(
            piece[0], piece[1], piece[2], piece[3], piece[4],
            tuple(piece[5]) if piece[5] else None,
            tuple(piece[6]) if piece[6] else None,
            *piece[7:9],
        )
        for piece in json.loads(text)
    )  # fmt: skip


class Written(NamedTuple):
    """What writing proposals changed: matches added, gone, and decided ones whose evidence changed.

    Attributes:
        added, removed, raised: how many.
        came: (row, evidence) of signals without points that confirmed matches show for the first time.
    """

    added: int
    removed: int
    raised: int
    came: tuple[tuple[int, Evidence], ...] = ()


def replace_matches(
    store: Store,
    rows: Sequence[int],
    proposals: Iterable[Proposal],
    evidence_hashes: Mapping[tuple[int, int], str],
    changed: Sequence[int] = (),
    kept: Collection[int] = (),
) -> Written:
    """Make the matches of some accounts what the matcher says now, in one transaction.

    A pair that was decided is not proposed again as something else: what is or brand_of says
    of it becomes the evidence of the decided match, and a confirmed pair has no other.

    Args:
        store: the open store.
        rows: every account that was compared, also those without a proposal.
        proposals: all proposals for these rows.
        evidence_hashes: (row, entry id) -> fingerprint.
        changed: those of the rows whose profile is another one by now; they are still to be compared.
        kept: matches a redo may need, which stay though nobody decided them now.

    Returns:
        What changed.
    """
    added = raised = 0
    came: list[tuple[int, Evidence]] = []
    with store.write() as con:
        asked = json.dumps([int(row) for row in rows])
        present = _present(con, asked)
        decided = _decided(present)
        touched: list[int] = []
        for proposal in proposals:
            key = _key_of(proposal, decided)
            if key is None:
                continue
            now = (
                proposal.entry_id,
                proposal.score,
                proposal.band.value,
                evidence_to(proposal.evidence),
                evidence_hashes.get((proposal.row, proposal.entry_id), ""),
                0,
                proposal.probability,
            )
            line = present.pop(key, None)
            if line is None:
                con.execute(
                    "INSERT INTO match(row, entity_id, relation, entry_id, score, band, evidence, evidence_hash, "
                    "is_stale, probability) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    [*key, *now],
                )
                added += 1
                touched.append(proposal.row)
            elif line.said != now:
                con.execute(
                    "UPDATE match SET entry_id = ?, score = ?, band = ?, evidence = ?, evidence_hash = ?, "
                    "is_stale = ?, probability = ? WHERE id = ?",
                    [*now, line.id],
                )
                raised += line.word is not None and line.evidence_hash != now[4] and line.word != now[4]
                if line.state == "confirmed":
                    came += [(proposal.row, piece) for piece in _new_facts(line.evidence, proposal.evidence)]
                touched.append(proposal.row)
        removed = _let_go(con, present.values(), kept, touched)
        con.execute("DELETE FROM compare_pending WHERE row IN (SELECT value FROM json_each(?))", [asked])
        con.executemany("INSERT INTO compare_pending VALUES (?)", [(row,) for row in changed])
        store.bump("match", touched)
    return Written(added, removed, raised, tuple(came))


def choose(store: Store, row: int, entry: EntryLine, handle: str) -> int:
    """Make the match of an account with an entry that a person chose for it and the matcher does not propose.

    It counts as no longer proposed: without an answer it holds nothing back, and the next comparison removes it.

    Args:
        store: the open store.
        row: the account.
        entry: what it was chosen for.
        handle: of the account, or its id as text.

    Returns:
        The match's id.
    """
    with store.write() as con:
        name, column = (entry.person, "person") if entry.person else (entry.company or entry.entity, "company")
        spans = (0, len(handle)), (0, len(name))
        piece = Evidence(CHOSEN, 0, "handle", handle, name, *spans, column, entry.id)
        [made] = con.execute(
            "INSERT INTO match(row, entity_id, relation, entry_id, score, band, evidence, evidence_hash, is_stale) "
            "VALUES (?, ?, 'is', ?, 0, 'possible', ?, '', 1) ON CONFLICT(row, entity_id, relation) DO UPDATE SET "
            "entry_id = excluded.entry_id, evidence = excluded.evidence, evidence_hash = '', is_stale = 1 RETURNING id",
            [row, entry.entity_id, entry.id, evidence_to([piece])],
        ).fetchone()
        store.bump("match", [row])
        return int(made)


def _let_go(con: sqlite3.Connection, lines: Iterable[_Line], kept: Collection[int], touched: list[int]) -> int:
    """Delete matches that are no longer proposed, mark decided and kept ones stale; returns how many were deleted."""
    removed = 0
    for line in lines:
        if line.word is None and line.id not in kept:
            con.execute("DELETE FROM match WHERE id = ?", [line.id])
            removed += 1
            touched.append(line.row)
        elif not line.is_stale:
            con.execute("UPDATE match SET is_stale = 1 WHERE id = ?", [line.id])
            touched.append(line.row)
    return removed


_Key = tuple[int, int, str]
"""Row, entity and relation of a match."""


class _Line(NamedTuple):
    """A match as it stands: its columns, and the word on it (state and fingerprint, None without one)."""

    id: int
    row: int
    entity_id: int
    relation: str
    entry_id: int
    score: int
    band: str
    evidence: str
    evidence_hash: str
    is_stale: int
    probability: float | None
    state: str | None
    word: str | None

    @property
    def said(self) -> tuple[int, int, str, str, str, int, float | None]:
        """The columns a proposal writes."""
        return (
            self.entry_id,
            self.score,
            self.band,
            self.evidence,
            self.evidence_hash,
            self.is_stale,
            self.probability,
        )


def _present(con: sqlite3.Connection, asked: str) -> dict[_Key, _Line]:
    """Matches of some rows (JSON) as they stand."""
    found = con.execute(
        "SELECT m.id, m.row, m.entity_id, m.relation, m.entry_id, m.score, m.band, m.evidence, "
        "m.evidence_hash, m.is_stale, m.probability, w.state, w.evidence_hash FROM match m LEFT JOIN match_word w "
        "ON w.match_id = m.id WHERE m.row IN (SELECT value FROM json_each(?))",
        [asked],
    )
    lines = (_Line(*line) for line in found)
    return {(line.row, line.entity_id, line.relation): line for line in lines}


def _decided(present: Mapping[_Key, _Line]) -> dict[tuple[int, int], list[_Line]]:
    """Decided matches by row and entity, confirmed ones first."""
    found: dict[tuple[int, int], list[_Line]] = {}
    for line in sorted(present.values(), key=lambda line: (line.state != "confirmed", line.id)):
        if line.state is not None:
            found.setdefault((line.row, line.entity_id), []).append(line)
    return found


def _key_of(proposal: Proposal, decided: Mapping[tuple[int, int], Sequence[_Line]]) -> _Key | None:
    """The match a proposal speaks of; None where the pair is confirmed as something else."""
    key = (proposal.row, proposal.entity_id, proposal.relation.value)
    lines = decided.get(key[:2], ())
    if not lines or any(line.relation == key[2] for line in lines):
        return key
    is_work = proposal.relation is MatchRelation.WORKS_AT
    for line in lines:
        if (line.relation == MatchRelation.WORKS_AT.value) == is_work:
            return (*key[:2], line.relation)
    return None if lines[0].state == "confirmed" else key


def _new_facts(before: str, evidence: Sequence[Evidence]) -> Iterator[Evidence]:
    """Signals without points that were not there before."""
    known = {piece.signal for piece in evidence_from(before)}
    return (piece for piece in evidence if not piece.weight and piece.signal not in known)


def clauses_of(
    store: Store, field: str = "", rows: Collection[int] | None = None
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """What current matches rest on: (row, clauses as ``text.clauses`` writes them); rejected ones left out.

    Args:
        store: the open store.
        field: only of matches with evidence in this field of the account, "" for all.
        rows: only of these accounts, None for all.
    """
    found = store.con.execute(
        "SELECT m.row, m.evidence FROM match m LEFT JOIN match_word w ON w.match_id = m.id "
        "WHERE coalesce(w.state, '') <> 'rejected' AND (m.is_stale = 0 OR w.state IS NOT NULL) "
        "AND instr(m.evidence, ?)",
        [f'"{field}"' if field else "["],
    )
    return ((row, clauses_said(evidence_from(text))) for row, text in found if rows is None or row in rows)


def pending(store: Store) -> list[int]:
    """Accounts whose profile changed since they were compared, or that are new since, ascending."""
    upto = watermarks.COMPARED_UPTO.read(store)
    found = store.con.execute(
        "SELECT row FROM compare_pending WHERE row <= ? UNION SELECT row FROM account WHERE row > ? ORDER BY 1",
        [upto, upto],
    )
    return [line[0] for line in found]


def mark_pending(store: Store, rows: Sequence[int]) -> None:
    """Note accounts that are to be compared again."""
    with store.write() as con:
        con.executemany("INSERT OR IGNORE INTO compare_pending VALUES (?)", [(int(row),) for row in rows])
        store.bump("match", rows)


def clear_pending(store: Store) -> None:
    """Note that no account needs to be compared again."""
    with store.write() as con:
        store.bump("match", [line[0] for line in con.execute("DELETE FROM compare_pending RETURNING row")])


def mark_compared(store: Store, upto: int, lists_version: int, is_all: bool = False) -> None:
    """Note that every account up to a row was compared with the lists of a version.

    Args:
        store: the open store.
        upto: the last row that was compared.
        lists_version: of the lists.
        is_all: every account was compared again: rows above ``upto`` were compared with other lists only.
    """
    with store.write():
        before = 0 if is_all else watermarks.COMPARED_UPTO.read(store)
        watermarks.COMPARED_UPTO.write(store, max(upto, before))
        watermarks.COMPARED_LISTS.write(store, lists_version)
