"""Headers of lists: which field one means, which of several of its sort it is, and whose it is.

Owns numbered headers (``E-mail 2 - Value``), headers with their parents (``Address 1: City``) and
the words that say a column is the company's. Does not own the words of fields (``aliases.toml``)
nor look at values. Imported by ``list_columns`` and ``list_values``.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from followertui.sources.column_names import SUFFIX_RANK, field_of, fold_header

_PARTS = re.compile(r"\s+[-\u2013>/]\s+|:\s+")
_NUMBER = re.compile(r"(?<=[^\W\d])[\s_.]*\(?0?([1-9]\d?)\)?(?=$|[\s_:])")
_LAST_NUMBER = re.compile(r"(?<=[^\W\d])[\s_.]*\(?0?([1-9])\)?$")
_VALUE_WORDS = frozenset({"value", "wert", "valeur", "valor", "valore", "waarde", "値"})
_LABEL_WORDS = frozenset(
    {"type", "label", "typ", "tipo", "etiquette", "etiqueta", "etichetta", "soort", "ラベル", "種類"}
)
_COMPANY_WORDS = (
    "company", "organization", "organisation", "account", "firm", "firma", "firmen", "unternehmen", "societe",
    "entreprise", "compte", "empresa", "organizacion", "cuenta", "azienda", "organizzazione", "bedrijf", "organisatie",
    "organizacao", "conta", "会社", "企業", "組織",
)  # fmt: skip
_CUSTOM = "__c"
"""How Salesforce ends the name of a field its users made."""

_NO_COMPANY = ("account executive", "account manager")
_WORDS = re.compile(r"[^\W\d_]+")


class Heading(NamedTuple):
    """What a header says by itself.

    Attributes:
        field: one of ``LIST_FIELDS``, "" where the words are unknown.
        rank: 0 is the most telling word of the field.
        number: which of several columns of its sort it is, from 1.
        is_label: it says what sort of value stands in the column beside it.
    """

    field: str
    rank: int
    number: int
    is_label: bool


def heading_of(column: str) -> Heading:
    """Read one header.

    Args:
        column: header as written.
    """
    column = column.removesuffix(_CUSTOM)
    found = field_of("lists", column)
    parts = [part for part in _PARTS.split(column) if part.strip()]
    numbered = _NUMBER.search(column)
    number = int(numbered.group(1)) if numbered else 1
    if len(parts) > 1 and fold_header(parts[-1]) in _LABEL_WORDS and numbered is not None:
        return Heading("", 0, number, True)
    if len(parts) > 1 and fold_header(parts[-1]) in _VALUE_WORDS:
        parts = parts[:-1]
    bare = " - ".join(_NUMBER.sub("", part).strip() for part in parts)
    if bare != column and (found is None or found[1] >= SUFFIX_RANK):
        found = field_of("lists", bare) or found
    if found is None:
        return Heading("", 0, number, False)
    return Heading(found[0], found[1] + number - 1, number, False)


def is_next_line(column: str) -> bool:
    """Whether a column goes on where another of its name ends, as ``Name 2`` does after ``Name 1``."""
    found = _LAST_NUMBER.search(column)
    return found is not None and int(found.group(1)) > 1


def is_numbered_like(column: str, other: str) -> bool:
    """Whether two headers differ in their number only, as ``Organization 2 - Name`` and ``Organization 1 - Name``."""
    return fold_header(_NUMBER.sub("", column)) == fold_header(_NUMBER.sub("", other))


def is_of_company(column: str) -> bool:
    """Whether a header says that its value is the company's, as ``Company City`` and ``Record ID - Company`` do."""
    text = column.casefold()
    if any(words in text for words in _NO_COMPANY):
        return False
    parts = [part for part in _PARTS.split(re.sub(r"\(.*?\)", "", text)) if part.strip()]
    ends = {fold_header(part) for part in (parts[0], parts[-1])} if parts else set()
    words = _WORDS.findall(text)
    return bool(ends & set(_COMPANY_WORDS)) or bool(words and fold_header(words[0]) in _COMPANY_WORDS)
