"""Normalised names.

Owns comparison keys (words sorted, without legal form and article), the core of a company's
name, its short core, its acronym and the parts of a display name. It compares nothing. Only
``matching`` imports it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from followertui.matching.places import is_place_word
from followertui.matching.vocabulary import vocabulary
from followertui.text.folding import fold, is_latin, native, script_of, words
from followertui.text.legal_forms import without_legal_form, without_native_form

_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|（[^（）]*）")
_PARTS = re.compile(r"\s*[|•·–—/\\,;:~►»→✦★☆\n]+\s*|\s+-+\s+|\s+(?=@)|\s*#")
_NATIVE_WORD = re.compile(r"[^\W_]+")
_GLUED_TAIL = re.compile(r"(?<=[a-z]{4})(?:group|corp|holdings)$")
INNER_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_POSSESSIVE = re.compile(r"['’]s\b", re.IGNORECASE)


def comparison_key(name: str) -> str:
    """The words of a name in sorted order, folded, without legal form and article.

    Args:
        name: as written.

    Returns:
        Words separated by single spaces; empty for a name without letters or digits.
    """
    return " ".join(sorted(core_words(name)))


def native_key(name: str) -> str:
    """The comparison key in the name's own script, empty for a Latin name.

    Args:
        name: as written.

    Returns:
        Case-folded words in sorted order, separated by single spaces.
    """
    if is_latin(name):
        return ""
    parts = _NATIVE_WORD.findall(without_native_form(native(name)))
    if any(script_of(letter) in _UNSPACED for part in parts for letter in part[:1]):
        return "".join(parts)
    return " ".join(sorted(parts))


_UNSPACED = frozenset({"cjk", "hiragana", "katakana", "thai"})
"""Scripts in which spaces inside a name are optional."""


def romanised(folded: str) -> str:
    """A transliterated word in its usual spelling: ``mariya`` gives maria, ``ks`` gives x."""
    for usual, written in _ROMAN:
        folded = folded.replace(usual, written)
    return folded


_ROMAN = (("ks", "x"), ("iya", "ia"), ("iy", "y"), ("yy", "y"), ("kh", "h"), ("yu", "u"))


@lru_cache(maxsize=200_000)
def core_words(name: str) -> tuple[str, ...]:
    """The folded words of a name without legal form, leading article and symbols.

    Args:
        name: as written.

    Returns:
        Words in the order written.
    """
    plain = name if name.isascii() else without_native_form(native(name))
    left = without_legal_form(words(plain))
    lists = vocabulary()
    while len(left) > 1 and left[0] in lists.articles:
        del left[0]
    ands, last = lists.and_words, len(left) - 1
    if "and" not in left and (last < 2 or ands.isdisjoint(left)):
        return tuple(left)
    kept = (word for at, word in enumerate(left) if word != "and" and not (0 < at < last and word in ands))
    return tuple(kept) or tuple(left)


def spoken_variants(name: str) -> tuple[str, ...]:
    """A name with its "&" said in the ways texts say it: ``globex und sons``, ``globex and sons``.

    Args:
        name: as written.

    Returns:
        Folded words without legal form, one space between; empty where the name joins nothing.
    """
    left = without_legal_form(words(_JOINED.sub(" and ", name)))
    ands = vocabulary().and_words
    at = next((at for at, word in enumerate(left[1:-1], start=1) if word == "and" or word in ands), 0)
    if not at:
        return ()
    return tuple(" ".join((*left[:at], said, *left[at + 1 :])) for said in dict.fromkeys((left[at], *_SPOKEN)))


_JOINED = re.compile(r"[&+]")
_SPOKEN = ("and", "und", "et", "y", "och")


def other_names(name: str) -> tuple[str, ...]:
    """The names a name gives side by side: ``Globex Inc (formerly Hooli)``, ``Globex LLC dba Initech``.

    Args:
        name: as written.

    Returns:
        The first name, then the others, none empty; the name itself where it gives but one.
    """
    plain, asides = without_asides(name)
    if not asides and plain.isascii() and not _ANY_MARKER.search(plain.lower()):
        return (plain.strip(_AROUND) or name,)
    parts = [part.strip(_AROUND) for part in _ALSO.split(plain)]
    found = [match.group(1) for aside in asides if (match := _ALSO_ASIDE.fullmatch(aside))]
    return tuple(part for part in (*parts, *found) if part) or (name,)


_MARKER = (
    r"formerly known as|formerly|previously known as|previously|also known as|now known as|doing business as|"
    r"trading as|f/k/a|fka|d/b/a|d\.b\.a\.|dba|t/a|a/k/a|aka|ehemals|vormals|anciennement|antes"
)
_AROUND = " ,;-–—"
_ANY_MARKER = re.compile(_MARKER)
_ALSO = re.compile(rf"(?:(?<=\W)|^)(?:{_MARKER})(?=\W)[:\s]*", re.IGNORECASE)
_ALSO_ASIDE = re.compile(rf"(?:{_MARKER}|now|ex|was|früher)\b[:\s-]*(.+)", re.IGNORECASE)


def core_variants(name: str) -> tuple[tuple[str, ...], ...]:
    """The core of a name, then its variants with camel case split and abbreviations expanded.

    Args:
        name: as written: ``HCLTech`` gives (hcltech), (hcl, tech) and (hcl, technology).

    Returns:
        Cores, the plain one first, no duplicates, none empty.
    """
    plain = core_words(name)
    found = [plain]
    if not name.istitle() and (apart := INNER_CAPITAL.sub(" ", name)) != name:
        found.append(core_words(apart))
    if not name.isascii():
        if not is_latin(name):
            found.append(tuple(romanised(word) for word in plain))
        elif (spelled := name.translate(_SPELLED)) != name:
            found.append(core_words(spelled))
    same = vocabulary().same_word
    for core in tuple(found):
        if any(word in same for word in core):
            found.append(tuple(same.get(word, word) for word in core))
    if len(plain) == 1 and (stem := _GLUED_TAIL.sub("", plain[0])) != plain[0] and is_distinctive((stem,)):
        found.append((stem,))
    bare = _without_initials(plain)
    if len(bare) < len(plain) and is_distinctive(bare) and not _COMPOUND.match(name):
        found.append(bare)
    if len(found) == 1:
        return (plain,) if plain else ()
    return tuple(dict.fromkeys(core for core in found if core))


_COMPOUND = re.compile(r"\s*\w-\w")
"""A letter that a hyphen makes part of the word behind it: ``E-Mail``."""

_SPELLED = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ø": "oe", "Ø": "Oe", "å": "aa", "Å": "Aa"}
)
"""Letters as they are spelled where a keyboard lacks them."""


def _without_initials(core: tuple[str, ...]) -> tuple[str, ...]:
    """A core without leading single letters; at least its last word is kept."""
    at = 0
    while at < len(core) - 1 and len(core[at]) == 1:
        at += 1
    return core[at:]


def without_asides(name: str) -> tuple[str, tuple[str, ...]]:
    """A name without its parts in brackets, and those parts.

    Args:
        name: as written.

    Returns:
        The name, and the texts in brackets, in order.
    """
    if "(" not in name and "[" not in name and "（" not in name:
        return name.strip() or name, ()
    asides = tuple(match.group()[1:-1].strip() for match in _ASIDE.finditer(name))
    return (_ASIDE.sub(" ", name).strip() or name), asides


def is_name_of_its_own(aside: str) -> bool:
    """Whether what stands in brackets is a name of its own: several words, or one that few names hold.

    A word in small letters says what the company is to the list: "Globex (member)".
    """
    if len(other_names(f"({aside})")) > 1 or is_place_word(fold(aside)) or aside.islower():
        return False
    if fold(aside) in vocabulary().role_words | vocabulary().descriptive:
        return False
    return len(aside) > 5 if " " in aside else len(aside) > 3 and is_distinctive(core_words(aside))


def name_parts(name: str) -> list[str]:
    """The parts of a display name that people separate by bars, dots, dashes or an @.

    Args:
        name: as written.

    Returns:
        The parts, longest first; at least the name itself.
    """
    plain, _ = without_asides(name)
    parts = [part.strip() for part in _PARTS.split(plain) if part and part.strip()]
    return parts or [name]


_NUMBER = re.compile(r"[0-9]+")


@lru_cache(maxsize=200_000)
def numbers_in(name: str) -> frozenset[str]:
    """The numbers in a folded name, without leading zeros: ``lodge no 012`` has 12."""
    return frozenset(number.lstrip("0") for number in _NUMBER.findall(name))


def numbers_agree(one: str, other: str) -> bool:
    """Whether two folded names differ in no number; one may say fewer than the other."""
    first, second = numbers_in(one), numbers_in(other)
    return first <= second or second <= first


def short_core(core: Sequence[str]) -> tuple[str, ...]:
    """A company's core without generic closing words (group, holdings ...).

    Args:
        core: core words in the order written.

    Returns:
        At least one word; the core itself where nothing can be dropped.
    """
    return _shortened(tuple(core))


@lru_cache(maxsize=65536)
def _shortened(core: tuple[str, ...]) -> tuple[str, ...]:
    """A core without generic closing words, where what is left is distinctive."""
    lists = vocabulary()
    size = end = len(core)
    while end > 1 and (core[end - 1] in lists.company_tails or core[end - 1] in lists.home_lands):
        end -= 1
    short = core[:end]
    return short if end == size or is_distinctive(short) else core


def is_distinctive(core: Sequence[str]) -> bool:
    """Whether at least one word of a core is neither a place nor common in names."""
    common = _common_words()
    return any(len(word) > 2 and word not in common and not is_place_word(word) for word in core)


@cache
def _common_words() -> frozenset[str]:
    """Words very common in names of organisations."""
    lists = vocabulary()
    return lists.common_company_words | lists.press_words | lists.small_words


def acronym(core: Sequence[str]) -> str:
    """The first letters of a name of three or more words, else empty.

    Args:
        core: core words in the order written.

    Returns:
        The letters in lower case; small words (of, for, de ...) are left out.
    """
    letters = [word[0] for word in core if word not in vocabulary().small_words]
    return "".join(letters) if len(letters) >= 3 else ""


def acronym_with_small_words(name: str) -> str:
    """The first letters of every word of a name as written, the legal form included."""
    every = words(_POSSESSIVE.sub("", name))
    return "".join(word[0] for word in every) if len(every) >= 3 else ""
