"""Opening a demo: its clock, its sandbox as X, and the weeks that can pass.

Owns the wiring of a demo store and ``:demo next week``. ``cli`` calls it.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

from followertui.demo.places import clock_path, sandbox_path
from followertui.domain.account import AccountRecord
from followertui.domain.clock import FileClock
from followertui.domain.progress import CancelToken, Progress
from followertui.services.session import Session
from followertui.services.workbench import Workbench
from followertui.store.file.connection import Store

if TYPE_CHECKING:
    from followertui.x.protocol import XClient


def open_demo(store: Store, reviewer: str) -> Workbench:
    """The workbench of a demo store.

    Args:
        store: an open store that a demo was built in.
        reviewer: name on what is decided.
    """
    clock = FileClock(clock_path(store.path))

    def open_x() -> XClient:
        from followertui.demo.sandbox import open_sandbox
        from followertui.x.sandbox.transport import client_for

        return client_for(open_sandbox(sandbox_path(store.path), store, clock))

    return Workbench(Session(store, clock, reviewer, open_x, is_demo=True), weeks=next_week)


def next_week(bench: Workbench, cancel: CancelToken) -> Generator[Progress, None, None]:
    """A week passes: the clock moves on, X changes, a new reading comes in."""
    from followertui.demo.audience import Audience
    from followertui.demo.building import BEGIN, WEEK, Present, take_reading
    from followertui.demo.sandbox import open_sandbox, pass_week

    session = bench.session
    kept = json.loads(session.store.meta("demo") or "{}")
    accounts, seed, _ = kept["recipe"]
    week = int(kept["week"]) + 1
    audience = Audience(accounts, seed, BEGIN - WEEK)
    audience.next_week(week)
    clock = session.clock
    if isinstance(clock, FileClock):
        clock.advance(WEEK)
    sandbox = open_sandbox(sandbox_path(session.store.path), session.store, clock)
    people = Present()
    batches = _as_x_has_it(people.counted(audience.batches("all", week=week)), sandbox.state.following)
    yield from take_reading(session, batches, clock.now(), f"week {week}", cancel)
    pass_week(sandbox, audience, week, people)
    session.store.set_meta("demo", json.dumps({**kept, "week": week}))


def _as_x_has_it(batches: Iterator[list[AccountRecord]], following: dict[int, None]) -> Iterator[list[AccountRecord]]:
    """Whom we follow is what the sandbox says: our own actions count."""
    for batch in batches:
        yield [record._replace(we_follow=int((record.x_id or 0) in following)) for record in batch]
