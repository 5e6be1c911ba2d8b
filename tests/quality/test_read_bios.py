"""Role, seniority and type on bios labelled by reading, where the shared data is there."""

from __future__ import annotations

import pytest
from read_bios import figures, read_bios

DUE = {"type": (0.90, 0.80), "role": (0.93, 0.85), "seniority": (0.93, 0.85)}
"""Least precision and recall."""


@pytest.mark.parametrize("part", ["tune", "judge", "third"])
def test_bios_are_read_as_a_person_reads_them(part: str) -> None:
    bios = read_bios(part)
    if bios is None:
        pytest.skip("shared data is absent")
    assert len(bios) == 250
    for fact, figure in figures(bios).items():
        precision, recall = DUE[fact]
        assert figure.precision >= precision, (fact, figure)
        assert figure.recall >= recall, (fact, figure)
