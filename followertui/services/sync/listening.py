"""One connection to X's activity stream, read beside the run.

Owns the thread: nothing else ends a wait for the next line. What an event means is ``live``'s.
"""

from __future__ import annotations

from queue import SimpleQueue
from threading import Thread
from typing import NamedTuple

from followertui.domain.errors import FollowertuiError
from followertui.x.protocol import Events, LiveEvent, Outcome, OutcomeType, XClient, XFailed


class Ended(NamedTuple):
    """The stream ended, and why."""

    outcome: Outcome


class Opened(NamedTuple):
    """X opened the stream."""


class Pump:
    """Reads one stream in a thread of its own, since nothing else ends a wait for the next line."""

    def __init__(self, client: XClient, backfill_minutes: int) -> None:
        self.heard: SimpleQueue[LiveEvent | Opened | Ended | None] = SimpleQueue()
        self._client, self._backfill = client, backfill_minutes
        self._events: Events | None = None
        Thread(target=self._read, name="X's stream", daemon=True).start()

    def _read(self) -> None:
        try:
            self._events = self._client.events(self._backfill)
            self.heard.put(Opened())
            for event in self._events:
                self.heard.put(event)
        except XFailed as failure:
            self.heard.put(Ended(failure.outcome))
        except FollowertuiError as problem:
            self.heard.put(Ended(Outcome(OutcomeType.AUTH, str(problem))))
        except Exception as problem:
            self.heard.put(Ended(Outcome(OutcomeType.NETWORK, f"X's stream broke off ({type(problem).__name__})")))

    def close(self) -> None:
        """End the connection."""
        if self._events is not None:
            self._events.close()
