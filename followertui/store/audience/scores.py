"""What the program concluded about accounts.

Owns the tables score, reason_code, wave and judge_pending. Only ``services`` imports it.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from followertui.domain.judgement import ROLES, SENIORITIES, TYPE_ORDER, Judgement
from followertui.domain.kind import KIND_ORDER, Kind
from followertui.store.file import watermarks
from followertui.store.file.connection import Store, packed

_MAX_REASONS = 63
_TYPES, _ROLES, _SENIORITIES, _KINDS = (
    {value: place for place, value in enumerate(order)} for order in (TYPE_ORDER, ROLES, SENIORITIES, KIND_ORDER)
)


def write_scores(store: Store, judgements: Sequence[tuple[Judgement, Kind, str]]) -> None:
    """Write judgements in one transaction.

    Args:
        store: the open store.
        judgements: (judgement, judged kind, strongest reason in plain words), one per account.
    """
    with store.write() as con:
        bits = dict(con.execute("SELECT code, bit FROM reason_code").fetchall())
        met = dict.fromkeys(code for judgement, _, _ in judgements for code in judgement.reasons)
        for code in met:
            if code not in bits and len(bits) < _MAX_REASONS:
                bits[code] = len(bits)
                con.execute("INSERT INTO reason_code(bit, code) VALUES (?, ?)", [bits[code], code])
        # Many accounts share their reasons, so each set is turned into bits once.
        sets = {judgement.reasons for judgement, _, _ in judgements}
        packed_reasons = {codes: sum(1 << bits[code] for code in codes if code in bits) for codes in sets}
        con.executemany(
            "INSERT OR REPLACE INTO score VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    row, bot, harmful, offtopic, relevance, _TYPES[type_], _ROLES[role], _SENIORITIES[seniority],
                    _KINDS[kind], packed_reasons[codes], text,
                )
                for (row, bot, harmful, offtopic, relevance, type_, role, seniority, codes), kind, text in judgements
            ],
        )  # fmt: skip
        rows = [judgement.row for judgement, _, _ in judgements]
        con.execute("DELETE FROM judge_pending WHERE row IN (SELECT value FROM json_each(?))", [json.dumps(rows)])
        store.bump("score", rows)


def pending(store: Store) -> list[int]:
    """Accounts not judged yet, or whose profile changed since, ascending."""
    upto = watermarks.JUDGED_UPTO.read(store)
    found = store.con.execute(
        "SELECT row FROM judge_pending WHERE row <= ? UNION SELECT row FROM account WHERE row > ? ORDER BY 1",
        [upto, upto],
    )
    return [line[0] for line in found]


def reason_codes(store: Store) -> dict[int, str]:
    """Bit -> reason code."""
    return dict(store.con.execute("SELECT bit, code FROM reason_code").fetchall())


def write_waves(store: Store, waves: Sequence[tuple[str, str, Sequence[int]]]) -> None:
    """Replace all waves: (trait, plain text, rows)."""
    with store.write() as con:
        con.execute("DELETE FROM wave")
        con.executemany(
            "INSERT INTO wave(trait, text, members) VALUES (?, ?, ?)",
            [(trait, text, packed(sorted(rows))) for trait, text, rows in waves],
        )


def waves_of(store: Store, row: int) -> list[tuple[str, str]]:
    """Waves an account belongs to: (trait, plain text)."""
    found = store.con.execute("SELECT trait, text, members FROM wave ORDER BY id")
    return [(trait, text) for trait, text, members in found if _holds(memoryview(members).cast("I"), row)]


def _holds(members: memoryview, row: int) -> bool:
    """Whether ascending row numbers hold one; halving instead of unpacking keeps the card quick in a large crowd."""
    at = bisect_left(members, row)
    return at < len(members) and members[at] == row


def wave_count(store: Store) -> int:
    """How many waves were found."""
    return int(store.con.execute("SELECT count(*) FROM wave").fetchone()[0])


class Facts(NamedTuple):
    """Stored facts of one account: positions in TYPE_ORDER, ROLES, SENIORITIES, KIND_ORDER; scores or None."""

    bot: int | None
    harmful: int | None
    offtopic: int | None
    relevance: int | None
    type: int
    role: int
    seniority: int
    kind: int


def facts_of(store: Store, row: int) -> Facts | None:
    """What was concluded about one account, None where nothing was."""
    found = store.con.execute(
        "SELECT bot, harmful, offtopic, relevance, type, role, seniority, kind FROM score WHERE row = ?", [row]
    ).fetchone()
    return None if found is None else Facts._make(found)


def words_of(store: Store, row: int) -> list[tuple[int, str, str]]:
    """People's decisions on one account: (at, reviewer, plain words)."""
    return store.con.execute(
        "SELECT at, reviewer, decision FROM decision WHERE row = ?1 "
        "UNION ALL SELECT at, reviewer, 'kind ' || kind FROM kind_word WHERE row = ?1 "
        "UNION ALL SELECT at, reviewer, 'released from ' || guard FROM release WHERE row = ?1 "
        "UNION ALL SELECT w.at, w.reviewer, w.state || ' ' || n.name FROM match_word w "
        "JOIN match m ON m.id = w.match_id JOIN entity n ON n.id = m.entity_id WHERE m.row = ?1",
        [row],
    ).fetchall()


def reasons_of(store: Store, row: int) -> list[str]:
    """Codes of the signals that fired for one account, in the order they were first met."""
    found = store.con.execute("SELECT reasons FROM score WHERE row = ?", [row]).fetchone()
    if found is None:
        return []
    return [code for bit, code in sorted(reason_codes(store).items()) if found[0] >> bit & 1]


def kinds_between(store: Store, first: int, last: int) -> dict[int, int]:
    """Judged kinds of a range of rows, both ends included: row -> position in KIND_ORDER."""
    return dict(store.con.execute("SELECT row, kind FROM score WHERE row BETWEEN ? AND ?", [first, last]).fetchall())
