"""Dates that may be read in two ways: what tells their order, and that nothing else does."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from one_by_one import read_accounts

from followertui.domain.account import AccountRecord
from followertui.sources.account_exports import order_of_accounts
from followertui.sources.contact_logs import order_of_events, read_events
from followertui.sources.day_order import DayOrder
from followertui.sources.formats import inspect_table
from followertui.sources.problems import Problem
from followertui.sources.tables import TableShape
from followertui.sources.text_files import look_at

HEAD = "id,username,followers,created_at,last post"


def table(tmp_path: Path, *lines: str, name: str = "followers.csv") -> TableShape:
    path = tmp_path / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    written = datetime(2026, 3, 10, tzinfo=UTC).timestamp()
    os.utime(path, (written, written))
    return inspect_table(look_at(path))


def order(tmp_path: Path, *dates: str, head: str = HEAD) -> DayOrder:
    rows = [f"{100 + n},user_{n},5,{date},2024-01-01" for n, date in enumerate(dates)]
    return order_of_accounts(table(tmp_path, head, *rows))


@pytest.mark.parametrize(
    ("dates", "found"),
    [
        (("03/04/2012", "23/04/2012"), "day-first"),
        (("03/04/2012", "04/23/2012"), "month-first"),
        (("03-04-12 10:15", "30-04-12 10:15"), "day-first"),
        (("3/4/2012 1:05 PM", "4/30/2012 1:05 PM"), "month-first"),
        (("03/04/2012", *("2/2/2012",) * 300, "23/04/2012"), "day-first"),
    ],
)
def test_a_day_above_twelve_anywhere_tells(tmp_path: Path, dates: Sequence[str], found: str) -> None:
    assert order(tmp_path, *dates).order == found


@pytest.mark.parametrize("dates", [("03/04/2012", "05/06/2012"), ("03/04/2012", "23/04/2012", "04/23/2012")])
def test_where_nothing_or_both_is_told_it_is_open(tmp_path: Path, dates: Sequence[str]) -> None:
    seen = order(tmp_path, *dates)
    assert (seen.order, seen.is_open, seen.column, seen.sample) == ("", True, "created_at", "03/04/2012")


@pytest.mark.parametrize("date", ["04/04/2012", "2012-04-03", "3.4.2012", "Apr 3, 2012", "", "1334000000"])
def test_nothing_is_open_where_no_date_hangs_on_it(tmp_path: Path, date: str) -> None:
    assert not order(tmp_path, date, date).is_open


def test_a_column_that_is_not_read_opens_nothing_and_may_tell(tmp_path: Path) -> None:
    shape = table(tmp_path, "id,username,Renewal", "100,a,03/04/2012", "101,b,05/06/2012")
    assert not order_of_accounts(shape).is_open
    shape = table(tmp_path, "id,username,created_at,Renewal", "100,a,03/04/2012,31/01/2020", "101,b,05/06/2012,")
    seen = order_of_accounts(shape)
    assert (seen.order, seen.why) == ("day-first", "as column 'Renewal' does")


def test_ids_hold_the_day_an_account_was_made(tmp_path: Path) -> None:
    # Accounts made on 5 Mar and 7 Nov 2019, by their ids.
    ids = [((int(datetime(2019, m, d, tzinfo=UTC).timestamp() * 1000) - 1288834974657) << 22) + 1
           for m, d in ((3, 5), (11, 7))]  # fmt: skip
    day = order_of_accounts(
        table(tmp_path, "id,username,created_at", f"{ids[0]},a,05/03/2019", f"{ids[1]},b,07/11/2019")
    )
    assert (day.order, day.why) == ("day-first", "as the ids of the accounts show")
    month = order_of_accounts(
        table(tmp_path, "id,username,created_at", f"{ids[0]},a,03/05/2019", f"{ids[1]},b,11/07/2019")
    )
    assert month.order == "month-first"


def test_nobody_posts_after_the_file_was_written(tmp_path: Path) -> None:
    # Written on 10 March 2026.
    assert order(tmp_path, "02/03/2026", "01/12/2026").order == "month-first"
    assert order(tmp_path, "02/03/2026", "12/01/2026").order == "day-first"
    assert order(tmp_path, "01/02/2026", "02/01/2026").is_open


def test_what_is_in_order_by_one_reading_only_is_read_so(tmp_path: Path) -> None:
    days = ("10/01/2012", "11/01/2012", "12/01/2012", "01/02/2012", "02/02/2012", "03/02/2012", "04/02/2012")
    assert order(tmp_path, *days).order == "day-first"
    assert order(tmp_path, *reversed(days)).order == "day-first"
    assert order(tmp_path, *days[:3]).is_open


def test_semicolons_part_cells_where_the_day_comes_first(tmp_path: Path) -> None:
    shape = table(tmp_path, "id;username;created_at", "100;a;03/04/2012", "101;b;05/06/2012")
    assert order_of_accounts(shape).order == "day-first"


def test_an_open_date_is_left_out_and_named_not_guessed(tmp_path: Path) -> None:
    path = table(tmp_path, HEAD, "100,a,5,03/04/2012,2024-01-01").path
    problem, record = read_accounts(path)
    assert isinstance(problem, Problem)
    assert problem.reason == "day and month cannot be told apart"
    assert isinstance(record, AccountRecord)
    assert record.created_at is None
    moments = [
        one.created_at for dates in ("day-first", "month-first") for one in read_accounts(path, dates=dates)
        if isinstance(one, AccountRecord)
    ]  # fmt: skip
    assert moments == [datetime(2012, 4, 3, tzinfo=UTC).timestamp(), datetime(2012, 3, 4, tzinfo=UTC).timestamp()]


def test_json_and_contact_logs_are_asked_alike(tmp_path: Path) -> None:
    shape = table(
        tmp_path, '[{"id": "100", "username": "a", "followers": 1, "created_at": "03/04/2012"}]', name="a.json"
    )
    assert order_of_accounts(shape).is_open
    log = table(tmp_path, "handle,contacted at,channel", "a,03/04/2026,call", "b,05/06/2026,call", name="log.csv")
    assert order_of_events(log).is_open
    (batch,) = read_events(log, is_outcomes=False)
    assert not batch.events
    assert {problem.reason for problem in batch.problems} == {"day and month cannot be told apart"}
    (batch,) = read_events(log, is_outcomes=False, dates="month-first")
    assert [event.at for event in batch.events] == [
        datetime(2026, month, day, tzinfo=UTC).timestamp() for month, day in ((3, 4), (5, 6))
    ]
