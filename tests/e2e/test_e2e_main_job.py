"""The main job from the keyboard, on a real store with the sandbox X: filter, mark, look, out, plan, apply."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from demo_stores import followed
from screen_support import opened, press, settle, type_text
from textual.pilot import Pilot

from followertui.services.workbench import Workbench

PRUNE = "is:leader match:none"


async def until_true(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    """Until a condition holds and the job that brought it has ended; a job takes as long as the machine lets it."""
    while not condition() or pilot.app.jobs.job is not None:
        await pilot.pause(0.01)
    await settle(pilot)


def ids(bench: Workbench, query: str) -> set[str]:
    from followertui.services import querying
    from followertui.services.care import exporting

    rows = querying.rows_of(bench.session, query)
    return {str(record["id"]) for record in exporting.accounts(bench.session, rows, ("id",))}


async def test_enterprise_prunes_exactly_what_was_marked(demo: Callable[[str], Workbench]) -> None:
    bench = demo("enterprise")
    bench.looks.remember_place({"queue": "everyone"})
    before = followed(bench)
    wanted = ids(bench, f"{PRUNE} -is:guarded")
    assert len(wanted) > 50
    assert wanted < {str(x_id) for x_id in before}
    async with opened(bench, (120, 36), queue_id="everyone") as pilot:
        await press(pilot, "slash")
        await type_text(pilot, PRUNE)
        await press(pilot, "enter", "asterisk", "number_sign", "k", "escape", "escape")
        await press(pilot, "percent_sign", "escape", "x", "enter")
        held = {item.id for item in bench.plan_lines(bench.plan_overview().item_ids) if item.state.value == "held"}
        count = bench.plan_overview().groups[0].ready
        assert count == len(wanted)
        await press(pilot, "p", "dollar_sign", *str(count))
        await pilot.press("enter")
        await until_true(pilot, lambda: not any(group.ready for group in bench.plan_overview().groups))
    assert {str(x_id) for x_id in before - followed(bench)} == wanted
    assert followed(bench) < before
    assert {item.id for item in bench.plan_lines(bench.plan_overview().item_ids)} == held
    assert not ids(bench, "plan:unfollow -is:guarded")


async def test_pay_per_use_turns_to_by_hand_without_losing_a_row(demo: Callable[[str], Workbench]) -> None:
    bench = demo("pay-per-use")
    before = followed(bench)
    async with opened(bench, (120, 36), queue_id="everyone") as pilot:
        await press(pilot, "slash")
        await type_text(pilot, PRUNE)
        await press(pilot, "enter", "asterisk", "x", "enter")
        planned = ids(bench, "plan:unfollow -is:guarded")
        await press(pilot, "p", "dollar_sign", *str(len(planned)))
        await pilot.press("enter")
        await until_true(pilot, lambda: bench.plan_overview().groups[0].via == "hand")
        group = bench.plan_overview().groups[0]
        assert (group.via, group.ready) == ("hand", len(planned))
        assert followed(bench) == before
        first = bench.clicks.next_task()
        assert first is not None
        assert first.url.startswith("https://x.com/")
    assert ids(bench, "plan:unfollow -is:guarded") == planned


async def test_a_planned_decision_is_undone_from_the_keyboard(demo: Callable[[str], Workbench]) -> None:
    bench = demo("enterprise")
    async with opened(bench, (80, 24), text=PRUNE, queue_id="everyone") as pilot:
        await press(pilot, "x")
        assert len(ids(bench, "is:planned")) == 1
        await press(pilot, "u")
        assert not ids(bench, "is:planned")
        assert not ids(bench, "decision:out")
        await press(pilot, "U")
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
    for queue in bench.refresh_counts().queues:
        assert queue.count == len(bench.open_view(queue.id).rows), queue.id
