"""Evidence of an employer: what a bio or display name says about where someone works.

Owns finding companies named in texts and reading the words around them (role, tense).
Weights are in ``weights.toml``. Only ``matching`` imports it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from followertui.matching.evidence import EvidenceSet, span_of
from followertui.matching.forms import AccountForm, CompanyForm
from followertui.matching.normalising import core_words, is_distinctive, spoken_variants
from followertui.matching.phrases import PhraseTable
from followertui.matching.vocabulary import vocabulary
from followertui.matching.weights import Weights
from followertui.text.folding import fold, words
from followertui.text.legal_forms import legal_forms

SENTENCE = re.compile(r"(?<![Pp]rev)(?<![Ff]mr)(?<![SJDsjd]r)[.!?](?:\s|$)|[|•·\n;–—→►✦★☆]|\s-\s")
_CLAUSE = re.compile(r"[,:&+]|\band\b")
_NAME_AT = re.compile(r"\s(?:@|at)\s*([^@|]+)$|[|•·–—]\s*([^|•·]+)$", re.IGNORECASE)


class Mention(NamedTuple):
    """One place in a bio that names a company.

    Attributes:
        by_handle: named by ``@handle``, else by name.
        start, end: offsets in the bio, the legal form behind a name included.
        has_form: a legal form stands behind the name, which makes any word a company's name.
    """

    by_handle: bool
    start: int
    end: int
    has_form: bool = False


def works_at_finding(
    account: AccountForm, company: CompanyForm, weights: Weights, mentions: Iterable[Mention], spread: int = 1
) -> EvidenceSet:
    """Evidence that the person behind an account works at a company.

    Args:
        account: the account.
        company: the company.
        weights: points of the signals.
        mentions: where the bio names the company.
        spread: how many entries list the company's domain.

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
        else:
            share = max(rare, shared) if mention.has_form else rare
        signals = _read(account.bio, mention, share)
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
    if account.voice > 0:
        found.add("company_like", "bio", account.bio, entry)
    elif account.voice < 0 or account.reads_as_person:
        found.add("person_like", "bio", account.bio, entry)
    return found


def _address_evidence(found: EvidenceSet, account: AccountForm, company: CompanyForm, share: float) -> None:
    """Add site, links and mail addresses on the company's domain."""
    if account.site_domain is not None and account.site_domain in company.domains:
        found.add("site_domain", "site", account.site, account.site_domain, share=share)
    for domain, start, end in account.bio_domains:
        if domain in company.domains:
            signal = "bio_mail" if "@" in account.bio[start:end] else "bio_domain"
            found.add(signal, "bio", account.bio, domain, share=share, span=(start, end))


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
    loosely = has_role and (not last or last in lists.at_words or (is_run and last in lists.role_words))
    is_other = _is_no_work(before, last) or after[:1] in (["shares"], ["stock"])
    found: dict[str, tuple[float, tuple[int, int]]] = {}
    if mention.by_handle:
        found["bio_at_handle" if directly or has_role else "bio_handle"] = (share, span)
    elif _stands_alone(bio, mention):
        found["bio_at_name" if (directly or loosely) and not is_other else "bio_name"] = (share, span)
    else:
        found["bio_name"] = (share * 0.5, span)
    if has_role:
        found["role"] = (1.0, span)
    if any(word in lists.past_words for word in (*wide, *after[:2])) or _names_past_years(before_all):
        found["past"] = (1.0, span)
    is_client = last == "for" and _ENUMERATED.match(bio[mention.end :]) is not None
    if is_client or is_other or any(word in lists.not_employer_words for word in (*before[-3:], *after[:1])):
        found["not_employer"] = (1.0, span)
    return found


def _is_no_work(before: Sequence[str], last: str) -> bool:
    """Whether the words before a name speak of money in it, or of a skill: "investor in", "great at"."""
    lists = vocabulary()
    if last in _OWNED_AT:
        return not lists.holder_words.isdisjoint(before[-4:])
    return last in AT_WORDS and not lists.skill_words.isdisjoint(before[-3:-1])


_QUOTES = " \"'“”„«‚‘’"

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


def says_part_of(bio: str, mention: Mention) -> bool:
    """Whether an organisation's bio says it belongs to what it mentions: "a business of @globex".

    Args:
        bio: the bio.
        mention: where it names the company.

    Returns:
        True where a word of belonging is in the same clause.
    """
    before = words(SENTENCE.split(bio[: mention.start])[-1])[-5:]
    after = words(SENTENCE.split(bio[mention.end :], maxsplit=1)[0])[:2]
    belonging = vocabulary().belonging_words
    if not _ABOVE.isdisjoint(before):
        return False
    return (bool(before) and before[-1] in _OF and any(word in belonging for word in before)) or (
        bool(after) and after[0] in belonging
    )


def says_official(bio: str, mention: Mention) -> bool:
    """Whether a bio says the account is the official one of what it mentions.

    Args:
        bio: the bio.
        mention: where it names the company.

    Returns:
        True for "official account of Globex" and the like in the languages of ``_OFFICIAL``;
        not where the name goes on, as that of a part does.
    """
    goes_on = not mention.has_form and _CAPITALISED.match(bio, mention.end) is not None
    return not goes_on and _OFFICIAL.search(bio[: mention.start]) is not None


_ACCOUNT_WORD = "(?:account|page|profile|handle|feed|channel|konto|kanal|seite|profil|compte|cuenta|perfil|conta|canal)"
_OFFICIAL = re.compile(
    rf"(?:\b(?:official|offizieller?s?|officiel(?:le)?|oficial|ufficiale|officieel|officiele)"
    rf"(?: (?:twitter|x))? {_ACCOUNT_WORD}|\b{_ACCOUNT_WORD} (?:official|officiel(?:le)?|oficial|ufficiale))"
    r" (?:of|for|from|von|der|des|de|du|di|del|della|da|do|van|pour)(?: (?:the|der|la|el|le|os?|a))? ?[@\"“„]?$",
    re.IGNORECASE,
)

_ABOVE = frozenset(
    {"parent", "owner", "maker", "makers", "owners", "home", "publisher", "publishers", "former", "formerly"}
)
"""Words that make the account the parent of what it names, or put the relation in the past."""

_OF = frozenset({"of", "by", "the", "a", "an", "von", "de"})


def _name_evidence(found: EvidenceSet, account: AccountForm, company: CompanyForm, rare: float) -> None:
    """Add a display name that ends with the company: ``Dana Ortiz @ Globex``."""
    match = _NAME_AT.search(account.name)
    if match is None:
        return
    said = core_words(match.group(1) or match.group(2) or "")
    if "".join(said) in company.joined or (match.group(1) or "").strip().lower() in company.handles:
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


def _stands_alone(bio: str, mention: Mention) -> bool:
    """Whether a word of a bio is capitalised like a name, and not part of a longer one."""
    text = bio[mention.start : mention.end]
    if len(words(text)) > 1:
        return mention.has_form or not _is_longer_name(bio[mention.end :])
    if text.islower() and not bio.islower():
        return False
    behind = bio[mention.end :]
    return mention.has_form or not (behind[:1] == " " and behind[1:2].isupper())


def with_form(text: str, end: int) -> int:
    """Where a name ends with the legal form behind it: ``Globex GmbH``.

    Args:
        text: as written.
        end: where the name ends.

    Returns:
        The end of the form; ``end`` where none that is written like one follows.
    """
    found = _BEHIND.match(text, end)
    ends = [piece.end() for piece in _PIECE.finditer(text, end, found.end())] if found else []
    for last in reversed(ends):
        form = text[end:last]
        if tuple(words(form)) in legal_forms().at_end and form.strip(" ,.")[:1].isupper():
            return last
    return end


_BEHIND = re.compile(r"(?:[ ,]{1,2}[A-Za-z][\w.&]{0,11}){1,4}")
_PIECE = re.compile(r"[ ,]{1,2}[A-Za-z][\w.&]{0,11}(?<![.,])")


def _is_longer_name(behind: str) -> bool:
    """Whether a name goes on as that of a school, a town or a prize."""
    first = _CAPITALISED.match(behind)
    return first is not None and fold(first.group(1)) in vocabulary().institutions | vocabulary().longer_name_words


_CAPITALISED = re.compile(r" ([A-Z]\w+)")


class MentionIndex:
    """Companies by the names and handles a bio may mention them by.

    Args:
        companies: the companies; names made of common words and places are found by handle only.
    """

    def __init__(self, companies: Iterable[CompanyForm]) -> None:
        owners: dict[str, list[int]] = {}
        self.handles: dict[str, list[int]] = {}
        for form in companies:
            for phrase in dict.fromkeys(_phrases(form)):
                owners.setdefault(phrase, []).append(form.at)
            for handle in form.handles | {text for text in form.joined if len(text) > 2}:
                self.handles.setdefault(handle, []).append(form.at)
        self.phrases = list(owners)
        self.owners = list(owners.values())
        self.table = PhraseTable(self.phrases)

    def mentions(self, accounts: Sequence[AccountForm]) -> dict[int, dict[int, list[Mention]]]:
        """Companies the bios of a batch mention.

        Args:
            accounts: the batch.

        Returns:
            Position in the batch -> entry position -> its mentions.
        """
        found: dict[int, dict[int, list[Mention]]] = {}
        for at, account in enumerate(accounts):
            for handle, start, end in account.bio_handles:
                for owner in self.handles.get(handle) or self.handles.get(handle.replace("_", "")) or ():
                    found.setdefault(at, {}).setdefault(owner, []).append(Mention(True, start, end))
        hits = self.table.find([account.bio for account in accounts])
        for at, phrase in dict.fromkeys(zip(hits.text.tolist(), hits.phrase.tolist(), strict=True)):
            bio = accounts[at].bio
            span = span_of(bio, self.phrases[phrase])
            if span is None or bio[max(0, span[0] - 1) : span[0]] in _GLUE:
                continue
            end = with_form(bio, span[1])
            form = end > span[1] or tuple(words(bio[slice(*span)]))[-1:] in legal_forms().at_end
            mention = Mention(False, span[0], end, form)
            for owner in self.owners[phrase]:
                found.setdefault(at, {}).setdefault(owner, []).append(mention)
        return found


def _phrases(form: CompanyForm) -> Iterable[str]:
    """What a bio may call a company: its distinctive names, any name with its legal form, "&" said as a word."""
    for text, core in form.names:
        phrase = " ".join(core)
        if len(phrase) <= 2:
            continue
        if is_distinctive(core):
            yield phrase
            yield from spoken_variants(text)
        elif (full := " ".join(words(text))).startswith(f"{phrase} "):
            yield full


_GLUE = frozenset({"@", "#", "/", "."})
"""Characters before a name that make it part of a handle, a hashtag or an address."""
