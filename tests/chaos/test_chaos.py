"""A dozen moments of chaos in a process of its own; the long run is ``python -m tests.chaos``."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from chaos_breaking import BREAKS

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are struck as Linux does it")


def chaos(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.chaos", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)


def test_nothing_is_lost_half_or_done_twice_at_random_moments() -> None:
    done = chaos("--moments", "10", "--seed", os.environ.get("CHAOS_SEED", "1"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.search(r"^(\d+) moments in", done.stdout, re.MULTILINE)[1]) >= 10  # type: ignore[index]


@pytest.mark.slow
@pytest.mark.parametrize("broken", BREAKS)
def test_what_is_broken_on_purpose_is_noticed(broken: str) -> None:
    done = chaos("--moments", "400", "--break", broken)
    assert done.returncode == 1, done.stdout + done.stderr
    assert BREAKS[broken][1] in done.stdout
