"""How close an account is to the user's market, by the user's own words.

Owns relevance: topics, titles and places the user set, and terms counted in the bios of
matched accounts. It only counts; nothing is trained. Imported by ``quality`` and services.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import numpy as np

from followertui.domain.account import ProfileColumns
from followertui.quality.lexicon import Lexicon, plain, tokens_of
from followertui.quality.reading import Measure

TOPIC_POINTS = 30
TITLE_POINTS = 20
PLACE_POINTS = 15
"""Default points of a topic, a title and a place."""


@dataclass(frozen=True, slots=True)
class MarketWords:
    """Words of the market; each with its points, 1-100.

    Attributes:
        topics: subjects of the market, searched in bio and name.
        titles: who buys there, searched in bio and name.
        places: where it is, searched in location and bio.
    """

    topics: Mapping[str, int] = field(default_factory=dict)
    titles: Mapping[str, int] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, topics: Iterable[str] = (), titles: Iterable[str] = (), places: Iterable[str] = ()) -> MarketWords:
        """Market words with their default points."""
        return cls(
            dict.fromkeys(topics, TOPIC_POINTS),
            dict.fromkeys(titles, TITLE_POINTS),
            dict.fromkeys(places, PLACE_POINTS),
        )

    def __bool__(self) -> bool:
        return bool(self.topics or self.titles or self.places)


def relevance_of(columns: ProfileColumns, market: MarketWords | None) -> Measure:
    """Relevance of each account.

    Args:
        columns: profiles.
        market: the words, or None.

    Returns:
        Points of the words found, at most 100; NaN without market words, and for accounts with
        neither bio nor location. Each word counts once.
    """
    scores = np.full(len(columns), np.nan)
    if not market:
        return scores
    compiled = _Compiled(market)
    for i in range(len(columns)):
        if columns.bio[i] or columns.location[i]:
            scores[i] = min(100, compiled.points(columns, i))
    return scores


def words_met(columns: ProfileColumns, at: int, market: MarketWords) -> list[str]:
    """The market's words in one account's profile: bio and name first, then places, as written there."""
    return _Compiled(market).met(columns, at)


class _Compiled:
    """Market words as two lexicons: for bio and name, and for places."""

    def __init__(self, market: MarketWords) -> None:
        self._points = {"said": {**market.topics, **market.titles}, "places": dict(market.places)}
        self._keys = {part: {_key(t): p for t, p in words.items()} for part, words in self._points.items()}
        self._said = Lexicon({"said": self._points["said"]})
        self._places = Lexicon({"places": self._points["places"]})

    def points(self, columns: ProfileColumns, i: int) -> int:
        """Points of the words found in one account's profile, each word once."""
        bio, place = columns.bio[i] or "", columns.location[i] or ""
        said = self._sum(self._said, f"{bio} \n {columns.name[i] or ''}", "said")
        return said + self._sum(self._places, f"{place} \n {bio}", "places")

    def met(self, columns: ProfileColumns, i: int) -> list[str]:
        """The words found in one account's profile, in the order written."""
        bio, place = columns.bio[i] or "", columns.location[i] or ""
        said = self._said.found(f"{bio} \n {columns.name[i] or ''}") + self._places.found(f"{place} \n {bio}")
        return [hit.term for hit in said]

    def _sum(self, lexicon: Lexicon, text: str, part: str) -> int:
        tidy = plain(text)
        if not lexicon.bits_of(tidy, tokens_of(tidy)):
            return 0
        keys = self._keys[part]
        return sum(keys.get(term, keys.get(_key(term), 0)) for term in {hit.term for hit in lexicon.found(text)})


def _key(term: str) -> str:
    return " ".join(tokens_of(plain(term))) or plain(term)


_NUMBER = re.compile(r"\A\d+\Z")


@cache
def _everyday() -> frozenset[str]:
    text = files("followertui.quality").joinpath("everyday_words.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


def learn_market(bios: Iterable[str], limit: int = 40) -> list[tuple[str, int]]:
    """Count the terms that bios of matched accounts share, for the user to choose from.

    Args:
        bios: bios of customers and prospects.
        limit: how many terms to return.

    Returns:
        Terms of one or two words with the number of bios that contain them, most first; terms of
        a single bio, numbers and everyday words are left out, and a word that nearly always
        occurs in one longer term is replaced by it.
    """
    counts: Counter[str] = Counter()
    everyday = _everyday()
    for bio in bios:
        tokens = tokens_of(plain(bio))
        good = [bool(len(t) > 1 and t not in everyday and not _NUMBER.match(t)) for t in tokens]
        terms = {t for t, ok in zip(tokens, good, strict=True) if ok}
        terms |= {f"{tokens[i]} {tokens[i + 1]}" for i in range(len(tokens) - 1) if good[i] and good[i + 1]}
        counts.update(terms)
    swallowed: set[str] = set()
    for term, count in counts.items():
        if " " in term and count > 1:
            swallowed |= {part for part in term.split() if count >= 0.8 * counts[part]}
    kept = [(t, c) for t, c in counts.items() if c > 1 and t not in swallowed]
    return sorted(kept, key=lambda item: (-item[1], item[0]))[:limit]
