"""The palette: every verb by name, a line number, an account, or quit.

Owns how typed text is read; running is the screen's.
"""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content

from followertui.ui.cells import fit, line
from followertui.ui.commands import Command
from followertui.ui.dialogs.choosing import Choice, Chooser

HELP_WIDTH = 44


class Palette(Chooser):
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
        self._reasons = {command.id: blocked(command) for command in commands}
        self._words_of = {
            command.id: " ".join((command.title, command.id, *command.words, command.help)).lower()
            for command in commands
        }
        choices = [Choice(command.id, command.title, keys(command), command.help) for command in commands]
        super().__init__(
            "What to do",
            choices,
            hint="Enter run · also :37 row, :@handle account, :q quit · Esc back",
            is_searchable=True,
        )

    def matching(self, text: str) -> list[Choice]:
        """Commands whose names or help hold every word; those that begin so first."""
        wanted = text.lower().lstrip(":").split()
        found = [choice for choice in self._choices if all(word in self._words_of[choice.answer] for word in wanted)]
        joined = " ".join(wanted)
        return sorted(found, key=lambda choice: (not choice.title.startswith(joined), joined not in choice.title))

    def _prompt(self, choice: Choice) -> Content:
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
        if typed.isdigit() or typed.startswith("@"):
            self.dismiss(typed)
            return
        exact = [choice for choice in self._choices if typed and typed.lower() in (choice.answer, choice.title)]
        if typed.lower() in ("q", "quit"):
            self.dismiss("quit")
        elif exact:
            self.dismiss(exact[0].answer)
        elif self._shown:
            super().entered(text)
        else:
            self.dismiss(typed)
