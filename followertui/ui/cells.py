"""The one door through which text reaches the screen.

Owns the guarding of foreign text (controls, escape codes, bidi controls), its fitting into
cells, and the ``Content`` made of it. Nothing here reads markup, so a bio that looks like
markup stays a bio. Every widget, dialog and screen of ``ui`` takes text through here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rich.cells import cell_len
from textual.content import Content, Span
from textual.style import Style

# Replaced one for one, so that offsets into the text (evidence, links) stay true.
_ACTING = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e0fff]"
)
# Joiners and selectors change how wide a run is drawn from terminal to terminal: not in columns.
_WIDTH_CHANGING = re.compile("[\u200c\u200d\ufe00-\ufe0f]")
_STACKED = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{2})[\u0300-\u036f\u0483-\u0489"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
)

Part = str | tuple[str, str | Style] | Content
"""A piece of a line: text, text with a style of ours, or finished content."""


def guard(text: str, *, keep_lines: bool = False) -> str:
    """Foreign text that can no longer act on a terminal; as long as it was.

    Args:
        text: any text.
        keep_lines: leave line breaks standing; otherwise they become spaces.

    Returns:
        The text with controls and bidi controls replaced by spaces, one for one.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _ACTING.sub(" ", text)
    return text if keep_lines else text.replace("\n", " ")


def fit(text: str, width: int, *, right: bool = False) -> str:
    """Text guarded, cut with an ellipsis and padded to exactly ``width`` cells.

    Args:
        text: any text.
        width: cells, at least 0.
        right: align to the right.

    Returns:
        Text whose cell length is ``width``.
    """
    if width <= 0:
        return ""
    if text.isascii() and text.isprintable():
        if len(text) > width:
            return text[: width - 1] + "…"
        return text.rjust(width) if right else text.ljust(width)
    text = _STACKED.sub(r"\1", _WIDTH_CHANGING.sub("", guard(text)))
    length = cell_len(text)
    if length > width:
        kept, length = "", 0
        for char in text:
            size = cell_len(char)
            if length + size > width - 1:
                break
            kept, length = kept + char, length + size
        text, length = kept + "…", length + 1
    space = " " * (width - length)
    return space + text if right else text + space


def plain(text: str, style: str | Style = "", *, keep_lines: bool = False) -> Content:
    """Guarded text as content of one style."""
    guarded = guard(text, keep_lines=keep_lines)
    return Content(guarded, [Span(0, len(guarded), style)] if style else [])


def line(*parts: Part) -> Content:
    """Pieces side by side; every text in them is guarded, none is read as markup."""
    guarded: list[Part] = []
    for part in parts:
        if isinstance(part, str):
            guarded.append(guard(part))
        elif isinstance(part, tuple):
            guarded.append((guard(part[0]), part[1]))
        else:
            guarded.append(part)
    return Content.assemble(*guarded)


def lines(rows: Iterable[Content]) -> Content:
    """Content below each other."""
    return Content("\n").join(list(rows))


def highlighted(text: str, spans: Iterable[tuple[int, int]], style: str | Style, base: str = "") -> Content:
    """Guarded text with the given ranges set off.

    Args:
        text: any text.
        spans: (start, end) offsets into ``text``; spans outside it are ignored.
        style: style of the ranges.
        base: style of the rest.

    Returns:
        The content, as long as ``text``.
    """
    guarded = guard(text)
    marks = [Span(max(0, start), min(end, len(guarded)), style) for start, end in spans if start < end]
    content = Content(guarded, [Span(0, len(guarded), base)] if base and guarded else [])
    return content.add_spans([mark for mark in marks if mark.start < mark.end])


def hanging(
    label: str, body: Content, width: int, *, label_width: int = 8, label_style: str = "$foreground-muted"
) -> Content:
    """A label with a body beside it, wrapped under itself.

    Args:
        label: our own word.
        body: what stands beside it.
        width: cells for both.
        label_width: cells of the label column.
        label_style: style of the label.

    Returns:
        One or more lines; none ends between a number and the word after it.
    """
    room = max(8, width - label_width)
    wrapped = _wrapped(body, room) or [Content("")]
    rows = []
    for index, part in enumerate(wrapped):
        head = fit(label, label_width) if index == 0 else " " * label_width
        rows.append(Content.assemble((head, label_style), part.rstrip()))
    return lines(rows)


_JOINT = "\ue000"
"""Stands for a space no line ends at; of a private range, one cell wide, and no space to what wraps."""
_AFTER_NUMBER = re.compile(r"(?<=\d) (?=[^\W\d])")


def _wrapped(body: Content, width: int) -> list[Content]:
    """Lines of at most a width, where no line ends between a number and the word it counts."""
    if _JOINT in body.plain:
        return body.wrap(width)
    joined = Content(_AFTER_NUMBER.sub(_JOINT, body.plain), spans=list(body.spans))
    return [Content(part.plain.replace(_JOINT, " "), spans=list(part.spans)) for part in joined.wrap(width)]


def counted(number: int) -> str:
    """A count with thousands separated: 12,431."""
    return f"{number:,}"


def short_count(number: int | None) -> str:
    """A count in at most five cells: 980, 12.4k, 3.1M; "" for unknown."""
    if number is None:
        return ""
    for unit, size in (("M", 1_000_000), ("k", 1_000)):
        if number >= size * 10:
            return (
                f"{number // size}{unit}"
                if number >= size * 100
                else f"{number / size:.1f}".rstrip("0").rstrip(".") + unit
            )
        if number >= size and size == 1_000_000:
            return f"{number / size:.1f}".rstrip("0").rstrip(".") + unit
    return f"{number:,}"


def silence(days: int | None) -> str:
    """Whole days since the last post in three cells: 5d, 3w, 8mo, 3y; "" for unknown."""
    if days is None:
        return ""
    if days < 14:
        return f"{days}d"
    if days < 60:
        return f"{days // 7}w"
    if days < 730:
        return f"{days // 30}mo"
    return f"{days // 365}y"


def lasting(seconds: float) -> str:
    """A length of time in plain words: "40 s", "12 min", "3 h", "2 days"."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 5_400:
        return f"{round(seconds / 60)} min"
    if seconds < 129_600:
        return f"{seconds / 3600:.1f}".rstrip("0").rstrip(".") + " h"
    return f"{round(seconds / 86_400)} days"
