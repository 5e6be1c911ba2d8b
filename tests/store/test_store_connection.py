"""Opening the file, refusing what is no store, transactions, counters."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread

import pytest
from filling import add_accounts, new_store

from followertui.domain.errors import StoreError
from followertui.store.file import closing, connection, location, new_file, watermarks
from followertui.store.file.connection import Store, packed, unpacked
from followertui.store.file.schema import APPLICATION_ID, SCHEMA_VERSION
from followertui.ui.threads import DaemonThreads


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = new_store(tmp_path / "store.db")
    yield made
    made.close()


def refusal(path: Path, **options: bool) -> str:
    with pytest.raises(StoreError) as caught:
        Store(path, **options)
    message = str(caught.value)
    assert str(path) in message
    assert "\n" not in message
    return message


def test_a_new_file_is_ours_alone_and_marked(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "store.db"
    store = Store(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) & 0o077 == 0
    assert store.con.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    assert store.con.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION
    assert store.con.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    identity = watermarks.STORE_ID.read(store)
    store.close()
    again = Store(path, must_exist=True)
    assert watermarks.STORE_ID.read(again) == identity
    assert again.backup_path is None
    again.close()


@pytest.mark.parametrize("options", [{"must_exist": True}, {"is_read_only": True}])
def test_a_missing_file_is_not_made_where_it_must_exist(tmp_path: Path, options: dict[str, bool]) -> None:
    assert "no such store; `followertui import FILE` or `followertui auth login` makes one" in refusal(
        tmp_path / "none.db", **options
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"id,handle\n1,dana\n" * 100, b"SQLite format 3\0 but then nothing", b"\0" * 4096])
def test_a_file_that_is_no_database_is_refused_and_untouched(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "followers.csv"
    path.write_bytes(content)
    assert "not a followertui store" in refusal(path)
    assert path.read_bytes() == content


def test_another_programs_database_is_refused_and_untouched(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE account (row INTEGER)")
    other.commit()
    other.close()
    before = path.read_bytes()
    assert "another program" in refusal(path)
    assert path.read_bytes() == before


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = Store(path)
    store.con.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    store.close()
    assert "newer" in refusal(path)


def test_an_older_store_is_not_migrated_read_only(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    assert "older" in refusal(path, is_read_only=True)
    Store(path).close()
    Store(path, is_read_only=True).close()


def test_a_folder_and_a_place_that_cannot_be_made_are_refused(tmp_path: Path) -> None:
    assert "folder" in refusal(tmp_path)
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="cannot be created"):
        Store(tmp_path / "file" / "store.db")


def test_a_file_whose_tables_cannot_be_made_stays_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(new_file, "CHANGE_DOMAINS", ("profile", "profile"))
        with pytest.raises(sqlite3.IntegrityError):
            Store(tmp_path / "store.db")
    store = Store(tmp_path / "store.db")
    assert store.con.execute("SELECT count(*) FROM account").fetchone()[0] == 0
    store.close()


@pytest.mark.parametrize("place", ["Dropbox", "My OneDrive - Acme", "Mobile Documents"])
def test_a_synced_folder_is_warned_of(tmp_path: Path, place: str) -> None:
    store = Store(tmp_path / place / "store.db")
    [warning] = store.warnings()
    assert "synced folder" in warning
    store.close()


def test_a_network_drive_is_warned_of_and_a_local_one_is_not(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert store.warnings() == []
    monkeypatch.setattr(location, "_file_system", lambda path: "nfs4")
    assert "network drive (nfs4)" in store.warnings()[0]


def as_reader(work: Callable[[], str]) -> str:
    """Do something as somebody who may not write: root may always write, so a child steps down."""
    receiving, sending = os.pipe()
    child = os.fork()
    if child == 0:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setresgid(65534, 65534, 65534)
            os.setresuid(65534, 65534, 65534)
        try:
            said = work()
        except BaseException as error:
            said = repr(error)
        os.write(sending, said.encode())
        os._exit(0)
    os.close(sending)
    os.waitpid(child, 0)
    with open(receiving, encoding="utf-8") as file:
        return file.read()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder others can reach, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        yield Path(name)
        os.chmod(name, 0o755)


@pytest.mark.parametrize("is_left_open", [False, True])
def test_a_file_in_a_folder_nobody_may_write_is_read(open_folder: Path, is_left_open: bool) -> None:
    store = new_store(open_folder / "store.db")
    add_accounts(store, {}, {})
    if not is_left_open:
        store.close()
    for file in open_folder.iterdir():
        file.chmod(0o444)
    open_folder.chmod(0o555)

    def work() -> str:
        reader = Store(open_folder / "store.db", is_read_only=True)
        return f"{count(reader)} accounts, {reader.counters()['profile']}"

    assert as_reader(work) == "2 accounts, 1"
    store.close()


def test_a_file_one_may_not_write_is_refused_with_what_to_do(open_folder: Path) -> None:
    new_store(open_folder / "store.db").close()
    (open_folder / "store.db").chmod(0o444)
    open_folder.chmod(0o555)
    said = as_reader(lambda: str(Store(open_folder / "store.db").path))
    assert "StoreError" in said
    assert "--read-only" in said


def test_a_folder_one_may_not_write_is_refused_with_what_to_do(open_folder: Path) -> None:
    new_store(open_folder / "store.db").close()
    (open_folder / "store.db").chmod(0o666)
    open_folder.chmod(0o555)
    said = as_reader(lambda: str(Store(open_folder / "store.db").path))
    assert "StoreError" in said
    assert "--read-only" in said


def test_read_only_refuses_to_write(store: Store) -> None:
    reader = Store(store.path, is_read_only=True)
    with pytest.raises(StoreError, match="read-only"), reader.write():
        pass
    with pytest.raises(sqlite3.OperationalError):
        reader.con.execute("DELETE FROM account")
    reader.close()


# --- transactions --------------------------------------------------------------------------


def count(store: Store) -> int:
    return int(store.con.execute("SELECT count(*) FROM account").fetchone()[0])


def test_an_exception_rolls_back_rows_and_counters(store: Store) -> None:
    before = store.counters()

    def fail() -> None:
        with store.write() as con:
            con.execute("INSERT INTO account(row, first_import) VALUES (1, 1)")
            store.bump("profile", [1])
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert (count(store), store.counters()) == (0, before)
    with store.write():
        pass
    assert store.counters() == before


def test_nested_transactions_are_one(store: Store) -> None:
    def fail() -> None:
        with store.write():
            add_accounts(store, {})
            add_accounts(store, {})
            assert count(store) == 2
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert count(store) == 0
    with store.write():
        add_accounts(store, {})
        add_accounts(store, {})
    assert store.counters()["profile"] == 1
    assert list(store.changed_since("profile", 0) or ()) == [1, 2]


def test_the_reason_survives_when_sqlite_rolled_back_itself(store: Store) -> None:
    def fail() -> None:
        with store.write() as con:
            con.execute("ROLLBACK")
            raise KeyError("the reason")

    with pytest.raises(KeyError, match="the reason"):
        fail()
    add_accounts(store, {})
    assert count(store) == 1


def test_counters_move_once_per_transaction_and_domain(store: Store) -> None:
    with store.write():
        store.bump("decision", [3, 1])
        store.bump("decision", range(5, 7))
        store.bump("match", [])
    assert store.counters() == {"profile": 0, "relation": 0, "decision": 1, "match": 0, "score": 0}
    assert list(store.changed_since("decision", 0) or ()) == [3, 1, 5, 6]
    assert list(store.changed_since("decision", 1) or ()) == []


def test_a_log_that_no_longer_reaches_back_says_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_LOG_KEEP", 100)
    for _ in range(500):
        with store.write():
            store.bump("score", [1])
    assert store.changed_since("score", 0) is None
    assert len(store.changed_since("score", 450) or ()) == 50
    assert store.changed_since("score", 501) is None


def test_other_threads_read_while_one_writes_and_see_it_only_when_done(store: Store) -> None:
    seen = []

    def look() -> None:
        seen.append(count(store))

    with store.write() as con:
        con.execute("INSERT INTO account(row, first_import) VALUES (1, 1)")
        reader = Thread(target=look)
        reader.start()
        reader.join()
    look()
    assert seen == [0, 1]


def test_a_reading_shows_one_moment(store: Store) -> None:
    other = Store(store.path)
    with store.reading():
        assert count(store) == 0
        add_accounts(other, {})
        assert count(store) == 0
    assert count(store) == 1
    other.close()


def test_another_process_is_noticed_and_our_own_threads_are_not(store: Store) -> None:
    before = store.foreign_changes()
    ours = Thread(target=add_accounts, args=(store, {}))
    ours.start()
    ours.join()
    assert store.foreign_changes() == before
    other = Store(store.path)
    add_accounts(other, {})
    other.close()
    assert store.foreign_changes() > before


def test_row_numbers_survive_packing() -> None:
    rows = [0, 1, 4_294_967_295, 7]
    assert packed(rows) == b"\0\0\0\0\1\0\0\0\xff\xff\xff\xff\7\0\0\0"
    assert list(unpacked(packed(unpacked(packed(rows))))) == rows


_CLOSING = """
import sys, threading
from pathlib import Path
from followertui.store.file.connection import Store

store = Store(Path(sys.argv[1]))
inside = [threading.Event() for _ in range(3)]
ended = []

def read(begun):
    try:
        while True:
            begun.set()
            store.con.execute(
                "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 200000) SELECT max(x) FROM n"
            ).fetchall()
    except Exception as error:
        ended.append(type(error).__name__)

threads = [threading.Thread(target=read, args=[begun], daemon=True) for begun in inside]
for thread, begun in zip(threads, inside):
    thread.start()
    begun.wait()
store.close()
for thread in threads:
    thread.join(10)
print(sorted(set(ended) - {"OperationalError", "StoreError"}), len(ended))
"""


@pytest.mark.parametrize("turn", range(3))
def test_closing_under_threads_that_read_ends_them_and_not_the_program(tmp_path: Path, turn: int) -> None:
    """Closing a connection under a thread that was inside of it was a segmentation fault."""
    path = tmp_path / f"store{turn}.db"
    Store(path).close()
    done = subprocess.run([sys.executable, "-c", _CLOSING, str(path)], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "[] 3\n", "")
    assert not Path(f"{path}-wal").exists(), "the last connection carried the log over"


def test_closing_ends_connections_of_threads_that_wait_for_work(tmp_path: Path) -> None:
    store = new_store(tmp_path / "store.db")
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: store.con.execute("SELECT 1").fetchone()).result()
        store.close()
        assert not Path(f"{store.path}-wal").exists()
        with pytest.raises(StoreError, match="was closed"):
            pool.submit(lambda: store.con).result()


def test_closing_waits_for_a_transaction_of_another_thread(tmp_path: Path) -> None:
    store = new_store(tmp_path / "store.db")
    begun, go_on = Event(), Event()

    def write() -> None:
        with store.write() as con:
            add_accounts(store, {})
            begun.set()
            go_on.wait(10)
            con.execute("UPDATE account SET handle = 'last'")

    with ThreadPoolExecutor(2) as pool:
        writing = pool.submit(write)
        begun.wait(10)
        ended = pool.submit(store.close)
        go_on.set()
        writing.result()
        ended.result()
    again = Store(store.path)
    assert again.con.execute("SELECT handle FROM account").fetchall() == [("last",)]
    again.close()


def test_a_thread_that_waits_for_work_does_not_hold_up_closing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads beside the screen keep their connections, and frozen objects are never collected."""
    monkeypatch.setattr(closing, "_ROUNDS", 0)
    store = Store(tmp_path / "store.db")
    threads = DaemonThreads()
    con = threads.submit(lambda: store.con).result()
    assert threads.wait(5)
    store.close()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        con.interrupt()
