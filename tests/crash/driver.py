"""What a child process does to a store, saying every step, so that its parent can kill it at any."""

from __future__ import annotations

import json
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event

from followertui.domain.clock import FileClock
from followertui.domain.decision import ActionKind
from followertui.services.intake.values import ImportChoices
from followertui.services.plan import planning, previewing
from followertui.services.plan.values import HandAnswer
from followertui.services.session import Session
from followertui.services.workbench import Workbench
from followertui.store.file.connection import Store
from followertui.x.client import TweepyClient
from followertui.x.platform import Access
from followertui.x.protocol import XClient
from followertui.x.sandbox.state import Profile, SandboxState
from followertui.x.sandbox.transport import Sandbox, client_for
from followertui.x.settings import XSettings

OWN_ID = 77


def profile(x_id: int) -> Profile | None:
    """Whoever is asked for exists."""
    return {"id": str(x_id), "name": f"Person {x_id}", "username": f"person{x_id}"}


def sandbox_at(path: Path, clock: FileClock) -> Sandbox:
    """The sandbox whose state lies in a file."""
    state = SandboxState.from_json(json.loads(path.read_text()), profile, None)
    return Sandbox(state, clock, path)


def new_sandbox(path: Path, clock: FileClock, following: list[int]) -> None:
    """Write a sandbox in which we follow some accounts."""
    state = SandboxState(OWN_ID, profiles=profile, following=dict.fromkeys(following), access=Access.ENTERPRISE)
    Sandbox(state, clock, path).save()


def open_bench(store_path: Path) -> Workbench:
    """The workbench on a store with the sandbox beside it."""
    clock = FileClock(store_path.with_name("clock"))
    sandbox = store_path.with_name("sandbox.json")

    def open_x() -> XClient:
        return client_for(sandbox_at(sandbox, clock))

    return Workbench(Session(Store(store_path), clock, "tester", open_x, is_demo=True))


def work(parent: Connection, store: Path, step: str, files: Sequence[str]) -> None:
    """Run one step and tell the parent every sign of life, "END" last.

    Args:
        parent: where signs go.
        store: the store file.
        step: import, list, match, judge or apply.
        files: what import and list read.
    """
    bench, cancel = open_bench(store), Event()
    if step == "import":
        job = bench.import_file(
            files[0], ImportChoices(what="accounts", relation="following", completeness="complete"), cancel
        )
    elif step == "list":
        job = bench.import_file(
            files[0], ImportChoices(what="list", kind="prospect", name="Prospects", basis="own-records"), cancel
        )
    elif step == "match":
        job = bench.match(True, cancel)
    elif step == "judge":
        job = bench.judge(True, cancel)
    else:
        ready = len(planning.ready(bench.session))
        # Killed right after the last call: nothing is left to carry out.
        job = bench.apply(ready, cancel, is_tried=True) if ready else iter(())
    for sign in job:
        parent.send(type(sign).__name__)
    bench.close()
    parent.send("END")


def bench_at(store: Path, environ: dict[str, str], reviewer: str = "tester") -> Workbench:
    """The workbench on a store whose X is a server; the clock lies beside the store."""
    clock = FileClock(store.with_name("clock"))

    def open_x() -> XClient:
        return TweepyClient(XSettings.from_env(environ), clock)

    return Workbench(Session(Store(store), clock, reviewer, open_x))


def hold_apply(parent: Connection, store: Path) -> None:
    """Carry out without an end: hold what a run holds, until this process is killed."""
    with Store(store).leases.take("apply"):
        parent.send("HELD")
        Event().wait()


def carry_out(parent: Connection, store: Path, environ: dict[str, str]) -> None:
    """Look at the plan and carry it out at a server, telling every sign of life, "END" and what is left last.

    Args:
        parent: where signs go.
        store: the store file; the clock lies beside it.
        environ: how the server is reached.
    """
    bench = bench_at(store, environ)
    bench.plan_overview()
    ready = len(previewing.api_items(bench.session, is_tried=True))
    for sign in bench.apply(ready, Event(), is_tried=True) if ready else ():
        parent.send(str(sign.outcome))
    left = len(previewing.api_items(bench.session, is_tried=True))
    bench.close()
    parent.send(f"END {left}")


def click_through(parent: Connection, store: Path, environ: dict[str, str]) -> None:
    """Try the API, then go through the plan by hand: a page is told, what the person says of it is recorded.

    Args:
        parent: told "page ID" and "recorded ID", "END" and what is left last; answers a page with done or missing.
        store: the store file; the clock lies beside it.
        environ: how the server is reached.
    """
    bench = bench_at(store, environ)
    bench.plan_overview()
    ready = len(previewing.api_items(bench.session, is_tried=True))
    for sign in bench.apply(ready, Event(), is_tried=True) if ready else ():
        parent.send(str(sign.outcome))
    while (task := bench.clicks.next_task(ActionKind.UNFOLLOW)) is not None:
        parent.send(f"page {task.cells.x_id}")
        bench.clicks.record(task.item_id, HandAnswer(parent.recv()))
        parent.send(f"recorded {task.cells.x_id}")
    left = len(planning.ready(bench.session))
    bench.close()
    parent.send(f"END {left}")
