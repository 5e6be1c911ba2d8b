from __future__ import annotations

from datetime import UTC, datetime

import pytest
from made_audience import NOW, columns_of

from followertui.domain.account import ProfileColumns
from followertui.quality.brand import OwnBrand, brand_measures
from followertui.quality.explaining import explain
from followertui.quality.judging import judge
from followertui.quality.weights import load_weights

NOON = datetime.fromtimestamp(NOW, tz=UTC)
WEIGHTS = load_weights()
OURS = OwnBrand(("Acme Analytics", "Acme"), ("acme", "acme_analytics"), ("acme.example",))


def measured(**profile: object) -> tuple[bool, bool]:
    """Whether a profile uses our name, and whether its handle copies ours."""
    measures = brand_measures(columns_of([profile]), OURS)
    return measures["impersonates_name"][0] == 1, measures["copies_our_handle"][0] == 1


@pytest.mark.parametrize(
    "name",
    [
        "Acme", "ACME", "Acme Support", "The official Acme Team", "Acme GmbH", "A c m e", "Acme ✅", "Аcmе", "𝐀𝐜𝐦𝐞",
        "Acme Analytics", "Acme Analytics Help Desk", "Ａｃｍｅ", "Acmé",
    ],
)  # fmt: skip
def test_a_name_of_ours_is_seen_in_any_dress(name: str) -> None:
    assert measured(handle="somebody", name=name) == (True, False)


@pytest.mark.parametrize("name", ["Acmeist", "Dana at Acme", "Pacme", "", "Support", "Acme Roofing", None])
def test_another_name_is_not_ours(name: str | None) -> None:
    assert measured(handle="somebody", name=name) == (False, False)


@pytest.mark.parametrize(
    "handle",
    [
        "acme_support",
        "AcmeHelp",
        "_acme_",
        "acmehq",
        "acme_analytlcs",
        "acme_ana1ytics",
        "acrne",
        "acmeanalytic",
        "acme2024",
    ],
)
def test_a_handle_that_copies_ours_is_seen(handle: str) -> None:
    assert measured(handle=handle, name="Someone") == (False, True)


@pytest.mark.parametrize("handle", ["acmeist", "acne", "acmes_dad", "analytics", "dana_acme_fan", None])
def test_another_handle_copies_nothing(handle: str | None) -> None:
    assert measured(handle=handle, name="Someone") == (False, False)


@pytest.mark.parametrize(
    "more",
    [{"handle": "acme"}, {"handle": "ACME_Analytics"}, {"affiliation": "@Acme"}, {"verified": "business"}],
)
def test_our_own_accounts_and_those_vouched_for_may(more: dict[str, object]) -> None:
    assert measured(**{"handle": "acme_support", "name": "Acme", **more}) == (False, False)


def test_a_branch_that_links_home_may_use_the_name() -> None:
    assert measured(handle="acme_support", name="Acme", site="https://acme.example/de") == (False, True)
    assert measured(handle="acme_support", name="Acme", site="https://acme.example.evil.example") == (True, True)


def judged(brand: OwnBrand | None, **profile: object) -> tuple[int | None, tuple[str, ...]]:
    (found,) = judge(columns_of([profile]), WEIGHTS, NOON, None, brand)
    return found.harmful, found.reasons


def test_name_and_handle_together_are_harmful_either_alone_is_not() -> None:
    above = WEIGHTS.scores["harmful"].threshold
    both, reasons = judged(OURS, handle="acme_help", name="Acme")
    assert both is not None
    assert both > above
    assert set(reasons) >= {"impersonates-name", "copies-our-handle"}
    for profile in ({"handle": "acme_help", "name": "Dana"}, {"handle": "dana", "name": "Acme"}):
        alone, _ = judged(OURS, **profile)
        assert alone is not None
        assert 0 < alone <= above


def test_nobody_poses_as_us_while_we_are_unknown() -> None:
    for brand in (None, OwnBrand(), OwnBrand(domains=("acme.example",))):
        assert judged(brand, handle="acme_help", name="Acme") == (None, judged(None, handle="dana")[1])


def test_a_help_desk_under_our_name_explains_itself() -> None:
    profile = {"handle": "care4you", "name": "Acme Support", "bio": "24/7 customer support, DM us your problem"}
    profile["verified"] = ""
    columns: ProfileColumns = columns_of([profile])
    lines = {reason.code: reason for reason in explain(columns, WEIGHTS, NOON, None, OURS)[0]}
    assert lines["impersonates-name"].text == "uses your company's name and is not on your list"
    assert sum(line.points for line in lines.values() if line.score == "harmful") > 50


def works_here(bio: str, handle: str = "dana") -> bool:
    measures = brand_measures(columns_of([{"handle": handle, "name": "Dana", "bio": bio}]), OURS)
    return measures["works_here"][0] == 1


@pytest.mark.parametrize(
    "bio",
    [
        "Engineer @acme",
        "VP Sales, @Acme_Analytics. Trains.",
        "ex-Globex, now @acme",
        "@acme",
        "Coffee | growth @ACME | dad",
    ],
)
def test_a_bio_that_names_us_as_employer_is_seen(bio: str) -> None:
    assert works_here(bio)


@pytest.mark.parametrize(
    "bio",
    [
        "ex @acme", "Formerly at @acme", "fan of @acme", "customer of @acme", "not @acme", "mail me: dana@acme.example",
        "Engineer @acme2", "@acmeist", "left @acme in 2019", "Engineer at Acme", "previously Globex, @acme", "",
    ],
)  # fmt: skip
def test_a_bio_that_names_us_otherwise_is_no_employee(bio: str) -> None:
    assert not works_here(bio)


def test_our_own_account_is_no_employee_and_a_rival_is_who_was_named() -> None:
    assert not works_here("the home of @acme", handle="Acme")
    named = OwnBrand(rivals=("globex",))
    measures = brand_measures(columns_of([{"handle": "Globex"}, {"handle": "globex2"}, {"handle": None}]), named)
    assert (measures["named_rival"] == 1).tolist() == [True, False, False]
