"""A dozen moments of chaos in a process of its own; the long run is ``python -m tests.chaos``."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are struck as Linux does it")


def test_nothing_is_lost_half_or_done_twice_at_random_moments() -> None:
    command = [sys.executable, "-m", "tests.chaos", "--moments", "12", "--seed", os.environ.get("CHAOS_SEED", "1")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.search(r"^(\d+) moments in", done.stdout, re.MULTILINE)[1]) >= 12  # type: ignore[index]
