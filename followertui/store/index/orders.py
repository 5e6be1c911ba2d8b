"""Orders: one permutation of the rows per sort field, kept until what it sorts by changes.

Owns how a sort is computed and cached. Unknown values come last whichever way it runs;
ties are broken by ascending row. Only ``store`` imports it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from followertui.domain.guards import CONVERSATIONS
from followertui.domain.kind import KIND_ORDER, SOURCE_ORDER, UNKNOWN_KINDS, KindSource
from followertui.domain.query import Sort
from followertui.store.decisions import draws
from followertui.store.file.connection import Store
from followertui.store.file.settings import our_names
from followertui.store.index import cache_files
from followertui.store.index import columns as a
from followertui.store.index.arrays import Arrays

Cuts = Callable[[], Mapping[str, int]]
"""Says from which score on an account is judged to be of a kind."""

_SURE = (KindSource.PERSON, KindSource.CONFIRMED, KindSource.AFFILIATION)
_DOUBT_A_POINT = 4
"""So much doubt a score loses with each point between it and its cut: 25 points away there is none."""

_LEAST_KEPT = 20_000
"""A shorter order is computed as quickly as it is read."""

_CONTACTS = {"contacted": CONVERSATIONS, "offered": ("offer",)}
_TEXT = ("name", "handle", "location", "affiliation")
_DOMAIN = {
    **dict.fromkeys(
        (*_TEXT, "followers", "following", "posts", "listed", "likes", "ratio", "age", "silent"), "profile"
    ),
    **dict.fromkeys(("created", "posted", "seen"), "profile"),
    **dict.fromkeys(("followed", "left"), "relation"),
    "decision": "decision",
    "match": "match",
    "random": "profile",
    **dict.fromkeys(("bot", "relevance", "type", "role", "seniority"), "score"),
}


class Orders:
    """The permutations of one store.

    Args:
        store: the open store.
        columns: its derived arrays.
        cuts: from which score on an account is judged to be of a kind, by kind.
    """

    def __init__(self, store: Store, columns: Arrays, cuts: Cuts = dict) -> None:
        self.store = store
        self.columns = columns
        self._cuts = cuts
        self._kept: dict[Sort, tuple[object, NDArray[np.uint32]]] = {}
        self._lock = threading.RLock()

    def order(self, sort: Sort) -> NDArray[np.uint32]:
        """Every row number but 0, in the order asked for."""
        with self._lock, self.columns.hold():
            stamp = self._stamp(sort.field)
            kept = self._kept.get(sort)
            if kept is not None and kept[0] == stamp:
                return kept[1]
            order = self._read(sort, stamp)
            if order is None:
                order = self._text(sort) if sort.field in _TEXT else self._numeric(sort)
                self._save(sort, stamp, order)
            self._kept[sort] = (stamp, order)
            return order

    def _stamp(self, field: str) -> object:
        lineage = self.store.lineage()
        domain = _DOMAIN.get(field)
        if field in _CONTACTS:
            found = self.store.con.execute("SELECT count(*), max(at) FROM interaction_now").fetchone()
            return [list(found), lineage, self.columns.size()]
        if field == "doubt":
            return [dict(self._cuts()), lineage, self.columns.size()]
        if field == "kind":
            return [sorted(our_names(self.store)), lineage, self.columns.size()]
        return [lineage[domain] if domain else lineage, self.columns.size()]

    def _numeric(self, sort: Sort) -> NDArray[np.uint32]:
        values = self._values(sort.field)
        unknown = values == a.UNKNOWN
        keys: NDArray[Any] = -values if sort.descending else values
        order = np.argsort(keys, kind="stable")
        order = order[order > 0]
        lost = unknown[order]
        return np.concatenate([order[~lost], order[lost]]).astype(np.uint32)

    def _values(self, field: str) -> NDArray[Any]:
        get = self.columns.get
        if field == "ratio":
            followers, following = get("followers"), get("following")
            known = (followers >= 0) & (following >= 0)
            return np.where(known, following / np.maximum(followers, 1), a.UNKNOWN)
        if field == "age":
            # The order of durations does not depend on now: later moments are shorter durations.
            created = get("created")
            return np.where(created == a.UNKNOWN, a.UNKNOWN, (1 << 40) - created)
        if field == "silent":
            posted, read = get("posted"), get("read")
            until = np.where(read == a.UNKNOWN, 1 << 40, read)
            return np.where(posted == a.UNKNOWN, a.UNKNOWN, np.maximum(until - posted, 0))
        if field in _CONTACTS:
            return self.contacts(field)
        if field == "doubt":
            return self.doubt()
        if field == "random":
            return self.random()
        if field == "kind":
            # Unseen and unclear are the two ways of not knowing.
            rank = np.array([a.UNKNOWN if kind in UNKNOWN_KINDS else code for code, kind in enumerate(KIND_ORDER)])
            return rank[self.columns.kinds()[0]]
        if field == "match":
            return get("match_order").astype(np.int64)
        values = get(field).astype(np.int64)
        if field in ("type", "role", "seniority", "decision"):
            return np.where(values == 0, a.UNKNOWN, values)
        return values

    def contacts(self, field: str) -> NDArray[np.int64]:
        """Moment of the last contact ("contacted") or link ("offered") per row, UNKNOWN without one."""
        kinds = _CONTACTS[field]
        values = np.full(self.columns.size(), a.UNKNOWN, np.int64)
        found = self.store.con.execute(
            f"SELECT row, max(at) FROM interaction_now WHERE kind IN ({','.join('?' * len(kinds))}) GROUP BY row", kinds
        )
        for row, at in found:
            values[row] = at
        return values

    def random(self) -> NDArray[np.int64]:
        """The fixed random number of each row, 0 to 2**62, the same in every copy of the store."""
        return draws.numbers(self.store, np.arange(self.columns.size()))

    def doubt(self) -> NDArray[np.int64]:
        """How close to its cut the closest score of each row is, 0-100; UNKNOWN where nothing is judged."""
        get = self.columns.get
        closest = np.full(self.columns.size(), a.UNKNOWN, np.int64)
        for name, cut in self._cuts().items():
            scores = get(name).astype(np.int64)
            near = np.maximum(100 - _DOUBT_A_POINT * np.abs(scores - cut), 0)
            closest = np.maximum(closest, np.where(scores == a.UNKNOWN, a.UNKNOWN, near))
        is_sure = a.among(self.columns.kinds()[1], [SOURCE_ORDER.index(source) for source in _SURE])
        return np.where(is_sure & (closest != a.UNKNOWN), 0, closest)

    def _text(self, sort: Sort) -> NDArray[np.uint32]:
        direction = "DESC" if sort.descending else ""
        value = f"nullif({sort.field}, '')"
        found = self.store.con.execute(
            f"SELECT row FROM account ORDER BY {value} IS NULL, {value} COLLATE NOCASE {direction}, row"
        )
        return np.fromiter((line[0] for line in found), dtype=np.uint32)

    def _save(self, sort: Sort, stamp: object, order: NDArray[np.uint32]) -> None:
        if len(order) >= _LEAST_KEPT:
            cache_files.write(self.store, _name(sort), {"stamp": stamp, "count": len(order)}, order.data)

    def _read(self, sort: Sort, stamp: object) -> NDArray[np.uint32] | None:
        found = cache_files.read(self.store, _name(sort))
        if found is None or found[0]["stamp"] != json.loads(json.dumps(stamp)):
            return None
        return np.frombuffer(found[1], np.uint32, found[0]["count"])


def _name(sort: Sort) -> str:
    return f"order{'-' if sort.descending else '+'}{sort.field}.bin"
