"""How distinctive each company's name is among all names of the lists. Only ``matching`` imports it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from followertui.matching.forms import CompanyForm
from followertui.matching.places import is_place_word
from followertui.matching.vocabulary import nicknames, vocabulary

_COMMON_DF = 8
_BY_LENGTH = {1: 0.3, 2: 0.4, 3: 0.55, 4: 0.8}


def rate_companies(forms: Sequence[CompanyForm]) -> None:
    """Compute how distinctive every company's name is among all of them.

    Args:
        forms: all companies of the matcher; ``distinctive`` and ``shared`` are set.
    """
    spread = Counter(word for form in forms for word in frozenset(form.core))
    many = max(_COMMON_DF, len(forms) // 250)
    named: dict[tuple[str, ...], list[CompanyForm]] = {}
    for form in forms:
        named.setdefault(tuple(sorted(form.core)), []).append(form)
    for same in named.values():
        shared = _different(same) - 1 if len(same) > 1 else 0
        for form in same:
            form.distinctive = distinctive(form.core, spread, many)
            form.shared = shared


def _different(forms: Sequence[CompanyForm]) -> int:
    """How many companies some of one name are: entities with the same domains count once."""
    domains: dict[int, set[str]] = {}
    for form in forms:
        domains.setdefault(form.entry.entity_id, set()).update(form.domains)
    return len({frozenset(own) for own in domains.values()})


def distinctive(core: Sequence[str], spread: Counter[str], many: int) -> float:
    """How distinctive a company's name is, from the words it is made of.

    Args:
        core: core words.
        spread: word -> number of names it occurs in.
        many: number of names from which a word counts as common.

    Returns:
        0 (words any name may contain) to 1 (a word few names contain).
    """
    lists = vocabulary()
    total = places = 0.0
    for word in core:
        if word in lists.small_words:
            continue
        if word in lists.common_company_words or word in lists.press_words or word in lists.company_tails:
            total += 0.2
        elif is_place_word(word):
            places += 0.4
        elif spread[word] > many:
            total += 0.35
        elif len(core) == 1 and (word in lists.common_surnames or word in nicknames()):
            total += 0.4
        else:
            total += _BY_LENGTH.get(len(word), 1.0)
    if len(core) == 1:
        total *= 0.92
    return min(1.0, total + min(0.6, places))
