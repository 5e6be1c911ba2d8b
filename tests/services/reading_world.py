"""A store filled by readings of followers, and what is true of it by plain sets."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from followertui.domain.account import AccountRecord
from followertui.domain.clock import FixedClock, epoch
from followertui.domain.kind import Kind
from followertui.domain.progress import NeverCancelled
from followertui.services import querying
from followertui.services.intake import importing
from followertui.services.intake.sources import Source
from followertui.services.review import deciding
from followertui.services.session import Session
from followertui.store.file.connection import Store

BEGIN = datetime(2024, 1, 1, 9, tzinfo=UTC)


def returned(job: Generator[Any, None, Any]) -> Any:
    while True:
        try:
            next(job)
        except StopIteration as end:
            return end.value


@dataclass
class Truth:
    """What follows from the readings, followed one by one.

    Attributes:
        present: who follows now.
        past: per reading from the first complete one on: moment, who followed then.
    """

    present: set[int] = field(default_factory=set)
    past: list[tuple[int, set[int]]] = field(default_factory=list)

    def read(self, at: int, ids: Collection[int], is_complete: bool) -> None:
        """Take one reading in: a partial one adds only."""
        self.present = set(ids) if is_complete else self.present | set(ids)
        if is_complete or self.past:
            self.past.append((at, set(self.present)))


class ReadingWorld:
    """A store whose followers come in by readings.

    Args:
        folder: where the store goes.
        people: ids of everyone who is ever read; all are known from the first day on, without a relation.
    """

    def __init__(self, folder: Path, people: Iterable[int]) -> None:
        self.clock = FixedClock(BEGIN)
        self.session = Session(Store(folder / "store.db"), self.clock, "tester")
        self.truth = Truth()
        self._count = 0
        self._bring(sorted(people), "", "unknown")
        self.rows = dict(self.session.store.con.execute("SELECT x_id, row FROM account").fetchall())

    def _bring(self, ids: Collection[int], relation: str, completeness: str) -> int:
        self._count += 1
        now = epoch(self.clock.now())
        source = Source(
            what="accounts", name=f"reading {self._count}", rank=4, as_of=now, sha256=f"{self._count}",
            completeness=completeness,
        )  # fmt: skip
        records = [AccountRecord(x_id=one, handle=f"user{one}", name=f"User {one}") for one in ids]
        session = self.session
        returned(
            importing.import_records(
                session.store, session.journal, session.clock, source, [records], relation, NeverCancelled()
            )
        )
        return now

    def read(self, ids: Collection[int], days: float, is_complete: bool = True) -> None:
        """A reading of followers some days after the last one."""
        self.clock.advance(timedelta(days=days))
        at = self._bring(sorted(ids), "follower", "complete" if is_complete else "partial")
        self.truth.read(at, ids, is_complete)

    def follow(self, ids: Collection[int]) -> None:
        """A complete reading of whom we follow, now."""
        self._bring(sorted(ids), "following", "complete")

    def say(self, ids: Collection[int], kind: Kind) -> None:
        """Set kinds, in bulk."""
        deciding.say_kind(self.session, [self.rows[one] for one in ids], kind)

    def found(self, query: str) -> set[int]:
        """Ids of the accounts a query finds."""
        by_row = {row: one for one, row in self.rows.items()}
        return {by_row[row] for row in querying.rows_of(self.session, query)}
