"""What an agreement with a company is worth among strangers: rarity, restatement, what contradicts.

Owns what is added to the evidence of an account and a company once all of it is there: how
many strangers have the words that met, that name and handle say one thing once, that the
account names another kind of organisation, that nothing was there to contradict. Weights are
in ``weights.toml``. Only ``matching`` imports it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from math import log2, prod
from typing import NamedTuple

from followertui.matching.evidence import EvidenceSet, span_of
from followertui.matching.forms import AccountForm, CompanyForm, PersonForm
from followertui.matching.individuals import shown_name
from followertui.matching.normalising import core_words, other_names, without_asides
from followertui.matching.places import places_of_field
from followertui.matching.rarity import BACKGROUND, Audience, background, strangers
from followertui.matching.vocabulary import nicknames, vocabulary
from followertui.text.folding import words

_FEW = 0.02
"""Strangers up to which a name counts as rare."""

_MOST_BITS = 15

_OF_A_PLACE = 8.0
"""How many times fewer have a name together with the place the list gives."""

_WHOLE = ("name_equal", "name_native", "name_short", "name_close", "name_acronym")
_SECOND = (
    *("handle_listed", "handle_former", "site_domain", "site_page", "site_label", "bio_domain", "bio_name"),
    *("bio_handle", "bio_parent", "bio_official", "affiliation"),
    *("place_local", "region_local", "place_agree", "region_agree"),
)
"""Facts beside the name: what a stranger of the same name would not share."""

_ONE_FACT = ("handle_within", "name_domain", "handle_acronym", "handle_short")
"""What a handle or a domain restates of a name that met already."""


_OWN_NAME = (
    *("name_equal", "name_native", "name_short", "name_close", "name_within", "name_prefix", "name_part", "name_like"),
    *("handle_equal", "bio_name", "site_page"),
)
"""What meets a company's own name or address, where others share its domain."""

_PARTS = frozenset(
    {"careers", "jobs", "support", "help", "helps", "care", "cares", "customer", "service", "newsroom", "press", "pr",
     "investor", "investors", "relations", "ir", "developer", "developers", "devs", "dev", "engineering", "policy",
     "foundation", "alumni", "talent"}
)  # fmt: skip
"""What only an organisation of some size adds to its name."""

_HOUSE = 3
"""Entries that may share a domain because they are one house."""

_EMPTY_TAILS = frozenset(
    {"holding", "holdings", "group", "company", "corporation", "inc", "corp", "co", "limited", "ltd", "llc", "plc",
     "international", "intl", "global", "worldwide", "enterprises", "enterprise", "trust", "bancorp", "and",
     "the", "of"}
)  # fmt: skip
"""Words of a name an account leaves out without being another."""


class Met(NamedTuple):
    """The words of a company that an account has.

    Attributes:
        words: folded, in the order of the company's name.
        rest: words of the account's name beside them.
        is_whole: they are all of the account's name.
        is_stated: the account gives them as a name beside another: "formerly Globex".
    """

    words: tuple[str, ...]
    rest: tuple[str, ...]
    is_whole: bool
    is_stated: bool = False


def weigh_company(
    found: EvidenceSet, account: AccountForm, company: CompanyForm, audience: Audience, spread: int
) -> None:
    """Add what tells a company from the strangers that have its words.

    Args:
        found: the evidence that the account is the company or its brand; added to.
        account: the account.
        company: the company.
        audience: the accounts of the store.
        spread: how many companies list its most shared domain.
    """
    if not found.has("handle_listed", "handle_former"):
        before = found.points
        _weigh(found, account, company, audience, spread)
        found.conceded += max(0, before - found.points)


def _weigh(found: EvidenceSet, account: AccountForm, company: CompanyForm, audience: Audience, spread: int) -> None:
    """Add what tells a company from strangers, and take back what says one thing twice."""
    met = met_words(found, account, company)
    name = next(iter(found.found.values()))
    if not met.words and found.has("site_domain", "site_page", "bio_domain"):
        found.add("no_name", name.field, name.account_text, company.entry.company)
        return
    _count_left_out(found, met, account, company)
    expected = strangers(met.words or company.core, audience, met.is_whole)
    if account.handle_plain in company.labels:
        # A handle is one account's alone, however many have its words.
        expected = min(expected, strangers((account.handle_plain,), audience, is_whole=True))
    _restate_official(found, met)
    if _is_of_a_part(account, company) and not found.has("site_page"):
        found.add("unit", "name", account.name, company.entry.company)
    is_part = met.is_stated or (bool(met.rest) and _PARTS.issuperset(met.rest))
    is_alone = (len(met.words) < 2 and not found.has("name_native")) or company.is_generic
    if is_alone and not is_part and not found.has(*_SECOND) and not _holds_handle(account, company):
        expected = max(expected, 1.0)
        if all(background(word) >= _EVERYDAY for word in met.words):
            # A handle that goes on says the everyday word of the name once more.
            found.found.pop("handle_equal", None)
    if met.rest and found.has("place_local", "region_local") and all(map(places_of_field, met.rest)):
        expected /= _OF_A_PLACE
    _restate(found, met, account, company)
    field, said = ("name", account.name) if account.name else ("handle", account.handle)
    _count_strangers(found, (field, said, company.entry.company), span_of(said, " ".join(met.words)), expected)
    _contradict(found, met, account, company)
    if spread > _HOUSE and not found.has(*_OWN_NAME):
        found.add("one_of", name.field, name.account_text, f"{spread:,}", times=round(log2(spread)) - 1)


def weigh_person(found: EvidenceSet, account: AccountForm, person: PersonForm, accounts: int) -> None:
    """Add how many strangers are expected to have a person's name, less what a common name has lost already.

    Namesakes that are there are counted elsewhere: several may be the person's own accounts.

    Args:
        found: the evidence that the account is the person; added to.
        account: the account.
        person: the person.
        accounts: number of accounts in the store, 0 for unknown.
    """
    if found.has(*_IDENTIFIED) or not found.has(*_NAMED):
        return
    before = found.points
    own = frozenset(account.person_words)
    given = next((name for name in person.name.given if name in own), next(iter(person.name.given), ""))
    shares = [background(word) for word in (given, *person.name.last) if word]
    expected = (accounts or BACKGROUND) * prod(shares)
    bits = min(_MOST_BITS, log2(max(expected, _FEW_PEOPLE) / _FEW_PEOPLE))
    lost = sum(piece.weight for signal in ("common_name", "namesakes") if (piece := found.found.get(signal)))
    share = bits - lost / found.weights["strangers"]
    if share > 0:
        found.add("strangers", "name", account.name, shown_name(person), share=share)
        found.conceded += before - found.points


_FEW_PEOPLE = 0.001
"""Bearers of a person's name, by the shipped frequencies, up to which it counts as rare."""

_IDENTIFIED = (
    *("handle_listed", "handle_former", "mail_listed", "site_page", "site_domain", "company_domain", "company_in_bio"),
    "handle_office",
)
"""What leaves no doubt which bearer of a name it is."""

_NAMED = ("person_full", "person_native", "person_short", "person_nick", "person_close", "handle_alone")


def _count_strangers(
    found: EvidenceSet, sides: tuple[str, str, str], span: tuple[int, int] | None, expected: float
) -> None:
    """Add how many strangers are expected to have the words, less what a common name has lost already."""
    bits = min(_MOST_BITS, log2(max(expected, _FEW) / _FEW))
    cost = -bits * found.weights["strangers"]
    lost = sum(found.weights[signal] - found.found[signal].weight for signal in _SCALED if signal in found.found)
    if cost > lost:
        found.add("strangers", *sides, share=(cost - lost) / -found.weights["strangers"], span=span)


_SCALED = ("name_equal", "name_native", "name_within", "name_prefix", "name_part", "handle_equal", "handle_within")
"""Signals that are worth less for a common name."""


def met_words(found: EvidenceSet, account: AccountForm, company: CompanyForm) -> Met:
    """The words of a company's name that stand in an account's name, or in its handle where none does.

    Args:
        found: the evidence, which says how the names agree.
        account: the account.
        company: the company.

    Returns:
        No words where neither name nor handle holds any.
    """
    own = words(account.name)
    best, missing = _said(account, company)
    if found.has("name_native", "name_short", "name_close"):
        best, missing = company.core, frozenset()
    if not best:
        listed = sorted(company.joined | company.labels | company.acronyms, key=len, reverse=True)
        best = next(((text,) for text in listed if text and account.handle_plain.startswith(text)), ())
        return Met(best, (), False)
    lists = vocabulary()
    explained = {*best, *lists.descriptive, *lists.articles, *(word for _, core in company.names for word in core)}
    sites = " ".join(company.entry.domains)
    joined = "".join(best)
    names = other_names(account.name)
    if any("".join(core_words(text)) == joined for text in names):
        return Met(best, (), not missing, len(names) > 1)
    rest = tuple(w for w in own if w not in explained and w not in joined and not (len(w) > 3 and w in sites))
    beside = any(w not in _EMPTY_TAILS and w not in best and w not in joined and w not in company.core for w in own)
    return Met(best, rest, not beside and not missing)


def _said(account: AccountForm, company: CompanyForm) -> tuple[tuple[str, ...], frozenset[str]]:
    """The most words of a company's name that an account's name holds, and those it lacks."""
    there = frozenset((*words(account.name), *(word for core in account.cores for word in core)))
    best: tuple[str, ...] = ()
    missing: frozenset[str] = frozenset()
    for _, core in company.names:
        said = tuple(word for word in core if word in there)
        if len(said) > len(best):
            best, missing = said, frozenset(core).difference(said, _EMPTY_TAILS)
    for own in account.cores:
        joined = "".join(own)
        if len(joined) > len("".join(best)) and joined in company.joined | company.labels | company.acronyms:
            # As the list parts it: an account's capitals make no two words of one.
            best = next((core for _, core in company.names if "".join(core) == joined), (joined,))
            missing = frozenset()
    return best, missing


def _holds_handle(account: AccountForm, company: CompanyForm) -> bool:
    """Whether the account has the very handle that is the company's name or domain."""
    return account.handle_plain in company.joined | company.labels


def _restate(found: EvidenceSet, met: Met, account: AccountForm, company: CompanyForm) -> None:
    """Take back what says the same once more, and count a handle against that goes on with other words."""
    if not found.has(*_WHOLE, "name_within", "name_prefix", "name_part"):
        return
    for signal in _ONE_FACT:
        found.found.pop(signal, None)
    if account.handle_plain in company.joined & company.labels or found.has("name_acronym"):
        # A domain that is the name says nothing more of an account than the name.
        found.found.pop("handle_domain", None)
    _restate_place(found, met, account)
    rest = handle_rest(account, company, met.words)
    if rest:
        found.add("handle_rest", "handle", account.handle, company.entry.company)


def _restate_official(found: EvidenceSet, met: Met) -> None:
    """Take back that a bio calls the account the official one of a word that is its own name."""
    if met.is_whole and len(met.words) < 2 and background("".join(met.words)) >= _KNOWN:
        found.found.pop("bio_official", None)


def _restate_place(found: EvidenceSet, met: Met, account: AccountForm) -> None:
    """Take back a place that is a word of a name in another order: "Quarnland Business" is not "Business Quarnland"."""
    own = [word for word in words(account.name) if word in met.words]
    if own == list(met.words) or len(own) != len(met.words):
        return
    for signal in _PLACES:
        piece = found.found.get(signal)
        there = places_of_field(piece.entry_text) if piece is not None else frozenset()
        if any(not there.isdisjoint(places_of_field(word)) for word in met.words):
            del found.found[signal]


_EVERYDAY = 2.0**-16
"""Share of accounts with a word in their name from which it is an everyday one."""

_KNOWN = 2.0**-17
"""Share of accounts with a word in their name from which others than one company use it."""

_PLACES = ("place_local", "region_local", "place_agree", "region_agree")


def handle_rest(account: AccountForm, company: CompanyForm, met: Collection[str]) -> str:
    """What a handle has beside a company's words that neither the entry nor the account's name explains."""
    plain = account.handle_plain
    names = sorted(company.joined | {"".join(met)}, key=len, reverse=True)
    start = next((text for text in names if text and text in plain), "")
    if not start:
        return ""
    before, _, rest = plain.partition(start)
    rest = before + rest
    lists = vocabulary()
    named = [*words(company.entry.company), *words(account.name)]
    if not rest or rest in lists.handle_affixes | lists.descriptive | lists.units or (rest.isdigit() and len(rest) < 3):
        return ""
    if any(word.startswith(rest) or rest.startswith(word) for word in named if len(word) > 1 and word not in met):
        return ""
    is_listed = len(rest) > 3 and any(rest in site for site in company.entry.domains)
    return "" if is_listed or places_of_field(rest) else rest


def _contradict(found: EvidenceSet, met: Met, account: AccountForm, company: CompanyForm) -> None:
    """Add what speaks of someone else: a person's name, another kind of organisation, nothing at all."""
    lists = vocabulary()
    entry = company.entry.company
    listed = {*words(entry), *company.core}
    own = words(account.name)
    other = _first(
        word for word in (*met.rest, *own) if word in _OTHER_KINDS | lists.institutions and word not in listed
    )
    if other:
        found.add("other_kind", "name", account.name, entry, span=span_of(account.name, other))
    elif met.rest and own and own[0] in nicknames() and len(own) <= 3 and account.voice <= 0:
        found.add("person_name", "name", account.name, entry)
    beside = _tails_beside(found, met, account, company)
    strange = [w for w in (*met.rest, *beside) if w not in lists.units and not places_of_field(w)]
    if strange and not other and not found.has("person_name"):
        span = span_of(account.name, strange[0])
        found.add("strange_words", "name", account.name, entry, span=span, times=min(2, len(strange)))
    if met.rest and company.is_local and not found.has("handle_equal", "handle_domain", "site_domain", "site_page"):
        elsewhere = _other_town(account, company)
        if elsewhere:
            found.add("other_town", "name", account.name, elsewhere)
    if not (account.bio or account.site or account.location) and not found.has(*_SECOND):
        name = next(iter(found.found.values()))
        found.add("nothing_said", name.field, name.account_text, entry)


def _count_left_out(found: EvidenceSet, met: Met, account: AccountForm, company: CompanyForm) -> None:
    """Add words of the entry beside a name of one word that the account has not: Globex Technology Partners."""
    if not _is_one_word(met) or met.is_stated or found.has(*_SETTLED):
        return
    said = {_plain_form(word) for word in words(account.name)}
    entry = company.entry.bare_company or company.entry.company
    missing = [word for word in words(entry) if word in telling_tails() and _plain_form(word) not in said]
    missing = [word for word in missing if word not in met.words and word not in account.handle_plain]
    if missing:
        found.add("left_out", "name", account.name, entry, times=min(2, len(missing)))


def _is_of_a_part(account: AccountForm, company: CompanyForm) -> bool:
    """Whether the list adds a part in brackets, which the account does not name: "Quarn Union (Computing Centre)"."""
    plain, asides = without_asides(company.entry.bare_company or company.entry.company)
    own = {*words(account.name), account.handle_plain}
    whole = set(words(plain))
    for aside in asides:
        said = words(aside)
        initials = "".join(word[0] for word in said)
        if len(said) > 1 and said[0] not in _OTHERWISE and initials not in whole and own.isdisjoint(said):
            return whole.isdisjoint(said) and not aside.isupper()
    return False


_OTHERWISE = frozenset(
    {"formerly", "fka", "now", "dba", "aka", "previously", "ex", "doing", "trading", "also", "known"}
)
"""Words that begin another name in brackets rather than a part."""


def _tails_beside(found: EvidenceSet, met: Met, account: AccountForm, company: CompanyForm) -> list[str]:
    """Words that say what a company does, beside a name of one word, which the entry has not: ITT Tech is not ITT."""
    if not _is_one_word(met) or found.has(*_SETTLED):
        return []
    listed = {_plain_form(word) for word in words(company.entry.company)}
    return [word for word in words(account.name) if word in telling_tails() and _plain_form(word) not in listed]


def _is_one_word(met: Met) -> bool:
    """Whether what met is one word, with or without what the company does."""
    return len([word for word in met.words if word not in telling_tails()]) == 1


def _plain_form(word: str) -> str:
    """A word in the one spelling its plurals and short forms share."""
    return vocabulary().same_word.get(word, word)


@cache
def telling_tails() -> frozenset[str]:
    """Words of names that say what a company does or is part of: another may have the same name without them."""
    lists = vocabulary()
    return (lists.company_tails | lists.descriptive | lists.industry_nouns) - _EMPTY_TAILS - _WEB


_SETTLED = (
    *("site_domain", "site_page", "bio_domain", "handle_listed", "affiliation", "handle_former", "name_native"),
    *("bio_parent", "bio_official", "bio_name"),
)
_WEB = frozenset({"com", "net", "org", "io", "ai", "official", "hq", "app"})


def _other_town(account: AccountForm, company: CompanyForm) -> str:
    """What the entry's address has beside a name that many share, and the account does not say; empty for nothing.

    ``brindlegazette.com`` is not the Gazette of Quarnstadt.
    """
    plain = account.handle_plain + "".join(words(account.name))
    core = "".join(company.core)
    beside = [label.removesuffix(core) for label in company.labels if label.endswith(core)]
    for text in company.entry.domains:
        path = text.partition("://")[2] or text
        beside += [piece for piece in words(path) if piece not in company.core and places_of_field(piece)]
    beside = [text for text in beside if len(text) >= _SHORTEST_TOWN and text not in _ARTICLES]
    return "" if any(text in plain for text in beside) else _first(beside)


_SHORTEST_TOWN = 3
_ARTICLES = frozenset({"the", "www", "com", "net", "org", "news", "online"})


def _first(found: Iterable[str]) -> str:
    """The first of some texts, empty for none."""
    return next(iter(found), "")


_OTHER_KINDS = frozenset(
    {
        "county", "city", "town", "township", "village", "district", "parish", "borough", "police", "sheriff", "pd",
        "fire", "gop", "dems", "democrats", "democratic", "republicans", "republican", "libertarians", "party", "pac",
        "school", "schools", "elementary", "middle", "isd", "college", "university", "church", "ministries", "hospital",
        "library", "museum", "park", "airport", "stadium", "workers", "union", "fans", "athletics", "football",
        "basketball", "softball", "baseball", "soccer", "volleyball", "club", "tigers", "wolves", "knights",
        "restaurant", "bar", "cafe", "grill", "band", "festival", "campaign", "senate", "congress",
    }
)  # fmt: skip
"""Words of a name that make it another kind of organisation than a company of the same name."""
