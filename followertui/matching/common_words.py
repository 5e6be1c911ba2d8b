"""Where two texts have words in common, as spans in both.

Owns the search; what the common words are worth is no question here. ``sources`` uses it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from followertui.domain.match import Evidence
from followertui.matching.vocabulary import vocabulary
from followertui.text.folding import PlacedWord, native, placed_words, words

Span = tuple[int, int]


def rests_on_same_words(piece: Evidence) -> bool:
    """Whether the spans of both sides hold the same words, whatever their order: then a clause quotes both at once.

    Everything else was inferred: initials, a short form, a place in a country, a reading of the bio.
    """
    if piece.account_span is None or piece.entry_span is None:
        return False
    read = _letters if piece.signal.startswith("person_") else _plain
    one, other = (
        read(text[slice(*span)])
        for text, span in ((piece.account_text, piece.account_span), (piece.entry_text, piece.entry_span))
    )
    return bool(one) and (sorted(one) == sorted(other) or "".join(one) == "".join(other))


def _plain(text: str) -> list[str]:
    """The words of a text without those for "and"; those of another script in its own letters."""
    found = [word for word in words(text) if word != "and" and word not in vocabulary().and_words]
    return found or _letters(text)


def _letters(text: str) -> list[str]:
    """The words of a text, initials too; those of another script in its own letters."""
    return words(text) or [letter for letter in native(text) if letter.isalnum()]


@lru_cache(maxsize=16384)
def common_run(one: str, other: str) -> tuple[Span, Span] | None:
    """The longest run of words two texts have in common, also where one writes it as one word.

    Returns:
        The spans in both; None without one of two letters or more.
    """
    ours, theirs = placed_words(one), placed_words(other)
    runs = dict(runs_of(theirs))
    best: tuple[int, Span, Span] | None = None
    for joined, span in runs_of(ours):
        there = runs.get(joined)
        if there is not None and len(joined) > 1 and (best is None or len(joined) > best[0]):
            best = (len(joined), span, there)
    return None if best is None else best[1:]


_LONGEST_RUN = 8


def runs_of(placed: tuple[PlacedWord, ...]) -> Iterable[tuple[str, Span]]:
    """Every run of up to eight words, joined without the words for "and"; the first of equal ones last."""
    ands = vocabulary().and_words
    for first in range(len(placed) - 1, -1, -1):
        joined = ""
        for word in placed[first : first + _LONGEST_RUN]:
            if word.word == "and" or word.word in ands:
                continue
            joined += word.word
            yield joined, (placed[first].start, word.end)


def turned(one: str, other: str) -> tuple[Span, Span] | None:
    """The whole of two names where they have the same words in another order, legal forms aside."""
    ours, theirs = ([word for word in placed_words(text) if word.word != "and"] for text in (one, other))
    common = {word.word for word in ours} & {word.word for word in theirs}
    if not common:
        return None
    windows = []
    for side in (ours, theirs):
        ats = [at for at, word in enumerate(side) if word.word in common]
        windows.append(side[ats[0] : ats[-1] + 1])
    if sorted(word.word for word in windows[0]) != sorted(word.word for word in windows[1]):
        return None
    one_span, other_span = ((window[0].start, window[-1].end) for window in windows)
    return one_span, other_span


def in_handle(handle: str, joined: str) -> Span | None:
    """Where a handle holds words written as one, underscores aside."""
    letters = [(plain, at) for at, letter in enumerate(handle) if letter.isalnum() for plain in letter.lower()]
    at = "".join(letter for letter, _ in letters).find(joined) if joined else -1
    return None if at < 0 else (letters[at][1], letters[at + len(joined) - 1][1] + 1)
