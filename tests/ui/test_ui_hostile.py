"""Hostile text on every screen and dialog: nothing acts, nothing is read as markup, nothing breaks."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from fake_workbench import FakeWorkbench
from screen_support import opened, press, screen_lines, screen_text, settle, type_text

BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

WAYS: dict[str, tuple[str, ...]] = {
    "review": (),
    "confirm": ("right_square_bracket",),
    "second match": ("right_square_bracket", "j", "tab"),
    "whole card": ("enter",),
    "kind": ("c",),
    "tags": ("t",),
    "note": ("n",),
    "count fields": ("number_sign",),
    "count values": ("number_sign", "k"),
    "sample": ("percent_sign",),
    "alike": ("equals_sign",),
    "bulk look": ("asterisk", "x"),
    "queues": ("apostrophe",),
    "sort": ("S",),
    "palette": ("colon",),
    "journal": ("J",),
    "about": ("A",),
    "plan": ("p",),
    "plan card": ("p", "enter"),
    "plan figures": ("p", "number_sign"),
    "typed count": ("p", "dollar_sign"),
    "by hand": ("p", "h", "y"),
    "release": ("j", "R"),
    "decided": ("x", "x", "u"),
}


def assert_harmless(lines: list[str]) -> None:
    for shown in lines:
        for char in shown:
            assert char not in BIDI
            assert unicodedata.category(char) not in ("Cc", "Cs"), ascii(shown)


@pytest.mark.parametrize("way", WAYS)
async def test_hostile_text_is_only_text(way: str) -> None:
    bench = FakeWorkbench(120, hostile=True)
    bench.saved["[b]view[/b]"] = "is:new"
    async with opened(bench, (120, 36)) as pilot:
        await press(pilot, *WAYS[way])
        assert_harmless(screen_lines(pilot))
        assert pilot.app.is_running


async def test_markup_in_a_bio_is_shown_as_it_stands() -> None:
    async with opened(FakeWorkbench(50, hostile=True), (120, 40)) as pilot:
        await press(pilot, "enter")
        shown = screen_text(pilot)
        assert "CEO [/ founder] [@click=app.quit]x[/]" in shown
        assert "[red]a b c = 1" in " ".join(shown.split())
        meta = [
            segment.style.meta
            for strip in pilot.app.screen._compositor.render_strips()
            for segment in strip
            if segment.style is not None and segment.style.meta
        ]
        assert not any("@click" in item for item in meta)


async def test_an_import_shows_hostile_cells_harmlessly(tmp_path: Path) -> None:
    path = tmp_path / "list [b]of.csv"
    path.write_text("a")
    async with opened(FakeWorkbench(50, hostile=True), (120, 36)) as pilot:
        await press(pilot, "I")
        await type_text(pilot, f"{tmp_path}/")
        await settle(pilot)
        assert "list [b]of.csv" in screen_text(pilot)
        await press(pilot, "enter", "c", "enter", "1")
        assert_harmless(screen_lines(pilot))
        assert "CEO [/ founder]" in screen_text(pilot)
        await press(pilot, "down", "enter")
        assert_harmless(screen_lines(pilot))


def test_no_widget_of_ours_reads_markup() -> None:
    """Every list is made with ``markup=False`` and every Static is fed content, never foreign strings."""
    source = Path(__file__).parents[2] / "followertui" / "ui"
    for path in source.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "from_markup" not in text, path
        assert text.count("OptionList(id=") == text.count("markup=False, compact=True)"), path
