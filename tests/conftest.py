"""Property tests look for new examples while one works, and repeat the same ones in CI; the machine's zone is UTC."""

from __future__ import annotations

import os
import sys
import time

# Hundreds of processes are started: what is compiled once is kept, also where the environment says otherwise.
# That is said before the program itself is imported, or each of them compiles it again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

import pytest  # noqa: E402
from demo_stores import DemoStores  # noqa: E402
from hypothesis import settings  # noqa: E402

if hasattr(os, "nice"):
    # An import lowers the priority of its process: here, that of every test after it.
    os.nice = lambda _step: 0

# How long an example takes tells of the machine, not of the code.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("at work", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "at work")


@pytest.fixture(scope="session")
def demo_stores(tmp_path_factory: pytest.TempPathFactory) -> DemoStores:
    """Demos built once in this process."""
    return DemoStores(tmp_path_factory.mktemp("demos"))


os.environ["TZ"] = "UTC"
if hasattr(time, "tzset"):
    time.tzset()
