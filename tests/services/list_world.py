"""A store to which accounts and lists come in as a person brings them, for tests of whole paths."""

from __future__ import annotations

import csv
from collections.abc import Generator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from followertui.domain.account import AccountRecord
from followertui.domain.clock import FixedClock, epoch
from followertui.domain.progress import NeverCancelled
from followertui.services.care import exporting
from followertui.services.intake import importing
from followertui.services.intake.sources import Source
from followertui.services.intake.values import ImportChoices, ImportReport
from followertui.services.session import Session
from followertui.services.workbench import Workbench
from followertui.store.file.connection import Store
from followertui.store.lists import matches
from followertui.store.lists.matches import StoredMatch


def returned(job: Generator[Any, None, Any]) -> Any:
    """What a job returns."""
    while True:
        try:
            next(job)
        except StopIteration as end:
            return end.value


class ListWorld:
    """A store, and the verbs a test needs; every step takes an hour.

    Args:
        folder: where store and files go.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = FixedClock(datetime(2026, 11, 1, tzinfo=UTC))
        self.bench = Workbench(Session(Store(folder / "store.db"), self.clock, "tester"))
        self.session = self.bench.session
        self._count = 0

    def accounts(self, *made: Mapping[str, Any], relation: str = "following") -> None:
        """Bring accounts in: fields of ``AccountRecord`` each."""
        self._step()
        now = epoch(self.clock.now())
        source = Source(what="accounts", name="t", rank=4, as_of=now, sha256=f"{self._count}", completeness="partial")
        session, batch = self.session, [AccountRecord(**fields) for fields in made]
        returned(
            importing.import_records(
                session.store, session.journal, session.clock, source, [batch], relation, NeverCancelled()
            )
        )

    def list(
        self, header: Sequence[str], *lines: Sequence[str], name: str = "List", kind: str = "customer",
        basis: str = "own-records",
    ) -> ImportReport:  # fmt: skip
        """Bring a list in."""
        self._step()
        path = self.folder / f"{self._count}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *lines])
        choices = ImportChoices(what="list", kind=kind, name=name, basis=basis, as_of=self.clock.now().isoformat())
        report: ImportReport = returned(self.bench.import_file(str(path), choices, NeverCancelled()))
        return report

    def match(self, full: bool = False) -> Any:
        """Compare what is to be compared."""
        return returned(self.bench.match(full))

    def row(self, handle: str) -> int:
        """Row number of the account that has a handle now."""
        return int(self.session.store.con.execute("SELECT row FROM account WHERE handle = ?", [handle]).fetchone()[0])

    def ties(self, handle: str) -> list[StoredMatch]:
        """Matches of an account."""
        return matches.matches_of(self.session.store, [self.row(handle)])

    def found(self, query: str) -> set[str]:
        """Handles of the accounts a query holds for."""
        rows = self.session.evaluator.rows(self.session.parse(query), self.session.now).tolist()
        names = dict(self.session.store.con.execute("SELECT row, handle FROM account"))
        return {names[row] for row in rows}

    def records(self) -> list[dict[str, Any]]:
        """What ``matches --json`` prints."""
        return list(exporting.match_records(self.session))

    def _step(self) -> None:
        self._count += 1
        self.clock.advance(timedelta(hours=1))
