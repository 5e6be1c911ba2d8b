"""Names of people: their parts, and how far two of them agree.

Owns order, initials, short forms, honorifics, offices and suffixes. It gives agreements, not
points (``individuals`` does). Only ``matching`` imports it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from followertui.domain.lists import ListEntry
from followertui.matching.normalising import romanised
from followertui.matching.vocabulary import is_other_name, nicknames, same_given_name, vocabulary
from followertui.text.folding import is_latin, words

Agreement = Literal["full", "short_form", "nick", "initial", "surname", ""]


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name in parts, folded.

    Attributes:
        given: given names that may be used, the first one first; nickname included.
        middle: middle names or initials.
        last: the words of the family name, particles included.
        suffix: jr, iii ..., or empty.
    """

    given: tuple[str, ...]
    middle: tuple[str, ...]
    last: tuple[str, ...]
    suffix: str = ""

    @property
    def surname(self) -> str:
        """The family name without particles."""
        return _surname(self.last)


@lru_cache(maxsize=65536)
def _surname(last: tuple[str, ...]) -> str:
    """The last word of a family name that is no particle."""
    bare = [word for word in last if word not in vocabulary().surname_particles]
    return bare[-1] if bare else last[-1]


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a person's name agrees with the words of an account's name.

    Attributes:
        agreement: the strongest that holds, empty for none.
        middle: "agree", "conflict" or "" for the middle names.
        extra: words of the account's name the person's name does not explain.
    """

    agreement: Agreement
    middle: str
    extra: tuple[str, ...]


def entry_person(entry: ListEntry) -> PersonName | None:
    """The person of a list entry, from its parts or its full name, or None."""
    given, middle, last, suffix = (
        words(text) for text in (entry.first_name, entry.middle_name, entry.last_name, entry.suffix)
    )
    nick = words(entry.nickname)
    if not last or not (given or nick):
        parsed = parsed_person(entry.person)
        if parsed is None:
            whole = words(entry.person)
            return None if not whole or is_latin(entry.person) else PersonName((), (), ("".join(whole),))
        usual = () if is_latin(entry.person) else tuple(romanised(name) for name in parsed.given)
        names = dict.fromkeys((*parsed.given, *usual, *nick))
        return PersonName(tuple(names), parsed.middle, parsed.last, parsed.suffix)
    extra = given[1:]
    return PersonName((*given[:1], *nick), (*extra, *middle), tuple(last), suffix[0] if suffix else "")


def parsed_person(text: str) -> PersonName | None:
    """A person's full name in parts.

    Args:
        text: ``Dana Ortiz``, ``Ortiz, Dana``, ``Dr. Dana M. van der Berg Jr.``

    Returns:
        The parts, or None for fewer than two words.
    """
    before, comma, after = text.partition(",")
    tail = words(after)
    if comma and tail and not set(tail) <= vocabulary().name_suffixes:
        text = f"{after} {before}"
    parts, suffix = bare_name(words(text))
    if len(parts) < 2:
        return None
    split = len(parts) - 1
    while split > 1 and parts[split - 1] in vocabulary().surname_particles:
        split -= 1
    return PersonName((parts[0],), tuple(parts[1:split]), tuple(parts[split:]), suffix)


def bare_name(parts: Sequence[str]) -> tuple[list[str], str]:
    """A name's words without honorifics and offices before and titles after.

    Args:
        parts: folded words in the order written.

    Returns:
        The words, never fewer than one if there was one, and jr, sr or a numeral if it had one.
    """
    lists = vocabulary()
    left = list(parts)
    while len(left) > 2 and (left[0] in lists.honorifics or left[0] in lists.offices):
        left = left[1:]
    if len(left) == 2 and left[0] in lists.offices:
        left = left[1:]
    suffix = ""
    while len(left) > 2 and left[-1] in lists.name_suffixes:
        suffix = left[-1] if left[-1] in _GENERATIONS else suffix
        left = left[:-1]
    return left, suffix


_GENERATIONS = frozenset({"jr", "sr", "ii", "iii", "iv", "v"})


def compare_names(person: PersonName, parts: Sequence[str]) -> Comparison:
    """Compare a person's name with the words of an account's name.

    Args:
        person: the entry's person.
        parts: folded words of the account's name, without honorifics, in the order written.

    Returns:
        The strongest agreement, the middle names' verdict and the unexplained words.
    """
    at = _surname_at(person, parts)
    if at is None:
        return Comparison("", "", ())
    first, last = at
    rest = [*parts[:first], *parts[last:]]
    agreement, used = _given_agreement(person, rest)
    if first == 0 and agreement not in {"", "full"}:
        # A family name that stands first may be a given name: only equal names are taken for turned round.
        agreement = _TURNED[agreement]
    left = [word for position, word in enumerate(rest) if position != used]
    if agreement in {"", "surname"}:
        return Comparison("surname", "", tuple(rest))
    middle, extra = _middle_verdict(person.middle, left)
    return Comparison(agreement, middle, extra)


_TURNED: dict[Agreement, Agreement] = {"short_form": "nick", "nick": "initial", "initial": "surname"}


def _surname_at(person: PersonName, parts: Sequence[str]) -> tuple[int, int] | None:
    """Position of the family name among the words: the whole of it, else its last word."""
    whole = "".join(person.last)
    for first in range(len(parts)):
        joined = ""
        for last in range(first, min(len(parts), first + 4)):
            joined += parts[last]
            if joined == whole:
                return first, last + 1
    surname = person.surname
    if len(person.last) > 1 and len(surname) > 3 and surname in parts:
        at = len(parts) - 1 - list(reversed(parts)).index(surname)
        return at, at + 1
    return None


def _given_agreement(person: PersonName, rest: Sequence[str]) -> tuple[Agreement, int]:
    """The strongest agreement of given names, and which word it used (-1 for none)."""
    best: tuple[int, Agreement, int] = (0, "", -1)
    for position, word in enumerate(rest):
        for given in person.given:
            rank, agreement = _one_given(word, given)
            if rank > best[0]:
                best = rank, agreement, position
        if len(word) > 2 and word in person.middle and best[0] < 3:
            best = 3, "short_form", position
    return best[1], best[2]


def _one_given(word: str, given: str) -> tuple[int, Agreement]:
    """How one word of an account's name agrees with one given name, and how strongly."""
    if word == given:
        return 4, "full"
    if word in nicknames().get(given, ()) or given in nicknames().get(word, ()) or _is_cut(word, given):
        return (2, "nick") if is_other_name(word, given) else (3, "short_form")
    if same_given_name(word, given):
        return 2, "nick"
    if 1 in (len(word), len(given)) and word[0] == given[0]:
        return 1, "initial"
    return 0, ""


def _is_cut(one: str, other: str) -> bool:
    """Whether one given name abbreviates the other (Cath, Catherine; Mitch, Mitchell)."""
    short, long = sorted((one, other), key=len)
    return len(short) >= 3 and long.startswith(short)


def _middle_verdict(middle: Sequence[str], left: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Whether the remaining words are the middle names, and which are not."""
    extra: list[str] = []
    agree = conflict = False
    for word in left:
        if any(word == name or (1 in (len(word), len(name)) and word[0] == name[0]) for name in middle):
            agree = True
        elif len(word) == 1 and middle:
            conflict = True
        else:
            extra.append(word)
    return ("agree" if agree else "conflict" if conflict else ""), tuple(extra)


def commonness(person: PersonName) -> int:
    """How common a person's name is: 0 the family name is rare, 1 it is common, 2 the given name too."""
    if person.surname not in vocabulary().common_surnames:
        return 0
    return 2 if any(name in nicknames() for name in person.given) else 1
