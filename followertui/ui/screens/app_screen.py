"""What every screen with verbs shares: keys to commands, why not, status, jobs, clicks.

Owns the way from a key, a click or the palette to a ``do_...`` method, and the verbs that
are the same everywhere. Screens build on it.
"""

from __future__ import annotations

import webbrowser
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from textual import events
from textual.widgets import Input

from followertui.ui.commands import COMMANDS, Command, Need, Place, commands_at, why_not
from followertui.ui.dialogs.palette import GoToAccount, GoToRow, Palette, PaletteAnswer, RunCommand, Unknown
from followertui.ui.dialogs.theming import ThemeChooser
from followertui.ui.jobs import attempt
from followertui.ui.screens.verbs import method_name
from followertui.ui.screens.working import WorkingScreen
from followertui.ui.widgets.bars import KeyFooter

if TYPE_CHECKING:
    from followertui.ui.screens.verbs import Verbs


class CommandScreen(WorkingScreen):
    """A screen whose verbs come from the registry.

    A command is the one method ``do_...`` of the screen or of one of its groups of verbs.
    """

    verbs: Sequence[Verbs[Any]] = ()

    # What a screen says ---------------------------------------------------------------

    @property
    def place(self) -> Place:
        """Where the person is."""
        return Place.REVIEW

    def present(self) -> frozenset[Need]:
        """What there is for commands to work on."""
        return self.program_needs()

    def program_needs(self) -> frozenset[Need]:
        """The needs that do not depend on rows."""
        needs = set()
        if not self.ft.is_read_only:
            needs.add(Need.WRITE)
        if self.bench.is_demo:
            needs.add(Need.DEMO)
        if self.job is None:
            needs.add(Need.IDLE)
        return frozenset(needs).union(*(verbs.present() for verbs in self.verbs))

    # Keys and commands ----------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """A key means what the registry says at this place."""
        if isinstance(self.focused, Input):
            return
        command = self.ft.keymap.resolve(self.place, event.key)
        if command is None:
            if self.other_key(event.key, event.character or ""):
                event.stop()
                event.prevent_default()
            return
        event.stop()
        event.prevent_default()
        self.run_command(command.id)

    def other_key(self, key: str, character: str) -> bool:
        """React to a key that is no command, such as a digit bound to a tag; whether it was one."""
        return any(verbs.other_key(key, character) for verbs in self.verbs)

    def why_not(self, command: Command) -> str:
        """Why a command cannot run here and now, or ""."""
        if self.place not in command.where:
            places = " and ".join(sorted(place.value for place in command.where))
            return f"{command.title}: only in {places}"
        return why_not(command, self.present())

    def run_command(self, command_id: str) -> None:
        """Run a verb, or say why it cannot."""
        command = COMMANDS[command_id]
        reason = self.why_not(command)
        if reason:
            self.say(reason, "$warning")
            return
        self.before_command(command)
        _, error = attempt(command.title, self.verb(command_id))
        if error is not None:
            self.say(str(error), "$text-error")

    def verb(self, command_id: str) -> Callable[[], None]:
        """The method that does a command here.

        Args:
            command_id: an id of the registry whose place this is.

        Raises:
            LookupError: nothing here does it.
        """
        name = method_name(command_id)
        for owner in (*self.verbs, self):
            method: Callable[[], None] | None = getattr(owner, name, None)
            if method is not None:
                return method
        raise LookupError(f"{type(self).__name__} has no {name}")

    def before_command(self, command: Command) -> None:
        """A hook before each verb."""

    def on_click(self, event: events.Click) -> None:
        """A click on something that carries a target."""
        name = event.style.meta.get("target", "")
        if name:
            event.stop()
            kind, _, rest = str(name).partition(":")
            if kind == "command" and rest in COMMANDS:
                self.run_command(rest)
            else:
                self.clicked(kind, rest)

    def clicked(self, kind: str, rest: str) -> None:
        """React to a click on a target other than a command."""
        any(verbs.clicked(kind, rest) for verbs in self.verbs)

    # Links ----------------------------------------------------------------------------

    def open_link(self, url: str) -> None:
        """Open a page on X beside the program, and show the link where no browser is."""
        self.say(url, "underline $primary")
        opener = self.ft.open_url_with or webbrowser.open
        self.run_worker(lambda: opener(url), name="open link", group="links", thread=True, exit_on_error=False)

    def copy_link(self, url: str) -> None:
        """Hand the link to the terminal's clipboard."""
        self.app.copy_to_clipboard(url)
        self.say(f"copied {url}")

    # Verbs that are the same everywhere -----------------------------------------------

    def do_palette(self) -> None:
        """Offer every verb of this place by name."""
        keymap = self.ft.keymap
        palette = Palette(commands_at(self.place), keymap.shown, self.why_not)
        self.app.push_screen(palette, self.palette_answered)

    def palette_answered(self, answer: PaletteAnswer | None) -> None:
        """Do what was typed or chosen in the palette."""
        match answer:
            case RunCommand(command_id):
                self.run_command(command_id)
            case GoToRow(number):
                self.go_to_number(number)
            case GoToAccount(handle):
                self.go_to_account(handle)
            case Unknown(text):
                self.say(f"there is no command {text!r}: ? lists them", "$warning")

    def go_to_number(self, number: int) -> None:
        """``:37``."""
        self.say("there are no rows to count here", "$warning")

    def go_to_account(self, handle: str) -> None:
        """``:@handle``."""
        self.say("accounts are looked up in the review: q goes back there", "$warning")

    def do_help(self) -> None:
        """Keys and words."""
        self.ft.show_help(self.place)

    def do_journal(self) -> None:
        """What was done."""
        self.ft.show_journal()

    def do_theme(self) -> None:
        """Choose a theme, seen at once."""
        before = self.app.theme

        def answered(answer: str | None) -> None:
            self.app.theme = answer or before
            if answer is not None and not self.ft.is_read_only:
                self.bench.set_theme(answer)

        self.app.push_screen(ThemeChooser(self.ft), answered)

    def do_demo_week(self) -> None:
        """Let a week pass in the demo."""
        self.start_job("a week passes", self.bench.next_week, self.week_passed)

    def week_passed(self, report: Any) -> None:
        """A week later."""
        self.say(str(report or "a week later"))
        self.refresh_rows()

    def refresh_rows(self) -> None:
        """Read everything shown again."""

    def do_reload(self) -> None:
        """Read everything shown again."""
        self.refresh_rows()

    def do_quit(self) -> None:
        """Leave the program."""
        self.ft.leave()

    def do_back(self) -> None:
        """One screen back."""
        self.dismiss(None)

    def show_place(self) -> None:
        """Bring the footer to the place."""
        self.query_one(KeyFooter).show(self.place)
