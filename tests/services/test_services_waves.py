"""Waves in a store: found before accounts are judged, named, counted, completed; and judging as of the data's date."""

from __future__ import annotations

from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from followertui.domain.account import AccountRecord
from followertui.domain.clock import FixedClock, epoch
from followertui.domain.errors import Cancelled
from followertui.domain.progress import NeverCancelled, drained
from followertui.services import querying, row_cells
from followertui.services.care import exporting
from followertui.services.intake import importing
from followertui.services.intake.sources import Source
from followertui.services.review import facets, reasons
from followertui.services.scoring import judging
from followertui.services.session import Session
from followertui.services.workbench import Workbench
from followertui.store.audience import waves
from followertui.store.file.connection import Store

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
READ = NOW - timedelta(days=1700)


def ended(job: Generator[Any, None, Any]) -> Any:
    while True:
        try:
            next(job)
        except StopIteration as end:
            return end.value


def bring_in(bench: Workbench, records: list[AccountRecord], as_of: datetime, name: str) -> None:
    session = bench.session
    source = Source(what="accounts", name=name, rank=4, as_of=epoch(as_of), sha256=name, completeness="partial")
    ended(
        importing.import_records(
            session.store, session.journal, session.clock, source, [records], "follower", NeverCancelled()
        )
    )
    ended(bench.judge(False, NeverCancelled()))


def person(number: int, **more: Any) -> AccountRecord:
    fields = {
        "x_id": number,
        "handle": f"person{chr(97 + number % 26)}x{chr(97 + number // 26)}",
        "name": f"Person {number}",
        "followers": 40 + number,
        "following": 300 + 3 * number,
        "posts": 50 + number,
        "listed": 0,
        "created_at": epoch(READ) - 400 * 86_400 - 9 * 86_400 * number,
        "last_post_at": epoch(READ) - 86_400,
        "verified": "",
        "location": "Lisbon",
        "url": "https://t.co/a",
    }
    return AccountRecord(**{**fields, **more})


@pytest.fixture
def bench(tmp_path: Path) -> Generator[Workbench, None, None]:
    bench = Workbench(Session(Store(tmp_path / "store.db"), FixedClock(NOW), "tester"))
    bring_in(bench, [person(n, bio=f"{'abcdefgh'[n % 8] * 3}{n} loves tea {n}") for n in range(1, 30)], READ, "a")
    yield bench
    bench.close()


def bots_like(number: int) -> AccountRecord:
    return person(number, bio="Lover of coffee and freedom. Sharing daily ideas on growth, wealth and freedom")


def scored(bench: Workbench, query: str) -> dict[str, int]:
    rows = querying.rows_of(bench.session, query)
    return {line["handle"]: line["bot"] for line in exporting.accounts(bench.session, rows, ("handle", "bot"))}


def test_a_wave_is_found_first_weighs_and_can_be_asked_counted_and_completed(bench: Workbench) -> None:
    bring_in(bench, [bots_like(100)], READ, "b")
    alone = scored(bench, "bio:freedom")
    assert waves.waves(bench.session.store) == []
    bring_in(bench, [bots_like(n) for n in range(101, 150)], READ, "c")
    (wave,) = [wave for wave in waves.waves(bench.session.store) if wave.trait == "same-bio"]
    term = f"wave:{wave.number}"
    together = scored(bench, term)
    assert together.keys() == scored(bench, "bio:freedom").keys() == scored(bench, "reason:same-bio").keys()
    (first,) = alone.items()
    assert together[first[0]] == first[1] + 15, "who was judged before its wave came is judged again"
    everyone = querying.rows_of(bench.session, "")
    assert next((line.term, line.count) for line in facets.count_by(bench.session, everyone, "wave")) == (term, 50)
    assert judging.waiting(bench.session) == 0
    assert judging.wave_lines(bench.session)[0][:2] == (str(wave.number), "50")
    row = int(querying.rows_of(bench.session, term)[0])
    said = reasons.why(bench.session, [row])[row]
    assert f"one of many with nearly the same bio (wave {wave.number})" in [line.text for line in said.against]
    assert said.reasons[-1].code == term
    assert term in [like.query for like in facets.alike(bench.session, everyone, row)]
    assert next(one.text for one in bench.complete("wave:", 5)) == str(wave.number)
    assert "never-listed" in [one.text for one in bench.complete("reason:never", 12)]
    assert {"wave", "reason", "type", "seniority", "kind"} <= {one.text for one in bench.complete("has:", 4)}


def test_an_account_is_judged_and_silent_as_of_the_day_it_was_read(bench: Workbench) -> None:
    old = person(200, handle="old", created_at=epoch(READ) - 5 * 86_400, last_post_at=epoch(READ) - 86_400)
    bring_in(bench, [old], READ, "d")
    bring_in(bench, [old._replace(x_id=201, handle="new")], NOW, "e")
    rows = {name: int(querying.rows_of(bench.session, f"handle:@{name}")[0]) for name in ("old", "new")}
    said = {name: {line.code: line.text for line in reasons.why(bench.session, [row])[row].reasons}
            for name, row in rows.items()}  # fmt: skip
    assert said["old"]["young"] == "on X for only 5 days"
    assert said["old"]["as-of"] == "judged as of 28 Mar 2022, when it was read"
    assert "silent" not in said["old"]
    assert said["new"]["silent"] == "no post for 4 years"
    assert "as-of" not in said["new"]
    assert "young" not in said["new"]
    assert [cell.silent_days for cell in row_cells.cells(bench.session, [*rows.values()])] == [1, 1701]
    assert scored(bench, "is:silent handle:old,new").keys() == {"new"}
    assert scored(bench, "reason:silent handle:old,new").keys() == {"new"}


def test_waves_are_looked_for_apart_stopped_at_once_and_found_the_same(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_in(bench, [bots_like(n) for n in range(100, 150)], READ, "b")
    found = waves.waves(bench.session.store)
    assert found
    with bench.session.store.write() as con:
        con.execute("DELETE FROM wave")
    monkeypatch.setattr(judging, "helpers_for", lambda rows, store: 1)
    stop = Event()
    work = bench.judge(True, stop)
    assert next(work).text == "looking for waves in the crowd"
    stop.set()
    with pytest.raises(Cancelled, match="looking for waves"):
        drained(work)
    assert waves.waves(bench.session.store) == []
    drained(bench.judge(True, NeverCancelled()))
    assert waves.waves(bench.session.store) == found
