"""The palette: every verb by name, a line number, an account, or quit.

Owns how typed text is read; running is the screen's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual.content import Content

from followertui.ui.cells import fit, line
from followertui.ui.commands import Command, named
from followertui.ui.dialogs.choosing import Choice, Chooser

HELP_WIDTH = 44


@dataclass(frozen=True, slots=True)
class RunCommand:
    """Run a command of the registry."""

    command_id: str


@dataclass(frozen=True, slots=True)
class GoToRow:
    """Go to a row of the view, counted from 1."""

    number: int


@dataclass(frozen=True, slots=True)
class GoToAccount:
    """Go to an account by its handle, with the @."""

    handle: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Typed text that names nothing."""

    text: str


PaletteAnswer = RunCommand | GoToRow | GoToAccount | Unknown


class Palette(Chooser[PaletteAnswer]):
    """Verbs with their keys; what cannot run says why.

    Args:
        commands: verbs of this place.
        keys: the first key of a command, "" for none.
        blocked: why a command cannot run, "" if it can.
    """

    def __init__(
        self,
        commands: list[Command],
        keys: Callable[[Command], str],
        blocked: Callable[[Command], str],
    ) -> None:
        self._commands: dict[PaletteAnswer, Command] = {RunCommand(command.id): command for command in commands}
        self._reasons = {answer: blocked(command) for answer, command in self._commands.items()}
        choices = [
            Choice(answer, command.title, keys(command), command.help) for answer, command in self._commands.items()
        ]
        super().__init__(
            "What to do",
            choices,
            hint="Enter run · also :37 row, :@handle account, :q quit · Esc back",
            is_searchable=True,
        )

    def matching(self, text: str) -> list[Choice[PaletteAnswer]]:
        """Commands whose names or help hold every word; those that begin so first."""
        wanted = text.lower().lstrip(":").split()
        found = [choice for choice in self._choices if all(word in self._searched(choice.answer) for word in wanted)]
        joined = " ".join(wanted)
        return sorted(found, key=lambda choice: (not choice.title.startswith(joined), joined not in choice.title))

    def _searched(self, answer: PaletteAnswer) -> str:
        command = self._commands.get(answer)
        return " ".join((command.title, command.id, *command.words, command.help)).lower() if command else ""

    def _prompt(self, choice: Choice[PaletteAnswer]) -> Content:
        reason = self._reasons[choice.answer]
        help_text = reason.partition(": ")[2] if reason else choice.remark
        return line(
            (fit(choice.title, 18), "$foreground-muted" if reason else "bold"),
            (f" {fit(choice.letter, 7)}", "$accent"),
            (fit(help_text, HELP_WIDTH), "$warning" if reason else "$foreground-muted"),
        )

    def entered(self, text: str) -> None:
        """A number, an account, an exact name, or what is highlighted."""
        typed = text.strip().lstrip(":").strip()
        command = named(typed) if typed else None
        is_here = RunCommand(command.id) in self._commands if command is not None else False
        if typed.isdecimal():
            self.dismiss(GoToRow(int(typed)))
        elif typed.startswith("@"):
            self.dismiss(GoToAccount(typed))
        elif command is not None and (is_here or not self._shown):
            self.dismiss(RunCommand(command.id))
        elif self._shown:
            super().entered(text)
        else:
            self.dismiss(Unknown(typed))
