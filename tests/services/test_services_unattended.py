"""Going on over days: off as shipped, unfollow and unmute only, so many a day, until the first surprise."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from filling import NOW
from plan_world import ended, mirror, planned, sent, states

from followertui.domain.clock import FileClock, FixedClock, from_epoch
from followertui.domain.decision import ActionKind
from followertui.domain.errors import BadInput, NothingToDo
from followertui.domain.progress import NeverCancelled
from followertui.domain.stopping import StopReason
from followertui.services.plan import paces, planning, unattended
from followertui.services.plan.unattended import DayReport, Waiting
from followertui.services.review import deciding
from followertui.services.session import Session
from followertui.x.platform import Access
from followertui.x.sandbox.faults import Fault
from followertui.x.sandbox.made import made_state
from followertui.x.sandbox.state import SandboxState
from followertui.x.sandbox.transport import Sandbox, client_for


@pytest.fixture
def state() -> SandboxState:
    return made_state(300, Access.ENTERPRISE)


@pytest.fixture
def signed_in(session: Session, state: SandboxState, clock: FileClock) -> Session:
    session.open_x = lambda: client_for(Sandbox(state, clock))
    planning.keep_capabilities(session, planning.Capabilities(Access.ENTERPRISE))
    return session


def go(session: Session, per_day: int) -> DayReport:
    report = ended(unattended.go_on(session, NeverCancelled(), per_day))[1]
    assert isinstance(report, DayReport)
    return report


def on(session: Session) -> None:
    paces.change(session, paces.Wanted(watch="on"))
    planning.overview(session)


def test_it_is_off_as_shipped(signed_in: Session, state: SandboxState) -> None:
    planned(signed_in, state, 3)
    with pytest.raises(BadInput, match="switched off; read `followertui help by-hand`"):
        go(signed_in, 2)
    assert state.calls_made == 0


def test_it_spreads_the_plan_over_days(signed_in: Session, state: SandboxState, clock: FileClock) -> None:
    planned(signed_in, state, 12)
    on(signed_in)
    said = unattended.begins(signed_in, 5)
    assert said == "12 actions, at most 5 a day, done on Tue 24 Nov; stops at the first surprise"
    report = go(signed_in, 5)
    assert (report.done, report.left, report.stop) == (12, 0, None)
    assert clock.now() >= from_epoch(NOW) + timedelta(days=1, hours=12)
    days = dict(signed_in.store.con.execute("SELECT at / 86400, count(*) FROM call GROUP BY 1").fetchall())
    assert sorted(days.values()) == [2, 5, 5]


def test_only_unfollow_and_unmute_go_on(signed_in: Session, state: SandboxState) -> None:
    rows = mirror(signed_in, state, 6)
    deciding.plan_add(signed_in, ActionKind.UNFOLLOW, rows[:2])
    deciding.plan_add(signed_in, ActionKind.UNMUTE, rows[2:4])
    deciding.plan_add(signed_in, ActionKind.MUTE, rows[4:])
    on(signed_in)
    assert go(signed_in, 10).done == 4
    assert sorted(states(signed_in).values()) == ["done"] * 4 + ["planned"] * 2
    with pytest.raises(NothingToDo, match="only unfollow and unmute"):
        go(signed_in, 10)


def test_what_was_done_that_day_counts(signed_in: Session, state: SandboxState, clock: FileClock) -> None:
    planned(signed_in, state, 8)
    on(signed_in)
    days = ended(unattended.go_on(signed_in, NeverCancelled(), 4))[0]
    waits = [each for each in days if isinstance(each, unattended.Waiting)]
    assert [each.text for each in waits] == ["goes on Mon 23 Nov, 00:00"]
    assert sent(state) == 8


def test_it_stops_at_the_first_surprise(signed_in: Session, state: SandboxState) -> None:
    planned(signed_in, state, 9)
    state.gone.add(list(state.following)[3])
    on(signed_in)
    report = go(signed_in, 5)
    assert report.stop is not None
    assert (report.stop.reason, report.done, report.left) == (StopReason.SURPRISES, 3, 5)
    assert "number 4 was a surprise, and nobody is watching (1 no longer there)" in report.text


def test_a_refusal_is_a_surprise(signed_in: Session, state: SandboxState) -> None:
    planned(signed_in, state, 9)
    state.access = Access.PAY_PER_USE
    on(signed_in)
    report = go(signed_in, 5)
    assert report.stop is not None
    assert (report.stop.reason, report.done, sent(state)) == (StopReason.SURPRISES, 0, 0)
    assert "refused by X, to do by hand" in report.text


def test_a_limit_of_x_is_none(signed_in: Session, state: SandboxState) -> None:
    planned(signed_in, state, 6)
    state.limits = {"unfollow": {"window": 2}}
    on(signed_in)
    assert go(signed_in, 6).done == 6


def test_where_time_is_real_a_stop_ends_the_wait(session: Session, state: SandboxState) -> None:
    standing = FixedClock(from_epoch(NOW))
    session.clock, session.open_x = standing, lambda: client_for(Sandbox(state, standing))
    planning.keep_capabilities(session, planning.Capabilities(Access.ENTERPRISE))
    planned(session, state, 4)
    on(session)

    class Stopped:
        """A person who stops it while it waits."""

        def __init__(self) -> None:
            self.waited: list[float] = []

        def is_set(self) -> bool:
            return bool(self.waited)

        def wait(self, timeout: float | None = None) -> bool:
            self.waited.append(timeout or 0.0)
            return True

    person = Stopped()
    report = ended(unattended.go_on(session, person, 2))[1]
    assert (report.done, report.stop.reason, person.waited) == (2, StopReason.PERSON, [60.0])


def test_a_limit_without_an_end_waits_for_a_day_that_is_still_to_come(
    signed_in: Session, state: SandboxState, clock: FileClock
) -> None:
    planned(signed_in, state, 3)
    state.faults.append(Fault("no-headers", "/2/users/*/following/*", "DELETE"))
    on(signed_in)
    stopped = threading.Event()
    for event in unattended.go_on(signed_in, stopped, 3):
        if isinstance(event, Waiting):
            break
    assert event.until > clock.now() > from_epoch(NOW) + timedelta(days=2)


def test_who_stops_it_between_two_runs_is_told_so(signed_in: Session, state: SandboxState) -> None:
    planned(signed_in, state, 4)
    on(signed_in)
    stopped = threading.Event()
    work = unattended.go_on(signed_in, stopped, 2)
    while not isinstance(next(work), Waiting):
        pass
    stopped.set()
    _, report = ended(work)
    assert report.stop.reason is StopReason.PERSON
    assert "stopped by you" in report.text


def test_the_number_may_not_be_above_the_cap(signed_in: Session, state: SandboxState) -> None:
    planned(signed_in, state, 3)
    on(signed_in)
    with pytest.raises(BadInput, match="the daily cap is 200"):
        go(signed_in, 201)


def test_what_was_planned_since_it_was_looked_at_does_not_go_on(signed_in: Session, state: SandboxState) -> None:
    rows = mirror(signed_in, state, 4)
    deciding.plan_add(signed_in, ActionKind.UNFOLLOW, rows[:2])
    on(signed_in)
    deciding.plan_add(signed_in, ActionKind.UNFOLLOW, rows[2:])
    with pytest.raises(BadInput, match="2 actions more are ready"):
        go(signed_in, 5)
    assert state.calls_made == 0


def test_a_fault_of_the_network_ends_it(signed_in: Session, state: SandboxState) -> None:
    planned(signed_in, state, 4)
    on(signed_in)
    state.faults = [Fault(do="reset", path="*", calls=())]
    report = go(signed_in, 2)
    assert report.stop is not None
    assert (report.stop.reason, report.done) == (StopReason.NO_ANSWER, 0)
