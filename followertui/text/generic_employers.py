"""Employers that are none: what people write into a company column when they work for no company.

Owns the list ``generic_employers.txt``. It does not know what one store's lists show beside it
(``matching.contacts`` does). Anyone above may import it.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from followertui.text.folding import words


def is_generic_employer(name: str) -> bool:
    """Whether a company cell names no company: ``Self-employed``, ``Retired``, ``n/a``.

    Args:
        name: as written.

    Returns:
        True for a text of the list; a text without letters or digits of any script counts too.
    """
    said = " ".join(words(name))
    return said in _listed() or not any(letter.isalnum() for letter in name)


@cache
def _listed() -> frozenset[str]:
    """The list of the package."""
    text = (files("followertui.text") / "generic_employers.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))
