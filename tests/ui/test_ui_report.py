"""The report on the screen: one key from anywhere, every count opens its rows, D leads to random looks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from screen_support import opened, press, review, rows_of, said, screen_text, until
from textual.pilot import Pilot

from followertui.domain.clock import SystemClock
from followertui.domain.kind import Kind
from followertui.services.insight import growing, report_text, reporting
from followertui.services.insight.values import Around, Figure, Report
from followertui.services.session import Session
from followertui.services.values import Word
from followertui.services.workbench import Workbench
from followertui.store.audience.account_days import AccountDay
from followertui.store.audience.own_actions import note_own_action
from followertui.store.file.connection import Store
from followertui.ui.charts import bar, spark
from followertui.ui.report_panels import panels_of
from followertui.ui.screens.plan import PlanScreen
from followertui.ui.screens.report import ReportScreen


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Workbench]:
    made = Workbench(Session(Store(tmp_path / "empty.db"), SystemClock(), "tester"))
    yield made
    made.close()


def shown(pilot: Pilot[None]) -> ReportScreen:
    screen = pilot.app.screen
    assert isinstance(screen, ReportScreen)
    return screen


@pytest.mark.parametrize("width", [80, 160])
async def test_every_count_opens_the_rows_it_counts(bench: Workbench, width: int) -> None:
    report = bench.insight.report()
    counts = {one.query: one.count for one in report_text.figures(report) if one.query}
    async with opened(bench, (width, 36)) as pilot:
        await press(pilot, "f2")
        places = len(shown(pilot).view._places)
        assert places > 25
        for place in range(0, places, 11):
            if not isinstance(pilot.app.screen, ReportScreen):
                await press(pilot, "f2")
            shown(pilot).view.move_to(place)
            query = shown(pilot).view.chosen
            await press(pilot, "enter")
            assert review(pilot).filter_text == query
            if query in counts:
                assert len(review(pilot).table.keys) == counts[query], query


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 48), (60, 20)])
async def test_the_answer_stands_on_top_and_nothing_is_wider_than_the_screen(
    bench: Workbench, size: tuple[int, int]
) -> None:
    async with opened(bench, size) as pilot:
        await press(pilot, "f2")
        text = screen_text(pilot)
        assert "What the followers are" in text
        assert "qualified: at least" in text
        assert "█" in text
        view = shown(pilot).view
        assert all(line.cell_length <= view.size.width for line in view.render().split("\n"))


def test_what_came_of_a_first_engagement_stands_below_the_funnel(bench: Workbench) -> None:
    of, before, after = (Figure("visit", count, "is:follower") for count in (40, 2, 12))
    told = replace(bench.insight.report(), around=(Around("visit", of, before, after),))
    panel = next(one for one in panels_of(told, bench.session.zone) if one.title == "What came of it")
    for width in (40, 80):
        text = " ".join(row.content.plain.strip() for row in panel.draw(width))
        assert "90 days around the first engagement: visit: 2 before, 12 after, of 40 engaged with" in text


@pytest.mark.parametrize("width", [47, 50, 64, 97])
def test_no_column_of_a_table_is_cut(bench: Workbench, width: int) -> None:
    """A narrow panel of two or three, and one that has the whole screen."""
    report = bench.insight.report()
    panels = {one.title: one.draw(width) for one in panels_of(report, bench.session.zone)}
    funnel = [row.content.plain.rstrip() for row in panels["What came of it"]]
    assert funnel[0].endswith(" came")
    groups = funnel[1 : 1 + len(report.funnel)]
    assert all(text.endswith(("%", " few", "%)")) for text in groups), groups
    goals = [row.content.plain for row in panels["Playbooks and goals"]]
    assert goals[0].endswith("regis.")
    registered = [one.outcomes.get("registration", 0) for one in report.goals]
    assert [int(text.split()[-1]) for text in goals[1:]] == registered


def test_growth_by_day_is_drawn_at_every_width(bench: Workbench) -> None:
    report = bench.insight.report()
    at = report.history[0].at // 86_400 * 86_400
    days = [AccountDay(at + n * 86_400, 3, 1, 10, None, None) for n in range(-30, 3)]
    told = replace(report, growth=growing.of_days(days, report.history))
    panel = next(one for one in panels_of(told, bench.session.zone) if one.title == "By X's own count")
    for width in (40, 80, 120):
        lines = [row.content.plain for row in panel.draw(width)]
        assert all(len(text) <= width for text in lines)
        assert [text.split()[0] for text in lines[:4]] == ["followers", "new", "unfollows", "visits"]
    assert all(one.title != "By X's own count" for one in panels_of(report, bench.session.zone))


async def test_the_clean_up_stands_on_the_report_and_opens_whom_it_took(bench: Workbench) -> None:
    session = bench.session
    rows = rows_of(bench, "everyone", "is:following kind:bot,harmful,offtopic,unclear")[:5]
    with session.store.write() as con:
        for row in rows:
            con.execute(
                "INSERT INTO call(row, action, object, executor, state, price_usd, at, reviewer) "
                "VALUES (?, 'unfollow', '', 'hand', 'done', 0, ?, 'tester')",
                [row, session.now],
            )
            note_own_action(session.store, row, "following", False, session.now)
    async with opened(bench, (120, 60)) as pilot:
        await press(pilot, "f2")
        await until(pilot, lambda: "The clean-up" in screen_text(pilot))
        shown_text = screen_text(pilot)
        assert "lost besides:" in shown_text
        view = shown(pilot).view
        view.move_to(next(n for n, place in enumerate(view._places) if place.query.startswith("done:unfollow")))
        await press(pilot, "enter")
        assert sorted(review(pilot).table.keys) == sorted(rows)


async def test_moving_stays_within_and_shows_the_figure(bench: Workbench) -> None:
    async with opened(bench, (80, 24)) as pilot:
        await press(pilot, "f2")
        view = shown(pilot).view
        await press(pilot, "k", "k")
        assert view.cursor == 0
        await press(pilot, "G")
        assert view.cursor == len(view._places) - 1
        body = shown(pilot).query_one("#report-body")
        assert body.scroll_y > 0
        await press(pilot, "g")
        first = view._places[0].panel
        await press(pilot, "tab")
        assert view._places[view.cursor].panel > first
        await press(pilot, "shift+tab", "q")
        assert pilot.app.screen is review(pilot)


async def test_d_draws_and_leads_to_the_random_looks(bench: Workbench) -> None:
    async with opened(bench, (120, 36)) as pilot:
        await press(pilot, "f2", "D")
        assert pilot.app.screen is review(pilot)
        assert review(pilot).filter_text == bench.insight.random_looks
        assert len(review(pilot).table.keys) == 50
        await press(pilot, "f2", "D")
        assert len(rows_of(bench, "random")) == 50, "those that wait are not drawn again"


async def test_an_estimate_after_the_looks(bench: Workbench) -> None:
    bench.insight.draw()
    async with opened(bench, (120, 36)) as pilot:
        await press(pilot, "colon", *"random", "enter")
        assert review(pilot).queue_id == "random"
        await press(pilot, "c", "x")
        for row in rows_of(bench, "random"):
            bench.say_kind([row], Kind.OFFTOPIC, word=Word(is_by_name=True))
        await press(pilot, "f2")
        assert "95% sure" in screen_text(pilot)
        assert bench.insight.report().quality.waiting == 0


async def test_from_the_plan_a_count_leads_to_the_review(bench: Workbench) -> None:
    async with opened(bench, (120, 36)) as pilot:
        await press(pilot, "p")
        assert isinstance(pilot.app.screen, PlanScreen)
        await press(pilot, "f2", "enter")
        assert pilot.app.screen is review(pilot)
        assert review(pilot).filter_text.startswith("kind:")


async def test_a_store_without_followers_says_what_comes_next(empty: Workbench) -> None:
    async with opened(empty, (80, 24)) as pilot:
        await press(pilot, "f2")
        assert "0 followers" in screen_text(pilot)
        await press(pilot, "enter", "j", "D")
        assert pilot.app.screen is not None
        assert said(pilot) is not None


async def test_a_large_audience_shows_what_is_now_before_what_changed(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second part is held up until the first was seen."""
    monkeypatch.setattr("followertui.ui.screens.app_screen.SMALL_ROWS", 0)
    go_on = Event()
    real = reporting.whole

    def held(*arguments: Any) -> Report:
        assert go_on.wait(30)
        return real(*arguments)

    monkeypatch.setattr(reporting, "whole", held)
    async with opened(bench, (120, 36)) as pilot:
        pilot.app.screen.run_command("report")  # type: ignore[attr-defined]
        await until(pilot, lambda: "qualified: at least" in screen_text(pilot))
        assert "what happened over time is being counted" in screen_text(pilot)
        assert "Over time" not in shown(pilot).view.render().plain
        view = shown(pilot).view
        view.move_to(next(n for n, one in enumerate(view._places) if one.query == "is:following is:silent"))
        go_on.set()
        await until(pilot, lambda: "Over time" in shown(pilot).view.render().plain)
        assert "being counted" not in screen_text(pilot)
        assert view.chosen == "is:following is:silent", "whatever was put in before it"


def test_where_nobody_is_followed_the_report_says_what_brings_it(bench: Workbench) -> None:
    report = bench.insight.report()
    nobody = replace(report.following, total=Figure("following", 0, "is:following"), kinds=(), facts=())
    told = replace(report, following=nobody)
    panel = next(one for one in panels_of(told, bench.session.zone) if one.title == "Whom you follow")
    assert "bring the file of whom you follow" in " ".join(row.content.plain for row in panel.draw(40))


def test_bars_and_sparks() -> None:
    assert (bar(0, 10), bar(0.0001, 10), bar(0.5, 10), bar(1, 4)) == ("", "▏", "█████", "████")
    assert spark([0, 7], 9) == "▁█"
    assert len(spark(list(range(400)), 20)) == 20
    assert spark([5, 5, 5], 9) == "▁▁▁"
