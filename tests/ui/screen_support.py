"""Opening the app on a real store, pressing its keys, and reading what the screen and the store say."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from textual import events
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from followertui.services.plan import page_time
from followertui.services.workbench import Workbench
from followertui.ui.app import FollowerApp
from followertui.ui.keymap import textual_name
from followertui.ui.screens.review import card_reading
from followertui.ui.screens.review.frame import ReviewScreen

card_reading.REST_SECONDS = 0.001
"""No test waits for a hand to rest."""
page_time.SECONDS_A_PAGE = page_time.SECONDS_BETWEEN_KEYS = 0.0
"""Nor for a page to be looked at, but those that are about it."""
LINKS: list[str] = []
CHARACTERS = {textual_name(char): char for char in "~'[]#$%=*./:?,-+@"} | {"space": " "}


# Opening and typing -----------------------------------------------------------------


def app_on(bench: Any, **options: Any) -> FollowerApp:
    LINKS.clear()
    return FollowerApp(bench, open_url_with=LINKS.append, **options)


async def settle(pilot: Pilot[None], rounds: int = 4) -> None:
    """Until no worker and no job runs, every message was handled and the card shows the row under the cursor."""
    for _ in range(rounds):
        # A count that a newer one takes the place of is cancelled, and that is no failure.
        with suppress(WorkerCancelled):
            await pilot.app.workers.wait_for_complete()
        await until(pilot, lambda: pilot.app.jobs.job is None)
        await pilot.pause(0)
        await until(pilot, lambda: pilot.app.key_gate.is_idle)
    for screen in pilot.app.screen_stack:
        if isinstance(screen, ReviewScreen):
            await until(pilot, screen.cards.is_drawn)


@asynccontextmanager
async def opened(bench: Any, size: tuple[int, int] = (80, 24), **options: Any) -> AsyncIterator[Pilot[None]]:
    """The app on a workbench, a recorder of one, or None for the welcome."""
    app = app_on(bench, **options)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        yield pilot
        assert app.unforeseen == []


def _send(pilot: Pilot[None], key: str, character: str | None = None) -> None:
    pilot.app.post_message(events.Key(key, character))


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, each after all that the one before set going."""
    for key in keys:
        _send(pilot, key, key if len(key) == 1 else CHARACTERS.get(key))
        await settle(pilot)


async def type_text(pilot: Pilot[None], text: str) -> None:
    """Type letters one after the other, faster than anything answers."""
    for char in text:
        _send(pilot, "space" if char == " " else textual_name(char), char)
    await settle(pilot, 2)


async def until(pilot: Pilot[None], condition: Any) -> None:
    """Wait for a condition, never for a time of its own."""
    for _ in range(1000):
        if condition():
            return
        await pilot.pause(0.01)
    raise AssertionError("the condition never held")


# What the screen says ---------------------------------------------------------------


def screen_lines(pilot: Pilot[None]) -> list[str]:
    """What stands on the screen, line by line."""
    strips = pilot.app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip) for strip in strips]


def screen_text(pilot: Pilot[None]) -> str:
    return "\n".join(screen_lines(pilot))


def review(pilot: Pilot[None]) -> ReviewScreen:
    """The review, whatever stands over it."""
    return next(screen for screen in pilot.app.screen_stack if isinstance(screen, ReviewScreen))


def said(pilot: Pilot[None]) -> str:
    """What the status line of the review says."""
    return review(pilot).status.text


# What the store says ----------------------------------------------------------------


def rows_of(bench: Workbench, queue: str, text: str = "") -> list[int]:
    """Rows of a queue in the order the screen shows them."""
    return list(bench.open_view(queue, text).rows)


def begin_at(bench: Workbench, row: int, queue: str = "everyone") -> None:
    """Let the next review begin in a queue with the cursor on a row."""
    bench.looks.remember_place({"queue": queue, "filter": "", "row": row})


def decisions(bench: Workbench) -> dict[int, str]:
    """Row -> decision, of every account that has one."""
    return dict(bench.session.store.con.execute("SELECT row, decision FROM decision"))


def kinds(bench: Workbench) -> dict[int, str]:
    """Row -> kind, of every account a person gave one."""
    return dict(bench.session.store.con.execute("SELECT row, kind FROM kind_word"))


def match_words(bench: Workbench) -> dict[int, str]:
    """Match -> what a person said of it."""
    return dict(bench.session.store.con.execute("SELECT match_id, state FROM match_word"))


def tagged(bench: Workbench, name: str) -> list[int]:
    """Rows that carry a tag, ascending."""
    return sorted(rows_of(bench, "everyone", f"tag:{name}"))


def written(bench: Workbench) -> list[str]:
    """What the journal says of this reviewer's gestures, newest first."""
    return [line.text for line in bench.journal() if line.reviewer == bench.session.reviewer]


# A workbench whose calls are looked at ----------------------------------------------


class Recorder:
    """A real workbench that notes each call, for tests where the call itself is the point.

    Args:
        bench: the workbench that does the work.
        instead: calls done another way, by name; each is given the real method first.
    """

    def __init__(self, bench: Workbench, **instead: Callable[..., Any]) -> None:
        self._bench = bench
        self._instead = instead
        self.calls: list[tuple[Any, ...]] = []

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._bench, name)
        if not callable(real):
            return real

        def call(*arguments: Any, **named: Any) -> Any:
            self.calls.append((name, *arguments))
            if name in self._instead:
                return self._instead[name](real, *arguments, **named)
            return real(*arguments, **named)

        return call

    def names(self) -> Sequence[str]:
        """Names of the calls made so far, in order."""
        return [call[0] for call in self.calls]
