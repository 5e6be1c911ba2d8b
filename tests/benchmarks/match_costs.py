"""How often each band is right and what each cut costs, for the table of ``help matching``."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from match_data import DATA, audience_of, labelled
from match_wild import OTHERS, TUNED, measured

from followertui.domain.match import Band, MatchRelation
from followertui.matching.individuals import shared_names
from followertui.matching.matcher import Matcher
from followertui.matching.measured import CUTS, FILE, BandFigure, CutFigure, Measured

sys.path.append(str(Path(__file__).resolve().parents[1] / "matching"))

import works_at

WHERE = Path(__file__).resolve().parents[2] / "followertui" / "matching" / FILE


def computed() -> Measured:
    """All figures, computed from the shared data."""
    bands, cuts = _of_benchmark()
    for title, sets in (("strangers, rules tuned on them", TUNED), ("strangers, others", OTHERS)):
        total: Counter[tuple[Band, str]] = Counter()
        for who, name in sets:
            total += measured(who, name)
        bands += [
            BandFigure(title, "companies", band.value, total[band, "read"], total[band, "right"])
            for band in (Band.CERTAIN, Band.LIKELY)
        ]
    bands += employer_bands()
    return Measured(tuple(bands), tuple(cuts))


def employer_bands() -> list[BandFigure]:
    """How often employers among strangers were right, by band; pairs nobody read are not counted."""
    found = []
    for title, sets in (
        ("strangers, rules tuned on them", [*works_at.TUNED, *works_at.AFTERWARDS]),
        ("strangers, others", works_at.OTHERS),
    ):
        every = [works_at.of_bands(name, who) for who, name in sets]
        for band in (Band.CERTAIN, Band.LIKELY):
            total = works_at.summed(*(got[band] for got in every))
            found.append(BandFigure(title, "employers", band.value, total.read, total.right))
    return found


def _of_benchmark() -> tuple[list[BandFigure], list[CutFigure]]:
    """The labelled benchmark: bands by kind of entity, and every cut."""
    data = labelled()
    matcher = Matcher(data.entries, namesakes=shared_names(name or "" for name in data.columns.name))
    matcher.audience = audience_of(data.entries, data.columns)
    names = {entry.id: entry.crm_id for entry in data.entries}
    people = {entry.id for entry in data.entries if entry.last_name or entry.person}
    found = [
        (p, (data.columns.handle[p.row] or "", names[p.entry_id]))
        for p in matcher.propose(data.columns)
        if p.relation is not MatchRelation.WORKS_AT
    ]
    found = [(p, pair) for p, pair in found if pair not in data.excluded]
    bands = []
    for kind in ("companies", "people"):
        for band in Band:
            some = [pair for p, pair in found if p.band is band and (p.entry_id in people) == (kind == "people")]
            right = sum(pair in data.right for pair in some)
            bands.append(BandFigure("labelled accounts", kind, band.value, len(some), right))
    cuts = []
    for cut in CUTS:
        above = [(p.probability or 0.0, pair in data.right) for p, pair in found if (p.probability or 0.0) >= cut]
        cuts.append(CutFigure(cut, len(above), round(sum(p for p, _ in above)), sum(right for _, right in above)))
    return bands, cuts


def run(is_written: bool) -> None:
    """Print the figures, and write them where the help reads them.

    Args:
        is_written: whether to write them.
    """
    if not (DATA / "match-benchmark").exists():
        print("costs: ../shared/data is absent, skipped")
        return
    figures = computed()
    for one in (*figures.bands, *figures.cuts):
        print(one)
    if is_written:
        WHERE.write_text(as_written(figures), encoding="utf-8")


def as_written(figures: Measured) -> str:
    """The figures as the file holds them."""
    return json.dumps({"bands": figures.bands, "cuts": figures.cuts}, indent=1) + "\n"
