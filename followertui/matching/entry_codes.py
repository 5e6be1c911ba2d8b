"""Codes a list gives its companies in a column of its own: a ticker, an abbreviation.

Owns telling such columns from record numbers. It compares nothing. Only ``matching`` imports it.
"""

from __future__ import annotations

import re

from followertui.domain.lists import ListEntry
from followertui.text.folding import words

_CODE = re.compile(r"[A-Z][A-Z0-9&.-]{1,7}")
_HEADERS = frozenset(
    {"ticker", "symbol", "acronym", "abbreviation", "abbr", "initials", "kuerzel", "kurzel", "sigle", "sigla", "siglas"}
)


def codes_of(entry: ListEntry) -> list[tuple[str, str]]:
    """(column, code) of every column that gives the company a code in capitals, as written."""
    return [
        (column, code)
        for column, text in entry.fields.items()
        if _CODE.fullmatch(code := text.strip()) and not _HEADERS.isdisjoint(words(column))
    ]
