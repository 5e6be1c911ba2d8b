"""How memory is given back in this process: by Python's collector, and by the C library.

Owns those settings. What this program makes many of (accounts, list entries, the index of names)
lives as long as the work on it and forms no circles, so that looking at all of it again and again
is a fifth of the work. Arrays of all accounts come and go with every question. Anyone in
``services`` and above may import it.
"""

from __future__ import annotations

import contextlib
import gc
import sys
from typing import TYPE_CHECKING

from followertui.late import late

if TYPE_CHECKING:
    import ctypes
else:
    ctypes = late("ctypes")

_MADE = 50_000
"""Objects made and not yet freed after which the collector looks at the newest; Python's own number is 700."""

_LOOKS = 20
"""Looks at the newest after which it looks at older ones too."""

_M_MMAP_THRESHOLD = -3
"""What ``mallopt`` of glibc calls it, by its ``malloc.h``."""
_LARGE = 1 << 18
"""Bytes from which a block is the system's again once it is freed."""


def collect_seldom() -> None:
    """Let the collector look less often, from now on and in all of this process; once more changes nothing."""
    gc.set_threshold(_MADE, _LOOKS, _LOOKS)


def give_back_large_blocks() -> None:
    """Let a large array's memory go back to the system when it is freed, from now on and in all of this process.

    By itself glibc raises the size from which it does so to that of the largest block freed, and each thread
    keeps what it freed: a review of a million accounts then holds a third more than it uses. Does nothing
    where the C library is another one.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE)
