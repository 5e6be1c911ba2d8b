"""A list that grew touches few accounts; what comes of comparing only these is what comes of comparing all."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from followertui.domain.account import AccountRecord
from followertui.domain.clock import FixedClock, epoch
from followertui.domain.errors import Cancelled
from followertui.domain.progress import NeverCancelled
from followertui.services import worker_processes
from followertui.services.intake import importing
from followertui.services.intake.sources import Source
from followertui.services.intake.values import ImportChoices
from followertui.services.scoring import incremental
from followertui.services.session import Session
from followertui.services.workbench import Workbench
from followertui.store.file.connection import Store
from followertui.store.lists import listings, matches

FIRMS = (
    ("Brindle Freight", "brindle.de"), ("Quorvane Cargo", ""), ("Daily Record", "record-ohio.com"),
    ("The Daily Record", "record-wa.com"), ("Brindle", "brindle.de"), ("Zelphin Rail Group", "zelphin.io"),
)  # fmt: skip
PEOPLE = (("Dana Ortiz", "Brindle Freight"), ("William Ostrander", ""), ("Bill Ostrander", "Quorvane Cargo"))
NAMES = (
    "Brindle Freight", "Brindle", "Quorvane Kargo", "Daily Record", "Dana Ortiz", "Will Ostrander", "Zelphin Rail",
    "Carla Diaz", "Cats",
)  # fmt: skip
BIOS = ("", "ops at Quorvane Cargo", "CTO @brindle", "Daily Record, Ohio", "mail me: a@zelphin.io")

LINES = st.lists(st.integers(0, len(FIRMS) + len(PEOPLE) - 1), min_size=1, max_size=4, unique=True)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("profiles"), st.lists(st.tuples(st.integers(0, 8), st.integers(0, 4)), max_size=4)),
        st.tuples(st.just("new_list"), LINES),
        st.tuples(st.just("bought_list"), LINES),
        st.tuples(st.just("old_list"), LINES),
        st.tuples(st.just("confirm"), st.integers(0, 5)),
        st.tuples(st.just("forget"), st.integers(0, 5)),
        st.tuples(st.just("match"), st.just(0)),
    ),
    min_size=4,
    max_size=12,
)


def returned(job: Generator[Any, None, Any]) -> Any:
    while True:
        try:
            next(job)
        except StopIteration as end:
            return end.value


class Company:
    """A store to which files come in; matched whole each time or as the program sees fit."""

    def __init__(self, folder: Path, is_full: bool) -> None:
        folder.mkdir()
        self.folder, self.is_full, self.count = folder, is_full, 0
        self.clock = FixedClock(datetime(2026, 11, 1, tzinfo=UTC))
        self.bench = Workbench(Session(Store(folder / "store.db"), self.clock, "tester"))

    def run(self, step: tuple[str, Any]) -> None:
        self.clock.advance(timedelta(hours=1))
        self.count += 1
        getattr(self, step[0])(step[1])

    def profiles(self, made: list[tuple[int, int]]) -> None:
        records = [
            AccountRecord(x_id=100 + at, handle=f"user{at}x", name=NAMES[at], bio=BIOS[bio])
            for at, bio in dict(made).items()
        ]
        now, session = epoch(self.clock.now()), self.bench.session
        source = Source(what="accounts", name="test", rank=4, as_of=now, sha256=f"{self.count}", completeness="partial")
        returned(
            importing.import_records(
                session.store, session.journal, session.clock, source, [records], "follower", NeverCancelled()
            )
        )

    def new_list(self, lines: list[int], name: str = "", basis: str = "own-records") -> None:
        path = self.folder / f"{self.count}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["Record ID", "Company name", "Full name", "Website"])
            for at in lines:
                firm, site = FIRMS[at] if at < len(FIRMS) else (PEOPLE[at - len(FIRMS)][1], "")
                writer.writerow([f"r{at}", firm, "" if at < len(FIRMS) else PEOPLE[at - len(FIRMS)][0], site])
        choices = ImportChoices(
            what="list", kind="customer", name=name or f"List {self.count}", basis=basis,
            as_of=self.clock.now().isoformat(),
        )  # fmt: skip
        returned(self.bench.import_file(str(path), choices, NeverCancelled()))

    def bought_list(self, lines: list[int]) -> None:
        self.new_list(lines, basis="third-party")

    def old_list(self, lines: list[int]) -> None:
        self.new_list(lines, "Always the same")

    def confirm(self, which: int) -> None:
        found = sorted(matches.all_matches(self.bench.session.store), key=lambda m: (m.row, m.entity_id, m.relation))
        if found:
            self.bench.confirm([found[which % len(found)].id])

    def forget(self, which: int) -> None:
        known = listings.aliases(self.bench.session.store)
        if known:
            alias = known[which % len(known)]
            listings.forget(self.bench.session.store, alias.type, alias.value)

    def match(self, _: int = 0) -> Any:
        return returned(self.bench.match(self.is_full))

    def kept(self) -> list[tuple[Any, ...]]:
        return self.bench.session.store.con.execute(
            "SELECT row, entity_id, relation, entry_id, score, band, evidence, evidence_hash, is_stale FROM match "
            "ORDER BY 1, 2, 3"
        ).fetchall()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_comparing_whom_a_list_can_touch_is_comparing_everybody(
    monkeypatch: pytest.MonkeyPatch, steps: list[tuple[str, Any]]
) -> None:
    monkeypatch.setattr(incremental, "_MOST_SHARE", 1.0)
    with tempfile.TemporaryDirectory() as folder:
        partly, whole = Company(Path(folder) / "partly", False), Company(Path(folder) / "whole", True)
        start = [("profiles", [(at, at % 5) for at in range(9)]), ("new_list", [0, 2, 6]), ("match", 0)]
        try:
            for step in (*start, *steps, ("new_list", [1, 3]), ("match", 0)):
                partly.run(step)
                whole.run(step)
                if step[0] == "match":
                    # What is learned by confirming counts from the next change of the lists on.
                    if listings.aliases(partly.bench.session.store):
                        partly.run(("new_list", [4]))
                        whole.run(("new_list", [4]))
                        partly.match()
                        whole.match()
                    assert partly.kept() == whole.kept()
        finally:
            partly.bench.close()
            whole.bench.close()


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Company:
    monkeypatch.setattr(incremental, "_MOST_SHARE", 1.0)
    made = Company(tmp_path / "store", False)
    made.run(("profiles", [(at, 0) for at in range(9)]))
    made.run(("new_list", [0, 6]))
    assert made.match().accounts == 9
    return made


def test_only_whom_the_new_list_may_be_is_compared(large: Company) -> None:
    large.run(("new_list", [5]))
    report = large.match()
    assert (report.accounts, report.added) == (1, 1)
    assert large.match().accounts == 0
    large.bench.close()


def test_a_list_that_lost_an_entry_is_compared_with_everybody(large: Company) -> None:
    large.run(("old_list", [1, 2]))
    large.match()
    large.run(("old_list", [1]))
    assert large.match().accounts == 9
    large.bench.close()


def test_stopped_while_looking_everything_is_still_to_do(large: Company) -> None:
    large.run(("new_list", [5]))

    class Stopped:
        def is_set(self) -> bool:
            return True

    with pytest.raises(Cancelled, match="stopped before anything was compared"):
        returned(large.bench.match(False, Stopped()))
    assert large.match().accounts == 1
    large.bench.close()


def test_helpers_look_for_the_same_accounts(large: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_processes, "SHARED_FROM", 0)
    monkeypatch.setattr(incremental, "_READ", 3)
    large.run(("new_list", [5]))
    report = large.match()
    assert (report.accounts, report.added) == (1, 1)
    large.bench.close()
