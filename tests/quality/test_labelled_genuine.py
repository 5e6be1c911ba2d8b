"""On real genuine accounts, where the shared data is there: blanking fields makes no bot."""

from __future__ import annotations

import random
from typing import Any

import pytest
from labelled_profiles import AS_OF, columns_of, genuine_profiles, joined, labelled_set

from followertui.domain.account import ProfileColumns
from followertui.quality.judging import judge
from followertui.quality.weights import load_weights

FIELDS = sorted(set(ProfileColumns.__dataclass_fields__) - {"rows", "handle"})
WEIGHTS = load_weights()
BOT = WEIGHTS.scores["bot"].threshold


def assert_blanking_is_harmless(profiles: list[dict[str, Any]], now: Any, rounds: int) -> None:
    judged = judge(columns_of(profiles), WEIGHTS, now)
    cleared = [p for p, j in zip(profiles, judged, strict=True) if (j.bot or 0) < BOT]
    assert cleared
    rnd = random.Random(17)
    for _ in range(rounds):
        less = [{**p, **dict.fromkeys(rnd.sample(FIELDS, rnd.randint(1, len(FIELDS))))} for p in cleared]
        again = judge(columns_of(less), WEIGHTS, now)
        risen = [p["handle"] for p, j in zip(less, again, strict=True) if (j.bot or 0) >= BOT]
        assert risen == []


def test_blanking_organisations_and_people() -> None:
    groups = genuine_profiles()
    if groups is None:
        pytest.skip("shared data is absent")
    by_time: dict[Any, list[dict[str, Any]]] = {}
    for profile in joined(groups.values()):
        if profile["followers"] is not None:
            by_time.setdefault(profile["as_of"], []).append(profile)
    for now, profiles in by_time.items():
        assert_blanking_is_harmless(profiles, now, rounds=4)


@pytest.mark.parametrize("name", sorted(AS_OF))
def test_blanking_labelled_humans(name: str) -> None:
    labelled = labelled_set(name)
    if labelled is None:
        pytest.skip("shared data is absent")
    columns = labelled.columns
    humans = [
        {field: getattr(columns, field)[i] for field in (*FIELDS, "handle")}
        for i, is_bot in enumerate(labelled.is_bot)
        if not is_bot
    ]
    assert_blanking_is_harmless(humans, labelled.now, rounds=2)
