"""Amendments of an import or a list, and their undo.

Owns what changes when a reading is said to be complete or partial, when a list's basis or name
is changed, and when a list no longer counts. Each is one journal entry.
``Workbench``, the command line and ``undoing`` call it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, cast

from followertui.domain.clock import Clock, epoch
from followertui.domain.errors import BadInput, NothingToDo
from followertui.domain.lists import Basis
from followertui.domain.match import ClauseWord
from followertui.services.phrases import counted
from followertui.store.audience import imports, relations
from followertui.store.decisions.journal import Entry, Journal
from followertui.store.file import watermarks
from followertui.store.file.connection import Store
from followertui.store.lists import listings, lists, matches
from followertui.text.cleaning import clean_text

COMPLETENESS, LIST_BASIS, LIST_DROP, CLAUSE = "completeness", "list-basis", "list-drop", "clause"
LIST_NAME = "list-name"
COMMANDS = frozenset({COMPLETENESS, LIST_BASIS, LIST_NAME, LIST_DROP, CLAUSE})
"""Commands of the journal that ``reverse`` undoes."""


class AmendmentResult(NamedTuple):
    """What an amendment of a reading did: one line, spells newly new, spells ended."""

    text: str
    new: int
    left: int


def set_completeness(store: Store, journal: Journal, clock: Clock, import_id: int, word: str) -> AmendmentResult:
    """Set whether a snapshot was complete, as a person says.

    Args:
        store: the open store.
        journal: who says it.
        clock: the time.
        import_id: the import that read it.
        word: "complete" or "partial".

    Raises:
        BadInput: there is no such import, or it read no followers or following.
        NothingToDo: that was known already.
    """
    run = imports.run(store, import_id)
    if run is None or run.state != "done":
        raise BadInput(f"import {import_id}: there is none of that number that counts; `import log` lists them")
    before = relations.snapshots_of(store, import_id)
    if not before:
        raise BadInput(f"import {import_id} ({run.source}): is no reading of followers or following")
    changed = [(snapshot, earlier) for snapshot, earlier in before if earlier != word]
    if not changed:
        raise NothingToDo(f"import {import_id} ({run.source}): is {word} already")
    new = left = 0
    with store.write():
        for snapshot, _ in changed:
            outcome = relations.set_completeness(store, snapshot, word)
            new, left = new + outcome.new.get(snapshot, 0), left + outcome.left.get(snapshot, 0)
        text = f"import {run.source} is {word}: {new:,} new, {left:,} left"
        journal.record(COMPLETENESS, epoch(clock.now()), text, new + left, {"before": changed, "after": word})
    return AmendmentResult(text, new, left)


def say_basis(store: Store, journal: Journal, clock: Clock, name: str, basis: Basis) -> str:
    """Change how a list's people were obtained; the next comparison honours it. Returns one line.

    Args:
        store: the open store.
        journal: who says it.
        clock: the time.
        name: of the list, as it is written.
        basis: the new one.

    Raises:
        NothingToDo: it has that basis already.
    """
    info = next(info for info in lists.lists(store) if info.name == name)
    if info.consent_basis == basis.value:
        raise NothingToDo(f'"{name}" is {basis.value} already')
    text = f'list "{name}": basis {info.consent_basis} -> {basis.value}'
    with store.write():
        lists.set_consent_basis(store, name, basis.value)
        journal.record(
            LIST_BASIS, epoch(clock.now()), text, info.entries,
            {"list": name, "before": info.consent_basis, "after": basis.value},
        )  # fmt: skip
    people = "are compared too" if basis is not Basis.THIRD_PARTY else "are no longer compared, only its companies"
    return f"{text}; its people {people}"


def rename_list(store: Store, journal: Journal, clock: Clock, name: str, new: str) -> str:
    """Call a list by another name; returns one line.

    Args:
        store: the open store.
        journal: who says it.
        clock: the time.
        name: of the list, as it is written.
        new: the new name, any text.

    Raises:
        BadInput: the new name is blank, or another list has it.
        NothingToDo: it is called that already.
    """
    new = " ".join(clean_text(new, limit=120).split())
    if not new:
        raise BadInput("a list needs a name: `followertui lists rename NAME NEW`")
    if new == name:
        raise NothingToDo(f'"{name}" is called that already')
    if new.casefold() != name.casefold() and listings.is_list(store, new):
        raise BadInput(f'there is, or was, a list named "{new}"; choose another name')
    info = next(info for info in lists.lists(store) if info.name == name)
    text = f'list "{name}" renamed to "{new}"'
    with store.write():
        listings.rename_list(store, name, new)
        journal.record(LIST_NAME, epoch(clock.now()), text, info.entries, {"before": name, "after": new})
    return f"{text}; its next file goes under that name"


def drop_list(store: Store, journal: Journal, clock: Clock, name: str) -> str:
    """Drop a list; returns one line.

    Args:
        store: the open store.
        journal: who says it.
        clock: the time.
        name: of the list, as it is written.
    """
    info = next(info for info in lists.lists(store) if info.name == name)
    now = epoch(clock.now())
    with store.write():
        lists.drop(store, name, now)
        journal.record(LIST_DROP, now, f'list "{name}" dropped', info.entries, {"list": name})
    entries = counted(info.entries, "entry", "entries")
    return f'"{name}" no longer counts: {entries}; undo, or importing it again under that name, brings it back'


def set_clause(store: Store, word: ClauseWord, rows: Sequence[int], is_refused: bool) -> None:
    """Refuse a clause, or let it count again, inside the caller's transaction.

    Args:
        store: the open store.
        word: the clause.
        rows: accounts whose matches rest on it; they are to be compared again.
        is_refused: no match rests on it any more.
    """
    others = tuple(one for one in watermarks.CLAUSE_WORDS.read(store) if one != word)
    watermarks.CLAUSE_WORDS.write(store, (*others, word) if is_refused else others)
    matches.mark_pending(store, rows)


def reverse(store: Store, journal: Journal, clock: Clock, entry: Entry, is_redo: bool) -> str:
    """Undo or redo an amendment; returns one line."""
    payload = journal.payload(entry.id)
    now = epoch(clock.now())
    with store.write():
        if entry.command == COMPLETENESS:
            for snapshot, before in cast("list[tuple[int, str]]", payload["before"]):
                relations.set_completeness(store, snapshot, str(payload["after"]) if is_redo else before)
        elif entry.command == LIST_BASIS:
            lists.set_consent_basis(store, str(payload["list"]), str(payload["after" if is_redo else "before"]))
        elif entry.command == LIST_NAME:
            names = (str(payload["before"]), str(payload["after"]))
            listings.rename_list(store, *(names if is_redo else names[::-1]))
        elif entry.command == CLAUSE:
            word = ClauseWord(*cast("tuple[int, str, str]", tuple(cast("list[object]", payload["clause"]))))
            set_clause(store, word, cast("list[int]", payload["rows"]), is_refused=is_redo)
        elif is_redo:
            lists.drop(store, str(payload["list"]), now)
        else:
            lists.restore(store, str(payload["list"]))
        journal.mark_reversed(entry, now, is_redo)
    return entry.text
