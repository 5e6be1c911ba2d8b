"""The main job from the keyboard, on a real store with the sandbox X: filter, mark, look, out, plan, apply."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import Any

from textual.worker import WorkerCancelled

from followertui.services.workbench import Workbench
from followertui.ui.app import FollowerApp

PRUNE = "is:leader match:none"

KEYS = {
    ":": "colon",
    " ": "space",
    "/": "slash",
    "*": "asterisk",
    "$": "dollar_sign",
    "#": "number_sign",
    "%": "percent_sign",
}


async def settle(app: FollowerApp, pilot: Any) -> None:
    """Until no worker and no job runs and every key was looked at."""
    for _ in range(2):
        with suppress(WorkerCancelled):
            await app.workers.wait_for_complete()
        while app.jobs.job is not None or not app.key_gate.is_idle:
            await pilot.pause(0.01)
        await pilot.pause()


async def press(app: FollowerApp, pilot: Any, *keys: str) -> None:
    for key in keys:
        await pilot.press(KEYS.get(key, key))
        await settle(app, pilot)


def followed(bench: Workbench) -> set[str]:
    path = Path(f"{bench.session.store.path}.sandbox.json")
    return {str(i) for i in json.loads(path.read_text())["following"]}


def ids(bench: Workbench, query: str) -> set[str]:
    from followertui.services import querying
    from followertui.services.care import exporting

    rows = querying.rows_of(bench.session, query)
    return {str(record["id"]) for record in exporting.accounts(bench.session, rows, ("id",))}


async def test_enterprise_prunes_exactly_what_was_marked(demo: Callable[[str], Workbench]) -> None:
    bench = demo("enterprise")
    bench.remember_place({"queue": "everyone"})
    before = followed(bench)
    wanted = ids(bench, f"{PRUNE} -is:guarded")
    assert len(wanted) > 50
    assert wanted < before
    app = FollowerApp(bench, queue_id="everyone")
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(app, pilot)
        await press(app, pilot, "/", *PRUNE, "enter", "*", "#", "k", "escape", "escape", "%", "escape", "x", "enter")
        held = {item.id for item in bench.plan_lines(bench.plan_overview().item_ids) if item.state.value == "held"}
        count = bench.plan_overview().groups[0].ready
        assert count == len(wanted)
        await press(app, pilot, "p", "$", *str(count), "enter")
    assert before - followed(bench) == wanted
    assert followed(bench) < before
    assert {item.id for item in bench.plan_lines(bench.plan_overview().item_ids)} == held
    assert not ids(bench, "plan:unfollow -is:guarded")


async def test_pay_per_use_turns_to_by_hand_without_losing_a_row(demo: Callable[[str], Workbench]) -> None:
    bench = demo("pay-per-use")
    before = followed(bench)
    app = FollowerApp(bench, queue_id="everyone")
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(app, pilot)
        await press(app, pilot, "/", *PRUNE, "enter", "*", "x", "enter")
        planned = ids(bench, "plan:unfollow -is:guarded")
        await press(app, pilot, "p", "$", *str(len(planned)), "enter")
        group = bench.plan_overview().groups[0]
        assert (group.via, group.ready) == ("hand", len(planned))
        assert followed(bench) == before
        first = bench.next_manual()
        assert first is not None
        assert first.url.startswith("https://x.com/")
    assert ids(bench, "plan:unfollow -is:guarded") == planned


async def test_a_planned_decision_is_undone_from_the_keyboard(demo: Callable[[str], Workbench]) -> None:
    bench = demo("enterprise")
    app = FollowerApp(bench, text=PRUNE, queue_id="everyone")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(app, pilot)
        await press(app, pilot, "x")
        assert len(ids(bench, "is:planned")) == 1
        await press(app, pilot, "u")
        assert not ids(bench, "is:planned")
        assert not ids(bench, "decision:out")
        await press(app, pilot, "U")
        assert len(ids(bench, "is:planned")) == 1


def test_a_week_passes_and_who_matters_is_new(demo: Callable[[str], Workbench]) -> None:
    bench = demo("pay-per-use")
    new, left = len(ids(bench, "is:new")), len(ids(bench, "is:left"))
    for _ in bench.next_week(Event()):
        pass
    assert len(ids(bench, "is:new")) > new
    assert len(ids(bench, "is:left")) > left
    assert ids(bench, "is:new kind:customer,prospect followed:8d")


def test_every_queue_count_opens_as_many_rows(demo: Callable[[str], Workbench]) -> None:
    bench = demo("pay-per-use")
    for queue in bench.refresh_counts():
        assert queue.count == len(bench.open_view(queue.id).rows), queue.id
