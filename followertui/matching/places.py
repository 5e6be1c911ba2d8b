"""Places as codes that agree or conflict: countries, and the states of the United States.

Owns reading places from a location field or a bio: countries, states, large cities, towns and
counties. It geocodes nothing: what the tables do not list is unknown. Only ``matching``
imports it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal, NamedTuple

from followertui.matching.vocabulary import vocabulary
from followertui.text.folding import words

_LONGEST_NAME = 5
_SHORT_FORM = re.compile(
    r"(?:(?<=,)|(?<=, ))\s*([A-Z]{2})(?![A-Za-z0-9])"
    r"|\b([A-Z]\.\s?(?:[A-Z]|Va)\.)(?!\w)|(?<!\.)\b([A-Z][a-z]{1,4})\.(?!\w)"
)

_POSTCODES = (
    (re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|(?<=, )[A-Z]{1,2}\d{1,2}$"), "gb"),
    (re.compile(r"\b[A-Z]\d[A-Z] ?\d[A-Z]\d\b"), "ca"),
)
"""Post codes with letters, which are read as states otherwise, and their countries."""

_COUNTY_NAMES = re.compile(
    r"(?:[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*)?(?:,? (?:and|&) |, ))*[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*)? "
    r"(?:[Cc]ounties|[Pp]arishes)\b|[A-Z][\w.'’-]* (?:County|Parish)\b"
)
"""Counties with their names, of which some are names of states too."""

_POSSESSIVE = re.compile(r"['’]s\b", re.IGNORECASE)
_DOTTED = frozenset({"wa", "ga", "ky", "va", "pa", "md", "la", "mo", "vt"})
"""Two letters that abbreviate a state when followed by a full stop."""

_NO_PLACE = frozenset(
    {
        "united",
        "states",
        "republic",
        "city",
        "fort",
        "grand",
        "great",
        "little",
        "middle",
        "valley",
        "lake",
        "capitol",
        "mountain",
        "view",
        "town",
        "bay",
        "area",
        "virgin",
        "islands",
        "district",
        "kingdom",
    }
)
"""Words of place names that are no place by themselves."""

Verdict = Literal["agree", "conflict", "unknown"]


_COUNTY = re.compile(r"\b(?:county|counties|parish|parishes|borough)\b", re.IGNORECASE)
_COUNTIES_BEFORE = 80
_MOST_TOWNS = 3
"""Most countries or states a town's name may occur in; beyond, the name alone says nothing."""

Names = dict[str, set[str]]


class _Tables(NamedTuple):
    """Names of places -> codes: countries and states, cities, abbreviations."""

    lands: Names
    cities: Names
    short: Names


class _Towns(NamedTuple):
    """Names of smaller places -> codes: towns, and counties without the word county."""

    towns: Names
    counties: Names


@cache
def _tables() -> _Tables:
    """The table of the package."""
    tables = _Tables({}, {}, {})
    text = (files("followertui.matching") / "places.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            code, _, rest = line.partition("\t")
            for table, names in zip(tables, rest.split(";"), strict=False):
                for name in filter(None, names.split("|")):
                    table.setdefault(name, set()).add(code)
    return tables


@cache
def _towns() -> _Towns:
    """Towns and counties of the package; towns named like common words of organisations are left out."""
    tables = _Towns({}, {})
    lists = vocabulary()
    common = lists.press_words | lists.common_company_words | lists.small_words | lists.role_words
    text = (files("followertui.matching") / "towns.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            code, *columns = line.split("\t")
            for table, names in zip(tables, columns, strict=False):
                for name in filter(None, names.split("|")):
                    if name not in common:
                        table.setdefault(name, set()).add(code)
    for name in [name for name, codes in tables.towns.items() if len(codes) > _MOST_TOWNS]:
        del tables.towns[name]
    return tables


@lru_cache(maxsize=65536)
def places_of_field(text: str) -> frozenset[str]:
    """Places named in a location field, abbreviations included.

    Args:
        text: as written: ``Lisbon, Portugal``, ``Austin, TX``, ``WA``, ``Cook County``.

    Returns:
        Codes such as "pt" or "us-tx"; empty where nothing is known.
    """
    tables = _tables()
    bare, found = _without_codes(text)
    parts = words(_POSSESSIVE.sub("", bare))
    found |= _named(words(_COUNTY_NAMES.sub(", ", bare)), tables.lands)
    for size in (1, 2, 3):
        if len(parts) >= size:
            found |= tables.short.get(" ".join(parts[-size:]), set())
    cities = _named(parts, tables.cities)
    if any("-" in code for code in found):
        # A city with a state beside it is not its famous namesake.
        cities = {code for code in cities if code[:2] in {said[:2] for said in found}}
    found |= cities
    small = _named(parts, _towns().towns) | counties_of_text(text)
    if found:
        # A town counts only within the country or state named beside it.
        small = {code for code in small if code[:2] in found}
    return _narrowed(found | small)


@lru_cache(maxsize=16384)
def places_of_text(text: str) -> frozenset[str]:
    """States and countries named in running text; abbreviations after a comma or with a full stop.

    Args:
        text: a bio.

    Returns:
        Codes; empty where nothing is known.
    """
    tables = _tables()
    bare, found = _without_codes(text)
    found |= _named(words(_POSSESSIVE.sub("", _COUNTY_NAMES.sub(", ", bare))), tables.lands)
    for match in _SHORT_FORM.finditer(bare):
        form = " ".join(words(match.group()))
        if match.group(3) is None or len(form) > 2 or form in _DOTTED:
            found |= tables.short.get(form, set())
    return _narrowed(found)


def _without_codes(text: str) -> tuple[str, set[str]]:
    """A text without post codes, and the countries they tell."""
    found: set[str] = set()
    for pattern, code in _POSTCODES:
        left = pattern.sub(" ", text)
        if left != text:
            text = left
            found.add(code)
    return text, found


@lru_cache(maxsize=16384)
def cities_of_text(text: str) -> frozenset[str]:
    """Places whose cities, towns or counties a running text names: evidence of agreement only, as names recur.

    Args:
        text: a bio; towns count where they are written with a capital.

    Returns:
        Codes; empty where nothing is known.
    """
    plain = _POSSESSIVE.sub("", text)
    said = places_of_text(text)
    lands = {code[:2] for code in said if "-" in code}

    def fitting(codes: Iterable[str]) -> set[str]:
        """Where the text names the state, a town or county of the same name elsewhere is ruled out."""
        return {code for code in codes if code in said or code[:2] not in lands}

    counties = fitting(counties_of_text(plain))
    if 0 < len(counties) <= _MOST_TOWNS:
        return frozenset(counties)
    towns: set[str] = set()
    for run in _CAPITALS.findall(plain):
        towns |= _named(words(run), _towns().towns)
    return _narrowed(fitting(towns) | _named(words(plain), _tables().cities))


_CAPITALS = re.compile(r"(?:[A-Z][\w.'’-]*)(?: (?:[A-Z][\w.'’-]*|of|de|la|le|the|on))*")
"""Runs of capitalised words, small words between them included."""


@lru_cache(maxsize=16384)
def counties_of_text(text: str) -> frozenset[str]:
    """Codes of all states that have the counties a text names: ``Cook, DuPage and Kane counties``."""
    found: set[str] = set()
    counties = _towns().counties
    for match in _COUNTY.finditer(text):
        before = words(text[max(0, match.start() - _COUNTIES_BEFORE) : match.start()])
        if match.group()[-3:].lower() == "ies":
            named = [_named([word], counties) for word in before[-8:]] + [_named(before[-8:], counties)]
            agreeing = set.intersection(*some) if (some := [codes for codes in named if codes]) else set()
            found |= agreeing
            continue
        for size in (3, 2, 1):
            codes = counties.get(" ".join(before[-size:])) if len(before) >= size else None
            if codes:
                found |= codes
                break
    return frozenset(found)


def place_of_code(text: str) -> frozenset[str]:
    """The place an abbreviation means (``mo``, ``ga``, ``uk``), empty where none."""
    return frozenset(_tables().short.get(text, ()))


def compared(one: frozenset[str], other: frozenset[str]) -> Verdict:
    """Whether two sets of places name the same region.

    Args:
        one: codes of one side.
        other: codes of the other.

    Returns:
        "agree" where a code is shared, "conflict" where the closest level both know differs.
    """
    if not one or not other:
        return "unknown"
    if one & other:
        return "agree"
    lands, others = {code[:2] for code in one}, {code[:2] for code in other}
    if not lands & others:
        return "conflict"
    parted = any("-" in code for code in one) and any("-" in code for code in other)
    return "conflict" if parted else "unknown"


def land_name(codes: frozenset[str]) -> str:
    """The name of the country of some codes, "" where there is none or several."""
    lands = {code[:2] for code in codes}
    return _land_names().get(min(lands), "") if len(lands) == 1 else ""


@cache
def _land_names() -> dict[str, str]:
    """Code of a country -> its first name in the table, with capitals."""
    found: dict[str, str] = {}
    text = (files("followertui.matching") / "places.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        code, _, rest = line.partition("\t")
        name = rest.partition(";")[0].partition("|")[0]
        if len(code) == 2 and name:
            found[code] = name.upper() if len(name) <= 3 else name.title()
    return found


def _named(parts: Sequence[str], names: Mapping[str, set[str]]) -> set[str]:
    """Codes of the place names among words, longest names first."""
    found: set[str] = set()
    at = 0
    while at < len(parts):
        for size in range(min(_LONGEST_NAME, len(parts) - at), 0, -1):
            codes = names.get(" ".join(parts[at : at + size]))
            if codes is not None:
                found |= codes
                at += size
                break
        else:
            at += 1
    return found


def _narrowed(found: set[str]) -> frozenset[str]:
    """The codes without countries of which a state is named too."""
    parted = {code[:2] for code in found if "-" in code}
    return frozenset(code for code in found if code not in parted)


def is_place_word(word: str) -> bool:
    """Whether a folded word is a place of the table, alone or as part of a longer name."""
    return word in _place_words()


@cache
def _place_words() -> frozenset[str]:
    """Every word of four letters or more in the names of countries, states and cities, and all short names."""
    tables = _tables()
    names = [*tables.lands, *tables.cities]
    return frozenset(word for name in names for word in name.split() if len(word) > 3 or word == name) - _NO_PLACE
