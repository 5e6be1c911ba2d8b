"""Runs of text in one style, as the segments a line is drawn with."""

from __future__ import annotations

from collections.abc import Iterable

from rich.segment import Segment
from rich.style import Style


def joined(runs: Iterable[tuple[str, Style]]) -> list[Segment]:
    """Runs of text as segments, neighbours of one style as one: each change of style costs bytes.

    Blank text takes the style before it, since only its ground shows.
    """
    texts: list[str] = []
    styles: list[Style] = []
    for text, style in runs:
        if texts and (style is styles[-1] or text.isspace()):
            texts[-1] += text
        else:
            texts.append(text)
            styles.append(style)
    return [Segment(text, style) for text, style in zip(texts, styles, strict=True)]
