"""The columns of the derived arrays: which there are, and how each is read from SQLite.

Owns names, types, bits and the statements that fill columns. How they are kept, cached and
caught up is ``arrays``. Only ``store`` reads it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from followertui.domain.decision import ACTION_ORDER, DECISION_ORDER
from followertui.domain.guards import MatchFacts, certain_kind, confirmed_kind, guards, stands
from followertui.domain.kind import KIND_ORDER, LIST_PRECEDENCE, Kind
from followertui.domain.match import Band, MatchState
from followertui.store.audience.scores import REASON_COLUMNS
from followertui.store.decisions.plans import OPEN_ITEM
from followertui.store.file.connection import Store
from followertui.store.file.opening import let_go_of_pages
from followertui.store.lists.matches import ENTITY_KINDS, kinds_from

UNKNOWN = -1
"""Stands for an unknown number, count, score or time."""

FOLLOWS_US, WE_FOLLOW, EVER_FOLLOWED_US, EVER_WE_FOLLOWED, NEW_FOLLOWER = 1, 2, 4, 8, 16
"""Bits of the ``relation`` array."""

MATCH_ANY, MATCH_CONFIRMED, MATCH_REJECTED, MATCH_GUARDS, MATCH_CHANGED = 1, 2, 4, 8, 16
"""Bits of the ``match_bits`` array: an unrejected match, a confirmed one, a rejected one, one that guards,
one decided on evidence that changed since."""

BAND_ORDER = ("", "possible", "likely", "certain")
"""Positions of the ``match_band`` array, best unrejected unreviewed match."""

_CHUNK = 8_000
_CHUNK_OF_SPELLS = 50_000
_CHUNKS_MAPPED = 8
"""After this number of chunks the pages that were read are given back: a whole table is read once, arrays stay."""

KNOWN_TEXTS = ("handle", "name", "bio", "location", "url", "domain")
"""Columns of text; the position is its bit in the ``known`` array."""

_FLAGS: dict[str, tuple[str, int]] = {
    "verified": (
        "CASE ifnull(verified, '') WHEN '' THEN 0 WHEN 'blue' THEN 1 WHEN 'business' THEN 2 "
        "WHEN 'government' THEN 3 ELSE 4 END",
        3,
    ),
    "locked": ("ifnull(protected, 0)", 1),
    "status": ("status", 2),
    "nameless": ("(handle IS NULL)", 1),
    "affiliated": ("ifnull(affiliation > '', 0)", 1),
    "known": (" + ".join(f"{1 << bit} * ifnull({name} > '', 0)" for bit, name in enumerate(KNOWN_TEXTS)), 6),
}
"""Small columns -> SQL and how many bits hold it; they are read as one number, which is faster."""
_SCORES = {name: (f"ifnull({name}, -1) + 1", 8) for name in ("bot", "harmful", "offtopic", "relevance")}
_FACTS = {"type": ("type", 4), "role": ("role", 8), "seniority": ("seniority", 4), "judged_kind": ("kind", 5)}
_SOURCES = {name: (f"iif({name} < {1 << 21}, {name}, 0)", 21) for name in ("identity_from", "about_from", "flags_from")}
"""Imports that told of a profile; after two million of them the next ones count as none: less than is known."""
_SPELL = {"follower": ("(direction = 'follower')", 1), "open": ("(missed_at IS NULL)", 1), "new": ("is_new", 1)}
_PRESENCE = {"alive": ("(hidden_by IS NULL AND merged_into IS NULL)", 1)}
_PROFILE = ("followers", "following", "listed", "posted", "read", "told", *_FLAGS)
_RECORD = ("x_id", "posts", "likes", "created", "seen")

DTYPES: dict[str, str] = {
    "alive": "u1",
    **{name: "u1" if name in _FLAGS else "i8" for name in (*_PROFILE, *_RECORD)},
    "relation": "u1",
    "followed": "i8",
    "left": "i8",
    "begun": "i8",
    "decision": "u1",
    "due": "i8",
    "word": "u1",
    "has_word": "u1",
    "looked": "i8",
    "planned": "u2",
    "match_bits": "u1",
    "match_band": "u1",
    "match_score": "i2",
    "match_order": "i4",
    "confirmed_kind": "u1",
    "certain_kind": "u1",
    "bot": "i2",
    "harmful": "i2",
    "offtopic": "i2",
    "relevance": "i2",
    "type": "u1",
    "role": "u1",
    "seniority": "u1",
    "judged_kind": "u1",
    "judged": "u1",
    **dict.fromkeys(REASON_COLUMNS, "u8"),
}
GROUPS: dict[str, tuple[str, ...]] = {
    "presence": ("alive",),
    "profile": _PROFILE,
    "record": _RECORD,
    "relation": ("relation", "followed", "left", "begun"),
    "decision": ("decision", "due", "word", "has_word", "looked", "planned"),
    "match": ("match_bits", "match_band", "match_score", "match_order", "confirmed_kind", "certain_kind"),
    "score": ("bot", "harmful", "offtopic", "relevance", "type", "role", "seniority", "judged_kind", "judged"),
    "reasons": REASON_COLUMNS,
}
"""Group -> its arrays, which are read together. Few queries and no figure ask for ``record`` and ``reasons``."""

DOMAIN_OF: dict[str, str] = {
    **{group: group for group in GROUPS}, "presence": "profile", "record": "profile", "reasons": "score",
}  # fmt: skip
"""Group -> the change domain it follows. Who is there at all is read alone: the first page needs nothing else."""

BESIDE: dict[str, str] = {"profile": "presence"}
"""Group -> another one that costs nothing when the whole of it is read."""

DEFAULT: dict[str, int] = {
    **dict.fromkeys(
        (
            *("followed", "left", "begun", "due", "looked", "match_score", "match_order"),
            *("bot", "harmful", "offtopic", "relevance"),
        ),
        UNKNOWN,
    )
}

Column = NDArray[Any]


def among(codes: NDArray[np.uint8], wanted: Iterable[int]) -> NDArray[np.bool_]:
    """Which of some small numbers are wanted ones: what ``np.isin`` says, in a fraction of its time."""
    table = np.zeros(256, np.bool_)
    table[list(wanted)] = True
    return table[codes]


class Spells(NamedTuple):
    """Every spell of one direction, as columns of equal length, in no order.

    Attributes:
        row: row numbers.
        first, last: when first and last seen, epoch seconds UTC.
        missed: when missed, UNKNOWN while it goes on.
        is_new: whether it began after the baseline.
    """

    row: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    missed: NDArray[np.int64]
    is_new: NDArray[np.bool_]


def read_spells(store: Store, size: int) -> dict[str, Spells]:
    """The spells of both directions, read in one go: the table is the longest there is.

    Args:
        store: the open store; the caller holds one moment of it.
        size: the highest row number plus one.
    """
    parts: dict[str, list[NDArray[np.int64]]] = {"following": [], "follower": []}
    for start in range(0, size, _CHUNK_OF_SPELLS):
        found = store.con.execute(
            "SELECT group_concat(4 * row + 2 * is_new + (direction = 'follower')), group_concat(first_seen), "
            "group_concat(last_seen), group_concat(ifnull(missed_at, -1)) FROM relation WHERE row BETWEEN ? AND ?",
            [start, start + _CHUNK_OF_SPELLS - 1],
        ).fetchone()
        if found[0] is not None:
            chunk = np.stack([np.fromstring(text, np.int64, sep=",") for text in found])
            for bit, some in enumerate(parts.values()):
                some.append(chunk[:, chunk[0] & 1 == bit])
        let_go_of_pages(store.con)
    made = {}
    for direction in list(parts):
        which, first, last, missed = np.concatenate([np.zeros((4, 0), np.int64), *parts.pop(direction)], axis=1)
        made[direction] = Spells(which >> 2, first, last, missed, which & 2 > 0)
    return made


def _lay_spells(
    columns: dict[str, Column],
    is_follower: NDArray[np.bool_],
    row: NDArray[np.int64],
    first_seen: NDArray[np.int64],
    missed_at: NDArray[np.int64],
    goes_on: NDArray[np.bool_],
    is_new: NDArray[np.bool_],
) -> None:
    """What spells say of their rows; of several of one row and direction all are here, the last one decides."""
    # What is written last stays.
    order = np.lexsort((first_seen, row))
    is_follower, goes_on, is_new = (part[order] for part in (is_follower, goes_on, is_new))
    row, first_seen, missed_at = (part[order] for part in (row, first_seen, missed_at))
    at = row[is_follower]
    now = np.where(is_new, EVER_FOLLOWED_US | FOLLOWS_US | NEW_FOLLOWER, EVER_FOLLOWED_US | FOLLOWS_US)
    bits = np.where(goes_on, now, EVER_FOLLOWED_US)[is_follower]
    np.bitwise_or.at(columns["relation"], at, bits.astype(np.uint8))
    columns["followed"][at] = np.where(is_new, first_seen, UNKNOWN)[is_follower]
    columns["left"][at] = missed_at[is_follower]
    at = row[~is_follower]
    bits = np.where(goes_on, EVER_WE_FOLLOWED | WE_FOLLOW, EVER_WE_FOLLOWED)[~is_follower]
    np.bitwise_or.at(columns["relation"], at, bits.astype(np.uint8))
    columns["begun"][at] = np.where(goes_on & is_new, first_seen, UNKNOWN)[~is_follower]


class Filling:
    """Fills columns of one store, for all rows or for some.

    Args:
        store: the open store; the caller holds one moment of it.
        size: length of every column.
        rows: which rows to read; None for all.
        spells: every spell by direction where they are at hand, so that they are not read again.
    """

    def __init__(
        self,
        store: Store,
        size: int,
        rows: NDArray[np.uint32] | None = None,
        spells: Mapping[str, Spells] | None = None,
    ) -> None:
        self.store = store
        self.size = size
        self.rows = rows
        self._spells = spells
        self._as_of: NDArray[np.int64] | None = None

    def fill(self, group: str, columns: dict[str, Column]) -> None:
        """Read one group, and what of the one beside it is there, into columns that hold defaults at the rows read."""
        {
            "presence": self._load_presence,
            "profile": self._load_profile,
            "record": self._load_record,
            "relation": self._load_relation,
            "decision": self._load_decision,
            "match": self._load_match,
            "score": self._load_score,
            "reasons": self._load_reasons,
        }[group](columns)

    def _put(self, columns: dict[str, Column], names: Sequence[str], table: list[NDArray[np.int64]]) -> None:
        """Write numbers at their rows; the first part of the table are row numbers."""
        at, *values = table
        for name, part in zip(names, values, strict=True):
            columns[name][at] = part.astype(columns[name].dtype)

    def _tables(self, values: Sequence[str], source: str, order: str = "row") -> Iterator[list[NDArray[np.int64]]]:
        """Whole numbers of a table, chunk by chunk: row numbers, then every value, as columns.

        SQLite writes each column of a chunk as one text, which is several times as fast as a
        Python object per cell.

        Args:
            values: SQL expressions that are never NULL.
            source: FROM clause with ``{rows}`` where the choice of rows goes.
            order: ORDER BY clause.
        """
        names = ["row", *values]
        columns = ", ".join(f"{value} AS v{n}" for n, value in enumerate(names))
        joined = ", ".join(f"group_concat(v{n})" for n in range(len(names)))
        sql = f"SELECT {joined} FROM (SELECT {columns} FROM {source} ORDER BY {order})"
        for condition, wanted in self._choices():
            line = self.store.con.execute(sql.format(rows=condition), wanted).fetchone()
            if line[0] is not None:
                yield [np.fromstring(text, np.int64, sep=",") for text in line]

    def _choices(self) -> Iterator[tuple[str, list[object]]]:
        """Conditions that together choose all rows, or some."""
        rows = self.rows
        if rows is None:
            for number, start in enumerate(range(1, self.size, _CHUNK), start=1):
                yield "row BETWEEN ? AND ?", [start, start + _CHUNK - 1]
                if number % _CHUNKS_MAPPED == 0:
                    let_go_of_pages(self.store.con)
            let_go_of_pages(self.store.con)
            return
        for start in range(0, len(rows), 5000):
            some = json.dumps(rows[start : start + 5000].tolist())
            yield "row IN (SELECT value FROM json_each(?))", [some]

    def _select(self, sql: str) -> Iterator[list[tuple[Any, ...]]]:
        """Lines of a statement with ``{rows}`` open, chunk by chunk."""
        for condition, wanted in self._choices():
            yield self.store.con.execute(sql.format(rows=condition), wanted).fetchall()

    def _load_presence(self, columns: dict[str, Column]) -> None:
        for table in self._tables((_packed(_PRESENCE),), "account WHERE {rows}"):
            self._put(columns, tuple(_PRESENCE), table)

    def _load_profile(self, columns: dict[str, Column]) -> None:
        parts = {**_FLAGS, **_PRESENCE} if "alive" in columns else _FLAGS
        names = ("followers", "following", "listed", "last_post_at", "counts_from")
        values = (*(f"ifnull({name}, -1)" for name in names), _packed(_SOURCES), _packed(parts))
        for *table, source, sources, flags in self._tables(values, "account WHERE {rows}"):
            read = self._moments_of(source)
            told = np.maximum.reduce([read, *(self._moments_of(one) for one in _unpacked(sources, _SOURCES))])
            found = [*table, read, told, *_unpacked(flags, parts)]
            self._put(columns, (*_PROFILE, *_PRESENCE)[: len(found) - 1], found)

    def _load_record(self, columns: dict[str, Column]) -> None:
        values = tuple(f"ifnull({name}, -1)" for name in ("x_id", "posts", "likes", "created_at", "first_import"))
        for *table, source in self._tables(values, "account WHERE {rows}"):
            self._put(columns, _RECORD, [*table, self._moments_of(source)])

    def _moments_of(self, imports: NDArray[np.int64]) -> NDArray[np.int64]:
        """When what some imports brought was true, epoch seconds UTC; UNKNOWN for no import."""
        if self._as_of is None:
            found = self.store.con.execute("SELECT id, as_of FROM import_run").fetchall()
            self._as_of = np.full(max((line[0] for line in found), default=0) + 1, UNKNOWN, np.int64)
            for number, moment in found:
                self._as_of[number] = moment
        is_one = (imports > 0) & (imports < len(self._as_of))
        return np.where(is_one, self._as_of[np.clip(imports, 0, len(self._as_of) - 1)], UNKNOWN)

    def _load_relation(self, columns: dict[str, Column]) -> None:
        if self._spells is None:
            values = (_packed(_SPELL), "first_seen", "ifnull(missed_at, -1)")
            for row, flags, first_seen, missed_at in self._tables(values, "relation WHERE {rows}"):
                is_follower, goes_on, is_new = (flag == 1 for flag in _unpacked(flags, _SPELL))
                _lay_spells(columns, is_follower, row, first_seen, missed_at, goes_on, is_new)
        else:
            for direction, one in self._spells.items():
                which, goes_on = np.full(len(one.row), direction == "follower"), one.missed == UNKNOWN
                _lay_spells(columns, which, one.row, one.first, one.missed, goes_on, one.is_new)
        self._lay_own_actions(columns)

    def _lay_own_actions(self, columns: dict[str, Column]) -> None:
        """What we did ourselves since the readings; agrees with the view ``relation_now``."""
        sql = (
            "SELECT o.row, o.direction = 'follower', EXISTS (SELECT 1 FROM relation_now n "
            "WHERE n.row = o.row AND n.direction = o.direction), o.is_on, o.at FROM own_relation o WHERE {rows}"
        )
        for lines in self._select(sql):
            for row, is_follower, holds, is_on, at in lines:
                bit = FOLLOWS_US if is_follower else WE_FOLLOW
                if holds:
                    columns["relation"][row] |= bit
                else:
                    columns["relation"][row] &= 255 - bit
                if is_on and not is_follower:
                    columns["begun"][row] = max(int(columns["begun"][row]), at)

    def _load_decision(self, columns: dict[str, Column]) -> None:
        code = _position("decision", [decision.value for decision in DECISION_ORDER])
        for table in self._tables((code, "coalesce(due_at, -1)"), "decision WHERE {rows}"):
            self._put(columns, ("decision", "due"), table)
        code = _position("kind", [kind.value for kind in KIND_ORDER])
        for table in self._tables((code, "1"), "kind_word WHERE {rows}"):
            self._put(columns, ("word", "has_word"), table)
        code = _position("action", [action.value for action in ACTION_ORDER])
        for table in self._tables(("at",), "look WHERE {rows}"):
            self._put(columns, ("looked",), table)
        source = f"plan_item WHERE {OPEN_ITEM} AND {{rows}}"
        for at, action in self._tables((code,), source):
            np.bitwise_or.at(columns["planned"], at, (1 << action).astype(np.uint16))

    def _load_match(self, columns: dict[str, Column]) -> None:
        best: dict[tuple[str, int], int] = {}
        sql = MATCH_LINES.format(rows="{rows}")
        for lines in self._select(sql):
            for row, score, order, state, band, is_stale, kinds, is_changed in lines:
                said = _match_said(state, band, is_stale, kinds)
                if not said.bits:
                    continue
                columns["match_bits"][row] |= said.bits | MATCH_CHANGED * is_changed
                # A word given on evidence that changed since asks again, like no word at all.
                if (state == "unreviewed" or is_changed) and not is_stale:
                    columns["match_band"][row] = max(int(columns["match_band"][row]), BAND_ORDER.index(band))
                if said.bits & MATCH_ANY:
                    columns["match_score"][row] = max(int(columns["match_score"][row]), score)
                    columns["match_order"][row] = max(int(columns["match_order"][row]), order)
                for tier, kind in (("confirmed_kind", said.confirmed), ("certain_kind", said.certain)):
                    if kind is not None and LIST_PRECEDENCE.index(kind) < best.get((tier, row), len(LIST_PRECEDENCE)):
                        best[tier, row] = LIST_PRECEDENCE.index(kind)
                        columns[tier][row] = KIND_ORDER.index(kind)

    def _load_score(self, columns: dict[str, Column]) -> None:
        parts = {**_SCORES, **_FACTS}
        for at, packed in self._tables((_packed(parts),), "score WHERE {rows}"):
            # Of a score, 0 stands for none.
            found = [one - (name in _SCORES) for name, one in zip(parts, _unpacked(packed, parts), strict=True)]
            self._put(columns, tuple(parts), [at, *found])
            columns["judged"][at] = 1

    def _load_reasons(self, columns: dict[str, Column]) -> None:
        for table in self._tables(REASON_COLUMNS, "score WHERE {rows}"):
            self._put(columns, REASON_COLUMNS, table)


def _packed(parts: dict[str, tuple[str, int]]) -> str:
    """SQL for several small numbers as one."""
    pieces, shift = [], 0
    for sql, width in parts.values():
        pieces.append(f"(({sql}) << {shift})")
        shift += width
    return " | ".join(pieces)


def _unpacked(packed: NDArray[np.int64], parts: dict[str, tuple[str, int]]) -> list[NDArray[np.int64]]:
    """The small numbers ``_packed`` joined, in order."""
    found, shift = [], 0
    for _, width in parts.values():
        found.append((packed >> shift) & ((1 << width) - 1))
        shift += width
    return found


class _MatchSaid(NamedTuple):
    """What one match adds to the arrays of its row; bits 0 where it counts for nothing."""

    bits: int
    confirmed: Kind | None
    certain: Kind | None


@lru_cache(maxsize=4096)
def _match_said(state: str, band: str, is_stale: int, kinds: str | None) -> _MatchSaid:
    match = MatchFacts(MatchState(state), Band(band), bool(is_stale), kinds_from(kinds))
    bits = MATCH_ANY * stands(match) | MATCH_GUARDS * guards(match)
    bits |= {MatchState.CONFIRMED: MATCH_CONFIRMED, MatchState.REJECTED: MATCH_REJECTED}.get(match.state, 0)
    return _MatchSaid(bits, confirmed_kind([match]), certain_kind([match]))


MATCH_LINES = f"""
SELECT m.row, m.score,
  CAST(round(10000 * coalesce(m.probability, m.score / 100.0)) AS INTEGER) * 101 + m.score,
  coalesce(w.state, 'unreviewed'), m.band, m.is_stale, {ENTITY_KINDS},
  w.evidence_hash IS NOT NULL AND w.evidence_hash <> m.evidence_hash
FROM (SELECT * FROM match WHERE {{rows}}) m LEFT JOIN match_word w ON w.match_id = m.id
"""
"""Every match with its place in the order of chances, then scores, its word, the kinds of its lists, and whether its
evidence changed."""


def _position(column: str, words: Sequence[str]) -> str:
    """SQL for the position of a column's word."""
    return f"CASE {column} " + " ".join(f"WHEN '{word}' THEN {n}" for n, word in enumerate(words)) + " ELSE 0 END"
