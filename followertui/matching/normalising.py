"""Names brought to the forms in which they are compared.

Owns comparison keys (words sorted, legal form and article gone), the core of a company's
name, its short core, its acronym and the parts a display name falls into. It compares
nothing. Only ``matching`` imports it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from followertui.matching.vocabulary import vocabulary
from followertui.text.folding import is_latin, native, words
from followertui.text.legal_forms import without_legal_form, without_native_form

_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|（[^（）]*）")
_PARTS = re.compile(r"\s*[|•·–—/\\,;:~►»→✦★☆\n]+\s*|\s+-+\s+|\s+(?=@)|\s*#")
_NATIVE_WORD = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"['’]s\b", re.IGNORECASE)


def comparison_key(name: str) -> str:
    """The words of a name in sorted order, folded, without legal form and article.

    Args:
        name: as written.

    Returns:
        Words with one space between; empty for a name without letters or digits.
    """
    return " ".join(sorted(core_words(name)))


def native_key(name: str) -> str:
    """The same in the name's own script, empty for a Latin name.

    Args:
        name: as written.

    Returns:
        Case-folded words sorted, one space between.
    """
    if is_latin(name):
        return ""
    return " ".join(sorted(_NATIVE_WORD.findall(without_native_form(native(name)))))


@lru_cache(maxsize=200_000)
def core_words(name: str) -> tuple[str, ...]:
    """The folded words of a name without legal form, leading article and ornaments.

    Args:
        name: as written.

    Returns:
        Words in the order written.
    """
    plain = name if name.isascii() else without_native_form(native(name))
    left = without_legal_form(words(plain))
    while len(left) > 1 and left[0] in vocabulary().articles:
        left = left[1:]
    return tuple(word for word in left if word != "and") or tuple(left)


def without_asides(name: str) -> tuple[str, tuple[str, ...]]:
    """A name without what stands in brackets, and those asides.

    Args:
        name: as written.

    Returns:
        The name, and the texts that stood in brackets, in order.
    """
    asides = tuple(match.group()[1:-1].strip() for match in _ASIDE.finditer(name))
    return (_ASIDE.sub(" ", name).strip() or name), asides


def name_parts(name: str) -> list[str]:
    """The parts of a display name that people separate by bars, dots, dashes or an @.

    Args:
        name: as written.

    Returns:
        The parts, longest content first as written; at least the name itself.
    """
    plain, _ = without_asides(name)
    parts = [part.strip() for part in _PARTS.split(plain) if part and part.strip()]
    return parts or [name]


def short_core(core: Sequence[str]) -> tuple[str, ...]:
    """A company's core without closing words that many companies share (group, holdings ...).

    Args:
        core: core words in the order written.

    Returns:
        At least one word; the core itself where nothing can go.
    """
    tail = vocabulary().company_tails
    end = len(core)
    while end > 1 and (core[end - 1] in tail):
        end -= 1
    return tuple(core[:end])


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
