"""How many strangers have the words that met: counted in the store's names and bios, smoothed by shipped frequencies.

Owns the arithmetic of rarity, and what is counted of an audience. It compares nothing. Source:
term frequencies of the Fellegi-Sunter model (Splink, topic guide on term frequency): an
agreement on a word that many have says little. ``matching`` and ``services`` use it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from importlib.resources import files
from math import log2, prod
from typing import NamedTuple

from followertui.matching.places import is_place_word
from followertui.matching.vocabulary import nicknames
from followertui.text.folding import words

BACKGROUND = 5_000
"""Accounts the shipped frequencies are worth beside those counted; also the size of an unknown store."""

USUAL_SHARE = 0.01
"""Share of the companies on a list whose own account is expected in an unknown audience."""

_TOGETHER = 10.0
"""How much more often words of a name stand together than chance has it."""

_ALONE = 0.15
"""Share of the accounts with a word in their name that have no other word beside it."""

_NAME, _PLACE = 2.0**-14, 2.0**-15
"""Least share of a given name, and of a town or county, that the table does not hold."""

_UNKNOWN = {1: 2.0**-8, 2: 2.0**-12, 3: 2.0**-15, 4: 2.0**-17, 5: 2.0**-18}
"""Share of a word that no table holds by its letters: short ones are initials of something."""

_UNKNOWN_LONG = 2.0**-20


class Audience(NamedTuple):
    """What is known of the accounts of a store before any of them is compared.

    Attributes:
        size: number of accounts counted; 0 where none was.
        words: folded word -> accounts whose display name holds it; only words of lists.
        names: display name as one word -> accounts of that name; only names on lists.
        share: share of the companies on lists whose own account is there by strict rules, 0-1.
        plain: folded word -> accounts whose bio uses it as any word, in lower case; only words of lists.
        capital: the same words -> accounts whose bio writes them like a name, or as a handle.
    """

    size: int = 0
    words: Mapping[str, int] = {}
    names: Mapping[str, int] = {}
    share: float = USUAL_SHARE
    plain: Mapping[str, int] = {}
    capital: Mapping[str, int] = {}


NOBODY = Audience()
"""An audience nothing is known of."""


def count_names(
    names: Iterable[str], wanted_words: Collection[str], wanted_names: Collection[str]
) -> tuple[int, dict[str, int], dict[str, int]]:
    """Count the words of display names.

    Args:
        names: display names, one an account, in any order.
        wanted_words: folded words to count.
        wanted_names: whole names to count, each as one word.

    Returns:
        (accounts, word -> accounts, whole name -> accounts); what no account has is left out.
    """
    size = 0
    held: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    for name in names:
        size += 1
        own = words(name)
        joined = own[0] if len(own) == 1 else "".join(own)
        if joined in wanted_names:
            whole[joined] += 1
        for word in own if len(own) < 2 else {*own}:
            if word in wanted_words:
                held[word] += 1
    return size, dict(held), dict(whole)


def count_bios(bios: Iterable[str], wanted: Collection[str]) -> tuple[dict[str, int], dict[str, int]]:
    """Count how bios use the words of lists: as any word, or as a name.

    Args:
        bios: one an account, in any order; those all in lower case tell nothing.
        wanted: folded words to count.

    Returns:
        (word -> bios that use it in lower case, word -> other bios that hold it); words no bio uses in
        lower case are in neither.
    """
    plain: Counter[str] = Counter()
    every: Counter[str] = Counter()
    known = frozenset(wanted)
    for bio in bios:
        if not bio.islower():
            every.update(known.intersection(words(bio)))
            plain.update(known.intersection(words(" ".join(filter(_is_plain, bio.split())))))
    return dict(plain), {word: every[word] - count for word, count in plain.items()}


def _is_plain(piece: str) -> bool:
    """Whether a piece of a bio is written as any word is: no capitals, handle, hashtag or address."""
    return piece.islower() and _MARKS.isdisjoint(piece) and "." not in piece[:-1]


_MARKS = frozenset("@#/")


def everyday_bits(word: str, audience: Audience) -> float:
    """How strongly a store's bios show that a word is more often any word than a name.

    Args:
        word: folded.
        audience: the accounts.

    Returns:
        Doublings of its use as any word beside its use as a name; 0 where it is a name, or hardly used.
    """
    plain = audience.plain.get(word, 0)
    if plain < _LEAST_PLAIN:
        return 0.0
    return max(0.0, log2(plain * _PLAIN_A_NAME / (audience.capital.get(word, 0) + _LEAST_PLAIN)))


_LEAST_PLAIN = 2
"""Bios that must use a word in lower case before it counts as more than a chance."""

_PLAIN_A_NAME = 8
"""Uses as a name a word needs for each in lower case, not to be an everyday word."""


def background(word: str) -> float:
    """The share of accounts anywhere whose display name holds a word.

    Args:
        word: folded.

    Returns:
        Above 0; for a word no table holds, more the shorter it is.
    """
    known = _frequencies().get(word, 0.0)
    if word in nicknames():
        known = max(known, _NAME)
    elif is_place_word(word):
        known = max(known, _PLACE)
    return max(known, _UNKNOWN.get(len(word), _UNKNOWN_LONG))


def strangers(name: tuple[str, ...], audience: Audience, is_whole: bool) -> float:
    """How many other accounts of a store are expected to have some words by chance.

    Args:
        name: the words that met, folded.
        audience: the accounts.
        is_whole: they are all of the account's name.

    Returns:
        A number of accounts, the account itself not among them; above 0.
    """
    accounts = audience.size or BACKGROUND
    if not name:
        return float(accounts)
    if is_whole:
        share = _together([_share(word, audience) for word in name]) * _ALONE
        counted = audience.names.get("".join(name), 0)
        return accounts * _smoothed(counted, share, audience.size)
    return accounts * _together(
        [_smoothed(audience.words.get(word, 0), _share(word, audience), audience.size) for word in name]
    )


def _share(word: str, audience: Audience) -> float:
    """The share of accounts whose display name is expected to hold a word, the bios of the store considered."""
    plain = audience.plain.get(word, 0) if audience.size else 0
    known = background(word)
    return max(known, _NAMED_AFTER * plain / audience.size) if plain >= _LEAST_PLAIN else known


_NAMED_AFTER = 0.1
"""Display names that hold an everyday word, for each bio that uses it."""


def _smoothed(counted: int, share: float, size: int) -> float:
    """A share of accounts from those counted, one of which is asked about, and the shipped frequencies."""
    return (max(0, counted - 1) + BACKGROUND * share) / (size + BACKGROUND)


def _together(shares: list[float]) -> float:
    """The share of accounts that hold all of some words."""
    return min(prod(shares) * _TOGETHER ** (len(shares) - 1), *shares) if len(shares) > 1 else shares[0]


@cache
def _frequencies() -> dict[str, float]:
    """Word -> share of accounts of the package's table."""
    text = (files("followertui.matching") / "frequencies.tsv").read_text(encoding="utf-8")
    lines = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {word: 2.0 ** -int(power) for power, held in lines for word in held.split()}
