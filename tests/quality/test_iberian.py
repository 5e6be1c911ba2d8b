"""Spanish and Portuguese titles, as people write them: both genders, with "de" and without."""

from __future__ import annotations

import pytest
from iberian import made_bios, shares


def test_made_bios_are_read_as_labelled() -> None:
    bios = made_bios()
    assert len(bios) == 66
    for fact in (0, 1):
        precision, recall = shares(bios, fact)
        assert precision >= 0.9
        assert recall >= 0.9


@pytest.mark.parametrize("bio", ["La ingeniería del futuro me apasiona y leo mucho", "Amo a comunicação entre pessoas"])
def test_a_subject_inside_a_sentence_is_no_function(bio: str) -> None:
    (role,) = {found.said[0] for found in made_bios([("", "", bio)])}
    assert role == ""
