"""Account analytics: recognised as X writes them, a day told again brought up to date, undone and redone."""

from __future__ import annotations

from pathlib import Path

import pytest
from importing_bench import Bench

from followertui.domain.errors import BadInput
from followertui.services.intake import inspecting
from followertui.services.intake.values import ImportChoices
from followertui.sources.recognising import describe, recognise
from followertui.store.audience import account_days

DAY = 86_400
FIRST = 20_681 * DAY
"""16 August 2026."""

HEAD = (
    "Date,Impressions,Likes,Engagements,Bookmarks,Shares,New follows,Unfollows,Replies,Reposts,Profile visits,"
    "Create Post,Video views,Media views"
)
"""Source: the CSV of x.com > Analytics > Account overview, 2026-08."""


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def overview(bench: Bench, name: str, *days: tuple[str, int, int, int]) -> Path:
    rows = [(day, 100, 10, 20, 1, 2, came, went, 1, 2, visits, 1, 8, 9) for day, came, went, visits in days]
    return bench.write(name, HEAD, rows)


def told(bench: Bench) -> list[tuple[int | None, ...]]:
    return [((one.day - FIRST) // DAY, *one[1:4]) for one in account_days.known(bench.store).values()]


def test_it_is_recognised_and_nothing_is_asked(bench: Bench) -> None:
    path = overview(bench, "account_overview_analytics.csv", ("Sun, Aug 16, 2026", 5, 3, 7))
    look = inspecting.plan_import(bench.store, str(path), ImportChoices())
    assert (look.what, look.sentence, look.questions) == ("analytics", "CSV, account analytics, 1 day", ())
    taken = {column.column: column.field for column in look.columns if column.field}
    assert taken == {"Date": "date", "Impressions": "impressions", "New follows": "new_follows",
                     "Unfollows": "unfollows", "Profile visits": "profile_visits", "Create Post": "posts"}  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Post id,Date,Post text,New follows,Profile visits\n1,2026-08-16,hello,3,4\n",
        "handle,date,new follows\nanna,2026-08-16,3\n",
        "Date,Followers\n2026-08-16,300\n",
    ],
)
def test_posts_people_and_totals_are_not_taken_for_it(tmp_path: Path, text: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(text)
    assert "account analytics" not in describe(recognise(path))


def test_days_come_in_however_they_are_written(bench: Bench) -> None:
    report = bench.bring(
        overview(
            bench, "a.csv", ("Mon, Aug 17, 2026", 2, 1, 3), ("2026-08-16", 5, 3, 7), ("18 Aug 2026", 1, 0, 2),
            ("no day", 1, 1, 1), ("Tue, Aug 18, 2026", 4, 0, 2),
        )
    )  # fmt: skip
    assert told(bench) == [(0, 5, 3, 7), (1, 2, 1, 3), (2, 4, 0, 2)]
    assert (report.read, report.added, report.merged, report.refused) == (5, 3, 1, 1)
    assert report.notes == ("2026-08-16 to 2026-08-18: +11 -4 followers by X's own count",)


def test_a_later_export_brings_its_days_up_to_date_and_an_older_one_does_not(bench: Bench) -> None:
    bench.bring(overview(bench, "2026-08-18.csv", ("2026-08-16", 5, 3, 7), ("2026-08-17", 2, 0, 1)))
    later = bench.bring(overview(bench, "2026-08-20.csv", ("2026-08-17", 6, 1, 4), ("2026-08-18", 1, 1, 1)))
    assert (later.added, later.updated) == (1, 1)
    older = bench.bring(overview(bench, "2026-08-17.csv", ("2026-08-16", 1, 1, 1), ("2026-08-17", 1, 1, 1)))
    assert (older.added, older.updated, older.unchanged) == (0, 0, 2)
    everything = [(0, 5, 3, 7), (1, 6, 1, 4), (2, 1, 1, 1)]
    assert told(bench) == everything
    bench.undo()
    bench.undo()
    assert told(bench) == [(0, 5, 3, 7), (1, 2, 0, 1)]
    bench.redo()
    assert told(bench) == everything


def test_dates_of_two_readings_are_asked(bench: Bench) -> None:
    path = bench.write("a.csv", "Date,New Follows,Unfollows", [("03/04/2026", 15, 5), ("05/04/2026", 1, 0)])
    look = inspecting.plan_import(bench.store, str(path), ImportChoices())
    assert look.questions == ("dates",)
    bench.bring(path, dates="day-first")
    assert [day // DAY - 20_546 for day in account_days.known(bench.store)] == [0, 2]


def test_a_column_can_be_named_and_without_growth_it_is_refused(bench: Bench) -> None:
    path = bench.write("a.csv", "Tag,Neue", [("2026-08-16", 3)])
    with pytest.raises(BadInput, match=r"no column says the day; name one with --map COLUMN=date"):
        bench.bring(path, what="analytics")
    bench.bring(path, what="analytics", mapping={"Tag": "date", "Neue": "new_follows"})
    assert told(bench) == [(0, 3, None, None)]
