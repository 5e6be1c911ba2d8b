"""One job at a time: how it is run, refused, stopped and waited for."""

from __future__ import annotations

from collections.abc import Generator
from threading import Event
from typing import Any

import pytest

from followertui.domain.decision import ActionKind
from followertui.domain.errors import Cancelled, Unforeseen
from followertui.domain.progress import Progress
from followertui.services import calling
from followertui.services.calling import Caller
from followertui.services.jobs import Job, JobRunner, JobRunning, JobState
from followertui.x.protocol import Outcome, OutcomeType


def steps(cancel: Event, go_on: Event, total: int = 3) -> Generator[Any, None, str]:
    yield Progress(1, total, "working")
    go_on.wait(10)
    if cancel.is_set():
        raise Cancelled("work: stopped after 1 of 3")
    yield "a value"
    return "all done"


def ended(job: Job) -> Job:
    assert job.wait(10)
    return job


def test_a_job_reports_what_it_yields_and_returns() -> None:
    seen: list[Any] = []
    runner = JobRunner(
        lambda job: seen.append(job.progress), lambda _, value: seen.append(value), lambda job: seen.append(job.state)
    )
    go_on = Event()
    go_on.set()
    job = ended(runner.start("work", "work", lambda cancel: steps(cancel, go_on)))
    assert (job.state, job.result, job.error) == (JobState.DONE, "all done", None)
    while len(seen) < 3:
        Event().wait(0.001)
    assert seen == [Progress(1, 3, "working"), "a value", JobState.DONE]
    assert runner.job is None


def test_a_second_job_is_refused_and_told_which_one_runs() -> None:
    go_on, reached = Event(), Event()
    runner = JobRunner(lambda job: reached.set())
    job = runner.start("apply", "apply", lambda cancel: steps(cancel, go_on, 1611))
    assert reached.wait(10)
    with pytest.raises(JobRunning, match="apply is running, 1 of 1,611") as refused:
        runner.start("match", "match", lambda cancel: steps(cancel, go_on))
    assert refused.value.job is job
    go_on.set()
    ended(job)
    runner.start("match", "match", lambda cancel: steps(cancel, go_on)).wait(10)


def test_a_stopped_job_says_what_goes_on_with_it() -> None:
    go_on, reached = Event(), Event()
    runner = JobRunner(lambda job: reached.set())
    job = runner.start("work", "work", lambda cancel: steps(cancel, go_on), resume="followertui work")
    assert reached.wait(10)
    assert runner.stop() is job
    assert job.line == "work is stopping, 1 of 3"
    go_on.set()
    assert ended(job).state is JobState.STOPPED
    assert str(job.error) == "work: stopped after 1 of 3; followertui work goes on"


def test_a_job_that_ends_without_a_word_after_a_stop_was_stopped() -> None:
    def quiet(cancel: Event) -> Generator[Progress, None, None]:
        yield Progress(0, None, "waiting")
        cancel.wait(10)

    runner = JobRunner()
    job = runner.start("wait", "wait", quiet)
    job.stop()
    assert ended(job).state is JobState.STOPPED


def test_a_failed_job_closes_its_work_and_tells_no_secrets() -> None:
    closed = Event()

    def broken(cancel: Event) -> Generator[Progress, None, None]:
        try:
            yield Progress(0, None, "beginning")
            raise LookupError("@private_handle")
        finally:
            closed.set()

    job = ended(JobRunner().start("work", "work", broken))
    assert job.state is JobState.FAILED
    assert closed.is_set()
    assert isinstance(job.error, Unforeseen)
    assert "LookupError" in str(job.error)
    assert "private_handle" not in str(job.error)


class Client:
    """An X whose calls hang until they are let go."""

    def __init__(self) -> None:
        self.asked, self.answer = Event(), Event()

    def perform(self, action: ActionKind, target_id: int, object: str = "") -> Outcome:
        self.asked.set()
        self.answer.wait(10)
        return Outcome(OutcomeType.DONE, "done")


@pytest.mark.parametrize("answers", [True, False])
def test_a_call_in_flight_is_given_up_after_a_while(monkeypatch: pytest.MonkeyPatch, answers: bool) -> None:
    monkeypatch.setattr(calling, "GRACE_SECONDS", 0.05)
    monkeypatch.setattr(calling, "_LOOK_SECONDS", 0.01)
    cancel, client = Event(), Client()
    caller = Caller(client, cancel)  # type: ignore[arg-type]
    cancel.set()
    if answers:
        client.answer.set()
    outcome = caller.perform(ActionKind.UNFOLLOW, 1, "")
    assert outcome.type is (OutcomeType.DONE if answers else OutcomeType.UNKNOWN)
    assert caller.has_given_up is not answers
    client.answer.set()
    caller.close()


def test_what_a_call_raises_is_raised_where_it_is_waited_for() -> None:
    class Broken(Client):
        def perform(self, action: ActionKind, target_id: int, object: str = "") -> Outcome:
            raise LookupError("broken")

    caller = Caller(Broken(), Event())  # type: ignore[arg-type]
    with pytest.raises(LookupError, match="broken"):
        caller.perform(ActionKind.UNFOLLOW, 1, "")
    assert not caller.has_given_up
    caller.close()
