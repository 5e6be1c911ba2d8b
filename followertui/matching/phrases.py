"""Searches many phrases in many texts at once.

Owns a table of phrases as hashes of word runs and the search of whole batches of texts by
arrays. It knows nothing of companies. Only ``matching`` imports it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from followertui.text.folding import fold

if TYPE_CHECKING:
    from numpy.typing import NDArray

_APOSTROPHE = re.compile(r"(?<=[a-z0-9])['`](?=[a-z0-9])")
_BASE = 0x9E3779B97F4A7C15 | 1
_STEP = 0xC2B2AE3D27D4EB4F | 1
_TABLE_BITS = 20
_BATCH = 2_000


class Hits(NamedTuple):
    """Where phrases were found, in text order.

    Attributes:
        text: position of the text.
        phrase: position of the phrase.
    """

    text: NDArray[np.int64]
    phrase: NDArray[np.int64]


class PhraseTable:
    """Phrases to be found in texts.

    Args:
        phrases: folded words separated by single spaces; only the first eight words count.
    """

    def __init__(self, phrases: Sequence[str]) -> None:
        self.longest = 0
        self._firsts = np.zeros(1 << _TABLE_BITS, np.uint16)
        self._runs: dict[int, NDArray[np.bool_]] = {}
        self._keys: dict[int, tuple[NDArray[np.uint64], NDArray[np.int64]]] = {}
        counts = np.fromiter((phrase.count(" ") + 1 for phrase in phrases), np.int64, len(phrases))
        for size in sorted(set(counts.tolist())):
            if size > 8:
                continue
            chosen = np.flatnonzero(counts == size)
            runs = _Words("\n".join(phrases[at] for at in chosen.tolist()))
            starts = np.arange(len(chosen)) * size
            keys = runs.run_hashes(starts, size)
            order = np.argsort(keys)
            self._keys[size] = (keys[order], chosen[order])
            self._runs[size] = np.zeros(1 << _TABLE_BITS, np.bool_)
            self._runs[size][_slot(keys)] = True
            self._firsts[_slot(runs.hashes[starts])] |= np.uint16(1 << size)
            self.longest = size

    def find(self, texts: Sequence[str]) -> Hits:
        """Every phrase that occurs word for word in a text.

        Args:
            texts: as written; they are folded here.

        Returns:
            The hits; a phrase may occur more than once in a text.
        """
        found_texts: list[NDArray[np.int64]] = [np.zeros(0, np.int64)]
        found_phrases: list[NDArray[np.int64]] = [np.zeros(0, np.int64)]
        for first in range(0, len(texts), _BATCH):
            self._search(texts[first : first + _BATCH], first, found_texts, found_phrases)
        hits, phrases = np.concatenate(found_texts), np.concatenate(found_phrases)
        order = np.argsort(hits, kind="stable")
        return Hits(hits[order], phrases[order])

    def _search(
        self,
        texts: Sequence[str],
        first: int,
        found_texts: list[NDArray[np.int64]],
        found_phrases: list[NDArray[np.int64]],
    ) -> None:
        """Look for all phrases in one batch of texts."""
        runs = _words_of(texts)
        if len(runs.feeds) != len(texts) - 1:
            runs = _words_of([text.replace("\n", " ") for text in texts])
        if not len(runs.hashes):
            return
        sizes = self._firsts.take(_slot(runs.hashes))
        starts = np.flatnonzero(sizes)
        sizes = sizes.take(starts)
        for size, (keys, phrases) in self._keys.items():
            here = starts[(sizes & np.uint16(1 << size)) != 0]
            here = here[: np.searchsorted(here, len(runs.hashes) - size, "right")]
            hashes = runs.run_hashes(here, size)
            likely = np.flatnonzero(self._runs[size].take(_slot(hashes)))
            here, hashes = here.take(likely), hashes.take(likely)
            at = np.minimum(np.searchsorted(keys, hashes), len(keys) - 1)
            hit = keys[at] == hashes
            here, at = here[hit], at[hit]
            lines = runs.lines(here)
            whole = lines == runs.lines(here + size - 1)
            found_texts.append(lines[whole] + first)
            found_phrases.append(phrases[at[whole]])


def _words_of(texts: Sequence[str]) -> _Words:
    """The words of texts, one text a line."""
    folded = fold("\n".join(texts))
    return _Words(_APOSTROPHE.sub("", folded) if "'" in folded or "`" in folded else folded)


class _Words:
    """The words of folded lines as hashes of their first eight letters, last eight and length.

    Args:
        joined: folded lines with line feeds between.
    """

    def __init__(self, joined: str) -> None:
        raw = _PADDING + joined.encode("ascii", "replace") + _PADDING
        inside = np.frombuffer(raw.translate(_IS_LETTER), np.bool_)
        edges = np.flatnonzero(inside[1:] != inside[:-1])
        edges += 1
        starts = np.ascontiguousarray(edges[::2])
        self._starts = starts
        self.feeds = np.flatnonzero(np.frombuffer(raw, np.uint8) == _FEED)
        eights = np.ndarray((len(raw) - 7,), "<u8", raw, strides=(1,))
        length = edges[1::2] - starts
        hashes = eights[starts]
        hashes &= _FIRST.take(np.minimum(length, 8))
        hashes *= np.uint64(_BASE)
        long = np.flatnonzero(length > 8)
        last = eights[starts[long] + length[long] - 8] * np.uint64(_STEP)
        hashes ^= length.view(np.uint64) * np.uint64(_STEP)
        hashes[long] += last
        hashes ^= hashes >> np.uint64(29)
        hashes *= np.uint64(_BASE)
        self.hashes = hashes

    def lines(self, words: NDArray[np.int64]) -> NDArray[np.int64]:
        """The line number of each of these words."""
        return np.searchsorted(self.feeds, self._starts[words]).astype(np.int64)

    def run_hashes(self, starts: NDArray[np.int64], size: int) -> NDArray[np.uint64]:
        """The hash of each run of ``size`` words that begins at ``starts``."""
        total = self.hashes.take(starts)
        for step in range(1, size):
            total *= np.uint64(_STEP)
            total += self.hashes.take(starts + step)
        return total


_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_IS_LETTER = bytes(int(chr(code) in _LETTERS) for code in range(256))
"""For each code 1 where it is one of a-z and 0-9."""

_PADDING, _FEED = b" " * 8, 10
_FIRST = np.array([(1 << 8 * size) - 1 for size in range(9)], np.uint64)
"""Number of letters -> mask of a word that long in eight bytes, first letter lowest."""


def _slot(hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Slot of a word's hash in the table of first words."""
    return (hashes >> np.uint64(64 - _TABLE_BITS)).view(np.int64)
