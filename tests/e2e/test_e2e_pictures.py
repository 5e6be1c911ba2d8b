"""The README tells the truth: its pictures and its key table are what the program writes."""

from __future__ import annotations

from pathlib import Path

from followertui.cli.maintenance import readme_key_lines
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


def test_the_readme_shows_the_keys_in_force() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = text.split("checked by a test -->\n", 1)[1].split("<!-- end of keys -->", 1)[0]
    assert table.splitlines() == readme_key_lines(), "put what `followertui keys --readme` prints into README.md"


def test_the_readme_s_commands_are_what_ci_runs() -> None:
    readme, ci = (ROOT / name for name in ("README.md", ".ci/run"))
    tests = [line for line in readme.read_text(encoding="utf-8").splitlines() if "pytest" in line and "venv" in line]
    assert len(tests) == 1
    assert tests[0] in ci.read_text(encoding="utf-8").splitlines()
