"""Derived arrays: what filters and orders are computed on, one position per account row.

Owns the columns kept beside SQLite, their cache files and how they catch up. SQLite is the
only truth; everything here can be thrown away. Position 0 is never an account. Unknown
numbers are ``UNKNOWN``. Only ``store`` reads it.
"""

from __future__ import annotations

import contextlib
import json
import os
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from followertui.domain.decision import ACTION_ORDER, DECISION_ORDER
from followertui.domain.kind import KIND_ORDER, LIST_PRECEDENCE, SOURCE_ORDER, Kind, KindSource
from followertui.store.connection import Store

UNKNOWN = -1
"""Stands for an unknown number, count, score or time."""

FOLLOWS_US, WE_FOLLOW, EVER_FOLLOWED_US, EVER_WE_FOLLOWED, NEW_FOLLOWER = 1, 2, 4, 8, 16
"""Bits of the ``relation`` array."""

MATCH_ANY, MATCH_CONFIRMED, MATCH_REJECTED, MATCH_GUARDS, MATCH_CHANGED = 1, 2, 4, 8, 16
"""Bits of the ``match_bits`` array: an unrejected match, a confirmed one, a rejected one, one that guards,
one decided on a basis that changed since."""

BAND_ORDER = ("", "possible", "likely", "certain")
"""Positions of the ``match_band`` array, best unrejected unreviewed match."""

VERIFIED_ORDER = ("", "blue", "business", "government", "legacy")

_VERSION = 4
_CHUNK = 50_000

KNOWN_TEXTS = ("handle", "name", "bio", "location", "url", "domain")
"""Columns of text; the position is its bit in the ``known`` array."""

_COLUMNS: dict[str, str] = {
    "x_id": "coalesce(x_id, -1)",
    "followers": "coalesce(followers, -1)",
    "following": "coalesce(following, -1)",
    "posts": "coalesce(posts, -1)",
    "listed": "coalesce(listed, -1)",
    "created": "coalesce(created_at, -1)",
    "posted": "coalesce(last_post_at, -1)",
    "verified": "CASE coalesce(verified, '') WHEN '' THEN 0 WHEN 'blue' THEN 1 WHEN 'business' THEN 2 "
    "WHEN 'government' THEN 3 ELSE 4 END",
    "locked": "coalesce(protected, 0)",
    "status": "status",
    "nameless": "(handle IS NULL)",
    "alive": "(hidden_by IS NULL AND merged_into IS NULL)",
    "seen": "coalesce((SELECT as_of FROM import_run WHERE id = first_import), -1)",
    "affiliated": "(coalesce(affiliation, '') <> '')",
    "known": " + ".join(f"{1 << bit} * (coalesce({name}, '') <> '')" for bit, name in enumerate(KNOWN_TEXTS)),
}
_PROFILE = tuple(_COLUMNS)
_SMALL = {"verified", "locked", "status", "nameless", "alive", "affiliated", "known"}

_DTYPES: dict[str, str] = {
    **{name: "u1" if name in _SMALL else "i8" for name in _PROFILE},
    "relation": "u1",
    "followed": "i8",
    "left": "i8",
    "begun": "i8",
    "decision": "u1",
    "due": "i8",
    "word": "u1",
    "has_word": "u1",
    "planned": "u2",
    "released": "u1",
    "match_bits": "u1",
    "match_band": "u1",
    "match_score": "i2",
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
    "reasons": "u8",
}
GROUPS: dict[str, tuple[str, ...]] = {
    "profile": _PROFILE,
    "relation": ("relation", "followed", "left", "begun"),
    "decision": ("decision", "due", "word", "has_word", "planned", "released"),
    "match": ("match_bits", "match_band", "match_score", "confirmed_kind", "certain_kind"),
    "score": (
        "bot", "harmful", "offtopic", "relevance", "type", "role", "seniority", "judged_kind", "judged", "reasons",
    ),
}  # fmt: skip
"""Change domain -> its arrays."""

_DEFAULT: dict[str, int] = {
    **dict.fromkeys(
        ("followed", "left", "begun", "due", "match_score", "bot", "harmful", "offtopic", "relevance"), UNKNOWN
    )
}

Column = NDArray[Any]


class _Held(NamedTuple):
    """One moment of the store: its counters, the length of arrays, groups caught up with it."""

    counters: dict[str, int]
    size: int
    fresh: set[str]


class Arrays:
    """The derived arrays of one store.

    Args:
        store: the open store; its cache lies in a folder beside the file.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.folder = cache_folder(store.path)
        self._groups: dict[str, dict[str, Column]] = {}
        self._counters: dict[str, int] = {}
        self._sizes: dict[str, int] = {}
        self._lock = threading.RLock()
        self._held: _Held | None = None
        self._kinds: tuple[tuple[object, ...], Column, Column] | None = None
        self._ours: tuple[tuple[object, ...], NDArray[np.intp]] | None = None

    @contextlib.contextmanager
    def hold(self) -> Iterator[None]:
        """Let every array show one moment of the store, so that all have one length.

        Other threads wait; nothing may be written meanwhile.
        """
        with self._lock:
            if self._held is not None:
                yield
                return
            with self.store.reading() as con:
                size = int(con.execute("SELECT coalesce(max(row), 0) + 1 FROM account").fetchone()[0])
                self._held = _Held(self.store.counters(), size, set())
                try:
                    yield
                finally:
                    self._held = None

    def size(self) -> int:
        """Length of every array: the highest row number plus one."""
        with self.hold():
            return self._moment.size

    @property
    def _moment(self) -> _Held:
        assert self._held is not None
        return self._held

    def get(self, name: str) -> Column:
        """One array, caught up with the store; never write into it."""
        group = next(group for group, names in GROUPS.items() if name in names)
        return self.group(group)[name]

    def group(self, group: str) -> dict[str, Column]:
        """All arrays of one change domain, caught up."""
        with self.hold():
            moment = self._moment
            if group in moment.fresh:
                return self._groups[group]
            counter, size = moment.counters[group], moment.size
            if group not in self._groups:
                self._read_cache(group)
            if self._counters.get(group) != counter or self._sizes.get(group) != size:
                changed = self.store.changed_since(group, self._counters[group]) if group in self._groups else None
                if changed is None or len(changed) > max(2000, size // 5):
                    self._groups[group] = self._load(group, size)
                else:
                    self._catch_up(group, size, np.unique(np.frombuffer(changed, np.uint32)))
                self._counters[group], self._sizes[group] = counter, size
            moment.fresh.add(group)
            return self._groups[group]

    def stamp(self) -> tuple[int, ...]:
        """Changes whenever any array would."""
        with self.hold():
            return (*(self._moment.counters[group] for group in GROUPS), self._moment.size)

    def _catch_up(self, group: str, size: int, rows: NDArray[np.uint32]) -> None:
        # Others may still read the old arrays, so changed rows go into copies.
        columns: dict[str, Column] = {}
        for name, column in self._groups[group].items():
            grown = np.empty(size, column.dtype)
            kept = min(size, len(column))
            grown[:kept] = column[:kept]
            grown[kept:] = _DEFAULT.get(name, 0)
            grown[rows] = _DEFAULT.get(name, 0)
            columns[name] = grown
        if len(rows):
            self._loader(group)(columns, rows)
        self._groups[group] = columns

    def _load(self, group: str, size: int) -> dict[str, Column]:
        columns: dict[str, Column] = {
            name: np.full(size, _DEFAULT.get(name, 0), _DTYPES[name]) for name in GROUPS[group]
        }
        self._loader(group)(columns, None)
        return columns

    def _loader(self, group: str) -> Callable[[dict[str, Column], NDArray[np.uint32] | None], None]:
        return {
            "profile": self._load_profile,
            "relation": self._load_relation,
            "decision": self._load_decision,
            "match": self._load_match,
            "score": self._load_score,
        }[group]

    def _fill(self, columns: dict[str, Column], names: Sequence[str], table: list[NDArray[np.int64]]) -> None:
        """Write numbers at their rows; the first part of the table are row numbers."""
        at, *values = table
        for name, part in zip(names, values, strict=True):
            columns[name][at] = part.astype(columns[name].dtype)

    def _tables(
        self, values: Sequence[str], source: str, rows: NDArray[np.uint32] | None, order: str = "row"
    ) -> Iterator[list[NDArray[np.int64]]]:
        """Whole numbers of a table, chunk by chunk: row numbers, then every value, as columns.

        SQLite writes each column of a chunk as one text, which is several times as fast as a
        Python object per cell.

        Args:
            values: SQL expressions that are never NULL.
            source: FROM clause with ``{rows}`` where the choice of rows goes.
            rows: which rows; None for all.
            order: ORDER BY clause.
        """
        names = ["row", *values]
        columns = ", ".join(f"{value} AS v{n}" for n, value in enumerate(names))
        joined = ", ".join(f"group_concat(v{n})" for n in range(len(names)))
        sql = f"SELECT {joined} FROM (SELECT {columns} FROM {source} ORDER BY {order})"
        for condition, wanted in self._choices(rows):
            line = self.store.con.execute(sql.format(rows=condition), wanted).fetchone()
            if line[0] is not None:
                yield [np.fromstring(text, np.int64, sep=",") for text in line]

    def _choices(self, rows: NDArray[np.uint32] | None) -> Iterator[tuple[str, list[object]]]:
        """Conditions that together choose all rows, or some."""
        if rows is None:
            for start in range(1, self._moment.size, _CHUNK):
                yield "row BETWEEN ? AND ?", [start, start + _CHUNK - 1]
            return
        for start in range(0, len(rows), 5000):
            some = json.dumps(rows[start : start + 5000].tolist())
            yield "row IN (SELECT value FROM json_each(?))", [some]

    def _select(self, sql: str, rows: NDArray[np.uint32] | None) -> Iterator[list[tuple[Any, ...]]]:
        """Lines of a statement with ``{rows}`` open, chunk by chunk."""
        for condition, wanted in self._choices(rows):
            yield self.store.con.execute(sql.format(rows=condition), wanted).fetchall()

    def _load_profile(self, columns: dict[str, Column], rows: NDArray[np.uint32] | None) -> None:
        for table in self._tables(tuple(_COLUMNS.values()), "account WHERE {rows}", rows):
            self._fill(columns, _PROFILE, table)

    def _load_relation(self, columns: dict[str, Column], rows: NDArray[np.uint32] | None) -> None:
        values = ("direction = 'follower'", "missed_at IS NULL", "is_new", "first_seen", "coalesce(missed_at, -1)")
        order = "row, first_seen, first_snapshot"
        for table in self._tables(values, "relation WHERE {rows}", rows, order):
            follower, others = (table[1] == 1), (table[1] == 0)
            at, _, goes_on, is_new, first_seen, missed_at = (part[follower] for part in table)
            bits = np.where(goes_on == 1, EVER_FOLLOWED_US | FOLLOWS_US | is_new * NEW_FOLLOWER, EVER_FOLLOWED_US)
            np.bitwise_or.at(columns["relation"], at, bits.astype(np.uint8))
            columns["followed"][at] = np.where(is_new == 1, first_seen, UNKNOWN)
            columns["left"][at] = missed_at
            at, _, goes_on, is_new, first_seen, _ = (part[others] for part in table)
            bits = np.where(goes_on == 1, EVER_WE_FOLLOWED | WE_FOLLOW, EVER_WE_FOLLOWED)
            np.bitwise_or.at(columns["relation"], at, bits.astype(np.uint8))
            columns["begun"][at] = np.where((goes_on == 1) & (is_new == 1), first_seen, UNKNOWN)
        self._lay_own_actions(columns, rows)

    def _lay_own_actions(self, columns: dict[str, Column], rows: NDArray[np.uint32] | None) -> None:
        """What we did ourselves since the readings; agrees with the view ``relation_now``."""
        sql = (
            "SELECT o.row, o.direction = 'follower', EXISTS (SELECT 1 FROM relation_now n "
            "WHERE n.row = o.row AND n.direction = o.direction), o.is_on, o.at FROM own_relation o WHERE {rows}"
        )
        for lines in self._select(sql, rows):
            for row, is_follower, holds, is_on, at in lines:
                bit = FOLLOWS_US if is_follower else WE_FOLLOW
                if holds:
                    columns["relation"][row] |= bit
                else:
                    columns["relation"][row] &= 255 - bit
                if is_on and not is_follower:
                    columns["begun"][row] = max(int(columns["begun"][row]), at)

    def _load_decision(self, columns: dict[str, Column], rows: NDArray[np.uint32] | None) -> None:
        code = _position("decision", [decision.value for decision in DECISION_ORDER])
        for table in self._tables((code, "coalesce(due_at, -1)"), "decision WHERE {rows}", rows):
            self._fill(columns, ("decision", "due"), table)
        code = _position("kind", [kind.value for kind in KIND_ORDER])
        for table in self._tables((code, "1"), "kind_word WHERE {rows}", rows):
            self._fill(columns, ("word", "has_word"), table)
        code = _position("action", [action.value for action in ACTION_ORDER])
        source = "plan_item WHERE state IN ('planned', 'held', 'attempting', 'later') AND {rows}"
        for at, action in self._tables((code,), source, rows):
            np.bitwise_or.at(columns["planned"], at, (1 << action).astype(np.uint16))
        for table in self._tables(("1",), "release WHERE {rows}", rows):
            self._fill(columns, ("released",), table)

    def _load_match(self, columns: dict[str, Column], rows: NDArray[np.uint32] | None) -> None:
        band = {name: code for code, name in enumerate(BAND_ORDER)}
        rank = {kind.value: code for code, kind in enumerate(LIST_PRECEDENCE)}
        kind_code = {kind.value: code for code, kind in enumerate(KIND_ORDER)}
        best: dict[tuple[str, int], int] = {}
        sql = MATCH_LINES.format(rows="{rows}")
        for lines in self._select(sql, rows):
            for row, score, band_name, state, kinds, is_changed, is_stale, is_unguarded in lines:
                bits = {"confirmed": MATCH_CONFIRMED | MATCH_ANY, "rejected": MATCH_REJECTED}.get(str(state), MATCH_ANY)
                if is_stale and not state:
                    continue
                if bits & MATCH_ANY and not is_unguarded:
                    bits |= MATCH_GUARDS
                if is_changed:
                    bits |= MATCH_CHANGED
                columns["match_bits"][row] |= bits
                # A word given on a basis that changed since asks again, like no word at all.
                if (not state or is_changed) and not is_stale:
                    columns["match_band"][row] = max(int(columns["match_band"][row]), band[str(band_name)])
                if not bits & MATCH_ANY:
                    continue
                columns["match_score"][row] = max(int(columns["match_score"][row]), score)
                tier = "confirmed_kind" if state else ("certain_kind" if band_name == "certain" else "")
                for kind in str(kinds or "").split(",") if tier else ():
                    if kind in rank and rank[kind] < best.get((tier, row), 99):
                        best[tier, row] = rank[kind]
                        columns[tier][row] = kind_code[kind]

    def _load_score(self, columns: dict[str, Column], rows: NDArray[np.uint32] | None) -> None:
        known = [f"coalesce({name}, -1)" for name in ("bot", "harmful", "offtopic", "relevance")]
        values = (*known, "type", "role", "seniority", "kind", "1", "reasons")
        for table in self._tables(values, "score WHERE {rows}", rows):
            self._fill(columns, GROUPS["score"], table)

    def kinds(self) -> tuple[Column, Column]:
        """Effective kind and its source per row, as positions in KIND_ORDER and SOURCE_ORDER.

        Precedence, weakest first so that the stronger overwrite: judged, an unreviewed certain
        match, affiliation with us, a confirmed match, a person's word.
        """
        with self.hold():
            decision, match, score = self.group("decision"), self.group("match"), self.group("score")
            affiliated = self._affiliated()
            size = self._moment.size
            stamp = (*(self._moment.counters[g] for g in GROUPS if g != "relation"), size, tuple(self.our_names()))
            if self._kinds is not None and self._kinds[0] == stamp:
                return self._kinds[1], self._kinds[2]
            kind, source = np.zeros(size, np.uint8), np.full(size, SOURCE_ORDER.index(KindSource.NONE), np.uint8)

            def lay(where: NDArray[np.bool_], kinds: Column | int, by: KindSource) -> None:
                kind[where] = kinds if isinstance(kinds, int) else kinds[where]
                source[where] = SOURCE_ORDER.index(by)

            lay(score["judged"] == 1, score["judged_kind"], KindSource.JUDGED)
            lay(match["certain_kind"] > 0, match["certain_kind"], KindSource.CERTAIN)
            ours = np.zeros(size, np.bool_)
            ours[affiliated] = True
            lay(ours, KIND_ORDER.index(Kind.EMPLOYEE), KindSource.AFFILIATION)
            lay(match["confirmed_kind"] > 0, match["confirmed_kind"], KindSource.CONFIRMED)
            lay(decision["has_word"] == 1, decision["word"], KindSource.PERSON)
            self._kinds = (stamp, kind, source)
            return kind, source

    def our_names(self) -> list[str]:
        """Names and handles of our own company (setting), lower case."""
        found = self.store.con.execute("SELECT value FROM setting WHERE name = 'about'").fetchone()
        about: dict[str, list[str]] = json.loads(found[0]) if found else {}
        return sorted({word.lower() for word in [*about.get("names", []), *about.get("handles", [])]})

    def _affiliated(self) -> NDArray[np.intp]:
        """Rows a verified organisation of ours vouches for."""
        ours = self.our_names()
        stamp = (self._moment.counters["profile"], self._moment.size, tuple(ours))
        if self._ours is None or self._ours[0] != stamp:
            rows = np.flatnonzero(self.group("profile")["affiliated"]) if ours else np.zeros(0, np.intp)
            lines = self.store.con.execute(
                "SELECT row, affiliation FROM account WHERE row IN (SELECT value FROM json_each(?))",
                [json.dumps(rows.tolist())],
            )
            chosen = [row for row, affiliation in lines if affiliation.lstrip("@").lower() in ours]
            self._ours = (stamp, np.array(chosen, dtype=np.intp))
        return self._ours[1]

    def save(self) -> None:
        """Write every loaded group to its cache file in one piece; failures do no harm."""
        with self._lock, contextlib.suppress(OSError):
            self.folder.mkdir(mode=0o700, exist_ok=True)
            for group, columns in self._groups.items():
                header = json.dumps(self._header(group, self._counters[group], self._sizes[group])).encode()
                body = b"".join(columns[name].tobytes() for name in GROUPS[group])
                write_atomically(self.folder / f"{group}.bin", struct.pack("<I", len(header)) + header + body)

    def _header(self, group: str, counter: int, size: int) -> dict[str, object]:
        return {"version": _VERSION, "store": self.store.meta("store_id"), "counter": counter, "size": size}

    def _read_cache(self, group: str) -> None:
        path = self.folder / f"{group}.bin"
        try:
            with path.open("rb") as file:
                length = struct.unpack("<I", file.read(4))[0]
                header = json.loads(file.read(length))
            counter, size = int(header["counter"]), int(header["size"])
            expected = self._header(group, counter, size)
            if header != expected or counter > self.store.counters()[group]:
                return
            offset, columns = 4 + length, dict[str, Column]()
            for name in GROUPS[group]:
                columns[name] = np.fromfile(path, dtype=_DTYPES[name], count=size, offset=offset)
                offset += columns[name].nbytes
                if len(columns[name]) != size:
                    return
            if offset != path.stat().st_size:
                return
        except (OSError, ValueError, KeyError, TypeError, struct.error):
            return
        self._groups[group] = columns
        self._counters[group], self._sizes[group] = counter, size


MATCH_LINES = """
SELECT m.row, m.score, m.band, coalesce(w.state, ''),
  (SELECT group_concat(DISTINCT coalesce(e.kind, l.kind)) FROM entry e JOIN list l ON l.id = e.list_id
   WHERE e.entity_id = m.entity_id AND e.left_at IS NULL AND l.dropped_at IS NULL),
  w.basis IS NOT NULL AND w.basis <> m.basis, m.is_stale,
  (SELECT count(*) > 0 AND count(*) = sum(coalesce(e.kind, l.kind, '') IN ('vendor', 'competitor'))
   FROM entry e JOIN list l ON l.id = e.list_id
   WHERE e.entity_id = m.entity_id AND e.left_at IS NULL AND l.dropped_at IS NULL)
FROM (SELECT * FROM match WHERE {rows}) m LEFT JOIN match_word w ON w.match_id = m.id
"""
"""Every match with its word, the kinds of its lists, whether its basis changed, and whether it guards not."""


def _position(column: str, words: Sequence[str]) -> str:
    """SQL for the position of a column's word."""
    return f"CASE {column} " + " ".join(f"WHEN '{word}' THEN {n}" for n, word in enumerate(words)) + " ELSE 0 END"


def cache_folder(path: Path) -> Path:
    """The disposable folder of derived files beside a store."""
    return path.with_name(path.name + ".cache")


def write_atomically(path: Path, content: bytes) -> None:
    """Put a cache file in place in one step, so that no reader ever sees half of it."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_bytes(content)
    part.replace(path)
