"""How often matches were right on labelled data, as the benchmark last measured it.

Owns reading ``measured.json``, which ``python tests/benchmarks/bench_matching.py --only costs --write``
writes, and its table in words. Nothing here is entered by hand. ``cli`` and the benchmark use it.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import NamedTuple

FILE = "measured.json"

CUTS = (0.98, 0.9, 0.75, 0.6, 0.3, 0.1)
"""Probabilities from which matches are counted, highest first."""


class BandFigure(NamedTuple):
    """How often one band was right.

    Attributes:
        data: which accounts and lists, in words.
        kind: companies, people or employers.
        band: certain, likely or possible.
        pairs: matches whose truth is known.
        right: how many of them are right.
    """

    data: str
    kind: str
    band: str
    pairs: int
    right: int


class CutFigure(NamedTuple):
    """What looking at every match from a probability on costs and gives.

    Attributes:
        cut: the probability.
        pairs: matches from it on.
        expected: how many the probabilities say are right.
        right: how many are.
    """

    cut: float
    pairs: int
    expected: int
    right: int


class Measured(NamedTuple):
    """All figures.

    Attributes:
        bands: by data and kind.
        cuts: on the labelled benchmark, highest cut first.
    """

    bands: tuple[BandFigure, ...]
    cuts: tuple[CutFigure, ...]


def measured() -> Measured:
    """The figures the package was measured with."""
    table = json.loads((files("followertui.matching") / FILE).read_text(encoding="utf-8"))
    return Measured(tuple(BandFigure(*one) for one in table["bands"]), tuple(CutFigure(*one) for one in table["cuts"]))


def table(figures: Measured, seconds_a_pair: float) -> list[str]:
    """The figures as lines of at most 100 columns.

    Args:
        figures: what was measured.
        seconds_a_pair: how long a look takes.
    """
    lines = [f"  {'':<44}{'certain':>16}{'likely':>16}{'possible':>16}"]
    for data, kind in dict.fromkeys((one.data, one.kind) for one in figures.bands):
        shares = {one.band: one for one in figures.bands if (one.data, one.kind) == (data, kind)}
        cells = "".join(f"{_share(shares.get(band)):>16}" for band in ("certain", "likely", "possible"))
        lines.append(f"  {f'{kind}, {data}':<44}{cells}")
    lines += [
        f"What each cut costs on the labelled accounts, at {seconds_a_pair:.0f} s a pair:",
        f"  {'from':<8}{'pairs':>8}{'expected right':>16}{'were right':>12}{'expected wrong':>16}{'minutes':>9}",
    ]
    lines += [
        f"  {f'{one.cut:.0%}':<8}{one.pairs:>8,}{one.expected:>16,}{one.right:>12,}{one.pairs - one.expected:>16,}"
        f"{one.pairs * seconds_a_pair / 60:>9,.0f}"
        for one in figures.cuts
    ]
    return lines


def _share(figure: BandFigure | None) -> str:
    """A share with its counts, empty for none."""
    if figure is None or not figure.pairs:
        return ""
    return f"{figure.right / figure.pairs:.2f} ({figure.right:,} of {figure.pairs:,})".replace(" of ", "/")
