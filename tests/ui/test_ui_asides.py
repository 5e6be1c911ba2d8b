"""About us, the journal, themes, and jobs beside the review."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from screen_support import Recorder, decisions, opened, press, review, rows_of, screen_text, settle, type_text, until

from followertui.domain.progress import Progress
from followertui.services.care.settings_file import SettingsFile
from followertui.services.intake.values import AboutUs
from followertui.services.workbench import Workbench
from followertui.ui.screens.about_us import words_of
from followertui.ui.screens.journal import JournalScreen
from followertui.ui.screens.review.frame import ReviewScreen


async def test_about_us_is_asked_line_by_line(bench: Workbench) -> None:
    bench.set_about(AboutUs())
    async with opened(bench) as pilot:
        await press(pilot, "A")
        for text in ("Acme, Acme GmbH", "ACME.com", "@Acme", "@Rival; @Other", "freight", "COO", "Berlin, Lyon"):
            await type_text(pilot, text)
            await press(pilot, "enter")
        market = (("freight",), ("COO",), ("Berlin", "Lyon"))
        assert bench.about() == AboutUs(("Acme", "Acme GmbH"), ("acme.com",), ("acme",), ("rival", "other"), *market)
        assert isinstance(pilot.app.screen, ReviewScreen)
        assert review(pilot).status.text


async def test_what_another_window_says_of_us_meanwhile_stays(bench: Workbench) -> None:
    bench.set_about(AboutUs(names=("Acme",), places=("Berlin",)))
    async with opened(bench) as pilot:
        await press(pilot, "A")
        bench.set_about(AboutUs(names=("Acme",), places=("Berlin", "Lyon")))
        await type_text(pilot, ", Acme GmbH")
        await press(pilot, "f10")
        # The handle of the demo's readings is ours, said or not.
        assert bench.about() == AboutUs(("Acme", "Acme GmbH"), handles=("acme",), places=("Berlin", "Lyon"))
        await press(pilot, "A")
        bench.set_about(AboutUs(names=("Another",)))
        await type_text(pilot, ", Third")
        await press(pilot, "f10")
        assert "names: changed elsewhere since this was opened" in screen_text(pilot)
        assert bench.about() == AboutUs(names=("Another",), handles=("acme",))


def test_words_are_split_cleaned_and_said_once() -> None:
    assert words_of(" @A, a ;b,,", "handles") == ("a", "b")
    assert words_of("", "market") == ()


async def test_the_journal_shows_undoes_and_returns(bench: Workbench) -> None:
    row = rows_of(bench, "to-review")[0]
    named = f"@{bench.page([row])[0].handle}"
    async with opened(bench, (120, 36)) as pilot:
        await press(pilot, "x", "J")
        shown = screen_text(pilot)
        assert f"out: {named}" in shown
        assert "import demo, second reading" in shown
        await press(pilot, "u")
        assert decisions(bench) == {}
        assert f"undo: out: {named}" in screen_text(pilot)
        await press(pilot, "U")
        assert decisions(bench) == {row: "out"}
        await press(pilot, "q")
        assert isinstance(pilot.app.screen, ReviewScreen)


async def test_a_theme_is_seen_kept_or_put_back(bench: Workbench, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    async with opened(bench, own=SettingsFile.read(path)) as pilot:
        await press(pilot, "T", "j")
        assert pilot.app.theme == "followertui-light"
        await press(pilot, "escape")
        assert pilot.app.theme == "followertui"
        assert not path.exists()
        await press(pilot, "T", "j", "enter")
        assert 'theme = "followertui-light"' in path.read_text()
    async with opened(bench, own=SettingsFile.read(path)) as pilot:
        assert pilot.app.theme == "followertui-light"


async def test_everything_is_compared_again_on_request(bench: Workbench) -> None:
    with bench.session.store.write() as con:
        con.execute("DELETE FROM match")
    async with opened(bench) as pilot:
        await press(pilot, "colon")
        await type_text(pilot, "match again")
        await press(pilot, "enter")
        await settle(pilot)
        assert len(rows_of(bench, "confirm")) > 10


async def test_a_job_is_stopped_by_f6_and_not_by_escape(bench: Workbench) -> None:
    seen = threading.Event()

    def endless(real: Any, full: bool, cancel: threading.Event) -> Any:
        yield Progress(1, 10, "comparing names")
        if cancel.wait(10):
            seen.set()
        return None

    async with opened(Recorder(bench, match=endless)) as pilot:
        await pilot.press("colon", *"match", "space", *"again", "enter")
        await until(pilot, lambda: "comparing names" in screen_text(pilot))
        await pilot.press("escape")
        assert not seen.is_set()
        await pilot.press("f6")
        await settle(pilot)
        assert seen.is_set()
        assert "stopped" in screen_text(pilot)


async def test_a_job_that_fails_says_so_and_the_review_goes_on(bench: Workbench) -> None:
    def failing(real: Any, full: bool, cancel: threading.Event) -> Any:
        yield Progress(1, 10, "judging")
        raise RuntimeError("a name from a bio")

    async with opened(Recorder(bench, judge=failing)) as pilot:
        await press(pilot, "colon")
        await type_text(pilot, "judge again")
        await press(pilot, "enter")
        await settle(pilot)
        assert "something went wrong (RuntimeError" in screen_text(pilot)
        assert "a name from a bio" not in screen_text(pilot)
        assert JournalScreen not in map(type, pilot.app.screen_stack)
        await press(pilot, "x")
        assert len(decisions(bench)) == 1
