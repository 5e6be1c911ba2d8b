"""How many rows queries hold for, brought up to date by the rows that changed.

Owns the counts a review shows after every gesture. A query whose answer for a row changes with that
row only is counted once; from then on it is asked again of the rows that changed. Any other query is
counted in full. Only ``store`` and ``services`` read it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from followertui.domain.decision import ActionKind
from followertui.domain.guards import GUARD_ORDER, guard_of
from followertui.domain.query import And, Equals, Flag, Has, Node, Not, Or, Range
from followertui.store.audience.row_facts import lists_now, row_facts
from followertui.store.file import settings
from followertui.store.index import columns as a
from followertui.store.index.arrays import Arrays
from followertui.store.index.evaluator import Evaluator

_FACTS = 500
_MOST_CHANGED = 2_000
"""With more changed rows everything is counted in full again."""
_FRESH_SECONDS = 60
"""So long the present may have gone on while rows that did not change still count as before."""
_FLAGS = frozenset(
    (
        *("follower", "following", "mutual", "fan", "leader", "new", "left", "kept", "reviewed", "planned"),
        *("verified", "locked", "nameless", "gone", "suspended", "silent", "looked", "guarded"),
    )
)
"""What holds an account back changes with its row too: whatever writes it says which rows it was."""
_VALUES = frozenset(("kind", "basis", "type", "decision", "role", "seniority", "plan", "match"))
_NOT_OF_THE_ROW = frozenset(("none", "unchecked"))
"""What ``match:`` asks of the comparison, which is kept for many rows at once."""
_NUMBERS = frozenset((*a.DTYPES, "match", "ratio", "age", "silent"))
_KNOWN = frozenset(
    (
        *("id", "followers", "following", "posts", "listed", "likes", "created", "posted", "bot", "relevance"),
        *("verified", "type", "role", "seniority", "decision", "plan", "match", "affiliation", "kind"),
        *a.KNOWN_TEXTS,
    )
)


def is_of_the_row(node: Node) -> bool:
    """Whether a condition holds for a row as before where the row did not change."""
    if isinstance(node, And | Or):
        return all(map(is_of_the_row, node.parts))
    if isinstance(node, Not):
        return is_of_the_row(node.part)
    if isinstance(node, Flag):
        return node.name in _FLAGS
    if isinstance(node, Equals):
        return node.field in _VALUES and not (node.field == "match" and node.value in _NOT_OF_THE_ROW)
    if isinstance(node, Range):
        return node.field in _NUMBERS
    return isinstance(node, Has) and node.field in _KNOWN


class FewRows(Arrays):
    """The derived arrays of some rows only, by position among them.

    Args:
        columns: the arrays of all rows; the caller holds one moment of them.
        rows: which, ascending.
    """

    def __init__(self, columns: Arrays, rows: NDArray[np.uint32]) -> None:
        super().__init__(columns.store)
        self._all, self._rows = columns, rows
        self._said: dict[str, a.Column] = {}
        self._kinds_said: tuple[a.Column, a.Column] | None = None
        self.hold = columns.hold  # type: ignore[method-assign]

    def size(self) -> int:
        """How many rows."""
        return len(self._rows)

    def get(self, name: str) -> a.Column:
        """One array, a copy."""
        if name not in self._said:
            self._said[name] = self._all.get(name)[self._rows]
        return self._said[name]

    def kinds(self) -> tuple[a.Column, a.Column]:
        """Effective kind and its source."""
        if self._kinds_said is None:
            self._kinds_said = self._all.kinds_of(self._rows)
        return self._kinds_said

    def stamp(self) -> tuple[int, ...]:
        """Changes whenever any array would."""
        return self._all.stamp()


class _OfFewRows(Evaluator):
    """Evaluates conditions that are of the row, for some rows by position among them."""

    def __init__(self, columns: Arrays, rows: NDArray[np.uint32]) -> None:
        super().__init__(columns.store, FewRows(columns, rows))
        self._rows = rows

    def guards(self, now: int) -> NDArray[np.uint8]:
        """What holds each row back from pruning, by plain SQL."""
        found = np.zeros(len(self._rows), np.uint8)
        for start in range(0, len(self._rows), _FACTS):
            some = self._rows[start : start + _FACTS].tolist()
            facts = row_facts(self.store, some)
            for at, row in enumerate(some, start):
                guard = guard_of(ActionKind.UNFOLLOW, facts[row], now) if row in facts else None
                found[at] = 0 if guard is None else 1 + GUARD_ORDER.index(guard)
        return found


class _Kept(NamedTuple):
    """Of one query: how many rows it holds for, and which, a bit a row."""

    number: int
    bits: NDArray[np.uint8]


class RowCounts:
    """Counts of one store's queries.

    Args:
        evaluator: evaluates them in full.
    """

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._columns = evaluator.columns
        self._kept: dict[Node, _Kept] = {}
        self._counters: dict[str, int] = {}
        self._stamp: tuple[object, ...] = ()
        self._counted_at = 0

    @contextlib.contextmanager
    def at(self, now: int) -> Iterator[Callable[[Node], int]]:
        """Count at one moment of the store.

        Args:
            now: epoch seconds UTC.

        Yields:
            what says how many rows a condition holds for.
        """
        with self._columns.hold():
            self._bring_up_to(now)
            yield lambda node: self._known(node, now).number

    def mask(self, node: Node, now: int) -> NDArray[np.bool_]:
        """Which rows a condition holds for, as ``Evaluator.mask`` says; a new array.

        Args:
            node: the condition; one that was counted is not evaluated again.
            now: epoch seconds UTC.
        """
        with self._columns.hold():
            self._bring_up_to(now)
            bits = self._known(node, now).bits
            return np.unpackbits(bits, count=self._columns.size()).view(np.bool_)

    def forget(self) -> None:
        """Count everything in full next time."""
        self._kept.clear()

    def _bring_up_to(self, now: int) -> None:
        """Ask the kept queries again of the rows that changed, or forget them all."""
        store, counters = self._columns.store, self._columns.store.counters()
        lists = lists_now(store)
        stamp = (self._columns.size(), settings.SILENT_DAYS.read(store), settings.our_names(store), lists)
        changed = None
        if self._kept and stamp == self._stamp and 0 <= now - self._counted_at < _FRESH_SECONDS:
            changed = self._columns.changed_rows(self._counters, counters)
        self._counters, self._stamp = counters, stamp
        if changed is None or len(changed) > _MOST_CHANGED:
            self._kept.clear()
            self._counted_at = now
        elif len(changed):
            few = _OfFewRows(self._columns, changed)
            for node, kept in self._kept.items():
                self._kept[node] = _with(kept, changed, few.mask(node, now))

    def _known(self, node: Node, now: int) -> _Kept:
        kept = self._kept.get(node)
        if kept is None:
            mask = self._evaluator.mask(node, now)
            kept = _Kept(int(np.count_nonzero(mask)), np.packbits(mask))
            if is_of_the_row(node):
                self._kept[node] = kept
        return kept


def _with(kept: _Kept, rows: NDArray[np.uint32], now: NDArray[np.bool_]) -> _Kept:
    """What holds of a query once some rows were asked again; ``rows`` each once."""
    place, bit = rows >> 3, (128 >> (rows & 7)).astype(np.uint8)
    was = kept.bits[place] & bit > 0
    differs = was != now
    np.bitwise_xor.at(kept.bits, place[differs], bit[differs])
    return _Kept(kept.number + int(np.count_nonzero(now)) - int(np.count_nonzero(was)), kept.bits)
