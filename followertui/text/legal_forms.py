"""Legal forms of companies, and removing them from names.

Owns the table of forms (``legal_forms.tsv``) and the positions of a form in a name. It does
not decide whether a name is a company's. Anyone above may import it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from followertui.text.folding import native

_LONGEST_FORM = 6


@dataclass(frozen=True, slots=True)
class LegalForms:
    """The table, compiled for lookup.

    Attributes:
        at_end: folded words of forms that may end a name.
        at_start: folded words of forms that may begin one.
        last_words: the last words of all forms that may end a name.
        first_words: the first words of all forms that may begin one.
        own_script: pattern of forms in their own script, anywhere in the name.
    """

    at_end: frozenset[tuple[str, ...]]
    at_start: frozenset[tuple[str, ...]]
    last_words: frozenset[str]
    first_words: frozenset[str]
    own_script: re.Pattern[str]


@cache
def legal_forms() -> LegalForms:
    """The table of the package."""
    ends: set[tuple[str, ...]] = set()
    starts: set[tuple[str, ...]] = set()
    inside: list[str] = []
    words: list[str] = []
    text = (files("followertui.text") / "legal_forms.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        _, place, forms = line.split("\t")
        for form in forms.split("|"):
            if place == "inside":
                inside.append(native(form))
            elif place == "word":
                words.append(native(form))
            else:
                ends.add(tuple(form.split()))
                if place == "both":
                    starts.add(tuple(form.split()))
    inside.sort(key=len, reverse=True)
    words.sort(key=len, reverse=True)
    pattern = "|".join(map(re.escape, inside))
    pattern += r"|(?<!\w)(?:" + "|".join(map(re.escape, words)) + r")(?!\w)"
    return LegalForms(
        frozenset(ends),
        frozenset(starts),
        frozenset(form[-1] for form in ends),
        frozenset(form[0] for form in starts),
        re.compile(pattern),
    )


def without_legal_form(words: Sequence[str]) -> list[str]:
    """A name's folded words without legal forms at either end.

    Args:
        words: folded words, from ``folding.words``.

    Returns:
        The remaining words; at least one if there was one.
    """
    forms = legal_forms()
    left = list(words)
    while len(left) > 1 and left[-1] in forms.last_words:
        size = _form_size(left, forms.at_end, at_end=True)
        if not size:
            break
        del left[-size:]
    if len(left) > 1 and left[0] in forms.first_words:
        del left[: _form_size(left, forms.at_start, at_end=False)]
    return left


def without_native_form(name: str) -> str:
    """A name in its own script (``folding.native``) without forms written in that script."""
    if name.isascii():
        return name
    stripped = legal_forms().own_script.sub(" ", name).strip()
    return stripped or name


def _form_size(words: Sequence[str], forms: frozenset[tuple[str, ...]], at_end: bool) -> int:
    """Number of words at one end that are a legal form; at least one word remains."""
    for size in range(min(_LONGEST_FORM, len(words) - 1), 0, -1):
        part = tuple(words[-size:] if at_end else words[:size])
        if part in forms:
            return size
    return 0
