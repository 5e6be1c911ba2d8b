"""What people on lists say of their companies: whose a handle is, and which employers are none.

Owns the look at all entries together before they are compared. It scores nothing and stores
nothing. ``matching`` and ``services`` import it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from followertui.domain.lists import ListEntry
from followertui.matching.normalising import core_words
from followertui.matching.vocabulary import vocabulary
from followertui.text.domains import own_domain
from followertui.text.folding import words
from followertui.text.generic_employers import is_generic_employer

_Place = tuple[int, str]
"""A list and a company on it, by its key."""

_SEVERAL = 3
"""People, each with another domain, from whom on a company cell they share names no company."""


def is_person(entry: ListEntry) -> bool:
    """Whether an entry names a person, in one field or in parts."""
    return bool(entry.person or entry.last_name)


def as_compared(entries: Iterable[ListEntry]) -> list[ListEntry]:
    """Entries of all lists as they are compared.

    A handle that stands on several people, or is the name of their company, is the company's.
    Employers that are none are taken out: those of the package's list, and those the lists
    themselves show to be none.

    Args:
        entries: all current entries, the companies behind people among them.

    Returns:
        The entries in their order, without companies that are none.
    """
    known = without_common_asides(entries)
    people = [entry for entry in known if is_person(entry)]
    generic = generic_employers(people)
    left = [entry for entry in known if not (entry.is_behind and _key(entry.company) in generic)]
    owners = _company_handles(people, {_place(entry) for entry in left if not is_person(entry) and entry.company})
    if not generic and not owners:
        return left
    owned: dict[_Place, list[str]] = {}
    for (_, handle), owner in sorted(owners.items()):
        owned.setdefault(owner, []).append(handle)
    return [
        _without(entry, generic, owners) if is_person(entry) else _with_handles(entry, owned.get(_place(entry), ()))
        for entry in left
    ]


def without_common_asides(entries: Iterable[ListEntry]) -> list[ListEntry]:
    """Entries with the bare names of companies behind several of which the same stands: ``Globex (member)``.

    Args:
        entries: all entries.

    Returns:
        The same in their order; a company that is nothing but the brackets has no other name.
    """
    known = list(entries)
    asides = Counter(aside for entry in known for aside in {*_asides(entry.company)})
    common = {aside for aside, count in asides.items() if count >= _SEVERAL}
    if not common:
        return known
    return [_bare(entry) if common.intersection(_asides(entry.company)) else entry for entry in known]


def _asides(company: str) -> list[str]:
    """What a company's name has in brackets at its end, with the brackets."""
    found = _ASIDE.search(company)
    return [found.group(1)] if found else []


def _bare(entry: ListEntry) -> ListEntry:
    """An entry with its company's name as it is without the brackets at its end."""
    bare = _ASIDE.sub("", entry.company).strip()
    return replace(entry, bare_company=bare) if bare else entry


_ASIDE = re.compile(r"\s*(\([^()]*\))\s*$")


def _without(entry: ListEntry, generic: frozenset[str], owners: Mapping[tuple[int, str], _Place]) -> ListEntry:
    """A person's entry without an employer that is none, and without handles of companies."""
    company = "" if _key(entry.company) in generic else entry.company
    handles = tuple(handle for handle in entry.handles if (entry.id, handle) not in owners)
    if (company, handles) == (entry.company, entry.handles):
        return entry
    return replace(entry, company=company, handles=handles)


def _with_handles(entry: ListEntry, handles: Iterable[str]) -> ListEntry:
    """A company's entry with handles found on its people."""
    more = tuple(dict.fromkeys(handle for handle in handles if handle not in entry.handles))
    return replace(entry, handles=(*entry.handles, *more)) if more else entry


def generic_employers(people: Sequence[ListEntry]) -> frozenset[str]:
    """Employers of people on lists that are no companies.

    Beside the package's list: a name made of words for roles only, one that is another entry's
    job title, and one that several people give who all have domains of their own.

    Args:
        people: entries of people.

    Returns:
        Names as folded words, one space between.
    """
    titles = {_key(entry.title) for entry in people if entry.title}
    labels: dict[str, list[str]] = {}
    employers: dict[str, str] = {}
    for entry in people:
        key = _key(entry.company)
        if key:
            employers.setdefault(key, entry.company)
            labels.setdefault(key, []).extend(_labels(entry))
    roles = vocabulary().role_words | _FOR_ONESELF
    return frozenset(
        key
        for key, company in employers.items()
        if is_generic_employer(company)
        or (
            not _speak_of(labels[key], key)
            and (key in titles or roles.issuperset(key.split()) or _are_of_many(labels[key]))
        )
    )


_FOR_ONESELF = frozenset({"freelance", "freelancer", "independent", "self", "employed"})
"""Words that stand before a role where someone works for oneself."""


def _are_of_many(labels: Sequence[str]) -> bool:
    """Whether several people are given, each with another domain."""
    return len(labels) >= _SEVERAL and len({*labels}) == len(labels)


def _labels(entry: ListEntry) -> list[str]:
    """The name of the first domain of a person's own, as one word; empty where there is none."""
    domains = (own_domain(text) for text in (*entry.emails, *entry.domains))
    first = next((domain for domain in domains if domain), None)
    return ["".join(words(first.partition(".")[0]))] if first else []


def _speak_of(labels: Iterable[str], key: str) -> bool:
    """Whether one of these names of domains is a company's."""
    joined, first = key.replace(" ", ""), key.split()[0]
    return any(label.startswith(first) or joined.startswith(label) for label in labels)


def _company_handles(people: Sequence[ListEntry], companies: Collection[_Place]) -> dict[tuple[int, str], _Place]:
    """Handles that are a company's though they stand on people: (entry id, handle) -> the company.

    Args:
        people: entries of people.
        companies: the companies that can take a handle.
    """
    holders: dict[str, list[ListEntry]] = {}
    for entry in people:
        for handle in entry.handles:
            holders.setdefault(handle, []).append(entry)
    found: dict[tuple[int, str], _Place] = {}
    for handle, some in holders.items():
        employed = [entry for entry in some if _place(entry) in companies]
        if employed and len(some) > 1 and _are_several(some):
            owner = Counter(map(_place, employed)).most_common(1)[0][0]
            found.update(((entry.id, handle), owner) for entry in some)
            continue
        found.update(((entry.id, handle), _place(entry)) for entry in employed if _is_name_of(handle, entry))
    return found


def _are_several(entries: Sequence[ListEntry]) -> bool:
    """Whether entries speak of different people: two of their names have no word in common."""
    names = list({frozenset(_person_words(entry)) for entry in entries})
    return any(one.isdisjoint(other) for at, one in enumerate(names) for other in names[at + 1 :])


def _is_name_of(handle: str, entry: ListEntry) -> bool:
    """Whether a handle is the name of a person's company, or of its domain, and not the person's."""
    plain = "".join(words(handle.replace("_", " ")))
    if any(len(word) > 2 and word in plain for word in _person_words(entry)):
        return False
    return plain == "".join(core_words(entry.company)) or plain in _labels(entry)


def _place(entry: ListEntry) -> _Place:
    return entry.list_id, _key(entry.company)


def _person_words(entry: ListEntry) -> list[str]:
    return words(f"{entry.person} {entry.first_name} {entry.last_name}")


def _key(name: str) -> str:
    """A name as folded words with single spaces; in its own letters where it has no others."""
    return " ".join(words(name)) or name.casefold()
