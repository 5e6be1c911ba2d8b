"""Bios that are nearly the same, found among a million in seconds.

Owns min-hash bands over the words of a bio and their verification. Every member of a group
was compared with the bio that represents the group. Imported by ``crowd``.

Source: Broder 1997, On the resemblance and containment of documents (min-hash).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, count

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from followertui.quality.lexicon import plain, tokens_of

ROWS = 3
BANDS = 8
"""Two bios whose words overlap by two thirds share one of eight bands of three with 94%; among
forty of one template none is missed."""

MIN_WORDS = 4
"""Shorter bios agree by chance."""

MIN_LIKENESS = 75
"""Least similarity of two bios, in percent: rapidfuzz, by letter, common words first."""

MIN_OVERLAP = 0.4
"""Least overlap of the words of two bios of one template (Jaccard)."""

MIN_AGREEING = 9
"""Of the 24 min-hashes; bios that overlap by 0.6 agree in 14 on average, strangers in 4."""

_ROUNDS = 4
"""Most templates separated within one bucket."""

_SAMPLE = 50
"""Members sampled to find the one that represents its group."""


def like_bios(bios: Sequence[str | None], min_size: int) -> list[list[int]]:
    """Group bios that follow one template.

    Args:
        bios: None or "" where unknown.
        min_size: smallest group returned.

    Returns:
        Groups of positions, each ascending, largest group first.
    """
    texts: dict[str, list[int]] = {}
    for position, bio in enumerate(bios):
        if bio:
            texts.setdefault(bio, []).append(position)
    kept: list[str] = []
    sizes: list[int] = []
    flat: list[int] = []
    number: defaultdict[str, int] = defaultdict(count().__next__)
    for text in texts:
        words = _words(text)
        if len(words) >= MIN_WORDS:
            kept.append(text)
            sizes.append(len(words))
            flat.extend(map(number.__getitem__, words))
    weight = np.array([len(texts[text]) for text in kept], dtype=np.int64)
    families = _Families()
    signatures = _signatures(np.array(flat, dtype=np.int64), np.array(sizes, dtype=np.int64), len(number))
    short = signatures.astype(np.uint8)
    for members, starts in _buckets(signatures, weight, max(2, min_size // 8)):
        for firsts, others in _likely_pairs(members, starts, short):
            _join_alike(families, firsts, others, kept)
    single = [[number] for number in np.flatnonzero(weight >= min_size).tolist() if number not in families.parent]
    groups: list[list[int]] = []
    for family in [*families.all(), *single]:
        if int(weight[family].sum()) >= min_size:
            alike = _around_centre(family, kept)
            positions = sorted(chain.from_iterable(texts[kept[number]] for number in alike))
            if len(positions) >= min_size:
                groups.append(positions)
    return sorted(groups, key=lambda group: (-len(group), group[0]))


class _Families:
    """Numbers joined into families (union-find); only joined numbers are stored."""

    def __init__(self) -> None:
        self.parent: dict[int, int] = {}

    def root(self, number: int) -> int:
        """The number that stands for the family of a number."""
        parent = self.parent
        parent.setdefault(number, number)
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    def join(self, one: int, other: int) -> None:
        """Make the families of two numbers one."""
        self.parent[self.root(one)] = self.root(other)

    def are_one(self, one: int, other: int) -> bool:
        """Whether two numbers were joined, directly or through others."""
        return one in self.parent and other in self.parent and self.root(one) == self.root(other)

    def all(self) -> list[list[int]]:
        """Every family of joined numbers, in the order their numbers came."""
        families: dict[int, list[int]] = {}
        for number in list(self.parent):
            families.setdefault(self.root(number), []).append(number)
        return list(families.values())


def _words(text: str) -> list[str]:
    return tokens_of(plain(text))


@lru_cache(maxsize=50_000)
def _said(text: str) -> tuple[str, frozenset[str]]:
    """Words of a bio as a sequence and as a set; cached, as the same bio is in many buckets."""
    words = _words(text)
    return " ".join(words), frozenset(words)


def _signatures(flat: NDArray[np.int64], sizes: NDArray[np.int64], distinct: int) -> NDArray[np.uint64]:
    """Min-hashes of lists of words.

    Args:
        flat: numbers of the words of all lists, one list after the other.
        sizes: how many words each list has, at least one.
        distinct: how many numbers there are.

    Returns:
        One row for each list, ``ROWS * BANDS`` columns.
    """
    signatures = np.empty((len(sizes), ROWS * BANDS), dtype=np.uint64)
    if len(sizes):
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        ids = np.arange(distinct, dtype=np.uint64)
        seeds = np.random.default_rng(5).integers(1, 2**63, size=ROWS * BANDS, dtype=np.uint64)
        for column, seed in enumerate(seeds):
            signatures[:, column] = np.minimum.reduceat(_mixed(ids ^ seed)[flat], starts)
    return signatures


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scatter whole numbers over 64 bits (the finaliser of splitmix64, overflow meant)."""
    mixed = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _buckets(
    signatures: NDArray[np.uint64], weight: NDArray[np.int64], min_size: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Bios that agree in a whole band, where enough accounts have them.

    Yields:
        For each band the members of all its buckets, bucket by bucket, and where each starts.
    """
    for band in range(BANDS):
        key = np.zeros(len(signatures), dtype=np.uint64)
        for column in range(band * ROWS, (band + 1) * ROWS):
            key = _mixed(key + signatures[:, column])
        order = np.argsort(key, kind="stable")
        edges = np.flatnonzero(np.diff(key[order])) + 1
        bounds = np.concatenate([[0], edges, [len(order)]])
        carried = np.concatenate([[0], np.cumsum(weight[order])])[bounds]
        sizes = np.diff(bounds)
        wanted = (sizes >= 2) & (np.diff(carried) >= min_size)
        yield order[np.repeat(wanted, sizes)], np.concatenate([[0], np.cumsum(sizes[wanted])[:-1]])


def _likely_pairs(
    members: NDArray[np.int64], starts: NDArray[np.int64], short: NDArray[np.uint8]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Candidate pairs of a band by signature: the first of a bucket with another member.

    A bucket may contain several templates: members unlike the first start the next round; a few
    rounds are enough.

    Args:
        members: of all buckets, bucket by bucket.
        starts: where each bucket starts.
        short: last byte of each min-hash, one row for each bio.

    Yields:
        Round by round, the firsts and the others, bucket by bucket.
    """
    bucket = np.repeat(np.arange(len(starts)), np.diff([*starts.tolist(), len(members)]))
    for _ in range(_ROUNDS):
        if not len(members):
            return
        is_first = np.concatenate([[True], bucket[1:] != bucket[:-1]])
        firsts = members[is_first][np.cumsum(is_first) - 1]
        others = ~is_first
        near = np.zeros(len(members), dtype=bool)
        near[others] = (short[members[others]] == short[firsts[others]]).sum(axis=1) >= MIN_AGREEING
        yield firsts[near], members[near]
        rest = others & ~near
        members, bucket = members[rest], bucket[rest]


def _join_alike(
    families: _Families, firsts: NDArray[np.int64], others: NDArray[np.int64], texts: Sequence[str]
) -> None:
    """Join the pairs that are alike; members of one family are not compared again."""
    said: list[str] = []
    rest: list[str] = []
    pairs: list[tuple[int, int]] = []
    for first, other in zip(firsts.tolist(), others.tolist(), strict=True):
        if families.are_one(first, other):
            continue
        text, words = _said(texts[first])
        its_text, its = _said(texts[other])
        if _overlap(words, its):
            said.append(text)
            rest.append(its_text)
            pairs.append((first, other))
    if pairs:
        scores = process.cpdist(said, rest, scorer=fuzz.token_set_ratio, dtype=np.uint8)
        for (first, other), score in zip(pairs, scores.tolist(), strict=True):
            if score >= MIN_LIKENESS:
                families.join(other, first)


def _overlap(words: frozenset[str], its: frozenset[str]) -> bool:
    shared = len(words & its)
    return shared >= MIN_OVERLAP * (len(words) + len(its) - shared)


def _alike(centre: int, others: list[int], texts: list[str]) -> list[int]:
    """Which of some bios follow the template of one."""
    if not others:
        return []
    said, words = _said(texts[centre])
    near: list[tuple[int, str]] = []
    for number in others:
        text, its = _said(texts[number])
        if _overlap(words, its):
            near.append((number, text))
    if not near:
        return []
    rest = [text for _, text in near]
    scores = process.cdist([said], rest, scorer=fuzz.token_set_ratio, dtype=np.uint8)[0]
    return [number for (number, _), score in zip(near, scores.tolist(), strict=True) if score >= MIN_LIKENESS]


def _around_centre(family: list[int], texts: list[str]) -> list[int]:
    """A family without members linked only by a chain of similar bios.

    The member most similar to the others of a sample represents the family.
    """
    if len(family) == 1:
        return family
    sample = family[:: max(1, len(family) // _SAMPLE)]
    centre = max(sample, key=lambda n: (len(_alike(n, sample, texts)), -n))
    return [centre, *_alike(centre, [n for n in family if n != centre], texts)]
