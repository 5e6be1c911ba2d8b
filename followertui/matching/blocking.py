"""Candidate pairs: which entries are worth comparing with an account.

Owns the resident index of all entries: blocking keys (names as one word, domains, handles,
prefixes, rare words, family names) and the near names of the exact join. It scores nothing.
Only ``matching`` imports it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import numpy as np

from followertui.matching.forms import AccountForm, CompanyForm, HandleForm, PersonForm
from followertui.matching.joining import KeySet, near_pairs
from followertui.matching.normalising import acronym, comparison_key, native_key, numbers_in
from followertui.matching.vocabulary import nicknames, vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_PER_KEY = 48
"""Block limit of a name: only the first entries up to it are compared."""

FEW = 6
"""Block limit of a word, a prefix or a shared domain: a larger block is skipped."""

_LONGEST_RUN = 5
_SHORTEST_INSIDE = 4
_SHORTEST_START = 2

_NEAR_OFFICES = frozenset({"press", "office", "staff", "team"})
"""Words in the handles of the staff of an office holder."""

Index = dict[str, list[int]]


class Blocks:
    """All entries of a matcher, indexed by blocking key.

    Args:
        companies: company forms by entry position.
        people: person forms by entry position.
        others: forms of entries that name nothing but handles, by entry position.
        is_limited: apply the block limits.
    """

    def __init__(
        self,
        companies: dict[int, CompanyForm],
        people: dict[int, PersonForm],
        others: dict[int, HandleForm],
        is_limited: bool = True,
    ) -> None:
        self._most, self._few = (MOST_PER_KEY, FEW) if is_limited else (sys.maxsize, sys.maxsize)
        self.joined: Index = {}
        self.starts: Index = {}
        self.domains: Index = {}
        self.handles: Index = {}
        self.rare: Index = {}
        self.words: dict[int, frozenset[str]] = {}
        self.surnames: Index = {}
        self.lone_surnames: Index = {}
        self.person_handles: Index = {}
        self.person_domains: Index = {}
        for form in companies.values():
            self._add_company(form)
        for person in people.values():
            self._add_person(person)
        for other in others.values():
            for handle in other.handles:
                _put(self.handles, handle, other.at)
        names: list[str] = []
        owner: list[int] = []
        for at, text in _named(companies, people):
            for key in (comparison_key(text), native_key(text)):
                if key:
                    names.append(key)
                    owner.append(at)
        self.near = KeySet(names)
        self.near_numbers = _number_marks(names)
        self.near_owner = np.array(owner, np.int64)

    def _add_company(self, form: CompanyForm) -> None:
        for text in form.joined | form.acronyms | form.labels:
            _put(self.joined, text, form.at)
        for key in form.native:
            _put(self.joined, key, form.at)
        for domain in form.domains:
            _put(self.domains, domain, form.at)
        for handle in form.handles:
            _put(self.handles, handle, form.at)
        self.words[form.at] = frozenset(word for _, core in form.names for word in core)
        for _, core in form.names:
            for text in _led_by_initials(core):
                _put(self.joined, text, form.at)
            for first in range(len(core)):
                for last in range(first + 1, min(len(core), first + _LONGEST_RUN) + 1):
                    if last - first < len(core) and len(start := "".join(core[first:last])) > 2:
                        _put(self.starts, start, form.at)
            for word in set(core):
                if len(word) > 2:
                    _put(self.rare, word, form.at)

    def _add_person(self, form: PersonForm) -> None:
        name = form.name
        initials = {given[0] for given in name.given} | {word[0] for word in name.middle}
        for given in name.given:
            initials |= {short[0] for short in _forms_of(given)}
        for surname in {"".join(name.last), name.surname}:
            _put(self.lone_surnames, surname, form.at)
            for initial in initials:
                _put(self.surnames, f"{surname} {initial}", form.at)
        for text in person_handles(form):
            _put(self.person_handles, text, form.at)
        for alias in form.aliases:
            _put(self.person_handles, "".join(alias), form.at)
        if form.native:
            _put(self.joined, form.native, form.at)
        for handle in form.handles:
            _put(self.handles, handle, form.at)
        for domain in form.domains:
            _put(self.person_domains, domain, form.at)

    def _only_few(self, index: Index, key: str) -> Sequence[int]:
        """The entries under a key, none where they are over the block limit."""
        ats = index.get(key, ())
        return ats if len(ats) <= self._few else ()

    def candidates(self, account: AccountForm, near: Iterable[int] = ()) -> set[int]:
        """Candidate entries of an account.

        Args:
            account: the account.
            near: entries whose name the exact join found near.

        Returns:
            Positions among the matcher's entries.
        """
        found = set(near)
        take = found.update
        texts = _handle_runs(account)
        for handle in (account.handle.lower(), *account.former_handles):
            take(self.handles.get(handle, ()))
        for text in self._domains(account):
            take(self.domains.get(text, ()))
            take(self._only_few(self.person_domains, text))
        for core in account.cores:
            take(self._only_few(self.starts, "".join(core)))
            texts |= _runs(core)
            texts.add(acronym(core))
            if len(core) > 1:
                self._take_sharing(core, found)
        texts.add(account.native)
        for mention, _, _ in account.bio_handles:
            take(self.handles.get(mention, ()))
            texts.add(mention.replace("_", ""))
        if account.affiliation:
            texts |= _runs(tuple(account.affiliation.lower().replace("@", "").split()))
        for text in self.joined.keys() & texts:
            take(self.joined[text][: self._most])
        if self.surnames:
            take(self._people(account))
        return found

    def _take_sharing(self, core: tuple[str, ...], found: set[int]) -> None:
        """Add companies that share a rare word and at least one more with a core."""
        for word in core:
            for at in self._only_few(self.rare, word):
                if at not in found and len(self.words[at].intersection(core)) > 1:
                    found.add(at)

    def _domains(self, account: AccountForm) -> list[str]:
        domains = [domain for domain, _, _ in account.bio_domains]
        return [account.site_domain, *domains] if account.site_domain else domains

    def _people(self, account: AccountForm) -> set[int]:
        found: set[int] = set()
        parts = account.person_words
        if 2 <= len(parts) <= 7:
            initials = {word[0] for word in parts}
            lasts = {*parts, *map("".join, pairwise(parts)), parts[0] + parts[-1]}
            for last in lasts:
                if len(last) > 1 and last in self.lone_surnames:
                    for initial in initials:
                        found.update(self.surnames.get(f"{last} {initial}", ()))
        bare = stripped_person_handles(account)
        for text in (*bare, "".join(account.cores[0]) if account.cores else ""):
            found.update(self.person_handles.get(text, ())[: self._most])
        offices, plain = vocabulary().offices, account.handle_plain
        for size in range(2, min(10, len(plain) - 1)):
            if plain[:size] in offices:
                found.update(self.lone_surnames.get(plain[size:], ())[: self._most])
        said = {*parts, *account.handle_parts, *bare}
        if not said.isdisjoint(_NEAR_OFFICES | offices):
            for word in said:
                found.update(self._only_few(self.lone_surnames, word))
        return found

    def near_entries(self, accounts: Sequence[AccountForm], cutoff: float = 90.0) -> dict[int, set[int]]:
        """Entries whose name is near each account's, by the exact join.

        Args:
            accounts: a batch.
            cutoff: least ratio, 0-100.

        Returns:
            Position in the batch -> entry positions; accounts with none are left out.
        """
        keys: dict[str, list[int]] = {}
        for at, account in enumerate(accounts):
            for core in account.cores[:2]:
                keys.setdefault(" ".join(sorted(core)), []).append(at)
            if account.native:
                keys.setdefault(account.native, []).append(at)
        texts = list(keys)
        marks = _number_marks(texts)

        def agree(left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.bool_]:
            """Whether the numbers of two names agree; a name without one agrees with any."""
            own, others = marks[left], self.near_numbers[right]
            return np.asarray((own == others) | (own == 0) | (others == 0), np.bool_)

        pairs = near_pairs(KeySet(texts), self.near, cutoff, agree)
        found: dict[int, set[int]] = {}
        owners: NDArray[np.int64] = self.near_owner[pairs.right]
        for left, entry in zip(pairs.left.tolist(), owners.tolist(), strict=True):
            for at in keys[texts[left]]:
                found.setdefault(at, set()).add(entry)
        return found


def _number_marks(names: Sequence[str]) -> NDArray[np.int64]:
    """For each name a mark of its numbers, the same for the same numbers; 0 where it has none."""
    found = (numbers_in(name) for name in names)
    return np.array([hash(numbers) or 1 if numbers else 0 for numbers in found], np.int64)


def person_handles(form: PersonForm) -> set[str]:
    """Likely handles of a person of this name, without office and affixes."""
    found = full_handles(form)
    for last in {"".join(form.name.last), form.name.surname}:
        for first in form.name.given[:1]:
            found.add(first[0] + last)
            found.update(first + middle[0] + last for middle in form.name.middle)
            found.update(first[0] + middle[0] + last for middle in form.name.middle)
    return {text for text in found if len(text) >= 4}


def full_handles(form: PersonForm) -> set[str]:
    """Given and family name as one word, in both orders, short forms included."""
    found: set[str] = set()
    for last in {"".join(form.name.last), form.name.surname}:
        for given in form.name.given:
            for first in {given, *_forms_of(given)}:
                found.update((first + last, last + first))
    return found


def stripped_person_handles(account: AccountForm) -> set[str]:
    """The handle as one word, and what is left of it without affixes and digits."""
    affixes = vocabulary().handle_person_affixes
    parts = account.handle_parts
    found = {account.handle_plain, account.handle_plain.rstrip("0123456789")}
    first = 0
    while first < len(parts) - 1 and (parts[first] in affixes or parts[first].isdigit()):
        first += 1
        found.add("".join(parts[first:]))
    last = len(parts)
    while last > first + 1 and (parts[last - 1] in affixes or len(parts[last - 1]) <= 2 or parts[last - 1].isdigit()):
        last -= 1
        found.update(("".join(parts[first:last]), "".join(parts[:last])))
    if len(parts) == 1:
        found.update(_without_affixes(parts[0], affixes))
    else:
        found.add("".join(part for part in parts[first:last] if len(part) > 1))
    return {text for text in found if len(text) >= 4}


def _without_affixes(word: str, affixes: frozenset[str]) -> set[str]:
    """A lower-case word without an affix before or after it."""
    found = {word[size:] for size in range(2, min(9, len(word) - 3)) if word[:size] in affixes}
    found |= {word[:-size] for size in range(2, min(9, len(word) - 3)) if word[-size:] in affixes}
    return found


def _forms_of(given: str) -> frozenset[str]:
    """Other given names the same person may use."""
    return _same_names().get(given, frozenset())


_SAME: dict[str, frozenset[str]] = {}


def _same_names() -> dict[str, frozenset[str]]:
    """Given name -> every other that shares a formal name with it; computed once."""
    if not _SAME:
        shorts: dict[str, set[str]] = {}
        for name, formals in nicknames().items():
            for formal in formals:
                shorts.setdefault(formal, set()).add(name)
        for name, formals in nicknames().items():
            _SAME[name] = frozenset(set().union(*(shorts[formal] for formal in formals)) - {name})
    return _SAME


def _handle_runs(account: AccountForm) -> set[str]:
    """Parts of a handle that may be a company's name: all of it, runs of its words, its prefixes."""
    parts, plain = account.handle_parts, account.handle_plain
    found = {plain}
    if len(parts) == 1:
        found.update([plain[:size] for size in range(_SHORTEST_INSIDE, len(plain))])
        found |= _without_affixes(plain, vocabulary().handle_affixes)
        return found
    for first in range(1, len(parts)):
        joined = ""
        for part in parts[first : first + _LONGEST_RUN]:
            joined += part
            if len(joined) >= _SHORTEST_INSIDE:
                found.add(joined)
    found.update([text for text in accumulate(parts[:_LONGEST_RUN]) if len(text) >= _SHORTEST_START])
    return found


def _runs(core: Sequence[str]) -> set[str]:
    """Adjacent words of a name joined into one."""
    found = {"".join(core)}
    for first in range(len(core)):
        joined = ""
        for word in core[first : first + _LONGEST_RUN]:
            joined += word
            if len(joined) > 1:
                found.add(joined)
    return found


def _named(companies: dict[int, CompanyForm], people: dict[int, PersonForm]) -> Iterable[tuple[int, str]]:
    """Every name of every entry, with the entry's position."""
    for at, form in companies.items():
        for text, _ in form.names:
            yield at, text
    for at, person in people.items():
        name = person.name
        yield at, " ".join((*name.given[:1], *name.last))
        yield at, " ".join((*name.given[:1], *name.middle, *name.last))
        if person.native:
            yield at, person.entry.person or f"{person.entry.first_name} {person.entry.last_name}"


def _led_by_initials(core: Sequence[str]) -> set[str]:
    """A name with all but its last word as initials, in both orders: ``utdallas``, ``tudallas``."""
    letters = acronym((*core[:-1], "x"))[:-1] if len(core) > 2 else ""
    return {letters + core[-1], letters[::-1] + core[-1]} if len(letters) > 1 else set()


def _put(index: Index, key: str, at: int) -> None:
    if key:
        ats = index.setdefault(key, [])
        if not ats or ats[-1] != at:
            ats.append(at)
