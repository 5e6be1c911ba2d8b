"""Why accounts are judged as they are: every line of every score, in sentences.

Owns the breakdown; the wording is that of ``signals`` and ``sentences``, the scores those of
``judging``. Pure; imported by services and tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from followertui.domain.account import ProfileColumns
from followertui.domain.judgement import Reason
from followertui.quality.brand import OwnBrand
from followertui.quality.judging import Sheet, Waves, facts_that_hold, measure, score_points
from followertui.quality.market import MarketWords, words_met
from followertui.quality.reading import Measure
from followertui.quality.sentences import filled, quoted
from followertui.quality.signals import SCORES, SIGNALS
from followertui.quality.weights import Weights

BOOKKEEPING = frozenset({"start", "cut", "little-known"})
"""Lines of a sum that are no signals."""

_WORDS_OF = {"bait_in_bio": ("bait", "adult"), "bait_with_link": ("bait",), "poses": ("poses",)}
"""Measures made of word lists -> the lists whose words they quote; ``words_x`` quotes list x."""


class _Scored(NamedTuple):
    """One score of a batch: its start, signal -> points, the totals, where they were held down."""

    score: str
    start: int
    points: dict[str, NDArray[np.int16]]
    total: Measure
    held: NDArray[np.bool_]


def explain(
    columns: ProfileColumns,
    weights: Weights,
    now: datetime,
    market: MarketWords | None = None,
    brand: OwnBrand | None = None,
    waves: Waves | None = None,
) -> list[list[Reason]]:
    """The full breakdown of accounts: every line of every score, and the facts.

    Args:
        columns: profiles.
        weights: from ``load_weights``.
        now: moment they are judged at, aware.
        market: the person's market words, or None.
        brand: who we are, or None.
        waves: the waves accounts came with, or None.

    Returns:
        Lines of each account, in the order of the columns. For each known score ``start``, the
        signals strongest first, then the points taken off by capping and clamping
        (``little-known``, ``cut``): they add up to the score. Facts, with 0 points, come last.
    """
    sheet = measure(columns, now, market, weights.words, brand, waves)
    sums = [_Scored(s, weights.scores[s].start, *score_points(sheet.measures, weights, s)) for s in SCORES]
    facts = facts_that_hold(sheet.measures, weights)
    return [_lines(_Account(columns, sheet, market, at), sums, facts) for at in range(len(columns))]


class _Account:
    """What sentences about one account of a batch are filled with."""

    def __init__(self, columns: ProfileColumns, sheet: Sheet, market: MarketWords | None, at: int) -> None:
        self.at = at
        self._sheet = sheet
        self._columns = columns
        self._market = market

    def sentence(self, code: str) -> str:
        """The sentence of a signal that fired."""
        signal = SIGNALS[code]
        names = _WORDS_OF.get(signal.measure, (signal.measure.removeprefix("words_"),))
        words: dict[str, str] = {}
        if "{words}" in signal.text:
            hits = self._sheet.lexicon.found(self._columns.bio[self.at] or "")
            words["words"] = quoted(hit.term for hit in hits if hit.category in names)
        if "{role}" in signal.text:
            words["role"] = self._sheet.roles[self.at]
        if "{market}" in signal.text and self._market is not None:
            words["market"] = quoted(words_met(self._columns, self.at, self._market))
        return filled(signal.text, self._figure, words)

    def _figure(self, name: str) -> float:
        return float(self._sheet.measures[name][self.at])


def _lines(account: _Account, sums: list[_Scored], facts: Mapping[str, NDArray[np.bool_]]) -> list[Reason]:
    at = account.at
    lines: list[Reason] = []
    for score, start, points, total, held in sums:
        if np.isnan(total[at]):
            continue
        fired = [(code, int(column[at])) for code, column in points.items() if column[at]]
        fired.sort(key=lambda item: -abs(item[1]))
        own = [Reason("start", start, score, "every account starts here")]
        own += [Reason(code, worth, score, account.sentence(code)) for code, worth in fired]
        rest = int(total[at]) - sum(line.points for line in own)
        if rest and held[at]:
            own.append(Reason("little-known", rest, score, "too little is known, or it is too new, to call it a bot"))
        elif rest:
            own.append(Reason("cut", rest, score, "scores are limited to 0-100"))
        lines += own
    return lines + [Reason(code, 0, "fact", account.sentence(code)) for code, fact in facts.items() if fact[at]]
