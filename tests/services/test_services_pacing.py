"""Quiet hours and caps hold for calls and clicks alike, and the plan says on which day it is done."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from filling import NOW
from hypothesis import given
from hypothesis import strategies as st
from plan_world import apply, mirror, planned, sent

from followertui.domain.clock import FileClock, FixedClock, from_epoch
from followertui.domain.decision import ActionKind, Executor
from followertui.domain.errors import BadInput
from followertui.domain.pace import QuietHours, caps, quiet_hours
from followertui.domain.stopping import StopReason
from followertui.services.plan import by_hand, clicking, paces, pacing, planning
from followertui.services.plan.values import HandAnswer
from followertui.services.review import deciding
from followertui.services.session import Session
from followertui.x.platform import Access
from followertui.x.sandbox.made import made_state
from followertui.x.sandbox.state import SandboxState
from followertui.x.sandbox.transport import Sandbox, client_for

BERLIN = ZoneInfo("Europe/Berlin")
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@pytest.fixture
def state() -> SandboxState:
    return made_state(600, Access.ENTERPRISE)


@pytest.fixture
def standing(session: Session, state: SandboxState) -> FixedClock:
    """A clock that stands, so that a wait ends the run."""
    clock = FixedClock(from_epoch(NOW))
    session.clock, session.open_x = clock, lambda: client_for(Sandbox(state, clock))
    return clock


# --- what a person may write ----------------------------------------------------------------


@given(st.text(max_size=12))
def test_any_text_is_quiet_hours_or_one_clear_line(text: str) -> None:
    try:
        hours = quiet_hours(text)
    except BadInput:
        return
    assert quiet_hours(str(hours)) == hours
    assert hours.start != hours.end


@given(start=TIMES, end=TIMES, minute=st.integers(0, 2879))
def test_quiet_hours_end_where_they_say_and_hold_all_along(start: time, end: time, minute: int) -> None:
    if start == end:
        return
    hours = QuietHours(start, end)
    moment = datetime(2026, 11, 22, tzinfo=UTC) + timedelta(minutes=minute)
    ends = hours.end_after(moment, UTC)
    clock = moment.time()
    within = start <= clock < end if start < end else clock >= start or clock < end
    assert (ends is not None) is within
    if ends is not None:
        assert ends.time() == end
        assert timedelta(0) < ends - moment <= timedelta(days=1)
        assert hours.end_after(ends, UTC) is None
        assert hours.end_after(ends - timedelta(minutes=1), UTC) == ends


def test_quiet_hours_are_the_persons_also_in_the_night_the_clocks_change() -> None:
    hours = quiet_hours("22-7")
    assert str(hours) == "22:00-07:00"
    before_winter = datetime(2026, 10, 24, 23, tzinfo=BERLIN)
    assert hours.end_after(before_winter, BERLIN) == datetime(2026, 10, 25, 6, tzinfo=UTC)
    assert hours.end_after(datetime(2026, 10, 25, 6, tzinfo=UTC), BERLIN) is None


@pytest.mark.parametrize("text", ["22:00", "25-7", "7-7", "22:61-7", "", "٢٢-٧"])
def test_what_is_no_quiet_hours_says_what_to_write(text: str) -> None:
    with pytest.raises(BadInput, match="quiet hours"):
        quiet_hours(text)


@given(st.text(max_size=10))
def test_any_text_is_a_cap_or_one_clear_line(text: str) -> None:
    try:
        found = caps(text)
    except BadInput:
        return
    assert found.per_day > 0
    assert found.per_window >= 0


def test_no_cap_goes_above_what_x_allows(session: Session) -> None:
    assert "at most 100 a day, 20 within 15 minutes" in pacing.set_caps(session, ActionKind.UNFOLLOW, "100/20")
    assert pacing.caps(session, ActionKind.UNFOLLOW, Executor.HAND) == (100, 20)
    for text in ("501", "100/51"):
        with pytest.raises(BadInput, match="at most 500 a day and 50 within 15 minutes"):
            pacing.set_caps(session, ActionKind.UNFOLLOW, text)
    assert pacing.caps(session, ActionKind.UNFOLLOW, Executor.API) == (100, 20)
    pacing.set_caps(session, ActionKind.UNFOLLOW, "default")
    assert pacing.caps(session, ActionKind.UNFOLLOW, Executor.API) == (200, 40)


def test_a_change_of_the_pace_is_made_whole_or_not_at_all(session: Session) -> None:
    with pytest.raises(BadInput):
        paces.change(session, paces.Wanted(quiet="22-7", caps=("unfollow=100", "follow=9999")))
    assert (pacing.quiet(session), pacing.caps(session, ActionKind.UNFOLLOW, Executor.HAND).per_day) == (None, 150)
    with pytest.raises(BadInput, match="actions are unfollow, follow"):
        paces.change(session, paces.Wanted(caps=("unfolow=3",)))
    said = paces.change(
        session, paces.Wanted(quiet="22-7", caps=("unfollow=100",), surprises=5, look_days=3, watch="on")
    )
    assert len(said) == 5
    assert paces.record(session)["quiet_hours"] == "22:00-07:00"
    assert {name: value for name, value, *_ in paces.lines(session)}["watch"] == "on"


# --- both executors -------------------------------------------------------------------------


def test_in_quiet_hours_nothing_is_sent_and_nothing_opened(
    session: Session, state: SandboxState, standing: FixedClock
) -> None:
    planned(session, state, 3)
    paces.change(session, paces.Wanted(quiet="11:00-14:00"))
    events, report = apply(session)
    assert report.stop is not None
    assert (report.done, report.stop.reason, state.calls_made) == (0, StopReason.QUIET_HOURS, 0)
    assert report.stop_text == "these are your quiet hours; run apply again from Sun 22 Nov, 14:00"
    assert events[-1].text == "quiet hours until Sun 22 Nov, 14:00"
    clicks = clicking.Clicks(session)
    assert clicks.next_task() is None
    assert clicks.several(None, 5) == []
    assert clicks.why_none() == "these are your quiet hours; 3 go on from Sun 22 Nov, 14:00"
    standing.advance(timedelta(hours=2))
    assert clicks.next_task() is not None
    assert apply(session)[1].done == 3


def test_in_made_up_time_quiet_hours_pass(session: Session, state: SandboxState, clock: FileClock) -> None:
    session.open_x = lambda: client_for(Sandbox(state, clock))
    planned(session, state, 3)
    paces.change(session, paces.Wanted(quiet="11:00-14:00"))
    assert apply(session)[1].done == 3
    assert clock.now() >= from_epoch(NOW + 2 * 3600)


def test_the_window_cap_counts_calls_and_clicks_together(
    session: Session, state: SandboxState, standing: FixedClock
) -> None:
    planned(session, state, 12)
    paces.change(session, paces.Wanted(caps=("unfollow=100/5",)))
    for _ in range(2):
        task = by_hand.next_manual(session)
        assert task is not None
        by_hand.record_manual(session, task.item_id, HandAnswer.DONE)
    _, report = apply(session, limit=5)
    assert report.stop is not None
    assert (report.done, report.stop.reason, sent(state)) == (3, StopReason.WINDOW_CAP, 3)
    assert by_hand.next_manual(session) is None
    assert "5 unfollow within 15 minutes: that is the cap; 7 go on from Sun 22 Nov, 12:15" in by_hand.none_left(session)
    standing.advance(timedelta(minutes=15))
    assert len(by_hand.several(session, ActionKind.UNFOLLOW, 20)) == 5


def test_the_plan_says_on_which_day_it_is_done(session: Session, state: SandboxState, standing: FixedClock) -> None:
    planned(session, state, 210)
    [group] = planning.overview(session).groups
    assert group.pace.endswith("the worst first, done on Mon 23 Nov")
    paces.change(session, paces.Wanted(caps=("unfollow=30",)))
    [group] = planning.overview(session).groups
    assert group.pace.endswith("done on Sat 28 Nov")
    assert (group.ready, group.duration.endswith("over 7 days")) == (210, True)
    assert sent(state) == 0


def test_a_cap_does_not_hold_another_action_back(session: Session, state: SandboxState, standing: FixedClock) -> None:
    rows = mirror(session, state, 6)
    deciding.plan_add(session, ActionKind.UNFOLLOW, rows[:3])
    deciding.plan_add(session, ActionKind.MUTE, rows[3:])
    paces.change(session, paces.Wanted(caps=("unfollow=1",)))
    task = by_hand.next_manual(session, ActionKind.UNFOLLOW)
    assert task is not None
    by_hand.record_manual(session, task.item_id, HandAnswer.DONE)
    assert by_hand.next_manual(session, ActionKind.UNFOLLOW) is None
    assert by_hand.next_manual(session, ActionKind.MUTE) is not None


def test_pay_per_use_one_refusal_and_all_of_it_goes_by_hand(
    session: Session, state: SandboxState, standing: FixedClock
) -> None:
    """The same plan as an Enterprise account's: one call, then the same counts, click by click, within the caps."""
    state.access = Access.PAY_PER_USE
    planned(session, state, 200)
    _, report = apply(session)
    assert (report.by_hand, report.done, state.calls_made) == (200, 0, 1)
    clicks, days = 0, set()
    for _ in range(200):
        tasks = by_hand.several(session, ActionKind.UNFOLLOW, 5)
        for task in tasks:
            by_hand.record_manual(session, task.item_id, HandAnswer.DONE)
            clicks += 1
        days.add(standing.now().date())
        if not tasks:
            if not by_hand.none_left(session):
                break
            standing.advance(timedelta(minutes=15))
    assert (clicks, len(days), state.calls_made) == (200, 2, 1)
    [group] = planning.overview(session).groups
    assert (group.ready, group.done_by_hand, group.via) == (0, 200, Executor.HAND)
    per_day = session.store.con.execute("SELECT count(*) FROM call WHERE state = 'done' GROUP BY at / 86400").fetchall()
    assert per_day == [(150,), (50,)]
