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
from followertui.sources.list_headers import heading_of, is_next_line, is_numbered_like
from followertui.sources.list_people import settle_names, tell_people_from_companies
from followertui.sources.other_networks import without_others
from followertui.text.cleaning import clean_handle
from followertui.text.quantities import is_nothing, parse_flag

# Letters are said by what they are not: a range over all scripts takes Python milliseconds to compile.
EMAIL = re.compile(r"[^@\s<>,;\"']+@[^\x00-,/:-@\[-`{-\x7f]+\.[^\x00-@\[-`{-\x7f]{2,24}")
HOST = re.compile(
    r"(?:https?://)?(?:[\w](?:[\w-]{0,61}[\w])?\.)+(?:[a-z]{2,24}|xn--[\w-]+)(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE
)
_HREF = re.compile(r"<a\s[^>]*href=", re.IGNORECASE)
_LEGAL_FORM = re.compile(
    r"\b(?:inc|corp|corporation|incorporated|ltd|limited|llc|llp|plc|co|gmbh|ag|kg|se|sa|sas|sarl|s\.?a\.?|s\.?p\.?a"
    r"|s\.?r\.?l|bv|b\.v|nv|n\.v|oy|oyj|ab|as|a/s|aps|pty|pte|kk|holdings?|group|company|trust|fund|bank)\b\.?\)?$",
    re.IGNORECASE,
)
_RECORD_ID = re.compile(
    r"\d{3,}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|(?=\D*\d)[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?"
)
PARTING = re.compile(r"\s*(?::::|[;,|\n])\s*")
"""What parts several values in one cell."""

_ADDRESSES = frozenset(
    {
        *(
            "mr",
            "mrs",
            "ms",
            "miss",
            "mx",
            "dr",
            "prof",
            "sir",
            "madam",
            "herr",
            "frau",
            "m",
            "mme",
            "mlle",
            "monsieur",
        ),
        *("madame", "sr", "sra", "srta", "dott", "sig", "dhr", "mevr", "mw", "様", "dr.", "prof. dr", "prof.dr"),
    }
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

_MOST_HANDLES = 0.8
_OTHER_KEYS = re.compile(r"(?:tenant|workspace|portal|instance|realm)[\s_.-]*(?:id|key)?\W*", re.IGNORECASE)
"""Headers of whose record it is in a program for many, as "tenant_id": no company of the list."""


def guess_list_columns(header: Sequence[str], samples: Sequence[Sequence[str]]) -> list[ColumnGuess]:
    """What each column of a list is taken for.

    Args:
        header: headers as written, in file order.
        samples: some rows, each as long as the header.

    Returns:
        One guess a column, in file order.
    """
    rows = [[*row, *[""] * (len(header) - len(row))] for row in samples]
    cells = [["" if is_nothing(row[index]) else row[index].strip() for row in rows] for index in range(len(header))]
    columns = [list(filter(None, column)) for column in cells]
    found = [_guess_one(column, values) for column, values in zip(header, columns, strict=True)]
    _find_handles(header, columns, found)
    settle_names(header, cells, found)
    tell_people_from_companies(header, cells, found)
    guesses = [
        ColumnGuess(index, column, field, confidence_of(rank) if field else 0, why)
        for index, (column, (field, rank, why)) in enumerate(zip(header, found, strict=True))
    ]
    return _settle(without_others(guesses, rows), [rank for _, rank, _ in found])


def _find_handles(header: Sequence[str], columns: Sequence[list[str]], found: list[tuple[str, int, str]]) -> None:
    """Take names of users for handles where their followers are counted beside them: a login has none."""
    if any(field == "handle" for field, _, _ in found):
        return
    meant = [field_of("accounts", column) for column in header]
    if not any(one is not None and one[0] == "followers" for one in meant):
        return
    for at, column in enumerate(header):
        is_named = fold_header(column) in ("username", "userid", "user", "account")
        if is_named and share(columns[at], lambda value: clean_handle(value)) > _MOST_HANDLES:
            found[at] = ("handle", SUFFIX_RANK, "handles beside counts of followers")
            return


def share(values: Sequence[str], holds: Callable[[str], object]) -> float:
    """How many of some values something holds for, 0 to 1; 0 for none."""
    return sum(1 for value in values if holds(value)) / len(values) if values else 0.0


def _guess_one(column: str, values: list[str]) -> tuple[str, int, str]:
    """Field, rank and reason of one column on its own."""
    if fold_header(column) in _NEVER or any(word in column.lower().split() for word in _OWN_WORDS):
        return "", 0, "left alone"
    heading = heading_of(column)
    if heading.is_label:
        return "", 0, "says what sort of value stands beside it"
    if heading.field not in LIST_FIELDS:
        return _by_shape(column, values)
    if not values:
        return heading.field, heading.rank + SUFFIX_RANK, "by its header; the column is empty"
    return _checked(column, heading.field, heading.rank, values)


def _by_shape(column: str, values: list[str]) -> tuple[str, int, str]:
    """The field of a column whose header says nothing."""
    if len(values) >= 1 and not field_of("accounts_ignored", column):
        if share(values, _all(EMAIL.fullmatch)) > 0.7:
            return "email", VALUE_RANK, "the values are e-mail addresses"
        if share(values, _all(PROFILE_LINK.match)) > 0.7:
            return "handle", VALUE_RANK, "the values are links to profiles"
        if (
            share(values, _all(HOST.fullmatch)) > 0.8
            and share(values, _OTHER_SITES.search) < 0.3
            and _is_site_like(column)
        ):
            return "domain", VALUE_RANK, "the values are web addresses"
        if (
            len(values) >= 3
            and share(values, _LEGAL_FORM.search) > 0.4
            and share(values, HOST.fullmatch) < 0.2
            and not _OTHER_KEYS.fullmatch(column)
        ):
            return "company", VALUE_RANK, "the values end in legal forms"
    return "", 0, "the header is not known"


def _all(holds: Callable[[str], object]) -> Callable[[str], bool]:
    """Whether something holds for everything in a cell, which may have several values."""
    return lambda value: all(map(holds, filter(None, PARTING.split(value))))


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
    elif field in ("opted_in", "do_not_contact") and share(values, lambda value: parse_flag(value) is not None) < 0.6:
        return "", 0, "the values are neither yes nor no"
    elif field == "kind":
        if share(values, lambda value: exact_field_of("kind_values", value)) < 0.1:
            return "", 0, "the values are no kinds of company or person"
    elif field == "title" and share(values, _LEGAL_FORM.search) > 0.4:
        return "company", rank + SUFFIX_RANK, "the values end in legal forms"
    elif field == "title" and share(values, lambda value: value.casefold().rstrip(".") in _ADDRESSES) > 0.6:
        return "", 0, "the values are forms of address"
    elif field == "crm_id":
        return _checked_id(rank, values)
    elif field in ("company", "person") and share(values, _RECORD_ID.fullmatch) > 0.8:
        # "Customer" of SAP and "(Do Not Modify) Account" of Dynamics hold the record's id.
        return _checked_id(rank + SUFFIX_RANK, values, "the values are ids of records")
    elif field in ("company", "country") and share(values, str.isdigit) > 0.5:
        return "", 0, "the values are numbers"
    elif field == "suffix" and share(values, lambda value: len(value) <= 12) < 0.7:
        return "", 0, "the values are no suffixes"
    return field, rank, why


def _checked_id(rank: int, values: list[str], why: str = "by its header") -> tuple[str, int, str]:
    if max(map(len, values)) > 60:
        return "", 0, "the values are too long for ids of records"
    if len(set(values)) < len(values) * 0.9:
        return "", 0, "the values repeat, so they name no record"
    return "crm_id", rank, why


def _has_host(value: str) -> bool:
    return bool(HOST.search(value) or _HREF.search(value))


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
            if guess.field == "company" and is_numbered_like(guess.column, guesses[keeper].column):
                words = "goes on where it ends" if is_next_line(guess.column) else "stands in where it is empty"
                guess = guess._replace(why=f"after {guesses[keeper].column!r}: {words}")
            else:
                why = f"{guesses[keeper].column!r} says it already"
                guess = guess._replace(field="", confidence=0, why=why)
        settled.append(guess)
    return settled
