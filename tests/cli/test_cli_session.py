"""``session``: what came of the last review, as lines and as JSON."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import Call

from followertui.cli import reviewing
from followertui.cli.options import Options
from followertui.domain.clock import SystemClock
from followertui.domain.decision import Decision
from followertui.services.session import Session
from followertui.services.workbench import Workbench
from followertui.store.file.connection import Store
from followertui.ui.app import FollowerApp


def test_the_last_review_is_summed_up(call: Call, store: Path) -> None:
    assert call("session").code == 4
    call("decide", "@globex", "keep")
    done = call("session")
    assert done.code == 4
    assert "followertui review" in done.err
    bench = Workbench(Session(Store(store), SystemClock(), "mk"))
    for row in bench.open_view("everyone").rows[:5]:
        bench.decide([row], Decision.OUT)
    bench.close()
    done = call("session")
    assert done.code == 0
    assert "4: 4 out" in done.out
    found = call("session", "--json").json
    assert found["decisions"] == {"out": 4}
    assert len(found["last"]) == 5
    assert found["last"][0]["what"] == "out"
    assert "row" not in found["last"][0]


def test_later_takes_a_day_on_the_command_line(call: Call) -> None:
    assert call("decide", "@globex", "later", "--until", "2w").code == 0
    assert call("accounts", "decision:later", "--count").out.strip() == "1"
    wrong = call("decide", "@globex", "later", "--until", "someday")
    assert wrong.code == 1
    assert '"someday" is no day' in wrong.err
    assert call("decide", "@globex", "keep", "--until", "2w").code == 2


def test_leaving_the_review_says_what_came_of_it(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bench = Workbench(Session(Store(store), SystemClock(), "mk"))
    screen = FollowerApp(bench)
    reviewing._sum_up(Options(), screen)
    assert capsys.readouterr().err == ""
    bench.decide(bench.open_view("everyone").rows[:1], Decision.OUT)
    reviewing._sum_up(Options(quiet=True), screen)
    assert capsys.readouterr().err == ""
    reviewing._sum_up(Options(), screen)
    said = capsys.readouterr().err
    assert "decided: 1: 1 out" in said
    assert "left: " in said
    bench.close()
