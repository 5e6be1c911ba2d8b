"""The plan made smaller and looked into with its keys: parts, samples, the worst, who stays, batches, pace, checks."""

from __future__ import annotations

import pytest
from demo_stores import followed
from screen_support import opened, press, rows_of, screen_text, type_text, until

from followertui.domain.decision import ActionKind, Decision
from followertui.services.plan import values
from followertui.services.plan.values import HandAnswer
from followertui.services.workbench import Workbench
from followertui.store.file import settings
from followertui.ui.dialogs.asking import LineDialog, Question, TypedCount
from followertui.ui.dialogs.choosing import Chooser
from followertui.ui.dialogs.telling import Told
from followertui.ui.screens import narrowing
from followertui.ui.screens.by_hand import HandScreen
from followertui.ui.screens.plan import PlanScreen
from followertui.ui.screens.review.frame import ReviewScreen

OUT = 12
enterprise = pytest.mark.parametrize("access", ["enterprise"])


@pytest.fixture
def planned(bench: Workbench) -> Workbench:
    """Twelve unfollows ready."""
    bench.decide(rows_of(bench, "everyone", "is:leader match:none -is:guarded")[:OUT], Decision.OUT)
    return bench


def ready(bench: Workbench) -> int:
    return sum(group.ready for group in bench.plan_overview().groups)


async def test_a_part_is_taken_out_after_a_question(planned: Workbench) -> None:
    parts = planned.planner.parts(planned.plan_overview())
    async with opened(planned, (120, 36)) as pilot:
        await press(pilot, "p", "X")
        assert isinstance(pilot.app.screen, Chooser)
        await press(pilot, "down", "enter")
        assert isinstance(pilot.app.screen, Question)
        assert "What was decided stays" in screen_text(pilot)
        await press(pilot, "n")
        assert ready(planned) == OUT
        await press(pilot, "X", "down", "enter", "y")
        assert ready(planned) == OUT - parts[1].count
        assert f"dropped from the plan: {parts[1].count} action" in screen_text(pilot)
        assert isinstance(pilot.app.focused, type(pilot.app.screen.query_one("#plan-table")))
        await press(pilot, "u")
        assert ready(planned) == OUT


async def test_a_sample_shows_random_rows(planned: Workbench) -> None:
    async with opened(planned, (120, 36)) as pilot:
        await press(pilot, "p", "r")
        assert isinstance(pilot.app.screen, Told)
        assert f"{OUT} of the plan, at random" in screen_text(pilot)
        await press(pilot, "q")
        assert isinstance(pilot.app.screen, PlanScreen)


async def test_the_worst_go_first_by_hand_and_no_more(planned: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(narrowing, "WORST", 3)
    monkeypatch.setattr(values, "WORST", 3)
    async with opened(planned, (120, 36)) as pilot:
        await press(pilot, "p")
        assert "many at once: t the worst" in screen_text(pilot)
        await press(pilot, "t")
        assert "unfollow: 3 pages, one after the other, the worst first." in screen_text(pilot)
        assert "to follow again later tells them" in screen_text(pilot)
        await press(pilot, "y", "d", "d", "d")
        assert isinstance(pilot.app.screen, HandScreen)
        assert pilot.app.screen.todo is None
        assert "the 3 worst are answered: q goes back to the plan" in screen_text(pilot)
        await press(pilot, "q")
        assert ready(planned) == OUT - 3


@enterprise
async def test_the_worst_go_first_through_the_api(planned: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(narrowing, "WORST", 7)
    before = followed(planned)
    async with opened(planned, (120, 36)) as pilot:
        await press(pilot, "p", "t")
        assert isinstance(pilot.app.screen, TypedCount)
        assert "only the worst 7 of them" in screen_text(pilot)
        assert "begins with 1, then 5, then 5, then the rest" in screen_text(pilot)
        await press(pilot, "7", "enter")
        await until(pilot, lambda: pilot.app.jobs.job is None)
        assert len(before - followed(planned)) == 7


async def test_why_the_others_stay_opens_their_rows(planned: Workbench) -> None:
    lines = planned.planner.stays()
    at = next(place for place, found in enumerate(lines) if found.term)
    async with opened(planned, (120, 36)) as pilot:
        await press(pilot, "p", "y")
        assert isinstance(pilot.app.screen, Chooser)
        assert lines[0].value in screen_text(pilot)
        await press(pilot, *["down"] * at, "enter")
        assert isinstance(pilot.app.screen, ReviewScreen)
        assert len(pilot.app.screen.table.keys) == lines[at].count
    assert sum(found.count for found in lines) == len(rows_of(planned, "everyone", "is:following")) - OUT


async def test_quiet_hours_are_set_and_hold_by_hand(planned: Workbench) -> None:
    async with opened(planned, (120, 40)) as pilot:
        await press(pilot, "p", "c")
        assert isinstance(pilot.app.screen, LineDialog)
        assert "unfollow: 0 of 150 today, 45 in 15 minutes, by hand" in screen_text(pilot)
        await type_text(pilot, "00:00-23:59")
        await press(pilot, "enter")
        assert settings.QUIET_HOURS.read(planned.session.store) == "00:00-23:59"
        assert "quiet hours: nothing is carried out 00:00-23:59" in screen_text(pilot)
        await press(pilot, "h", "y")
        assert "these are your quiet hours" in screen_text(pilot)
        await press(pilot, "q", "c")
        await type_text(pilot, "nonsense")
        await press(pilot, "enter")
        assert "write two times of the day" in screen_text(pilot)
        assert settings.QUIET_HOURS.read(planned.session.store) == "00:00-23:59"


async def test_a_house_check_stops_the_click_and_is_named(planned: Workbench) -> None:
    who = planned.plan_lines(planned.plan_overview().item_ids[:1])[0].cells.handle
    async with opened(planned, (120, 40)) as pilot:
        await press(pilot, "p", "e")
        await type_text(pilot, f"must_keep @{who}")
        await press(pilot, "enter")
        assert f"@{who} must be kept, and unfollow is planned" in screen_text(pilot)
        await press(pilot, "h", "y")
        assert "so nothing is carried out" in screen_text(pilot)
        assert isinstance(pilot.app.screen, HandScreen)
        assert pilot.app.screen.todo is None
        await press(pilot, "q", "e")
        assert "fails" in screen_text(pilot)
        await press(pilot, "escape", "u")
        assert f"@{who} must be kept" not in screen_text(pilot)


async def test_a_batch_is_taken_back(planned: Workbench) -> None:
    for _ in range(2):
        task = planned.clicks.next_task(ActionKind.UNFOLLOW)
        assert task is not None
        planned.clicks.record(task.item_id, HandAnswer.DONE)
    async with opened(planned, (120, 36)) as pilot:
        await press(pilot, "p", "B")
        assert "by hand: 2 unfollow" in screen_text(pilot)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, Told)
        group = next(group for group in planned.plan_overview().groups if group.action is ActionKind.FOLLOW)
        assert group.ready + group.held == 2
        shown = screen_text(pilot)
        assert "taken back: 2 accounts" in shown
        assert ("by hand" in shown) is bool(group.ready)
        await press(pilot, "q")
        assert isinstance(pilot.app.screen, PlanScreen)


@enterprise
async def test_chosen_ones_go_on_a_private_list(planned: Workbench) -> None:
    async with opened(planned, (120, 36)) as pilot:
        await press(pilot, "p", "asterisk", "L")
        assert "not for the whole plan" in screen_text(pilot)
        await press(pilot, "escape", "escape", "g", "space", "space", "L")
        assert "Private list on X for 2" in screen_text(pilot)
        await type_text(pilot, "Worth a look")
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlanScreen))
    group = next(group for group in planned.plan_overview().groups if group.action is ActionKind.LIST_ADD)
    assert group.ready == 2
    assert settings.X_LISTS.read(planned.session.store).keys() == {"Worth a look"}


async def test_what_changed_waits_for_a_look_and_l_brings_it_back(planned: Workbench) -> None:
    row = planned.plan_lines(planned.plan_overview().item_ids[:1])[0].cells.row
    with planned.session.store.write() as con:
        con.execute("UPDATE account SET bio = 'something quite different' WHERE row = ?", [row])
        planned.session.store.bump("profile", [row])
    async with opened(planned, (160, 40)) as pilot:
        await press(pilot, "p", "h", "y", "q")
        assert "1 changed since it was planned: has a new bio" in screen_text(pilot)
        keys = list(pilot.app.screen.table.keys)
        at = next(n for n, key in enumerate(keys) if planned.plan_lines([key])[0].cells.row == row)
        await press(pilot, "g", *["j"] * at, "l")
        assert "back in the plan: 1 action" in screen_text(pilot)
    assert ready(planned) == OUT
