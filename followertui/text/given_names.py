"""Given names, and which names begin with one.

Owns the list ``given_names.txt``. It does not decide whether an account or an entry is a person's. Anyone above may
import it.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from followertui.text.folding import words

_FEWEST_WORDS, _MOST_WORDS = 2, 4


@cache
def given_names() -> frozenset[str]:
    """The names of the list, lower case."""
    text = (files("followertui.text") / "given_names.txt").read_text(encoding="utf-8")
    return frozenset(" ".join(line for line in text.splitlines() if not line.startswith("#")).split())


def begins_with_given_name(name: str) -> bool:
    """Whether a name of two to four words begins with a known given name: ``Priya Natarajan``, ``LUCÍA Fernández``.

    Args:
        name: as written.
    """
    found = words(name)
    return _FEWEST_WORDS <= len(found) <= _MOST_WORDS and found[0] in given_names()
