"""One line to type in, in which no text can act on the terminal.

Owns what is kept out of a line: what is put in, completed or pasted may be foreign text.
"""

from __future__ import annotations

from textual.widgets import Input

from followertui.ui.attempt import Guarded
from followertui.ui.cells import guard


class LineInput(Guarded, Input):
    """An input that shows controls and bidi controls as spaces, one for one."""

    def validate_value(self, value: str) -> str:
        """The text without what could act on a terminal; as long as it was."""
        return guard(value)
