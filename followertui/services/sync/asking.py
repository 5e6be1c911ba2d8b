"""One read from X until it is answered: tried again, waited for, stopped by a person, money or keys.

Owns which failures are worth another try, how long it waits, and the line for each stop.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from typing import TypeVar

from followertui.domain.errors import Cancelled, FollowertuiError, LimitReached
from followertui.domain.progress import CancelToken, Progress
from followertui.services.phrases import day_and_time, span
from followertui.services.session import Session
from followertui.services.sync import limits, parking
from followertui.services.sync.ledger import Ledger
from followertui.services.sync.parking import ParkedJob
from followertui.services.waiting import pass_time
from followertui.x.protocol import Outcome, OutcomeType, Page, XClient, XFailed

TRIES = 5
"""So often X may fail to answer one read before the run ends."""

LONGEST_WAIT = timedelta(hours=1)
"""A rate limit that lasts longer ends the run; it goes on from there another time."""

_MOST_WAITS = 100
_TICK_SECONDS = 1.0

Answer = TypeVar("Answer")


class TokenRefused(Exception):
    """X no longer accepts the place a reading stopped at; handled by ``syncing``, never shown."""


class Asking:
    """Makes the reads of a run.

    Args:
        session: the open store.
        ledger: makes and books them.
        cancel: set when the person asks to stop.
        kept: says what is kept where the run ends, such as "3,000 of 12,388 followers are kept".
        job: what goes on once X lets it, where it asks to wait; None where nothing is left to go on with.
    """

    def __init__(
        self,
        session: Session,
        ledger: Ledger,
        cancel: CancelToken,
        kept: Callable[[], str],
        job: ParkedJob | None = None,
    ) -> None:
        self._job = job
        self.session = session
        self.ledger = ledger
        self._cancel = cancel
        self._kept = kept

    def ask(
        self,
        endpoint: str,
        most: int,
        call: Callable[[XClient], Answer],
        import_id: int | None = None,
        has_token: bool = False,
    ) -> Generator[Progress, None, tuple[int, Answer]]:
        """Make one read until X answers.

        Args:
            endpoint: as the platform file calls it.
            most: how many accounts it may return.
            call: makes it.
            import_id: the sync it belongs to.
            has_token: it goes on from a place X named earlier.

        Yields:
            Progress while it waits.

        Returns:
            Its number in the ledger, and X's answer.

        Raises:
            LimitReached: X's limits, its credits or its silence end the run.
            Cancelled: the person stopped it.
            TokenRefused: X does not know the place any more.
            FollowertuiError: X refuses.
        """
        failures = 0
        for _ in range(_MOST_WAITS):
            if self._cancel.is_set():
                raise self.stopped()
            until = parking.until(self.session, endpoint)
            if until is not None:
                yield from self._wait_for_x(endpoint, until)
                continue
            try:
                number, answer = self.ledger.read(endpoint, most, call, import_id)
            except XFailed as failure:
                outcome = failure.outcome
            else:
                buckets = answer.buckets if isinstance(answer, Page) else ()
                parking.answered(self.session, endpoint, buckets)
                limits.note_answer(self.session, endpoint, buckets)
                return number, answer
            if outcome.type is OutcomeType.RATE_LIMITED and outcome.reset_at is not None:
                limits.note_refusal(self.session, endpoint, outcome.buckets)
                yield from self._wait_for_x(endpoint, outcome.reset_at)
                continue
            if outcome.may_retry and failures < TRIES - 1:
                failures += 1
                # Spread out, so that programs that failed together do not come back together.
                pause = timedelta(seconds=2.0**failures * (1 + random.random() / 2))
                yield from self._wait(self.session.clock.now() + pause, f"{outcome.message}; trying again")
                continue
            if has_token and outcome.status == 400:
                raise TokenRefused
            raise self._end(outcome)
        raise LimitReached(f"X asked to wait {_MOST_WAITS} times in a row; {self._kept()}")

    def stopped(self) -> Cancelled:
        """The error of a run a person stopped."""
        return Cancelled(f"sync: stopped; {self._kept()}")

    def _end(self, outcome: Outcome) -> FollowertuiError:
        text = f"{outcome.message.split('; ')[0] if outcome.may_retry else outcome.message}; {self._kept()}"
        if outcome.may_retry or outcome.type is OutcomeType.CREDITS:
            return LimitReached(text)
        return FollowertuiError(text)

    def _wait_for_x(self, endpoint: str, until: datetime) -> Generator[Progress, None, None]:
        """Wait as X asks to; the wait is kept, so that it goes on after a restart."""
        parking.park(self.session, endpoint, until, self._with_rest_of_budget())
        yield from self._wait(until, f"X asks to wait until {self._when(until)}")

    def _with_rest_of_budget(self) -> ParkedJob | None:
        """The job, to go on with what its budget leaves."""
        ledger = self.ledger
        if self._job is None or ledger.run_usd is None:
            return self._job
        rest = round(ledger.run_usd - ledger.usd - ledger.unknown_usd, 6)
        return self._job._replace(wish={**self._job.wish, "budget_usd": rest})

    def _when(self, moment: datetime) -> str:
        return day_and_time(moment, self.session.zone)

    def _wait(self, until: datetime, why: str) -> Generator[Progress, None, None]:
        """Wait for a moment with a countdown.

        Raises:
            Cancelled: the person stopped it.
            LimitReached: it is too far away.
        """
        clock = self.session.clock
        if self._cancel.is_set():
            raise self.stopped()
        if pass_time(clock, until):
            return
        if until - clock.now() > LONGEST_WAIT:
            raise LimitReached(f"{why}; {self._kept()}")
        while (left := (until - clock.now()).total_seconds()) > 0:
            yield Progress(0, None, f"{why}, {span(left)} left")
            if self._cancel.wait(min(_TICK_SECONDS, left)):
                raise self.stopped()
