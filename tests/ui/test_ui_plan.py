from __future__ import annotations

from fake_workbench import FakeWorkbench
from screen_support import LINKS, opened, press, screen_lines, screen_text, settle, type_text

from followertui.domain.decision import ActionKind, Decision
from followertui.domain.match import MatchState
from followertui.ui.dialogs.asking import Question, TypedCount
from followertui.ui.screens.by_hand import HandScreen
from followertui.ui.screens.plan import PlanScreen
from followertui.ui.screens.review.frame import ReviewScreen


async def test_yes_no_and_not_sure_answer_the_match_in_sight() -> None:
    bench = FakeWorkbench(100)
    async with opened(bench, queue_id="confirm") as pilot:
        await press(pilot, "y")
        assert ("confirm", (1,)) in bench.calls
        await press(pilot, "n")
        assert ("reject", (11,)) in bench.calls
        assert "note" not in bench.names()
        assert pilot.app.screen.table.key == 1  # its second match is asked before going on
        await press(pilot, "s")
        assert ("unsure", (12,)) in bench.calls
        assert pilot.app.screen.table.key == 2
        await press(pilot, "y")
        assert "no match on this account" in screen_text(pilot)


async def test_tab_looks_at_the_next_match() -> None:
    bench = FakeWorkbench(100)
    async with opened(bench, queue_id="confirm") as pilot:
        await press(pilot, "j", "tab")
        assert "Globex Ventures" in screen_text(pilot)
        await press(pilot, "y")
        assert ("confirm", (12,)) in bench.calls


async def test_both_sides_of_the_evidence_are_set_off() -> None:
    async with opened(FakeWorkbench(100), (120, 36), queue_id="confirm") as pilot:
        shown = screen_text(pilot)
        assert "Head of Growth at Globex" in shown
        assert "Lisbon ≠ Munich" in shown
        assert "3 other accounts tie to Globex" in shown
        strips = pilot.app.screen._compositor.render_strips()
        set_off = [
            segment.text
            for strip in strips
            for segment in strip
            if segment.style and segment.style.bold and segment.style.bgcolor and segment.text == "Globex"
        ]
        assert len(set_off) == 2


async def test_marked_matches_are_rejected_in_bulk_after_a_look() -> None:
    bench = FakeWorkbench(100)
    async with opened(bench, queue_id="confirm") as pilot:
        await press(pilot, "asterisk", "n", "enter")
        assert len(bench.match_states) > 30
        assert set(bench.match_states.values()) == {MatchState.REJECTED}


async def test_the_plan_shows_figures_warnings_and_rows() -> None:
    async with opened(FakeWorkbench(100), (120, 36)) as pilot:
        await press(pilot, "p")
        shown = screen_text(pilot)
        assert isinstance(pilot.app.screen, PlanScreen)
        assert "No customer list" in shown
        assert "8 ready" in shown
        assert "8 confirmed customer · 4 kept" in shown
        assert "22 follow us" in shown
        await press(pilot, "tab")
        assert "by hand · 60 min" in screen_text(pilot)
        await press(pilot, "p")
        assert isinstance(pilot.app.screen, ReviewScreen)


async def test_the_api_runs_only_after_the_count_is_typed() -> None:
    bench = FakeWorkbench(100)
    async with opened(bench) as pilot:
        await press(pilot, "p", "dollar_sign")
        assert isinstance(pilot.app.screen, TypedCount)
        await type_text(pilot, "7")
        await press(pilot, "enter")
        assert "that is not 8" in screen_text(pilot)
        assert "apply" not in bench.names()
        await press(pilot, "backspace", "8", "enter")
        await settle(pilot)
        assert ("apply", "api", None, 8) in bench.calls
        assert "8 done" in screen_text(pilot)
        assert "Nothing is planned" in screen_text(pilot)


async def test_a_refusal_by_x_goes_on_by_hand() -> None:
    bench = FakeWorkbench(100)
    async with opened(bench) as pilot:
        await press(pilot, "p")
        bench.switch_to_hand = True
        await press(pilot, "F9".lower(), "8", "enter")
        await settle(pilot)
        assert "X refuses this through the API" in screen_text(pilot)
        await press(pilot, "y")
        assert "Is x.com signed in as @acme?" in screen_text(pilot)
        await press(pilot, "y")
        assert isinstance(pilot.app.screen, HandScreen)


async def test_by_hand_every_click_is_its_own_confirmation() -> None:
    bench = FakeWorkbench(100)
    async with opened(bench) as pilot:
        await press(pilot, "p", "h")
        assert isinstance(pilot.app.screen, Question)
        await press(pilot, "n")
        assert isinstance(pilot.app.screen, PlanScreen)
        await press(pilot, "h", "y")
        assert LINKS == ["https://x.com/h_0"]
        assert "1 of 8" in screen_text(pilot)
        await press(pilot, "d")
        await press(pilot, "s", "m")
        marked = [call[1:] for call in bench.calls if call[0] == "hand_mark"]
        assert marked == [(0, "done"), (5, "later"), (10, "missing")]
        assert LINKS[-1] == "https://x.com/h_15"
        await press(pilot, "u")
        assert "hand_back" in bench.names()
        assert "https://x.com/h_10" in screen_text(pilot)
        await press(pilot, "q")
        assert isinstance(pilot.app.screen, PlanScreen)
        assert "2 answered by hand" in screen_text(pilot)


async def test_by_hand_ends_with_what_comes_next() -> None:
    bench = FakeWorkbench(1)
    async with opened(bench) as pilot:
        await press(pilot, "p", "h", "y", "d")
        assert "Nothing left to do by hand" in screen_text(pilot)
        await press(pilot, "d")
        assert "nothing" in screen_text(pilot).lower()
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, PlanScreen)


async def test_items_are_marked_and_dropped() -> None:
    bench = FakeWorkbench(100)
    async with opened(bench) as pilot:
        await press(pilot, "p", "space", "space")
        assert "2 marked" in screen_lines(pilot)[0]
        await press(pilot, "x")
        assert ("plan_drop", (0, 5)) in bench.calls
        await press(pilot, "u")
        assert ("undo", False) in bench.calls


async def test_a_figure_of_the_plan_opens_its_rows() -> None:
    bench = FakeWorkbench(100)
    async with opened(bench) as pilot:
        await press(pilot, "p")
        at = next(row for row, text in enumerate(screen_lines(pilot)) if "silent for years" in text)
        await pilot.click(offset=(screen_lines(pilot)[at].index("silent for years"), at))
        await settle(pilot)
        assert isinstance(pilot.app.screen, ReviewScreen)
        assert ("open_view", "", "plan:unfollow reason:silent") in bench.calls


async def test_counts_of_the_plan_are_reached_by_key() -> None:
    bench = FakeWorkbench(100)
    async with opened(bench) as pilot:
        await press(pilot, "p", "number_sign", "down", "enter")
        assert ("open_view", "", "plan:unfollow reason:silent") in bench.calls


async def test_an_empty_plan_says_why_nothing_can_be_applied() -> None:
    bench = FakeWorkbench(0)
    async with opened(bench) as pilot:
        await press(pilot, "p", "dollar_sign")
        assert "Nothing is planned" in screen_text(pilot)
        assert "nothing in the plan is ready" in screen_text(pilot)


async def test_the_card_of_a_planned_account_opens_over_the_plan() -> None:
    async with opened(FakeWorkbench(100), (120, 40)) as pilot:
        await press(pilot, "p", "enter")
        assert "followed before 22 Nov 2026" in " ".join(screen_text(pilot).split())
        await press(pilot, "j", "q")
        assert isinstance(pilot.app.screen, PlanScreen)


async def test_what_was_decided_in_the_review_is_in_the_plan() -> None:
    bench = FakeWorkbench(100)
    async with opened(bench) as pilot:
        await press(pilot, "j", "j", "x", "p")
        assert bench.decisions == {2: Decision.OUT}
        assert "9 ready" in screen_text(pilot)
        assert bench.next_manual(ActionKind.UNFOLLOW) is not None
