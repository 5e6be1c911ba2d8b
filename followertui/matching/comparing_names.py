"""How an account's name agrees with a company's: equal, within, part, initials, spelled alike.

Owns the comparison of names alone; ``companies`` says what an agreement is worth. Only
``matching`` imports it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from followertui.matching.forms import AccountForm, CompanyForm
from followertui.matching.normalising import acronym, is_distinctive, numbers_agree, short_core
from followertui.matching.places import is_place_word
from followertui.matching.vocabulary import vocabulary
from followertui.text.folding import words

_DISTINCTIVE_SHARE = 0.85
"""Share of an equal name's weight where one side gives a part of it in another field."""


_NEAR = 90.0
"""Least ratio, 0-100, of names that are spelled almost the same."""


class NameComparison(NamedTuple):
    """How an account's name agrees with a company's.

    Attributes:
        signal: name of the signal, empty for none.
        share: part of its weight, 0-1.
        extra: words of the account's name the company's does not explain.
        text: the common words, separated by single spaces.
    """

    signal: str
    share: float
    extra: tuple[str, ...]
    text: str


def compare_names(account: AccountForm, company: CompanyForm) -> NameComparison:
    """The strongest agreement of the account's name with any name of the company."""
    best = NameComparison("", 0.0, (), "")
    if account.native and account.native in company.native:
        return NameComparison("name_native", 1.0, (), account.native)
    for _, core in company.names:
        for own in account.cores:
            comparison = _compare_cores(own, core)
            is_better = _RANK[comparison.signal] * comparison.share > _RANK[best.signal] * best.share
            if is_better and numbers_agree(" ".join(own), " ".join(core)):
                best = comparison
    if best.signal in {"", "name_like"}:
        for own in account.cores:
            if "".join(own) in company.acronyms or acronym(own) in company.joined:
                share = 1.0 if sum(map(len, own)) > 3 else 0.8
                return NameComparison("name_acronym", share, (), " ".join(own))
            if own and own[0] in company.acronyms & company.labels:
                return NameComparison("name_within", 0.8, tuple(own[1:]), own[0])
    return best


_RANK = {
    "": 0.0,
    "name_equal": 10.0,
    "name_short": 7.0,
    "name_close": 6.0,
    "name_within": 5.0,
    "name_prefix": 4.5,
    "name_part": 3.0,
    "name_like": 2.0,
}


def _compare_cores(own: Sequence[str], core: Sequence[str]) -> NameComparison:
    """How two cores agree."""
    joined, other = "".join(own), "".join(core)
    if joined == other or (len(own) == len(core) and sorted(own) == sorted(core)):
        return NameComparison("name_equal", 1.0, (), " ".join(own))
    short = short_core(core)
    if short_core(own) == short and len("".join(short)) > 2:
        return NameComparison("name_equal", 0.92, (), " ".join(own))
    run = _run_inside(own, core)
    if run is None and len(short) < len(core):
        run = _run_inside(own, short)
    if run is not None:
        return _within(own, run)
    if initials_meet(own, core):
        return NameComparison("name_short", 1.0, (), " ".join(own))
    if len(joined) > 2 and (part := _run_inside(core, own)) is not None:
        return _part(own, core, part)
    return _compare_near(own, core, joined, other)


def _within(own: Sequence[str], run: tuple[int, int]) -> NameComparison:
    """The company's name inside the account's; nearly equal where the other words only describe."""
    extra = (*own[: run[0]], *own[run[1] :])
    common = " ".join(own[run[0] : run[1]])
    if not is_distinctive(own[run[0] : run[1]]):
        only_places = all(is_place_word(word) for word in own[run[0] : run[1]])
        return NameComparison("name_within", 0.3 if only_places else 0.5, extra, common)
    lists = vocabulary()
    if set(extra) <= lists.descriptive:
        return NameComparison("name_equal", 0.72, extra, common)
    if run[1] - run[0] > 1 and set(extra) <= lists.press_words:
        return NameComparison("name_equal", 0.85, extra, common)
    if not lists.institutions.isdisjoint(extra):
        return NameComparison("name_within", 0.6, extra, common)
    later = 0.8 if run[1] - run[0] > 1 else 0.5
    return NameComparison("name_within", 1.0 if run[0] == 0 else later, extra, common)


def _part(own: Sequence[str], core: Sequence[str], run: tuple[int, int]) -> NameComparison:
    """The account's name inside the company's; nearly equal where only descriptive words are left out."""
    lists = vocabulary()
    left_out = {*core[: run[0]], *core[run[1] :]}
    common = " ".join(own)
    distinctive = is_distinctive(own)
    if distinctive and left_out <= lists.descriptive | lists.home_lands | lists.industry_nouns:
        return NameComparison("name_equal", 0.85, (), common)
    return NameComparison("name_prefix" if run[0] == 0 else "name_part", 1.0 if distinctive else 0.5, (), common)


def initials_meet(own: Sequence[str], core: Sequence[str]) -> bool:
    """Whether a name is another's with a run of words as initials: ``ut dallas``.

    Args:
        own: words of the account's name.
        core: words of the company's name; at least three.

    Returns:
        True when every word but one stands in full and that one is the initials of two or
        more words that follow each other, small words left out or not.
    """
    if not 2 <= len(own) < len(core):
        return False
    small = vocabulary().small_words
    for at, word in enumerate(own):
        if len(word) < 2 or (at and tuple(own[:at]) != tuple(core[:at])):
            continue
        tail = tuple(own[at + 1 :])
        middle = core[at : len(core) - len(tail)] if tail else core[at:]
        if tail and tuple(core[len(core) - len(tail) :]) != tail:
            continue
        letters = "".join(part[0] for part in middle if part not in small)
        if len(letters) > 1 and word in {letters, letters[::-1], "".join(part[0] for part in middle)}:
            return True
    return False


def _compare_near(own: Sequence[str], core: Sequence[str], joined: str, other: str) -> NameComparison:
    """Spelling similarity of two cores without a common run of words."""
    one, two = " ".join(sorted(own)), " ".join(sorted(core))
    ratio = fuzz.ratio(one, two, score_cutoff=_NEAR)
    if min(len(joined), len(other)) > 6:
        ratio = max(ratio, fuzz.ratio(joined, other, score_cutoff=_NEAR))
    if ratio >= _NEAR:
        share = 0.5 + (ratio - _NEAR) / 20.0
        return NameComparison("name_close", share if len(core) > 1 else share * 0.55, (), " ".join(own))
    shared = [word for word in own if word in core and word not in vocabulary().small_words]
    if shared and is_distinctive(shared) and fuzz.token_set_ratio(one, two) >= 85.0:
        extra = tuple(word for word in own if word not in shared)
        return NameComparison("name_like", 1.0, extra, " ".join(shared))
    return NameComparison("", 0.0, (), "")


def _run_inside(own: Sequence[str], core: Sequence[str]) -> tuple[int, int] | None:
    """Where the whole core occurs as a run among the words, also written as one."""
    whole = "".join(core)
    if len(whole) < 2 or whole not in "".join(own):
        return None
    for first in range(len(own)):
        joined = ""
        for last in range(first, len(own)):
            joined += own[last]
            if joined == whole:
                return first, last + 1
            if len(joined) > len(whole):
                break
    return None


def distinguished(name: NameComparison, account: AccountForm, company: CompanyForm) -> NameComparison:
    """An agreement where another field supplies the words one name lacks: nearly an equal name.

    ``Ulm Daily News`` and the ``Daily News`` at dailynews.example/ulm; ``Daily News`` whose bio
    mentions Ulm and the entry ``Ulm Daily News``.
    """
    if name.signal == "name_within":
        more = "".join(name.extra)
        is_said = any(more in "".join(words(text)) for text in company.entry.domains)
    elif name.signal in {"name_prefix", "name_part"}:
        left = [word for word in company.core if word not in name.text.split()]
        more = "".join(left)
        is_said = f" {' '.join(left)} " in account.bio_text or more in account.handle_plain
    else:
        return name
    return NameComparison("name_equal", _DISTINCTIVE_SHARE, (), name.text) if len(more) > 3 and is_said else name
