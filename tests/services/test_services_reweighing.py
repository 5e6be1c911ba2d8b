from __future__ import annotations

from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from followertui.domain.account import AccountRecord
from followertui.domain.clock import FixedClock, epoch
from followertui.domain.errors import BadInput, Cancelled
from followertui.domain.kind import Kind
from followertui.domain.progress import NeverCancelled
from followertui.services import querying
from followertui.services.intake import importing
from followertui.services.intake.sources import Source
from followertui.services.intake.values import AboutUs
from followertui.services.scoring import judging, weights
from followertui.services.session import Session
from followertui.services.workbench import Workbench
from followertui.store.file import watermarks
from followertui.store.file.connection import Store

NOW = datetime(2026, 11, 1, tzinfo=UTC)
BOT = AccountRecord(
    handle="freebot48213377", name="freebot48213377", bio="I am a bot", followers=2, following=4900, posts=3, listed=0,
    created_at=epoch(NOW) - 40 * 86_400, last_post_at=epoch(NOW), default_image=1,
)  # fmt: skip


def ended(job: Generator[Any, None, Any]) -> Any:
    while True:
        try:
            next(job)
        except StopIteration as end:
            return end.value


def forget_scores(bench: Workbench) -> None:
    """The store as it was before accounts were judged for the first time."""
    with bench.session.store.write() as con:
        con.execute("DELETE FROM score")
        watermarks.JUDGED_UPTO.write(bench.session.store, 0)
        watermarks.SCORING_VERSION.write(bench.session.store, "")


@pytest.fixture
def bench(tmp_path: Path) -> Generator[Workbench, None, None]:
    bench = Workbench(Session(Store(tmp_path / "store.db"), FixedClock(NOW), "tester"))
    session = bench.session
    source = Source(what="accounts", name="t", rank=4, as_of=epoch(NOW), sha256="x", completeness="partial")
    records = [BOT._replace(x_id=n, handle=f"freebot4821337{n}") for n in range(1, 4)]
    ended(
        importing.import_records(
            session.store, session.journal, session.clock, source, [records], "follower", NeverCancelled()
        )
    )
    ended(bench.judge(False, NeverCancelled()))
    yield bench
    bench.close()


def judged_with_stop(bench: Workbench, is_full: bool) -> int:
    """Begin to judge and stop after the first account; returns how many are left."""
    stop = Event()
    work = bench.judge(is_full, stop)
    next(work)  # the waves
    next(work)
    stop.set()
    with pytest.raises(Cancelled, match="judging: stopped after 1 of 3 accounts"):
        next(work)
    return judging.waiting(bench.session)


def test_a_first_judgement_that_was_stopped_goes_on_where_it_was(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "_READ", 1)
    forget_scores(bench)
    assert judged_with_stop(bench, False) == 2
    assert ended(bench.judge(False, NeverCancelled())).accounts == 2
    assert len(querying.rows_of(bench.session, "kind:bot")) == 3
    assert ended(bench.judge(False, NeverCancelled())).accounts == 0


def test_a_judgement_of_all_that_was_stopped_goes_on_with_what_changed_since(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "_READ", 1)
    assert judged_with_stop(bench, True) == 0  # all of them have scores, of the run before
    with bench.session.store.write() as con:
        con.execute("INSERT INTO judge_pending VALUES (1)")
    assert ended(bench.judge(True, NeverCancelled())).accounts == 3  # the first again, then the rest
    assert ended(bench.judge(True, NeverCancelled())).accounts == 3  # from the start: none is unfinished


def test_what_an_undone_import_hid_is_not_waited_for(bench: Workbench) -> None:
    """Doctor named an account that no judge can see, for ever."""
    ended(bench.judge(False, NeverCancelled()))
    con = bench.session.store.con
    con.execute("INSERT INTO judge_pending VALUES (1)")
    assert judging.waiting(bench.session) == 1
    con.execute("UPDATE account SET hidden_by = (SELECT min(id) FROM import_run) WHERE row = 1")
    assert judging.waiting(bench.session) == 0
    con.execute("UPDATE account SET hidden_by = NULL WHERE row = 1")
    assert ended(bench.judge(False, NeverCancelled())).accounts == 1


def test_a_stopped_judgement_begins_again_where_the_weights_changed(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "_READ", 1)
    forget_scores(bench)
    judged_with_stop(bench, False)
    bench.set_about(AboutUs(market=("freight",)))
    assert ended(bench.judge(False, NeverCancelled())).accounts == 3


def test_a_preview_says_what_would_change_and_changes_nothing(bench: Workbench, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    weights.copy_weights(str(path))
    path.write_text(path.read_text().replace("threshold = 64", "threshold = 100", 1))
    assert len(querying.rows_of(bench.session, "kind:bot")) == 3
    lines = ended(weights.preview(bench.session, NeverCancelled(), str(path)))
    assert lines == ["bot.threshold: 64 -> 100", "3 accounts: bot -> unclear"]
    assert len(querying.rows_of(bench.session, "kind:bot")) == 3
    weights.use_weights(bench.session, str(path))
    ended(bench.judge(False, NeverCancelled()))
    assert len(querying.rows_of(bench.session, "kind:bot")) == 0
    weights.use_weights(bench.session, None)
    ended(bench.judge(False, NeverCancelled()))
    assert len(querying.rows_of(bench.session, "kind:bot")) == 3


def test_a_weights_file_says_from_when_on_an_account_is_silent(bench: Workbench, tmp_path: Path) -> None:
    bench.session.store.con.execute("UPDATE account SET last_post_at = ?", [epoch(NOW) - 100 * 86_400])
    path = tmp_path / "mine.toml"
    weights.copy_weights(str(path))
    path.write_text(path.read_text().replace("silent = 180", "silent = 90"))
    assert len(querying.rows_of(bench.session, "is:silent")) == 0
    weights.use_weights(bench.session, str(path))
    assert len(querying.rows_of(bench.session, "is:silent")) == 3
    weights.use_weights(bench.session, None)
    assert len(querying.rows_of(bench.session, "is:silent")) == 0


def test_not_a_bot_is_remembered_and_names_what_misled(bench: Workbench) -> None:
    row = querying.rows_of(bench.session, "kind:bot")[0]
    bench.say_kind([row], Kind.CUSTOMER)
    ended(bench.judge(True, NeverCancelled()))
    assert bench.page([row])[0].kind is Kind.CUSTOMER
    found = weights.misled(bench.session)
    assert found
    assert all(wrong == fired == 1 for _, wrong, fired in found)
    assert "established" not in {code for code, *_ in found}


def test_weights_are_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("mine")
    with pytest.raises(BadInput, match="already"):
        weights.copy_weights(str(path))
    assert path.read_text() == "mine"


def test_saying_who_we_are_finds_who_poses_as_us_and_keeps_our_staff_out_of_the_waves(bench: Workbench) -> None:
    session = bench.session
    impostor = AccountRecord(x_id=900, handle="acme_support", name="Acme Support", bio="we care", verified="")
    staff = [
        AccountRecord(x_id=n, handle=f"clerk{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}", url="https://acme.com/people")
        for n in range(1000, 1100)
    ]
    source = Source(what="accounts", name="u", rank=4, as_of=epoch(NOW), sha256="y", completeness="partial")
    batch = [[impostor, *staff]]
    ended(
        importing.import_records(
            session.store, session.journal, session.clock, source, batch, "follower", NeverCancelled()
        )
    )
    report = ended(bench.judge(False, NeverCancelled()))
    assert report.waves == 1
    assert report.harmful == 0
    bench.set_about(AboutUs(names=("Acme",), domains=("acme.com",), handles=("acme",)))
    report = ended(bench.judge(False, NeverCancelled()))
    assert report.waves == 0
    assert report.harmful == 1
    assert bench.page(querying.rows_of(session, "reason:copies-our-handle"))[0].handle == "acme_support"
