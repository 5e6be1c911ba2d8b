"""Who stands behind entries of several lists, and what joins them.

Owns the tables entity and entity_key. Joined by id, by a domain of one's own where the names
speak of the same, or by exactly the same name without contradiction; never by likeness.
Only ``store`` imports it.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Sequence
from typing import Any

from followertui.domain.lists import ListEntry
from followertui.text.domains import own_domain
from followertui.text.folding import words
from followertui.text.legal_forms import without_legal_form

_PLAIN = ("company", "person", "first_name", "middle_name", "last_name", "suffix", "nickname", "title", "city",
          "region", "country", "owner", "crm_id")  # fmt: skip
SEVERAL = ("domains", "emails", "handles")
PLACE = ("city", "region", "country")
_GLOBAL_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Entities:
    """Finds or makes the company or person behind an entry; never by likeness.

    Args:
        con: the connection of the open transaction.
        list_id: the list being read.
    """

    def __init__(self, con: sqlite3.Connection, list_id: int) -> None:
        self.con = con
        self.list_id = list_id
        self.met: set[int] = set()

    def behind(self, entry: ListEntry) -> int:
        """Number of the company or person, made where nothing joins the entry to a known one."""
        entity = self._find(entry)
        self.met.add(entity)
        return entity

    def _find(self, entry: ListEntry) -> int:
        sure = sure_keys(entry)
        for key in sure:
            found = self.con.execute("SELECT entity_id FROM entity_key WHERE key = ?", [key]).fetchone()
            if found is not None and (not key.startswith("domain:") or self._shares(int(found[0]), entry)):
                self._learn(int(found[0]), sure)
                return int(found[0])
        name = name_key(entry)
        found = self.con.execute("SELECT entity_id FROM entity_key WHERE key = ?", [name]).fetchone() if name else None
        if found is not None and self._fits(int(found[0]), entry):
            self._learn(int(found[0]), sure)
            return int(found[0])
        person = person_of(entry)
        cursor = self.con.execute(
            "INSERT INTO entity(sort, name) VALUES (?, ?)",
            ["person" if person else "company", person or entry.company or (entry.domains or ("",))[0]],
        )
        entity = int(cursor.lastrowid or 0)
        self._learn(entity, [*sure, *([name] if name else [])])
        return entity

    def _learn(self, entity: int, keys: Sequence[str]) -> None:
        self.con.executemany("INSERT OR IGNORE INTO entity_key VALUES (?, ?)", [(key, entity) for key in keys])

    def _shares(self, entity: int, entry: ListEntry) -> bool:
        """Whether a shared domain means the same company: publishers and groups host many names on one.

        The names must speak of the same, and within one list be equal in the same place.
        """
        own = _core(entry.company)
        theirs = [_core(line[0]) for line in self.con.execute("SELECT name FROM entity WHERE id = ?", [entity])]
        lines = self.con.execute("SELECT list_id, company, data FROM entry WHERE entity_id = ?", [entity]).fetchall()
        theirs += [_core(company) for _, company, _ in lines]
        if own and all(theirs) and not any(own <= other or other <= own for other in theirs):
            return False
        data = entry_data(entry)
        for list_id, company, text in lines:
            if list_id == self.list_id and (_core(company) != own or _is_elsewhere(json.loads(text), data)):
                return False
        return True

    def _fits(self, entity: int, entry: ListEntry) -> bool:
        """Whether an entity of exactly this name may be the same: no other domain or place, not of this list."""
        if entity in self.met:
            return False
        domains = {key for key in sure_keys(entry) if key.startswith("domain:")}
        theirs = {
            line[0]
            for line in self.con.execute(
                "SELECT key FROM entity_key WHERE entity_id = ? AND key LIKE 'domain:%'", [entity]
            )
        }
        if domains and theirs and domains.isdisjoint(theirs):
            return False
        for list_id, data in self.con.execute("SELECT list_id, data FROM entry WHERE entity_id = ?", [entity]):
            if list_id == self.list_id:
                return False
            if not agree(json.loads(data), entry_data(entry)):
                return False
        return True


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


def sure_keys(entry: ListEntry) -> list[str]:
    """Keys that mean the same company or person wherever they are met."""
    keys = []
    if entry.crm_id and _GLOBAL_ID.fullmatch(entry.crm_id):
        keys.append(f"id:{entry.crm_id}")
    if person_of(entry):
        keys += [f"mail:{email}" for email in entry.emails]
    else:
        domains = (own_domain(text) for text in (*entry.domains, *entry.emails))
        keys += [f"domain:{domain}" for domain in dict.fromkeys(domains) if domain]
    return keys


def name_key(entry: ListEntry) -> str:
    """The exact name, folded; a person's name means somebody only together with the company."""
    company = " ".join(words(entry.company))
    name = person_of(entry)
    if not name:
        return f"name:{company}" if company else ""
    person = " ".join(words(name))
    return f"person:{person}|{company}" if person and company else ""


def person_of(entry: ListEntry) -> str:
    """The name of the person an entry speaks of, also where the file gives its parts; "" for a company."""
    return entry.person or (f"{entry.first_name} {entry.last_name}".strip() if entry.last_name else "")


def entry_data(entry: ListEntry) -> dict[str, Any]:
    """Every understood field that says something, as JSON keeps it."""
    found: dict[str, Any] = {name: getattr(entry, name) for name in _PLAIN if getattr(entry, name)}
    found.update({name: list(getattr(entry, name)) for name in SEVERAL if getattr(entry, name)})
    if entry.opted_in is not None:
        found["opted_in"] = entry.opted_in
    return found
