"""Account type, and role and seniority of its owner, read from bio and name.

Uses the word lists of ``roles.toml``. These are facts beside the scores and add no points of
their own. Imported within ``quality``.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from followertui.domain.account import ProfileColumns
from followertui.domain.judgement import AccountType
from followertui.quality.lexicon import Lexicon, plain, tokens_of
from followertui.quality.reading import BioReading, Measure
from followertui.quality.titles import DESK, FORMER, NO_TITLE, NOT_OWN, PERSONAL, TOPIC, TitleWords, read_titles
from followertui.text.given_names import given_names
from followertui.text.word_lists import word_lists

TYPES: tuple[AccountType, ...] = (
    AccountType.PERSON,
    AccountType.COMPANY,
    AccountType.MEDIA,
    AccountType.COMMUNITY,
    AccountType.FEED,
)
_ORGANISATION = "types:organisation"
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_HONORIFICS = frozenset(("dr", "prof", "rev", "sen", "rep", "gov", "mr", "mrs", "ms", "sir"))
_BESIDE_TITLES = (FORMER, NO_TITLE, TOPIC, DESK, NOT_OWN, PERSONAL)


@cache
def _roles() -> dict[str, Any]:
    return word_lists("followertui.quality", "roles.toml")


def _joined(by_language: dict[str, list[str]]) -> list[str]:
    return [term for terms in by_language.values() for term in terms]


OwnWords = tuple[tuple[str, str, tuple[str, ...]], ...]
"""The user's lists, which replace the built-in ones: (category, language, terms)."""


@cache
def _word_lists() -> dict[str, dict[str, list[str]]]:
    """Every word list: category -> language -> terms."""
    roles = _roles()
    lists: dict[str, dict[str, list[str]]] = word_lists("followertui.quality", "words.toml")
    for section in ("types", "roles", "seniority"):
        lists |= {f"{section}:{name}": terms for name, terms in roles[section].items()}
    return lists | {name: roles[name] for name in _BESIDE_TITLES}


def categories() -> tuple[str, ...]:
    """Names of the word lists: of signals, types, roles, seniorities, and those beside titles."""
    return tuple(_word_lists())


@lru_cache(maxsize=8)
def bio_lexicon(own: OwnWords = ()) -> Lexicon:
    """The word lists, compiled; those that only tell how a title is read left out.

    Args:
        own: lists that replace the built-in ones of the same category and language.
    """
    return _compiled(own, [name for name in _word_lists() if name not in _BESIDE_TITLES])


@lru_cache(maxsize=8)
def _title_words(own: OwnWords) -> TitleWords:
    titles = [name for name in _word_lists() if name.startswith(("roles:", "seniority:"))]
    lists = {name: frozenset(_joined(_own_lists(own)[name])) for name in _BESIDE_TITLES}
    return TitleWords(
        _compiled(own, [*titles, NO_TITLE]),
        lists[FORMER],
        lists[NOT_OWN],
        lists[TOPIC],
        lists[DESK],
        lists[PERSONAL],
        given_names(),
    )


def _own_lists(own: OwnWords) -> dict[str, dict[str, list[str]]]:
    lists = {name: dict(terms) for name, terms in _word_lists().items()}
    for category, language, terms in own:
        lists[category][language] = list(terms)
    return lists


def _compiled(own: OwnWords, names: list[str]) -> Lexicon:
    lists = _own_lists(own)
    return Lexicon({name: _joined(lists[name]) for name in names})


@cache
def _name_lexicon() -> Lexicon:
    return Lexicon(_roles()["names"])


def roles_of(columns: ProfileColumns, reading: BioReading, own: OwnWords = ()) -> tuple[list[str], list[str]]:
    """Role and seniority of each account, "" where the bio names none.

    Of several functions in a bio the first counts, of several levels the highest; a former one or
    another person's never (``titles``).

    Args:
        columns: profiles.
        reading: their bios.
        own: the user's word lists.

    Returns:
        Roles and seniorities, in the order of the columns.
    """
    lexicon, titles = reading.lexicon, _title_words(own)
    words = [name for name in lexicon.names if name.startswith(("roles:", "seniority:"))]
    roles, levels = [""] * len(columns), [""] * len(columns)
    for i in np.flatnonzero(reading.bits & np.uint64(sum(1 << lexicon.bit(name) for name in words))).tolist():
        roles[i], levels[i] = read_titles(columns.bio[i] or "", columns.name[i] or "", titles)
    return roles, levels


def types_of(
    columns: ProfileColumns, reading: BioReading, measures: dict[str, Measure], roles: list[str], levels: list[str]
) -> list[AccountType]:
    """The type of each account, UNKNOWN without evidence.

    The type says what the account is, not for whom its owner works: the name outranks the bio, the
    badge the bio's words; words of an organisation count only where the bio neither says "I" nor
    gives the account a title. Public bodies, schools, parties and teams are communities. A name of
    two or three words that none of this speaks against is a person's.

    Args:
        columns: profiles.
        reading: their bios.
        measures: of ``reading``, by name; ``says_bot`` and ``following`` are read.
        roles: from ``roles_of``.
        levels: from ``roles_of``.

    Returns:
        Types, in the order of the columns.
    """
    says = {t: _has(reading.bits, f"types:{t.value}") for t in TYPES}
    named, words_in_name, given = _names_say(columns)
    works = np.array([bool(r) for r in roles], dtype=bool)
    titled = np.array([level not in ("", "junior") for level in levels], dtype=bool)
    several = _has(reading.bits, _ORGANISATION) | _told_as_a_thing(columns)
    me = says[AccountType.PERSON]
    mine = (me & ~several) | given
    feed = np.nan_to_num(measures["says_bot"]) > 0
    feed |= says[AccountType.FEED] & ~works & (np.nan_to_num(measures["following"], nan=np.inf) <= 50)
    business = np.nan_to_num(measures["verified_business"]) > 0
    other = ~me & ~titled & ~given
    like_a_name = (words_in_name >= 2) & (words_in_name <= 3)
    rules: list[tuple[NDArray[np.bool_], AccountType]] = [
        (feed, AccountType.FEED),
        (named["media"] & ~mine, AccountType.MEDIA),
        (named["community"] & ~mine, AccountType.COMMUNITY),
        (named["company"] & ~mine, AccountType.COMPANY),
        (business, AccountType.COMPANY),
        (given | (works & me), AccountType.PERSON),
        (says[AccountType.MEDIA] & other & ~works, AccountType.MEDIA),
        (says[AccountType.COMMUNITY] & other & (several | ~works), AccountType.COMMUNITY),
        (says[AccountType.COMPANY] & other, AccountType.COMPANY),
        (several & other & ~works, AccountType.COMMUNITY),
        (titled | works, AccountType.PERSON),
        (me | _has(reading.bits, "private-life"), AccountType.PERSON),
        (like_a_name & (reading.measures["bio_length"] > 0), AccountType.PERSON),
    ]
    code = np.full(len(columns), -1)
    for condition, type_ in reversed(rules):
        code[condition] = TYPES.index(type_)
    sorts = (*TYPES, AccountType.UNKNOWN)
    return [sorts[c] for c in code.tolist()]


def _has(bits: NDArray[np.uint64], category: str) -> NDArray[np.bool_]:
    return (bits >> np.uint64(bio_lexicon().bit(category)) & np.uint64(1)).astype(bool)


def _told_as_a_thing(columns: ProfileColumns) -> NDArray[np.bool_]:
    """Whether a bio says of the name in the third person what it is: "Globex is a ..."."""
    said = (bool(b and n and " is a" in b and f"{n} is a" in b) for b, n in zip(columns.bio, columns.name, strict=True))
    return np.fromiter(said, dtype=bool, count=len(columns))


def _names_say(
    columns: ProfileColumns,
) -> tuple[dict[str, NDArray[np.bool_]], NDArray[np.int64], NDArray[np.bool_]]:
    """Per name: words of an organisation, number of words, whether a given name begins two or three."""
    lexicon, names = _name_lexicon(), given_names()
    masks, counts, given = ([0] * len(columns) for _ in range(3))
    for i, name in enumerate(columns.name):
        if name:
            text = plain(name if " " in name else _HUMP.sub(" ", name))
            words = tokens_of(text)
            masks[i] = lexicon.bits_of(text, words)
            counts[i] = len(words)
            given[i] = 2 <= len(words) <= 4 and words[words[0] in _HONORIFICS] in names and not masks[i]
    mask = np.array(masks, dtype=np.int64)
    says = {category: (mask >> n & 1).astype(bool) for n, category in enumerate(lexicon.names)}
    return says, np.array(counts, dtype=np.int64), np.array(given, dtype=bool)
