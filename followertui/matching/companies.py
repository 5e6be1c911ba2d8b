"""Evidence that an account is a company or one of its brands.

Owns the company signals. Weights are in ``weights.toml``. Only ``matching`` imports it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from followertui.domain.match import MatchRelation
from followertui.matching.belonging import says_official, says_part_of
from followertui.matching.comparing_names import NameComparison, compare_names, distinguished
from followertui.matching.entry_places import agreed_place, place_text
from followertui.matching.evidence import EvidenceSet, add_listed_handle, span_of
from followertui.matching.forms import AccountForm, CompanyForm
from followertui.matching.mention_index import Mention
from followertui.matching.normalising import is_distinctive
from followertui.matching.places import (
    cities_of_text,
    compared,
    counties_of_text,
    place_of_code,
    places_of_field,
    places_of_text,
)
from followertui.matching.vocabulary import vocabulary
from followertui.matching.weights import Weights
from followertui.text.domains import host_of
from followertui.text.folding import words

_LONG_LABEL, _SHORT_LABEL_SHARE = 12, 0.6
"""Letters from which a domain's name is rarely another company's by chance, and the share a shorter one is worth."""


_KNOWN = ("handle_listed", "handle_former")
_SAME_NAME = ("name_equal", "name_native", "name_close", "name_prefix", "name_acronym")


class CompanyFinding(NamedTuple):
    """The comparison of one account with one company.

    Attributes:
        evidence_set: the evidence found.
        relation: is or brand_of.
    """

    evidence_set: EvidenceSet
    relation: MatchRelation


def company_finding(
    account: AccountForm, company: CompanyForm, weights: Weights, spread: int, mentions: Sequence[Mention] = ()
) -> CompanyFinding | None:
    """Evidence that an account is a company, or one of its brands.

    Args:
        account: the account.
        company: the company.
        weights: points of the signals.
        spread: how many entries list the company's domain.
        mentions: where the bio names the company.

    Returns:
        The evidence and the relation it supports; None where neither name nor handle, site nor bio agree.
    """
    found = EvidenceSet(weights.company)
    rare = weights.scale["common_share"] + (1 - weights.scale["common_share"]) * company.distinctive
    if company.shared and company.is_generic:
        rare *= weights.scale["shared_name"]
    name = distinguished(compare_names(account, company), account, company)
    if name.signal:
        full = name.signal in {"name_equal", "name_native"}
        share = name.share * (rare if name.signal != "name_acronym" else 1.0)
        found.add(
            name.signal,
            "name",
            account.name,
            company.entry.company,
            share=share,
            span=None if full else span_of(account.name, name.text),
        )
    domain_share = weights.scale["shared_domain"] if spread > 1 else 1.0
    if mentions and not name.signal and not company.codes.isdisjoint(core[0] for core in account.cores):
        found.add("name_code", "name", account.name, company.entry.company)
    handle_rest = _handle_evidence(found, account, company, rare, domain_share)
    if not account.name and account.handle_plain in company.joined | company.labels and not found.has(*_KNOWN):
        # Nothing but a handle is known: it stands for the name too, the more so the longer it is.
        length = min(1.0, len(account.handle_plain) / _LONG_LABEL)
        found.add("handle_alone", "handle", account.handle, company.entry.company, share=rare * length)
    labels = ("".join(own) for own in account.cores)
    label = "" if name.signal == "name_equal" else next((text for text in labels if text in company.labels), "")
    if label:
        distinctive = 1.0 if len(label) >= _LONG_LABEL else _SHORT_LABEL_SHARE * _label_share(label)
        found.add("name_domain", "name", account.name, label, share=domain_share * distinctive)
    _domain_evidence(found, account, company, domain_share)
    has_name = bool(name.signal) or any(item.field in {"name", "handle"} for item in found.found.values())
    if mentions:
        _belonging(found, account, company, rare, mentions, is_itself=name.signal == "name_equal")
    if not (
        found.has("bio_parent", "bio_official")
        or has_name
        or (found.has("site_domain", "site_page") and account.voice >= 0 and not account.reads_as_person)
    ):
        return None
    _context_evidence(found, account, company, rare, handle_rest)
    return CompanyFinding(found, _relation(found, name, handle_rest))


def _belonging(
    found: EvidenceSet,
    account: AccountForm,
    company: CompanyForm,
    rare: float,
    mentions: Sequence[Mention],
    is_itself: bool,
) -> None:
    """Add that the bio says the account is a part of the company, or its official account."""
    entry = company.entry.company
    parent = next((item for item in mentions if account.voice >= 0 and says_part_of(account.bio, item)), None)
    if parent is not None and not is_itself and not account.reads_as_person:
        found.add("bio_parent", "bio", account.bio, entry, share=rare, span=(parent.start, parent.end))
    official = next((item for item in mentions if says_official(account.bio, item)), None)
    if official is not None and not found.has("bio_parent"):
        found.add("bio_official", "bio", account.bio, entry, share=rare, span=(official.start, official.end))


def _label_share(label: str) -> float:
    """How distinctive a domain's name is: little where it is a short or common word."""
    lists = vocabulary()
    common = label in lists.common_company_words or label in lists.press_words
    return 0.5 if common else 0.7 if len(label) <= 3 else 0.85 if len(label) <= 5 else 1.0


def _handle_evidence(
    found: EvidenceSet, account: AccountForm, company: CompanyForm, rare: float, domain_share: float
) -> str:
    """Add the evidence of the handle; returns the part of it that is not the company's name."""
    handle, plain, entry = account.handle, account.handle_plain, company.entry.company
    if add_listed_handle(found, handle, account.former_handles, company.handles) or not plain:
        return ""
    bare = account.bare_handle
    if company.joined & bare:
        share = rare if company.shared or plain not in company.joined else (1 + rare) / 2
        if plain not in company.joined and len(company.core) == 1:
            share *= 0.7
        found.add("handle_equal", "handle", handle, entry, share=share)
        if plain in company.labels:
            found.add("handle_domain", "handle", handle, ", ".join(sorted(company.domains)), share=0.5 * domain_share)
        return _bare_rest(plain, company.joined)
    if company.labels & bare:
        share = domain_share * (1.0 if plain in company.labels else 0.8)
        label = max(company.labels & bare, key=len)
        found.add(
            "handle_domain", "handle", handle, ", ".join(sorted(company.domains)), share=share * _label_share(label)
        )
        return _bare_rest(plain, company.labels)
    begun = _begun_with(plain, company)
    if begun:
        found.add("handle_within", "handle", handle, entry, share=rare, span=(0, len(begun)))
        return plain[len(begun) :]
    first = company.core[0]
    if len(first) >= 4 and plain.startswith(first) and is_distinctive((first,)):
        found.add("handle_within", "handle", handle, entry, share=0.6 * rare, span=(0, len(first)))
        return plain[len(first) :]
    if company.acronyms & bare:
        found.add("handle_code" if plain in company.codes else "handle_acronym", "handle", handle, entry)
        return ""
    parts = account.handle_parts
    for name in company.acronyms:
        if parts and parts[0] == name and len(parts) > 1:
            found.add("handle_acronym", "handle", handle, entry)
            return "".join(parts[1:])
    if any(abbreviates(plain, core) for _, core in company.names):
        found.add("handle_short", "handle", handle, entry, share=rare)
    return ""


def _begun_with(plain: str, company: CompanyForm) -> str:
    """The longest name or domain of a company that a handle begins with, empty for none."""
    longest = ""
    for texts in (company.joined, company.labels):
        for text in texts:
            is_told = len(text) >= _SHORTEST_BEGUN or (text in company.acronyms and text in company.labels)
            if len(text) > len(longest) and plain.startswith(text) and is_told:
                longest = text
    return longest


_SHORTEST_BEGUN = 4
"""Letters of a name from which a handle that begins with it is no chance."""


def _bare_rest(plain: str, names: frozenset[str]) -> str:
    """The rest of a handle after removing the longest name it begins or ends with."""
    for text in sorted(names, key=len, reverse=True):
        if plain.startswith(text):
            return plain[len(text) :]
        if plain.endswith(text):
            return plain[: -len(text)]
    return ""


def abbreviates(handle: str, core: Sequence[str]) -> bool:
    """Whether a handle abbreviates a name's words, in order: ``stanleyblkdeckr``.

    Args:
        handle: as one word, lower case.
        core: core words; two or more.

    Returns:
        True when each word gives at least its first letter, consonants in order, and the
        handle keeps at least half of the letters.
    """
    letters = sum(map(len, core))
    if len(core) < 2 or len(handle) < 5 or not letters * 0.45 <= len(handle) <= letters:
        return False
    return _fits(handle, tuple(core))


def _fits(rest: str, core: tuple[str, ...]) -> bool:
    """Whether the rest of a handle can be read as abbreviated words."""
    if not core:
        return not rest
    word = core[0]
    if not rest or rest[0] != word[0]:
        return word in vocabulary().small_words and _fits(rest, core[1:])
    taken, at = 1, 1
    ends = [1]
    while taken < len(rest) and at < len(word):
        step = word.find(rest[taken], at)
        if step < 0:
            break
        at, taken = step + 1, taken + 1
        ends.append(taken)
    return any(_fits(rest[end:], core[1:]) for end in reversed(ends))


def _domain_evidence(found: EvidenceSet, account: AccountForm, company: CompanyForm, share: float) -> None:
    """Add the evidence of site, links and mail addresses."""
    domain = account.site_domain
    if domain is not None and domain in company.domains:
        host = (host_of(account.site) or "").removeprefix("www.")
        if share < 1 and host != domain and host in company.hosts:
            found.add("site_page", "site", account.site, host)
        else:
            found.add("site_domain", "site", account.site, domain, share=share, span=span_of(account.site, domain))
    elif domain is not None:
        label = "".join(words(domain.partition(".")[0]))
        first = company.core[0]
        if label in company.joined or label in company.labels or label in company.acronyms:
            found.add("site_label", "site", account.site, company.entry.company, share=max(company.distinctive, 0.4))
        elif len(first) > 3 and label.startswith(first) and is_distinctive((first,)):
            found.add("site_label", "site", account.site, company.entry.company, share=0.5)
        elif company.domains and not found.has("name_within"):
            found.add("site_other", "site", domain, ", ".join(sorted(company.domains)))
    for text, start, end in account.bio_domains:
        if text in company.domains and not found.has("site_domain", "site_page"):
            found.add("bio_domain", "bio", account.bio, text, share=share, span=(start, end))


def _context_evidence(
    found: EvidenceSet, account: AccountForm, company: CompanyForm, rare: float, handle_rest: str
) -> None:
    """Add the evidence of place, voice and bio, which counts only beside a name that agrees."""
    entry = company.entry
    if account.affiliation and "".join(words(account.affiliation)) in company.joined | company.handles:
        found.add("affiliation", "affiliation", account.affiliation, entry.company)
    phrase = " ".join(words(entry.company))
    if len(company.core) > 1 and f" {phrase} " in account.bio_text:
        found.add("bio_name", "bio", account.bio, entry.company, share=rare, span=span_of(account.bio, phrase))
    for handle, start, end in account.bio_handles:
        if handle != account.handle.lower() and (
            handle.replace("_", "") in company.joined or handle in company.handles
        ):
            found.add("bio_handle", "bio", account.bio, entry.company, span=(start, end))
    _place_evidence(found, account, company, handle_rest)
    if account.voice > 0:
        found.add("company_like", "bio", account.bio, entry.company)
    elif account.voice < 0 and not found.has("handle_listed", "handle_former"):
        named = (found.has("name_equal", "name_native") and len(company.core) > 1) or found.has(
            "site_domain", "site_page"
        )
        found.add("person_like", "bio", account.bio, entry.company, share=0.4 if named else 1.0)


def _place_evidence(found: EvidenceSet, account: AccountForm, company: CompanyForm, handle_rest: str) -> None:
    """Add whether both are in the same place."""
    if company.is_local and handle_rest and compared(place_of_code(handle_rest), company.places) != "unknown":
        where = place_of_code(handle_rest)
    else:
        where = account.places | places_of_text(account.bio)
    verdict = compared(where, company.places)
    says_otherwise = compared(places_of_field(account.location), company.places) == "conflict"
    if not says_otherwise and compared(cities_of_text(account.bio), company.places) == "agree":
        verdict = "agree"
    if verdict == "unknown" and compared(counties_of_text(account.bio), company.places) == "conflict":
        verdict = "conflict"
    text, field = (account.location, "location") if account.location else (account.bio, "bio")
    if verdict == "agree":
        weak = not found.has("name_equal", "name_within", "name_prefix", "name_part", "name_close", "name_domain") and (
            not found.has("handle_equal", "handle_domain")
        )
        level = "local" if company.is_local and not weak else "agree"
        agreed, is_town = agreed_place(company.entry, f"{text}, {account.bio}")
        found.add(f"place_{level}" if is_town else f"region_{level}", field, text, agreed)
    elif verdict == "conflict":
        signal = "place_conflict_local" if company.is_local else "place_conflict"
        found.add(signal, field, text, place_text(company.entry))


def _relation(found: EvidenceSet, name: NameComparison, handle_rest: str) -> MatchRelation:
    """Whether the evidence supports the company itself or a part of it."""
    lists = vocabulary()
    if found.has("bio_parent"):
        return MatchRelation.BRAND_OF
    if found.has(
        *("handle_listed", "handle_former", "bio_official"),
        *("name_equal", "name_native", "name_close", "name_prefix", "name_acronym"),
    ):
        return MatchRelation.IS
    if name.extra:
        return MatchRelation.IS if set(name.extra) <= lists.descriptive else MatchRelation.BRAND_OF
    if handle_rest:
        return MatchRelation.IS if handle_rest in lists.handle_affixes else MatchRelation.BRAND_OF
    return MatchRelation.IS if found.has("handle_equal", "handle_domain", "handle_short") else MatchRelation.BRAND_OF
