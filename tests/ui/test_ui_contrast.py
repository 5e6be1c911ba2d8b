"""Every text can be read on its ground, in every state of a row, on every screen, in every theme of ours."""

from __future__ import annotations

from itertools import product

import pytest
from rich.color_triplet import ColorTriplet
from rich.style import Style
from screen_support import opened, press, review, screen_text
from textual.pilot import Pilot

from followertui.services.workbench import Workbench
from followertui.ui.contrast import READABLE, RECEDING, contrast
from followertui.ui.readable_text import ReadableText
from followertui.ui.themes import OFFERED, OURS
from followertui.ui.widgets.table import VirtualTable

LOOKS = sorted(name.removeprefix("table--") for name in VirtualTable.COMPONENT_CLASSES)
CURSOR, MARKED, DIM, FOCUSED = 1, 2, 4, 8
STATES = [sum(bits) for bits in product((0, CURSOR), (0, MARKED), (0, DIM), (0, FOCUSED))]
RGB = [name for name, theme in OFFERED.items() if not theme.ansi]
TERMINAL = [name for name, theme in OFFERED.items() if theme.ansi]
PLACES: dict[str, tuple[str, ...]] = {
    "review": (),
    "marked": ("asterisk",),
    "confirm": ("right_square_bracket",),
    "palette": ("colon",),
    "kind": ("c",),
    "count": ("number_sign", "k"),
    "sample": ("percent_sign",),
    "filter": ("slash", "k", "i"),
    "card": ("enter",),
    "journal": ("J",),
    "help": ("question_mark",),
    "about us": ("A",),
    "settings": ("f4",),
    "plan": ("p",),
    "report": ("F2",),
}


def ratio(style: Style) -> float:
    """Contrast of a style; infinite where the terminal decides a colour."""
    if style.color is None or style.bgcolor is None or style.color.triplet is None or style.bgcolor.triplet is None:
        return float("inf")
    return contrast(style.color.triplet, style.bgcolor.triplet)


def test_contrast_is_that_of_the_standard() -> None:
    white, black, grey = ColorTriplet(255, 255, 255), ColorTriplet(0, 0, 0), ColorTriplet(118, 118, 118)
    assert contrast(white, black) == pytest.approx(21)
    assert contrast(grey, white) == pytest.approx(4.54, abs=0.01)


async def test_a_row_can_be_read_in_every_state_and_theme(bench: Workbench) -> None:
    async with opened(bench) as pilot:
        for theme in RGB:
            pilot.app.theme = theme
            await pilot.pause()
            table = review(pilot).table
            for state, look in product(STATES, LOOKS):
                least = RECEDING if state & DIM else READABLE
                assert ratio(table.look(state, look)) >= least, (theme, state, look)


def too_faint(pilot: Pilot[None]) -> set[tuple[str, float]]:
    """Words that cannot be read, with their contrast; behind a dialog the screen is dimmed on purpose."""
    dialogs = pilot.app.screen.query(".dialog")
    seen = dialogs.first().region if dialogs else pilot.app.screen.region
    found = set()
    for y, strip in enumerate(pilot.app.screen._compositor.render_strips()):
        x = 0
        for segment in strip:
            if seen.contains(x, y) and segment.style is not None and any(char.isalnum() for char in segment.text):
                value = ratio(segment.style)
                if value < READABLE:
                    found.add((segment.text.strip()[:30], round(value, 2)))
            x += segment.cell_length
    return found


@pytest.mark.parametrize("place", PLACES)
async def test_every_screen_can_be_read_in_every_theme_offered(bench: Workbench, place: str) -> None:
    faint = {}
    async with opened(bench, (120, 36)) as pilot:
        await press(pilot, *PLACES[place])
        for theme in RGB:
            pilot.app.theme = theme
            await pilot.pause()
            await pilot.pause()
            shown = too_faint(pilot)
            if shown:
                faint[theme] = shown
    assert faint == {}


async def test_a_theme_of_ours_is_shown_as_it_is_made(bench: Workbench) -> None:
    async with opened(bench) as pilot:
        for theme in (*RGB, *TERMINAL):
            pilot.app.theme = theme
            is_corrected = any(isinstance(one, ReadableText) for one in pilot.app.get_line_filters())
            assert is_corrected == (theme not in {one.name for one in OURS} | set(TERMINAL)), theme


@pytest.mark.parametrize("theme", TERMINAL)
async def test_in_the_terminals_own_colours_states_differ_without_ours(bench: Workbench, theme: str) -> None:
    async with opened(bench, (120, 36)) as pilot:
        pilot.app.theme = theme
        await press(pilot, "x", "space")
        table = review(pilot).table
        for look in ("", "strong", "muted", "bad"):
            assert table.look(CURSOR | FOCUSED, look).reverse
            assert table.look(DIM, look).dim
            assert not table.look(0, look).reverse
        for strip in pilot.app.screen._compositor.render_strips():
            for text, style, _ in strip:
                if style is not None and text.strip() and style.color is not None and not style.color.is_default:
                    assert style.color != style.bgcolor, text
        assert "To review" in screen_text(pilot)
