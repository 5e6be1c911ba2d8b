"""The commands of a life and what can happen between them.

Owns the files commands read, the backups kept aside, and how often what happens.
"""

from __future__ import annotations

import csv
import random
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import chaos_oracle as oracle
from chaos_base import COMPANIES, Base
from chaos_oracle import Facts

if TYPE_CHECKING:
    from chaos_x import X


class World:
    """The files of a life.

    Args:
        base: what it began with.
        folder: its folder.
        dice: decides everything.

    Attributes:
        x: X as the life sees it; set once it answers.
        restoring: what the backup held that is being restored.
    """

    x: X

    def __init__(self, base: Base, folder: Path, dice: random.Random) -> None:
        self.base, self.folder, self.dice = base, folder, dice
        self.store = folder / "store.db"
        self.restoring: Facts | None = None
        self._files = 0
        self._last = self._newest = datetime.fromisoformat(base.clock)
        self._backups: list[Path] = []
        self._copies: list[Path] = []
        self._caches: list[Path] = []
        self._renamed: dict[int, str] = {}

    # --- clock ----------------------------------------------------------------------------------

    @property
    def now(self) -> int:
        """The time of the life, epoch seconds UTC."""
        return int(self._time().timestamp())

    def _time(self) -> datetime:
        try:
            self._last = datetime.fromisoformat((self.folder / "clock").read_text().strip())
            self._newest = max(self._newest, self._last)
        except ValueError:  # a process ended while it wrote the clock
            self._set(self._last)
        return self._last

    def set_clock_right(self) -> None:
        """The clock shows a later time than it ever did."""
        self._time()
        self._set(self._newest + timedelta(hours=1))

    def _move(self, by: timedelta) -> datetime:
        return self._set(self._time() + by)

    def _set(self, moment: datetime) -> datetime:
        (self.folder / "clock").write_text(moment.isoformat())
        self._last = moment
        return moment

    # --- files commands read --------------------------------------------------------------------

    def _path(self, name: str) -> Path:
        self._files += 1
        return self.folder / f"{self._files}-{name}"

    def accounts(self) -> list[tuple[int, str, str, str, str]]:
        """Every account of the store: x_id, handle, name, bio, url."""
        with oracle.copied(self.store, self.folder) as con:
            return con.execute(
                "SELECT x_id, coalesce(handle, ''), coalesce(name, ''), coalesce(bio, ''), coalesce(url, '') "
                "FROM account WHERE x_id IS NOT NULL AND merged_into IS NULL ORDER BY row"
            ).fetchall()

    def someone(self) -> str:
        """A handle as a command line takes it."""
        handles = [handle for _, handle, *_ in self.accounts() if handle]
        return f"@{self.dice.choice(handles)}"

    def reading(self) -> list[str]:
        """The import of a complete export of whom we follow, as X has it and with the names of today."""
        following = self.x.following()
        path = self._path("following.csv")
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "screen_name", "name", "description", "url"])
            for x_id, handle, *rest in self.accounts():
                if x_id in following:
                    writer.writerow([x_id, self._renamed.get(x_id, handle), *rest])
        moment = self._move(timedelta(minutes=5))
        return ["import", "accounts", str(path), "--relation", "following", "--complete",
                "--as-of", f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"]  # fmt: skip

    def strangers(self) -> list[str]:
        """The import of accounts nobody knew."""
        path = self._path("more.csv")
        first = 7_000_000_000 + self._files * 1000
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "screen_name", "name", "description"])
            writer.writerows([first + n, f"more{first + n}", f"More {n}", "who knows"] for n in range(120))
        return ["import", "accounts", str(path), "--relation", self.dice.choice(("follower", "none")), "--partial"]

    def customers(self) -> list[str]:
        """The import of a list that names some of the companies, and many that nobody is."""
        path = self._path("customers.csv")
        chosen = self.dice.sample(COMPANIES, self.dice.randint(1, 4))
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["Company name", "Company Domain Name"])
            writer.writerows([name, f"{name.lower()}.example"] for name in chosen)
            writer.writerows([f"Nobody {self._files} {n} Ltd", f"nobody{self._files}-{n}.example"] for n in range(40))
        return ["import", "list", str(path), "--kind", self.dice.choice(("customer", "prospect", "partner")),
                "--name", self.dice.choice(("Clients", "Deals")), "--basis", "own-records"]  # fmt: skip

    # --- carrying out, backups ------------------------------------------------------------------

    def apply(self, most: int | None = None) -> list[str] | None:
        """Carry out some of what is planned; None where nothing is."""
        ready = oracle.asked(
            self.store, self.folder, "SELECT id FROM plan_item WHERE state IN ('planned', 'attempting')"
        )
        if not ready:
            return None
        count = min(len(ready), most or self.dice.randint(3, 20))
        return ["apply", "--via", "api", "--limit", str(count), "--yes", str(count)]

    def backup(self) -> list[str]:
        """A backup to a new file."""
        path = self._path("backup.db")
        self._backups.append(path)
        return ["backup", str(path), *(["--all"] if self.dice.random() < 0.3 else [])]

    def restore(self) -> list[str] | None:
        """Restore one of the backups; None where there is none."""
        kept = sorted(Path(f"{self.store}.backups").glob("*.db"))
        whole = [path for path in [*self._backups, *kept] if path.exists() and path.read_bytes()[:6] == b"SQLite"]
        if not whole:
            return None
        chosen = self.dice.choice(whole)
        self.restoring = oracle.facts(chosen, self.folder)
        return ["restore", str(chosen)]

    def decide(self) -> list[str]:
        """What a person decides."""
        rows = oracle.asked(self.store, self.folder, "SELECT id FROM match ORDER BY id")
        number = str(self.dice.choice(rows)) if rows else "1"
        return self.dice.choice((
            ["decide", "is:following -is:guarded", "out"],
            ["decide", "is:following", "out"],
            ["decide", self.someone(), self.dice.choice(("keep", "keep", "out", "later", "none"))],
            ["kind", f"handle:{self.someone()[1:]}", self.dice.choice(("customer", "bot", "auto"))],
            ["tag", "is:following", "--add", self.dice.choice(("seen", "old"))],
            ["matches", self.dice.choice(("confirm", "reject")), number],
            ["plan", "add", "unfollow", "is:following"],
            ["plan", "drop", "plan:unfollow followers:..500"],
        ))  # fmt: skip

    # --- mishaps --------------------------------------------------------------------------------

    def mishap(self) -> str:
        """Let something happen; returns what."""
        return self.dice.choice(_MISHAPS)(self)

    def cache_damaged(self) -> str:
        """Bytes of the derived files are gone or others."""
        way = self.dice.choice(("zeroed", "truncated", "scrambled", "emptied"))
        files = [path for path in Path(f"{self.store}.cache").glob("*") if path.is_file()]
        for path in files:
            body = bytearray(path.read_bytes())
            if way == "zeroed":
                body[200:] = bytes(len(body[200:]))
            elif way == "scrambled" and body:
                body[self.dice.randrange(len(body))] ^= 0xFF
            path.write_bytes(b"" if way == "emptied" else body[: len(body) // 2] if way == "truncated" else body)
        return f"cache {way}"

    def cache_of_another(self) -> str:
        """The derived files of another store lie there."""
        self._put_cache(self.base.foreign_cache)
        return "cache of another store"

    def cache_older(self) -> str:
        """The derived files of an earlier state are back; without any, the present ones are kept for later."""
        present = Path(f"{self.store}.cache")
        if self._caches and self.dice.random() < 0.6:
            self._put_cache(self.dice.choice(self._caches))
            return "cache older"
        if present.is_dir():
            kept = self._path("cache")
            shutil.copytree(present, kept)
            self._caches.append(kept)
        return "cache kept aside"

    def _put_cache(self, source: Path) -> None:
        target = Path(f"{self.store}.cache")
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target)

    def copied_back(self) -> str:
        """An earlier copy is put over the store with ``cp``; the newer cache stays. Without one, a copy is made."""
        if self._copies and self.dice.random() < 0.5:
            source = self.dice.choice(self._copies)
            for ending in ("-wal", "-shm", "-journal"):
                Path(f"{self.store}{ending}").unlink(missing_ok=True)
            shutil.copyfile(source, self.store)
            return "cp of an earlier store"
        target = self._path("copy.db")
        with oracle.copied(self.store, self.folder) as con:
            con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(self.folder / "looked-at.db", target)
        self._copies.append(target)
        return "copy made"

    def clock_jumps(self) -> str:
        """The clock is set, mostly on."""
        hours = self.dice.choice((1, 9, 30, 24 * 8, 24 * 40, -1, -26))
        self._move(timedelta(hours=hours))
        return f"clock jumps: {hours} h"

    def renamed(self) -> str:
        """Some accounts have other handles from now on, two of them each other's."""
        accounts = self.accounts()
        one, other, *more = self.dice.sample(accounts, 5)
        self._renamed |= {one[0]: other[1] or "nobody_had_it", other[0]: one[1] or "nobody_had_that"}
        self._renamed |= {x_id: f"renamed_{self.dice.randint(1, 10**6)}" for x_id, *_ in more}
        return "renamed: 5"

    def followed_by_hand(self) -> str:
        """A person follows accounts again that were unfollowed."""
        gone = sorted({one.x_id for one in self.x.asked() if one.has_changed} - self.x.following())
        chosen = self.dice.sample(gone, min(len(gone), 2))
        if chosen:
            self.x.follow_by_hand(chosen)
        return "followed by hand again"


_MISHAPS: tuple[Callable[[World], str], ...] = (
    World.cache_damaged, World.cache_damaged, World.cache_of_another, World.cache_older, World.cache_older,
    World.copied_back, World.copied_back, World.clock_jumps, World.renamed, World.followed_by_hand,
)  # fmt: skip


class Operation(NamedTuple):
    """A command that is struck.

    Attributes:
        name: what it is.
        prepare: its arguments in a world, None where it has nothing to do.
        weight: how often it happens beside the others.
        steps, writes, milliseconds: about how long it takes; a later moment hits nothing.
        decides: whether it changes what people said or planned.
        calls: whether it calls X.
        replaces: whether it replaces the store.
    """

    name: str
    prepare: Callable[[World], list[str] | None]
    weight: float
    steps: int
    writes: int
    milliseconds: int
    decides: bool = False
    calls: bool = False
    replaces: bool = False


OPERATIONS: tuple[Operation, ...] = (
    Operation("accounts", World.reading, 2, 400, 85, 250),
    Operation("strangers", World.strangers, 1, 420, 95, 300),
    Operation("list", World.customers, 2, 400, 85, 350),
    Operation("match", lambda world: ["match", *world.dice.choice(([], ["--full"]))], 1.5, 240, 45, 150),
    Operation("judge", lambda world: ["judge", "--full"], 1, 260, 55, 200),
    Operation("apply", World.apply, 5, 500, 100, 400, calls=True),
    Operation("undo", lambda world: ["undo", "--yes"], 2, 430, 100, 300, decides=True),
    Operation("redo", lambda world: ["redo", "--yes"], 0.7, 420, 100, 300, decides=True),
    Operation("decide", World.decide, 3, 60, 10, 50, decides=True),
    Operation("backup", World.backup, 1, 25, 3, 60),
    Operation("restore", World.restore, 1.5, 900, 45, 300, replaces=True),
)
