"""Opens a demo: its clock, its sandbox X, and the passing of weeks.

Owns the wiring of a demo store and ``:demo next week``. ``cli`` calls it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from datetime import tzinfo
from typing import TYPE_CHECKING

from followertui.demo.places import clock_path, sandbox_path
from followertui.domain.account import AccountRecord
from followertui.domain.clock import FileClock, epoch
from followertui.domain.decision import ActionKind
from followertui.domain.errors import BadInput
from followertui.domain.progress import CancelToken, Progress
from followertui.late import late
from followertui.services.session import Session
from followertui.services.workbench import Workbench
from followertui.store.decisions import calls
from followertui.store.file import watermarks
from followertui.store.file.connection import Store

if TYPE_CHECKING:
    from followertui.demo import audience as audiences
    from followertui.demo import building, sandbox
    from followertui.x.protocol import XClient
    from followertui.x.sandbox import transport
    from followertui.x.sandbox.state import SandboxState
else:
    audiences = late("followertui.demo.audience")
    building = late("followertui.demo.building")
    sandbox = late("followertui.demo.sandbox")
    transport = late("followertui.x.sandbox.transport")


def open_demo(store: Store, reviewer: str, zone: tzinfo | None = None) -> Workbench:
    """The workbench of a demo store.

    Args:
        store: an open store that a demo was built in.
        reviewer: name on what is decided.
        zone: the person's; None for the machine's.
    """
    clock = FileClock(clock_path(store.path), zone)

    def open_x() -> XClient:
        """A client to the demo's X."""
        return transport.client_for(sandbox.open_sandbox(sandbox_path(store.path), store, clock))

    return Workbench(Session(store, clock, reviewer, open_x, is_demo=True), weeks=next_week)


def next_week(bench: Workbench, cancel: CancelToken) -> Generator[Progress, None, None]:
    """Let a week pass: the clock advances, X changes, a new snapshot is imported."""
    session = bench.session
    kept = watermarks.DEMO.read(session.store)
    if kept is None:
        raise BadInput(f"{session.store.path}: is no demo; `followertui demo` makes one")
    week = kept.week + 1
    audience = audiences.Audience(kept.accounts, kept.seed, building.BEGIN - building.WEEK)
    audience.next_week(week)
    clock = session.clock
    if isinstance(clock, FileClock):
        clock.advance(building.WEEK)
    made_up_x = sandbox.open_sandbox(sandbox_path(session.store.path), session.store, clock)
    _click(made_up_x.state, calls.clicked_since(session.store, epoch(clock.now() - building.WEEK)))
    people = building.Present()
    batches = _as_x_has_it(people.counted(audience.batches("all", week=week)), made_up_x.state.following)
    yield from building.take_reading(session, batches, clock.now(), f"week {week}", cancel)
    sandbox.pass_week(made_up_x, audience, week, people)
    watermarks.DEMO.write(session.store, kept._replace(week=week))


def _click(state: SandboxState, clicked: Iterable[tuple[int, str]]) -> None:
    """Let the sandbox have what was clicked by hand, as the real X would."""
    for x_id, action in clicked:
        if action == ActionKind.UNFOLLOW.value:
            state.following.pop(x_id, None)
        elif action == ActionKind.FOLLOW.value:
            state.following[x_id] = None


def _as_x_has_it(batches: Iterator[list[AccountRecord]], following: dict[int, None]) -> Iterator[list[AccountRecord]]:
    """Set whom we follow from the sandbox, so that our own actions count."""
    for batch in batches:
        yield [record._replace(we_follow=int((record.x_id or 0) in following)) for record in batch]
