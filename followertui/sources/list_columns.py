"""Which column of a list of companies or people means what, by header and by values.

Owns the guess and its reasons. Does not own the words (``aliases.toml``). Imported by
``lists`` and ``recognising``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from followertui.domain.lists import LIST_FIELDS
from followertui.sources.account_columns import PROFILE_LINK
from followertui.sources.column_names import (
    SUFFIX_RANK,
    VALUE_RANK,
    ColumnGuess,
    confidence_of,
    exact_field_of,
    field_of,
    fold_header,
)
from followertui.text.cleaning import clean_handle
from followertui.text.quantities import is_nothing, parse_flag

EMAIL = re.compile(r"[^@\s<>,;\"']+@[A-Za-z0-9\u0080-\U0010ffff.-]+\.[A-Za-z\u0080-\U0010ffff]{2,24}")
HOST = re.compile(
    r"(?:https?://)?(?:[\w](?:[\w-]{0,61}[\w])?\.)+(?:[a-z]{2,24}|xn--[\w-]+)(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE
)
_HREF = re.compile(r"<a\s[^>]*href=", re.IGNORECASE)
_LEGAL_FORM = re.compile(
    r"\b(?:inc|corp|corporation|incorporated|ltd|limited|llc|llp|plc|co|gmbh|ag|kg|se|sa|sas|sarl|s\.?a\.?|s\.?p\.?a"
    r"|s\.?r\.?l|bv|b\.v|nv|n\.v|oy|oyj|ab|as|a/s|aps|pty|pte|kk|holdings?|group|company|trust|fund|bank)\b\.?\)?$",
    re.IGNORECASE,
)
_OTHER_SITES = re.compile(
    r"(?:linkedin|crunchbase|facebook|github|gitlab|instagram|youtube|wikipedia|wikidata|xing|t)\.(?:com|org|co|de)\b",
    re.I,
)
_OWN_WORDS = frozenset({"parent", "previous", "old", "former"})
_NEVER = frozenset(
    {
        *("xid", "twitterid", "xuserid", "twitteruserid", "xprofilename", "xprofiledescription", "xprofileid"),
        *("linkedin", "linkedinurl", "facebook", "github"),
    }
)

NAMING_FIELDS = frozenset({"company", "person", "last_name", "first_name", "domain", "email", "handle"})
"""Fields of which a list needs one."""

_MULTIPLE = frozenset({"domain", "email", "handle"})
"""Fields that several columns may feed."""


def guess_list_columns(header: Sequence[str], samples: Sequence[Sequence[str]]) -> list[ColumnGuess]:
    """What each column of a list is taken for.

    Args:
        header: headers as written, in file order.
        samples: some rows, each as long as the header.

    Returns:
        One guess a column, in file order.
    """
    columns = [
        [row[index].strip() for row in samples if index < len(row) and not is_nothing(row[index])]
        for index in range(len(header))
    ]
    found = [_guess_one(column, values) for column, values in zip(header, columns, strict=True)]
    _settle_names(header, columns, found)
    guesses = [
        ColumnGuess(index, column, field, confidence_of(rank) if field else 0, why)
        for index, (column, (field, rank, why)) in enumerate(zip(header, found, strict=True))
    ]
    return _settle(guesses, [rank for _, rank, _ in found])


def share(values: Sequence[str], holds: Callable[[str], object]) -> float:
    """How many of some values something holds for, 0 to 1; 0 for none."""
    return sum(1 for value in values if holds(value)) / len(values) if values else 0.0


def _guess_one(column: str, values: list[str]) -> tuple[str, int, str]:
    """Field, rank and reason of one column on its own."""
    if fold_header(column) in _NEVER or any(word in column.lower().split() for word in _OWN_WORDS):
        return "", 0, "left alone"
    found = field_of("lists", column)
    if found is None or found[0] not in LIST_FIELDS:
        return _by_shape(column, values)
    field, rank = found
    if not values:
        return field, rank + SUFFIX_RANK, "by its header; the column is empty"
    return _checked(column, field, rank, values)


def _by_shape(column: str, values: list[str]) -> tuple[str, int, str]:
    """The field of a column whose header says nothing."""
    if len(values) >= 1 and not field_of("accounts_ignored", column):
        if share(values, EMAIL.fullmatch) > 0.7:
            return "email", VALUE_RANK, "the values are e-mail addresses"
        if share(values, PROFILE_LINK.match) > 0.7:
            return "handle", VALUE_RANK, "the values are links to profiles"
        if share(values, HOST.fullmatch) > 0.8 and share(values, _OTHER_SITES.search) < 0.3 and _is_site_like(column):
            return "domain", VALUE_RANK, "the values are web addresses"
        if len(values) >= 3 and share(values, _LEGAL_FORM.search) > 0.4 and share(values, HOST.fullmatch) < 0.2:
            return "company", VALUE_RANK, "the values end in legal forms"
    return "", 0, "the header is not known"


def _is_site_like(column: str) -> bool:
    return not any(word in column.lower() for word in ("repo", "image", "logo", "feed", "source", "picture", "profile"))


def _checked(column: str, field: str, rank: int, values: list[str]) -> tuple[str, int, str]:
    """The field a header means, unless the values contradict it."""
    why = "by its header"
    if field == "domain":
        if share(values, PROFILE_LINK.match) > 0.6:
            return "handle", rank, "the values are links to profiles"
        if share(values, EMAIL.fullmatch) > 0.6:
            return "email", rank, "the values are e-mail addresses"
        if share(values, _has_host) < 0.3 or share(values, _OTHER_SITES.search) > 0.6:
            return "", 0, "the values are no sites of their own"
    elif field == "email" and share(values, EMAIL.search) < 0.3:
        return "", 0, "the values are no e-mail addresses"
    elif field == "handle" and share(values, lambda value: clean_handle(value)) < 0.4:
        return "", 0, "the values are no handles"
    elif field == "opted_in" and share(values, lambda value: parse_flag(value) is not None) < 0.6:
        return "", 0, "the values are neither yes nor no"
    elif field == "kind":
        if share(values, lambda value: exact_field_of("kind_values", value)) < 0.1:
            return "", 0, "the values are no kinds of company or person"
    elif field == "title" and share(values, _LEGAL_FORM.search) > 0.4:
        return "company", rank + SUFFIX_RANK, "the values end in legal forms"
    elif field == "crm_id" and (len(set(values)) < len(values) * 0.9 or max(map(len, values)) > 60):
        return "", 0, "the values repeat, so they name no record"
    elif field in ("company", "country") and share(values, str.isdigit) > 0.5:
        return "", 0, "the values are numbers"
    elif field == "suffix" and share(values, lambda value: len(value) <= 12) < 0.7:
        return "", 0, "the values are no suffixes"
    return field, rank, why


def _has_host(value: str) -> bool:
    return bool(HOST.search(value) or _HREF.search(value))


def _settle_names(header: Sequence[str], columns: list[list[str]], found: list[tuple[str, int, str]]) -> None:
    """Decide what a bare "Name" column is: a company, unless the file is about people."""
    fields = {field for field, _, _ in found}
    folded = [fold_header(column) for column in header]
    at = next((index for index, word in enumerate(folded) if word in NAME_WORDS), None)
    if at is None:
        return
    if "last_name" in fields and found[at][0] != "last_name":
        found[at] = ("", 0, "first and last name say it already") if "person" not in fields else found[at]
    elif "company" in fields or "person" in fields or "title" in fields or "first_name" in fields:
        if found[at][0] in ("", "last_name") and "person" not in fields:
            found[at] = ("person", 10, "a name beside a company or title, so a person")
    elif found[at][0] in ("", "last_name", "first_name"):
        found[at] = ("company", 10, "a name, and nothing about a person")


NAME_WORDS = frozenset({"name", "nom", "nombre", "nome", "naam", "nimi", "nazwa", "namn", "名前", "名称"})
"""Folded headers that say "name" and not whose."""


def _settle(guesses: list[ColumnGuess], ranks: list[int]) -> list[ColumnGuess]:
    """One column a field, the most telling header first; several for what may be several."""
    best: dict[str, int] = {}
    for guess, rank in zip(guesses, ranks, strict=True):
        if guess.field and (guess.field not in best or rank < ranks[best[guess.field]]):
            best[guess.field] = guess.position
    settled = []
    for guess in guesses:
        keeper = best.get(guess.field, guess.position)
        if guess.field and keeper != guess.position and guess.field not in _MULTIPLE:
            why = f"{guesses[keeper].column!r} says it already"
            guess = guess._replace(field="", confidence=0, why=why)
        settled.append(guess)
    return settled
