"""The welcome while there is no store: look around, bring files, sign in.

Owns what each choice says it costs and what leaves this machine, and the start of the demo.
"""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING, NamedTuple, Protocol

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from followertui.domain.errors import FollowertuiError
from followertui.ui.attempt import Guarded
from followertui.ui.cells import line, lines, plain
from followertui.ui.commands import Need
from followertui.ui.screens.app_screen import AppScreen
from followertui.ui.widgets.bars import StatusLine

if TYPE_CHECKING:
    from followertui.services.jobs import Job, Work
    from followertui.services.workbench import Workbench


class Welcome(Protocol):
    """The ways to a store while none is open, provided by the command line."""

    def build_demo(self, cancel: Event) -> Work:
        """Build the demo store; the job's result is its workbench."""
        ...

    def new_store(self) -> Workbench:
        """An empty store, ready for files."""
        ...


class ChoiceText(NamedTuple):
    """Texts of a choice: key, title, what it is, cost, what leaves this machine."""

    key: str
    title: str
    text: str
    cost: str
    leaves: str


CHOICES: tuple[ChoiceText, ...] = (
    ChoiceText(
        "1",
        "Look around",
        "A made-up company, 5,000 accounts around it and its customer lists. Try every key; nothing is real.",
        "free, ready in seconds",
        "nothing",
    ),
    ChoiceText(
        "2",
        "Bring my files",
        "X's archive, what an exporter saved in your browser, customer lists as CSV or XLSX. All of it"
        " works without API access; actions go out by hand.",
        "free, about two minutes",
        "nothing",
    ),
    ChoiceText(
        "3",
        "Sign in to X",
        "With the keys of your own X app followers and following are read from X, and the plan is carried out"
        " through the API where X lets it.",
        "what X charges, shown before each step",
        "calls to X, when you start them",
    ),
)


ROOMY_LINES = 8


class WelcomeChoice(Guarded, Static, can_focus=True):
    """One way to a store.

    Args:
        words: what it says.
    """

    class Chosen(Message):
        """The choice was taken."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, words: ChoiceText) -> None:
        super().__init__(id=f"welcome-{words.key}", classes="welcome-choice")
        self.words = words

    def render(self) -> Content:
        """What it is, what it costs, what leaves; closer together where room is short."""
        words = self.words
        costs = line(("costs  ", "$foreground-muted"), words.cost)
        tone = "bold $success" if words.leaves == "nothing" else ""
        leaves = line(("leaves this machine  ", "$foreground-muted"), (words.leaves, tone))
        head = line((f"{words.key}  ", "bold $accent"), (words.title, "bold $primary"))
        if self.size.height < ROOMY_LINES:
            return lines([line(head, "   ", costs), plain(words.text), leaves])
        return lines([head, Content(""), plain(words.text), Content(""), costs, leaves])

    def on_click(self) -> None:
        """A click takes it."""
        self.post_message(self.Chosen(self.words.key))


class WelcomeScreen(AppScreen):
    """The three choices."""

    AUTO_FOCUS = "#welcome-1"

    def compose(self) -> ComposeResult:
        """The choices."""
        with Vertical(id="welcome-body"):
            title = line(("followertui", "bold $primary"), "  who follows you, who matters, who goes")
            yield Static(title, id="welcome-title")
            with Container(id="welcome-choices"):
                for words in CHOICES:
                    yield WelcomeChoice(words)
        yield StatusLine(id="status")
        yield Static(plain(" 1 2 3 or arrows and Enter · q quits", "$foreground-muted"), classes="hint-line")

    def on_mount(self) -> None:
        """Say where everything stays."""
        self.say("Everything stays in one file on this machine.")

    @property
    def welcome(self) -> Welcome:
        """The ways to a store.

        Raises:
            FollowertuiError: the program was started without any.
        """
        welcome = self.ft.welcome
        if welcome is None:
            raise FollowertuiError("nothing to open from here: run `followertui demo` or `followertui import FILE`")
        return welcome

    def present(self) -> frozenset[Need]:
        """Only what runs: there is no store yet."""
        return frozenset({Need.IDLE if self.ft.jobs.job is None else Need.JOB})

    def pressed(self, event: events.Key) -> bool:
        """Numbers open, arrows move."""
        if event.key in ("1", "2", "3"):
            self.take(event.key)
        elif event.key == "enter" and isinstance(self.focused, WelcomeChoice):
            self.take(self.focused.words.key)
        elif event.key in ("right", "down", "j", "l"):
            self.focus_next(WelcomeChoice)
        elif event.key in ("left", "up", "k", "h"):
            self.focus_previous(WelcomeChoice)
        elif event.key == "q":
            self.ft.leave()
        else:
            return False
        return True

    @on(WelcomeChoice.Chosen)
    def chosen(self, message: WelcomeChoice.Chosen) -> None:
        """A choice was clicked."""
        self.take(message.key)

    def take(self, key: str) -> None:
        """Do what a choice says."""
        if self.ft.jobs.job is not None:
            return
        try:
            if key == "1":
                self._start_demo(self.welcome)
            elif key == "2":
                self._bring_files(self.welcome)
            else:
                self._sign_in(self.welcome)
        except FollowertuiError as error:
            self.say(str(error), "$text-error")

    def _start_demo(self, welcome: Welcome) -> None:
        def make(cancel: Event) -> Work:
            """Build the demo."""
            return welcome.build_demo(cancel)

        self.start_job("demo", "building the demo", make)

    def _bring_files(self, welcome: Welcome) -> None:
        self._enter(welcome.new_store())
        self.ft.bring_files()

    def _sign_in(self, welcome: Welcome) -> None:
        self._enter(welcome.new_store())
        self.ft.sign_in()

    def job_ended(self, job: Job) -> None:
        """The demo is there."""
        if job.name == "demo" and job.error is None:
            self._enter(job.result)

    def _enter(self, bench: Workbench) -> None:
        self.ft.enter(bench)
