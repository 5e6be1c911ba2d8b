"""Foreign text on its way out: lines of a terminal, cells of a CSV file, JSON.

Owns what makes text harmless where it is printed or written; a store or a file from someone
else is foreign as a whole, so cleaning on the way in is not relied on. Any floor above
``domain`` may import it; stdlib only.
"""

from __future__ import annotations

import json
import re
from typing import Any

from followertui.text.cleaning import DROPPED_CLASS, without_escapes

_DROPPED = re.compile(f"[{DROPPED_CLASS}]")
_BREAKS = re.compile("[\t\n\r\v\f\x85\u2028\u2029]")
_ACTING = re.compile(f"[{DROPPED_CLASS}\t-\r\x85\u2028\u2029]")
_CELL_BREAKS = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")


def safe_line(text: str, limit: int = 4000) -> str:
    """One line that only shows: without escape sequences, controls, bidi controls and line ends.

    Args:
        text: any text; runs of blanks stay, they align columns.
        limit: most characters kept.
    """
    if text.isascii() and text.isprintable():
        return text[:limit]
    return _BREAKS.sub(" ", _DROPPED.sub("", without_escapes(text)))[:limit]


def safe_csv_cell(text: str) -> str:
    """A cell that no terminal acts on and no spreadsheet reads as a formula.

    Escape sequences, controls and bidi controls are dropped, line ends kept. A cell that starts
    (after blanks) with ``=``, ``+``, ``-``, ``@`` or a full-width twin gets a leading apostrophe,
    which spreadsheets show as text and the readers of ``sources`` remove again. Plain numbers
    such as ``-5`` are left alone.

    Args:
        text: the cell.

    Returns:
        The cell, with a leading apostrophe where needed.
    """
    if _ACTING.search(text):
        text = _DROPPED.sub("", _CELL_BREAKS.sub("\n", without_escapes(text)))
    if text.lstrip(" \u00a0").startswith(_FORMULA_STARTS) and not _PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def json_text(value: Any, indent: int | None = None) -> str:
    r"""JSON that stays readable, with everything a terminal could act on as ``\uXXXX``.

    C0, DEL, C1, bidi controls, invisible characters and lone surrogates are escaped; readers get
    the same characters back.

    Args:
        value: plain values.
        indent: blanks per level, None for one line.
    """
    # Outside of strings JSON is ASCII, and line ends there are ours.
    return _DROPPED_OR_SEPARATOR.sub(_escaped, json.dumps(value, ensure_ascii=False, indent=indent))


_DROPPED_OR_SEPARATOR = re.compile(f"[{DROPPED_CLASS}\x85\u2028\u2029]")


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code <= 0xFFFF:
        return f"\\u{code:04x}"
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
