"""A colleague's copy of the same store brought back: what both decided, united as one gesture.

Owns whose word stands: of what only one of them changed since the copies went apart, his; of one
person's two words the newer; where two people differ ``keep`` holds, and the pair waits in a queue.
Accounts, lists and imports are not merged: each copy brings in files itself. The command line and
the palette call it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from enum import Enum
from pathlib import Path
from typing import NamedTuple

import numpy as np

from followertui.domain.decision import Decision
from followertui.domain.errors import BadInput
from followertui.domain.kind import GUARDED_KINDS
from followertui.services.care import merging_actions, restoring
from followertui.services.phrases import counted
from followertui.services.review import deciding
from followertui.services.scoring import matching
from followertui.services.session import Session
from followertui.services.values import Gesture, HeldBack
from followertui.store.audience import counterparts
from followertui.store.decisions import draws, due, forks, plans, tags
from followertui.store.decisions.forks import Mark, Touch
from followertui.store.decisions.journal import Change, Journal
from followertui.store.decisions.slots import (
    BLIND_LOOK,
    DECISION,
    DUE,
    KIND,
    LOOK,
    MATCH_WORD,
    NOTE,
    PLAN_TIME,
    Slot,
    Value,
    difference_slot,
    slot_named,
    tag_slot,
)
from followertui.store.file import settings, watermarks
from followertui.store.file.connection import Store

COMMAND = "merge"
"""What the journal calls it."""

_NOUNS = {
    "decision": ("decision", "decisions"),
    "kind": ("kind", "kinds"),
    "match": ("answer to a match", "answers to matches"),
    "tag": ("tag", "tags"),
    "note": ("note", "notes"),
    "release": ("release", "releases"),
    "look": ("look", "looks"),
    "blind": ("blind look", "blind looks"),
    **merging_actions.NOUNS,
}
"""Slot, without its part -> what one and several of its words are called."""

_GUARDED = frozenset(kind.value for kind in GUARDED_KINDS)
_UNKNOWN = "in no import of this store: bring in the file that holds them, then merge again"


class MergeReport(NamedTuple):
    """What a merge did, or would do.

    Attributes:
        gesture: what was written; its entry is 0 where nothing changed or nothing was to be written.
        taken: what was taken from the copy ("decision", "kind", "match", "tag", "note", ...) -> how many.
        differ: accounts on which two people differ.
        left_out: what was left out and why.
    """

    gesture: Gesture
    taken: dict[str, int]
    differ: int
    left_out: tuple[HeldBack, ...]

    @property
    def record(self) -> dict[str, object]:
        """The report as a JSON object."""
        return {
            "entry": self.gesture.entry_id or None,
            "taken": self.taken,
            "differ": self.differ,
            "left_out": {item.reason: item.count for item in self.left_out},
        }

    @property
    def lines(self) -> list[str]:
        """The report, line by line."""
        said = [self.gesture.text]
        if self.differ:
            said.append(f"{counted(self.differ, 'account')} on which two people differ: the queue Differing words")
        return said + [f"left out: {item.count:,} {item.reason}" for item in self.left_out]


def merge(session: Session, source: Path, *, is_dry: bool = False) -> MergeReport:
    """Unite the decisions of a colleague's copy with those here, as one gesture.

    Args:
        session: the open store.
        source: the copy: a store file, or what ``backup`` wrote.
        is_dry: only say what it would do.

    Raises:
        BadInput: it cannot be read, or is no copy of this store.
    """
    with restoring.checked_copy(source, session.store.path) as copy:
        there = Store(copy, must_exist=True)
        try:
            _require_same_store(session.store, there, source)
            return _Merge(session, there).carry_out(source.name, is_dry)
        finally:
            there.close()


def _require_same_store(here: Store, there: Store, source: Path) -> None:
    if watermarks.STORE_ID.read(here) != watermarks.STORE_ID.read(there):
        raise BadInput(f"{source}: is another store, no copy of this one; its decisions are brought in as a sheet")


class _Merge:
    """One merge.

    Args:
        session: the store that takes.
        there: the copy.
    """

    def __init__(self, session: Session, there: Store) -> None:
        self.session, self.here, self.there = session, session.store, there
        self.changes: list[Change] = []
        self.decisions: dict[tuple[object, ...] | None, list[int]] = defaultdict(list)
        self.taken: Counter[str] = Counter()
        self.left_out: Counter[str] = Counter()
        self.differing: set[int] = set()
        fork = forks.fork(self.here, there)
        known = [mark.id for mark in self._merged_before() if forks.holds(there, mark)]
        self.theirs = forks.touched_since(Journal(there, "", ""), max([fork, *known]))
        self.ours = forks.touched_since(session.journal, fork)
        self.calls = forks.calls_beyond(self.here, there)
        rows = {key for name, keys in self.theirs.items() if slot_named(name).key_is_row for key in keys}
        rows.update(item.row for item in due.items(there, list(self.theirs.get(DUE.name, ()))))
        rows.update(item.row for item in plans.items(there, list(self.theirs.get(PLAN_TIME.name, ()))))
        words = sorted(self.theirs.get(MATCH_WORD.name, ()))
        self.match_rows = counterparts.match_rows(there, words)
        self.pairs = counterparts.counterparts(self.here, there, rows | set(self.match_rows.values()))
        self.match_pairs = counterparts.matches_like(self.here, there, self.pairs, words)
        unknown = rows - self.pairs.keys()
        if unknown:
            self.left_out[_UNKNOWN] = len(unknown)

    def _merged_before(self) -> list[Mark]:
        kept = settings.MERGED.read(self.here)
        return [Mark(*mark) for entry, mark in kept.items() if forks.stands(self.here, int(entry))]

    def carry_out(self, name: str, is_dry: bool) -> MergeReport:
        """Collect what changes, and write it unless it is only to be said."""
        for slot_name in sorted(self.theirs):
            self._collect(slot_name)
        beside = merging_actions.ActionUnion(self.session, self.there, self.pairs, self.theirs, self.ours)
        beside.collect()
        self.taken += beside.taken
        self.left_out += beside.left_out
        held: list[HeldBack] = list(beside.held)
        proposals = [
            (
                value,
                deciding.propose(self.session, np.array(rows, np.int64), Decision(str(value[0])) if value else None),
            )
            for value, rows in self.decisions.items()
        ]
        with self.here.write():
            changes = [*self.changes, *beside.changes]
            for value, proposed in proposals:
                changes.append(Change(DECISION, proposed.rows.tolist(), value))
                changes += deciding.planned_by(self.session, proposed, proposed.rows, held)
            gesture = self._said(name) if is_dry else self._write(name, changes, held)
        if self.calls:
            said = "calls or clicks were made from that copy: the next list of those you follow shows them"
            self.left_out[said] = self.calls
        left_out = tuple(HeldBack(reason, count) for reason, count in self.left_out.items())
        return MergeReport(gesture, dict(self.taken), len(self.differing), left_out)

    def _words(self) -> str:
        return ", ".join(counted(count, *_NOUNS[what]) for what, count in sorted(self.taken.items())) or "nothing new"

    def _said(self, name: str) -> Gesture:
        return Gesture(0, 0, 0, 0, (), f"merge of {name} would take {self._words()}; nothing is written")

    def _write(self, name: str, changes: list[Change], held: list[HeldBack]) -> Gesture:
        text = f"merge of {name}: {self._words()}"
        done = self.session.journal.gesture(COMMAND, changes, self.session.now, "", text)
        if not done.entry_id:
            return Gesture(0, 0, 0, 0, (), f"merge of {name}: nothing new")
        newest = forks.newest(self.there)
        if newest is not None:
            kept = settings.MERGED.read(self.here)
            settings.MERGED.write(self.here, {**kept, str(done.entry_id): list(newest)})
        matching.learn_from_words(self.session, [key for s in done.segments if s.slot is MATCH_WORD for key in s.keys])
        return Gesture(done.entry_id, len(done.keys()), 0, 0, tuple(held), text)

    # Whose word stands ------------------------------------------------------------------

    def _collect(self, slot_name: str) -> None:
        if slot_name.startswith(merging_actions.OWN):
            return
        slot = slot_named(slot_name)
        keys = {key: own for key in self.theirs[slot_name] if (own := self._own_key(slot, key)) is not None}
        if slot_name.startswith("tag:"):
            self._collect_tags(slot, keys)
            return
        mine = slot.read(self.here.con, list(keys.values()))
        others = slot.read(self.there.con, list(keys))
        for key, own in keys.items():
            touch = self.ours.get(slot_name, {}).get(own)
            self._unite(slot, own, mine.get(own), touch, others.get(key), self.theirs[slot_name][key])

    def _own_key(self, slot: Slot, key: int) -> int | None:
        if slot.key_is_row:
            return self.pairs.get(key)
        own = self.match_pairs.get(key)
        if own is None:
            self.left_out["answers to matches that are not proposed here"] += 1
        return own

    def _collect_tags(self, slot: Slot, keys: dict[int, int]) -> None:
        """Tags add up: one taken off there stays on here."""
        there = slot.read(self.there.con, list(keys))
        if not there:
            return
        number = tags.make_tag(self.here, tags.name_of(self.there, int(str(slot.fixed[0][1]))))
        own_slot = tag_slot(number)
        wanted = [keys[key] for key in there]
        present = own_slot.read(self.here.con, wanted)
        fresh = [row for row in wanted if row not in present]
        if fresh:
            self._take(own_slot, fresh, (), "tag", len(fresh))

    def _unite(self, slot: Slot, key: int, mine: Value, touch: Touch | None, other: Value, their_touch: Touch) -> None:
        """Decide which of two values of one key stands, and note what changes."""
        if _says(slot, mine) == _says(slot, other):
            return
        verdict = _verdict(slot, mine, touch, other, their_touch)
        if verdict is _Stands.THERE:
            self._take_word(slot, key, other)
        elif verdict is _Stands.NEITHER and mine is not None and other is not None:
            if slot is NOTE:
                self._take(slot, [key], (f"{mine[0]}\n{other[0]}", mine[1], self.session.now), "note", 1)
            elif slot in (DECISION, KIND, MATCH_WORD):
                self._differ(slot, key, mine, other)

    def _take_word(self, slot: Slot, key: int, value: Value) -> None:
        if slot is DECISION:
            self.decisions[value].append(key)
            self.taken["decision"] += 1
        else:
            self._take(slot, [key], self._translated(slot, value), slot.name.partition(":")[0], 1)

    def _translated(self, slot: Slot, value: Value) -> Value:
        """A value with what is numbered otherwise here: a draw that both copies know, else none."""
        if slot is not LOOK or value is None:
            return value
        known = {(draw.id, draw.upto) for draw in draws.draws(self.here)}
        shared = {draw.id for draw in draws.draws(self.there) if (draw.id, draw.upto) in known}
        return (value[0] if value[0] in shared else None, *value[1:])

    def _take(self, slot: Slot, keys: Iterable[int], value: Value, what: str, count: int) -> None:
        self.changes.append(Change(slot, list(keys), value))
        self.taken[what] += count

    def _differ(self, slot: Slot, key: int, mine: tuple[object, ...], other: tuple[object, ...]) -> None:
        """Two people said different things: what holds meanwhile, and the pair for the queue."""
        row = key if slot.key_is_row else counterparts.match_rows(self.here, [key])[key]
        if slot is DECISION:
            if other[0] == Decision.KEEP.value:
                self._take_word(slot, key, other)
            elif mine[0] != Decision.KEEP.value:
                self.decisions[None].append(key)
        elif slot is KIND and other[0] in _GUARDED and mine[0] not in _GUARDED:
            self._take_word(slot, key, other)
        elif slot is MATCH_WORD:
            self.changes.append(Change(slot, [key], None))
        pair = (str(mine[0]), str(mine[-2]), str(other[0]), str(other[-2]), self.session.now)
        what = "match" if slot is MATCH_WORD else slot.name
        self.changes.append(Change(difference_slot(what), [row], pair))
        self.differing.add(row)


class _Stands(Enum):
    """Whose value stands."""

    HERE = "here"
    THERE = "there"
    NEITHER = "neither"


def _verdict(slot: Slot, mine: Value, touch: Touch | None, other: Value, their_touch: Touch) -> _Stands:
    """Whose value of one key stands, where the copy touched it since they went apart.

    Args:
        slot: where it stands.
        mine: the value here.
        touch: who touched it here since then, None for nobody.
        other: the value there, another than here.
        their_touch: who touched it there.
    """
    if slot in (LOOK, BLIND_LOOK):
        return _Stands.THERE if mine is None else _Stands.HERE
    is_keep = slot is DECISION and mine is not None and mine[0] == Decision.KEEP.value
    if touch is None and not is_keep:
        return _Stands.THERE
    my_word, their_word = _who(slot, mine, touch), _who(slot, other, their_touch)
    if my_word is not None and their_word is not None and my_word.reviewer == their_word.reviewer:
        return _Stands.THERE if their_word.at > my_word.at else _Stands.HERE
    if mine is None:
        return _Stands.THERE
    return _Stands.HERE if other is None else _Stands.NEITHER


def _says(slot: Slot, value: Value) -> tuple[object, ...] | None:
    """What a value says, by whom and when apart; only that it is there, where there is nothing more to it."""
    return None if value is None else tuple(value[at] for at in slot.telling)


def _who(slot: Slot, value: Value, touch: Touch | None) -> Touch | None:
    """Whose word a value is; of a word taken back, who did so."""
    if value is None or "reviewer" not in slot.columns:
        return touch
    return Touch(str(value[slot.columns.index("reviewer")]), int(str(value[slot.columns.index("at")])))
