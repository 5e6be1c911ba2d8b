"""How many keys the work of a week takes; each test prints its count."""

from __future__ import annotations

from collections.abc import Sequence

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

from followertui.services.workbench import Workbench
from followertui.ui.dialogs.looking import BulkLook


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


async def test_pruning_with_counts_and_a_sample_takes_14_keys(
    bench: Workbench, capsys: pytest.CaptureFixture[str]
) -> None:
    async with opened(bench, (120, 36)) as pilot:
        hands = Fingers(pilot)
        await hands.press("apostrophe")
        await hands.type("prun")
        await hands.press("enter")
        rows = list(review(pilot).table.keys)
        await hands.press("asterisk", "number_sign", "r", "escape", "percent_sign", "escape")
        await hands.press("x")
        assert set(rows) <= decisions(bench).keys()
        assert bench.plan_overview().groups
    told(capsys, f"prune {len(rows)} followed, counts by reason and a sample looked at", hands.count)
    assert hands.count <= 14


async def test_two_hundred_decisions_take_one_key_each(bench: Workbench, capsys: pytest.CaptureFixture[str]) -> None:
    async with opened(bench, queue_id="everyone") as pilot:
        hands = Fingers(pilot)
        for key in "axes" * 50:
            await hands.press(key)
    assert len(decisions(bench)) == 200
    told(capsys, "200 decisions", hands.count)
    assert hands.count == 200


async def test_confirmations_take_one_key_each(bench: Workbench, capsys: pytest.CaptureFixture[str]) -> None:
    waiting = len(rows_of(bench, "confirm"))
    asked = min(50, waiting)
    assert asked >= 20
    async with opened(bench, queue_id="confirm") as pilot:
        hands = Fingers(pilot)
        for _ in range(asked):
            await hands.press("y")
    assert len(match_words(bench)) == asked
    told(capsys, f"{asked} confirmations", hands.count)
    assert hands.count == asked


@pytest.fixture
def generic(bench: Workbench) -> Sequence[int]:
    """Rows of 300 accounts, as many as there are, whose only open match is a possible one with one employer."""
    store = bench.session.store
    rows = rows_of(bench, "everyone", "match:none")[:300]
    with store.write() as con:
        entry, entity = con.execute(
            "SELECT e.id, e.entity_id FROM entry e JOIN entity n ON n.id = e.entity_id "
            "JOIN list l ON l.id = e.list_id WHERE n.type = 'company' AND l.kind = 'customer' LIMIT 1"
        ).fetchone()
        con.executemany(
            "INSERT INTO match(row, entity_id, entry_id, relation, score, band, evidence, evidence_hash, probability) "
            "VALUES (?, ?, ?, 'works_at', 90, 'possible', '[]', 'made', 0.2)",
            [(row, entity, entry) for row in rows],
        )
        store.bump("match", rows)
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
