"""A thousand random keys, in bursts and with resizes: no crash, a consistent journal, and undo restores every table."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from screen_support import CHARACTERS, _send, opened, review, settle
from textual.pilot import Pilot

from followertui.services.workbench import Workbench
from followertui.ui.commands import COMMANDS, Place
from followertui.ui.keymap import textual_name

KEYS = 1000
BURST = 25
LEFT_OUT = {"quit", "back", "suspend", "palette", "plan.apply", "plan.hand", "demo.week", "import", "draw"}
"""Verbs that end the program, carry things out, or start work that is no gesture."""
SIZES = [(60, 20), (80, 24), (120, 36), (200, 50)]
TABLES = {
    "decision": "row, decision, due_at",
    "kind_word": "row, kind",
    "tagged": "tag_id, row",
    "note": "row, text",
    "match_word": "match_id, state",
    "look": "row",
    "blind_look": "row, hidden",
    "release": "row, guard",
    "plan_item": "row, action, object, state",
}
"""Tables a gesture touches -> what must be as it was."""


def pressable() -> list[str]:
    keys = {
        key
        for command in COMMANDS.values()
        if command.id not in LEFT_OUT and command.where & {Place.REVIEW, Place.CONFIRM, Place.PLAN}
        for key in command.keys
    }
    return sorted(keys - {"ctrl+q", "q", "ctrl+z"}) + list("axefsyn.uUc") * 5 + ["escape"] * 12


def tables(bench: Workbench) -> dict[str, list[tuple[object, ...]]]:
    con = bench.session.store.con
    return {
        name: sorted(con.execute(f"SELECT {columns} FROM {name}").fetchall(), key=repr)
        for name, columns in TABLES.items()
    }


async def back_to_review(pilot: Pilot[None]) -> None:
    """Close whatever is open."""
    for _ in range(12):
        if pilot.app.screen is review(pilot):
            return
        _send(pilot, "escape")
        await settle(pilot)
        if pilot.app.screen is not review(pilot):
            _send(pilot, "q", "q")
            await settle(pilot)
    raise AssertionError(f"{pilot.app.screen} does not close")


@pytest.mark.parametrize("seed", [11, 2026])
async def test_random_keys_can_all_be_undone(
    bench: Workbench, seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    dice, keys, before = random.Random(seed), pressable(), tables(bench)
    journal = bench.session.journal
    first = journal.entries(1)[0].id
    async with opened(bench, SIZES[2], queue_id="everyone") as pilot:
        for sent in range(0, KEYS, BURST):
            for key in dice.choices(keys, k=BURST):
                name = textual_name(key)
                _send(pilot, name, key if len(key) == 1 else CHARACTERS.get(name))
            await settle(pilot)
            if dice.random() < 0.3:
                await pilot.resize_terminal(*dice.choice(SIZES))
                await settle(pilot)
            assert pilot.app.is_running, sent
            await back_to_review(pilot)
        assert pilot.app.unforeseen == []
    entries = [entry for entry in journal.entries(10_000) if entry.id > first]
    assert len(entries) > 20, "the keys decided too little to tell anything"
    by_id = {entry.id: entry for entry in entries}
    for entry in entries:
        if entry.undone_by is not None:
            assert by_id[entry.undone_by].inverse_of == entry.id
    steps = 0
    while (entry := journal.to_undo()) is not None and entry.id > first:
        bench.undo(force=True)
        steps += 1
    assert steps > 10
    assert tables(bench) == before
