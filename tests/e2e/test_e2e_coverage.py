"""Coverage of real lists equals the truth once a person has answered every match."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from followertui.domain.clock import FixedClock, from_epoch
from followertui.domain.match import MatchState
from followertui.domain.progress import drained
from followertui.services.insight import company_brief, discovery
from followertui.services.intake.values import ImportChoices
from followertui.services.review import deciding
from followertui.services.session import Session
from followertui.services.workbench import Workbench
from followertui.store.file.connection import Store
from followertui.store.lists import listings

DATA = next(
    (found for up in Path(__file__).parents if (found := up / "shared" / "data" / "match-benchmark").is_dir()), None
)
pytestmark = [pytest.mark.slow, pytest.mark.skipif(DATA is None, reason="the shared data is not here")]

NOW = 1_790_000_000


def lines_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    """The accounts, every third of them a follower, and the six lists, compared."""
    assert DATA is not None
    made = Workbench(Session(Store(tmp_path / "store.db"), FixedClock(from_epoch(NOW)), "me"))
    accounts = lines_of(DATA / "accounts.csv")
    for part, relation in enumerate(("follower", "none", "none")):
        path = tmp_path / f"{part}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, accounts[0])
            writer.writeheader()
            writer.writerows(accounts[part::3])
        choices = ImportChoices(what="accounts", relation=relation, as_of="2026-11-01", completeness="complete")
        drained(made.import_file(str(path), choices))
    for path in sorted((DATA / "lists").iterdir()):
        choices = ImportChoices(what="list", kind="prospect", name=path.stem, basis="public-directory")
        drained(made.import_file(str(path), choices))
    drained(made.match())
    yield made
    made.close()


def test_coverage_equals_the_truth_of_the_confirmed_matches(bench: Workbench) -> None:
    assert DATA is not None
    store = bench.session.store
    entry_at = {
        (path.stem, one["entry_id"]): line
        for path in (DATA / "lists").iterdir()
        for line, one in enumerate(lines_of(path), start=2)
    }
    rows = {handle.lower(): row for row, handle in store.con.execute("SELECT row, handle FROM account") if handle}
    entities = {(one.list, one.line): one.entity_id for one in listings.current_entries(store)}
    right: dict[int, set[int]] = defaultdict(set)
    named: dict[tuple[int, int], tuple[str, int, str]] = {}
    for one in lines_of(DATA / "gold.csv"):
        at = (one["list"], entry_at[one["list"], one["entry_id"]])
        row = rows.get(one["handle"].lower())
        if row is not None and at in entities:
            right[entities[at]].add(row)
            named[entities[at], row] = (*at, one["handle"])
    answers: dict[MatchState, list[int]] = {MatchState.CONFIRMED: [], MatchState.REJECTED: []}
    for number, entity, row in store.con.execute("SELECT id, entity_id, row FROM match").fetchall():
        is_right = row in right[entity]
        answers[MatchState.CONFIRMED if is_right else MatchState.REJECTED].append(number)
        named.pop((entity, row), None)
    for state, numbers in answers.items():
        deciding.say_match(bench.session, numbers, state)
    for name, line, handle in named.values():
        discovery.answer(bench.session, name, line, f"@{handle}", MatchState.CONFIRMED)
    followers = {line[0] for line in store.con.execute("SELECT row FROM relation_now WHERE direction = 'follower'")}
    summaries = {one["list"]: one for one in company_brief.coverage_summary(bench.session)}
    checked = 0
    for path in sorted((DATA / "lists").iterdir()):
        counts = {"confirmed": 0, "follows_us": 0}
        for one in company_brief.coverage(bench.session, path.stem):
            truth = right[entities[path.stem, one["line"]]]
            assert {rows[handle.lower()] for handle in (*one["on_x"], *one["people"])} == truth
            assert one["follows_us"] == bool(truth & followers)
            counts["confirmed"] += bool(truth)
            counts["follows_us"] += bool(truth & followers)
            checked += len(truth)
        summary = summaries[path.stem]
        assert {key: summary[key] for key in counts} == counts
        assert (summary["on_x"], summary["possible"]) == (counts["confirmed"], 0)
    print(f"{checked:,} confirmed pairs in six lists, coverage equals all of them")
    assert checked > 3_000
