"""Places as codes that agree or conflict: countries, and the states of the largest ones.

Owns reading places out of a place field or a bio. It geocodes nothing: what the table does
not know is unknown. Only ``matching`` imports it.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

from followertui.text.folding import fold, words

_LONGEST_NAME = 5
_SHORT_FORM = re.compile(r"(?:(?<=,)|(?<=, ))\s*([A-Z]{2}|[A-Z]\.\s?[A-Z]\.)(?![A-Za-z])|\b([A-Z][a-z]{1,4})\.(?!\w)")

Verdict = Literal["agree", "conflict", "unknown"]


@cache
def _tables() -> tuple[dict[str, str], dict[str, str]]:
    """Names and abbreviations of places -> code."""
    names: dict[str, str] = {}
    short: dict[str, str] = {}
    text = (files("followertui.matching") / "places.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            code, _, rest = line.partition("\t")
            full, _, brief = rest.partition(";")
            for name in full.split("|"):
                names.setdefault(name, code)
            for name in brief.split("|"):
                if name:
                    short.setdefault(name, code)
    return names, short


@lru_cache(maxsize=65536)
def places_of_field(text: str) -> frozenset[str]:
    """Places named in a field that holds a place, abbreviations included.

    Args:
        text: as written: ``Lisbon, Portugal``, ``Austin, TX``, ``WA``.

    Returns:
        Codes such as "pt" or "us-tx"; empty where nothing is known.
    """
    parts = words(text)
    if not parts:
        return frozenset()
    found = _named(parts)
    short = _tables()[1]
    for size in (1, 2, 3):
        tail = " ".join(parts[-size:])
        if len(parts) >= size and tail in short:
            found.add(short[tail])
    if len(parts) == 1 and parts[0] == "georgia":
        found.add("us-ga")
    return _narrowed(found)


@lru_cache(maxsize=16384)
def places_of_text(text: str) -> frozenset[str]:
    """Places named in running text; abbreviations only after a comma or with a full stop.

    Args:
        text: a bio.

    Returns:
        Codes; empty where nothing is known.
    """
    found = _named(words(text))
    short = _tables()[1]
    for match in _SHORT_FORM.finditer(text):
        form = " ".join(words(match.group(1) or match.group(2)))
        code = short.get(form)
        if code is not None and (match.group(1) or len(form) > 2 or form in {"wa", "ga", "ky", "va", "pa", "md", "la", "mo", "vt"}):
            found.add(code)
    return _narrowed(found)


def compared(one: frozenset[str], other: frozenset[str]) -> Verdict:
    """Whether two sets of places speak of the same region.

    Args:
        one, other: codes.

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


def _named(parts: list[str]) -> set[str]:
    """Codes of the names of places among words, longest names first."""
    names = _tables()[0]
    found: set[str] = set()
    at = 0
    while at < len(parts):
        for size in range(min(_LONGEST_NAME, len(parts) - at), 0, -1):
            code = names.get(" ".join(parts[at : at + size]))
            if code is not None:
                found.add(code)
                at += size
                break
        else:
            at += 1
    return found


def _narrowed(found: set[str]) -> frozenset[str]:
    """The codes without countries of which a part is named."""
    parted = {code[:2] for code in found if "-" in code}
    return frozenset(code for code in found if code not in parted)


def is_place_word(word: str) -> bool:
    """Whether a folded word alone names a place of the table."""
    return fold(word) in _tables()[0]
