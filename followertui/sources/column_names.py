"""Header words and what they mean: one alias table for accounts and one for lists.

Owns the folding of headers, the alias data (``aliases.toml``), the nearest header for an
error, the shape of a table, and a person's mapping (``--map``). Does not look at values.
Imported by the readers of this room.
"""

from __future__ import annotations

import difflib
import functools
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from followertui.domain.errors import BadInput
from followertui.text.word_lists import word_lists

_LEFT_ALONE = frozenset({"", "-", "none", "ignore"})
_MARKS = re.compile(r"[\W_]+")
_COUNTED = re.compile(r"(?:num|nbr?|total|count|cant|cantidad|qtd|anz)[\s_.-]*(?:(?:of|de|der)[\s_.-]+)?(?=.{3})", re.I)
"""How people begin the name of a column of counts."""

_TYPED = re.compile(r"(?<=\w):(?:ID|string|int|long|float|double|boolean|datetime)(?:\[\]|\(\w*\))?$")
"""What Neo4j's tools write behind the name of a column."""

_COUNTS = frozenset({"followers", "following", "posts", "listed", "likes"})
# Words a tool puts before the field: "Organization - Name", "user.public_metrics.followers_count".
_PREFIXES = ("user", "author", "profile", "twitter", "x", "company", "contact", "entity", "account", "organization")


SUFFIX_RANK = 200
"""Ranks from here on are headers known only in part."""

_LONGEST_HEADER = 200
"""A longer one is no name of a column; words are looked for in shorter ones only."""

VALUE_RANK = 500
"""Ranks from here on are columns known by their values alone."""


class ColumnGuess(NamedTuple):
    """What one column is taken for.

    Attributes:
        position: zero-based position of the column.
        column: header as written.
        field: field it is mapped to, or empty where it is left alone.
        confidence: 0-100.
        why: plain words.
    """

    position: int
    column: str
    field: str
    confidence: int
    why: str


def fold_header(text: str) -> str:
    """A header without case, accents, spaces and marks: ``Follower's Count*`` -> ``followerscount``."""
    if text.isascii():
        return _MARKS.sub("", text.lower())
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _MARKS.sub("", "".join(char for char in plain if not unicodedata.combining(char)))


@functools.cache
def _aliases() -> dict[str, dict[str, list[str]]]:
    """Section -> field -> its header words, the most telling first."""
    return word_lists("followertui.sources", "aliases.toml")


@functools.cache
def _table(section: str) -> dict[str, tuple[str, int]]:
    """Folded header -> (field, rank within the field, 0 first)."""
    table: dict[str, tuple[str, int]] = {}
    for field, words in _aliases()[section].items():
        for rank, word in enumerate((*words, field)):
            table.setdefault(fold_header(word), (field, rank))
    return table


@functools.cache
def header_words() -> frozenset[str]:
    """Every header word of accounts and lists in lower case, as written."""
    sections = (_aliases()[section].values() for section in ("accounts", "lists"))
    return frozenset(word.lower() for section in sections for words in section for word in words)


@functools.lru_cache(maxsize=4096)
def field_of(section: str, header: str) -> tuple[str, int] | None:
    """The field a header means.

    Args:
        section: "accounts", "accounts_ignored", "lists", "outcomes", "contacts" or "kind_values".
        header: as written.

    Returns:
        Field and rank (0 is the most telling word), or None where the word is unknown.
    """
    if len(header) > _LONGEST_HEADER:
        return None
    table = _table(section)
    header = _TYPED.sub("", header)
    folded = fold_header(header)
    found = table.get(folded)
    if found is not None:
        return found
    # "Organization - Name" and "Entity.LegalName" end in what they are, "Person - Email (Work)" begins so.
    for part in reversed(re.split(r"\s+[-\u2013]\s+|[./]", re.sub(r"\(.*?\)|\*", "", header))):
        found = table.get(fold_header(part))
        if found is not None and found[0] != "person":
            return found[0], found[1] + SUFFIX_RANK
    for prefix in _PREFIXES:
        found = table.get(folded.removeprefix(prefix)) if folded.startswith(prefix) else None
        if found is not None:
            return found[0], found[1] + SUFFIX_RANK
    if section == "accounts" and (counted := _COUNTED.match(header)) is not None:
        found = table.get(fold_header(header[counted.end() :]))
        if found is not None and found[0] in _COUNTS:
            return found[0], found[1] + SUFFIX_RANK
    return None


def exact_field_of(section: str, word: str) -> str | None:
    """The field of a whole word in the alias table, or None."""
    found = _table(section).get(fold_header(word))
    return found[0] if found is not None else None


def confidence_of(rank: int) -> int:
    """0-100: how sure a guess of this rank is."""
    return 95 if rank < SUFFIX_RANK else 75 if rank < VALUE_RANK else 60


def known_words(header: Sequence[str]) -> int:
    """How many cells of a row are header words of any kind."""
    return sum(any(field_of(section, cell) for section in ("accounts", "lists")) for cell in header if cell)


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate closest to a mistyped word, or None where none is close."""
    by_fold = {fold_header(candidate): candidate for candidate in candidates}
    close = difflib.get_close_matches(fold_header(word), by_fold, 1, 0.5)
    return by_fold[close[0]] if close else None


def shape_of(header: Sequence[str]) -> str:
    """A hash of a table's columns, the same for the same headers in the same order.

    Args:
        header: headers as written, in file order.

    Returns:
        16 hexadecimal digits.
    """
    joined = "\x1f".join(fold_header(cell) for cell in header)
    return hashlib.sha256(joined.encode("utf-8", "replace")).hexdigest()[:16]


def parse_map(pairs: Iterable[str], header: Sequence[str], allowed: Sequence[str]) -> dict[str, str]:
    """Read ``COLUMN=FIELD`` pairs.

    Args:
        pairs: as typed; ``COLUMN=`` or ``COLUMN=ignore`` leaves a column alone.
        header: columns of the file, as written.
        allowed: fields a column can be mapped to.

    Returns:
        Column as the file writes it -> field, or "" to leave it alone.

    Raises:
        BadInput: for a column or field that does not exist, naming the nearest that does.
    """
    by_fold = {fold_header(column): column for column in header}
    mapping: dict[str, str] = {}
    for pair in pairs:
        column, sign, field = pair.rpartition("=")
        if not sign:
            raise BadInput(
                f"--map {pair!r}: write COLUMN=FIELD, such as --map {(header or ['Name'])[0]!r}={allowed[0]}."
            )
        column, field = column.strip(), field.strip().lower()
        known = column if column in header else by_fold.get(fold_header(column))
        if known is None:
            hint = nearest(column, header)
            tail = f"did you mean {hint!r}?" if hint else f"there are: {', '.join(header[:12])}."
            raise BadInput(f"--map {pair!r}: the file has no column {column!r}; {tail}")
        if field in _LEFT_ALONE:
            mapping[known] = ""
        elif field in allowed:
            mapping[known] = field
        else:
            hint = nearest(field, allowed)
            tail = f"did you mean {hint!r}?" if hint else f"there are: {', '.join(allowed)}."
            raise BadInput(f"--map {pair!r}: no field is called {field!r}; {tail}")
    return mapping


def apply_mapping(guesses: list[ColumnGuess], mapping: Mapping[str, str] | None) -> list[ColumnGuess]:
    """The guess with a person's word over it; a field they gave away is taken from other columns."""
    if not mapping:
        return guesses
    given = {field for field in mapping.values() if field}
    settled = []
    for guess in guesses:
        if guess.column in mapping:
            field = mapping[guess.column]
            settled.append(guess._replace(field=field, confidence=100 if field else 0, why="as you said"))
        elif guess.field in given:
            settled.append(guess._replace(field="", confidence=0, why="another column has this field, as you said"))
        else:
            settled.append(guess)
    return settled
