"""Account type, and role and seniority of its owner, read from bio and name.

Uses the word lists of ``roles.toml``. These are facts beside the scores and add no points of
their own. Imported within ``quality``.
"""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from followertui.domain.account import ProfileColumns
from followertui.domain.judgement import ROLES, SENIORITIES, AccountType
from followertui.quality.lexicon import Lexicon, plain, tokens_of
from followertui.quality.reading import BioReading, Measure

TYPES: tuple[AccountType, ...] = (
    AccountType.PERSON,
    AccountType.COMPANY,
    AccountType.MEDIA,
    AccountType.COMMUNITY,
    AccountType.FEED,
)
_FORMER = "former"


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(files("followertui.quality").joinpath(name).read_text(encoding="utf-8"))


def _joined(by_language: dict[str, list[str]]) -> list[str]:
    return [term for terms in by_language.values() for term in terms]


OwnWords = tuple[tuple[str, str, tuple[str, ...]], ...]
"""The user's lists, which replace the built-in ones: (category, language, terms)."""


@cache
def _word_lists() -> dict[str, dict[str, list[str]]]:
    """Every word list: category -> language -> terms."""
    roles = _table("roles.toml")
    lists: dict[str, dict[str, list[str]]] = dict(_table("words.toml"))
    for section in ("types", "roles", "seniority"):
        lists |= {f"{section}:{name}": terms for name, terms in roles[section].items()}
    return lists | {_FORMER: roles[_FORMER]}


def categories() -> tuple[str, ...]:
    """Names of the word lists: of signals, types, roles, seniorities, and former."""
    return tuple(_word_lists())


@lru_cache(maxsize=8)
def bio_lexicon(own: OwnWords = ()) -> Lexicon:
    """The word lists, compiled.

    Args:
        own: lists that replace the built-in ones of the same category and language.
    """
    lists = {name: dict(terms) for name, terms in _word_lists().items()}
    for category, language, terms in own:
        lists[category][language] = list(terms)
    return Lexicon({name: _joined(terms) for name, terms in lists.items()})


@cache
def _name_lexicon() -> Lexicon:
    return Lexicon(_table("roles.toml")["names"])


def roles_of(columns: ProfileColumns, reading: BioReading) -> tuple[list[str], list[str]]:
    """Role and seniority of each account, "" where the bio names none.

    Of several functions in a bio the first counts, a former one never; of several levels the
    highest.

    Args:
        columns: profiles.
        reading: their bios.

    Returns:
        Roles and seniorities, in the order of the columns.
    """
    lexicon = reading.lexicon
    role_bits = {lexicon.bit(f"roles:{r}"): r for r in ROLES if r}
    level_bits = _level_bits()
    role_mask, level_mask = _mask(role_bits), _mask(level_bits)
    former = 1 << lexicon.bit(_FORMER)
    roles, levels = [""] * len(columns), [""] * len(columns)
    wanted = np.flatnonzero(reading.bits & np.uint64(role_mask | level_mask))
    for i, bits in zip(wanted.tolist(), reading.bits[wanted].tolist(), strict=True):
        met = bits & role_mask
        if bits & former or met & (met - 1):
            roles[i], levels[i] = _read_closely(columns.bio[i] or "", lexicon)
            continue
        roles[i] = role_bits[met.bit_length() - 1] if met else ""
        level = bits & level_mask
        levels[i] = _highest([name for bit, name in level_bits.items() if level >> bit & 1])
    return roles, levels


def _level_bits() -> dict[int, str]:
    return {bio_lexicon().bit(f"seniority:{s}"): s for s in SENIORITIES if s}


def _mask(bits: dict[int, str]) -> int:
    return sum(1 << bit for bit in bits)


def _highest(levels: list[str]) -> str:
    return max(levels, key=SENIORITIES.index, default="")


def _read_closely(bio: str, lexicon: Lexicon) -> tuple[str, str]:
    """Role and seniority of one bio, word by word."""
    found = lexicon.found(bio)
    past = {hit.position + hit.term.count(" ") + 1 for hit in found if hit.category == _FORMER}
    skipped: set[int] = set()
    for hit in sorted(found, key=lambda hit: hit.position):
        title = hit.category.startswith(("roles:", "seniority:"))
        if title and hit.position in past:
            skipped.add(hit.position)
            past.add(hit.position + hit.term.count(" ") + 1)
    current = [hit for hit in found if hit.position not in skipped]
    named = [hit for hit in current if hit.category.startswith("roles:")]
    named.sort(key=lambda hit: (hit.position, -len(hit.term)))
    role = named[0].category.partition(":")[2] if named else ""
    levels = [hit.category.partition(":")[2] for hit in current if hit.category.startswith("seniority:")]
    return role, _highest(levels)


def types_of(
    columns: ProfileColumns, reading: BioReading, measures: dict[str, Measure], roles: list[str]
) -> list[AccountType]:
    """The type of each account, UNKNOWN without evidence.

    The name outranks the bio, the badge the bio's words; words of an organisation count only
    where the bio neither says "I" nor names a level.

    Args:
        columns: profiles.
        reading: their bios.
        measures: of ``reading``, by name; ``says_bot`` and ``following`` are read.
        roles: from ``roles_of``.

    Returns:
        Types, in the order of the columns.
    """
    says = {t: _has(reading.bits, f"types:{t.value}") for t in TYPES}
    named, words_in_name, given = _names_say(columns)
    works = np.array([bool(r) for r in roles], dtype=bool)
    titled = {bit: level for bit, level in _level_bits().items() if level != "junior"}
    levels = (reading.bits & np.uint64(_mask(titled))) > 0
    me = says[AccountType.PERSON]
    feed = np.nan_to_num(measures["says_bot"]) > 0
    feed |= says[AccountType.FEED] & ~works & (np.nan_to_num(measures["following"], nan=np.inf) <= 50)
    business = np.nan_to_num(measures["verified_business"]) > 0
    rules: list[tuple[NDArray[np.bool_], AccountType]] = [
        (feed, AccountType.FEED),
        (named["media"] & ~me, AccountType.MEDIA),
        (named["community"] & ~me, AccountType.COMMUNITY),
        (named["company"] & ~me, AccountType.COMPANY),
        (business, AccountType.COMPANY),
        (given | (works & me), AccountType.PERSON),
        (says[AccountType.MEDIA] & ~me & ~levels, AccountType.MEDIA),
        (says[AccountType.COMPANY] & ~me & ~levels, AccountType.COMPANY),
        (says[AccountType.COMMUNITY] & ~me & ~levels, AccountType.COMMUNITY),
        (works & (levels | (words_in_name > 1)), AccountType.PERSON),
        (me | _has(reading.bits, "private-life"), AccountType.PERSON),
        (np.nan_to_num(measures["locked"]) > 0, AccountType.PERSON),
    ]
    code = np.full(len(columns), -1)
    for condition, type_ in reversed(rules):
        code[condition] = TYPES.index(type_)
    sorts = (*TYPES, AccountType.UNKNOWN)
    return [sorts[c] for c in code.tolist()]


def _has(bits: NDArray[np.uint64], category: str) -> NDArray[np.bool_]:
    return (bits >> np.uint64(bio_lexicon().bit(category)) & np.uint64(1)).astype(bool)


@cache
def _given_names() -> frozenset[str]:
    text = files("followertui.quality").joinpath("handle_words.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return frozenset(" ".join(lines[:2]).split())


def _names_say(
    columns: ProfileColumns,
) -> tuple[dict[str, NDArray[np.bool_]], NDArray[np.int64], NDArray[np.bool_]]:
    """Per name: words of an organisation, number of words, whether a given name begins two or three."""
    lexicon, names = _name_lexicon(), _given_names()
    masks, counts, given = ([0] * len(columns) for _ in range(3))
    for i, name in enumerate(columns.name):
        if name:
            text = plain(name)
            words = tokens_of(text)
            masks[i] = lexicon.bits_of(text, words)
            counts[i] = len(words)
            given[i] = 2 <= len(words) <= 3 and words[0] in names
    mask = np.array(masks, dtype=np.int64)
    says = {category: (mask >> n & 1).astype(bool) for n, category in enumerate(lexicon.names)}
    return says, np.array(counts, dtype=np.int64), np.array(given, dtype=bool)
