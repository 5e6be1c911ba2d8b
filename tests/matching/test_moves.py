"""What a bio states as the present employer, and that it is another than the one on record."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followertui.matching.moves import employers_said, moved


@pytest.mark.parametrize(
    ("bio", "said"),
    [
        ("CTO at Initrode", ["Initrode"]),
        ("CTO @initrode. Ex Hooli.", ["initrode"]),
        ("Head of Sales, Initrode GmbH | tea", ["Initrode GmbH"]),
        ("Entwicklerin bei Initrode", ["Initrode"]),
        ("CTO @ Initrode", ["Initrode"]),
        ("Engineer at Bank of Quorvane, runner", ["Bank of Quorvane"]),
        ("formerly at Hooli", []),
        ("I love @initrode", []),
        ("fan of Initrode", []),
        ("Consultant at Freelance", []),
        ("Berlin, Germany", []),
        ("great at chess", []),
    ],
)
def test_employers_are_read_where_they_are_stated(bio: str, said: list[str]) -> None:
    found = employers_said(bio)
    assert [text for text, _, _ in found] == said
    assert [bio[start:end] for _, start, end in found] == said


@pytest.mark.parametrize(
    ("bio", "before", "new"),
    [
        ("CTO at Initrode", "bio: CTO at Hooli", "Initrode"),
        ("CTO at Initrode, ex Hooli", "", "Initrode"),
        ("CTO at Hooli and advisor at Initrode", "", None),
        ("CTO at Hooli Labs", "", None),
        ("CTO @hooli_hq", "", None),
        ("CTO at Initrode", "bio: CTO at Initrode", None),
        ("tea and cats", "bio: CTO at Hooli", None),
        ("", "", None),
    ],
)
def test_a_move_is_another_employer_where_the_old_one_is_gone(bio: str, before: str, new: str | None) -> None:
    found = moved(bio, ["Hooli Inc", "hooli"], "Hooli Inc", before)
    said = found.account_text[slice(*found.account_span)] if found and found.account_span else None
    assert said == new
    assert found is None or found.weight == 0


@given(st.text(max_size=80))
def test_any_bio_is_read(bio: str) -> None:
    assert all(bio[start:end] == text for text, start, end in employers_said(bio))
