"""What looking at the open matches costs and gives, at every cut of their probability.

Owns the arithmetic and a reviewer's pace. Reads only.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from followertui.late import late
from followertui.matching.measured import CUTS
from followertui.services.session import Session
from followertui.store.decisions import pace
from followertui.store.lists import listings

if TYPE_CHECKING:
    import statistics
else:
    # It brings decimals and fractions along.
    statistics = late("statistics")

USUAL_SECONDS = 6.0
"""How long a look at a match takes where nobody's pace is known."""

_LONGEST = 120
"""Seconds between two answers from which on the reviewer did something else between."""

_FEWEST = 20
"""Answers from which a pace is the reviewer's own."""


class CutCost(NamedTuple):
    """Looking at every open match from a probability on.

    Attributes:
        cut: the probability, 0-1; 0 for all that have one.
        pairs: matches to look at.
        right: how many of them are expected to be right.
        minutes: how long that takes.
    """

    cut: float
    pairs: int
    right: float
    minutes: float

    @property
    def wrong(self) -> float:
        """How many are expected to be wrong."""
        return self.pairs - self.right


class MatchCosts(NamedTuple):
    """The cost at every cut.

    Attributes:
        cuts: highest first, the last one all.
        seconds_a_pair: how long a look takes.
        is_own_pace: whether that is the reviewer's own.
        unknown: open matches whose probability is not known yet.
    """

    cuts: tuple[CutCost, ...]
    seconds_a_pair: float
    is_own_pace: bool
    unknown: int


def match_costs(session: Session) -> MatchCosts:
    """What looking at the unreviewed matches costs this reviewer."""
    every = listings.open_probabilities(session.store)
    known = sorted((found for found in every if found is not None), reverse=True)
    moments = pace.answers_to_matches(session.store, session.reviewer)
    gaps = [later - before for before, later in pairwise(moments) if 0 < later - before <= _LONGEST]
    is_own = len(gaps) >= _FEWEST
    seconds = float(statistics.median(gaps)) if is_own else USUAL_SECONDS
    cuts = []
    for cut in (*CUTS, 0.0):
        above = [found for found in known if found >= cut]
        cuts.append(CutCost(cut, len(above), sum(above), len(above) * seconds / 60))
    return MatchCosts(tuple(cuts), seconds, is_own, len(every) - len(known))
