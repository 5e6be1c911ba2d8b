"""The one door of the command line to the terminal: whatever is printed or asked passes here.

Owns cleaning on the way out. File names, reviewers, tags, names of views, paths and the
arguments in a usage error are foreign text; so is everything in a store from someone else.
The other modules of ``cli`` call no ``click.echo`` of their own (a test looks).
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import click

from followertui.late import late

if TYPE_CHECKING:
    from followertui.text import escaping
else:
    escaping = late("followertui.text.escaping")

_LONGEST_LINE = 200_000
"""A row of a table with every column in a pipe."""

_LONGEST_MESSAGE = 4000


def put(text: object = "") -> None:
    """Print one line on stdout."""
    click.echo(escaping.safe_line(str(text), limit=_LONGEST_LINE))


def put_document(text: str, *, is_line: bool = True) -> None:
    """Print text on stdout that is harmless already: JSON, a drawn table, our own help."""
    click.echo(text, nl=is_line)


def warn(text: str) -> None:
    """Print one line on stderr."""
    click.echo(escaping.safe_line(text, limit=_LONGEST_MESSAGE), err=True)


def fail(text: str) -> None:
    """Print what went wrong on stderr, after the name of the program."""
    warn(f"followertui: {text}")


def redraw(text: str, width: int) -> int:
    """Draw a progress line over the one before.

    Args:
        text: the line, "" to clear it.
        width: characters of the line before.

    Returns:
        Characters of this line.
    """
    line = escaping.safe_line(text, limit=100)
    click.echo("\r" + line.ljust(width) + ("" if text else "\r"), nl=False, err=True)
    return len(line)


def usage(error: click.UsageError) -> None:
    """Print a usage error on stderr: the usage, where help is, what is wrong."""
    shown = io.StringIO()
    error.show(file=shown)
    for line in shown.getvalue().splitlines():
        warn(line)


def ask(text: str, default: Any = None, **how: Any) -> Any:
    """Ask on stderr; see ``click.prompt``. A default that would be cleaned is not offered."""
    if isinstance(default, str):
        default = escaping.safe_line(default) or None
    return click.prompt(escaping.safe_line(text), default=default, err=True, **how)


def confirm(text: str, default: bool = True) -> bool:
    """Ask for a yes or no on stderr; yes is the default unless told otherwise."""
    return click.confirm(escaping.safe_line(text), default=default, err=True)
