"""Backups a store keeps by itself: when, how many stay, and that they are restored by name."""

from __future__ import annotations

import os
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from filling import add_accounts, new_store
from test_store_migrations import first_version

from followertui.domain.errors import BadInput, StoreError
from followertui.services.care import backups, restoring
from followertui.store.file import backup_folder, copies, settings
from followertui.store.file.backup_folder import KeptBackup, folder_of, kept
from followertui.store.file.connection import Store
from followertui.store.file.kept_backups import DAY_SECONDS, keep

NOW = 1_800_000_000


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = new_store(tmp_path / "store.db")
    made.keeps_backups = True
    add_accounts(made, {})
    return made


def test_one_a_day_and_only_of_what_changed(store: Store) -> None:
    first = keep(store, NOW, DAY_SECONDS)
    assert first is not None
    assert first.stat().st_mode & 0o777 == 0o600
    assert first.parent.stat().st_mode & 0o777 == 0o700
    add_accounts(store, {})
    assert keep(store, NOW + DAY_SECONDS - 1, DAY_SECONDS) is None, "too young"
    assert keep(store, NOW + DAY_SECONDS, DAY_SECONDS) is not None
    settings.PLACE.of("me").write(store, {"row": 1})
    assert keep(store, NOW + 9 * DAY_SECONDS, DAY_SECONDS) is None, "the same but for where one left off"
    settings.ABOUT.write(store, {"names": ["Acme"]})
    assert keep(store, NOW + 9 * DAY_SECONDS, DAY_SECONDS) is not None
    assert len(kept(store.path)) == 3
    store.close()


def test_a_clock_that_went_back_stops_no_backup(store: Store) -> None:
    keep(store, NOW + 999 * DAY_SECONDS, DAY_SECONDS)
    add_accounts(store, {})
    assert keep(store, NOW, DAY_SECONDS) is not None
    store.close()


def test_another_process_that_keeps_the_same_at_the_same_moment_is_no_error(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = copies.copy_to

    def beaten(store: Store, target: Path) -> None:
        copy(store, target)
        copy(store, target)

    monkeypatch.setattr(copies, "copy_to", beaten)
    assert keep(store, NOW) is not None
    assert len(kept(store.path)) == 1
    store.close()


def test_none_of_a_demo_an_empty_store_or_where_they_are_switched_off(store: Store, tmp_path: Path) -> None:
    store.keeps_backups = False
    assert keep(store, NOW) is None
    store.keeps_backups = True
    store.con.execute('INSERT INTO meta VALUES (\'demo\', \'{"recipe": [1, 1, ""], "week": 0}\')')
    assert keep(store, NOW) is None
    empty = Store(tmp_path / "empty.db")
    empty.keeps_backups = True
    assert keep(empty, NOW) is None
    for one in (store, empty):
        assert not folder_of(one.path).exists()
        one.close()


def test_the_newest_of_days_weeks_and_months_stay() -> None:
    end = datetime(2026, 11, 26, 12, tzinfo=UTC)
    made = [KeptBackup(Path(str(n)), end - timedelta(hours=6 * n), "") for n in range(4 * 400)]
    dropped = {one.path for one in backup_folder.superfluous(made)}
    left = [one for one in made if one.path not in dropped]
    assert left[:3] == made[:3]
    assert len({one.at.date() for one in left if one.at > end - timedelta(days=6.6)}) == 7
    assert len({f"{one.at:%G-%V}" for one in left}) >= 4
    assert sorted({f"{one.at:%Y%m}" for one in left}) == ["202606", "202607", "202608", "202609", "202610", "202611"]
    assert len(left) <= 3 + 7 + 4 + 6
    assert backup_folder.superfluous(left) == [], "thinning again changes nothing"


def test_thinning_deletes_nothing_that_is_not_its_own(store: Store) -> None:
    folder = folder_of(store.path)
    folder.mkdir()
    (folder / "mine.db").write_text("x")
    (folder / "20200101-000000-0123456789ab.db").symlink_to(folder / "mine.db")
    for day in range(30):
        add_accounts(store, {})
        keep(store, NOW + day * DAY_SECONDS)
    assert len(kept(store.path)) < 15
    assert (folder / "mine.db").exists()
    assert (folder / "20200101-000000-0123456789ab.db").is_symlink()
    store.close()


def test_a_folder_that_is_a_link_is_not_written_into(store: Store, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    folder_of(store.path).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="no folder of its own"):
        keep(store, NOW)
    assert os.listdir(tmp_path / "elsewhere") == []
    store.close()


def test_latest_and_names_are_restored(store: Store) -> None:
    keep(store, NOW)
    add_accounts(store, {}, {})
    keep(store, NOW + 60)
    add_accounts(store, {})
    store.close()
    names = [line.name for line in backups.listed(store.path)]
    assert len(names) == 2
    for word, accounts in (("LATEST", 3), (names[1], 1)):
        restoring.restore(backups.chosen(store.path, word), store.path, NOW + accounts)
        con = sqlite3.connect(store.path)
        assert con.execute("SELECT count(*) FROM account").fetchone() == (accounts,)
        con.close()
    assert {line.made_by for line in backups.listed(store.path)} == {"itself", "restore"}
    with pytest.raises(BadInput, match="no backups yet"):
        backups.chosen(store.path.with_name("other.db"), "LATEST")


def test_a_backup_before_a_migration_is_listed_thinned_and_restored_like_the_others(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    first_version(path, with_rows=True)
    folder_of(path).mkdir()
    for n in range(30):
        (folder_of(path) / f"202601{n + 1:02}-120000-0123456789ab.db").write_bytes(b"x")
    store = Store(path)
    store.close()
    assert len(kept(path)) <= 3 + 7 + 4 + 6, "thinned at once"
    [line] = [line for line in backups.listed(path) if line.made_by == "migration"]
    assert line.name.endswith("-schema1.db")
    assert backups.listed(path)[0] == line
    con = sqlite3.connect(backups.chosen(path, line.name))
    assert con.execute("PRAGMA user_version").fetchone() == (1,)
    con.close()
    restoring.restore(backups.chosen(path, "LATEST"), path, NOW)
    for day in range(1, 400):
        (
            folder_of(path) / f"{datetime(2026, 12, 1, tzinfo=UTC) + timedelta(days=day):%Y%m%d}-000000-0123456789ab.db"
        ).touch()
    backup_folder.thin_out(path)
    assert not any(one.is_of_migration for one in kept(path)), "nor does it stay for ever"


def test_a_store_whose_backups_have_no_folder_is_not_migrated(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    first_version(path, with_rows=True)
    folder_of(path).symlink_to(tmp_path)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="is no folder of its own; move it away"):
        Store(path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir() if file.suffix == ".db"] == ["store.db"]
