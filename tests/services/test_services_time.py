"""Days are the person's: in queries, counts, caps, and wherever a moment is shown."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from filling import NOW, add_accounts, new_store, relate

from followertui.cli.options import Options
from followertui.domain.clock import FileClock, FixedClock, LocalZone, day_of, epoch, start_of_day, zone_named
from followertui.domain.decision import Decision, Executor
from followertui.domain.errors import BadInput
from followertui.domain.progress import NeverCancelled, drained
from followertui.domain.stopping import Stop, StopReason
from followertui.services import querying
from followertui.services.intake.values import ImportChoices
from followertui.services.phrases import day, day_and_time, stop_sentence
from followertui.services.plan import applying, by_hand, pacing
from followertui.services.plan.values import ApplyReport, HandAnswer
from followertui.services.review import cards, deciding, facets, undoing
from followertui.services.session import Session
from followertui.services.workbench import Workbench
from followertui.x.platform import Access, Pace, Platform
from followertui.x.sandbox.made import FIRST_ID, made_state
from followertui.x.sandbox.transport import Sandbox, client_for

AUCKLAND, LOS_ANGELES, BERLIN = ZoneInfo("Pacific/Auckland"), ZoneInfo("America/Los_Angeles"), ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(at("2026-11-22 11:30"), AUCKLAND)


@pytest.fixture
def session(tmp_path: Path, clock: FixedClock) -> Iterator[Session]:
    made = Session(new_store(tmp_path / "store.db"), clock)
    yield made
    made.close()


def posted(session: Session, *moments: str) -> list[int]:
    return add_accounts(session.store, *({"last_post_at": epoch(at(moment))} for moment in moments))


def found(session: Session, query: str) -> list[int]:
    return list(querying.rows_of(session, query))


def test_today_is_the_persons_today(session: Session, clock: FixedClock) -> None:
    # Half past midnight of the 23rd in Auckland, still the 22nd in UTC.
    before, after = posted(session, "2026-11-22 10:59", "2026-11-22 11:00")
    assert found(session, "posted:today") == [after]
    assert found(session, "posted:yesterday") == [before]
    assert found(session, "posted:2026-11-22") == [before]
    assert found(session, "posted:monday") == [after]
    clock.zone = LOS_ANGELES
    assert found(session, "posted:today") == [before, after]
    clock.advance(timedelta(hours=24))
    assert found(session, "posted:yesterday") == [before, after]
    clock.zone = AUCKLAND
    assert found(session, "posted:today") == []


def test_counts_by_month_open_the_rows_they_count(session: Session, clock: FixedClock) -> None:
    rows = posted(session, "2026-10-31 10:59", "2026-10-31 11:00", "2026-10-31 23:59", "2025-12-31 12:00")
    for zone, expected in (
        (AUCKLAND, {"2026-11": 2, "2026-10": 1, "2026-01": 1}),
        (LOS_ANGELES, {"2026-10": 3, "2025-12": 1}),
    ):
        clock.zone = zone
        lines = facets.count_by(session, rows, "posted")
        assert {line.value: line.count for line in lines} == expected
        assert [line.value for line in lines] == sorted(expected, reverse=True)
        assert {line.value: len(found(session, line.term)) for line in lines} == expected


@pytest.fixture
def signed_in(session: Session, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> Session:
    state = made_state(50, Access.ENTERPRISE)
    session.open_x = lambda: client_for(Sandbox(state, clock))
    monkeypatch.setattr(Platform, "pace", lambda self, action: Pace(4, 5))
    ids = list(state.following)[:12]
    rows = add_accounts(session.store, *({"x_id": x_id, "handle": f"made_{x_id - FIRST_ID}"} for x_id in ids))
    relate(session.store, rows, "following")
    deciding.decide(session, rows, Decision.OUT)
    return session


def run(session: Session, limit: int | None = None) -> ApplyReport:
    ready = len(by_hand.planning.ready(session))
    report: ApplyReport = drained(applying.apply(session, NeverCancelled(), min(limit or ready, ready), limit))
    return report


@pytest.mark.parametrize(
    ("zone", "begin", "midnight", "text"),
    [
        (LOS_ANGELES, "2026-11-22 01:39", "2026-11-22 08:00", "from Sun 22 Nov, 00:00"),
        (AUCKLAND, "2026-11-22 01:39", "2026-11-22 11:00", "from Mon 23 Nov, 00:00"),
        (UTC, "2026-11-22 01:39", "2026-11-23 00:00", "from Mon 23 Nov, 00:00"),
    ],
)
def test_a_cap_holds_until_midnight_where_the_person_lives(
    signed_in: Session, clock: FixedClock, zone: Any, begin: str, midnight: str, text: str
) -> None:
    clock.zone, clock.at = zone, at(begin)
    report = run(signed_in)
    assert (report.done, report.stop) == (4, Stop(StopReason.DAILY_CAP, at(midnight), 4))
    assert report.stop_text == f"the daily cap of 4 is reached; run apply again {text}"
    clock.at = at(midnight) - timedelta(seconds=1)
    assert run(signed_in).done == 0
    clock.at = at(midnight)
    assert run(signed_in).done == 4


def test_calls_and_clicks_of_a_day_count_together(signed_in: Session, clock: FixedClock) -> None:
    action = by_hand.planning.ready(signed_in)[0].action
    for _ in range(3):
        task = by_hand.next_manual(signed_in)
        assert task is not None
        assert task.pace.endswith("of 5 unfollow today")
        by_hand.record_manual(signed_in, task.item_id, HandAnswer.DONE)
    assert run(signed_in).done == 1
    assert pacing.today(signed_in, action, Executor.API) == pacing.Today(1, 3, 4)
    task = by_hand.next_manual(signed_in)
    assert task is not None
    assert (task.position, task.pace) == (4, "4 of 5 unfollow today")
    by_hand.record_manual(signed_in, task.item_id, HandAnswer.DONE)
    assert by_hand.next_manual(signed_in) is None, "no page opens beyond the day's cap"
    assert by_hand.none_left(signed_in).startswith("5 of 5 unfollow today: that is the day's cap; ")
    back = by_hand.undo_manual(signed_in)
    assert back is not None
    assert back.pace == "4 of 5 unfollow today"
    clock.advance(timedelta(days=1))
    assert pacing.today(signed_in, action, Executor.HAND) == pacing.Today(0, 0, 5)


def test_a_limit_says_day_and_time_where_the_person_lives() -> None:
    stop = Stop(StopReason.RATE_LIMIT, at("2026-11-23 01:39"))
    assert stop_sentence(stop, LOS_ANGELES) == "X's rate limit is reached; run apply again from Sun 22 Nov, 17:39"
    assert stop_sentence(stop, AUCKLAND) == "X's rate limit is reached; run apply again from Mon 23 Nov, 14:39"
    assert stop_sentence(None, UTC) == ""


def test_dates_on_the_card_and_in_the_journal_are_the_persons(session: Session, clock: FixedClock) -> None:
    [row] = posted(session, "2026-11-22 11:00")
    clock.at = at("2026-11-22 23:30")
    deciding.decide(session, [row], Decision.KEEP)
    assert cards.card(session, row).last_post == "23 Nov 2026"
    assert undoing.lines(session)[0].at == "2026-11-23 12:30"
    assert undoing.lines(session)[0].moment == epoch(clock.now())
    clock.zone = LOS_ANGELES
    assert cards.card(session, row).last_post == "22 Nov 2026"
    assert undoing.lines(session)[0].at == "2026-11-22 15:30"


def test_a_day_without_a_time_begins_where_the_person_lives(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "followers-2026-11-20.csv"
    path.write_text("username,name\nacme,Acme\nglobex,Globex\n")
    bench = Workbench(session)
    named = bench.plan_import(str(path), ImportChoices(relation="follower"))
    assert (named.as_of, named.as_of_source) == (epoch(at("2026-11-19 11:00")), "file name")
    for said, moment in (
        ("2026-11-18", "2026-11-17 11:00"),
        ("2026-11-18T08:00", "2026-11-17 19:00"),
        ("2026-11-18T08:00+00:00", "2026-11-18 08:00"),
    ):
        plan = bench.plan_import(str(path), ImportChoices(relation="follower", as_of=said), named)
        assert plan.as_of == epoch(at(moment))
    drained(bench.run_import(named))
    assert len(found(session, "seen:2026-11-20")) == 2
    assert cards.card(session, 1).followed_since == "followed before 20 Nov 2026"


# --- zones ------------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the machine's zone cannot be set here")
@pytest.mark.parametrize("name", ["Europe/Berlin", "America/Los_Angeles", "Pacific/Auckland", "Asia/Kolkata"])
def test_the_machines_zone_knows_winter_and_summer(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", name)
    time.tzset()
    try:
        local, named = LocalZone(), ZoneInfo(name)
        moment = at("2026-01-01 00:00")
        while moment.year == 2026:
            here, there = moment.astimezone(local), moment.astimezone(named)
            assert (here.replace(tzinfo=None), here.fold) == (there.replace(tzinfo=None), there.fold)
            assert here.astimezone(UTC) == moment
            assert start_of_day(day_of(moment, local), local) == start_of_day(day_of(moment, named), named)
            moment += timedelta(minutes=30)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_days_are_23_or_25_hours_long_twice_a_year() -> None:
    spring, autumn = datetime(2026, 3, 29).date(), datetime(2026, 10, 25).date()
    for date, hours in ((spring, 23), (autumn, 25)):
        assert start_of_day(date + timedelta(days=1), BERLIN) - start_of_day(date, BERLIN) == timedelta(hours=hours)


def test_the_settings_file_names_the_zone(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('zone = "Pacific/Auckland"')
    assert Options(config=str(path)).zone == AUCKLAND
    path.write_text('zone = "Europe/Atlantis"')
    with pytest.raises(BadInput, match='zone "Europe/Atlantis" is not known; give a name such as Europe/Berlin'):
        _ = Options(config=str(path)).zone
    for name in ("../etc/passwd", "Europe", "\0"):
        with pytest.raises(BadInput):
            zone_named(name)
    assert isinstance(zone_named(""), LocalZone)


def test_days_are_written_for_people() -> None:
    assert day(NOW, LOS_ANGELES) == "22 Nov 2026"
    assert day(None, UTC) == day(-1, UTC) == ""
    assert day_and_time(at("2026-11-26 23:05"), AUCKLAND) == "Fri 27 Nov, 12:05"


def test_who_reads_the_clock_while_it_is_set_sees_no_third_time(tmp_path: Path) -> None:
    """An empty file would mean the machine's time: a playbook would look weeks ahead."""
    clock = FileClock(tmp_path / "clock", UTC)
    clock.set(datetime(2026, 11, 16, 9, tzinfo=UTC))
    with clock.path.open(encoding="utf-8") as reading:
        clock.advance(timedelta(days=1))
        assert reading.read() == "2026-11-16T09:00:00+00:00"
    assert clock.now() == datetime(2026, 11, 17, 9, tzinfo=UTC)
    assert [one.name for one in tmp_path.iterdir()] == ["clock"]
