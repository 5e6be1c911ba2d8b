"""The curve of account analytics: hung on a reading, counted back and on; gaps and none to hang it on."""

from __future__ import annotations

import csv
from datetime import UTC, date, timedelta
from pathlib import Path

import pytest
from reading_world import BEGIN, ReadingWorld, returned

from followertui.domain.progress import NeverCancelled
from followertui.services.insight import growing, report_page, report_tables, report_text, reporting
from followertui.services.insight.values import Growth
from followertui.services.intake import importing, inspecting
from followertui.services.intake.values import ImportChoices
from followertui.services.review import undoing

TODAY = BEGIN.date()


def bring(world: ReadingWorld, path: Path, days: list[tuple[date, int, int]], visits: int = 10) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("Date", "New follows", "Unfollows", "Profile visits", "Create Post"))
        writer.writerows((day.isoformat(), came, went, visits, 1) for day, came, went in days)
    session = world.session
    plan = inspecting.plan_import(session.store, str(path), ImportChoices())
    returned(importing.import_file(session.store, session.journal, session.clock, plan, NeverCancelled()))


def growth_of(world: ReadingWorld) -> Growth:
    found = reporting.report(world.session).growth
    assert found is not None
    return found


@pytest.fixture
def world(tmp_path: Path) -> ReadingWorld:
    return ReadingWorld(tmp_path, range(1, 41))


def test_without_analytics_there_is_nothing(world: ReadingWorld) -> None:
    world.read(range(1, 21), 0)
    assert reporting.report(world.session).growth is None


def test_the_curve_ends_where_the_reading_begins(world: ReadingWorld, tmp_path: Path) -> None:
    """Nine days of +3 -1 before the reading of 20, two days after it."""
    world.read(range(1, 21), 0)
    days = [(TODAY + timedelta(days=n), 3, 1) for n in range(-9, 2)]
    bring(world, tmp_path / "a.csv", days)
    found = growth_of(world)
    assert [one.followers for one in found.days] == [4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24]
    assert (found.new_follows, found.unfollows, found.missing, found.profile_visits) == (33, 11, 0, 110)
    line = report_text.growth_line(found)
    assert line == (
        "X's analytics 2023-12-23 to 2024-01-02: +33 -11 followers, 4 -> 24; 110 profile visits, 30% of them followed"
    )


def test_the_first_complete_reading_it_reaches_holds_it(world: ReadingWorld, tmp_path: Path) -> None:
    world.read(range(1, 6), 0, is_complete=False)
    world.read(range(1, 21), 3)
    world.read(range(1, 31), 3)
    bring(world, tmp_path / "a.csv", [(TODAY + timedelta(days=n), 1, 0) for n in range(2, 9)])
    found = growth_of(world)
    assert [one.followers for one in found.days] == [20, 21, 22, 23, 24, 25, 26]


@pytest.mark.parametrize("shift", [-30, 30])
def test_a_reading_it_does_not_reach_holds_nothing(world: ReadingWorld, tmp_path: Path, shift: int) -> None:
    world.read(range(1, 21), 0)
    bring(world, tmp_path / "a.csv", [(TODAY + timedelta(days=shift + n), 2, 1) for n in range(5)])
    found = growth_of(world)
    assert (found.anchored_on, {one.followers for one in found.days}) == (None, {None})
    assert "+10 -5 followers; " in report_text.growth_line(found)


def test_missing_days_are_said_and_weeks_are_whole(world: ReadingWorld, tmp_path: Path) -> None:
    days = [(TODAY + timedelta(days=n), 1, 0) for n in range(20) if n not in (4, 5)]
    bring(world, tmp_path / "a.csv", days)
    found = growth_of(world)
    assert found.missing == 2
    assert growing.by_week(found, "new_follows") == [7, 7]
    assert "2 days missing" in report_text.growth_line(found)


def test_it_stands_in_every_form_and_goes_with_undo(world: ReadingWorld, tmp_path: Path) -> None:
    world.read(range(1, 21), 0)
    reporter = reporting.Reporter(world.session)
    assert reporter.report().growth is None
    bring(world, tmp_path / "a.csv", [(TODAY + timedelta(days=n), 3, 1) for n in range(-30, 1)])
    report = reporter.report()
    assert report.growth is not None
    assert "Growth by X&#x27;s own count" in report_page.page(report, UTC)
    assert any(line.startswith("X's analytics") for line in report_text.lines(report, UTC))
    body = report_text.as_json(report)["growth"]
    assert (body["new_follows"], len(body["days"]), body["anchored_on"]) == (93, 31, "2024-01-01T09:00:00Z")
    assert len(report_tables.tables(report)["growth"][1]) == 31
    returned(undoing.reverse_import(world.session, False, NeverCancelled()))
    assert reporter.report().growth is None
