"""Bios that are nearly the same, found among a million in seconds.

Owns min-hash bands over the words of a bio and their verification. Every member of a group
was compared letter by letter with another member. Imported by ``crowd``.

Source: Broder 1997, On the resemblance and containment of documents (min-hash).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from followertui.quality.lexicon import plain, tokens_of

ROWS = 3
BANDS = 6
"""Bios whose words overlap by two thirds share one of six bands of three with 88%; a template
of forty leaves nobody out."""

MIN_WORDS = 4
"""Shorter bios agree by chance."""

MIN_LIKENESS = 65
"""Letters that two bios of a template share at least, in percent."""

_PRIME = np.uint64(0x9E3779B97F4A7C15)


def like_bios(bios: Sequence[str | None], min_size: int) -> list[list[int]]:
    """Group bios that follow one template.

    Args:
        bios: None or "" where unknown.
        min_size: smallest group worth a name.

    Returns:
        Groups of positions, each rising, largest group first.
    """
    texts: dict[str, list[int]] = {}
    for position, bio in enumerate(bios):
        if bio:
            texts.setdefault(bio, []).append(position)
    kept, tokens = [], []
    for text in texts:
        words = tokens_of(plain(text))
        if len(words) >= MIN_WORDS:
            kept.append(text)
            tokens.append(words)
    parent = np.arange(len(kept))
    tidy = [" ".join(words) for words in tokens]
    weight = np.array([len(texts[text]) for text in kept], dtype=np.int64)
    for members in _buckets(_signatures(tokens), weight, max(2, min_size // 8)):
        _join_alike(parent, members, tidy)
    groups: dict[int, list[int]] = {}
    for number, text in enumerate(kept):
        groups.setdefault(_root(parent, number), []).extend(texts[text])
    large = [sorted(group) for group in groups.values() if len(group) >= min_size]
    return sorted(large, key=lambda group: (-len(group), group[0]))


def _signatures(tokens: list[list[str]]) -> NDArray[np.uint64]:
    """Min-hashes of each list of words: one row each, ``ROWS * BANDS`` columns."""
    sizes = np.array([len(words) for words in tokens], dtype=np.int64)
    width = ROWS * BANDS
    if not len(sizes):
        return np.empty((0, width), dtype=np.uint64)
    number: dict[str, int] = {}
    flat = np.fromiter(_numbered(tokens, number), dtype=np.uint64, count=int(sizes.sum()))
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    signatures = np.empty((len(sizes), width), dtype=np.uint64)
    seeds = np.random.default_rng(5).integers(1, 2**63, size=width, dtype=np.uint64)
    ids = np.arange(len(number), dtype=np.uint64)
    for column, seed in enumerate(seeds):
        signatures[:, column] = np.minimum.reduceat(_mixed(ids ^ seed)[flat], starts)
    return signatures


def _numbered(tokens: Iterable[list[str]], number: dict[str, int]) -> Iterator[int]:
    """Every word as its number, in order of first appearance, so that runs agree."""
    for words in tokens:
        for word in words:
            yield number.setdefault(word, len(number))


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scatter whole numbers over 64 bits (the finaliser of splitmix64, overflow meant)."""
    mixed = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _buckets(
    signatures: NDArray[np.uint64], weight: NDArray[np.int64], min_size: int
) -> Iterator[NDArray[np.int64]]:
    """Bios that agree in a whole band, where enough accounts carry them."""
    for band in range(BANDS):
        key = np.zeros(len(signatures), dtype=np.uint64)
        for column in range(band * ROWS, (band + 1) * ROWS):
            key = _mixed(key * _PRIME + signatures[:, column])
        order = np.argsort(key, kind="stable")
        edges = np.flatnonzero(np.diff(key[order])) + 1
        bounds = np.concatenate([[0], edges, [len(order)]])
        carried = np.concatenate([[0], np.cumsum(weight[order])])[bounds]
        for place in np.flatnonzero((np.diff(bounds) >= 2) & (np.diff(carried) >= min_size)).tolist():
            yield order[bounds[place] : bounds[place + 1]]


def _join_alike(parent: NDArray[np.int64], members: NDArray[np.int64], tidy: list[str]) -> None:
    """Join the members of a bucket that read alike; each is compared with one of its group.

    A bucket may hold several templates: what is unlike the first starts the next round, a
    few rounds are enough.
    """
    left = members.tolist()
    for _ in range(4):
        if len(left) < 2:
            return
        first, others = left[0], left[1:]
        scores = process.cdist([tidy[first]], [tidy[k] for k in others], scorer=fuzz.ratio, dtype=np.uint8)[0]
        alike = {k for k, score in zip(others, scores.tolist(), strict=True) if score >= MIN_LIKENESS}
        for k in alike:
            parent[_root(parent, k)] = _root(parent, first)
        left = [k for k in others if k not in alike]


def _root(parent: NDArray[np.int64], number: int) -> int:
    while parent[number] != number:
        parent[number] = parent[parent[number]]
        number = int(parent[number])
    return number
