"""Calls to X that can be given up: each is made in a thread beside the run and waited for.

Owns how long a stop waits for a call in flight. What a call means for the plan is
``applying``'s.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, NamedTuple, TypeVar

from followertui.domain.decision import ActionKind
from followertui.domain.progress import CancelToken
from followertui.x.protocol import Connections, Outcome, OutcomeType, XClient, XFailed

GRACE_SECONDS = 10.0
"""So long a call in flight may still answer once the person asked to stop."""
_LOOK_SECONDS = 0.2

_Answer = TypeVar("_Answer")


class _Answered(NamedTuple):
    """What a call returned, or what it raised."""

    value: Any
    problem: BaseException | None


class Caller:
    """Makes the calls of one run, one at a time.

    Args:
        client: the edge to X.
        cancel: set when the person asks to stop.

    Attributes:
        has_given_up: whether a call was left without an answer; no further one may be made.
    """

    def __init__(self, client: XClient, cancel: CancelToken) -> None:
        self._client = client
        self._cancel = cancel
        self._calls: SimpleQueue[Callable[[], Any] | None] = SimpleQueue()
        self._answers: SimpleQueue[_Answered] = SimpleQueue()
        self.has_given_up = False
        # A daemon: a call that hangs may not keep the program from ending.
        Thread(target=self._serve, name="call to X", daemon=True).start()

    def perform(self, action: ActionKind, target_id: int, object: str) -> Outcome:
        """Make a call and wait for its outcome, after a stop at most ``GRACE_SECONDS`` longer.

        Returns:
            What came of it; ``unknown`` where it was given up: X may have done it or not.
        """
        outcome = self._asked(lambda: self._client.perform(action, target_id, object))
        return outcome or Outcome(OutcomeType.UNKNOWN, "stopped before X answered; looked up next time")

    def connections(self, ids: Sequence[int]) -> Connections | Outcome:
        """Ask how we are connected with at most 100 accounts, and wait as ``perform`` does.

        Returns:
            What X says, or why it does not.
        """
        try:
            answer = self._asked(lambda: self._client.connections(ids))
        except XFailed as failure:
            return failure.outcome
        return answer or Outcome(OutcomeType.UNKNOWN, "stopped before X answered; asked again next time")

    def ask(self, call: Callable[[XClient], _Answer]) -> _Answer | None:
        """Make a reading call and wait as ``perform`` does.

        Args:
            call: given the client; what it raises is raised here.

        Returns:
            Its answer, None where it was given up.
        """
        return self._asked(lambda: call(self._client))

    def _asked(self, call: Callable[[], _Answer]) -> _Answer | None:
        """Make a call in the thread beside the run; None where it was given up."""
        self._calls.put(call)
        answered = None
        while answered is None and not self._cancel.is_set():
            answered = self._answered_within(_LOOK_SECONDS)
        if answered is None:
            answered = self._answered_within(GRACE_SECONDS)
        if answered is None:
            self.has_given_up = True
            return None
        if answered.problem is not None:
            raise answered.problem
        value: _Answer = answered.value
        return value

    def _answered_within(self, seconds: float) -> _Answered | None:
        try:
            return self._answers.get(timeout=seconds)
        except Empty:
            return None

    def close(self) -> None:
        """Make no further calls."""
        self._calls.put(None)

    def _serve(self) -> None:
        while (call := self._calls.get()) is not None:
            try:
                self._answers.put(_Answered(call(), None))
            except BaseException as problem:
                self._answers.put(_Answered(None, problem))
