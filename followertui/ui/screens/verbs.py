"""A group of verbs that works on one screen.

Owns what such groups share. A screen is composed of them: the registry's command ``queue.next``
is the one method ``do_queue_next`` of the screen or of one of its groups. Groups know the screen
they work on, never each other.
"""

from __future__ import annotations

from typing import Generic, TypeVar

from followertui.ui.commands import Need
from followertui.ui.targets import Target

ScreenT = TypeVar("ScreenT")


class Verbs(Generic[ScreenT]):
    """Verbs on one screen.

    Args:
        screen: the screen they work on.
    """

    def __init__(self, screen: ScreenT) -> None:
        self.screen = screen

    def present(self) -> frozenset[Need]:
        """What these verbs have to work on beyond what the screen knows."""
        return frozenset()

    def other_key(self, key: str, character: str) -> bool:
        """React to a key that is no command; whether it was one of theirs."""
        return False

    def clicked(self, target: Target) -> bool:
        """Act on a click; whether its target was one of theirs."""
        return False


def method_name(command_id: str) -> str:
    """The method that does a command."""
    return "do_" + command_id.replace(".", "_")
