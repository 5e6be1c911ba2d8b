"""The evidence of one pair: signals become points with both sides' texts and spans.

Owns the bookkeeping of evidence; the signals belong to ``companies``, ``people`` and
``mentions``. Only ``matching`` imports it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping
from itertools import accumulate

from followertui.domain.match import Evidence
from followertui.text.folding import fold


class EvidenceSet:
    """Collects the evidence of one pair.

    Args:
        weights: signal -> points, of the relation in question.

    Attributes:
        found: signal -> evidence.
        conceded: points a match lost to what strangers may share: they make it less likely, and
            none is dropped for them.
    """

    def __init__(self, weights: Mapping[str, int]) -> None:
        self.weights = weights
        self.found: dict[str, Evidence] = {}
        self.conceded = 0

    def add(
        self,
        signal: str,
        field: str,
        account_text: str,
        entry_text: str,
        *,
        share: float = 1.0,
        span: tuple[int, int] | None = None,
        times: int = 1,
    ) -> None:
        """Add a signal; one worth no points is left out.

        Args:
            signal: its name in the weights.
            field: the account's field that agrees.
            account_text: the account's side.
            entry_text: the entry's side.
            share: part of the weight that counts, 0-1.
            span: where it agrees, as offsets in the account's text.
            times: how often it counts.
        """
        points = round(self.weights[signal] * share * times)
        if points:
            self.found[signal] = Evidence(signal, points, field, account_text, entry_text, span)

    def has(self, *signals: str) -> bool:
        """Whether any of these signals was added."""
        return any(signal in self.found for signal in signals)

    @property
    def points(self) -> int:
        """The sum of the points as it is, below 0 or above 100 too."""
        return sum(item.weight for item in self.found.values())

    @property
    def score(self) -> int:
        """The sum of the points, clamped to 0-100; a handle on the list outweighs all that contradicts."""
        listed = self.found.get("handle_listed")
        return max(listed.weight if listed else 0, min(100, self.points))

    def evidence(self) -> tuple[Evidence, ...]:
        """What was added, strongest first, contradictions last."""
        return tuple(sorted(self.found.values(), key=lambda item: -item.weight))


def add_listed_handle(found: EvidenceSet, handle: str, former: Collection[str], listed: Collection[str]) -> bool:
    """Add that a handle on the list is the account's, or was before.

    Args:
        found: the evidence so far.
        handle: the account's handle, as written.
        former: handles it held before, lower case.
        listed: handles on the list, lower case.

    Returns:
        Whether one is.
    """
    if handle and handle.lower() in listed:
        found.add("handle_listed", "handle", handle, handle.lower())
        return True
    for earlier in sorted(former):
        if earlier in listed:
            found.add("handle_former", "handle", earlier, earlier)
            return True
    return False


def span_of(text: str, part: str) -> tuple[int, int] | None:
    """The span of words in a text, whatever separates them; None where they do not occur.

    Args:
        text: as written.
        part: folded words with one space between.

    Returns:
        Start and end offsets in ``text``.
    """
    pieces = part.split()
    if not pieces:
        return None
    if text.isascii():
        return _span_in(text.lower(), pieces)
    folded = [fold(letter) for letter in text]
    span = _span_in("".join(folded), pieces)
    if span is None:
        return None
    ends = list(accumulate(map(len, folded)))
    return bisect_right(ends, span[0]), bisect_left(ends, span[1]) + 1


def _span_in(lower: str, pieces: list[str]) -> tuple[int, int] | None:
    """The span of a run of words in a folded text, whatever separates them."""
    first = lower.find(pieces[0])
    while first >= 0:
        if first == 0 or not lower[first - 1].isalnum():
            end = _end_of(lower, first, pieces)
            if end is not None:
                return first, end
        first = lower.find(pieces[0], first + 1)
    return None


def _end_of(lower: str, first: int, pieces: list[str]) -> int | None:
    """Where a run of words that begins at ``first`` ends, or None where it breaks off."""
    at = first + len(pieces[0])
    for piece in pieces[1:]:
        while at < len(lower) and not lower[at].isalnum():
            at += 1
        if not lower.startswith(piece, at):
            return None
        at += len(piece)
    return at if at == len(lower) or not lower[at].isalnum() else None
