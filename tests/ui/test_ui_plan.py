"""The plan: figures, the typed count, what X refuses, by hand, dropping, and the ways there and back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from demo_stores import followed
from screen_support import (
    LINKS,
    decisions,
    opened,
    press,
    review,
    rows_of,
    screen_lines,
    screen_text,
    settle,
    type_text,
    until,
    written,
)
from textual.pilot import Pilot

from followertui.demo.places import sandbox_path
from followertui.domain.decision import ActionKind, Decision, PlanState
from followertui.domain.kind import Kind
from followertui.services.plan import page_time
from followertui.services.plan.values import ApplyEvent, ItemOutcome
from followertui.services.review import queues
from followertui.services.session import Session
from followertui.services.values import Queue
from followertui.services.workbench import Workbench
from followertui.store.decisions import plans
from followertui.store.file import watermarks
from followertui.store.file.connection import Store
from followertui.ui.dialogs.asking import Question, TypedCount
from followertui.ui.screens.by_hand import HandScreen
from followertui.ui.screens.plan import PlanScreen
from followertui.ui.screens.review.frame import ReviewScreen
from followertui.x.platform import Platform

OUT, HELD, FOLLOW = 8, 2, 3
EVENT = ApplyEvent(1, "x", ActionKind.UNFOLLOW, ItemOutcome.TO_HAND, "X refuses unfollow for this account", 1, 9)
enterprise = pytest.mark.parametrize("access", ["enterprise"])


@pytest.fixture
def planned(bench: Workbench) -> Workbench:
    """Eight unfollows ready, two held back by a guard, three follows."""
    bench.decide(rows_of(bench, "everyone", "is:leader match:none -is:guarded")[:OUT], Decision.OUT)
    bench.decide(rows_of(bench, "guarded")[:HELD], Decision.OUT)
    bench.decide(rows_of(bench, "everyone", "is:follower -is:following kind:unclear")[:FOLLOW], Decision.FOLLOW)
    return bench


def plan_of(pilot: Pilot[None]) -> PlanScreen:
    screen = pilot.app.screen
    assert isinstance(screen, PlanScreen)
    return screen


async def test_the_plan_shows_figures_and_rows(planned: Workbench) -> None:
    async with opened(planned, (120, 36)) as pilot:
        await press(pilot, "p")
        shown = screen_text(pilot)
        assert f"Plan · {OUT + FOLLOW} ready · {HELD} held back" in screen_lines(pilot)[0]
        assert f"{HELD} match a list entry (reject the matches to allow)" in shown
        assert list(plan_of(pilot).table.keys) == list(planned.plan_overview().item_ids)
        assert f"{FOLLOW} follow us" not in shown
        await press(pilot, "tab")
        assert f"{FOLLOW} follow us" in screen_text(pilot)
        await press(pilot, "p")
        assert isinstance(pilot.app.screen, ReviewScreen)


async def test_without_a_customer_list_the_plan_warns(planned: Workbench) -> None:
    with planned.session.store.write() as con:
        con.execute("UPDATE list SET dropped_at = 1 WHERE kind = 'customer'")
    async with opened(planned, (120, 36)) as pilot:
        await press(pilot, "p")
        assert any(warning[:30] in screen_text(pilot) for warning in planned.plan_overview().warnings)
        await press(pilot, "dollar_sign")
        assert any(warning[:30] in screen_text(pilot) for warning in planned.plan_overview().warnings)


@enterprise
async def test_the_api_runs_only_after_the_count_is_typed(planned: Workbench) -> None:
    before = followed(planned)
    count = OUT + FOLLOW
    async with opened(planned) as pilot:
        await press(pilot, "p", "dollar_sign")
        assert isinstance(pilot.app.screen, TypedCount)
        await type_text(pilot, "7")
        await press(pilot, "enter")
        assert f"that is not {count}" in screen_text(pilot)
        assert followed(planned) == before
        await press(pilot, "backspace", *str(count), "enter")
        await settle(pilot)
        assert len(before - followed(planned)) == OUT
        assert len(followed(planned) - before) == FOLLOW
        assert f"{count} actions done" in screen_text(pilot)
        assert [item.state.value for item in planned.plan_lines(planned.plan_overview().item_ids)] == ["held"] * HELD


@enterprise
async def test_a_refusal_by_x_goes_on_by_hand(planned: Workbench, store_path: Path) -> None:
    """The account was said to be an Enterprise one, and X does not treat it so."""
    sandbox = sandbox_path(store_path)
    sandbox.write_text(json.dumps({**json.loads(sandbox.read_text()), "access": "pay-per-use"}))
    before = followed(planned)
    async with opened(planned, (100, 30)) as pilot:
        await press(pilot, "p", "f9", *str(OUT + FOLLOW), "enter")
        await settle(pilot)
        assert f"{OUT + FOLLOW} are left to do by hand" in screen_text(pilot)
        assert followed(planned) == before
        assert PlanScreen._event_line(EVENT).plain.startswith(" by hand    X refuses")
        await press(pilot, "y")
        assert "Is x.com signed in as @acme?" in screen_text(pilot)
        await press(pilot, "y")
        assert isinstance(pilot.app.screen, HandScreen)


async def test_a_pay_per_use_account_is_not_offered_the_api(planned: Workbench) -> None:
    """The demo's account pays per use: X would refuse, so apply goes by hand at once."""
    group = next(group for group in planned.plan_overview().groups if group.action is ActionKind.UNFOLLOW)
    assert (group.via, group.price_usd) == ("hand", None)
    async with opened(planned, (100, 30)) as pilot:
        await press(pilot, "p", "f9")
        assert "Is x.com signed in as @acme?" in screen_text(pilot)


async def test_by_hand_every_click_is_its_own_confirmation(planned: Workbench) -> None:
    items = [
        item
        for item in planned.plan_lines(planned.plan_overview().item_ids)
        if item.action is ActionKind.UNFOLLOW and item.state.value == "planned"
    ]
    urls = [planned.profile_url(item.cells.row) for item in items]
    async with opened(planned) as pilot:
        await press(pilot, "p", "h")
        assert isinstance(pilot.app.screen, Question)
        await press(pilot, "n")
        assert isinstance(pilot.app.screen, PlanScreen)
        await press(pilot, "h", "y")
        assert urls[:1] == LINKS
        assert f"1 of {OUT}" in screen_text(pilot)
        await press(pilot, "d", "s", "m")
        assert urls[3] == LINKS[-1]
        (group,) = [g for g in planned.plan_overview().groups if g.action is ActionKind.UNFOLLOW]
        assert (group.done_by_hand, group.later, group.missing, group.ready) == (1, 1, 1, OUT - 3)
        await press(pilot, "u")
        (group,) = [g for g in planned.plan_overview().groups if g.action is ActionKind.UNFOLLOW]
        assert (group.missing, group.ready) == (0, OUT - 2)
        assert urls[2] in screen_text(pilot)
        await press(pilot, "q")
        assert isinstance(pilot.app.screen, PlanScreen)
        assert "2 answered by hand" in screen_text(pilot)


async def test_a_held_key_records_nothing_and_a_page_has_to_be_open_for_a_while(
    planned: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_time, "SECONDS_A_PAGE", 2.0)
    monkeypatch.setattr(page_time, "SECONDS_BETWEEN_KEYS", 0.7)
    now = [100.0]
    async with opened(planned, (100, 30)) as pilot:
        await press(pilot, "p", "h", "y")
        screen = pilot.app.screen
        assert isinstance(screen, HandScreen)
        screen._time = page_time.PageTime(lambda: now[0])
        for _ in range(90):
            now[0] += 0.035
            await press(pilot, "d")
        assert "a key held down records nothing" in screen_text(pilot)
        assert f"1 of {OUT}" in screen_text(pilot)
        screen._time.opened()
        now[0] += 1.2
        await press(pilot, "d")
        assert "nothing recorded: this page opened a moment ago; again in 0.8 s" in screen_text(pilot)
        for place in range(1, 4):
            now[0] += 2.1
            await press(pilot, "d")
            assert f"{place + 1} of {OUT}" in screen_text(pilot)
        assert "3 of 150 unfollow today" in screen_text(pilot)
        (group,) = [g for g in planned.plan_overview().groups if g.action is ActionKind.UNFOLLOW]
        assert group.done_by_hand == 3


async def test_five_pages_opened_together_are_recorded_by_one_key_with_their_exceptions(
    planned: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_time, "SECONDS_A_PAGE", 2.0)
    now = [100.0]
    async with opened(planned, (100, 30)) as pilot:
        await press(pilot, "p", "h", "y")
        screen = pilot.app.screen
        assert isinstance(screen, HandScreen)
        screen._time = page_time.PageTime(lambda: now[0])
        await press(pilot, "5")
        assert len(LINKS) == 6
        assert f"1-5 of {OUT}" in screen_text(pilot)
        now[0] += 9.0
        await press(pilot, "j", "m", "s", "d")
        assert "nothing recorded: these 5 pages opened a moment ago" in screen_text(pilot)
        now[0] += 1.5
        await press(pilot, "d")
        (group,) = [g for g in planned.plan_overview().groups if g.action is ActionKind.UNFOLLOW]
        assert (group.done_by_hand, group.missing, group.later, group.ready) == (3, 1, 1, OUT - 5)
        assert f"6-{OUT} of {OUT}" in screen_text(pilot)
        assert len(LINKS) == 6 + OUT - 5
        await press(pilot, "u")
        assert f"5 of {OUT}" in screen_text(pilot)


async def test_the_place_among_all_stays_and_back_takes_a_later_too(planned: Workbench) -> None:
    async with opened(planned, (100, 30)) as pilot:
        await press(pilot, "p", "h", "y", "s")
        assert f"2 of {OUT}" in screen_text(pilot)
        assert "later: back in the plan on 17 Nov 2026" in screen_text(pilot)
        await press(pilot, "d", "s")
        assert f"4 of {OUT}" in screen_text(pilot)
        await press(pilot, "u", "u", "u")
        assert f"1 of {OUT}" in screen_text(pilot)
        (group,) = [g for g in planned.plan_overview().groups if g.action is ActionKind.UNFOLLOW]
        assert (group.done_by_hand, group.later, group.ready) == (0, 0, OUT)


async def test_what_was_put_off_says_its_day_and_comes_back_with_a_key(planned: Workbench) -> None:
    async with opened(planned, (120, 36)) as pilot:
        await press(pilot, "p", "h", "y", "s", "q")
        assert "later: back on 17 Nov 2026" in screen_text(pilot)
        at = next(n for n, i in enumerate(plan_of(pilot).table.keys) if planned.plan_lines([i])[0].state == "later")
        plan_of(pilot).table.move_to(at)
        await press(pilot, "l")
        assert "back in the plan: 1 action" in screen_text(pilot)
        (group,) = [g for g in planned.plan_overview().groups if g.action is ActionKind.UNFOLLOW]
        assert (group.later, group.ready) == (0, OUT)


async def test_the_caps_of_a_day_are_kept_by_hand(planned: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Platform.pace
    monkeypatch.setattr(Platform, "pace", lambda self, action: real(self, action)._replace(hand_per_day=2))
    async with opened(planned, (100, 30)) as pilot:
        await press(pilot, "p", "h", "y", "d", "d", "d", "d")
        (group,) = [g for g in planned.plan_overview().groups if g.action is ActionKind.UNFOLLOW]
        assert (group.done_by_hand, group.ready) == (2, OUT - 2)
        assert f"2 of 2 unfollow today: that is the day's cap; {OUT - 2} go on from" in screen_text(pilot)
        assert len(LINKS) == 2


async def test_by_hand_ends_with_what_comes_next(bench: Workbench) -> None:
    bench.decide(rows_of(bench, "everyone", "is:leader match:none -is:guarded")[:1], Decision.OUT)
    async with opened(bench) as pilot:
        await press(pilot, "p", "h", "y", "d")
        assert "Nothing left to do by hand" in screen_text(pilot)
        before = written(bench)
        await press(pilot, "d")
        assert written(bench) == before
        assert "nothing" in screen_text(pilot).lower()
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, PlanScreen)


async def test_items_are_marked_dropped_and_brought_back(planned: Workbench) -> None:
    items = planned.plan_overview().item_ids
    accounts = sorted(line.cells.row for line in planned.plan_lines(items))
    async with opened(planned) as pilot:
        await press(pilot, "p", "space", "space")
        assert "2 marked" in screen_lines(pilot)[0]
        await press(pilot, "x")
        assert list(planned.plan_overview().item_ids) == list(items[2:])
        assert f"Plan · {OUT + FOLLOW - 2} ready" in screen_lines(pilot)[0]
        await press(pilot, "u")
        back = planned.plan_lines(planned.plan_overview().item_ids)
        assert sorted(line.cells.row for line in back) == accounts
        assert f"Plan · {OUT + FOLLOW} ready" in screen_lines(pilot)[0]


def header_of(pilot: Pilot[None]) -> str:
    """The top line of the review once counting is done."""
    return screen_lines(pilot)[0]


async def test_counts_are_fresh_after_a_drop_and_after_clicks_by_hand(planned: Workbench) -> None:
    """Coming back from the plan counts again; nobody has to press F5."""
    async with opened(planned, (120, 36)) as pilot:
        await press(pilot, "f5")
        assert f"plan {OUT + FOLLOW + HELD}" in header_of(pilot)
        following = planned.header().following
        await press(pilot, "p", "space", "space", "x", "p")
        assert f"plan {OUT + FOLLOW + HELD - 2}" in header_of(pilot)
        await press(pilot, "p", "h", "y", "d", "q", "p")
        assert f"plan {OUT + FOLLOW + HELD - 3}" in header_of(pilot)
        assert f"{following - 1} following" in header_of(pilot)


async def test_a_figure_of_the_plan_opens_its_rows(planned: Workbench) -> None:
    reason = planned.plan_overview().groups[0].by_reason[0]
    async with opened(planned) as pilot:
        await press(pilot, "p")
        said = f"{reason.count} {reason.value}"
        at = next(row for row, text in enumerate(screen_lines(pilot)) if said in text)
        await pilot.click(offset=(screen_lines(pilot)[at].index(said), at))
        await settle(pilot)
        assert isinstance(pilot.app.screen, ReviewScreen)
        assert len(review(pilot).table.keys) == reason.count
        assert review(pilot).filter_text == f"plan:unfollow {reason.term}"


async def test_counts_of_the_plan_are_reached_by_key(planned: Workbench) -> None:
    reason = planned.plan_overview().groups[0].by_reason[0]
    async with opened(planned) as pilot:
        await press(pilot, "p", "number_sign", "down", "enter")
        assert len(review(pilot).table.keys) == reason.count
        assert review(pilot).filter_text == f"plan:unfollow {reason.term}"


async def test_an_empty_plan_says_why_nothing_can_be_applied(bench: Workbench) -> None:
    async with opened(bench) as pilot:
        await press(pilot, "p", "dollar_sign")
        assert "Nothing is planned" in screen_text(pilot)
        assert "nothing in the plan is ready" in screen_text(pilot)


async def test_the_card_of_a_planned_account_opens_over_the_plan(planned: Workbench) -> None:
    async with opened(planned, (120, 40)) as pilot:
        await press(pilot, "p")
        item = plan_of(pilot).table.current
        assert item is not None
        await press(pilot, "enter")
        assert planned.card(item.cells.row).created in " ".join(screen_text(pilot).split())
        await press(pilot, "j", "q")
        assert isinstance(pilot.app.screen, PlanScreen)


async def test_what_was_decided_in_the_review_is_in_the_plan(bench: Workbench) -> None:
    rows = rows_of(bench, "everyone", "is:leader match:none")
    async with opened(bench, queue_id="everyone", text="is:leader match:none") as pilot:
        await press(pilot, "j", "j", "x", "p")
        assert decisions(bench) == {rows[2]: "out"}
        assert "Plan · 1 ready" in screen_lines(pilot)[0]
        task = bench.clicks.next_task(ActionKind.UNFOLLOW)
        assert task is not None
        assert task.cells.row == rows[2]


async def test_what_is_not_compared_is_compared_from_the_plan(planned: Workbench) -> None:
    with planned.session.store.write():
        watermarks.lists_changed(planned.session.store)
    async with opened(planned, (120, 36)) as pilot:
        await press(pilot, "p")
        held = f"{OUT} actions held back: not compared with your lists yet; `followertui match` takes"
        assert held in screen_text(pilot)
        await press(pilot, "m")
        await until(pilot, lambda: not planned.plan_overview().warnings)
        await settle(pilot)
        assert "not compared" not in screen_text(pilot)
        assert f"Plan · {OUT + FOLLOW} ready · {HELD} held back" in screen_lines(pilot)[0]


async def test_a_link_by_hand_is_not_given_again_once_held(planned: Workbench) -> None:
    async with opened(planned) as pilot:
        await press(pilot, "p", "h", "y")
        screen = pilot.app.screen
        assert isinstance(screen, HandScreen)
        assert screen.todo is not None
        first, given = screen.todo, len(LINKS)
        planned.say_kind([first.cells.row], Kind.CUSTOMER)
        await press(pilot, "o")
        assert len(LINKS) == given
        assert "is held back since" in screen_text(pilot)
        assert screen.todo is not None
        assert screen.todo.item_id != first.item_id


async def test_the_top_line_and_the_queues_tell_one_number_while_another_writes(
    planned: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One item leaves the plan between the two counts, as when another window carries it out."""
    counted_queues = queues.counted_queues
    other = Store(planned.session.store.path)
    item = planned.plan_overview().item_ids[0]

    def count_and_lose_one(session: Session, *, is_quick: bool) -> list[Queue]:
        found = counted_queues(session, is_quick=is_quick)
        plans.set_states(other, [item], PlanState.DONE, "")
        return found

    monkeypatch.setattr(queues, "counted_queues", count_and_lose_one)
    counts = planned.refresh_counts()
    other.close()
    assert counts.header.planned == next(queue.count for queue in counts.queues if queue.id == "plan")
    assert planned.header().planned == counts.header.planned


def test_the_plan_follows_each_finished_call(planned: Workbench) -> None:
    before = planned.plan_overview()
    first, *others = before.groups
    event = ApplyEvent(1, "x", first.action, ItemOutcome.DONE, "@x: done", 1, 9)
    after = before.after(event)
    assert (after.groups[0].ready, after.groups[0].done) == (first.ready - 1, first.done + 1)
    assert list(after.groups[1:]) == others
    assert before.after(event._replace(outcome=ItemOutcome.WAITING)) == before
