"""Hostile text on every screen and dialog: nothing acts, nothing is read as markup, nothing breaks."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import unicodedata
from pathlib import Path

import pytest
from hostile_store import make_hostile
from screen_support import begin_at, opened, press, rows_of, screen_lines, screen_text, settle, type_text
from textual.screen import Screen

from followertui.domain.decision import Decision
from followertui.services.workbench import Workbench
from followertui.ui import dialogs, screens

BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

WAYS: dict[str, tuple[str, tuple[str, ...]]] = {
    "review": ("ReviewScreen", ()),
    "confirm": ("ReviewScreen", ("right_square_bracket",)),
    "second match": ("ReviewScreen", ("right_square_bracket", "tab")),
    "whole card": ("CardScreen", ("enter",)),
    "kind": ("Chooser", ("c",)),
    "tags": ("LineDialog", ("t",)),
    "note": ("LineDialog", ("n",)),
    "reminder": ("LineDialog", ("d",)),
    "mark by query": ("LineDialog", ("M",)),
    "count fields": ("Chooser", ("number_sign",)),
    "count values": ("Chooser", ("number_sign", "k")),
    "count companies": ("Chooser", ("number_sign", "c")),
    "count bios": ("Chooser", ("number_sign", "b")),
    "count tags": ("Chooser", ("number_sign", "t")),
    "sample": ("Sample", ("percent_sign",)),
    "alike": ("Chooser", ("equals_sign",)),
    "bulk look": ("BulkLook", ("asterisk", "a")),
    "queues": ("Chooser", ("apostrophe",)),
    "views": ("ManageViews", ("V",)),
    "sort": ("Chooser", ("S",)),
    "palette": ("Palette", ("colon",)),
    "themes": ("ThemeChooser", ("T",)),
    "journal": ("JournalScreen", ("J",)),
    "today": ("TodayScreen", ("f9",)),
    "playbooks": ("PlaybooksScreen", ("f10",)),
    "playbook": ("PlaybookEditor", ("f10", "e")),
    "settings": ("SettingsScreen", ("f4",)),
    "journal question": ("Question", ("J", "enter")),
    "last decisions": ("LastDecisions", ("x", "comma")),
    "session": ("Told", ("x", "H")),
    "about": ("AboutScreen", ("A",)),
    "help": ("HelpScreen", ("question_mark",)),
    "report": ("ReportScreen", ("f2",)),
    "since": ("SinceScreen", ("f3",)),
    "sheet": ("SheetScreen", ("colon", *"decisions", "enter")),
    "drop view": ("Chooser", ("colon", *"drop", "enter")),
    "completion": ("ReviewScreen", ("slash", *"list:")),
    "plan": ("PlanScreen", ("p",)),
    "plan card": ("AccountDialog", ("p", "enter")),
    "plan figures": ("Chooser", ("p", "number_sign")),
    "plan question": ("Question", ("p", "dollar_sign")),
    "by hand": ("HandScreen", ("p", "h", "y")),
    "release": ("Question", ("R",)),
    "decided": ("ReviewScreen", ("x", "x", "u")),
    "blind": ("ReviewScreen", ("B",)),
}
"""Way -> the screen or dialog it leads to, and its keys."""
ELSEWHERE = {
    "CandidatesScreen": "walked with a hostile name in test_ui_candidates",
    "AppScreen": "what every screen shares",
    "TableScreen": "what tables share",
    "FiguresPage": "what report and since share",
    "Dialog": "what dialogs share",
    "ImportScreen": "walked with a hostile file below",
    "WelcomeScreen": "shown where there is no store, so no foreign text",
    "TypedCount": "walked with an enterprise account below",
    "Leaving": "shows the title of a job, our own words",
}
"""Screens and dialogs no way leads to, and why."""
PLAIN = {
    "sort", "palette", "about", "count fields", "reminder", "mark by query", "themes", "help", "sheet", "session",
    "playbooks", "playbook", "settings",
}  # fmt: skip
"""Ways to what shows words of our own only."""
MARKED = "CEO [/ founder]"


@pytest.fixture
def hostile(bench: Workbench) -> Workbench:
    """A store full of hostile text, the cursor on an account with matches, something planned."""
    guarded, free = rows_of(bench, "guarded"), rows_of(bench, "everyone", "is:following -is:guarded")
    row = rows_of(bench, "confirm", "is:following is:guarded")[0]
    make_hostile(bench)
    # Afterwards: who is renamed after a decision is not carried out.
    bench.decide([*guarded[:2], *free[:4]], Decision.OUT)
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
        shown, keys = WAYS[way]
        await press(pilot, *keys)
        assert type(pilot.app.screen).__name__ == shown, screen_text(pilot)
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


@pytest.mark.parametrize("access", ["enterprise"])
async def test_the_typed_count_shows_hostile_text_harmlessly(hostile: Workbench) -> None:
    async with opened(hostile, (120, 36)) as pilot:
        await press(pilot, "p", "dollar_sign")
        assert type(pilot.app.screen).__name__ == "TypedCount"
        assert_harmless(screen_lines(pilot))
        assert MARKED[:5] in screen_text(pilot)


def test_every_screen_and_dialog_is_walked() -> None:
    found = {
        name
        for package in (screens, dialogs)
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        for name, held in vars(importlib.import_module(module.name)).items()
        if inspect.isclass(held) and issubclass(held, Screen) and held.__module__ == module.name
    }
    walked = {shown for shown, _ in WAYS.values()}
    assert found == walked | set(ELSEWHERE)
    assert not walked & set(ELSEWHERE)


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
