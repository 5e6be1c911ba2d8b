"""What a value of an account object means, by its dotted name and by the values it has.

Owns X's own places of values in all generations of its answers, which nested objects are trusted to
speak of the account, and the order in which several values of one field are asked. What this says is
both shown and read. Imported by ``account_json`` and ``account_exports``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from followertui.sources.account_columns import COUNT_FIELDS, guess_one_column, named_by_nick
from followertui.sources.column_names import SUFFIX_RANK, ColumnGuess, apply_mapping, confidence_of, fold_header
from followertui.sources.other_networks import without_others
from followertui.text.quantities import is_nothing

_KNOWN = {
    "core.screen_name": "handle",
    "core.name": "name",
    "core.created_at": "created_at",
    "profile_bio.description": "bio",
    "location.location": "location",
    "avatar.image_url": "image_url",
    "website.url": "url",
    "relationship_counts.followers": "followers",
    "relationship_counts.following": "following",
    "tweet_counts.tweets": "posts",
    "tweet_counts.posts": "posts",
    "verification.verified_type": "verified",
    "verification.verified": "verified",
    "privacy.protected": "protected",
    "dm_permissions.can_dm": "can_dm",
    "relationship_perspectives.followed_by": "follows_us",
    "relationship_perspectives.following": "we_follow",
    "connection_status.followed_by": "follows_us",
    "connection_status.following": "we_follow",
    "parody_commentary_fan_label": "parody",
    "affiliates_highlighted_label.label.description": "affiliation",
    "affiliation.description": "affiliation",
    "entities.url.urls": "site",
    "legacy.entities.url.urls": "site",
    "profile_bio.entities.url.urls": "site",
    "link.url": "site",
    "descriptionLinks": "site",
    "descriptionUrls": "site",
    **{f"{key}.created_at": "last_post_at" for key in ("status", "latest_tweet", "last_tweet", "latestTweet")},
    **{f"{key}.created_at": "last_post_at" for key in ("lastTweet", "latest_post", "last_post")},
}
"""Source: answers of X's site in 2023, 2025 and 2026, API v1.1 and v2, twscrape and snscrape."""

_OPEN = frozenset(
    {
        *("legacy", "core", "user", "profile", "account", "data", "attributes", "node", "info", "details", "basicinfo"),
        *("general", "stats", "metrics", "publicmetrics", "counts", "social", "follower", "following", "result"),
        *("userresults", "userinfo", "twitter", "x", "member", "friend", "item", "fields", "properties", "public"),
    }
)
_ABOUT_LINKS = frozenset({"entities.description.urls", "legacy.entities.description.urls"})


class FieldSources(NamedTuple):
    """What each value means, and for each field where it is taken from.

    Attributes:
        guesses: one a name, in order; several may have the same field.
        order: field -> names, the first that says something counts.
    """

    guesses: list[ColumnGuess]
    order: dict[str, list[str]]


def guess_object_fields(
    header: Sequence[str], samples: Sequence[Sequence[str]], mapping: Mapping[str, str] | None = None
) -> FieldSources:
    """What the values of account objects mean, a person's mapping first.

    Args:
        header: dotted names, in order of appearance.
        samples: cells of some accounts, each as long as the header.
        mapping: name -> field ("" to leave it alone).
    """
    ranked: list[tuple[ColumnGuess, int]] = []
    for index, name in enumerate(header):
        values = [row[index].strip() for row in samples if not is_nothing(row[index])]
        field, rank, why = _guess(name, values)
        ranked.append((ColumnGuess(index, name, field, confidence_of(rank) if field else 0, why), rank))
    ranked = named_by_nick(ranked, samples)
    ranks = {guess.column: rank for guess, rank in ranked}
    guesses = apply_mapping(without_others([guess for guess, _ in ranked], samples), mapping)
    order: dict[str, list[str]] = {}
    for guess in sorted(guesses, key=lambda one: (ranks[one.column], one.position)):
        if guess.field:
            order.setdefault(guess.field, []).append(guess.column)
    return FieldSources([_after(guess, order) for guess in guesses], order)


def _after(guess: ColumnGuess, order: dict[str, list[str]]) -> ColumnGuess:
    """A guess that says when its value counts, where several values have its field."""
    names = order.get(guess.field, [])
    at = names.index(guess.column) if guess.column in names else 0
    return guess._replace(why=f"where {names[at - 1]!r} is empty") if at else guess


def _guess(name: str, values: list[str]) -> tuple[str, int, str]:
    if name in _ABOUT_LINKS:
        return "", 0, "written out in the bio"
    known = _KNOWN.get(name)
    if known is not None:
        # Where X's older place has a value too, the newer one counts.
        return known, 1 if known != "site" or name.endswith("url.urls") else SUFFIX_RANK, "where X puts it"
    container, dot, last = name.rpartition(".")
    if not dot:
        return guess_one_column(name, values)
    field, rank, why = guess_one_column(last, values)
    if not field or all(fold_header(part) in _OPEN for part in container.split(".")):
        return field, rank + SUFFIX_RANK, why
    if field in COUNT_FIELDS:
        return field, rank + 2 * SUFFIX_RANK, why
    return "", 0, f"part of {container!r}"
