"""What was done for a person beside deciding goes where the person goes: rows that are united, rows that are purged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from followertui.store.audience import merging, purging
from followertui.store.file.connection import Store

TABLES = ("due", "sent", "no_contact", "interaction")
SURVIVOR, GONE, OTHER = 1, 2, 3


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Three accounts with a line in every table of engagement, and a link that all were offered."""
    made = Store(tmp_path / "store.db")
    with made.write() as con:
        con.execute(
            "INSERT INTO import_run(id, what, source, source_rank, sha256, choices, as_of, started_at, state, path) "
            "VALUES (1, 'accounts', 'exporter', 1, 'x', '{}', 5, 5, 'done', 'a.csv')"
        )
        con.execute("INSERT INTO shelf VALUES (1, 'https://a.example/', 'A', '', '[]', '[]', '', 1, 2, '', 5, NULL)")
        for row in (SURVIVOR, GONE, OTHER):
            con.execute("INSERT INTO account(row, handle, first_import) VALUES (?, ?, 1)", [row, f"handle{row}"])
            con.execute("INSERT INTO no_contact VALUES (?, 'me', ?)", [row, row])
            con.execute("INSERT INTO sent VALUES (?, ?, 'offer', 'text', 'key', 1, '', 'mine', 'me')", [row, row])
            con.execute(
                "INSERT INTO due VALUES (?, ?, 'mine', 'offer', 'offer', '', 50, 5, 'done', NULL, 'me', 5)", [row, row]
            )
            con.execute(
                "INSERT INTO interaction(row, at, kind, reference, source, import_id) "
                "VALUES (?, ?, 'offer', 'shelf-1', 'noted', NULL)",
                [row, row],
            )
    yield made
    made.close()


def lines(store: Store, table: str) -> list[tuple[object, ...]]:
    return sorted(store.con.execute(f"SELECT * FROM {table}").fetchall())


def rows_in(store: Store, table: str) -> list[int]:
    return sorted(line[0] for line in store.con.execute(f"SELECT row FROM {table}"))


def test_rows_that_are_united_keep_what_was_done_for_both(store: Store) -> None:
    before = {table: lines(store, table) for table in TABLES}
    with store.write() as con:
        merging.unite(store, con, 1, SURVIVOR, GONE)
    assert rows_in(store, "no_contact") == [SURVIVOR, OTHER], "not to be contacted, said once"
    for table in ("due", "sent", "interaction"):
        assert rows_in(store, table) == [SURVIVOR, SURVIVOR, OTHER], table
        assert len(lines(store, table)) == len(before[table]), "each once, none lost"


def test_who_is_purged_leaves_nothing_of_what_was_done_for_them(store: Store) -> None:
    purging.purge(store, [purging.person(store, GONE)])
    assert {table: rows_in(store, table) for table in TABLES} == {table: [SURVIVOR, OTHER] for table in TABLES}
    assert [line[1] for line in lines(store, "shelf")] == ["https://a.example/"], "a link is about nobody"
