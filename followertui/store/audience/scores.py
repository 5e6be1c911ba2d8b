"""What the program concluded about accounts.

Owns the tables score, reason_code and judge_pending. Only ``services`` imports it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from followertui.domain.errors import StoreError
from followertui.domain.judgement import ROLES, SENIORITIES, TYPE_ORDER, Judgement
from followertui.domain.kind import KIND_ORDER, Kind
from followertui.store.file import watermarks
from followertui.store.file.connection import Store

_BITS = 63
_FULL = (1 << _BITS) - 1
"""Reasons one column holds: SQLite's numbers have a sign, which stays unused."""

REASON_COLUMNS = ("reasons", "more_reasons")
"""Columns of the table score that hold reasons as bits, and the derived arrays of the same names."""

ROOM = _BITS * len(REASON_COLUMNS)
"""How many reasons a store can tell apart."""

_TYPES, _ROLES, _SENIORITIES, _KINDS = (
    {value: place for place, value in enumerate(order)} for order in (TYPE_ORDER, ROLES, SENIORITIES, KIND_ORDER)
)


def write_scores(store: Store, judgements: Sequence[tuple[Judgement, Kind, str]], changed: Sequence[int] = ()) -> None:
    """Write judgements in one transaction.

    Args:
        store: the open store.
        judgements: (judgement, judged kind, strongest reason in plain words), one per account.
        changed: those of them whose profile changed since it was read: they stay to be judged.

    Raises:
        StoreError: there is no room for a new reason; nothing was written.
    """
    with store.write() as con:
        # Many accounts share their reasons, so each set is turned into bits once.
        sets = {judgement.reasons for judgement, _, _ in judgements}
        rows = [judgement.row for judgement, _, _ in judgements]
        bits = _bits_of(store, con, dict.fromkeys(code for codes in sets for code in codes), rows)
        masks = {code: 1 << bit for code, bit in bits.items()}
        words = {codes: _as_words(masks, codes) for codes in sets}
        con.executemany(
            "INSERT OR REPLACE INTO score(row, bot, harmful, offtopic, relevance, type, role, seniority, kind, "
            "top_reason, reasons, more_reasons) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    row, bot, harmful, offtopic, relevance, _TYPES[type_], _ROLES[role], _SENIORITIES[seniority],
                    _KINDS[kind], text, *words[codes],
                )
                for (row, bot, harmful, offtopic, relevance, type_, role, seniority, codes), kind, text in judgements
            ],
        )  # fmt: skip
        con.execute("DELETE FROM judge_pending WHERE row IN (SELECT value FROM json_each(?))", [json.dumps(rows)])
        con.executemany("INSERT INTO judge_pending VALUES (?)", [(row,) for row in changed])
        store.bump("score", rows)


def _bits_of(store: Store, con: sqlite3.Connection, codes: Collection[str], rows: Sequence[int]) -> dict[str, int]:
    """Reason code -> its bit; codes met for the first time get a free one.

    Where none is free, codes that only ``rows`` still have, whose judgements are replaced, make room.
    """
    bits = {code: bit for bit, code in reason_codes(store).items()}
    missing = [code for code in codes if code not in bits]
    if len(bits) + len(missing) > ROOM:
        for code in _unused(con, bits, rows) - set(codes):
            con.execute("DELETE FROM reason_code WHERE bit = ?", [bits.pop(code)])
    free = iter(sorted(set(range(ROOM)).difference(bits.values())))
    for code in missing:
        bit = next(free, None)
        if bit is None:
            raise StoreError(
                f"{store.path}: has no room for the reason {code}: {ROOM} are in use, some of them from earlier "
                "versions of the program; save an export, start a new store and import your files there"
            )
        bits[code] = bit
        con.execute("INSERT INTO reason_code(bit, code) VALUES (?, ?)", [bit, code])
    return bits


def _unused(con: sqlite3.Connection, bits: Mapping[str, int], rows: Sequence[int]) -> set[str]:
    """Codes no account but ``rows`` has, as those an earlier version of the program used."""
    used = [0] * len(REASON_COLUMNS)
    for line in con.execute(
        f"SELECT DISTINCT {', '.join(REASON_COLUMNS)} FROM score WHERE row NOT IN (SELECT value FROM json_each(?))",
        [json.dumps(rows)],
    ):
        used = [one | more for one, more in zip(used, line, strict=True)]
    return {code for code, bit in bits.items() if not used[bit // _BITS] >> bit % _BITS & 1}


def _as_words(masks: Mapping[str, int], codes: Iterable[str]) -> list[int]:
    """Codes as one number per column of ``REASON_COLUMNS``; masks hold the bit of each code, set."""
    whole = 0
    for code in codes:
        whole |= masks[code]
    return [whole >> at * _BITS & _FULL for at in range(len(REASON_COLUMNS))]


def place_of(store: Store, code: str) -> tuple[str, int] | None:
    """The column a reason is kept in and its bit there, None where no account ever had it."""
    found = store.con.execute("SELECT bit FROM reason_code WHERE code = ?", [code]).fetchone()
    return None if found is None else (REASON_COLUMNS[found[0] // _BITS], found[0] % _BITS)


def codes_in(codes: Mapping[int, str], words: Sequence[int]) -> tuple[str, ...]:
    """Reasons of one account, in the order they were first met.

    Args:
        codes: from ``reason_codes``.
        words: its numbers, one per column of ``REASON_COLUMNS``.
    """
    return tuple(code for bit, code in sorted(codes.items()) if words[bit // _BITS] >> bit % _BITS & 1)


def pending(store: Store) -> list[int]:
    """Accounts not judged yet, or whose profile changed since, ascending.

    What an undone import hid is left out as long as it is hidden, and so is what was merged away.
    """
    upto = watermarks.JUDGED_UPTO.read(store)
    is_shown = "hidden_by IS NULL AND merged_into IS NULL"
    found = store.con.execute(
        f"SELECT row FROM judge_pending JOIN account USING (row) WHERE row <= ? AND {is_shown} "
        f"UNION SELECT row FROM account WHERE row > ? AND {is_shown} ORDER BY 1",
        [upto, upto],
    )
    return [line[0] for line in found]


def reason_codes(store: Store) -> dict[int, str]:
    """Bit -> reason code."""
    return dict(store.con.execute("SELECT bit, code FROM reason_code").fetchall())


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


def reasons_of(store: Store, row: int) -> tuple[str, ...]:
    """Codes of the signals that fired for one account, in the order they were first met."""
    found = store.con.execute(f"SELECT {', '.join(REASON_COLUMNS)} FROM score WHERE row = ?", [row]).fetchone()
    return () if found is None else codes_in(reason_codes(store), found)


def kinds_between(store: Store, first: int, last: int) -> dict[int, int]:
    """Judged kinds of a range of rows, both ends included: row -> position in KIND_ORDER."""
    return dict(store.con.execute("SELECT row, kind FROM score WHERE row BETWEEN ? AND ?", [first, last]).fetchall())
