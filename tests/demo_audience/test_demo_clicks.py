"""What is clicked by hand in the demo happens on its X, as it would on the real one."""

from __future__ import annotations

from pathlib import Path

from demo_stores import SMALL, DemoStores, open_copy

from followertui.domain.decision import ActionKind, Decision
from followertui.services.plan import page_time
from followertui.services.plan.values import HandAnswer


def test_clicks_by_hand_are_so_a_week_later(demo_stores: DemoStores, tmp_path: Path) -> None:
    page_time.SECONDS_A_PAGE = page_time.SECONDS_BETWEEN_KEYS = 0.0
    bench = open_copy(demo_stores.copy(tmp_path / "demo.db", SMALL))
    rows = list(bench.open_view("", "is:following -is:guarded match:none").rows)[:3]
    bench.decide(rows, Decision.OUT)
    for _ in rows:
        task = bench.clicks.next_task(ActionKind.UNFOLLOW)
        assert task is not None
        bench.clicks.record(task.item_id, HandAnswer.DONE)
    said = ""
    week = bench.next_week()
    while True:
        try:
            next(week)
        except StopIteration as end:
            said = str(end.value)
            break
    assert "not so" not in said
    still = set(bench.open_view("", "is:following").rows)
    assert not still & set(rows)
    bench.close()
