"""Word lists compiled for one quick pass over a text.

Owns how terms of many languages are found in a bio: which categories match, and which terms.
It does not know what a category is worth. Imported within ``quality``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from typing import NamedTuple

_TOKEN = re.compile(r"\w+")
_SIGNS = {code: " " for code in range(128) if not (chr(code).isalnum() or chr(code) == "_")}
"""Word separators of ASCII text; three times as fast as the pattern."""
_LINK = re.compile(r"https?://\S+|\bwww\.\S+")
_RUNNING = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Letters of scripts written without spaces, or with suffixes joined to words."""


class Found(NamedTuple):
    """A term found in a text.

    Attributes:
        category: name of the list the term is in.
        term: the term as its words, joined by spaces.
        position: number of the word the term starts at; 0 for running scripts.
    """

    category: str
    term: str
    position: int


def plain(text: str) -> str:
    """A text in lower case with decorative letters normalised; accents stay.

    ``text.folding.fold`` also transliterates, which is too slow for a million bios and would lose
    the scripts whose words are searched for here.
    """
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", text).lower()


def tokens_of(text: str) -> list[str]:
    """The words of a plain text, links left out, in the order written."""
    if "http" in text or "www." in text:
        text = _LINK.sub(" ", text)
    if text.isascii():
        return text.translate(_SIGNS).split()
    return _TOKEN.findall(text)


@lru_cache(maxsize=16384)
def _words_of(term: str) -> tuple[tuple[str, ...], ...]:
    """The words of a term, plain, and once more without accents where it has any; several lexicons hold a term."""
    text = plain(term)
    if text.isascii():
        return (tuple(text.translate(_SIGNS).split()),)
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return tuple(tuple(_TOKEN.findall(form)) for form in dict.fromkeys((text, bare)))


class Lexicon:
    """Categories of terms, compiled; a category is a bit of the answer.

    Args:
        categories: name -> terms; at most 63, the order gives the bits.
    """

    def __init__(self, categories: Mapping[str, Iterable[str]]) -> None:
        self.names = tuple(categories)
        if len(self.names) > 63:
            raise ValueError("a lexicon holds at most 63 categories")
        self._names_of: dict[int, tuple[str, ...]] = {}
        self._words: dict[str, int] = {}
        self._phrases: dict[str, list[tuple[str, str, int]]] = {}
        running: dict[str, int] = {}
        for bit, terms in enumerate(categories.values()):
            for term in terms:
                if not term.isascii() and _RUNNING.search(term):
                    running[plain(term)] = running.get(plain(term), 0) | 1 << bit
                else:
                    for words in _words_of(term):
                        self._add(words, 1 << bit)
        self._heads = frozenset(self._words) | frozenset(self._phrases)
        self._running = running

    @cached_property
    def _running_pattern(self) -> re.Pattern[str] | None:
        """Its terms of scripts written without spaces, the longest first; compiled for the first text in one."""
        longest_first = sorted(self._running, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def _add(self, tokens: tuple[str, ...], mask: int) -> None:
        if len(tokens) == 1:
            self._words[tokens[0]] = self._words.get(tokens[0], 0) | mask
        elif tokens:
            self._phrases.setdefault(tokens[0], []).append((tokens[1], " ".join(tokens), mask))

    def bit(self, category: str) -> int:
        """The bit number of a category."""
        return self.names.index(category)

    def bits_of(self, text: str, tokens: list[str]) -> int:
        """The categories with a term in a text.

        Args:
            text: the text, plain.
            tokens: its words (``tokens_of``).

        Returns:
            One bit for each category, in the order of ``names``.
        """
        mask = 0
        there = set(tokens)
        met = self._heads & there
        if met:
            joined = ""
            for head in met:
                mask |= self._words.get(head, 0)
                for second, phrase, bits in self._phrases.get(head, ()):
                    if second in there and mask & bits != bits:
                        joined = joined or f" {' '.join(tokens)} "
                        if f" {phrase} " in joined:
                            mask |= bits
        if not text.isascii() and _RUNNING.search(text) and self._running_pattern is not None:
            for hit in self._running_pattern.findall(text):
                mask |= self._running[hit]
        return mask

    def found(self, text: str) -> list[Found]:
        """The terms of a text with their categories, in the order written."""
        tidy = plain(text)
        return self.found_words(tokens_of(tidy)) + self.found_running(tidy)

    def found_words(self, tokens: list[str]) -> list[Found]:
        """The terms among the words of a text, lower case and in the order written."""
        hits: list[Found] = []
        heads = self._heads
        for position in [at for at, token in enumerate(tokens) if token in heads]:
            token = tokens[position]
            mask = self._words.get(token)
            if mask:
                hits += self._named(mask, token, position)
            phrases = self._phrases.get(token)
            if phrases and position + 1 < len(tokens):
                follower = tokens[position + 1]
                for second, phrase, bits in phrases:
                    if second == follower and tokens[position : position + phrase.count(" ") + 1] == phrase.split(" "):
                        hits += self._named(bits, phrase, position)
        return hits

    def found_running(self, text: str, not_after: str = "") -> list[Found]:
        """The terms of scripts written without spaces, longest first; none that follows ``not_after``."""
        tidy = plain(text)
        if tidy.isascii() or not _RUNNING.search(tidy) or self._running_pattern is None:
            return []
        hits: list[Found] = []
        for met in self._running_pattern.finditer(tidy):
            if not_after and met.string[: met.start()].endswith(not_after):
                continue
            hits += self._named(self._running[met.group()], met.group(), 0)
        return hits

    def _named(self, mask: int, term: str, position: int) -> list[Found]:
        if not mask:
            return []
        names = self._names_of.get(mask)
        if names is None:
            names = self._names_of[mask] = tuple(n for bit, n in enumerate(self.names) if mask >> bit & 1)
        return [Found(name, term, position) for name in names]
