"""Which column of an account export means what, by its header and by its values.

Owns the guess and its reasons. Does not own the words (``aliases.toml``) nor the repair of
values. Imported by ``account_exports`` and ``recognising``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from followertui.domain.account import AccountRecord
from followertui.sources.column_names import SUFFIX_RANK, VALUE_RANK, ColumnGuess, confidence_of, field_of, fold_header
from followertui.sources.other_networks import without_others
from followertui.text.cleaning import HANDLE, clean_handle
from followertui.text.quantities import is_nothing, parse_count, parse_flag, parse_id

ACCOUNT_FIELDS: tuple[str, ...] = (*AccountRecord._fields, "last_post_id", "relation", "blue")
"""Names a column of an account export can be mapped to (``--map COLUMN=FIELD``)."""

PROFILE_LINK = re.compile(
    r"(?:https?://)?(?:www\.|mobile\.|m\.)?(?:twitter|x)\.com/(?:#!/)?(?:@?\w+/?(?:\?.*)?$|i/user/|intent/user)", re.I
)
MARKED_ID = re.compile(r"([A-Za-z][A-Za-z_]{0,11}[:_-]?|[:#])([0-9]{5,19})")
"""An id behind a letter or word, as tools write it against spreadsheets that round."""

_SHORTEST_ID = 5
"""Digits from which a number is taken for an id without more ado."""

_LONG_ID = re.compile(r"[0-9]{5,19}")
_HANDLE = re.compile(r"(?=.*[A-Za-z])\w{2,15}", re.ASCII)
_AT_NAME = re.compile(r"@\w{1,20}$")
COUNT_FIELDS = frozenset({"followers", "following", "posts", "listed", "likes"})
"""Counts, which accounts have and entries of a list have not."""

_NICKS = ("nick", "nickname", "displayname", "fullname")
_FLAGS = frozenset({"protected", "default_image", "parody", "can_dm", "follows_us", "we_follow"})
_RELATION_WORDS = frozenset({"follower", "followers", "following", "followings", "both", "mutual", "friend", "friends"})


def guess_account_columns(header: Sequence[str], samples: Sequence[Sequence[str]]) -> list[ColumnGuess]:
    """What each column is taken for.

    Args:
        header: headers as written, in file order.
        samples: some rows, each as long as the header.

    Returns:
        One guess a column, in file order.
    """
    guesses: list[ColumnGuess] = []
    ranks: list[int] = []
    for index, column in enumerate(header):
        values = [row[index].strip() for row in samples if index < len(row) and not is_nothing(row[index])]
        field, rank, why = guess_one_column(column, values)
        guesses.append(ColumnGuess(index, column, field, confidence_of(rank) if field else 0, why))
        ranks.append(rank)
    ranked = named_by_nick(list(zip(guesses, ranks, strict=True)), samples)
    ranked = _named_by_counts(ranked, samples)
    return _settle(without_others([guess for guess, _ in ranked], samples), [rank for _, rank in ranked])


def named_by_nick(
    ranked: list[tuple[ColumnGuess, int]], samples: Sequence[Sequence[str]]
) -> list[tuple[ColumnGuess, int]]:
    """Handles called ``name`` where the name itself is called ``nick``, as gallery-dl writes them.

    Args:
        ranked: what each value is taken for, and its rank, in the order of the values.
        samples: cells of some accounts.
    """
    places = {fold_header(guess.column.rpartition(".")[2]): at for at, (guess, _) in enumerate(ranked)}
    nick = next((places[word] for word in _NICKS if word in places), None)
    name = places.get("name")
    others = [at for at, (guess, _) in enumerate(ranked) if guess.field == "handle"]
    # A link by id, as x.com/i/user/123, names no handle.
    if name is None or nick is None or any(clean_handle(row[at]) for row in samples for at in others):
        return ranked
    values = [row[name].strip() for row in samples if row[name].strip()]
    if not values or not all(map(HANDLE.fullmatch, values)):
        return ranked
    told = list(ranked)
    for at, field, why in ((name, "handle", "a handle beside a nick"), (nick, "name", "the name beside a handle")):
        told[at] = (ranked[at][0]._replace(field=field, confidence=confidence_of(1), why=why), 1)
    return told


def _named_by_counts(
    ranked: list[tuple[ColumnGuess, int]], samples: Sequence[Sequence[str]]
) -> list[tuple[ColumnGuess, int]]:
    """Handles called ``name`` in a table that counts followers and has no other handle or id."""
    fields = {guess.field for guess, _ in ranked}
    name = next((at for at, (guess, _) in enumerate(ranked) if guess.field == "name"), None)
    if name is None or fields & {"handle", "x_id"} or not fields & {"followers", "following"}:
        return ranked
    values = [row[name].strip() for row in samples if row[name].strip()]
    if not _are_all(_HANDLE, values) or not any("_" in value or value[-1].isdigit() for value in values):
        return ranked
    told = list(ranked)
    told[name] = (ranked[name][0]._replace(field="handle", why="handles beside counts of followers"), ranked[name][1])
    return told


def columns_without_header(rows: Sequence[Sequence[str]]) -> dict[int, str]:
    """Columns of a table without a header that are told by their values: ids, links, @handles.

    A name by itself is a handle where it is all there is, or stands beside ids.

    Args:
        rows: some rows, each as long as the first.

    Returns:
        Position -> "handle" or "x_id"; none where it cannot be told.
    """
    columns = [[cell.strip() for cell in column if cell.strip()] for column in zip(*rows, strict=True)]
    if len(columns) == 1:
        field = guess_one_column("handle", columns[0])[0] if columns[0] else ""
        return {0: field} if field in ("handle", "x_id") else {}
    for at, values in enumerate(columns):
        if values and (all(map(PROFILE_LINK.match, values)) or all(value[:1] == "@" for value in values)):
            return {at: "handle"}
    ids = [at for at, values in enumerate(columns) if _are_all(_LONG_ID, values)]
    names = [at for at, values in enumerate(columns) if _are_all(_HANDLE, values)]
    return {ids[0]: "x_id", names[0]: "handle"} if len(ids) == 1 and len(names) == 1 else {}


def _are_all(pattern: re.Pattern[str], values: Sequence[str]) -> bool:
    """Whether a column holds nothing but what a pattern takes, hardly any of it twice."""
    return len(values) > 1 and all(map(pattern.fullmatch, values)) and len(set(values)) * 10 >= len(values) * 9


def counts_rows(values: Sequence[str]) -> bool:
    """Whether the values of a column are 0, 1, 2 or 1, 2, 3 and so on, in file order."""
    if not values or values[0] not in ("0", "1"):
        return False
    first = int(values[0])
    return all(value == str(number) for number, value in enumerate(values, start=first))


def _share(values: Sequence[str], holds: object) -> float:
    return sum(1 for value in values if callable(holds) and holds(value)) / len(values) if values else 0.0


def _is_id(value: str) -> bool:
    try:
        parse_id(value)
    except ValueError as error:
        return "damaged" in str(error)
    return True


def _is_count(value: str) -> bool:
    try:
        parse_count(value)
    except ValueError:
        return False
    return True


def _is_handle(value: str) -> bool:
    return clean_handle(value) is not None and not _is_count(value)


_ANY_NETWORK = frozenset({"username", "user", "login", "nick", "nickname", "account", "name"})
_ELSEWHERE = re.compile(r"(?=.*[.-])[\w.-]{2,40}")
"""A name as other networks have them, with a dot or a dash."""

_MOST_ELSEWHERE = 0.2


def guess_one_column(column: str, values: list[str]) -> tuple[str, int, str]:
    """What one column is taken for on its own.

    Args:
        column: header as written.
        values: its values that are not empty.

    Returns:
        Field ("" to leave it alone), rank (0 is the most telling header) and reason.
    """
    if field_of("accounts_ignored", column) and fold_header(column) not in ("type",):
        exact = field_of("accounts", column)
        if exact is None or exact[1] >= SUFFIX_RANK:
            return "", 0, "left alone"
    found = field_of("accounts", column)
    if found is None:
        if _share(values, PROFILE_LINK.match) > 0.6:
            return "handle", VALUE_RANK, "the values are links to profiles"
        if _share(values, _AT_NAME.fullmatch) > 0.6:
            return "handle", VALUE_RANK + 5, "the values are @handles"
        return "", 0, "the header is not known"
    field, rank = found
    return _by_values(column, field, rank, values)


def _by_values(column: str, field: str, rank: int, values: list[str]) -> tuple[str, int, str]:
    """The field a header means, unless the values say otherwise."""
    why = "by its header"
    if not values:
        return field, rank, "by its header; the column is empty"
    if field in ("following", "followers") and _share(values, lambda v: parse_flag(v) is not None) > 0.8:
        if not all(_is_count(value) for value in values) or len(values) >= 5:
            flag = "we_follow" if field == "following" else "follows_us"
            return flag, rank, "yes and no, so a relation and not a count"
    elif field in COUNT_FIELDS and _share(values, _is_count) < 0.5:
        return "", 0, "the values are no counts"
    if field in _FLAGS and _share(values, lambda v: parse_flag(v) is not None) < 0.5:
        return "", 0, "the values are neither yes nor no"
    if field == "relation" and _share(values, lambda v: v.lower() in _RELATION_WORDS) < 0.5:
        return "", 0, "the values are no relation"
    if field in ("url", "image_url", "site") and _share(values, PROFILE_LINK.match) > 0.6:
        return "handle", rank + SUFFIX_RANK, "the values are links to profiles"
    if field == "x_id":
        marked = [MARKED_ID.fullmatch(value) for value in values]
        marks = {found.group(1) for found in marked if found is not None}
        if all(marked) and len(marks) == 1:
            return field, rank, f"ids behind {marks.pop()!r}"
        if counts_rows(values):
            return "", 0, "it counts the rows, so no ids"
        if len(set(values)) * 10 < len(values) * 9 and max(map(len, values)) < _SHORTEST_ID:
            return "", 0, "small numbers that repeat, so no ids"
    if field == "x_id" and _share(values, _is_id) < 0.5:
        if _share(values, _is_handle) > 0.8:
            return "handle", rank + SUFFIX_RANK, "the values are handles"
        return "", 0, "the values are no ids"
    if field == "handle":
        if _share(values, _is_id) > 0.9 and max(map(len, values)) > 6:
            return "x_id", rank + SUFFIX_RANK, "the values are ids"
        if fold_header(column) in _ANY_NETWORK and _share(values, _ELSEWHERE.fullmatch) > _MOST_ELSEWHERE:
            return "", 0, "names with dots or dashes, as X has none"
        if _share(values, lambda v: clean_handle(v) is not None or "/i/user/" in v or "user_id=" in v) < 0.5:
            return (
                ("name", rank + SUFFIX_RANK, "the values are names")
                if "user" in column.lower()
                else ("", 0, "no handles")
            )
    if field == "verified" and "blue" in column.lower() and "type" not in column.lower():
        return "blue", rank, why
    return field, rank, why


def _settle(guesses: list[ColumnGuess], ranks: list[int]) -> list[ColumnGuess]:
    """One column a field: the most telling header keeps it."""
    best: dict[str, int] = {}
    for guess, rank in zip(guesses, ranks, strict=True):
        if guess.field and (guess.field not in best or rank < ranks[best[guess.field]]):
            best[guess.field] = guess.position
    return [
        guess._replace(field="", confidence=0, why=f"{guesses[best[guess.field]].column!r} says it already")
        if guess.field and best[guess.field] != guess.position
        else guess
        for guess in guesses
    ]
