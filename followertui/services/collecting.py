"""How often Python looks for objects that refer to each other and to nothing else.

Owns that one setting of a process. What this program makes many of (accounts, list entries,
the index of names) lives as long as the work on it and forms no circles, so that looking at all
of it again and again is a fifth of the work. Anyone in ``services`` and above may import it.
"""

from __future__ import annotations

import gc

_MADE = 50_000
"""Objects made and not yet freed after which the collector looks at the newest; Python's own number is 700."""

_LOOKS = 20
"""Looks at the newest after which it looks at older ones too."""


def collect_seldom() -> None:
    """Let the collector look less often, from now on and in all of this process; once more changes nothing."""
    gc.set_threshold(_MADE, _LOOKS, _LOOKS)
