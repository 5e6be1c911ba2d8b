"""The three doors while there is no store: look around, bring files, sign in.

Owns what each door says it costs and what leaves this machine. Opening one is the app's.
"""

from __future__ import annotations

from threading import Event
from typing import Any, NamedTuple

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from followertui.domain.errors import FollowertuiError
from followertui.ui.cells import line, lines, plain
from followertui.ui.dialogs.asking import Question
from followertui.ui.port import Doors, Job
from followertui.ui.screens.working import WorkingScreen
from followertui.ui.widgets.bars import StatusLine


class DoorWords(NamedTuple):
    """What a door says: key, title, what is behind it, cost, what leaves."""

    key: str
    title: str
    text: str
    cost: str
    leaves: str


DOORS: tuple[DoorWords, ...] = (
    DoorWords(
        "1",
        "Look around",
        "A made-up company with 5,000 followers, customer lists and a plan. Try every key; nothing is real.",
        "free, ready in seconds",
        "nothing",
    ),
    DoorWords(
        "2",
        "Bring my files",
        "X's archive, an exporter's JSON or CSV, customer lists as CSV or XLSX. Everything"
        " works without API access; actions go out by hand.",
        "free, about two minutes",
        "nothing",
    ),
    DoorWords(
        "3",
        "Sign in to X",
        "With your own X keys in the environment the plan is carried out through the API where X lets it."
        " Followers come from files for now.",
        "X charges per call, shown before",
        "calls to X, when you start them",
    ),
)
SIGN_IN = (
    "Followers and following are not read through the API yet: bring files (door 2).\n\n"
    "What you decide can go out through the API. Put your keys in the environment and start again:\n"
    "  FOLLOWERTUI_X_CONSUMER_KEY   FOLLOWERTUI_X_CONSUMER_SECRET\n"
    "  FOLLOWERTUI_X_ACCESS_TOKEN   FOLLOWERTUI_X_ACCESS_TOKEN_SECRET\n\n"
    "They stay there: the store keeps none. What X refuses goes by hand.\n"
    "In a terminal: followertui help by-hand, followertui help x-rules"
)


ROOMY_LINES = 8


class Door(Static, can_focus=True):
    """One way in.

    Args:
        words: what it says.
    """

    class Opened(Message):
        """The door was chosen."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, words: DoorWords) -> None:
        super().__init__(id=f"door-{words.key}", classes="door")
        self.words = words

    def render(self) -> Content:
        """What is behind it, what it costs, what leaves; closer together where room is short."""
        words = self.words
        costs = line(("costs  ", "$foreground-muted"), words.cost)
        tone = "bold $success" if words.leaves == "nothing" else ""
        leaves = line(("leaves this machine  ", "$foreground-muted"), (words.leaves, tone))
        head = line((f"{words.key}  ", "bold $accent"), (words.title, "bold $primary"))
        if self.size.height < ROOMY_LINES:
            return lines([line(head, "   ", costs), plain(words.text), leaves])
        return lines([head, Content(""), plain(words.text), Content(""), costs, leaves])

    def on_click(self) -> None:
        """A click opens it."""
        self.post_message(self.Opened(self.words.key))


class WelcomeScreen(WorkingScreen):
    """Three doors."""

    AUTO_FOCUS = "#door-1"

    def compose(self) -> ComposeResult:
        """The doors."""
        with Vertical(id="doors-body"):
            title = line(("followertui", "bold $primary"), "  who follows you, who matters, who goes")
            yield Static(title, id="doors-title")
            with Container(id="doors"):
                for words in DOORS:
                    yield Door(words)
        yield StatusLine(id="status")
        yield Static(plain(" 1 2 3 or arrows and Enter · q quits", "$foreground-muted"), classes="hint-line")

    def on_mount(self) -> None:
        """Say where everything stays."""
        self.say("Everything stays in one file on this machine.")

    @property
    def doors(self) -> Doors:
        """The ways in.

        Raises:
            FollowertuiError: the program was started without any.
        """
        doors = self.ft.doors
        if doors is None:
            raise FollowertuiError("there is no way in from here: run `followertui demo` or `followertui import FILE`")
        return doors

    def on_key(self, event: events.Key) -> None:
        """Numbers open, arrows move."""
        if event.key in ("1", "2", "3"):
            self.open_door(event.key)
        elif event.key == "enter" and isinstance(self.focused, Door):
            self.open_door(self.focused.words.key)
        elif event.key in ("right", "down", "j", "l"):
            self.focus_next(Door)
        elif event.key in ("left", "up", "k", "h"):
            self.focus_previous(Door)
        elif event.key == "escape":
            self.stop_job()
        elif event.key == "q":
            self.app.exit()
        else:
            return
        event.stop()

    @on(Door.Opened)
    def door_opened(self, message: Door.Opened) -> None:
        """A door was clicked."""
        self.open_door(message.key)

    def open_door(self, key: str) -> None:
        """Go through a door."""
        if self.job is not None:
            return
        try:
            if key == "1":
                self._start_demo(self.doors)
            elif key == "2":
                self._bring_files(self.doors)
            else:
                self.app.push_screen(Question("Sign in to X", SIGN_IN, yes="understood"))
        except FollowertuiError as error:
            self.say(str(error), "$text-error")

    def _start_demo(self, doors: Doors) -> None:
        def make(cancel: Event) -> Job:
            return doors.build_demo(cancel)

        self.start_job("building the demo", make, self._enter)

    def _bring_files(self, doors: Doors) -> None:
        from followertui.ui.screens.import_files import ImportScreen

        port = doors.new_store()
        self._enter(port)
        self.app.push_screen(ImportScreen(), self._imported)

    def _imported(self, queue: Any) -> None:
        screen = self.app.screen
        returned = getattr(screen, "imported", None)
        if returned is not None:
            returned(queue)

    def _enter(self, port: Any) -> None:
        self.ft.enter(port)
