"""Pictures of the main screens; they hold for the pinned Textual version only."""

from __future__ import annotations

from typing import Any

import pytest
from fake_workbench import FakeWorkbench
from screen_support import app_on, press, settle
from test_ui_first_minutes import FakeWelcome

PICTURES: dict[str, tuple[tuple[int, int], tuple[str, ...]]] = {
    "review": ((80, 24), ("space", "j", "x")),
    "review_wide": ((120, 36), ("j",)),
    "review_broad": ((160, 48), ("j", "x")),
    "confirm": ((120, 36), ("right_square_bracket",)),
    "plan": ((80, 24), ("p",)),
}


@pytest.mark.parametrize("name", PICTURES)
def test_it_looks_as_it_did(snap_compare: Any, name: str) -> None:
    size, keys = PICTURES[name]

    async def before(pilot: Any) -> None:
        await settle(pilot)
        await press(pilot, *keys)

    assert snap_compare(app_on(FakeWorkbench(500)), terminal_size=size, run_before=before)


def test_the_doors_look_as_they_did(snap_compare: Any) -> None:
    assert snap_compare(app_on(None, welcome=FakeWelcome()), terminal_size=(80, 24), run_before=settle)
