"""The README tells the truth: its pictures and its key table are what the program writes."""

from __future__ import annotations

from pathlib import Path

from followertui.demo.scenes import SCENES, draw_all

ROOT = Path(__file__).parents[2]


def test_the_pictures_are_what_the_program_draws(tmp_path: Path) -> None:
    drawn = list(draw_all(tmp_path))
    assert len(drawn) == len(SCENES)
    kept = sorted(path.name for path in (ROOT / "screenshots").glob("*.svg"))
    assert kept == sorted(path.name for path in drawn)
    different = [
        path.name
        for path in drawn
        if (ROOT / "screenshots" / path.name).read_text(encoding="utf-8") != path.read_text(encoding="utf-8")
    ]
    assert not different, f"run `followertui screenshots` and look at {different}"
