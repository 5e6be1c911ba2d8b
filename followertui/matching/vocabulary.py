"""Word lists: words common in names, and words that classify their neighbours.

Owns reading ``vocabulary.toml`` and ``nicknames.tsv``. Only ``matching`` imports it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The word lists of ``vocabulary.toml``, each explained there."""

    articles: frozenset[str]
    small_words: frozenset[str]
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
    belonging_words: frozenset[str]
    same_word: Mapping[str, str]


@cache
def vocabulary() -> Vocabulary:
    """The lists of the package."""
    table = tomllib.loads((files("followertui.matching") / "vocabulary.toml").read_text(encoding="utf-8"))
    same = table.pop("same_word")
    return Vocabulary(same_word=same, **{name: frozenset(values) for name, values in table.items()})


@cache
def nicknames() -> dict[str, frozenset[str]]:
    """Given name -> the formal names it may be short for, itself included."""
    found: dict[str, set[str]] = {}
    text = (files("followertui.matching") / "nicknames.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            formal, *short = line.split()
            for name in (formal, *short):
                found.setdefault(name, set()).add(formal)
    return {name: frozenset(formal) for name, formal in found.items()}


def same_given_name(one: str, other: str) -> bool:
    """Whether two given names may be one person's: equal, or short for the same name."""
    if one == other:
        return True
    table = nicknames()
    return not table.get(one, frozenset((one,))).isdisjoint(table.get(other, frozenset((other,))))
