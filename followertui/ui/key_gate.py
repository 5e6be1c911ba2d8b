"""Keys mean what they meant when they were pressed.

Owns the order in which keys reach the program. Textual hands every key to the widget that has
the focus when the key arrives, so that the rest of a burst goes to the screen that a dialog or
an input is about to cover. The gate lets one key through at a time: the next waits until all
that the last one set going is done, until a screen it opened is painted, and until what
a screen is busy with (reading a view, preparing a question) is done.

Keys that wait for a dialog belong to that dialog. Keys pressed before any other screen, or a
question that must be read first, was painted are dropped. Of keys pressed before the first
paint, and of what is typed on without a pause, only text for the filter counts.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, NamedTuple

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import ModalScreen, Screen
from textual.widgets import Input

HOLD_SECONDS = 1.0
"""Longest that keys wait for a busy screen; after that the screen refuses what is not ready."""
PAUSE_SECONDS = 0.3
"""A pause this long ends what was begun blind, before the first paint."""
CHECK_SECONDS = 0.2
"""How often a wait looks whether what it waits for is still there."""

ARRIVES_AS = {"ctrl+j": "enter"}
"""What a key is that was pressed before the terminal handed keys over raw."""

KeyEvent = events.Key | events.Paste


class Effects(NamedTuple):
    """Where a key's effects show.

    Attributes:
        target: the widget or screen it went to; messages bubble from there.
        screen: the screen it was pressed on.
        rounds: how often a message answers a message: key, action, answer of a dialog.
    """

    target: DOMNode
    screen: Screen[Any]
    rounds: int


def now() -> float:
    """Seconds on the clock that events are stamped by."""
    return Message().time


class KeyGate:
    """Hands keys on one at a time.

    A screen says with ``takes_early_keys`` whether keys pressed before it was painted are for it,
    with ``begins_typing`` which key opens an input, and with ``only_moves`` which key does no more
    than move the cursor.

    Args:
        app: the program.
        forward: hands a key to the widget that has the focus.
        is_program_key: whether a key means the same everywhere (quit, stop): it waits, but is never dropped.
    """

    def __init__(
        self,
        app: App[Any],
        forward: Callable[[KeyEvent], Awaitable[None]],
        is_program_key: Callable[[str], bool] = lambda key: False,
    ) -> None:
        self._app = app
        self._forward = forward
        self._is_program_key = is_program_key
        self._waiting: deque[KeyEvent] = deque()
        self._runner: asyncio.Task[None] | None = None
        self._holders: set[object] = set()
        self._unpainted: list[Screen[Any]] = []
        self._changed = asyncio.Event()
        self._is_open = False
        self._blind_until = 0.0

    # What the program tells the gate ----------------------------------------------------

    async def take(self, event: KeyEvent) -> None:
        """A key was pressed, or text was pasted: hand it on at once if nothing is under way, else in turn."""
        if isinstance(event, events.Key):
            event.key = ARRIVES_AS.get(event.key, event.key)
        if not self._is_open or self._waiting or self._runner or self._unpainted or self._holders:
            self._waiting.append(event)
            self._start()
        elif not self._is_blind(event):
            effects = self._effects(event)
            await self._forward(event)
            if effects is not None:
                self._start(effects)

    def _start(self, effects: Effects | None = None) -> None:
        if self._is_open and self._runner is None:
            self._runner = asyncio.create_task(self._run(effects), name="keys")

    def hold(self, holder: object) -> None:
        """Let keys wait until ``release`` with the same holder, for a second at most."""
        self._holders.add(holder)

    def release(self, holder: object) -> None:
        """Let the keys go on that waited for this holder."""
        self._holders.discard(holder)
        self._changed.set()

    def screen_changed(self, screen: Screen[Any]) -> None:
        """Another screen is on top; keys wait until it was painted."""
        self._forget_closed()
        if not screen.is_mounted and screen not in self._unpainted:
            self._unpainted.append(screen)
            screen.call_after_refresh(self._painted, screen)
        self._changed.set()

    def _painted(self, screen: Screen[Any]) -> None:
        if screen in self._unpainted:
            self._unpainted.remove(screen)
        if not self._is_open:
            self._is_open = True
            self._blind_until = now()
        elif not getattr(screen, "takes_early_keys", False):
            self._waiting = deque(event for event in self._waiting if self._is_kept(event))
        self._changed.set()
        if self._waiting:
            self._start()

    def _forget_closed(self) -> None:
        shown = self._app.screen_stack
        self._unpainted = [screen for screen in self._unpainted if screen in shown]

    @property
    def is_idle(self) -> bool:
        """Whether every key was handed on and all it set going is done."""
        return not self._waiting and self._runner is None and not self._unpainted

    # Handing keys on --------------------------------------------------------------------

    async def _run(self, effects: Effects | None) -> None:
        try:
            if effects is not None:
                await self._done(effects)
            while self._app.is_running:
                await self._until_ready()
                if not self._waiting:
                    break
                event = self._waiting.popleft()
                if self._is_blind(event):
                    continue
                effects = self._effects(event)
                self._app.call_later(self._forward, event)
                if effects is not None:
                    await self._done(effects)
        finally:
            self._runner = None

    def _is_kept(self, event: KeyEvent) -> bool:
        return isinstance(event, events.Key) and self._is_program_key(event.key)

    def _is_blind(self, event: KeyEvent) -> bool:
        if self._is_kept(event) or event.time >= self._blind_until:
            return False
        self._blind_until = max(self._blind_until, event.time + PAUSE_SECONDS)
        begins_typing = getattr(self._app.screen, "begins_typing", None)
        is_text = self._is_typing() or (
            begins_typing is not None and isinstance(event, events.Key) and begins_typing(event.key)
        )
        return not is_text

    def _is_typing(self) -> bool:
        return isinstance(self._app.focused, Input)

    def _effects(self, event: KeyEvent) -> Effects | None:
        """Where to look for what a key sets going, None where the next key need not wait for it."""
        if self._is_plain(event):
            return None
        screen = self._app.screen
        rounds = 3 if self._is_typing() or isinstance(screen, ModalScreen) else 1
        return Effects(self._app.focused or screen, screen, rounds)

    async def _done(self, effects: Effects) -> None:
        """Until all that a key set going is done."""
        await self._handled(self._app)
        for _ in range(effects.rounds):
            await self._path_handled(effects.target)
        if self._app.screen is not effects.screen:
            await self._path_handled(self._app.screen)

    def _is_plain(self, event: KeyEvent) -> bool:
        """Whether a key can neither move the focus nor open anything, so that the next need not wait."""
        if self._is_typing():
            return isinstance(event, events.Paste) or event.is_printable
        only_moves = getattr(self._app.screen, "only_moves", None)
        return only_moves is not None and isinstance(event, events.Key) and bool(only_moves(event.key))

    async def _path_handled(self, target: DOMNode) -> None:
        for node in target.ancestors_with_self:
            await self._handled(node)

    async def _handled(self, pump: MessagePump) -> None:
        """Until a message pump has handled everything posted to it so far."""
        done = asyncio.Event()
        if not pump.call_later(done.set):
            return
        while not done.is_set() and pump.is_running:
            with suppress(TimeoutError):
                await asyncio.wait_for(done.wait(), CHECK_SECONDS)

    async def _until_ready(self) -> None:
        """Until new screens are painted and nothing holds keys any more."""
        deadline = now() + HOLD_SECONDS
        while self._app.is_running:
            self._forget_closed()
            if now() >= deadline:
                self._holders.clear()
            if not self._unpainted and not self._holders:
                return
            self._changed.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), CHECK_SECONDS)
