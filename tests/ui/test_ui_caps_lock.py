"""Caps Lock left on is asked about before it does anything."""

from __future__ import annotations

import pytest
from screen_support import decisions, opened, press, review, said

from followertui.services.workbench import Workbench
from followertui.ui.caps import CapsWatch
from followertui.ui.screens.review.frame import ReviewScreen


@pytest.mark.parametrize(("letter", "small"), [("Y", "as suggested"), ("F", "follow"), ("P", "plan")])
async def test_a_capital_that_is_no_verb_asks(bench: Workbench, letter: str, small: str) -> None:
    async with opened(bench) as pilot:
        await press(pilot, letter)
        assert said(pilot) == f"Caps Lock? {letter} is no verb here; {letter.lower()} is {small}"
        assert decisions(bench) == {}
        assert isinstance(pilot.app.screen, ReviewScreen)


async def test_two_different_capital_verbs_in_a_row_ask_before_the_second(bench: Workbench) -> None:
    async with opened(bench, (120, 36)) as pilot:
        await press(pilot, "O", "J")
        assert said(pilot) == "Caps Lock? J is journal: press it again to do that"
        assert isinstance(pilot.app.screen, ReviewScreen)
        await press(pilot, "J")
        assert not isinstance(pilot.app.screen, ReviewScreen)


async def test_do_not_contact_is_asked_about_after_another_capital_and_brings_none(bench: Workbench) -> None:
    async with opened(bench, (120, 36)) as pilot:
        await press(pilot, "O", "X")
        assert said(pilot) == "Caps Lock? X is do not contact: press it again to do that"
        assert bench.session.store.con.execute("SELECT count(*) FROM no_contact").fetchone() == (0,)
        await press(pilot, "X")
        assert bench.session.store.con.execute("SELECT count(*) FROM no_contact").fetchone() == (1,)
        await press(pilot, "S")
        assert said(pilot).startswith("Caps Lock? S is ")


async def test_a_small_letter_between_two_capitals_is_no_caps_lock(bench: Workbench) -> None:
    async with opened(bench, (120, 36)) as pilot:
        await press(pilot, "O", "j", "J")
        assert not isinstance(pilot.app.screen, ReviewScreen)


async def test_the_same_capital_twice_is_meant(bench: Workbench) -> None:
    async with opened(bench) as pilot:
        await press(pilot, "x", "x", "u", "u", "U", "U")
        assert len(decisions(bench)) == 2
        assert len(review(pilot).table.keys)


def test_what_is_no_letter_is_never_asked_about() -> None:
    watch = CapsWatch()
    assert watch.question("", "", "") == watch.question("$", "apply", "") == watch.question("Ä", "", "") == ""
