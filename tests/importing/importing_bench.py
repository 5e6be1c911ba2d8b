"""What the tests of importing share: a store in a folder, and ways to bring records in."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Generator, Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from followertui.domain.account import AccountRecord
from followertui.domain.clock import FixedClock
from followertui.domain.progress import CancelToken, NeverCancelled, drained
from followertui.services.intake import importing, inspecting, reversing
from followertui.services.intake.sources import Source
from followertui.services.intake.values import ImportChoices, ImportReport
from followertui.store.decisions.journal import Entry, Journal
from followertui.store.file.connection import Store

TABLES = (
    "account", "handle_history", "snapshot", "snapshot_part", "relation", "list", "entity", "entity_key", "entry",
    "refused_row", "import_change", "entry_change", "interaction", "interaction_again",
)  # fmt: skip


class Bench:
    """A store in a folder, as one reviewer imports into it."""

    def __init__(self, folder: Path, name: str = "store.db") -> None:
        self.folder = folder
        self.path = folder / name
        self.path.write_bytes(_empty_store())
        self.clock = FixedClock(datetime(2026, 11, 22, tzinfo=UTC))
        self.open()

    def open(self) -> None:
        self.store = Store(self.path)
        self.journal = Journal(self.store, "dana", "one")

    def close(self) -> None:
        self.store.close()

    def kill(self) -> None:
        """What a killed process leaves: the file and nothing else."""
        self.store.close()
        self.open()

    def write(self, name: str, header: str, rows: Iterable[Sequence[object]]) -> Path:
        path = self.folder / name
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header.split(","))
            writer.writerows(rows)
        return path

    def begin(self, path: Path, **choices: Any) -> Generator[Any, None, ImportReport]:
        plan = inspecting.plan_import(self.store, str(path), ImportChoices(**choices))
        return importing.import_file(self.store, self.journal, self.clock, plan, NeverCancelled())

    def bring(self, path: Path, **choices: Any) -> ImportReport:
        return drained(self.begin(path, **choices))

    def records(
        self, records: Sequence[AccountRecord], as_of: int, direction: str = "follower", rank: int = 2, **more: Any
    ) -> ImportReport:
        source = Source("sync", "made up", rank, as_of, **more)
        batches = [records[at : at + 3] for at in range(0, len(records), 3)]
        return drained(
            importing.import_records(self.store, self.journal, self.clock, source, batches, direction, NeverCancelled())
        )

    def archive(self, records: Sequence[AccountRecord], as_of: int) -> ImportReport:
        """Followers of an X archive: newest first, by id, not saying how many there are."""
        source = Source("archive", "made-up.zip", 1, as_of, newest_first=True)
        return drained(
            importing.import_records(
                self.store, self.journal, self.clock, source, [records], "follower", NeverCancelled()
            )
        )

    def reversing(self, entry: Entry, *, is_redo: bool, cancel: CancelToken | None = None) -> Generator[Any, None, str]:
        return reversing.reverse_import(
            self.store, self.journal, self.clock, entry, is_redo, cancel or NeverCancelled()
        )

    def undo(self) -> str:
        entry = self.journal.to_undo()
        assert entry is not None
        return drained(self.reversing(entry, is_redo=False))

    def redo(self) -> str:
        entry = self.journal.to_redo()
        assert entry is not None
        return drained(self.reversing(entry, is_redo=True))

    def tables(self, names: Sequence[str] = TABLES) -> dict[str, list[tuple[Any, ...]]]:
        return {name: sorted(self.store.con.execute(f"SELECT * FROM {name}"), key=repr) for name in names}

    def everything(self) -> list[str]:
        return list(self.store.con.iterdump())

    def one(self, sql: str, *parameters: object) -> Any:
        found = self.store.con.execute(sql, parameters).fetchone()
        return found[0] if found else None

    def follows(self, direction: str = "follower") -> set[str]:
        return self._related(direction, "missed_snapshot IS NULL")

    def new(self, direction: str = "follower") -> set[str]:
        return self._related(direction, "is_new")

    def left(self, direction: str = "follower") -> set[str]:
        return self._related(direction, "missed_snapshot NOT NULL") - self.follows(direction)

    def _related(self, direction: str, where: str) -> set[str]:
        found = self.store.con.execute(
            f"SELECT coalesce(handle, x_id) FROM relation JOIN account USING (row) WHERE direction = ? AND {where}",
            [direction],
        )
        return {str(line[0]) for line in found}


@cache
def _empty_store() -> bytes:
    """An empty store's bytes: migrations run once for all tests."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        Store(path).close()
        return path.read_bytes()


def accounts(*handles: str, **fields: Any) -> list[AccountRecord]:
    """Accounts known by handle and an id made from it."""
    return [AccountRecord(x_id=int.from_bytes(handle.encode(), "big"), handle=handle, **fields) for handle in handles]
