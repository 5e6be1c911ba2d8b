"""Undo and redo of an import in steps: interrupted at any, finished later, in nobody's way meanwhile."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Generator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from importing_bench import TABLES, Bench, accounts

from followertui.domain.account import AccountRecord
from followertui.domain.errors import BadInput, Cancelled
from followertui.domain.progress import NeverCancelled, drained
from followertui.services.intake import reversing
from followertui.services.intake.unfinished import has_reversal
from followertui.store.audience import imports, interactions, reversals
from followertui.store.decisions.journal import Entry

COMPANIES = "Company name,Company Domain Name,City"
OWN = {"what": "list", "kind": "customer", "basis": "own-records", "name": "Customers"}


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reversals, "_STEP_ROWS", 2)
    monkeypatch.setattr(reversals, "_STEP_MERGES", 1)


def readings(bench: Bench) -> None:
    """An import that adds, changes, unites, makes new and left, on top of another."""
    known = [*accounts("ann", "bob", "cat", "dan", bio="old"), AccountRecord(None, "eve"), AccountRecord(7, None)]
    bench.records(known, 100, completeness="complete")
    changed = [*accounts("ann", "bob", "cat", bio="new"), AccountRecord(7, "eve"), *accounts("fay", "gus", "hal")]
    bench.records(changed, 200, completeness="complete")


def companies(bench: Bench) -> None:
    """A newer file of a list: entries that came, changed and left."""
    first = [(f"Firm {n}", f"firm{n}.com", "Ulm") for n in range(7)]
    second = [(f"Firm {n}", f"firm{n}.com", "Bonn") for n in range(3, 10)]
    bench.bring(bench.write("one.csv", COMPANIES, first), as_of="2026-01-01", **OWN)
    bench.bring(bench.write("two.csv", COMPANIES, second), as_of="2026-02-01", **OWN)


def contacts(bench: Bench) -> None:
    """A contact log on accounts the store knows."""
    bench.records(accounts("ann", "bob", "cat"), 100)
    lines = [(who, f"2026-01-0{day}", "message") for who in ("ann", "bob", "cat") for day in range(1, 5)]
    bench.bring(bench.write("log.csv", "handle,date,type", lines), what="contact-log")


CASES = pytest.mark.parametrize("bring", [readings, companies, contacts])


def reversal(bench: Bench, is_redo: bool) -> Generator[Any, None, str]:
    entry = bench.journal.to_redo() if is_redo else bench.journal.to_undo()
    assert entry is not None
    return bench.reversing(entry, is_redo=is_redo)


def state(bench: Bench) -> dict[str, list[tuple[Any, ...]]]:
    return {
        **bench.tables(),
        "journal": bench.store.con.execute("SELECT command, text, undone_by FROM journal").fetchall(),
    }


def stepped(job: Generator[Any, None, str]) -> str | None:
    """Go one step; what the work returns once it has ended."""
    try:
        next(job)
        next(job)
    except StopIteration as end:
        return str(end.value)
    return None


def resume(bench: Bench) -> str:
    return drained(reversing.resume(bench.store, bench.journal, bench.clock, NeverCancelled()))


@CASES
@pytest.mark.parametrize("is_redo", [False, True])
def test_killed_at_every_step_and_resumed_it_ends_as_if_never_killed(
    tmp_path: Path, bring: Callable[[Bench], None], is_redo: bool
) -> None:
    whole, broken = Bench(tmp_path, "whole.db"), Bench(tmp_path, "broken.db")
    for one in (whole, broken):
        bring(one)
        if is_redo:
            one.undo()
    text = drained(reversal(whole, is_redo))
    lives, job = 1, reversal(broken, is_redo)
    while (told := stepped(job)) is None:
        job.close()
        broken.kill()
        assert has_reversal(broken.store)
        job = reversing.resume(broken.store, broken.journal, broken.clock, NeverCancelled())
        lives += 1
    assert told == text
    assert lives >= (2 if bring is contacts else 4), "conversations count by the state of their import: one step"
    assert not has_reversal(broken.store)
    assert state(broken) == state(whole)
    for one in (whole, broken):
        one.close()


@CASES
def test_nothing_is_locked_while_it_waits(bench: Bench, bring: Callable[[Bench], None]) -> None:
    bring(bench)
    waits = 0
    other = sqlite3.connect(bench.path, timeout=0, isolation_level=None)
    for is_redo in (False, True):
        for _ in reversal(bench, is_redo):
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
            waits += 1
    other.close()
    assert waits >= (4 if bring is contacts else 8)


def test_a_step_is_some_hundred_rows_of_a_large_import(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    bench.records([AccountRecord(n, f"u{n}") for n in range(1, 1201)], 100, completeness="complete")
    written, before = [], bench.store.con.total_changes
    for _ in reversal(bench, is_redo=False):
        written.append(bench.store.con.total_changes - before)
        before = bench.store.con.total_changes
    assert max(written) <= 1.1 * reversals._STEP_ROWS
    assert sum(written) >= 2400
    assert bench.one("SELECT count(*) FROM account WHERE hidden_by IS NULL") == 0


def test_one_that_was_stopped_is_told_and_resumed_and_keeps_imports_out(bench: Bench) -> None:
    readings(bench)
    stop = threading.Event()
    entry = bench.journal.to_undo()
    assert entry is not None
    job = bench.reversing(entry, is_redo=False, cancel=stop)
    assert next(job).text == "undo of made up"
    next(job)
    stop.set()
    with pytest.raises(Cancelled, match="not finished"):
        next(job)
    assert "import resume finishes it" in reversing.unfinished_line(bench.store)
    with pytest.raises(BadInput, match="not finished"):
        bench.records(accounts("zoe"), 300)
    with pytest.raises(BadInput, match="not finished"):
        bench.bring(bench.write("followers.csv", "handle,followers_count", [("zoe", 1)]), relation="follower")
    assert bench.journal.to_undo() == entry
    assert resume(bench).startswith("import made up")
    assert bench.journal.to_redo() is not None
    assert reversing.unfinished_line(bench.store) == ""
    with pytest.raises(BadInput, match="unfinished"):
        resume(bench)


def test_undo_again_goes_on_where_it_was_stopped(bench: Bench) -> None:
    bench.records(accounts("ann", bio="old"), 100)
    bench.records(accounts("ann", bio="new"), 200)
    job = reversal(bench, is_redo=False)
    next(job)
    next(job)
    job.close()
    bench.undo()
    assert bench.one("SELECT bio FROM account") == "old"
    assert not has_reversal(bench.store)


def test_conversations_of_an_undone_log_count_again_once_another_file_tells_of_them(bench: Bench) -> None:
    contacts(bench)
    row = bench.one("SELECT row FROM account WHERE handle = 'ann'")
    told, before = interactions.interactions(bench.store, row), bench.store.counters()
    bench.undo()
    assert bench.one("SELECT count(*) FROM interaction WHERE kind = 'message'") == 12
    assert interactions.interactions(bench.store, row) == []
    assert not interactions.knows_conversations(bench.store)
    assert bench.store.counters()["relation"] > before["relation"], "views that sort by contact are computed again"
    lines = [("ann", "2026-01-01", "message"), ("ann", "2026-02-01", "message")]
    bench.bring(bench.write("other.csv", "handle,date,type", lines), what="contact-log")
    assert len(interactions.interactions(bench.store, row)) == 2
    assert told[-1] in interactions.interactions(bench.store, row)


def test_what_an_unfinished_archive_told_of_conversations_goes_with_it(bench: Bench) -> None:
    """house.md 16: they went on guarding."""
    contacts(bench)
    kept = bench.tables(("interaction",))
    import_id = imports.start(bench.store, "archive", "x.zip", 1, "hash", "{}", 300, 300, "")
    row = bench.one("SELECT row FROM account WHERE handle = 'ann'")
    with bench.store.write():
        told = [interactions.Happening(row, "reply", at, "") for at in range(5)]
        interactions.add_happenings(bench.store, import_id, "archive", told)
    assert bench.tables(("interaction",)) != kept
    drained(reversing.discard_import(bench.store, import_id))
    assert bench.tables(("interaction",)) == kept
    assert imports.run(bench.store, import_id).state == "undone"


def told_of(bench: Bench, handle: str) -> list[str]:
    row = bench.one("SELECT row FROM account WHERE handle = ?", handle)
    return [met.kind for met in interactions.interactions(bench.store, row)]


def log(bench: Bench, name: str, *lines: tuple[str, str, str]) -> str:
    return "\n".join(bench.bring(bench.write(name, "handle,date,type", lines), what="contact-log").notes)


def entry_of(bench: Bench, import_id: int) -> Entry:
    return next(
        entry
        for entry in bench.journal.entries()
        if entry.command == "import" and bench.journal.payload(entry.id)["import_id"] == import_id
    )


@pytest.mark.parametrize("order", [(2, 3), (3, 2)])
def test_what_two_imports_told_of_counts_while_one_of_them_stands(bench: Bench, order: tuple[int, int]) -> None:
    bench.records(accounts("ann", "bob"), 100)
    log(bench, "one.csv", ("ann", "2026-01-01", "message"), ("bob", "2026-01-01", "reply"))
    log(bench, "two.csv", ("ann", "2026-01-01", "message"))
    first, last = (entry_of(bench, number) for number in order)
    drained(bench.reversing(first, is_redo=False))
    assert told_of(bench, "ann") == ["message"]
    assert told_of(bench, "bob") == ["reply"] * (order[0] == 3)
    drained(bench.reversing(last, is_redo=False))
    assert told_of(bench, "ann") == told_of(bench, "bob") == []
    drained(bench.reversing(first, is_redo=True))
    assert told_of(bench, "ann") == ["message"]
    drained(bench.reversing(last, is_redo=True))
    drained(bench.reversing(first, is_redo=False))
    assert told_of(bench, "ann") == ["message"]


def test_an_undo_counts_what_it_takes_from_the_timeline_and_no_more(bench: Bench) -> None:
    bench.records(accounts("ann", "bob"), 100)
    log(bench, "one.csv", ("ann", "2026-01-01", "message"), ("bob", "2026-01-01", "reply"))
    log(bench, "two.csv", ("ann", "2026-01-01", "message"), ("ann", "2026-01-02", "message"))
    assert "1 contacts and outcomes no longer count" in drained(bench.reversing(entry_of(bench, 2), is_redo=False))
    assert "2 contacts and outcomes no longer count" in drained(bench.reversing(entry_of(bench, 3), is_redo=False))


def test_what_a_discarded_import_brought_first_stays_where_another_brought_it_too(bench: Bench) -> None:
    bench.records(accounts("ann"), 100)
    row = bench.one("SELECT row FROM account")
    halted = imports.start(bench.store, "archive", "x.zip", 1, "hash", "{}", 300, 300, "")
    at = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
    with bench.store.write():
        told = [interactions.Happening(row, "message", at + day * 86_400, "") for day in range(3)]
        interactions.add_happenings(bench.store, halted, "archive", told)
    log(bench, "one.csv", ("ann", "2026-01-01", "message"))
    drained(reversing.discard_import(bench.store, halted))
    assert told_of(bench, "ann") == ["message"]
    assert bench.one("SELECT import_id FROM interaction") == halted + 1
    assert bench.one("SELECT count(*) FROM interaction_again") == 0


@pytest.mark.parametrize("undone", [2, 3])
def test_accounts_united_keep_both_imports_of_the_same_conversation(bench: Bench, undone: int) -> None:
    bench.records([AccountRecord(7, None), AccountRecord(None, "eve")], 100, completeness="complete")
    log(bench, "one.csv", ("eve", "2026-01-01", "message"))
    lines = [("7", "2026-01-01", "message")]
    bench.bring(bench.write("two.csv", "user id,date,type", lines), what="contact-log")
    bench.records([AccountRecord(7, "eve")], 200, completeness="complete")
    assert bench.one("SELECT count(*) FROM account WHERE merged_into IS NULL") == 1
    assert told_of(bench, "eve") == ["message"]
    with bench.store.write() as con:
        con.execute("UPDATE import_run SET state = 'undone' WHERE id = ?", [undone])
    assert told_of(bench, "eve") == ["message"]


def test_tables_compared_here_are_all_an_import_writes() -> None:
    assert {"account", "relation", "entry", "interaction", "handle_history"} <= set(TABLES)
