"""The figures of the help are those of the benchmark, and the help shows all of them."""

from __future__ import annotations

import importlib

import pytest
import works_at

from followertui.cli.helping import SECONDS_A_PAIR, topic_text
from followertui.matching.measured import CUTS, BandFigure, CutFigure, Measured, measured, table


def test_the_help_shows_every_figure_of_the_file() -> None:
    text = topic_text("matching")
    assert "{figures}" not in text
    figures = measured()
    for one in figures.bands:
        assert f"{one.kind}, {one.data}" in text
        assert one.pairs == 0 or f"{one.right / one.pairs:.2f} ({one.right:,}/{one.pairs:,})" in text
    assert tuple(one.cut for one in figures.cuts) == CUTS
    for one in figures.cuts:
        (line,) = [line for line in text.splitlines() if line.split()[:2] == [f"{one.cut:.0%}", f"{one.pairs:,}"]]
        minutes = f"{one.pairs * SECONDS_A_PAIR / 60:,.0f}"
        assert line.split()[2:] == [f"{one.expected:,}", f"{one.right:,}", f"{one.pairs - one.expected:,}", minutes]


def test_the_bands_are_as_good_as_they_must_be() -> None:
    for one in measured().bands:
        if one.band != "possible":
            assert one.right >= (0.98 if one.band == "certain" else 0.85) * one.pairs, one


def test_the_table_counts_what_it_is_given() -> None:
    lines = table(Measured((BandFigure("here", "people", "likely", 4, 3),), (CutFigure(0.6, 1200, 900, 950),)), 3.0)
    assert lines[1].split() == ["people,", "here", "0.75", "(3/4)"]
    assert lines[-1].split() == ["60%", "1,200", "900", "950", "300", "60"]


@pytest.mark.slow
@pytest.mark.skipif(not works_at.match_data.DATA.exists(), reason="the shared data is not here")
def test_the_file_holds_what_the_benchmark_computes() -> None:
    match_costs = importlib.import_module("match_costs")
    assert match_costs.as_written(match_costs.computed()) == match_costs.WHERE.read_text(encoding="utf-8")
