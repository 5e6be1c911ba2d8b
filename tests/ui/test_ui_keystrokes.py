"""How many keys the work of a week takes; each test prints its count."""

from __future__ import annotations

import csv
import random
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from screen_support import (
    decisions,
    match_words,
    opened,
    press,
    review,
    rows_of,
    screen_text,
    settle,
    type_text,
)
from textual.pilot import Pilot

from followertui.services.intake.values import ImportChoices
from followertui.services.session import Session
from followertui.services.workbench import Workbench
from followertui.store.file.connection import Store
from followertui.ui.dialogs.looking import BulkLook, Sample


class Fingers:
    """Presses keys and counts them.

    Args:
        pilot: of the app.
    """

    def __init__(self, pilot: Pilot[None]) -> None:
        self.pilot = pilot
        self.count = 0

    async def press(self, *keys: str) -> None:
        """Press keys by name."""
        self.count += len(keys)
        await press(self.pilot, *keys)

    async def type(self, text: str) -> None:
        """Type letters."""
        self.count += len(text)
        await type_text(self.pilot, text)


def told(capsys: pytest.CaptureFixture[str], what: str, keys: int) -> None:
    with capsys.disabled():
        print(f"\n  {what}: {keys} keys")


FOLLOWED = 8000
WORDS = ("freight", "trains", "coffee", "growth", "data", "sports", "music", "travel", "crypto", "design", "cloud")
HEAD = ("id", "username", "name", "description", "followers_count", "following_count", "tweet_count", "created_at")


def write_accounts(path: Path, numbers: range) -> str:
    """A table of made-up accounts, silent for years; the same number is the same account."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow([*HEAD, "last tweet at"])
        for number in numbers:
            dice = random.Random(number)
            name, bio = " ".join(dice.choices(WORDS, k=2)), " ".join(dice.choices(WORDS, k=5))
            counts = [dice.randint(1, 900), dice.randint(100, 5000), dice.randint(1, 400)]
            posted = f"20{dice.randint(16, 23)}-0{dice.randint(1, 9)}-11"
            table.writerow([7_000_000_000 + number, f"f{number}", name, bio, *counts, "2012-05-01", posted])
    return str(path)


@pytest.fixture
def followed(tmp_path: Path) -> Iterator[Workbench]:
    """A store of nothing but exports: 300 followers whom we follow back, and 8,000 others we follow."""
    bench = Workbench(Session(Store(tmp_path / "own.db"), reviewer="tester"))
    for relation, numbers in (("follower", range(300)), ("following", range(FOLLOWED + 300))):
        path = write_accounts(tmp_path / f"{relation}.csv", numbers)
        returned(bench.import_file(path, ImportChoices(relation=relation, completeness="complete")))
    returned(bench.catch_up())
    yield bench
    bench.close()


def returned(job: Generator[Any, None, Any]) -> Any:
    """Run a job to its end."""
    while True:
        try:
            next(job)
        except StopIteration as end:
            return end.value


async def test_pruning_8000_with_counts_and_a_sample_takes_14_keys(
    followed: Workbench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench = followed
    async with opened(bench, (120, 36)) as pilot:
        hands = Fingers(pilot)
        await hands.press("apostrophe")
        await hands.type("not f")
        await hands.press("enter")
        rows = list(review(pilot).table.keys)
        assert len(rows) == FOLLOWED
        await hands.press("asterisk", "number_sign", "r")
        assert "only N posts" in screen_text(pilot)
        await hands.press("escape", "percent_sign")
        assert isinstance(pilot.app.screen, Sample)
        await hands.press("escape", "x")
    out = {row for row, decision in decisions(bench).items() if decision == "out"}
    assert out == set(rows)
    planned = bench.session.store.con.execute(
        "SELECT count(*) FROM plan_item WHERE action = 'unfollow' AND state = 'planned'"
    ).fetchone()[0]
    assert planned == FOLLOWED
    told(
        capsys,
        f"prune {planned:,} of {FOLLOWED + 300:,} followed, counts by reason and a sample looked at",
        hands.count,
    )
    assert hands.count <= 14


async def test_two_hundred_decisions_take_one_key_each(bench: Workbench, capsys: pytest.CaptureFixture[str]) -> None:
    async with opened(bench, queue_id="everyone") as pilot:
        hands = Fingers(pilot)
        for key in "axes" * 50:
            await hands.press(key)
    assert len(decisions(bench)) == 200
    told(capsys, "200 decisions", hands.count)
    assert hands.count == 200


def add_matches(bench: Workbench, rows: Sequence[int], band: str, score: int, probability: float) -> None:
    """Match accounts with one company of a customer list."""
    store = bench.session.store
    with store.write() as con:
        entry, entity = con.execute(
            "SELECT e.id, e.entity_id FROM entry e JOIN entity n ON n.id = e.entity_id "
            "JOIN list l ON l.id = e.list_id WHERE n.type = 'company' AND l.kind = 'customer' LIMIT 1"
        ).fetchone()
        con.executemany(
            "INSERT INTO match(row, entity_id, entry_id, relation, score, band, evidence, evidence_hash, probability) "
            "VALUES (?, ?, ?, 'works_at', ?, ?, '[]', 'made', ?)",
            [(row, entity, entry, score, band, probability) for row in rows],
        )
        store.bump("match", rows)


async def test_fifty_confirmations_take_one_key_each(bench: Workbench, capsys: pytest.CaptureFixture[str]) -> None:
    add_matches(bench, rows_of(bench, "everyone", "match:none has:handle")[:30], "likely", 92, 0.8)
    assert len(rows_of(bench, "confirm")) >= 50
    async with opened(bench, queue_id="confirm") as pilot:
        hands = Fingers(pilot)
        for _ in range(50):
            await hands.press("y")
    assert list(match_words(bench).values()) == ["confirmed"] * 50
    told(capsys, "50 confirmations", hands.count)
    assert hands.count == 50


@pytest.fixture
def generic(bench: Workbench) -> Sequence[int]:
    """Rows of 300 accounts whose only open match is a possible one with one employer."""
    rows = rows_of(bench, "everyone", "match:none")[:300]
    assert len(rows) == 300
    add_matches(bench, rows, "possible", 90, 0.2)
    return rows


async def test_rejecting_a_generic_employer_after_a_sample_takes_8_keys(
    bench: Workbench, generic: Sequence[int], capsys: pytest.CaptureFixture[str]
) -> None:
    bench.looks.remember_place({"queue": "everyone", "filter": "", "row": None, "rows": {"possible": generic[0]}})
    async with opened(bench, (120, 36)) as pilot:
        hands = Fingers(pilot)
        await hands.press("apostrophe")
        await hands.type("po")
        await hands.press("enter")
        await settle(pilot)
        while review(pilot).table.key not in generic:
            await hands.press("j")
        await hands.press("equals_sign", "1")
        assert len(review(pilot).table.marks) >= len(generic)
        await hands.press("n")
        assert isinstance(pilot.app.screen, BulkLook)
        assert f"reject {len(review(pilot).table.marks):,} matches" in screen_text(pilot)
        assert "at random" in screen_text(pilot)
        await hands.press("enter")
    rejected = [match for match, state in match_words(bench).items() if state == "rejected"]
    assert len(rejected) >= len(generic)
    told(capsys, f"reject {len(rejected)} possible matches of one employer after a sample", hands.count)
    assert hands.count <= 8
