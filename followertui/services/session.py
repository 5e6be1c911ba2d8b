"""One open store with a clock and a reviewer: what every use case works on.

Owns the wiring of store, derived arrays, journal, clock and edge to X. Everything heavy is
made on first use. Use cases take a ``Session``; screens and commands take the ``Workbench``.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from followertui.domain.clock import Clock, SystemClock, epoch
from followertui.domain.decision import ActionKind
from followertui.domain.query import And, Node, Query
from followertui.late import late
from followertui.services.collecting import collect_seldom, give_back_large_blocks
from followertui.store.decisions.journal import Journal
from followertui.store.file import settings
from followertui.store.file.connection import Store

if TYPE_CHECKING:
    from followertui.quality import signals, weights
    from followertui.query import parsing
    from followertui.services import books
    from followertui.store.audience import scores, waves
    from followertui.store.index import arrays, counting, evaluator
    from followertui.x.door import Door
    from followertui.x.protocol import XClient
else:
    parsing = late("followertui.query.parsing")
    scores = late("followertui.store.audience.scores")
    signals = late("followertui.quality.signals")
    weights = late("followertui.quality.weights")
    waves = late("followertui.store.audience.waves")
    arrays = late("followertui.store.index.arrays")
    counting = late("followertui.store.index.counting")
    evaluator = late("followertui.store.index.evaluator")
    books = late("followertui.services.books")


COMMAND_LINE = "command line"
"""The session of all commands but the review: one gesture each, so they continue each other."""


class HandAnswered(NamedTuple):
    """One answer by hand.

    Attributes:
        item_id: its plan item.
        action: of the item.
        call_id: number of its call, 0 where it was put off.
        entry_id: number of the journal entry that put it off, 0 where there is none.
    """

    item_id: int
    action: ActionKind
    call_id: int
    entry_id: int = 0


class Session:
    """An open store, as one reviewer works on it.

    Args:
        store: the open store.
        clock: where the time comes from.
        reviewer: name on every journal entry.
        open_x: creates the client of X on first use; None where no account is signed in.
        is_demo: the store is made up and X is the sandbox.
        open_door: finds where an account signs in; None in the demo.

    Attributes:
        answers: what was answered by hand in this session, oldest first.
        hidden: what is hidden from the person who judges: "name", "bio", or "" for nothing.
        hand_batch: number of the batch its clicks belong to, 0 before the first.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock | None = None,
        reviewer: str = "me",
        open_x: Callable[[], XClient] | None = None,
        is_demo: bool = False,
        open_door: Callable[[], Door] | None = None,
    ) -> None:
        collect_seldom()
        self.store = store
        self.clock = clock or SystemClock()
        self.reviewer = reviewer
        self.open_x = open_x
        self.is_demo = is_demo
        self.open_door = open_door
        self.session_id = os.urandom(8).hex()
        self.answers: list[HandAnswered] = []
        self.hidden = ""
        self.hand_batch = 0
        self.journal = Journal(store, reviewer, self.session_id)
        self._evaluator: evaluator.Evaluator | None = None
        self._counts: counting.RowCounts | None = None
        self._read_in = 0
        self._read: dict[str, Query] = {}

    def work_as(self, session_id: str) -> None:
        """Write the journal as a named session, so that its earlier gestures count as this run's own."""
        self.session_id = self.journal.session = session_id

    @property
    def now(self) -> int:
        """The present, epoch seconds UTC."""
        return epoch(self.clock.now())

    @property
    def zone(self) -> tzinfo:
        """The person's zone, whose days count."""
        return self.clock.zone

    @property
    def waits_for_x(self) -> bool:
        """Whether X asked to wait with something; what and for how long is ``sync.parking``'s."""
        return bool(settings.PARKED.read(self.store))

    @property
    def evaluator(self) -> evaluator.Evaluator:
        """Queries on derived arrays; loads numpy on first use."""
        if self._evaluator is None:
            give_back_large_blocks()
            self._evaluator = evaluator.Evaluator(
                self.store, arrays.Arrays(self.store), self._cuts, lambda asked: books.rows_asked(self, asked)
            )
        return self._evaluator

    @property
    def counts(self) -> counting.RowCounts:
        """How many rows queries hold for, where they are counted again and again."""
        if self._counts is None:
            self._counts = counting.RowCounts(self.evaluator)
        return self._counts

    def _cuts(self) -> dict[str, int]:
        """From which score on an account is judged to be of a kind, by the weights of this store."""
        kept = settings.WEIGHTS_FILE.read(self.store)
        loaded = weights.load_weights(Path(kept) if kept else None)
        return {
            name: score.threshold for name, score in loaded.scores.items() if name in ("bot", "harmful", "offtopic")
        }

    @property
    def is_warm(self) -> bool:
        """Whether the derived arrays are loaded already."""
        return self._evaluator is not None

    def parse(self, text: str) -> Query:
        """A query from its text.

        Raises:
            BadQuery: it cannot be read.
        """
        if not text.strip():
            return Query()
        return parsing.parse(text, self.clock.now(), self.zone, self._names)

    def parse_often(self, text: str) -> Query:
        """A query that is asked again after every gesture: its text is read once a minute.

        Raises:
            BadQuery: it cannot be read.
        """
        minute = self.now // 60
        if self._read_in != minute:
            self._read_in, self._read = minute, {}
        if text not in self._read:
            self._read[text] = self.parse(text)
        return self._read[text]

    def _names(self) -> dict[str, list[str]]:
        """What ``wave:`` and ``reason:`` take, the latter all of the former too."""
        numbers = [str(wave.number) for wave in waves.waves(self.store)]
        found = [waves.ANY, *signals.WAVE_TRAITS, *numbers]
        reasons = [*signals.SIGNALS, *scores.reason_codes(self.store).values(), *found]
        return {"reason": [code.lower() for code in reasons], "wave": found}

    def parse_both(self, first: str, second: str) -> Query:
        """Two query texts joined by AND; the second's order wins."""
        one, other = self.parse(first), self.parse(second)
        parts: tuple[Node, ...] = tuple(q.where for q in (one, other) if q.where != And(()))
        where = parts[0] if len(parts) == 1 else And(parts)
        return Query(where, other.sort or one.sort, f"{first} {second}".strip())

    def close(self) -> None:
        """Save what derived files may save and close the store."""
        if self._evaluator is not None and not self.store.is_read_only:
            self._evaluator.columns.save()
        self.store.close()
