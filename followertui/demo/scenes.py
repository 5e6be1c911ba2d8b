"""The screenshots of the README, drawn by the program from the demo.

Owns which screens are drawn, after which keys, at which sizes. The same bytes every time:
seed and clock of the demo are fixed. ``followertui screenshots`` and a test call it.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import NamedTuple

from textual.pilot import Pilot

from followertui.demo.building import Recipe, build
from followertui.demo.opening import open_demo
from followertui.services.workbench import Workbench
from followertui.store.file.connection import Store
from followertui.ui.app import FollowerApp
from followertui.ui.screens.review.frame import ReviewScreen

RECIPE = Recipe(accounts=2000)


class Scene(NamedTuple):
    """One picture: file name, size in cells, keys pressed before it is drawn."""

    name: str
    size: tuple[int, int]
    keys: tuple[str, ...]


SCENES: tuple[Scene, ...] = (
    Scene("review-80x24", (80, 24), ("j", "j")),
    Scene("review-120x36", (120, 36), ("j",)),
    Scene("review-160x48", (160, 48), ("j",)),
    Scene("confirm-120x36", (120, 36), ("]",)),
    Scene("filter-120x36", (120, 36), ("/", *"is:leader match:none", "enter", "g", "*", "#", "k")),
    Scene("plan-120x36", (120, 36), ("/", *"is:leader match:none", "enter", "*", "x", "enter", "p")),
    Scene("today-120x36", (120, 36), ("f9", "j")),
    Scene("report-80x24", (80, 24), ("f2",)),
    Scene("report-120x36", (120, 36), ("f2",)),
    Scene("report-160x48", (160, 48), ("f2",)),
    Scene("redacted-120x36", (120, 36), ("j", ":", *"redact", "enter")),
    Scene("help-120x36", (120, 36), ("?",)),
)
"""Drawn in this order, each on the demo as it was built."""

_VOLATILE = re.compile(r"terminal-\d+-")


def draw_all(folder: Path) -> Iterator[Path]:
    """Draw every scene into a folder; yields each file as it is written."""
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / "demo.db"
        for _ in build(path, RECIPE, Event()):
            pass
        for scene in SCENES:
            target = folder / f"{scene.name}.svg"
            target.write_text(draw(path, scene), encoding="utf-8")
            yield target


def draw(store_path: Path, scene: Scene) -> str:
    """Draw one scene as SVG; what its keys decide is undone afterwards."""
    bench = open_demo(Store(store_path, must_exist=True), "you")
    bench.looks.remember_place({})
    try:
        return asyncio.run(_drawn(bench, scene))
    finally:
        while (entry := bench.session.journal.to_undo()) is not None and entry.reviewer == "you":
            if not bench.undo(force=True).entry_id:
                break
        bench.close()


async def _drawn(bench: Workbench, scene: Scene) -> str:
    app = FollowerApp(bench)
    async with app.run_test(size=scene.size) as pilot:
        await _settled(app, pilot)
        for key in scene.keys:
            await pilot.press(_named(key))
            await _settled(app, pilot)
        svg = app.export_screenshot(title="followertui")
    return _VOLATILE.sub("terminal-", svg)


async def _settled(app: FollowerApp, pilot: Pilot[None]) -> None:
    """Wait until background work has finished and the card shows the cursor's account."""
    await app.workers.wait_for_complete()
    await pilot.pause()
    while not app.key_gate.is_idle:
        await pilot.pause(0.02)
    for screen in app.screen_stack:
        while isinstance(screen, ReviewScreen) and not screen.cards.is_drawn():
            await pilot.pause(0.02)


def _named(key: str) -> str:
    """Textual's name of a typed key."""
    return {
        " ": "space", ":": "colon", "/": "slash", "*": "asterisk", "#": "number_sign", "]": "right_square_bracket",
        "?": "question_mark", "-": "minus", "%": "percent_sign", "$": "dollar_sign",
    }.get(key, key)  # fmt: skip
