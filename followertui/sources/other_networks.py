"""Accounts of another network than X, whose names and ids look like X's: Instagram, GitHub, Threads and others.

Owns telling them by the links of profiles beside them. Imported by ``account_columns``, ``account_paths`` and
``list_columns``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from followertui.sources.column_names import ColumnGuess, fold_header

_PROFILE = re.compile(
    r"(?:https?://)?(?:[a-z]{2,3}\.)?(?:www\.|m\.)?"
    r"(instagram|threads|tiktok|github|gitlab|facebook|bsky|pinterest|reddit|twitch|youtube|medium|t)"
    r"\.(?:com|net|tv|app|me)/(?:@|user/|u/|profile/|in/)?([\w.-]{2,60})/?(?:\?.*)?",
    re.IGNORECASE,
)
_CALLED = {
    "instagram": "Instagram", "threads": "Threads", "tiktok": "TikTok", "github": "GitHub", "gitlab": "GitLab",
    "facebook": "Facebook", "bsky": "Bluesky", "pinterest": "Pinterest", "reddit": "Reddit", "twitch": "Twitch",
    "youtube": "YouTube", "medium": "Medium", "t": "Telegram",
}  # fmt: skip
_IDENTITIES = frozenset({"handle", "x_id"})
_OF_X = re.compile(r"twitter|tweet|^x(?:id|user|handle|url|account|profile|name|screen)")
_LINK_OF_X = re.compile(r"\b(?:x|twitter)\.com/", re.IGNORECASE)
_MOST = 0.9
_BY_HEADER = {"userlogin": "Twitch", "broadcasterlogin": "Twitch", "did": "Bluesky"}
"""Headers that only one network's files have."""

NOT_OF_X = ", not of X"


def without_others(guesses: Sequence[ColumnGuess], samples: Sequence[Sequence[str]]) -> list[ColumnGuess]:
    """What columns are taken for, but that names and ids of another network are no handles and ids of X.

    Args:
        guesses: as the columns are guessed so far, in file order.
        samples: cells of some rows, in the order of ``guesses``.
    """
    called = _network(guesses, samples)
    if not called:
        return list(guesses)
    return [
        guess._replace(field="", confidence=0, why=f"of {called}{NOT_OF_X}")
        if guess.field in _IDENTITIES and not _is_of_x(guess, samples)
        else guess
        for guess in guesses
    ]


def _network(guesses: Sequence[ColumnGuess], samples: Sequence[Sequence[str]]) -> str:
    """The network the accounts of a table are of, "" where it may be X."""
    if not any(guess.field in _IDENTITIES for guess in guesses):
        return ""
    by_header = (_BY_HEADER.get(fold_header(guess.column)) for guess in guesses)
    if called := next(filter(None, by_header), ""):
        return called
    for guess in guesses:
        if guess.field:
            continue
        told: Counter[str] = Counter()
        filled = 0
        for row in samples:
            cell = row[guess.position].strip()
            filled += bool(cell)
            found = _PROFILE.fullmatch(cell)
            # Whose site that is shows where a name of the row is the name in the link.
            if found and any(found[2].lower() == other.strip().lstrip("@").lower() for other in row):
                told[found[1].lower()] += 1
        if told and told.total() >= _MOST * max(1, filled) and filled * 2 >= len(samples):
            return _CALLED[told.most_common(1)[0][0]]
    return ""


def _is_of_x(guess: ColumnGuess, samples: Sequence[Sequence[str]]) -> bool:
    """Whether a column says itself that it is of X, by its header or its links."""
    values = [row[guess.position] for row in samples if row[guess.position].strip()]
    is_linked = bool(values) and sum(_LINK_OF_X.search(value) is not None for value in values) * 2 > len(values)
    return is_linked or _OF_X.search(fold_header(guess.column)) is not None
