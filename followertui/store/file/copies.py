"""Copies of a store file: made, checked and put back; and what its keeper wants to know of it.

Owns the SQLite side of backup, restore and doctor. Only ``services`` imports it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from followertui import private_files
from followertui.domain.errors import BadInput, Busy, StoreError
from followertui.store.file.connection import Store


def copy_to(store: Store, target: Path) -> None:
    """Copy the open store into a new file of mode 0600, consistent even while it is written to.

    Raises:
        BadInput: the file exists or cannot be written.
    """
    part = private_files.part_of(target)
    try:
        if os.path.lexists(target):
            raise FileExistsError(target)
        private_files.create(part).close()
        with contextlib.closing(sqlite3.connect(part, isolation_level=None)) as copy:
            # All at once: in steps, every write of another process would begin it again.
            store.con.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        rename_to_new(part, target)
    except FileExistsError:
        raise BadInput(f"{target}: exists already; name another file") from None
    except (sqlite3.Error, OSError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise BadInput(f"{target}: cannot be written ({why}); choose another place") from None
    finally:
        for log in ("", "-wal", "-journal"):
            Path(f"{part}{log}").unlink(missing_ok=True)


def rename_to_new(part: Path, target: Path) -> None:
    """Give a file its name, unless something has it already."""
    try:
        os.link(part, target)
    except FileExistsError:
        raise
    except OSError:
        # A disk without hard links.
        if os.path.lexists(target):
            raise FileExistsError(target) from None
        os.rename(part, target)


def make_private(target: Path) -> None:
    """Make an empty file only its owner can read.

    Raises:
        BadInput: it exists or cannot be made.
    """
    try:
        private_files.create(target).close()
    except FileExistsError:
        raise BadInput(f"{target}: exists already; name another file") from None
    except OSError as error:
        raise BadInput(f"{target}: cannot be written ({error.strerror})") from None


def put_in_place(part: Path, target: Path, aside: Path) -> bool:
    """Make a checked file the store at ``target`` in one step; what was there is kept as ``aside``.

    At every moment there is a store at ``target``, if there was one: the old one or the new one.

    Args:
        part: the new file, on the same disk; it is gone afterwards.
        target: the store's path.
        aside: the name of the replaced store; ``-wal``, ``-shm`` and ``-journal`` that cannot be
            folded into it are kept beside it under that name, as they would destroy the new store.

    Returns:
        Whether a store was there.

    Raises:
        Busy: another program has the store open.
        BadInput: the files cannot be written.
    """
    if target.exists() and not target.is_file():
        raise BadInput(f"{target}: is no regular file; choose another --store")
    try:
        with part.open("rb") as file:
            os.fsync(file.fileno())
        with _alone(target):
            had = target.exists()
            if had:
                _link_or_copy(target, aside)
            for log in ("-wal", "-shm", "-journal"):
                with contextlib.suppress(FileNotFoundError):
                    os.replace(f"{target}{log}", f"{aside}{log}")
            os.replace(part, target)
    except OSError as error:
        raise BadInput(f"{target}: cannot be replaced ({error.strerror})") from None
    shutil.rmtree(target.with_name(target.name + ".cache"), ignore_errors=True)
    return had


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Fold the logs of a store into it and keep everybody else out for the length of a block.

    Raises:
        Busy: another program has it open.
    """
    if not path.exists():
        yield
        return
    with contextlib.closing(sqlite3.connect(path, timeout=1, isolation_level=None)) as con:
        try:
            con.execute("PRAGMA journal_mode = DELETE")
            if os.name == "posix":  # elsewhere an open file cannot be replaced
                con.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise Busy(f"{path}: is open in another window; close it and restore again") from None
        except sqlite3.DatabaseError:
            # A store too broken to open is the very reason to restore.
            pass
        if os.name != "posix":
            con.close()
        yield


def _link_or_copy(path: Path, aside: Path) -> None:
    try:
        os.link(path, aside)
    except FileExistsError:
        raise
    except OSError:
        # A disk without hard links.
        with path.open("rb") as inner, private_files.create(aside) as outer:
            shutil.copyfileobj(inner, outer)


def integrity(store: Store) -> list[str]:
    """What SQLite says is broken, at most ten lines; empty when all is well."""
    try:
        found = [str(line[0]) for line in store.con.execute("PRAGMA integrity_check(10)")]
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{store.path}: is damaged ({error}); put a backup back: followertui restore FILE") from None
    return [] if found == ["ok"] else found


def strays(store: Store) -> dict[str, int]:
    """Table -> how many of its rows refer to something that does not exist; only what is above zero."""
    found = Counter(line[0] for line in store.con.execute("PRAGMA foreign_key_check"))
    found["account"] += int(
        store.con.execute(f"SELECT count(*) FROM account WHERE {MERGED_INTO_NOTHING}").fetchone()[0]
    )
    return {table: count for table, count in sorted(found.items()) if count}


MERGED_INTO_NOTHING = "merged_into > 0 AND merged_into NOT IN (SELECT row FROM account)"
"""Of an account. No foreign key: 0 is where a purged account was merged into."""


def unended_imports(store: Store) -> list[tuple[int, str]]:
    """Unfinished imports of files while none is running, oldest first: (number, file name).

    What is read from X is not among them: reading it goes on by itself where it stopped.
    """
    if store.leases.is_held("import"):
        return []
    found = store.con.execute(
        "SELECT id, source FROM import_run WHERE state = 'running' AND coalesce(path, '') <> '' ORDER BY id"
    )
    return found.fetchall()


def sizes(store: Store) -> dict[str, int]:
    """Table -> rows, for what a person counts."""
    names = ("account", "list", "entry", "match", "decision", "plan_item", "journal", "import_run")
    return {name: int(store.con.execute(f"SELECT count(*) FROM {name}").fetchone()[0]) for name in names}


def sqlite_version() -> str:
    """Version of the SQLite library in use."""
    return sqlite3.sqlite_version
