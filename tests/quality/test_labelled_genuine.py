"""On real genuine accounts, where the shared data is there: blanking fields makes no bot."""

from __future__ import annotations

import random
from typing import Any

import pytest
from labelled_profiles import AS_OF, columns_of, genuine_profiles, humans_of, in_first_days, joined, labelled_set

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
    assert_blanking_is_harmless(humans_of(labelled.columns, labelled.is_bot), labelled.now, rounds=2)


@pytest.mark.parametrize("days", [1, 7])
@pytest.mark.parametrize("name", sorted(AS_OF))
def test_genuine_people_in_their_first_days_are_no_bots(name: str, days: int) -> None:
    labelled = labelled_set(name)
    if labelled is None:
        pytest.skip("shared data is absent")
    young = [in_first_days(human, days, labelled.now) for human in humans_of(labelled.columns, labelled.is_bot)]
    called = [judged for judged in judge(columns_of(young), WEIGHTS, labelled.now) if (judged.bot or 0) >= BOT]
    assert len(called) <= 0.002 * len(young)


def test_genuine_organisations_are_no_bots() -> None:
    groups = genuine_profiles()
    if groups is None:
        pytest.skip("shared data is absent")
    for name, profiles in groups.items():
        for now in {profile["as_of"] for profile in profiles}:
            some = [profile for profile in profiles if profile["as_of"] == now]
            assert all((judged.bot or 0) < BOT for judged in judge(columns_of(some), WEIGHTS, now)), name
