"""The shape of a handle: likelihood of its letters, digits, whether it says bot.

Owns the bigram table, counted at first use from the word list in ``handle_words.txt``
(names and everyday words; nothing from any account). Imported within ``quality``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

_WIDTH = 20
GAP = 26
DIGIT = 30
"""Codes of ``letter_codes`` for characters that are no letter."""
_SAYS_BOT = re.compile(r"(?:^|_)(?:the|a)?bot(?:_|\d|$)|[a-z0-9_]bot\d{0,3}$|ebooks$|(?<=[a-z])Bot(?=[A-Z_0-9])")
_NO_BOT = re.compile(r"(?:robot|abbot|talbot|cabot|sabot|turbot|elbot)\d*$", re.IGNORECASE)


@cache
def _surprise_table() -> NDArray[np.float64]:
    """Surprise of one letter after another, in bits; row: before, column: after.

    Index 26 is the edge of a word; one is added to every count.
    """
    counts = np.ones((27, 27))
    text = files("followertui.quality").joinpath("handle_words.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        for word in line.split():
            codes = [ord(c) - 97 for c in word if "a" <= c <= "z"]
            for before, after in pairwise(codes):
                counts[before, after] += 1
    table: NDArray[np.float64] = -np.log2(counts / counts.sum(axis=1, keepdims=True))
    return table


def letter_codes(handles: Sequence[str | None]) -> NDArray[np.int64]:
    """Handles as letters 0-25, digits 30, other 26, nothing -1; one row each, 20 columns."""
    cut = [h.encode("ascii", "replace")[:_WIDTH].lower() if h else b"" for h in handles]
    raw = np.array(cut, dtype=f"S{_WIDTH}").view(np.uint8).reshape(len(cut), _WIDTH)
    table = np.full(256, GAP, dtype=np.int8)
    table[97:123] = np.arange(26)
    table[48:58] = DIGIT
    table[0] = -1
    return table[raw].astype(np.int64)


def handle_measures(handles: Sequence[str | None]) -> dict[str, NDArray[np.float64]]:
    """Measure the shape of handles.

    Args:
        handles: without @, None where unknown.

    Returns:
        Columns in the order of ``handles``, NaN where unknown: ``handle_digits`` (count),
        ``handle_surprise`` (mean bits for each pair of letters; about 3.5 for names, above
        5 for letters in no order; NaN below five letter pairs), ``handle_says_bot`` (0 or 1).
        Source: BotometerLite, ``num_digits_in_screen_name`` and ``screen_name_likelihood``.
    """
    if not len(handles):
        return {name: np.empty(0) for name in ("handle_digits", "handle_surprise", "handle_says_bot")}
    codes = letter_codes(handles)
    known = codes[:, 0] >= 0
    digits = np.where(known, (codes == DIGIT).sum(axis=1), np.nan)
    before, after = codes[:, :-1], codes[:, 1:]
    pair = (before >= 0) & (before < 26) & (after >= 0) & (after < 26)
    bits = np.where(pair, _surprise_table()[np.clip(before, 0, 25), np.clip(after, 0, 25)], 0.0)
    pairs = pair.sum(axis=1)
    surprise = np.full(len(codes), np.nan)
    np.divide(bits.sum(axis=1), pairs, out=surprise, where=pairs >= 5)
    says = [_says_bot(h) if h else np.nan for h in handles]
    return {"handle_digits": digits, "handle_surprise": surprise, "handle_says_bot": np.array(says, dtype=float)}


def _says_bot(handle: str) -> float:
    if "bot" not in handle.lower() and "ebooks" not in handle.lower():
        return 0.0
    if _NO_BOT.search(handle):
        return 0.0
    return float(bool(_SAYS_BOT.search(handle) or _SAYS_BOT.search(handle.lower())))
