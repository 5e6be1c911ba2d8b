"""sqlite-utils inside the store's transactions: it joins them, commits nothing, changes no rule of the connection."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from filling import new_store

from followertui.domain.errors import BadInput, Busy
from followertui.store.audience import purging
from followertui.store.decisions import saved_views, tags
from followertui.store.file import settings, tables
from followertui.store.file.connection import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return new_store(tmp_path / "store.db")


def test_a_failure_after_its_calls_rolls_everything_back(store: Store) -> None:
    saved_views.save_view(store, "old", "is:new")
    tags.bind_tag(store, "1", "hot")

    def fail_late() -> None:
        with store.write() as con:
            con.execute("UPDATE tag SET name = 'cold'")
            saved_views.save_view(store, "old", "is:left")
            saved_views.save_view(store, "young", "is:left")
            tags.bind_tag(store, "1", "warm")
            saved_views.drop_view(store, "old")
            assert con.in_transaction
            raise Busy("another process writes")

    with pytest.raises(Busy):
        fail_late()
    assert saved_views.views(store) == [("old", "is:new")]
    assert tags.tags(store) == [("hot", 0, "1")]


def test_a_refused_call_undoes_itself_only(store: Store) -> None:
    with store.write():
        saved_views.save_view(store, "mine", "is:new")
        with pytest.raises(BadInput):
            saved_views.drop_view(store, "yours")
        with pytest.raises(sqlite3.IntegrityError), tables.writing(store, "tag") as table:
            table.insert_all([{"name": "twice"}, {"name": "TWICE"}])
    assert saved_views.views(store) == [("mine", "is:new")]
    assert tags.tags(store) == []


def test_nothing_is_seen_elsewhere_before_the_transaction_ends(store: Store) -> None:
    with store.write(), sqlite3.connect(store.path) as other:
        saved_views.save_view(store, "mine", "is:new")
        assert other.execute("SELECT count(*) FROM saved_view").fetchone() == (0,)
    assert other.execute("SELECT count(*) FROM saved_view").fetchone() == (1,)
    other.close()


def test_the_connection_keeps_its_rules(store: Store) -> None:
    rules = ("foreign_keys", "recursive_triggers", "journal_mode", "synchronous")
    before = [store.con.execute(f"PRAGMA {rule}").fetchone() for rule in rules]
    indexes = store.con.execute("SELECT count(*) FROM sqlite_master").fetchone()
    tags.make_tag(store, "hot")
    assert tags.make_tag(store, "HOT") == tags.tag_named(store, " hot ")
    assert [store.con.execute(f"PRAGMA {rule}").fetchone() for rule in rules] == before
    assert store.con.isolation_level is None
    assert store.con.execute("SELECT count(*) FROM sqlite_master").fetchone() == indexes


def test_a_setting_of_another_type_reads_as_its_default(store: Store) -> None:
    settings.SILENT_DAYS.write(store, 90)
    settings.PLACE.of("dana").write(store, {"queue": "new"})
    assert settings.SILENT_DAYS.read(store) == 90
    assert settings.PLACE.of("mk").read(store) == {}
    with store.write() as con:
        con.execute("UPDATE setting SET value = '\"many\"'")
    assert settings.SILENT_DAYS.read(store) == 180
    assert settings.PLACE.of("dana").read(store) == {}


def test_every_table_of_accounts_is_thought_of_when_a_person_is_removed(store: Store) -> None:
    found = store.con.execute(
        "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c ON c.name = 'row' WHERE m.type = 'table'"
    )
    emptied_otherwise = {"account", "call", "match"}
    assert {line[0] for line in found} == {*purging.BY_ROW} | emptied_otherwise
