"""Evidence that an account is a person on a list.

Owns the person signals. Weights are in ``weights.toml``. ``matching`` imports it, and
``services`` the count of names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from itertools import pairwise

from rapidfuzz import fuzz

from followertui.domain.lists import ListEntry
from followertui.matching.blocking import full_handles, person_handles, stripped_person_handles
from followertui.matching.entry_places import agreed_place, place_text
from followertui.matching.evidence import EvidenceSet, add_listed_handle, span_of
from followertui.matching.forms import AccountForm, PersonForm
from followertui.matching.people import Comparison, compare_names
from followertui.matching.places import compared, place_of_code
from followertui.matching.vocabulary import nicknames, same_given_name, vocabulary
from followertui.matching.weights import Weights
from followertui.text.domains import host_of
from followertui.text.folding import fold, words

_CAPITALS = frozenset({"us-dc", "us"})
"""Places where people from everywhere hold office, which therefore conflict with none."""


def person_finding(account: AccountForm, person: PersonForm, weights: Weights) -> EvidenceSet:
    """Evidence that an account is a person.

    Args:
        account: the account.
        person: the person.
        weights: points of the signals.

    Returns:
        The evidence; empty where neither name nor handle agrees.
    """
    found = EvidenceSet(weights.person)
    comparison = _name_evidence(found, account, person)
    _handle_evidence(found, account, person)
    _link_evidence(found, account, person)
    if found.found.keys() <= {"company_domain"}:
        # Everyone of a company has its site; the company's own account too.
        return EvidenceSet(weights.person)
    _part_evidence(found, account, person, comparison)
    _context_evidence(found, account, person)
    return found


def shared_names(names: Iterable[str]) -> dict[str, int]:
    """Names shared by several accounts, and by how many.

    Args:
        names: display names of every account, in any order.

    Returns:
        ``namesake_key`` of the name -> number of accounts.
    """
    counts = Counter(map(namesake_key, names))
    counts.pop("", None)
    return {key: count for key, count in counts.items() if count >= _NAMESAKES[0]}


def namesake_key(name: str) -> str:
    """A display name as the key under which namesakes are counted."""
    return fold(name).strip()


def weigh_namesakes(found: EvidenceSet, account: AccountForm, count: int) -> None:
    """Add that many accounts share the name: at most one of them can be the person.

    Anything that identifies the account outweighs it: a handle on the list, the person's mail
    address or site, the employer.

    Args:
        found: the evidence that the account is the person; added to.
        account: the account.
        count: number of accounts of this name, itself included.
    """
    steps = sum(count >= least for least in _NAMESAKES)
    if steps and found.has(*_NAMED) and not found.has(*_DISTINCTIVE):
        found.add("namesakes", "name", account.name, f"{count:,} accounts", times=steps)


_NAMESAKES = (3, 6, 20)
_NAMED = ("person_full", "person_native", "person_short")
_DISTINCTIVE = (
    *("handle_listed", "handle_former", "mail_listed", "site_page", "site_domain"),
    *("company_domain", "company_in_bio"),
)


def shown_name(person: PersonForm) -> str:
    """The entry's name as written."""
    entry = person.entry
    return entry.person or " ".join(part for part in (entry.first_name, entry.middle_name, entry.last_name) if part)


def _name_evidence(found: EvidenceSet, account: AccountForm, person: PersonForm) -> Comparison:
    """Add how the names agree."""
    shown = shown_name(person)
    comparison = compare_names(person.name, account.person_words)
    if account.native and account.native == person.native:
        found.add("person_native", "name", account.name, shown)
        return comparison
    if tuple(account.person_words) in person.aliases:
        found.add("person_full", "name", account.name, shown)
    elif comparison.agreement in {"full", "initial"}:
        span = span_of(account.name, " ".join(account.person_words))
        found.add(f"person_{comparison.agreement}", "name", account.name, shown, span=span)
    elif comparison.agreement in {"short_form", "nick"}:
        signal = "person_short" if comparison.agreement == "short_form" else "person_nick"
        found.add(signal, "name", account.name, shown)
    elif len(account.cores[:1]) and "".join(account.cores[0]) in full_handles(person):
        found.add("person_full", "name", account.name, shown)
    elif _is_close(account, person):
        found.add("person_close", "name", account.name, shown)
    elif comparison.agreement == "surname":
        found.add("person_surname", "name", account.name, shown)
        if _has_other_given(account, person, comparison):
            found.add("given_conflict", "name", account.name, shown)
    return comparison


def _has_other_given(account: AccountForm, person: PersonForm, comparison: Comparison) -> bool:
    """Whether name or bio give the family name with another given name."""
    lists = vocabulary()
    known = lists.offices | lists.honorifics | lists.handle_person_affixes | lists.small_words
    if any(len(word) > 2 and word.isalpha() and word not in known for word in comparison.extra):
        return True
    said = account.bio_words
    for before, word in pairwise(said):
        if word == person.name.surname and before in nicknames():
            return not any(same_given_name(before, given) for given in person.name.given)
    return False


def _is_close(account: AccountForm, person: PersonForm) -> bool:
    """Whether the whole names are spelled almost the same."""
    one = " ".join(sorted(account.person_words))
    two = " ".join(sorted((*person.name.given[:1], *person.name.last)))
    return len(one) > 6 and fuzz.ratio(one, two) >= 90.0


def _handle_evidence(found: EvidenceSet, account: AccountForm, person: PersonForm) -> None:
    """Add how the handle agrees with the person's name."""
    handle = account.handle
    if add_listed_handle(found, handle, account.former_handles, person.handles):
        return
    name, shown = person.name, shown_name(person)
    bare = stripped_person_handles(account)
    likely = person_handles(person)
    initials = {given[0] + last for given in name.given[:1] for last in ("".join(name.last), name.surname)}
    lasts = {"".join(name.last), name.surname}
    share = (1.0, 0.75, 0.5)[person.common]
    if bare & (likely - initials):
        found.add("handle_full", "handle", handle, shown, share=share)
        if not account.name and account.handle_plain in likely:
            found.add("handle_alone", "handle", handle, shown, share=share)
    elif bare & initials:
        found.add("handle_initial", "handle", handle, shown)
    elif any(account.handle_plain == office + last for office in vocabulary().offices for last in lasts):
        found.add("handle_office", "handle", handle, shown)
    elif any(len(last) > 3 and last in account.handle_plain for last in lasts):
        given = any(len(first) > 2 and first in account.handle_plain for first in name.given)
        found.add("handle_full" if given else "handle_surname", "handle", handle, shown, share=share)


def _link_evidence(found: EvidenceSet, account: AccountForm, person: PersonForm) -> None:
    """Add the evidence of site, links and mail addresses."""
    host = (host_of(account.site) or "").removeprefix("www.") if account.site else ""
    if host and host in person.hosts and account.site_domain:
        found.add("site_page", "site", account.site, host)
    elif account.site_domain in person.domains:
        label = "".join(words((account.site_domain or "").partition(".")[0]))
        own = person.name.surname in label
        found.add("site_domain" if own else "company_domain", "site", account.site, account.site_domain or "")
    elif account.site_domain is not None:
        label = "".join(words(host.partition(".")[0]))
        if label in full_handles(person):
            found.add("site_label", "site", account.site, shown_name(person))
    for mail in person.entry.emails if "@" in account.bio else ():
        met = re.search(re.escape(mail), account.bio, re.IGNORECASE)
        if met is not None:
            found.add("mail_listed", "bio", account.bio, mail, span=met.span())


def _part_evidence(found: EvidenceSet, account: AccountForm, person: PersonForm, comparison: Comparison) -> None:
    """Add middle names, suffixes and unexplained words, which count only beside other evidence."""
    shown = shown_name(person)
    if comparison.middle == "agree":
        found.add("middle_agree", "name", account.name, shown)
    elif comparison.middle == "conflict":
        found.add("middle_conflict", "name", account.name, shown)
    suffix = person.name.suffix
    if account.generation and suffix and account.generation != suffix:
        found.add("suffix_conflict", "name", account.name, shown)
    lists = vocabulary()
    known = lists.offices | lists.honorifics | lists.surname_particles | lists.small_words | lists.handle_person_affixes
    extra = [word for word in comparison.extra if word not in known and len(word) > 1 and not word[-1].isdigit()]
    extra = [word for word in extra if not place_of_code(word)]
    if comparison.agreement and extra:
        found.add("extra_words", "name", account.name, shown, times=min(2, len(extra)))
    if person.common and not found.has("handle_listed", "handle_former", "mail_listed", "site_page", "site_domain"):
        found.add("common_name", "name", account.name, shown, times=person.common)


def _context_evidence(found: EvidenceSet, account: AccountForm, person: PersonForm) -> None:
    """Add the evidence of office, title, company and place."""
    entry, shown = person.entry, shown_name(person)
    lists = vocabulary()
    said = set(account.bio_words)
    columns = person.columns
    holds_office = bool((columns | set(person.title)) & (lists.offices | lists.political_words))
    offices = lists.offices & {*account.handle_parts, *words(account.name)}
    speaks = bool(said & lists.political_words) or bool(offices)
    if holds_office and speaks:
        held = (columns | set(person.title)) & (lists.offices | lists.political_words)
        found.add("office_agree", "bio", account.bio or account.name, _column_with(entry, held) or shown)
    elif holds_office and said & lists.role_words:
        share = (0.35, 0.7, 1.0)[person.common]
        found.add("role_conflict", "bio", account.bio, entry.title or shown, share=share)
    if columns & said:
        word = max(columns & said, key=lambda text: (len(text), text))
        found.add("field_agree", "bio", account.bio, word, span=span_of(account.bio, word))
    if offices and found.has("person_surname", "handle_surname"):
        found.add("office_said", "name", account.name, shown)
    if not found.has("person_full") and (span := _named_in_bio(account, person)):
        found.add("bio_name", "bio", account.bio, shown, span=span)
    title = {word for word in person.title if len(word) > 2} - vocabulary().small_words
    if not holds_office and title & said:
        found.add("role_agree", "bio", account.bio, entry.title)
    if person.company and _names_company(account, person):
        found.add("company_in_bio", "bio", account.bio, entry.company)
    verdict = compared(account.places - _CAPITALS, person.places)
    if verdict == "agree":
        text = account.location or account.bio
        agreed, is_town = agreed_place(entry, text)
        found.add("place_agree" if is_town else "region_agree", "location", text, agreed)
    elif verdict == "conflict":
        found.add("place_conflict", "location", account.location or account.bio, place_text(entry))
    if account.voice > 1 and not speaks:
        found.add("company_like", "bio", account.bio, shown)


def _column_with(entry: ListEntry, said: Collection[str]) -> str:
    """The title, or the first other column, that has one of some words; empty where none has."""
    texts = (entry.title, *entry.fields.values())
    return next((text for text in texts if not set(words(text)).isdisjoint(said)), "")


def _named_in_bio(account: AccountForm, person: PersonForm) -> tuple[int, int] | None:
    """Where the bio mentions the person by full name, or by a handle made of it."""
    for given in person.name.given:
        phrase = f"{given} {' '.join(person.name.last)}"
        if f" {phrase} " in account.bio_text:
            return span_of(account.bio, phrase) or (0, len(account.bio))
    full = full_handles(person)
    return next(((start, end) for handle, start, end in account.bio_handles if handle.replace("_", "") in full), None)


def _names_company(account: AccountForm, person: PersonForm) -> bool:
    """Whether bio or affiliation names the entry's company, in words or by handle."""
    joined = "".join(person.company)
    if f" {' '.join(person.company)} " in account.bio_text or "".join(words(account.affiliation)) == joined:
        return True
    return any(handle.replace("_", "") == joined for handle, _, _ in account.bio_handles)
