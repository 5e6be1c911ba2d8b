"""Evidence of an employer: what a bio or display name says about where someone works.

Owns reading the words around a company that a text names (role, tense); where it does belongs to
``mention_index``. Weights are in ``weights.toml``. Only ``matching`` imports it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from followertui.matching.entry_places import place_text
from followertui.matching.everyday_names import is_common_handle, weigh_everyday
from followertui.matching.evidence import EvidenceSet, span_of
from followertui.matching.forms import AccountForm, CompanyForm
from followertui.matching.longer_names import stands_alone
from followertui.matching.mention_index import Mention
from followertui.matching.normalising import core_words
from followertui.matching.places import compared, is_place_word, places_of_field
from followertui.matching.rarity import NOBODY, Audience, background
from followertui.matching.vocabulary import vocabulary
from followertui.matching.weights import Weights
from followertui.text.domains import host_of
from followertui.text.folding import fold, words

SENTENCE = re.compile(r"(?<![Pp]rev)(?<![Ff]mr)(?<![SJDsjd]r)(?<!\.[A-Z])[.!?](?:\s|$)|[|•·\n;–—→►✦★☆]|\s-\s")
_CLAUSE = re.compile(r"[,:&+]|\band\b")


def works_at_finding(
    account: AccountForm,
    company: CompanyForm,
    weights: Weights,
    mentions: Iterable[Mention],
    spread: int = 1,
    audience: Audience = NOBODY,
) -> EvidenceSet:
    """Evidence that the person behind an account works at a company.

    Args:
        account: the account.
        company: the company.
        weights: points of the signals.
        mentions: where the bio names the company.
        spread: how many entries list the company's domain.
        audience: what was counted of the store.

    Returns:
        The evidence; empty where nothing connects the two.
    """
    found = EvidenceSet(weights.works_at)
    entry = company.entry.company
    rare = weights.scale["common_share"] + (1 - weights.scale["common_share"]) * company.distinctive
    shared = weights.scale["shared_name"] if company.shared and company.is_generic else 1.0
    rare *= shared
    best: tuple[int, dict[str, tuple[float, tuple[int, int]]]] | None = None
    for mention in mentions:
        listed = account.bio[mention.start + 1 : mention.end].lower() in company.handles
        if mention.by_handle:
            share = 1.0 if listed or not company.shared else shared
            if not listed and is_common_handle(account.bio[mention.start + 1 : mention.end], company):
                share = min(share, _COMMON_HANDLE)
        else:
            share = max(rare, shared) if mention.has_form else rare
        signals = _read(account.bio, mention, share)
        if _is_other_school(account.bio, mention, company):
            signals["not_employer"] = (1.0, (mention.start, mention.end))
        points = sum(weights.works_at[name] for name in signals)
        if best is None or points > best[0]:
            best = (points, signals)
    for name, (share, span) in (best[1] if best else {}).items():
        found.add(name, "bio", account.bio, entry, share=share, span=span)
    _name_evidence(found, account, company, rare)
    if account.affiliation and "".join(words(account.affiliation)) in company.joined | company.handles:
        found.add("affiliation", "affiliation", account.affiliation, entry)
    _address_evidence(found, account, company, 1.0 if spread <= 1 else weights.scale["shared_domain"] / (spread - 1))
    if not found.found:
        return found
    weigh_everyday(found, company, audience)
    _add_own_name(found, account, company)
    _contradictions(found, account, company)
    if account.voice > 0:
        found.add("company_like", "bio", account.bio, entry)
    elif account.voice < 0 or account.reads_as_person:
        found.add("person_like", "bio", account.bio, entry)
    return found


def may_work_at(account: AccountForm, company: CompanyForm) -> bool:
    """Whether anything beside a mention can say that someone works at a company: name, affiliation or an address.

    Args:
        account: the account.
        company: the company.
    """
    return (
        account.site_domain in company.domains
        or any(domain in company.domains for domain, _, _ in account.bio_domains)
        or bool(account.affiliation)
        or account.named_last is not None
    )


def _add_own_name(found: EvidenceSet, account: AccountForm, company: CompanyForm) -> None:
    """Add that an account which is no person's has the company's name itself: "Globex Public Policy"."""
    if account.voice < 0 or account.reads_as_person or found.has("affiliation", "name_at"):
        return
    before = found.points
    span = span_of(account.name, " ".join(company.core))
    if span is not None:
        found.add("own_name", "name", account.name, company.entry.company, span=span)
    found.conceded += before - found.points


_COMMON_HANDLE = 0.6
"""What a handle is worth that is a name which many companies have: @telegraph is one of them."""


def _contradictions(found: EvidenceSet, account: AccountForm, company: CompanyForm) -> None:
    """Add that an account names another place, or writes from another domain, where many companies have the name."""
    if not company.is_generic or found.has("site_domain", "bio_mail", "bio_domain", "affiliation"):
        return
    entry = company.entry
    if compared(account.places, company.places) == "conflict":
        text, field = (account.location, "location") if places_of_field(account.location) else (account.bio, "bio")
        found.add("place_conflict_local", field, text, place_text(entry))
    mail = next((found for found in account.bio_domains if "@" in account.bio[found[1] : found[2]]), None)
    if mail is not None and company.domains:
        listed = ", ".join(sorted(company.domains))
        found.add("site_other", "bio", account.bio, listed, span=(mail[1], mail[2]))


def _address_evidence(found: EvidenceSet, account: AccountForm, company: CompanyForm, share: float) -> None:
    """Add site, links and mail addresses on the company's domain."""
    if account.site_domain is not None and account.site_domain in company.domains:
        found.add("site_domain", "site", account.site, account.site_domain, share=share)
    for domain, start, end in account.bio_domains:
        if domain in company.domains and not _is_neighbour(account.bio[start:end], domain, company):
            signal = "bio_mail" if "@" in account.bio[start:end] else "bio_domain"
            found.add(signal, "bio", account.bio, domain, share=share, span=(start, end))


def _is_neighbour(text: str, domain: str, company: CompanyForm) -> bool:
    """Whether an address is of another body under a domain that many share: senate and insurance.state.gov."""
    host = (host_of(text.rpartition("@")[2]) or "").removeprefix("www.")
    own = {known for known in company.hosts if known == domain or known.endswith(f".{domain}")}
    return host != domain and bool(own) and host not in own and domain not in own


def _read(bio: str, mention: Mention, share: float) -> dict[str, tuple[float, tuple[int, int]]]:
    """Signals of one mention with their share and span, read from the words around it."""
    lists = vocabulary()
    span = (mention.start, mention.end)
    before_all = SENTENCE.split(bio[: mention.start])[-1]
    after_all = SENTENCE.split(bio[mention.end :], maxsplit=1)[0]
    before, after = words(_CLAUSE.split(before_all)[-1]), words(_CLAUSE.split(after_all, maxsplit=1)[0])
    near = [*before[-6:], *after[:4]]
    wide = words(before_all)[-12:]
    has_role = any(word in lists.role_words for word in (*near, *wide))
    last = before[-2] if len(before) > 1 and before[-1] in lists.articles else before[-1] if before else ""
    directly = last in AT_WORDS or bio[: mention.start].rstrip(_QUOTES).endswith("@")
    is_run = len(words(bio[mention.start : mention.end])) > 1
    is_named = is_run and not _is_topic(bio[mention.start : mention.end])
    is_bare = not last and (is_named or _is_telling(bio, mention, before_all, after_all))
    is_after = last in lists.at_words and (is_named if is_run else last not in _WHERE)
    loosely = has_role and (is_bare or is_after or (is_run and last in lists.role_words))
    is_other = _is_no_work(before, last) or after[:1] in (["shares"], ["stock"])
    is_other |= not lists.study_words.isdisjoint((*before, *after[:1])) or not lists.client_words.isdisjoint(after[:1])
    is_other |= not lists.contributing_words.isdisjoint(wide) or _is_credit(bio, mention)
    is_other |= "candidate" in before and not lists.degree_words.isdisjoint(before)
    behind = [] if after[1:2] in _OF_THE_NEXT else after[:2]
    found: dict[str, tuple[float, tuple[int, int]]] = {}
    if mention.by_handle:
        found["bio_at_handle" if (directly or has_role) and not is_other else "bio_handle"] = (share, span)
    elif stands_alone(bio, mention.start, mention.end, mention.has_form) and not _is_subject(bio, mention):
        found["bio_at_name" if (directly or loosely) and not is_other else "bio_name"] = (share, span)
    else:
        found["bio_name"] = (share * 0.5, span)
    if has_role:
        found["role"] = (1.0, span)
    is_past = any(word in lists.past_words for word in (*wide, *behind)) or _names_past_years(before_all)
    is_past |= _is_past_sentence(before_all)
    is_past |= last == "of" and before[-2:-1] != [] and before[-2] in lists.degree_words
    is_past |= "before" in after[:_SHORTLY_AFTER] or _PAST_LIST.search(bio[: mention.start]) is not None
    if is_past or not lists.degree_words.isdisjoint(behind[:1]):
        found["past"] = (1.0, span)
    others = [word for at, word in enumerate(before[-3:]) if before[-3:][at - 1 : at] != ["of"]]
    is_client = last == "for" and _ENUMERATED.match(bio[mention.end :]) is not None
    if (
        is_client
        or is_other
        or any(word in lists.not_employer_words for word in (*others, *(word for word in after[:1] if word != "via")))
    ):
        found["not_employer"] = (1.0, span)
    return found


def _is_past_sentence(before: str) -> bool:
    """Whether a sentence begins in the past, and says of nothing that it is so today."""
    lists = vocabulary()
    said = words(before)
    return not lists.past_words.isdisjoint(said[:_OPENING]) and _TODAY.isdisjoint(said)


_OPENING = 3
"""Words of a sentence of which one puts all that follows in the past: "I was a writer at ..."."""

_TODAY = frozenset({"now", "current", "currently", "today", "present", "presently", "jetzt", "aktuell"})


def _is_other_school(bio: str, mention: Mention, company: CompanyForm) -> bool:
    """Whether a bio names the place of a professor, which a company that is no school is not."""
    said = words(SENTENCE.split(bio[: mention.start])[-1])[-_TITLE_OF_SCHOOL:]
    if _ACADEMIC.isdisjoint(said) or (not company.domains and len("".join(company.core)) <= _INITIALS):
        return False
    endings = {part for domain in company.domains for part in domain.split(".")[1:]}
    return endings.isdisjoint({"edu", "ac"}) and vocabulary().teaching_words.isdisjoint(words(company.entry.company))


_INITIALS = 4
"""Letters up to which a name without an address may be the initials of a school."""

_TITLE_OF_SCHOOL = 6
_ACADEMIC = frozenset({"professor", "prof", "lecturer", "adjunct", "postdoc", "professorin", "dozent", "dozentin"})


def _is_telling(bio: str, mention: Mention, before_all: str, after_all: str) -> bool:
    """Whether one word beside a role can be an employer: it is no role itself, and no item of an enumeration."""
    text = bio[mention.start : mention.end]
    roles = vocabulary().role_words
    items = [part for part in _ITEM.split(f"{before_all}{text}{after_all}") if part.strip()]
    if text.islower() or fold(text) in roles or len(items) >= _MANY_ITEMS:
        return False
    if not before_all.strip() and not mention.has_form and _is_everyday(text):
        # The first word of a sentence has its capital whatever it means: "Angel investor".
        return False
    return bool(before_all.strip()) or not roles.isdisjoint(set(words(after_all)[:_TITLE_WORDS]) - _OF_WORK)


def _is_everyday(text: str) -> bool:
    """Whether all words of a text are such as many names hold."""
    return all(background(word) >= _EVERYDAY for word in words(text))


def _is_subject(bio: str, mention: Mention) -> bool:
    """Whether a bio with capitals writes everyday words without any: "our member financial institutions"."""
    text = bio[mention.start : mention.end]
    return text.islower() and not bio.islower() and _is_everyday(text)


def _is_topic(text: str) -> bool:
    """Whether words may be a subject as well as a name: everyday ones, no place or kind of organisation among them."""
    nouns = vocabulary().organisation_nouns
    return _is_everyday(text) and not any(word in nouns or is_place_word(word) for word in words(text))


_EVERYDAY = 2.0**-16
"""Share of accounts with a word in their name from which it is an everyday one."""

_PAST_LIST = re.compile(
    r"\b(?:prev(?:ious(?:ly)?)?|past|former(?:ly)?|ex|fr[uü]her|vorher|avant|antes) ?:"
    r"(?:(?!\b(?:now|current(?:ly)?|today|present(?:ly)?|jetzt|aktuell)\b)[^.\n])*$",
    re.IGNORECASE,
)
"""A heading above what is past: "Previously: Globex | Hooli"."""

_OF_THE_NEXT = (["of"], ["at"], ["from"])
"""Behind a word behind a name: the word is of what comes next, "@globex - alum of @hooli"."""

_SHORTLY_AFTER = 5
"""Words behind a name among which one puts it in the past: "@globex staff writer before that"."""

_TITLE_WORDS = 3
"""Words of a title behind a name: "Globex regional sales manager"."""

_OF_WORK = frozenset({"job", "work", "works", "working"})

_ITEM = re.compile(r"[,&+(]|\band\b")
_MANY_ITEMS = 3


def _is_credit(bio: str, mention: Mention) -> bool:
    """Whether a handle stands in brackets among others: what someone did something for."""
    first = bio.rfind("(", 0, mention.start)
    if not mention.by_handle or first < 0 or ")" in bio[first : mention.start]:
        return False
    return bio[first : bio.find(")", first) + 1 or len(bio)].count("@") > _MOST_EMPLOYERS


_MOST_EMPLOYERS = 2


def _is_no_work(before: Sequence[str], last: str) -> bool:
    """Whether the words before a name speak of money in it, or of a skill: "investor in", "great at"."""
    lists = vocabulary()
    if last in _OWNED_AT:
        return not lists.holder_words.isdisjoint(before[-4:]) or (last == "of" and before[-2:-1] in _ORIGINS)
    return last in AT_WORDS and not lists.skill_words.isdisjoint(before[-3:-1])


_ORIGINS = (["product"], ["native"], ["child"], ["son"], ["daughter"])
"""Words before "of" where someone comes from."""

_QUOTES = " \"'“”„«‚‘’"

_WHERE = frozenset({"in", "from", "by"})
"""Words before a place or an origin rather than an employer of one word."""

_OWNED_AT = frozenset({"in", "of", "on"})

_ENUMERATED = re.compile(r"(?:,\s*@?[A-Z][\w&.-]*){2,}")
"""Whether a name follows others in an enumeration: former clients rather than an employer."""

_YEARS = re.compile(r"\b(\d{4}|\d\d)\s?[/–-]\s?(\d{4}|\d\d)\b")


def _names_past_years(text: str) -> bool:
    """Whether a text gives a period: ``2019-2021`` or ``18/19``."""
    spans = ((first, last) for first, last in _YEARS.findall(text))
    return any(
        "1950" <= first <= last < "2100" if len(first) == len(last) == 4 else (int(first) + 1) % 100 == int(last[-2:])
        for first, last in spans
        if len(first) == len(last) or (len(first) == 4 and len(last) == 2)
    )


def _name_evidence(found: EvidenceSet, account: AccountForm, company: CompanyForm, rare: float) -> None:
    """Add a display name that ends with the company: ``Dana Ortiz @ Globex``."""
    if account.named_last is None:
        return
    behind_at, last = account.named_last
    said = core_words(last)
    if "".join(said) in company.joined or behind_at.lower() in company.handles:
        found.add(
            "name_at",
            "name",
            account.name,
            company.entry.company,
            share=rare,
            span=span_of(account.name, " ".join(said)),
        )


AT_WORDS = frozenset({"at", "bei", "chez", "presso", "bij", "hos"})
"""Words directly followed by an employer."""
