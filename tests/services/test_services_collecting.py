"""Memory of freed arrays goes back to the system."""

from __future__ import annotations

import subprocess
import sys

import pytest

_USE = """
import numpy as np
from pathlib import Path
from followertui.services.collecting import give_back_large_blocks
def anonymous():
    return int(Path("/proc/self/status").read_text().partition("RssAnon:")[2].split()[0])
if {is_set}:
    give_back_large_blocks()
# A block of this size once freed, glibc keeps smaller ones to itself.
block = np.ones(24 << 20, np.uint8)
del block
many = [np.ones(1 << 20, np.uint8) for _ in range(64)]
before, last = anonymous(), many[-1]
del many
print(before - anonymous())
"""


def given_back(*, is_set: bool) -> int:
    """KiB that a process gives back of 63 freed arrays of a MiB, the one that lies above them kept."""
    done = subprocess.run(
        [sys.executable, "-c", _USE.format(is_set=is_set)], check=True, capture_output=True, text=True, timeout=60
    )
    return int(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="asks glibc")
def test_freed_arrays_are_the_systems_again() -> None:
    if given_back(is_set=False) > 32 << 10:
        pytest.skip("this C library gives blocks back by itself")
    assert given_back(is_set=True) > 60 << 10
