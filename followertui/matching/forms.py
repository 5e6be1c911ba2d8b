"""Accounts and list entries in the forms in which they are compared.

Owns what is derived once from an account or an entry: cores, keys, domains, handles and places.
It compares nothing. Only ``matching`` imports it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from followertui.domain.account import ProfileColumns
from followertui.domain.lists import EntityAlias, ListEntry
from followertui.matching.entry_codes import codes_of
from followertui.matching.entry_places import entry_places
from followertui.matching.evidence import span_of
from followertui.matching.normalising import (
    INNER_CAPITAL,
    acronym,
    acronym_with_small_words,
    core_variants,
    core_words,
    is_name_of_its_own,
    name_parts,
    native_key,
    other_names,
    short_core,
    without_asides,
)
from followertui.matching.people import PersonName, bare_name, commonness, entry_person
from followertui.matching.places import places_of_field, places_of_text
from followertui.matching.vocabulary import Vocabulary, nicknames, vocabulary
from followertui.text.domains import host_of, own_domain
from followertui.text.folding import handle_words, words

_MENTION = re.compile(r"(?<![\w@/])@([A-Za-z0-9_]{1,30})")
_ADDRESS = re.compile(
    r"(?:https?://)?(?:[\w.+-]{1,64}@)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}(?:/[^\s,;)]*)?",
    re.IGNORECASE,
)
_NAME_AT = re.compile(r"\s(?:@|at)\s*([^@|]+)$|[|•·–—]\s*([^|•·]+)$", re.IGNORECASE)
_COLUMN_NOISE = frozenset({"http", "https", "party", "with", "from", "house", "representatives"})

Value = TypeVar("Value")


class derived(Generic[Value]):
    """A property computed once, without the lock ``functools.cached_property`` takes each time.

    Args:
        work: computes the value.
    """

    def __init__(self, work: Callable[[Any], Value]) -> None:
        self._work = work
        self._name = work.__name__
        self.__doc__ = work.__doc__

    def __get__(self, owner: Any, _: type | None = None) -> Value:
        value = self._work(owner)
        owner.__dict__[self._name] = value
        return value


class AccountForm:
    """One account; each form is derived on first use.

    Args:
        columns: profiles as columns.
        at: the account's position in them.
    """

    def __init__(self, columns: ProfileColumns, at: int) -> None:
        self.row = columns.rows[at]
        self.handle = columns.handle[at] or ""
        self.name = columns.name[at] or ""
        self.bio = columns.bio[at] or ""
        self.location = columns.location[at] or ""
        self.site = columns.site[at] or columns.url[at] or ""
        self.affiliation = columns.affiliation[at] or ""
        former = columns.former_handles[at] if columns.former_handles else None
        self.former_handles = frozenset(former or ()) - {self.handle.lower()}
        self.verified = columns.verified[at] or ""
        self.is_verified_organisation = self.verified in {"business", "government"}

    @derived
    def handle_plain(self) -> str:
        """The handle's letters and digits as one word."""
        return "".join(words(self.handle.replace("_", " ")))

    @derived
    def handle_parts(self) -> list[str]:
        """The words the handle splits into."""
        return handle_words(self.handle)

    @derived
    def bare_handle(self) -> frozenset[str]:
        """The handle as one word, and without the affixes companies add."""
        affixes = vocabulary().handle_affixes
        parts, plain = self.handle_parts, self.handle_plain
        found = {plain}
        if len(parts) > 1:
            if parts[0] in affixes:
                found.add("".join(parts[1:]))
            if parts[-1] in affixes or parts[-1].isdigit():
                found.add("".join(parts[:-1]))
                if parts[0] in affixes and len(parts) > 2:
                    found.add("".join(parts[1:-1]))
        for size in range(2, min(9, len(plain) - 2)):
            if plain[:size] in affixes:
                found.add(plain[size:])
            if plain[-size:] in affixes:
                found.add(plain[:-size])
        return frozenset(text for text in found if len(text) >= 2)

    @derived
    def cores(self) -> tuple[tuple[str, ...], ...]:
        """Core words of the whole name, then of each of its parts; no duplicates."""
        names = other_names(self.name)
        if names[0].isascii() and names[0].replace(" ", "").isalnum() and names[0] == self.name.strip():
            # Nothing parts such a name: its parts, and what brackets leave of it, are the name.
            return _with_short(core_variants(names[0]))
        plain, asides = without_asides(self.name)
        parts = [part for part in name_parts(self.name) if not part.startswith("@")]
        asides = asides if len(names) == 1 else ()
        texts = dict.fromkeys((names[0], plain, *parts, *names[1:], *(aside for aside in asides if len(aside) > 2)))
        found = dict.fromkeys(core for text in texts for core in core_variants(text))
        return _with_short(tuple(found))

    @derived
    def native(self) -> str:
        """The name's key in its own script, empty for a Latin one."""
        return native_key(self.name)

    @derived
    def person_words(self) -> list[str]:
        """Words of the first part of the name that has at least two, without honorifics."""
        parts = name_parts(self.name)
        chosen = next((part for part in parts if len(words(part)) >= 2), None)
        return bare_name(words(chosen or INNER_CAPITAL.sub(" ", parts[0])))[0]

    @derived
    def named_last(self) -> tuple[str, str] | None:
        """What the name ends with behind an @, "at" or a bar: behind an @ or "at" alone, then behind any of them."""
        match = _NAME_AT.search(self.name)
        if match is None:
            return None
        return (match.group(1) or "").strip(), match.group(1) or match.group(2)

    @derived
    def generation(self) -> str:
        """jr, sr or a numeral after the name, or empty."""
        return bare_name(words(without_asides(self.name)[0]))[1]

    @derived
    def site_domain(self) -> str | None:
        """The registrable domain of the site, unless it is shared (shorteners, hosting)."""
        return own_domain(self.site) if self.site else None

    @derived
    def bio_domains(self) -> tuple[tuple[str, int, int], ...]:
        """Own domains of links and mail addresses in the bio, with their spans."""
        if "." not in self.bio:
            return ()
        found = []
        for match in _ADDRESS.finditer(self.bio):
            domain = own_domain(match.group())
            if domain is not None:
                found.append((domain, match.start(), match.end()))
        return tuple(found)

    @derived
    def bio_handles(self) -> tuple[tuple[str, int, int], ...]:
        """Handles the bio mentions, lower case, with their spans."""
        if "@" not in self.bio:
            return ()
        return tuple((m.group(1).lower(), m.start(), m.end()) for m in _MENTION.finditer(self.bio))

    @derived
    def bio_words(self) -> list[str]:
        """The bio's words, folded."""
        return words(self.bio)

    @derived
    def bio_text(self) -> str:
        """The bio's words, each between spaces, to look phrases up in."""
        return f" {' '.join(self.bio_words)} "

    @derived
    def places(self) -> frozenset[str]:
        """Places of the location field, or those the bio names where that field has none."""
        return places_of_field(self.location) or places_of_text(self.bio) or places_of_text(self.name)

    @derived
    def voice(self) -> int:
        """Who writes: above 0 an organisation, below 0 a person, 0 unknown."""
        lists = vocabulary()
        text = self.bio_text
        organisation = sum(f" {phrase} " in text for phrase in lists.company_phrases)
        person = sum(f" {phrase} " in text for phrase in lists.person_phrases)
        if self.is_verified_organisation:
            organisation += 3
        if self._is_named_as_organisation(lists):
            organisation += 2
        return organisation - person

    def _is_named_as_organisation(self, lists: Vocabulary) -> bool:
        """Whether a word of the name says it is not a person's, and it does not begin with a given name."""
        parts = words(self.name)
        if lists.organisation_nouns.isdisjoint(parts):
            return False
        return not (2 <= len(parts) <= 3 and parts[0] in nicknames())

    def voice_source(self, is_organisation: bool) -> tuple[str, str, tuple[int, int] | None]:
        """What shows who writes: field, its text, and the words in it.

        Args:
            is_organisation: what for: that an organisation writes, or a person.
        """
        lists = vocabulary()
        phrases = lists.company_phrases if is_organisation else lists.person_phrases
        said = next((phrase for phrase in sorted(phrases) if f" {phrase} " in self.bio_text), "")
        if said and (span := span_of(self.bio, said)) is not None:
            return "bio", self.bio, span
        if is_organisation and self.is_verified_organisation:
            return "verified", self.verified, (0, len(self.verified))
        named = lists.organisation_nouns if is_organisation else frozenset(self.person_words[:1])
        noun = next((word for word in words(self.name) if word in named), "")
        return "name", self.name, span_of(self.name, noun) or (0, len(self.name))

    @derived
    def reads_as_person(self) -> bool:
        """Whether the name is two or three words that begin with a known given name."""
        parts = self.person_words
        return 2 <= len(parts) <= 3 and parts[0] in nicknames() and self.voice <= 0


@dataclass(slots=True)
class CompanyForm:
    """One list entry as a company.

    Attributes:
        at: position among the matcher's entries.
        entry: the entry.
        names: texts and core words of its names, the entry's own first.
        native: keys of names in their own script.
        joined: names as one word: cores, short cores, names with their legal form.
        labels: its domains without the suffix.
        domains, hosts: registrable domains and full hosts that are its own.
        acronyms: initials, three letters or more.
        codes: what a column of the list abbreviates it to, lower case; acronyms too.
        handles: handles known to be its own, lower case.
        places: codes of where it is.
        distinctive: 0-1; 0 for a name made of common words.
        shared: how many other companies with another domain carry the same name.
    """

    at: int
    entry: ListEntry
    names: tuple[tuple[str, tuple[str, ...]], ...]
    native: frozenset[str] = frozenset()
    joined: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    acronyms: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    handles: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    distinctive: float = 1.0
    shared: int = 0

    @property
    def core(self) -> tuple[str, ...]:
        """Core words of the entry's own name."""
        return self.names[0][1]

    @property
    def is_local(self) -> bool:
        """Whether only its place distinguishes it from others of its name."""
        return self.shared > 0 or self.is_generic or not vocabulary().press_words.isdisjoint(self.core)

    @property
    def is_generic(self) -> bool:
        """Whether others of the same name are likely: it is not distinctive, or other entries share it."""
        return self.distinctive < 0.6 or (self.shared > 0 and not vocabulary().press_words.isdisjoint(self.core))


@dataclass(slots=True)
class PersonForm:
    """One list entry as a person.

    Attributes:
        at: position among the matcher's entries.
        entry: the entry.
        name: the person's name in parts.
        native: key of the name in its own script, empty for a Latin one.
        company: core words of the company, empty where none.
        domains, hosts: own domains and full hosts the entry gives.
        handles: handles known to be the person's, lower case.
        title: words of title or office.
        places: codes of where the person is.
        common: 0-2, how many parts of the name are very common.
        aliases: other names learned from confirmed matches, as words.
        columns: words of the entry's other columns (party, department ...).
    """

    at: int
    entry: ListEntry
    name: PersonName
    native: str = ""
    company: tuple[str, ...] = ()
    domains: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    handles: frozenset[str] = frozenset()
    title: tuple[str, ...] = ()
    places: frozenset[str] = frozenset()
    common: int = 0
    aliases: tuple[tuple[str, ...], ...] = ()
    columns: frozenset[str] = frozenset()


@dataclass(slots=True)
class HandleForm:
    """One list entry that names nothing but handles.

    Attributes:
        at: position among the matcher's entries.
        entry: the entry.
        handles: its handles and learned ones, lower case.
    """

    at: int
    entry: ListEntry
    handles: frozenset[str]


def _with_short(cores: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """Cores, then their short cores; no duplicates."""
    short = [core for own in cores if (core := short_core(own)) not in cores]
    return (*cores, *dict.fromkeys(short)) if short else cores


def entry_hosts(entry: ListEntry) -> frozenset[str]:
    """Full hosts of the entry's domains, without www."""
    return frozenset(host.removeprefix("www.") for text in entry.domains if (host := host_of(text)) is not None)


def entry_domains(entry: ListEntry) -> frozenset[str]:
    """Registrable domains of the entry's domains and mail addresses, shared ones left out."""
    return frozenset(domain for text in (*entry.domains, *entry.emails) if (domain := own_domain(text)) is not None)


def company_form(at: int, entry: ListEntry, aliases: Sequence[EntityAlias]) -> CompanyForm | None:
    """An entry as a company, or None where it names none."""
    listed = entry.bare_company or entry.company
    own, *others = other_names(listed)
    _, asides = without_asides(listed)
    texts = [own, *others, *(alias.value for alias in aliases if alias.type == "name")]
    texts += [aside for aside in asides if is_name_of_its_own(aside) and aside not in others]
    names: list[tuple[str, tuple[str, ...]]] = []
    joined: set[str] = set()
    acronyms: set[str] = set()
    for text in dict.fromkeys(texts):
        plain = without_asides(text)[0]
        cores = core_variants(plain)
        names += [(text, core) for core in cores]
        joined.add("".join(words(plain)) if cores else "")
        acronyms.add(acronym_with_small_words(text) if cores else "")
        for core in cores:
            joined.update(("".join(core), "".join(short_core(core))))
            acronyms.add(acronym(core))
            if core[0] in vocabulary().home_lands:
                acronyms.add(acronym(core[1:]))
    if not names or not entry.company:
        return None
    acronyms.update("".join(words(aside)) for aside in asides if aside.isupper() and len(aside) <= 8)
    codes = frozenset("".join(words(code)) for _, code in codes_of(entry))
    acronyms.update(codes)
    learned = {alias.value.lower() for alias in aliases if alias.type == "domain"}
    domains = entry_domains(entry) | {d for text in learned if (d := own_domain(text)) is not None}
    return CompanyForm(
        at=at,
        entry=entry,
        names=tuple(names),
        native=frozenset(key for text, _ in names if not text.isascii() and (key := native_key(text))),
        joined=frozenset(joined - {""}),
        labels=frozenset("".join(words(domain.partition(".")[0])) for domain in domains),
        domains=frozenset(domains),
        hosts=entry_hosts(entry),
        acronyms=frozenset(text for text in acronyms if len(text) >= 3),
        codes=frozenset(code for code in codes if len(code) >= 3),
        handles=frozenset((*entry.handles, *(a.value.lower() for a in aliases if a.type == "handle"))),
        places=entry_places(entry),
    )


def person_form(at: int, entry: ListEntry, aliases: Sequence[EntityAlias]) -> PersonForm | None:
    """An entry as a person, or None where it names none."""
    name = entry_person(entry)
    if name is None:
        return None
    return PersonForm(
        at=at,
        entry=entry,
        name=name,
        native=native_key(entry.person or f"{entry.first_name} {entry.last_name}"),
        company=core_words(entry.company) if entry.company else (),
        domains=entry_domains(entry),
        hosts=entry_hosts(entry),
        handles=frozenset((*entry.handles, *(a.value.lower() for a in aliases if a.type == "handle"))),
        title=tuple(words(entry.title)),
        places=entry_places(entry),
        common=commonness(name),
        aliases=tuple(tuple(words(a.value)) for a in aliases if a.type == "name"),
        columns=_other_columns(entry),
    )


def handle_form(at: int, entry: ListEntry, aliases: Sequence[EntityAlias]) -> HandleForm | None:
    """An entry as the handles it names, or None where it names none."""
    handles = frozenset((*entry.handles, *(a.value.lower() for a in aliases if a.type == "handle")))
    return HandleForm(at, entry, handles) if handles else None


def _other_columns(entry: ListEntry) -> frozenset[str]:
    """Distinctive words of columns not recognised as name, place or address."""
    known = {entry.company, entry.person, entry.first_name, entry.middle_name, entry.last_name, entry.title}
    known |= {entry.city, entry.region, entry.country, entry.owner, entry.crm_id, entry.nickname, *entry.domains}
    told = (text for text in entry.fields.values() if text not in known and len(text) < 80 and host_of(text) is None)
    said = {word for text in told for word in words(text)}
    said -= {word for text in (entry.person, entry.first_name, entry.last_name, entry.nickname) for word in words(text)}
    return frozenset(word for word in said if len(word) > 3 and word.isalpha() and word not in _COLUMN_NOISE)
