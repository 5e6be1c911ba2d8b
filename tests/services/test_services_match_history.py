"""Random histories of imports, rematches and decisions: a word changes only by a person.

No confirmed or rejected pair ever changes by itself, every changed basis is raised once,
undo restores.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from followertui.domain.account import AccountRecord
from followertui.domain.clock import FixedClock, epoch
from followertui.domain.progress import NeverCancelled
from followertui.services.intake import importing
from followertui.services.intake.sources import Source
from followertui.services.intake.values import ImportChoices
from followertui.services.scoring import matching
from followertui.services.session import Session
from followertui.services.workbench import Workbench
from followertui.store.file.connection import Store
from followertui.store.lists import matches

FIRMS = ("Brindle Freight", "Quorvane Cargo", "Zelphin Rail")
BIOS = ("Official account of {firm}", "News from {firm} and friends", "{firm}: haulage since 1950")

Pair = tuple[int, int, str]

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("profile"), st.integers(0, 2), st.integers(0, 2)),
        st.tuples(st.just("rematch"), st.booleans(), st.just(0)),
        st.tuples(st.just("list"), st.integers(1, 3), st.just(0)),
        st.tuples(st.just("confirm"), st.integers(0, 5), st.just(0)),
        st.tuples(st.just("reject"), st.integers(0, 5), st.just(0)),
        st.tuples(st.just("undo"), st.just(0), st.just(0)),
    ),
    min_size=4,
    max_size=14,
)


class History:
    """A small store, and beside it what a person said: pair -> (state, fingerprint when said)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = FixedClock(datetime(2026, 11, 1, tzinfo=UTC))
        self.bench = Workbench(Session(Store(folder / "store.db"), self.clock, "tester"))
        self.said: dict[Pair, tuple[str, str]] = {}
        self.undoable: list[Callable[[], None] | None] = []
        for firm in range(3):
            self.profile(firm, 0)
        self.list(3, 0)
        self.rematch(True, 0)

    def run(self, step: tuple[str, int, int]) -> None:
        self.clock.advance(timedelta(hours=1))
        getattr(self, step[0])(step[1], step[2])

    def profile(self, firm: int, bio: int) -> None:
        record = AccountRecord(
            x_id=100 + firm, handle=f"firm{firm}", name=FIRMS[firm], bio=BIOS[bio].format(firm=FIRMS[firm])
        )
        now = epoch(self.clock.now())
        source = Source(
            what="accounts", name="test", rank=4, as_of=now, sha256=f"{now}:{firm}:{bio}", completeness="partial"
        )
        session = self.bench.session
        for _ in importing.import_records(
            session.store, session.journal, session.clock, source, [[record]], "follower", NeverCancelled()
        ):
            pass
        self.undoable.append(None)

    def list(self, count: int, _: int) -> None:
        path = self.folder / "firms.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["Record ID", "Company name"])
            writer.writerows([[str(n), FIRMS[n]] for n in range(count)])
        choices = ImportChoices(
            what="list", kind="customer", name="Firms", basis="own-records", as_of=self.clock.now().isoformat()
        )
        report = None
        job = self.bench.import_file(str(path), choices, NeverCancelled())
        while report is None:
            try:
                next(job)
            except StopIteration as end:
                report = end.value
        if not report.is_repeat:
            self.undoable.append(None)

    def rematch(self, is_full: bool, _: int) -> None:
        for _step in self.bench.match(is_full, NeverCancelled()):
            pass

    def confirm(self, which: int, _: int) -> None:
        self._say(which, "confirmed")

    def reject(self, which: int, _: int) -> None:
        self._say(which, "rejected")

    def _say(self, which: int, state: str) -> None:
        found = matches.all_matches(self.bench.session.store)
        if not found:
            return
        match = found[which % len(found)]
        pair = (match.row, match.entity_id, match.relation.value)
        before = self.said.get(pair)
        gesture = self.bench.confirm([match.id]) if state == "confirmed" else self.bench.reject([match.id])
        self.said[pair] = (state, match.evidence_hash)
        if gesture.entry_id:
            self.undoable.append(lambda: self._put(pair, before))

    def _put(self, pair: Pair, value: tuple[str, str] | None) -> None:
        if value is None:
            del self.said[pair]
        else:
            self.said[pair] = value

    def undo(self, _one: int, _other: int) -> None:
        if not self.undoable or self.undoable[-1] is None:
            return
        assert self.bench.undo(force=True).entry_id
        way_back = self.undoable.pop()
        assert way_back is not None
        way_back()

    def check_words(self) -> None:
        found = {(m.row, m.entity_id, m.relation.value): m for m in matches.all_matches(self.bench.session.store)}
        words = {pair: m.state.value for pair, m in found.items() if m.state.value != "unreviewed"}
        assert words == {pair: state for pair, (state, _) in self.said.items()}
        for pair, (_, basis) in self.said.items():
            assert found[pair].is_changed == (found[pair].evidence_hash != basis)
        asked = {
            row for (row, *_), m in found.items() if not m.is_stale and (m.state.value == "unreviewed" or m.is_changed)
        }
        shown = {int(row) for row in self.bench.open_view("", "match:certain OR match:likely OR match:possible").rows}
        assert shown == asked


@settings(max_examples=12, deadline=None)
@given(STEPS)
def test_only_a_person_changes_a_word(steps: list[tuple[str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        history = History(Path(folder))
        try:
            history.check_words()
            for step in steps:
                history.run(step)
                history.check_words()
        finally:
            history.bench.close()


def test_a_changed_basis_is_raised_once(tmp_path: Path) -> None:
    history = History(tmp_path)
    history.confirm(0, 0)
    history.clock.advance(timedelta(hours=1))
    history.profile(0, 2)
    raised = []
    for _ in range(2):
        job = history.bench.match(True, NeverCancelled())
        while True:
            try:
                next(job)
            except StopIteration as end:
                raised.append(end.value.raised)
                break
    assert raised == [1, 0]
    history.bench.close()


def test_who_bears_what_confirming_taught_is_compared_again(tmp_path: Path) -> None:
    history = History(tmp_path)
    session, bench = history.bench.session, history.bench

    def bring(x_id: int, handle: str, name: str, bio: str) -> None:
        now = epoch(history.clock.now())
        source = Source(what="accounts", name="t", rank=4, as_of=now, sha256=f"{x_id}:{now}", completeness="partial")
        batch = [AccountRecord(x_id=x_id, handle=handle, name=name, bio=bio, site="https://brindle.example.com")]
        for _ in importing.import_records(
            session.store, session.journal, session.clock, source, [batch], "follower", NeverCancelled()
        ):
            pass

    bring(500, "brindle_go", "Brindle Go", "Official account of Brindle Freight")
    bring(501, "someone", "Ada Berg", "Engineer at Brindle Go in Ulm")
    history.rematch(False, 0)
    ids = dict(session.store.con.execute("SELECT x_id, row FROM account"))
    found = [match for match in matches.all_matches(session.store) if match.row == ids[500]]
    assert found
    assert [match for match in matches.all_matches(session.store) if match.row == ids[501]] == []
    bench.confirm([found[0].id])
    assert matching.is_behind(session)
    history.rematch(False, 0)
    assert not matching.is_behind(session)
    assert [match.relation for match in matches.all_matches(session.store) if match.row == ids[501]] == ["works_at"]
    bench.undo()
    history.rematch(False, 0)
    assert [match for match in matches.all_matches(session.store) if match.row == ids[501]] == []
