"""Hostile text on every screen and dialog: nothing acts, nothing is read as markup, nothing breaks."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hostile_store import make_hostile
from screen_support import begin_at, opened, press, rows_of, screen_lines, screen_text, settle, type_text

from followertui.domain.decision import Decision
from followertui.services.workbench import Workbench

BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

WAYS: dict[str, tuple[str, ...]] = {
    "review": (),
    "confirm": ("right_square_bracket",),
    "second match": ("right_square_bracket", "tab"),
    "whole card": ("enter",),
    "kind": ("c",),
    "tags": ("t",),
    "note": ("n",),
    "count fields": ("number_sign",),
    "count values": ("number_sign", "k"),
    "count companies": ("number_sign", *"company", "enter"),
    "sample": ("percent_sign",),
    "alike": ("equals_sign",),
    "bulk look": ("asterisk", "x"),
    "queues": ("apostrophe",),
    "sort": ("S",),
    "palette": ("colon",),
    "journal": ("J",),
    "about": ("A",),
    "drop view": ("colon", *"dropview", "enter"),
    "completion": ("slash", *"list:"),
    "plan": ("p",),
    "plan card": ("p", "enter"),
    "plan figures": ("p", "number_sign"),
    "typed count": ("p", "dollar_sign"),
    "by hand": ("p", "h", "y"),
    "release": ("R",),
    "decided": ("x", "x", "u"),
}
PLAIN = {"sort", "palette", "about", "count fields"}
"""Ways to what shows words of our own only."""
MARKED = "CEO [/ founder]"


@pytest.fixture
def hostile(bench: Workbench) -> Workbench:
    """A store full of hostile text, the cursor on an account with matches, something planned."""
    guarded, free = rows_of(bench, "guarded"), rows_of(bench, "everyone", "is:following -is:guarded")
    bench.decide([*guarded[:2], *free[:4]], Decision.OUT)
    row = rows_of(bench, "confirm")[0]
    make_hostile(bench)
    begin_at(bench, row)
    return bench


def assert_harmless(lines: list[str]) -> None:
    for shown in lines:
        for char in shown:
            assert char not in BIDI
            assert unicodedata.category(char) not in ("Cc", "Cs"), ascii(shown)


@pytest.mark.parametrize("way", WAYS)
async def test_hostile_text_is_only_text(hostile: Workbench, way: str) -> None:
    async with opened(hostile, (120, 36)) as pilot:
        await press(pilot, *WAYS[way])
        assert_harmless(screen_lines(pilot))
        assert pilot.app.is_running
        assert "went wrong" not in screen_text(pilot)
        assert way in PLAIN or "CEO [/" in screen_text(pilot)
        assert not [
            segment.style.meta
            for strip in pilot.app.screen._compositor.render_strips()
            for segment in strip
            if segment.style is not None and "@click" in segment.style.meta
        ]


async def test_markup_in_a_bio_is_shown_as_it_stands(hostile: Workbench) -> None:
    async with opened(hostile, (120, 40)) as pilot:
        await press(pilot, "enter")
        shown = screen_text(pilot)
        assert "CEO [/ founder] [@click=app.quit]x[/]" in shown
        assert "[red]a b c = 1" in " ".join(shown.split())


async def test_an_import_shows_hostile_cells_harmlessly(bench: Workbench, tmp_path: Path) -> None:
    path = tmp_path / "list [b]of.csv"
    path.write_text(
        'Company,Website,[red]Owner\n"CEO [/ founder] \x1b[2J\u202eevil",a.example,"[@click=app.quit]x[/]"\n'
    )
    async with opened(bench, (120, 36)) as pilot:
        await press(pilot, "I")
        await type_text(pilot, f"{tmp_path}/list")
        await settle(pilot)
        assert "list [b]of.csv" in screen_text(pilot)
        await press(pilot, "down", "enter", "c", "enter", "1")
        assert_harmless(screen_lines(pilot))
        assert MARKED in screen_text(pilot)
        await press(pilot, "down", "down", "down", "enter")
        assert "[red]Owner" in screen_text(pilot)
        assert_harmless(screen_lines(pilot))


def test_no_widget_of_ours_reads_markup() -> None:
    """Every list is made with ``markup=False`` and every Static is fed content, never foreign strings."""
    source = Path(__file__).parents[2] / "followertui" / "ui"
    for path in source.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "from_markup" not in text, path
        assert text.count("OptionList(id=") == text.count("markup=False, compact=True)"), path
