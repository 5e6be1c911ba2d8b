"""Role, seniority and type on bios labelled by reading, where the shared data is there."""

from __future__ import annotations

import pytest
from read_bios import LANGUAGES, figures, read_bios

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


DUE_ELSEWHERE = {"type": (0.88, 0.80), "role": (0.93, 0.85)}
"""Least precision and recall in other languages; too few of those bios name a level to say anything of it."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_bios_in_other_languages_are_read_too(language: str) -> None:
    bios = [bio for part in LANGUAGES[language] for bio in read_bios(part) or ()]
    if not bios:
        pytest.skip("shared data is absent")
    found = figures(bios)
    for fact, (precision, recall) in DUE_ELSEWHERE.items():
        assert found[fact].precision >= precision, (fact, found[fact])
        assert found[fact].recall >= recall, (fact, found[fact])
