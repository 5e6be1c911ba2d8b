"""What every argument must be before a command sees it: text that can be stored and printed.

A terminal of another encoding hands over bytes that are no UTF-8. Names of files may hold any
bytes; everything else is refused with a usage error.
"""

from __future__ import annotations

from typing import Any

import click

_NAMES_A_FILE = ("FILE", "FOLDER")


class Utf8Text(click.types.StringParamType):
    """Text; click's own type, but refusing what is no UTF-8."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The text as given."""
        text = super().convert(value, param, ctx)
        try:
            text.encode()
        except UnicodeEncodeError:
            self.fail(f'"{text}" is not UTF-8; set the terminal to UTF-8 and type it again', param, ctx)
        return text


_TEXT = Utf8Text()


def take_utf_8_only(command: click.Command) -> None:
    """Give the parameters of a command and its subcommands the type above, unless they name a file."""
    for param in command.params:
        names_a_file = param.metavar is not None and param.metavar.startswith(_NAMES_A_FILE)
        if type(param.type) is click.types.StringParamType and not names_a_file:
            param.type = _TEXT
    # A lazy group has no commands of its own.
    for child in command.commands.values() if isinstance(command, click.Group) else ():
        take_utf_8_only(child)
