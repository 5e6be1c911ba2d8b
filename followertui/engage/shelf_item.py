"""A link of the shelf: what it is, whom it fits, and its address with campaign parameters.

Owns the value, how well it fits a person, and the UTM parameters. Imports ``domain`` and ``text`` only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from followertui.domain.errors import BadInput
from followertui.text.folding import fold

LEAST_FIT = 2
"""Below this nothing is offered: a link goes out on topic or not at all."""

_WORD = re.compile(r"\w{3,}")
_SCHEMES = ("http", "https")
_MOST_ADDRESS = 2_000


class ShelfItem(NamedTuple):
    """One link.

    Attributes:
        id: number on the shelf.
        url: as added, without our campaign parameters.
        title, summary: cleaned text, "" where unknown.
        topics: words it is about.
        kinds: kinds of people it is for, empty for all.
        lang: language code, "" unknown.
        from_at, until_at: when it may be offered, epoch seconds UTC, None without an end.
        source: the file it came from, "" where added by hand.
        added_at: epoch seconds UTC.
    """

    id: int
    url: str
    title: str
    summary: str
    topics: tuple[str, ...]
    kinds: tuple[str, ...]
    lang: str
    from_at: int | None
    until_at: int | None
    source: str
    added_at: int

    def is_in_season(self, now: int) -> bool:
        """Whether it may be offered at a moment."""
        return (self.from_at is None or self.from_at <= now) and (self.until_at is None or now <= self.until_at)


class Interest(NamedTuple):
    """What is known of a person's interests: kind, bio, role, company, language of the profile ("" unknown)."""

    kind: str
    bio: str
    role: str
    company: str
    lang: str


class Fit(NamedTuple):
    """How well a link fits someone: points, and the reason in a few words."""

    points: int
    why: str


def fit(item: ShelfItem, interest: Interest) -> Fit:
    """How well a link fits a person; 0 where it is meant for others.

    A topic in the bio or role counts 3, a word of the title in the bio 1, being meant for just this kind 2.
    """
    if item.kinds and interest.kind not in item.kinds:
        return Fit(0, "")
    if item.lang and interest.lang and item.lang.split("-")[0] != interest.lang.split("-")[0]:
        return Fit(0, "")
    known = f" {' '.join(_words(f'{interest.bio} {interest.role}'))} "
    topics = [topic for topic in item.topics if (plain := " ".join(_words(topic))) and f" {plain} " in known]
    shared = [word for word in dict.fromkeys(_words(item.title)) if f" {word} " in known and word not in _COMMON]
    points = 3 * len(topics) + min(3, len(shared)) + (2 if item.kinds else 0)
    company = " ".join(_words(interest.company))
    if company and f" {company} " in f" {' '.join(_words(f'{item.title} {item.summary}'))} ":
        points += 3
        topics.append(interest.company)
    said = list(dict.fromkeys([*topics, *shared]))[: max(3, len(topics))]
    why = f"{', '.join(said)} in the profile" if said else f"for {interest.kind}s" if item.kinds else ""
    return Fit(points, why)


def best(
    items: Sequence[ShelfItem], interest: Interest, offered: frozenset[int], now: int
) -> tuple[ShelfItem, Fit] | None:
    """The link that fits a person best and was never offered to them, None where none fits."""
    found = ranked(items, interest, offered, now)
    return found[0] if found else None


def ranked(
    items: Sequence[ShelfItem], interest: Interest, offered: frozenset[int], now: int
) -> list[tuple[ShelfItem, Fit]]:
    """Links that fit a person, best first; among equals the newest.

    Args:
        items: the shelf.
        interest: what is known of the person.
        offered: numbers of the links this person was offered before.
        now: epoch seconds UTC.
    """
    fits = [(item, fit(item, interest)) for item in items if item.id not in offered and item.is_in_season(now)]
    good = [(item, found) for item, found in fits if found.points >= LEAST_FIT]
    return sorted(good, key=lambda pair: (-pair[1].points, -pair[0].added_at, pair[0].id))


def clean_address(text: str) -> str:
    """An address as it is kept: http or https, with a host, without campaign parameters of its own.

    Raises:
        BadInput: it is no address of a page.
    """
    address = text.strip()
    try:
        parts = urlsplit(address)
        is_page = parts.scheme.lower() in _SCHEMES and bool(parts.hostname) and "." in str(parts.hostname)
        _ = parts.port
    except ValueError:
        is_page = False
    if not is_page or len(address) > _MOST_ADDRESS or re.search(r"[\s<>\"\\\x00-\x1f\x7f]", address):
        raise BadInput(f'"{address[:80]}" is no address of a page; it begins with https://')
    if parts.username or parts.password:
        raise BadInput("an address with a user name or password in it is not kept on the shelf")
    kept = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if not key.startswith("utm_")]
    host = parts.netloc.lower()
    return urlunsplit((parts.scheme.lower(), host, parts.path or "/", urlencode(kept), parts.fragment))


def with_campaign(item: ShelfItem, kind: str, person: str = "") -> str:
    """The address with parameters by which web analytics tell what an offer brought.

    Args:
        item: the link.
        kind: of the person it is offered to; the campaign.
        person: what tells this very person, "" for all but those who opted in.
    """
    parts = urlsplit(item.url)
    ours = [
        ("utm_source", "x"),
        ("utm_medium", "social"),
        ("utm_campaign", kind),
        ("utm_content", f"shelf-{item.id}"),
        *([("utm_term", person)] if person else []),
    ]
    query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *ours])
    return urlunsplit(parts._replace(query=query))


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))


_COMMON = frozenset(
    {"the", "and", "for", "with", "how", "why", "what", "your", "our", "from", "into", "you", "are", "best", "guide",
     "new", "top", "der", "die", "das", "und", "mit", "fur", "les", "des", "pour", "avec", "los", "las", "para", "con"}
)  # fmt: skip
"""Words of titles that say nothing of a topic."""
