"""Gathering evidence for one pair: signals become points with both sides' texts and spans.

Owns the bookkeeping of evidence; which signals there are belongs to ``companies``, ``people``
and ``mentions``. Only ``matching`` imports it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from followertui.domain.match import Evidence


class Gathering:
    """Evidence of one pair in the making.

    Args:
        weights: signal -> points, of the relation in question.
    """

    def __init__(self, weights: Mapping[str, int]) -> None:
        self.weights = weights
        self.found: dict[str, Evidence] = {}

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
        """Take a signal down; one that is worth nothing is left out.

        Args:
            signal: its name in the weights.
            field: the account's field that met.
            account_text, entry_text: both sides.
            share: part of the weight that counts, 0-1.
            span: where it met in the account's text.
            times: how often it counts.
        """
        points = round(self.weights[signal] * share * times)
        if points:
            self.found[signal] = Evidence(signal, points, field, account_text, entry_text, span)

    def has(self, *signals: str) -> bool:
        """Whether any of these signals was taken down."""
        return any(signal in self.found for signal in signals)

    @property
    def score(self) -> int:
        """The sum of the points, held between 0 and 100."""
        return max(0, min(100, sum(item.weight for item in self.found.values())))

    def evidence(self) -> tuple[Evidence, ...]:
        """What was taken down, strongest first, contradictions last."""
        return tuple(sorted(self.found.values(), key=lambda item: -item.weight))


def span_of(text: str, part: str) -> tuple[int, int] | None:
    """Where words stand in a text, whatever stands between them; None where they do not.

    Args:
        text: as written.
        part: folded words with one space between.

    Returns:
        Start and end offsets in ``text``.
    """
    words = part.split()
    if not words or not text.isascii():
        return None
    match = re.search(r"[^A-Za-z0-9]+".join(map(re.escape, words)), text, re.IGNORECASE)
    return match.span() if match else None
