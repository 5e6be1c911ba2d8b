"""The handover names what is open, released, put off, in dispute and due, and shows foreign text as text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from demo_stores import SMALL, DemoStores, open_copy

from followertui.domain.decision import Decision
from followertui.services.insight import handing_over, handover_page
from followertui.services.workbench import Workbench


@pytest.fixture
def bench(demo_stores: DemoStores, tmp_path: Path) -> Iterator[Workbench]:
    made = open_copy(demo_stores.copy(tmp_path / "demo.db", SMALL), "dana")
    yield made
    made.close()


def lines(bench: Workbench, title: str) -> list[str]:
    page = handing_over.handover(bench.session)
    (section,) = [one for one in page.sections if one.title == title]
    return [" · ".join(row) for row in section.rows]


def test_what_is_open_is_named_with_what_holds_it_back(bench: Workbench) -> None:
    free = list(bench.open_view("", "is:leader match:none -is:guarded").rows)[:3]
    held = list(bench.open_view("", "is:following is:guarded match:confirmed,certain").rows)[:2]
    bench.decide([*free, *held], Decision.OUT)
    (line,) = lines(bench, "Open plan")
    assert line.startswith(f"unfollow · 3 actions · {len(held)} held back · 3 no tie to us; ")
    assert f"{len(held)} held: matches a list entry" in line
    assert "by hand" in line


def test_a_release_is_named_with_its_guard_and_whether_it_still_stands(bench: Workbench) -> None:
    (row,) = bench.open_view("", "is:following is:guarded match:certain").rows[:1]
    bench.release([row])
    (line,) = lines(bench, "Released guards")
    assert f"@{bench.card(row).cells.handle}" in line
    assert "dana" in line
    assert line.endswith("stands")
    bench.session.store.con.execute("UPDATE release SET evidence_hash = 'other'")
    assert lines(bench, "Released guards")[0].endswith("over: what it rested on changed")


def test_what_was_put_off_comes_with_its_date_and_note(bench: Workbench) -> None:
    (row,) = bench.open_view("", "is:leader match:none").rows[:1]
    bench.decide([row], Decision.LATER)
    bench.note(row, "ask again\nafter the fair")
    (line,) = lines(bench, "To look at again")
    assert line.endswith("dana · ask again after the fair")


def test_it_says_what_is_due_and_who_worked_here(bench: Workbench) -> None:
    assert any(line.startswith("To review · ") for line in lines(bench, "Due now"))
    bench.decide(bench.open_view("", "is:leader").rows[:1], Decision.ENGAGE)
    assert any(line.startswith("dana · 1 gesture · ") for line in lines(bench, "Who worked here"))


def test_empty_sections_say_so_and_long_ones_are_cut(bench: Workbench) -> None:
    text = "\n".join(handing_over.as_text(handing_over.handover(bench.session)))
    assert "## Two people differ\n\nno two people differ" in text
    bench.decide(bench.open_view("everyone").rows[:150], Decision.LATER)
    assert "- and 50 more" in handing_over.as_text(handing_over.handover(bench.session))


def test_the_page_shows_foreign_text_as_text(bench: Workbench, tmp_path: Path) -> None:
    (row,) = bench.open_view("", "is:leader match:none").rows[:1]
    bench.decide([row], Decision.LATER)
    bench.note(row, "<script>alert(1)</script>")
    made = handing_over.handover(bench.session)
    handover_page.write(made, tmp_path / "handover.html")
    html = (tmp_path / "handover.html").read_text()
    assert "&lt;script&gt;alert(1)" in html
    assert "<script" not in html
    assert "default-src 'none'" in html
    assert set(handing_over.as_json(made)) >= {"profile", "open_plan", "released_guards", "to_look_at_again"}
