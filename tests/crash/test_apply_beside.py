"""Two processes and one plan: one works, the other says who holds it; what was killed holds nothing."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "store"))
import random

import driver
from test_apply_killed import Scene, run, scene

from followertui.domain.errors import Busy
from followertui.services.plan import planning, previewing
from followertui.services.session import Session
from followertui.store.file.connection import Store
from followertui.x.sandbox.server import Server

FORKS = multiprocessing.get_context("forkserver")


def left(found: Scene) -> int:
    """How many items of the plan are ready."""
    session = Session(Store(found.store), found.clock)
    count = len(planning.ready(session))
    session.close()
    return count


def test_one_works_the_other_says_who_and_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    found = scene(tmp_path, 20, random.Random(3))
    signs, theirs = FORKS.Pipe(duplex=False)
    holder = FORKS.Process(target=driver.hold_apply, args=(theirs, found.store))
    holder.start()
    theirs.close()
    assert signs.recv() == "HELD"
    with Server(found.sandbox, 0) as server:
        environ = found.sandbox.state.keys.environ(found.sandbox.state.own_id, server.address)
        bench = driver.bench_at(found.store, environ)
        ready = len(previewing.api_items(bench.session, is_tried=True))
        with pytest.raises(Busy, match=rf"apply.*process {holder.pid}"):
            next(bench.apply(ready, driver.Event(), is_tried=True))
        bench.close()
        assert found.sandbox.asked == []
        assert holder.pid is not None
        os.kill(holder.pid, signal.SIGKILL)
        holder.join()
        assert run(found, environ, None) == "END 0"
    assert left(found) == 0
    assert len(found.sandbox.asked) == 20
