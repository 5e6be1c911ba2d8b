"""How the query language quotes foreign words and finds the nearest known one.

Owns safe quoting in messages, quoting in queries, and the nearest word. It knows no field
and no grammar. Imported by the modules of ``query`` only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from followertui.late import late

if TYPE_CHECKING:
    import difflib
else:
    difflib = late("difflib")

_SHOWN_CHARS = 40

_ESCAPED = re.compile(r"\\([\"\\])")

PLAIN_VALUE = re.compile(r'[^\s()",]+')
"""A value that needs no quotes after a field's colon."""


def shown(text: str) -> str:
    """A foreign word fit for one line of a message.

    Args:
        text: any text, hostile or not.

    Returns:
        At most 40 characters in double quotes, unprintable ones replaced, a cut marked with ``…``.
    """
    cut = text[:_SHOWN_CHARS] + ("…" if len(text) > _SHOWN_CHARS else "")
    return '"' + "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in cut) + '"'


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word a person most likely meant.

    Args:
        word: what was typed.
        known: words that would do.

    Returns:
        The nearest word, or None when nothing is near.
    """
    choices = tuple(known)
    typed = word[:_SHOWN_CHARS].lower()
    close = difflib.get_close_matches(typed, choices, n=1, cutoff=0.6)
    if close:
        return close[0]
    return next((choice for choice in choices if len(typed) > 1 and choice.startswith(typed)), None)


def did_you_mean(word: str | None) -> str:
    """The tail of a message that offers ``word``, empty for None."""
    return f': did you mean "{word}"?' if word else ""


def quoted(text: str) -> str:
    """The text in double quotes, its own quotes and backslashes escaped."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def unquoted(token: str) -> str:
    r"""What stands between the quotes of a quoted token, ``\"`` and ``\\`` undone."""
    return _ESCAPED.sub(r"\1", token[1:-1])


def as_value(text: str) -> str:
    """The text as it stands after a field's colon: quoted only where it must be."""
    return text if PLAIN_VALUE.fullmatch(text) else quoted(text)
