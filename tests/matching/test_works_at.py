"""Employers proposed among strangers are right as often as was read."""

from __future__ import annotations

import pytest
import works_at


@pytest.mark.skipif(not (works_at.match_data.DATA / "wild-audience").exists(), reason="the shared data is not here")
@pytest.mark.parametrize("name", ["fortune1000", "sp500"])
def test_employers_among_strangers_are_right(name: str) -> None:
    got = works_at.of_list(name)
    assert got.proposals >= 30
    assert abs(got.said / got.read - got.share) < 0.1
    assert got.read >= 0.9 * got.proposals
    assert got.share >= 0.85


def test_a_label_knows_a_pair_whatever_case_and_brackets() -> None:
    assert works_at.label_key("Dana", "Globex GmbH (member)") == works_at.label_key("dana", "GLOBEX")
    assert works_at.label_key("dana", "Globex") != works_at.label_key("dana", "Hooli")
    assert {len(key) for key in works_at.labels()} == {16}
