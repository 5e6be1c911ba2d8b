"""The one door for errors: what is raised while the program runs becomes one line, and it goes on.

Owns ``attempt`` for one piece of work, and ``Guarded``, which sends every message handler and
callback of a screen, dialog or widget through the same door. What reaches neither (timers,
dialog answers) ends in ``FollowerApp._handle_exception``, which is the same door again. An
error we foresee is its own line; an unforeseen one is a line and an entry in the log (see
``store.file.log``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar, cast

from textual.await_complete import AwaitComplete
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import ModalScreen, Screen

from followertui.domain.errors import FollowertuiError
from followertui.store.file import log

ResultT = TypeVar("ResultT")


class Program(Protocol):
    """What a guarded screen or widget asks of the app it is in."""

    def report(self, problem: Exception) -> None:
        """Say an error and go on."""
        ...

    def program_key(self, key: str) -> bool:
        """Run the command of the program a key means everywhere; whether it was one."""
        ...


def attempt(doing: str, work: Callable[[], ResultT]) -> tuple[ResultT | None, FollowertuiError | None]:
    """Do something that must not end the program.

    Args:
        doing: what is done, plain words.
        work: what to do.

    Returns:
        The result and None, or None and the error as one clear line.
    """
    try:
        return work(), None
    except Exception as problem:
        return None, log.as_error(doing, problem)


class Guarded(MessagePump):
    """A screen, dialog or widget whose handlers never end the program, nor stop hearing messages.

    Errors of a handler of one closed in the meantime are dropped: they were about
    something that is no longer shown.
    """

    async def _dispatch_message(self, message: Message) -> None:
        try:
            await super()._dispatch_message(message)
        except Exception as problem:
            if self.is_attached and not self._closing:
                cast("Program", self.app).report(problem)


class GuardedScreen(Guarded, Screen[ResultT]):
    """A screen or dialog on which the keys of the program work, and that may be closed twice.

    A dialog belongs to the screen it was opened on and is left unanswered when that closes.
    """

    def program_key(self, key: str) -> bool:
        """Run the command of the program a key means everywhere; whether it was one."""
        return cast("Program", self.app).program_key(key)

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Close this and the dialogs over it, with an answer; nothing where another screen is over it."""
        shown = self.app.screen_stack
        over = shown[shown.index(self) + 1 :] if self in shown else shown
        if not all(isinstance(screen, ModalScreen) for screen in over):
            return AwaitComplete()
        for dialog in reversed(over):
            dialog.dismiss(None)
        if not self.is_current:
            return AwaitComplete()
        return super().dismiss(result)
