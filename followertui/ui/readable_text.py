"""Text that can be read in any theme: whatever a theme makes of it, it stands off its ground.

Owns the filter for themes that are not ours. Ours are made so that nothing has to be corrected, and
in the terminal's own colours the terminal decides.
"""

from __future__ import annotations

from functools import lru_cache

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from followertui.ui.contrast import readable


class ReadableText(LineFilter):
    """Brings every text colour as far from its ground as reading needs, and no farther."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments with colours that can be read.

        Args:
            segments: of one line.
            background: the ground where a segment has none.
        """
        ground = background.rich_color
        return [
            Segment(text, None if style is None else _readable_style(style, ground), control)
            for text, style, control in segments
        ]


@lru_cache(4096)
def _readable_style(style: Style, ground: RichColor) -> Style:
    if style.color is None:
        return style
    color = readable(style.color, style.bgcolor or ground)
    return style if color is style.color else style + Style(color=color)
