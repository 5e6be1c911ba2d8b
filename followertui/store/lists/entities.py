"""Who stands behind entries of several lists, and what joins them.

Owns the tables entity and entity_key. Joined by id, by a domain of one's own where the names
speak of the same, or by exactly the same name without contradiction; never by likeness.
Only ``store`` imports it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from followertui.domain.lists import ListEntry
from followertui.store.lists.entries import BEHIND, PLACE, EntryLine, name_key
from followertui.text.folding import words
from followertui.text.legal_forms import without_legal_form

_DOMAIN = "domain:"
_SOME = "(SELECT value FROM json_each(?))"


class _Stands(NamedTuple):
    """An entry of an entity: its list, its company's name, its recognised fields, whether it has no line of its own."""

    list_id: int
    company: str
    data: str
    is_behind: bool


class _Known:
    """A company or person some of the lines may speak of.

    Attributes:
        name: what it is called.
        domains: its keys that are domains.
        entries: its entries, including those of this batch.
    """

    __slots__ = ("domains", "entries", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.domains: set[str] = set()
        self.entries: list[_Stands] = []


class Entities:
    """Finds or makes the companies and people behind entries; never by likeness.

    Args:
        con: the connection of the open transaction.
        list_id: the list being read.
    """

    def __init__(self, con: sqlite3.Connection, list_id: int) -> None:
        self.con = con
        self.list_id = list_id
        self._last = int(con.execute("SELECT coalesce(max(id), 0) FROM entity").fetchone()[0])
        self._keys: dict[str, int] = {}
        self._known: dict[int, _Known] = {}
        self._made: list[tuple[int, str, str]] = []
        self._learned: list[tuple[str, int]] = []

    def behind(self, lines: Sequence[EntryLine]) -> list[int]:
        """Numbers of the companies and people, in order; made where nothing joins a line to a known one."""
        self._look_up(lines)
        found = [self._one(line) for line in lines]
        self.con.executemany("INSERT INTO entity(id, type, name) VALUES (?, ?, ?)", self._made)
        self.con.executemany("INSERT OR IGNORE INTO entity_key VALUES (?, ?)", self._learned)
        self._made, self._learned = [], []
        return found

    def _look_up(self, lines: Sequence[EntryLine]) -> None:
        """Read the entities of the keys of these lines, and their entries."""
        asked = json.dumps(list({key for line in lines for key in (*line.sure, line.name) if key}))
        self._keys = dict(self.con.execute(f"SELECT key, entity_id FROM entity_key WHERE key IN {_SOME}", [asked]))
        some = [json.dumps(sorted({*self._keys.values()}))]
        self._known = {
            number: _Known(name)
            for number, name in self.con.execute(f"SELECT id, name FROM entity WHERE id IN {_SOME}", some)
        }
        for number, key in self.con.execute(f"SELECT entity_id, key FROM entity_key WHERE entity_id IN {_SOME}", some):
            if key.startswith(_DOMAIN):
                self._known[number].domains.add(key)
        stand = f"SELECT entity_id, list_id, company, data, key LIKE '{BEHIND}%' FROM entry WHERE entity_id IN {_SOME}"
        for number, *entry in self.con.execute(stand, some):
            self._known[number].entries.append(_Stands(*entry))

    def _one(self, line: EntryLine) -> int:
        """The entity of a line."""
        entity = self._find(line)
        if entity is None:
            self._last = entity = self._last + 1
            self._made.append((entity, "person" if line.is_person else "company", line.called))
            self._known[entity] = _Known(line.called)
            self._learn(entity, (line.name,) if line.name else ())
        self._learn(entity, line.sure)
        self._known[entity].entries.append(_Stands(self.list_id, line.company, line.data, line.is_behind))
        return entity

    def _find(self, line: EntryLine) -> int | None:
        for key in line.sure:
            found = self._keys.get(key)
            if found is not None and (not key.startswith(_DOMAIN) or self._shares(self._known[found], line)):
                return found
        found = self._keys.get(line.name) if line.name else None
        return found if found is not None and self._fits(self._known[found], line) else None

    def _learn(self, entity: int, keys: Iterable[str]) -> None:
        for key in keys:
            if key not in self._keys:
                self._keys[key] = entity
                self._learned.append((key, entity))
                if key.startswith(_DOMAIN):
                    self._known[entity].domains.add(key)

    def _shares(self, known: _Known, line: EntryLine) -> bool:
        """Whether a shared domain means the same company: publishers and groups host many names on one.

        The names must speak of the same, and two lines of one list be equal in the same place.
        """
        own = _core(line.company)
        theirs = [_core(known.name), *(_core(entry.company) for entry in known.entries)]
        if own and all(theirs) and not any(own <= other or other <= own for other in theirs):
            return False
        data = json.loads(line.data)
        return not any(
            self._is_beside(entry, line)
            and (_core(entry.company) != own or _is_elsewhere(json.loads(entry.data), data))
            for entry in known.entries
        )

    def _is_beside(self, entry: _Stands, line: EntryLine) -> bool:
        """Whether both are lines of this list, which tells its lines apart; its people's companies are no lines."""
        return entry.list_id == self.list_id and not entry.is_behind and not line.is_behind

    def _fits(self, known: _Known, line: EntryLine) -> bool:
        """Whether an entity of exactly this name may be the same: no other domain or place, not of this list."""
        if any(self._is_beside(entry, line) for entry in known.entries):
            return False
        domains = {key for key in line.sure if key.startswith(_DOMAIN)}
        if domains and known.domains and domains.isdisjoint(known.domains):
            return False
        data = json.loads(line.data)
        return all(agree(json.loads(entry.data), data) for entry in known.entries)


def by_name(
    con: sqlite3.Connection, where: str, parameters: list[Any]
) -> dict[str, list[tuple[int, int, dict[str, Any]]]]:
    """Entries by their exact folded name: number, entity, what is understood."""
    found: dict[str, list[tuple[int, int, dict[str, Any]]]] = {}
    for number, entity, company, person, data in con.execute(
        f"SELECT id, entity_id, company, person, data FROM entry WHERE {where}", parameters
    ):
        name = name_key(ListEntry(0, company=company, person=person)) or f"{company}|{person}".casefold()
        found.setdefault(name, []).append((number, entity, json.loads(data)))
    return found


def agree(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two entries of one name contradict each other in no place and share a domain where both have one."""
    if _is_elsewhere(one, other):
        return False
    return not one.get("domains") or not other.get("domains") or bool({*one["domains"]} & {*other["domains"]})


def _is_elsewhere(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two entries name different places."""
    return any(one.get(name) and other.get(name) and one[name].casefold() != other[name].casefold() for name in PLACE)


def _core(company: str) -> frozenset[str]:
    """The words of a company's name without its legal form."""
    return frozenset(without_legal_form(words(company)))
