"""Derived arrays: catching up equals building anew, caches are trusted only while they hold."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import struct
from array import array
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from filling import DAY, NOW, add_accounts, add_match, add_score, fill, new_store
from hypothesis import given, settings
from hypothesis import strategies as st

from followertui.store.file import opening
from followertui.store.file.connection import Store
from followertui.store.file.schema import CHANGE_DOMAINS
from followertui.store.index import arrays, cache_files, view_cache
from followertui.store.index.arrays import Arrays
from followertui.store.index.columns import GROUPS

Columns = dict[str, list[int]]


def everything(columns: Arrays) -> Columns:
    found = {name: columns.get(name).tolist() for names in GROUPS.values() for name in names}
    kind, source = columns.kinds()
    return {**found, "kind": kind.tolist(), "source": source.tolist()}


def write(store: Store, dice: random.Random) -> None:
    """One random change with its bump."""
    size = store.con.execute("SELECT max(row) FROM account").fetchone()[0]
    row = dice.randint(1, size)

    def account() -> str:
        add_accounts(store, {"affiliation": dice.choice((None, "@OurCo"))})
        return ""

    def score() -> str:
        add_score(store, row, dice.choice(("bot", "other")), bot=dice.choice((None, 5)), reasons=dice.randint(0, 7))
        return ""

    def match() -> str:
        with store.write() as con:
            con.execute(
                "DELETE FROM match_word WHERE match_id IN (SELECT id FROM match WHERE row = ? AND entity_id = 1)", [row]
            )
            con.execute("DELETE FROM match WHERE row = ? AND entity_id = 1", [row])
        add_match(store, row, 1, dice.choice(("certain", "possible")), dice.randint(1, 99))
        return ""

    plain: list[tuple[str, str]] = [
        ("profile", f"UPDATE account SET followers = {dice.choice(('NULL', '3', '77'))} WHERE row = {row}"),
        ("profile", f"UPDATE account SET hidden_by = {dice.choice(('NULL', '1'))} WHERE row = {row}"),
        ("profile", f"UPDATE account SET affiliation = 'ourco' WHERE row = {row}"),
        ("profile", f"UPDATE account SET affiliation = NULL WHERE row = {row}"),
        ("relation", f"DELETE FROM relation WHERE row = {row}"),
        ("relation", f"INSERT OR REPLACE INTO relation VALUES ({row}, 'follower', 3, 3, NULL, 1, {NOW}, {NOW}, NULL)"),
        ("relation", f"INSERT OR REPLACE INTO own_relation VALUES ({row}, 'following', {dice.randint(0, 1)}, {NOW})"),
        ("relation", f"DELETE FROM own_relation WHERE row = {row}"),
        ("decision", f"INSERT OR REPLACE INTO decision VALUES ({row}, 'later', {NOW + DAY}, 'me', 1)"),
        ("decision", f"DELETE FROM decision WHERE row = {row}"),
        ("decision", f"INSERT OR REPLACE INTO kind_word VALUES ({row}, 'press', 'me', 1)"),
        ("decision", f"DELETE FROM kind_word WHERE row = {row}"),
        ("decision", f"UPDATE plan_item SET state = 'done' WHERE row = {row}"),
        ("decision", f"INSERT OR REPLACE INTO release VALUES ({row}, 'talked', 'x', 'me', 1)"),
        ("match", f"DELETE FROM match WHERE row = {row} AND id NOT IN (SELECT match_id FROM match_word)"),
        ("score", f"DELETE FROM score WHERE row = {row}"),
    ]  # fmt: skip
    change: Callable[[], str] | tuple[str, str] = dice.choice([account, score, match, *plain])
    if not isinstance(change, tuple):
        change()
        return
    with store.write() as con:
        con.execute(change[1])
        store.bump(change[0], [row])


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10_000), writes=st.lists(st.integers(1, 12), min_size=1, max_size=6))
def test_catching_up_equals_building_anew(seed: int, writes: list[int]) -> None:
    dice = random.Random(seed)
    with TemporaryDirectory() as folder:
        store = new_store(Path(folder) / "store.db")
        fill(store, seed, 15)
        kept = Arrays(store)
        everything(kept)
        for burst in writes:
            for _ in range(burst):
                write(store, dice)
            assert everything(kept) == everything(Arrays(store))
            prepared = Arrays(store)
            prepared.prepare()
            assert everything(prepared) == everything(kept)
        kept.save()
        write(store, dice)
        assert everything(Arrays(store)) == everything(kept)
        store.close()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = new_store(tmp_path / "store.db")
    fill(made, 3, 40)
    return made


def reads(store: Store) -> list[str]:
    """Statements a fresh set of arrays sends for its profile group."""
    said: list[str] = []
    store.con.set_trace_callback(said.append)
    Arrays(store).get("followers")
    store.con.set_trace_callback(None)
    return [line for line in said if "last_post_at" in line]


def test_saved_arrays_are_read_back_instead_of_built(store: Store) -> None:
    columns = Arrays(store)
    truth = everything(columns)
    assert reads(store)
    columns.save()
    assert reads(store) == []
    assert everything(Arrays(store)) == truth
    assert (cache_files.folder_of(store.path).stat().st_mode & 0o077) == 0
    assert [file for file in cache_files.folder_of(store.path).iterdir() if file.suffix == ".part"] == []


def traced(monkeypatch: pytest.MonkeyPatch, path: Path) -> tuple[Store, list[str]]:
    """A store and what every connection of it says from now on."""
    said: list[str] = []
    connect = opening.connect

    def listened(path: Path, is_read_only: bool) -> tuple[sqlite3.Connection, bool]:
        con, ignores_log = connect(path, is_read_only)
        con.set_trace_callback(said.append)
        return con, ignores_log

    monkeypatch.setattr(opening, "connect", listened)
    return Store(path), said


def test_a_report_walks_over_each_long_table_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    again, said = traced(monkeypatch, store.path)
    columns = Arrays(again)
    columns.prepare()
    for name in ("alive", "followers", "told", "relation", "bot"):
        columns.get(name)
    assert columns.spells()["follower"].row.size
    tables = ("account", "relation", "score")
    walks = [table for table in tables for line in said if f"FROM {table} WHERE row BETWEEN" in line]
    assert walks == ["account", "relation", "score"]
    again.close()


def test_what_is_read_beside_a_report_is_of_the_same_moment(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    truth = everything(Arrays(store))
    dice = random.Random(1)

    class Late(ThreadPoolExecutor):
        """A thread that starts when the store has moved on."""

        def submit(self, *args: Any, **named: Any) -> Future[Any]:
            def first() -> None:
                for _ in range(40):
                    write(store, dice)

            super().submit(first).result()
            return super().submit(*args, **named)

    monkeypatch.setattr(arrays, "ThreadPoolExecutor", Late)
    columns = Arrays(store)
    with columns.hold():
        columns.prepare()
        assert everything(columns) == truth
    assert everything(columns) == everything(Arrays(store)) != truth


def test_a_cache_file_that_is_up_to_date_is_not_written_again(store: Store) -> None:
    columns = Arrays(store)
    everything(columns)
    columns.save()
    files = sorted(cache_files.folder_of(store.path).glob("*.bin"))
    before = [file.stat().st_ino for file in files]
    again = Arrays(store)
    everything(again)
    again.save()
    assert [file.stat().st_ino for file in files] == before
    [row] = add_accounts(store, {"followers": 5})
    assert again.get("followers")[row] == 5
    again.save()
    written = {file.name for file, inode in zip(files, before, strict=True) if file.stat().st_ino != inode}
    assert "profile.bin" in written
    assert "match.bin" not in written


def test_a_cache_behind_the_store_catches_up(store: Store) -> None:
    columns = Arrays(store)
    everything(columns)
    columns.save()
    [row] = add_accounts(store, {"followers": 123})
    assert Arrays(store).get("followers")[row] == 123
    assert len(reads(store)) == 1
    assert "json_each" in reads(store)[0]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: b"",
        lambda content: content[:7],
        lambda content: content[:-1],
        lambda content: content + b"\0",
        lambda content: struct.pack("<I", 2**31) + content[4:],
        lambda content: struct.pack("<I", 2) + b"[]" + content,
        lambda content: content.replace(b'"version": ', b'"version": 9'),
        lambda content: content.replace(b'"size": ', b'"size": -'),
        lambda content: content.replace(b'"counter": ', b'"counter": 9'),
        lambda content: bytes(len(content)),
        lambda content: content[:-200] + bytes(200),
        lambda content: content[:-9] + bytes([content[-9] ^ 1]) + content[-8:],
    ],
)
def test_a_spoiled_cache_is_ignored(store: Store, spoil: Callable[[bytes], bytes]) -> None:
    columns = Arrays(store)
    truth = everything(columns)
    columns.save()
    for file in cache_files.folder_of(store.path).glob("*.bin"):
        file.write_bytes(spoil(file.read_bytes()))
    assert everything(Arrays(store)) == truth


def test_another_stores_cache_is_ignored(store: Store, tmp_path: Path) -> None:
    columns = Arrays(store)
    truth = everything(columns)
    columns.save()
    other = new_store(tmp_path / "other.db")
    fill(other, 4, 40)
    stranger = Arrays(other)
    everything(stranger)
    stranger.save()
    for file in cache_files.folder_of(other.path).glob("*.bin"):
        (cache_files.folder_of(store.path) / file.name).write_bytes(file.read_bytes())
    assert everything(Arrays(store)) == truth
    other.close()


def test_a_store_copied_back_beside_its_newer_cache_is_not_served_by_it(store: Store, tmp_path: Path) -> None:
    """The counters come to the same number again, with other decisions behind them."""
    store.close()
    shutil.copyfile(store.path, tmp_path / "old.db")
    newer = Store(store.path)
    decide(newer, [1, 2, 3], "out")
    everything(columns := Arrays(newer))
    columns.save()
    newer.close()
    shutil.copyfile(tmp_path / "old.db", store.path)
    restored = Store(store.path)
    decide(restored, [4, 5, 6], "keep")
    with_cache = everything(Arrays(restored))
    shutil.rmtree(cache_files.folder_of(store.path))
    assert with_cache == everything(Arrays(restored))
    restored.close()


def decide(store: Store, rows: list[int], decision: str) -> None:
    with store.write() as con:
        con.executemany("INSERT OR REPLACE INTO decision VALUES (?, ?, NULL, 'me', 1)", [(r, decision) for r in rows])
        store.bump("decision", rows)


def linked(path: Path, content: bytes) -> None:
    path.with_name("elsewhere").write_bytes(content)
    path.symlink_to(path.with_name("elsewhere"))


def piped(path: Path, content: bytes) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize("put", [linked, piped])
def test_a_cache_that_is_no_file_of_ours_is_neither_read_nor_written_through(
    store: Store, put: Callable[[Path, bytes], None]
) -> None:
    columns = Arrays(store)
    truth = everything(columns)
    columns.save()
    for file in list(cache_files.folder_of(store.path).glob("*.bin")):
        content = file.read_bytes()
        file.unlink()
        put(file, content)
    assert reads(store)
    everything(again := Arrays(store))
    again.save()
    assert reads(store) == []
    assert everything(Arrays(store)) == truth
    assert all(not file.is_symlink() for file in cache_files.folder_of(store.path).glob("*.bin"))


def test_a_cache_folder_that_is_a_link_is_left_alone(store: Store, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    cache_files.folder_of(store.path).symlink_to(tmp_path / "elsewhere")
    columns = Arrays(store)
    everything(columns)
    columns.save()
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_kept_view_is_of_this_history_or_none(store: Store, tmp_path: Path) -> None:
    rows = memoryview(array("I", [3, 1, 2]))
    view_cache.write_view(store, "q", "stamp", rows, 9, "-bot")
    found = view_cache.read_view(store, "q", "stamp")
    assert found is not None
    assert (list(found[0]), *found[1:]) == ([3, 1, 2], 9, "-bot")
    assert view_cache.read_view(store, "q", "other") is None
    [file] = cache_files.folder_of(store.path).glob("view-*")
    content = bytearray(file.read_bytes())
    content[-12:] = bytes(12)
    file.write_bytes(content)
    assert view_cache.read_view(store, "q", "stamp") is None


def test_a_cache_folder_that_cannot_be_made_does_no_harm(store: Store) -> None:
    cache_files.folder_of(store.path).write_text("a file stands in the way")
    columns = Arrays(store)
    truth = everything(columns)
    columns.save()
    assert everything(Arrays(store)) == truth


def test_arrays_given_out_do_not_change_under_their_reader(store: Store) -> None:
    columns = Arrays(store)
    before = columns.get("followers")
    copy = before.copy()
    with store.write() as con:
        con.execute("UPDATE account SET followers = 4242")
        store.bump("profile", range(1, 41))
    assert columns.get("followers")[1] == 4242
    assert np.array_equal(before, copy)


def test_a_held_moment_stands_still_and_has_one_length(store: Store) -> None:
    columns = Arrays(store)
    other = Store(store.path)
    with columns.hold():
        size = len(columns.get("followers"))
        add_accounts(other, {}, {})
        assert {len(columns.get(name)) for names in GROUPS.values() for name in names} == {size}
        assert columns.size() == size
    assert len(columns.get("decision")) == size + 2
    other.close()


def test_the_stamp_changes_with_every_domain_and_new_rows(store: Store) -> None:
    columns = Arrays(store)
    stamps = {columns.stamp()}
    for domain in CHANGE_DOMAINS:
        with store.write():
            store.bump(domain, [1])
        stamps.add(columns.stamp())
    add_accounts(store, {})
    stamps.add(columns.stamp())
    assert len(stamps) == 7


def test_many_changed_rows_are_built_anew_at_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    columns = Arrays(store)
    everything(columns)
    with store.write() as con:
        con.execute("UPDATE account SET followers = 1")
        store.bump("profile", list(range(1, 41)) * 100)
    said: list[str] = []
    store.con.set_trace_callback(said.append)
    assert set(columns.get("followers")[1:].tolist()) == {1}
    assert not any("json_each" in line for line in said)
