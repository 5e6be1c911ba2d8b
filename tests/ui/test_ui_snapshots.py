"""Pictures of the main screens on the demo's store; they hold for the pinned Textual version only."""

from __future__ import annotations

from typing import Any

import pytest
from screen_support import app_on, press, rows_of, settle

from followertui.domain.decision import Decision
from followertui.services.workbench import Workbench

PICTURES: dict[str, tuple[tuple[int, int], tuple[str, ...]]] = {
    "review": ((80, 24), ("space", "j", "x")),
    "review_wide": ((120, 36), ("j",)),
    "review_broad": ((160, 48), ("j", "x")),
    "confirm": ((120, 36), ("right_square_bracket",)),
    "plan": ((80, 24), ("p",)),
}


@pytest.mark.parametrize("name", PICTURES)
def test_it_looks_as_it_did(snap_compare: Any, bench: Workbench, name: str) -> None:
    size, keys = PICTURES[name]
    bench.decide(rows_of(bench, "everyone", "is:leader match:none")[:40:5], Decision.OUT)
    bench.decide(rows_of(bench, "guarded")[:3], Decision.OUT)
    # The first paint shows the counts of last time: the same ones, whenever those of now arrive.
    bench.refresh_counts()

    async def before(pilot: Any) -> None:
        await settle(pilot)
        await press(pilot, *keys)

    assert snap_compare(app_on(bench), terminal_size=size, run_before=before)


def test_the_welcome_looks_as_it_did(snap_compare: Any) -> None:
    assert snap_compare(app_on(None), terminal_size=(80, 24), run_before=settle)
