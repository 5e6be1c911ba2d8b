"""No key of X in any picture of any screen, in the clipboard or in what a terminal is sent: canaries are planted."""

from __future__ import annotations

import base64
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from screen_support import LINKS, opened, press, settle, type_text, until
from textual.app import App
from textual.pilot import Pilot

from followertui.cli.options import Options
from followertui.cli.welcome import Welcome
from followertui.domain.clock import FileClock
from followertui.services.workbench import Workbench
from followertui.ui.dialogs.asking import LineDialog
from followertui.x.sandbox.faults import Fault
from followertui.x.sandbox.made import OWN_ID, made_state
from followertui.x.sandbox.server import serve
from followertui.x.sandbox.state import SandboxKeys, SandboxState

KEYS = ("canary-consumer-key", "canary-consumer-secret", f"{OWN_ID}-canary-token", "canary-token-secret")
PLACES = (
    ("costs",), ("settings",), ("plan",), ("report",), ("journal",), ("today",), ("help",), ("since",), ("login",),
    ("sync",), ("live",), ("muted",), ("find",), ("leavers",), ("names",), ("profiles",), ("about",), ("playbooks",),
)  # fmt: skip
"""Commands that open a screen or a dialog, or say something of X."""


class CanaryKeys(SandboxKeys):
    def access_token(self, own_id: int) -> str:
        return KEYS[2]


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SandboxState]:
    path = tmp_path / "clock"
    path.write_text("2026-11-24T12:00:00+00:00")
    monkeypatch.setenv("FOLLOWERTUI_CLOCK_FILE", str(path))
    monkeypatch.setitem(sys.modules, "keyring", None)
    made = made_state(60)
    made.keys = CanaryKeys(KEYS[0], KEYS[1], KEYS[3], "canary-bearer", "canary-app-bearer")
    with serve(made, 0, FileClock(path)) as server:
        monkeypatch.setenv("FOLLOWERTUI_X_BASE_URL", server.address)
        yield made


@pytest.fixture
def own(state: SandboxState, tmp_path: Path) -> Iterator[Workbench]:
    (tmp_path / "settings.toml").touch()
    found = Welcome(Options(store=tmp_path / "mine.db", config=str(tmp_path / "settings.toml")), None)
    yield found.new_store()
    found.close()


class Watched:
    """Pictures of the app, and what it copied and sent."""

    def __init__(self, pilot: Pilot[None], monkeypatch: pytest.MonkeyPatch) -> None:
        self.pilot = pilot
        self.texts: list[str] = []
        copy = App.copy_to_clipboard

        def copied(app: App[Any], text: str) -> None:
            """As ever, and kept; a terminal gets it in base64 (OSC 52)."""
            self.texts += [text, base64.b64encode(text.encode()).decode()]
            copy(app, text)

        monkeypatch.setattr(App, "copy_to_clipboard", copied)

    def look(self) -> None:
        app = self.pilot.app
        self.texts.append(app.export_screenshot())
        self.texts += [str(one) for one in LINKS]

    def leaks(self) -> list[str]:
        everything = "\n".join(self.texts)
        return [word for word in ("canary", *KEYS) if word in everything]


async def test_no_picture_of_any_screen_shows_a_key(
    own: Workbench, state: SandboxState, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(own, size=(120, 36)) as pilot:
        watched = Watched(pilot, monkeypatch)
        watched.look()
        await press(pilot, "ctrl+p")
        await type_text(pilot, "login")
        await press(pilot, "enter", "2")
        for key in KEYS:
            assert isinstance(pilot.app.screen, LineDialog)
            await type_text(pilot, key)
            watched.look()
            await press(pilot, "enter")
        await until(pilot, lambda: pilot.app.jobs.job is None)
        watched.look()
        assert own.x_account.is_signed_in
        # An answer of X that says the keys again, and one that breaks.
        body = {"title": KEYS[0], "detail": f"{KEYS[3]} is not valid", "status": 401}
        state.faults = [Fault("status", status=401, body=body)]
        for words in PLACES:
            await press(pilot, "ctrl+p")
            await type_text(pilot, words[0])
            watched.look()
            await press(pilot, "enter")
            watched.look()
            await press(pilot, "y")
            await settle(pilot)
            watched.look()
            for _ in range(4):
                await press(pilot, "escape")
            if len(pilot.app.screen_stack) > 2:
                await press(pilot, "q")
        await press(pilot, "O")
        watched.look()
        assert len(watched.texts) > 3 * len(PLACES)
        assert all("<svg" in text for text in watched.texts[:5])
        assert watched.leaks() == []


async def test_the_search_finds_a_canary_that_is_shown(own: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(own, size=(120, 36)) as pilot:
        watched = Watched(pilot, monkeypatch)
        pilot.app.say(f"X said {KEYS[3]}")
        await settle(pilot)
        watched.look()
        assert watched.leaks() == ["canary", KEYS[3]]
        watched.texts.clear()
        pilot.app.copy_to_clipboard(KEYS[0])
        assert watched.leaks() == ["canary", KEYS[0]]
