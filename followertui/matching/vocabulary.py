"""Word lists: words common in names, and words that classify their neighbours.

Owns reading ``vocabulary.toml`` and ``nicknames.tsv``. Only ``matching`` imports it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from followertui.text.word_lists import word_lists


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The word lists of ``vocabulary.toml``, each explained there."""

    articles: frozenset[str]
    small_words: frozenset[str]
    and_words: frozenset[str]
    company_tails: frozenset[str]
    home_lands: frozenset[str]
    descriptive: frozenset[str]
    industry_nouns: frozenset[str]
    units: frozenset[str]
    handle_affixes: frozenset[str]
    common_company_words: frozenset[str]
    press_words: frozenset[str]
    organisation_nouns: frozenset[str]
    institutions: frozenset[str]
    company_phrases: frozenset[str]
    person_phrases: frozenset[str]
    honorifics: frozenset[str]
    offices: frozenset[str]
    political_words: frozenset[str]
    name_suffixes: frozenset[str]
    surname_particles: frozenset[str]
    common_surnames: frozenset[str]
    handle_person_affixes: frozenset[str]
    past_words: frozenset[str]
    role_words: frozenset[str]
    at_words: frozenset[str]
    not_employer_words: frozenset[str]
    holder_words: frozenset[str]
    study_words: frozenset[str]
    teaching_words: frozenset[str]
    degree_words: frozenset[str]
    client_words: frozenset[str]
    contributing_words: frozenset[str]
    skill_words: frozenset[str]
    longer_name_words: frozenset[str]
    belonging_words: frozenset[str]
    same_word: Mapping[str, str]


@cache
def vocabulary() -> Vocabulary:
    """The lists of the package."""
    table = word_lists("followertui.matching", "vocabulary.toml")
    same = table.pop("same_word")
    return Vocabulary(same_word=same, **{name: frozenset(values) for name, values in table.items()})


@cache
def nicknames() -> dict[str, frozenset[str]]:
    """Given name -> the formal names it may be short for, itself included."""
    found: dict[str, set[str]] = {}
    text = (files("followertui.matching") / "nicknames.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            formal, *short = line.replace("~", "").split()
            for name in (formal, *short):
                found.setdefault(name, set()).add(formal)
    return {name: frozenset(formal) for name, formal in found.items()}


@cache
def _names_of_their_own() -> tuple[frozenset[str], frozenset[frozenset[str]]]:
    """Given names with short forms of their own, and pairs the table marks as two names."""
    formals: set[str] = set()
    pairs: set[frozenset[str]] = set()
    text = (files("followertui.matching") / "nicknames.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            formal, *short = line.split()
            formals.add(formal)
            pairs.update(frozenset((formal, name[1:])) for name in short if name.startswith("~"))
    return frozenset(formals), frozenset(pairs)


def is_other_name(one: str, other: str) -> bool:
    """Whether two alike given names are two names rather than one and its short form.

    Helen and Helena, Maria and Mary, Karl and Carl: people are called by one of them.
    """
    formals, pairs = _names_of_their_own()
    short, long = sorted((one, other), key=len)
    if frozenset((one, other)) in pairs or (one != other and one in formals and other in formals):
        return True
    return len(short) > 3 and long.startswith(short) and long[len(short) :] in _ENDINGS


_ENDINGS = frozenset({"a", "o", "e", "us", "as", "os", "es", "is", "ia", "io", "ine", "ina", "ette", "ella", "etta"})
"""What makes one given name another, where a short form leaves more out."""


def same_given_name(one: str, other: str) -> bool:
    """Whether two given names may be one person's: equal, or short for the same name."""
    if one == other:
        return True
    table = nicknames()
    return not table.get(one, frozenset((one,))).isdisjoint(table.get(other, frozenset((other,))))
