"""Derived arrays: what filters and orders are computed on, one position per account row.

Owns the columns kept beside SQLite, their cache files and how they catch up. SQLite is the
only truth; everything here can be thrown away. Position 0 is never an account. Unknown
numbers are ``UNKNOWN``; what each column says is ``array_columns``. Only ``store`` reads it.
"""

from __future__ import annotations

import contextlib
import json
import threading
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from followertui.domain.kind import KIND_ORDER, SOURCE_ORDER, Kind, KindSource
from followertui.store.file.connection import Store
from followertui.store.file.settings import folded_name, our_names
from followertui.store.index import cache_files
from followertui.store.index.columns import (
    BESIDE,
    DEFAULT,
    DOMAIN_OF,
    DTYPES,
    GROUPS,
    Column,
    Filling,
    Spells,
    read_spells,
)

_VERSION = 7
_FEW = 2_000
"""Up to this number of changed rows kinds are brought up to date, beyond it all are computed again."""
_T = TypeVar("_T")
_OF_KINDS = {
    "decision": ("word", "has_word"),
    "match": ("confirmed_kind", "certain_kind"),
    "score": ("judged", "judged_kind"),
}
"""Group (and change domain) -> columns that kinds follow from."""


class _Held(NamedTuple):
    """One moment of the store: its counters, the length of arrays, groups caught up with it."""

    counters: dict[str, int]
    size: int
    fresh: set[str]


class _Kinds(NamedTuple):
    """Kinds and sources per row, and what they were computed from."""

    stamp: tuple[object, ...]
    counters: dict[str, int]
    kind: Column
    source: Column


class Arrays:
    """The derived arrays of one store.

    Args:
        store: the open store; its cache is in a folder beside the file.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._groups: dict[str, dict[str, Column]] = {}
        self._counters: dict[str, int] = {}
        self._sizes: dict[str, int] = {}
        self._saved: dict[str, dict[str, object]] = {}
        self._lock = threading.RLock()
        self._held: _Held | None = None
        self._kinds: _Kinds | None = None
        self._ours: tuple[tuple[object, ...], NDArray[np.intp]] | None = None
        self._spells: tuple[object, dict[str, Spells]] | None = None

    @contextlib.contextmanager
    def hold(self) -> Iterator[None]:
        """Let every array show one moment of the store, so that all have one length.

        Other threads wait; nothing may be written inside.
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
        """All arrays of one group, caught up."""
        with self.hold():
            moment = self._moment
            if group in moment.fresh:
                return self._groups[group]
            domain, size = DOMAIN_OF[group], moment.size
            counter = moment.counters[domain]
            changed = self._changed(group)
            if changed is None:
                self._load(group)
            elif self._counters[group] != counter or self._sizes[group] != size:
                self._catch_up(group, size, np.unique(np.frombuffer(changed, np.uint32)))
                self._counters[group], self._sizes[group] = counter, size
            moment.fresh.add(group)
            return self._groups[group]

    def _changed(self, group: str) -> array[int] | None:
        """The rows a group has to catch up with, with repeats; None where all of it has to be read."""
        domain, moment = DOMAIN_OF[group], self._moment
        if group not in self._groups:
            self._read_cache(group)
        if self._counters.get(group) == moment.counters[domain] and self._sizes.get(group) == moment.size:
            return array("I")
        if group not in self._groups:
            return None
        changed = self.store.changed_since(domain, self._counters[group])
        return None if changed is None or len(changed) > max(2000, moment.size // 5) else changed

    def prepare(self) -> None:
        """Read what a report needs in as few walks over the tables as can be, two of them at a time."""
        with self.hold(), ThreadPoolExecutor(1) as beside:
            spells: Future[dict[str, Spells] | None] | None = None
            scores: Future[dict[str, Column] | None] | None = None
            lineage, size = self.store.lineage(), self._moment.size
            # The relations follow from the spells, which are asked for anyway.
            if self._changed("relation") is None and not self._has_spells():
                spells = beside.submit(self._at_moment, lineage, lambda: read_spells(self.store, size))
            if self._changed("score") is None:
                scores = beside.submit(self._at_moment, lineage, lambda: self._read(("score",), size))
            self.group("profile")
            if spells is not None and (read := spells.result()) is not None:
                self._spells = (lineage["relation"], read)
            if scores is not None and (columns := scores.result()) is not None:
                self._keep(("score",), columns)

    def _at_moment(self, lineage: dict[str, tuple[int, str]], read: Callable[[], _T]) -> _T | None:
        """What is read on this thread's own connection; None where the store is not as it was any more."""
        with self.store.reading():
            return read() if self.store.lineage() == lineage else None

    def _has_spells(self) -> bool:
        return self._spells is not None and self._spells[0] == self.store.lineage()["relation"]

    def spells(self) -> dict[str, Spells]:
        """Every spell, by direction: "follower" and "following"; kept until relations change."""
        with self.hold():
            if self._spells is None or not self._has_spells():
                self._spells = (self.store.lineage()["relation"], read_spells(self.store, self._moment.size))
            return self._spells[1]

    def rows_of(self, sql: str, values: Sequence[object] = ()) -> NDArray[np.bool_]:
        """Which rows a statement names in its first column, as a mask of the arrays' length."""
        mask = np.zeros(self.size(), np.bool_)
        cursor = self.store.con.execute(sql, list(values))
        while lines := cursor.fetchmany(50_000):
            at = np.fromiter((line[0] for line in lines), dtype=np.int64, count=len(lines))
            mask[at[at < len(mask)]] = True
        return mask

    def stamp(self) -> tuple[int, ...]:
        """Changes whenever any array would."""
        with self.hold():
            return (*self._moment.counters.values(), self._moment.size)

    def _catch_up(self, group: str, size: int, rows: NDArray[np.uint32]) -> None:
        # Others may still read the old arrays, so changed rows go into copies.
        columns: dict[str, Column] = {}
        for name, column in self._groups[group].items():
            grown = np.empty(size, column.dtype)
            kept = min(size, len(column))
            grown[:kept] = column[:kept]
            grown[kept:] = DEFAULT.get(name, 0)
            grown[rows] = DEFAULT.get(name, 0)
            columns[name] = grown
        if len(rows):
            Filling(self.store, size, rows).fill(group, columns)
        self._groups[group] = columns

    def _load(self, group: str) -> None:
        """Read all of a group, and the one beside it where that is not there yet."""
        moment = self._moment
        groups = [group]
        if group in BESIDE and BESIDE[group] not in moment.fresh:
            groups.append(BESIDE[group])
        self._keep(groups, self._read(groups, moment.size))

    def _read(self, groups: Sequence[str], size: int) -> dict[str, Column]:
        """The columns of some groups, the first of which is read together with the others."""
        columns: dict[str, Column] = {
            name: np.full(size, DEFAULT.get(name, 0), DTYPES[name]) for group in groups for name in GROUPS[group]
        }
        spells = self._spells[1] if self._spells is not None and self._has_spells() else None
        Filling(self.store, size, spells=spells).fill(groups[0], columns)
        return columns

    def _keep(self, groups: Sequence[str], columns: dict[str, Column]) -> None:
        """Let columns that were read be those of this moment."""
        moment = self._moment
        for group in groups:
            self._groups[group] = {name: columns[name] for name in GROUPS[group]}
            self._counters[group], self._sizes[group] = moment.counters[DOMAIN_OF[group]], moment.size
            moment.fresh.add(group)

    def kinds(self) -> tuple[Column, Column]:
        """Effective kind and its source per row, as positions in KIND_ORDER and SOURCE_ORDER.

        Sources are applied weakest first, so that stronger ones overwrite: ``domain.guards.kind_of``
        for all rows at once.
        """
        with self.hold():
            for group in _OF_KINDS:
                self.group(group)
            ours = our_names(self.store)
            stamp = (self._moment.size, ours, self._moment.counters["profile"])
            kept, changed = self._kinds, None
            if kept is not None and kept.stamp == stamp:
                changed = self.changed_rows(kept.counters, _OF_KINDS)
            if kept is None or changed is None or len(changed) > _FEW:
                kind, source = self.kinds_of(slice(None))
            elif len(changed):
                kind, source = kept.kind.copy(), kept.source.copy()
                kind[changed], source[changed] = self.kinds_of(changed)
            else:
                return kept.kind, kept.source
            self._kinds = _Kinds(stamp, dict(self._moment.counters), kind, source)
            return kind, source

    def changed_rows(self, counters: Mapping[str, int], domains: Iterable[str]) -> NDArray[np.uint32] | None:
        """Rows that changed in some domains since their counters stood at these, ascending; None where unknown."""
        found = [np.zeros(0, np.uint32)]
        for domain in domains:
            if self._moment.counters[domain] != counters[domain]:
                rows = self.store.changed_since(domain, counters[domain])
                if rows is None:
                    return None
                found.append(np.frombuffer(rows, np.uint32))
        changed: NDArray[np.uint32] = np.unique(np.concatenate(found))
        return changed

    def kinds_of(self, rows: slice | NDArray[np.integer[Any]]) -> tuple[Column, Column]:
        """Effective kind and source of some rows, as ``kinds`` gives them; inside ``hold``."""
        decision, match, score = (
            {name: self.group(group)[name][rows] for name in names} for group, names in _OF_KINDS.items()
        )
        affiliated = np.zeros(self._moment.size, np.bool_)
        affiliated[self._affiliated(our_names(self.store))] = True
        affiliated = affiliated[rows]
        employee = np.full(len(affiliated), KIND_ORDER.index(Kind.EMPLOYEE), np.uint8)
        said: dict[KindSource, tuple[NDArray[np.bool_], Column]] = {
            KindSource.PERSON: (decision["has_word"] == 1, decision["word"]),
            KindSource.CONFIRMED: (match["confirmed_kind"] > 0, match["confirmed_kind"]),
            KindSource.AFFILIATION: (affiliated, employee),
            KindSource.CERTAIN: (match["certain_kind"] > 0, match["certain_kind"]),
            KindSource.JUDGED: (score["judged"] == 1, score["judged_kind"]),
        }
        kind = np.full(len(affiliated), KIND_ORDER.index(Kind.UNSEEN), np.uint8)
        source = np.full(len(affiliated), SOURCE_ORDER.index(KindSource.NONE), np.uint8)
        for by in (by for by in reversed(SOURCE_ORDER) if by in said):
            where, kinds = said[by]
            np.copyto(kind, kinds, where=where)
            source[where] = SOURCE_ORDER.index(by)
        return kind, source

    def _affiliated(self, ours: frozenset[str]) -> NDArray[np.intp]:
        """Rows a verified organisation of ours vouches for."""
        stamp = (self._moment.counters["profile"], self._moment.size, ours)
        if self._ours is None or self._ours[0] != stamp:
            rows = np.flatnonzero(self.group("profile")["affiliated"]) if ours else np.zeros(0, np.intp)
            lines = self.store.con.execute(
                "SELECT row, affiliation FROM account WHERE row IN (SELECT value FROM json_each(?))",
                [json.dumps(rows.tolist())],
            )
            chosen = [row for row, affiliation in lines if folded_name(affiliation) in ours]
            self._ours = (stamp, np.array(chosen, dtype=np.intp))
        return self._ours[1]

    def save(self) -> None:
        """Write every group that is not in its cache file yet, each in one piece; failures do no harm."""
        with self._lock:
            for group, columns in self._groups.items():
                counter = self._counters[group]
                stamp = self.store.stamp_of(DOMAIN_OF[group], counter)
                if stamp is None or self._saved.get(group) == self._header(group, counter, stamp, self._sizes[group]):
                    continue
                self._saved[group] = self._header(group, counter, stamp, self._sizes[group])
                cache_files.write(
                    self.store, f"{group}.bin", self._saved[group], *(columns[name].data for name in GROUPS[group])
                )

    def _header(self, group: str, counter: int, stamp: str, size: int) -> dict[str, object]:
        # Names and types too: files of another layout can be just as long.
        layout = " ".join(f"{name}:{DTYPES[name]}" for name in GROUPS[group])
        return {"version": _VERSION, "layout": layout, "counter": counter, "stamp": stamp, "size": size}

    def _read_cache(self, group: str) -> None:
        found = cache_files.read(self.store, f"{group}.bin")
        if found is None:
            return
        header, body = found
        try:
            counter, size = int(header["counter"]), int(header["size"])
        except (KeyError, TypeError, ValueError):
            return
        # Every change draws a new stamp: a copy put back has other ones from there on.
        stamp = self.store.stamp_of(DOMAIN_OF[group], counter)
        if stamp is None or header != self._header(group, counter, stamp, size):
            return
        offset, columns = 0, dict[str, Column]()
        for name in GROUPS[group]:
            length = size * np.dtype(DTYPES[name]).itemsize
            if offset + length > len(body):
                return
            columns[name] = np.frombuffer(body, DTYPES[name], size, offset)
            offset += length + cache_files.padding(length)
        self._groups[group] = columns
        self._counters[group], self._sizes[group] = counter, size
        self._saved[group] = header
