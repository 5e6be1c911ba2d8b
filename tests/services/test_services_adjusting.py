"""What decides figures: changed in the store as a gesture, checked, undone, and judged by."""

from __future__ import annotations

from pathlib import Path

import pytest

from followertui.domain.errors import BadInput
from followertui.services.care import adjusting
from followertui.services.scoring import weights
from followertui.services.scoring.judging import weights_of
from followertui.services.session import Session
from followertui.services.workbench import Workbench
from followertui.store.file import settings
from followertui.store.file.connection import Store


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    return Workbench(Session(Store(tmp_path / "store.db"), reviewer="dana"))


def values(bench: Workbench) -> dict[str, str]:
    return {one.name: one.value for one in bench.care.settings()}


def test_every_setting_has_a_default_that_it_takes_itself(bench: Workbench) -> None:
    for one in bench.care.settings():
        assert one.is_default, one.name
        assert bench.care.change_setting(one.name, one.value, one.value).entry_id == 0, one.name


def test_a_threshold_changes_what_accounts_are_judged_by(bench: Workbench) -> None:
    before = weights_of(bench.session)
    assert bench.care.change_setting("bot_threshold", "80", "64").text == "bot_threshold: 64 → 80"
    now = weights_of(bench.session)
    assert now.scores["bot"].threshold == 80
    assert now.scores["harmful"] == before.scores["harmful"]
    assert now.version != before.version
    assert bench.care.needs_judging("bot_threshold")
    bench.care.change_setting("bot_threshold", None, "80")
    assert weights_of(bench.session) == before


def test_silent_days_are_what_the_filter_and_judging_mean(bench: Workbench, tmp_path: Path) -> None:
    bench.care.change_setting("silent_days", "365", "180")
    assert settings.SILENT_DAYS.read(bench.session.store) == 365
    assert weights_of(bench.session).silent_days == 365
    own = tmp_path / "weights.toml"
    weights.copy_weights(str(own))
    own.write_text(own.read_text().replace("silent = 180", "silent = 90"))
    weights.use_weights(bench.session, str(own))
    assert settings.SILENT_DAYS.read(bench.session.store) == 365
    bench.care.change_setting("silent_days", None, "365")
    assert settings.SILENT_DAYS.read(bench.session.store) == weights_of(bench.session).silent_days == 90


def test_a_change_is_a_gesture_undone_and_redone(bench: Workbench) -> None:
    before = values(bench)
    bench.care.change_setting("qualified", "partner, customer", before["qualified"])
    assert values(bench)["qualified"] == "customer, partner"
    assert bench.journal()[0].text.startswith("qualified: customer, prospect")
    bench.undo()
    assert values(bench) == before
    bench.redo()
    assert values(bench)["qualified"] == "customer, partner"
    adjusting.change(bench.session, "qualified", "press")
    bench.undo()
    adjusting.change(bench.session, "budget_day", "$2.50")
    assert values(bench)["budget_day"] == "2.5"


def test_what_was_changed_since_is_left_alone(bench: Workbench) -> None:
    adjusting.change(bench.session, "bot_threshold", "70")
    entry = bench.session.journal.to_undo()
    assert entry is not None
    weights.set_standard(bench.session, "bot", 75)
    assert "left alone: changed since" in bench.undo().text
    assert values(bench)["bot_threshold"] == "75"
    with pytest.raises(BadInput, match="is 75 now, changed meanwhile"):
        bench.care.change_setting("bot_threshold", "80", "70")


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("qualified", "customer, unseen", '"unseen" is no kind'),
        ("qualified", "", "is no kind"),
        ("silent_days", "a year", "is no number from 1 to 36,500"),
        ("bot_threshold", "101", "is no number from 1 to 100"),
        ("budget_day", "-1", "is no amount in dollars"),
        ("budget_month", "nan", "is no amount in dollars"),
    ],
)
def test_a_wrong_value_is_refused_and_nothing_changes(bench: Workbench, name: str, text: str, words: str) -> None:
    before = values(bench)
    with pytest.raises(BadInput, match=words):
        adjusting.change(bench.session, name, text)
    assert values(bench) == before
    assert bench.journal() == []
