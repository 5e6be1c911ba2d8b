"""What an open review hears of other processes that write."""

from __future__ import annotations

from threading import Thread
from types import SimpleNamespace

import pytest

from followertui.domain.errors import BadInput
from followertui.services import watching
from followertui.services.intake.values import AboutUs
from followertui.services.review import header
from followertui.services.scoring import about_us
from followertui.services.session import Session
from followertui.services.workbench import Workbench
from followertui.store.file.connection import Store


def write(other: Store) -> None:
    with other.write():
        other.bump("profile", [1])


def test_long_work_of_another_is_told_once_then_when_it_is_over(session: Session) -> None:
    bench = Workbench(session)
    other = Store(session.store.path)
    assert not bench.changed_elsewhere()
    with other.leases.take("import"):
        write(other)
        assert bench.changed_elsewhere()
        write(other)
        assert not bench.changed_elsewhere()
    assert bench.changed_elsewhere()
    assert not bench.changed_elsewhere()
    other.close()


def test_short_work_of_another_is_told_each_time(session: Session) -> None:
    bench = Workbench(session)
    other = Store(session.store.path)
    for _ in range(3):
        write(other)
        assert bench.changed_elsewhere()
    assert not bench.changed_elsewhere()
    other.close()


def test_a_store_that_takes_long_to_count_is_counted_seldom(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 1000.0
    monkeypatch.setattr(watching, "time", SimpleNamespace(monotonic=lambda: moment))
    bench = Workbench(session)
    other = Store(session.store.path)

    def count_for_half_a_second(_: Session, __: int | None) -> None:
        nonlocal moment
        moment += 0.5

    monkeypatch.setattr(header, "refresh_header", count_for_half_a_second)
    write(other)
    assert bench.changed_elsewhere()
    bench.refresh_counts()
    write(other)
    moment += 20
    assert not bench.changed_elsewhere(), "half a second of counting, and only 20 have passed"
    moment += 10
    assert bench.changed_elsewhere()
    other.close()


def test_work_of_a_thread_of_ours_is_never_blamed_on_another_process(session: Session) -> None:
    """Whoever asks in the middle of our own commit sees it either not at all or as our own."""
    store = session.store
    before = store.foreign_changes()
    seen: list[int] = []
    asking = Thread(target=lambda: seen.append(store.foreign_changes()))

    def in_the_middle(statement: str) -> None:
        if statement == "COMMIT":
            asking.start()
            asking.join(0.05)

    store.con.set_trace_callback(in_the_middle)
    write(store)
    store.con.set_trace_callback(None)
    asking.join()
    assert seen == [before]
    assert store.foreign_changes() == before


def test_lines_about_us_changed_elsewhere_are_not_written_over(session: Session) -> None:
    was = AboutUs(names=("Acme",), market=("freight",))
    about_us.set_about(session, was)
    other = Session(Store(session.store.path), session.clock)
    about_us.set_about(other, AboutUs(names=("Acme",), market=("freight", "rail")))
    other.close()
    about_us.set_about(session, AboutUs(names=("Acme", "Acme GmbH"), market=("freight",)), was)
    assert about_us.about_us(session) == AboutUs(names=("Acme", "Acme GmbH"), market=("freight", "rail"))
    with pytest.raises(BadInput, match="names, market: changed elsewhere since this was opened; nothing was saved"):
        about_us.set_about(session, AboutUs(names=("Other",), market=("ships",)), was)
    assert about_us.about_us(session).names == ("Acme", "Acme GmbH")
    same = AboutUs(names=("Acme",), market=("freight", "rail"))
    assert about_us.set_about(session, same, was).text == "Nothing changed."
