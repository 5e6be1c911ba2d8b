"""A run begins with one, then five, then a fifth, and pauses where too much is not what the plan said."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_world import apply, mirror, planned, sent

from followertui.domain.clock import FileClock
from followertui.domain.decision import ActionKind
from followertui.domain.stopping import StopReason
from followertui.services.plan import ramping
from followertui.services.plan.ramping import Handled, Ramp
from followertui.services.review import deciding
from followertui.services.session import Session
from followertui.store.file import settings
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
    return session


@given(st.integers(0, 5000))
def test_a_run_looks_back_early_and_then_after_every_fifth(total: int) -> None:
    steps = sorted(ramping.steps(total))
    assert all(0 < step < total for step in steps)
    assert (steps[:2] == [1, 5]) is (total > 5)
    gaps = [after - before for before, after in pairwise([*steps, total])]
    assert max(gaps, default=0) <= max(5, round(total * 0.2))


@given(st.integers(6, 400), st.integers(0, 100), st.data())
def test_it_never_goes_on_past_a_step_with_more_surprises_than_allowed(
    total: int, most: int, data: st.DataObject
) -> None:
    ramp, handled = Ramp(total, most), Handled(0, 0, 0, 0)
    for _ in range(total - 1):
        field = data.draw(st.sampled_from(("done", "done", "failed", "missing", "changed")))
        handled = handled._replace(**{field: getattr(handled, field) + 1})
        count = handled.done + handled.surprises
        stop = ramp.pause(handled)
        if stop is not None:
            assert stop.reason is StopReason.SURPRISES
            assert count in ramp.steps
            return
        assert count not in ramp.steps or count == 1 or handled.surprises * 100 <= count * most


def test_the_first_that_fails_pauses_the_run(signed_in: Session, state: SandboxState) -> None:
    planned(signed_in, state, 20)
    state.faults = [Fault(do="status", path="*/following/*", method="DELETE", status=400, body={"title": "Invalid"})]
    _, report = apply(signed_in)
    assert report.stop is not None
    assert (report.stop.reason, report.failed, report.left, state.calls_made) == (StopReason.SURPRISES, 1, 19, 1)
    assert "paused: the first one failed (1 failed)" in report.text


def test_many_that_are_gone_pause_the_run_at_a_step(signed_in: Session, state: SandboxState) -> None:
    planned(signed_in, state, 20)
    state.suspended.update(list(state.following)[:20:2])
    _, report = apply(signed_in)
    assert report.stop is not None
    assert (report.stop.reason, report.done + report.missing) == (StopReason.SURPRISES, 5)
    assert "3 of the first 5 were not what the plan said (3 no longer there)" in report.text
    settings.SURPRISES.write(signed_in.store, 100)
    assert apply(signed_in)[1].left == 0


def test_a_few_that_are_gone_pause_nothing(signed_in: Session, state: SandboxState) -> None:
    rows = planned(signed_in, state, 40)
    state.gone.add(list(state.following)[2])
    _, report = apply(signed_in)
    assert (report.done, report.missing, report.stop) == (len(rows) - 1, 1, None)


def test_one_bad_item_of_a_few_stops_no_other(signed_in: Session, state: SandboxState) -> None:
    rows = mirror(signed_in, state, 5)
    deciding.plan_add(signed_in, ActionKind.MUTE, rows)
    state.faults = [Fault(do="status", path="*/muting", method="POST", calls=(1,), status=400, body={"title": "No"})]
    _, report = apply(signed_in)
    assert (report.done, report.failed, report.stop, sent(state, "POST")) == (4, 1, None, 4)


def test_how_a_run_begins_is_said_before() -> None:
    assert ramping.in_words(5) == ""
    assert ramping.in_words(1000).startswith("begins with 1, then 5, then 200, then the rest")
