"""Charts of one line: a bar, and values as columns.

Owns how a number becomes blocks. Free of Textual; any panel may use it.
"""

from __future__ import annotations

from collections.abc import Sequence

_BLOCKS = " ▏▎▍▌▋▊▉█"
_LEVELS = "▁▂▃▄▅▆▇█"


def bar(share: float, width: int) -> str:
    """A bar of a share 0 to 1 in eighths of a cell; anything above nothing shows."""
    eighths = max(1 if share > 0 else 0, round(share * width * 8))
    full, rest = divmod(min(eighths, width * 8), 8)
    return "█" * full + (_BLOCKS[rest] if rest else "")


def spark(values: Sequence[float], width: int) -> str:
    """Values as columns of one line, the newest at the right; evenly picked where they are more than the width."""
    if len(values) > width:
        values = [values[round(place * (len(values) - 1) / (width - 1))] for place in range(width)]
    low, high = min(values), max(values)
    extent = (high - low) or 1
    return "".join(_LEVELS[round((value - low) / extent * (len(_LEVELS) - 1))] for value in values)
