"""A small audience, a list or two, X as a recorder, and who is guarded: told from tables and files alone.

The oracle here shares no statement with the program: no derived array, no guard of ``domain``,
no watermark. What a list says, finished or half read, is taken from the list itself.
"""

from __future__ import annotations

import contextlib
import csv
import random
import shutil
import sqlite3
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from filling import DAY, NOW, add_accounts, new_store, relate

from followertui.domain.account import AccountRecord
from followertui.domain.clock import FixedClock, from_epoch
from followertui.domain.decision import ActionKind
from followertui.domain.errors import BadInput, NothingToDo
from followertui.domain.kind import GUARDED_KINDS
from followertui.domain.progress import NeverCancelled, drained
from followertui.services.care import restoring
from followertui.services.intake import importing, inspecting, reversing
from followertui.services.intake.sources import Source
from followertui.services.intake.values import ImportChoices
from followertui.services.plan import applying, by_hand, planning, worksheets
from followertui.services.review import kept_handles, releasing, undoing
from followertui.services.scoring import matching
from followertui.services.session import Session
from followertui.store.file.connection import Store
from followertui.store.index import guards
from followertui.x.protocol import Connections, Outcome, OutcomeType

COMPANIES = ("Globex", "Initech", "Umbrella", "Tyrell")
"""Companies that lists may name; each has an account of its name and site."""
PEOPLE = 5
"""Accounts that no list can mean."""
PAIRS = 2
"""People known twice, by an id without a handle and by a handle without an id, until a reading shows both."""
ROWS = tuple(range(1, len(COMPANIES) + PEOPLE + 2 * PAIRS + 1))


class Held(NamedTuple):
    """One guard the oracle sees: its name, and what it rests on."""

    guard: str
    basis: tuple[object, ...]


class Recorder:
    """X: does everything it is told, and lets the world look at every call."""

    def __init__(self, world: World) -> None:
        self._world = world

    def perform(self, action: ActionKind, target_id: int, object: str) -> Outcome:
        self._world.look(action, target_id, "sent")
        return Outcome(OutcomeType.DONE, "done", 200)

    def connections(self, ids: Sequence[int]) -> Connections:
        return Connections({x_id: frozenset({"following"}) for x_id in ids})


class World:
    """A store with everyone followed, and what a person or a mishap can do to it.

    Args:
        folder: an empty folder.

    Attributes:
        breaches: every unfollow that went to a guarded account: (how, x_id or handle, guards).
        sent: how many unfollows were sent or handed out.
        sheets: every line of a worksheet that was written.
        restored, united, answered: how often the store was replaced, two rows became one, a line was recorded.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "store.db"
        self.now = NOW
        self.breaches: list[tuple[str, int | str, list[str]]] = []
        self.sent = 0
        self.files = 0
        self.bases: dict[tuple[int, str, str], Held] = {}
        self.sheets: list[dict[str, str]] = []
        self.restored = self.united = self.answered = 0
        store = new_store(self.path)
        made = [
            {"x_id": 1_000 + n, "handle": name.lower(), "name": name, "url": f"https://{name.lower()}.com",
             "site": f"https://{name.lower()}.com", "domain": f"{name.lower()}.com"}
            for n, name in enumerate(COMPANIES)
        ]  # fmt: skip
        made += [{"x_id": 2_000 + n, "handle": f"zz{n}qq", "name": f"Zz{n} Qq"} for n in range(PEOPLE)]
        made += [{"x_id": 3_000 + n, "handle": None, "name": None} for n in range(PAIRS)]
        made += [{"x_id": None, "handle": f"pair{n}", "name": f"Pair{n} Rr"} for n in range(PAIRS)]
        relate(store, add_accounts(store, *made), "following")
        store.close()
        self.copy = self._copied(1)
        self.open()

    def open(self, reviewer: str = "me") -> None:
        client: Any = Recorder(self)
        self.session = Session(Store(self.path), FixedClock(from_epoch(self.now)), reviewer, lambda: client)

    def close(self) -> None:
        self.session.close()

    # --- the oracle ---------------------------------------------------------------------------

    def look(self, action: ActionKind, who: int | str, how: str) -> None:
        """Note what goes out, and whether anything held that account at this moment."""
        if action is not ActionKind.UNFOLLOW:
            return
        self.sent += 1
        guards = self.guards(who)
        if guards:
            self.breaches.append((how, who, guards))

    def guards(self, who: int | str) -> list[str]:
        """Names of the guards that hold an account now, by its id or its handle."""
        column = "x_id" if isinstance(who, int) else "handle"
        with contextlib.closing(sqlite3.connect(self.path)) as con:
            row = con.execute(f"SELECT row FROM account WHERE {column} = ?", [who]).fetchone()[0]
            lifted = con.execute("SELECT guard, evidence_hash FROM release WHERE row = ?", [row]).fetchall()
            kept = con.execute("SELECT 1 FROM decision WHERE row = ? AND decision = 'keep'", [row]).fetchone()
            held = self._held(con, row)
        standing = [self.bases.get((row, guard, basis)) for guard, basis in lifted]
        return ["kept"] * (kept is not None) + [found.guard for found in held if found not in standing]

    def _held(self, con: sqlite3.Connection, row: int) -> list[Held]:
        profile = con.execute("SELECT name, bio FROM account WHERE row = ?", [row]).fetchone()
        word = con.execute("SELECT kind, at FROM kind_word WHERE row = ?", [row]).fetchone()
        ties = con.execute(
            "SELECT m.entity_id, coalesce(w.state, '') FROM match m LEFT JOIN match_word w ON w.match_id = m.id "
            "WHERE m.row = ? ORDER BY 1, 2", [row]
        ).fetchall()  # fmt: skip
        on_list = dict(con.execute(
            "SELECT e.company, e.entity_id FROM entry e JOIN list l ON l.id = e.list_id "
            "WHERE e.left_at IS NULL AND l.dropped_at IS NULL"
        ).fetchall())  # fmt: skip
        found = []
        confirmed = tuple(entity for entity, state in ties if state == "confirmed" and entity in on_list.values())
        if word is not None:
            if word[0] in {kind.value for kind in GUARDED_KINDS}:
                found.append(Held(word[0], word))
        elif confirmed:
            found.append(Held("customer", (confirmed, *profile)))
        if profile[0] in COMPANIES:
            entity = on_list.get(profile[0])
            if profile[0] in self._half_read(con):
                found.append(Held("half read", ()))
            if entity is not None and (entity, "rejected") not in ties:
                found.append(Held("matched", (entity, dict(ties).get(entity), *profile)))
        talked = con.execute("SELECT max(at) FROM interaction WHERE row = ? AND kind = 'reply'", [row]).fetchone()[0]
        if talked is not None and talked >= self.now - 60 * DAY:
            found.append(Held("talked", (talked,)))
        return found

    def _half_read(self, con: sqlite3.Connection) -> set[str]:
        """Companies of lists whose import did not end."""
        paths = con.execute("SELECT path FROM import_run WHERE what = 'list' AND state = 'running'").fetchall()
        named: set[str] = set()
        for (path,) in paths:
            with open(path, encoding="utf-8", newline="") as file:
                named |= {line["Company name"] for line in csv.DictReader(file)}
        return named

    # --- what a person does -------------------------------------------------------------------

    def release(self, row: int) -> None:
        """Release an account; what the oracle sees now is what the release rests on."""
        with contextlib.suppress(BadInput):
            releasing.release(self.session, [row])
            with contextlib.closing(sqlite3.connect(self.path)) as con:
                held = {found.guard: found for found in self._held(con, row)}
                for guard, basis in con.execute("SELECT guard, evidence_hash FROM release WHERE row = ?", [row]):
                    if guard in held:
                        self.bases.setdefault((row, guard, basis), held[guard])

    def bring_list(self, name: str, companies: Sequence[str], steps: int | None) -> None:
        """Import a list of the next day; after some steps the process ends, None lets it finish."""
        self.now += DAY
        self.close()
        self.open()
        self.files += 1
        path = self.folder / f"list{self.files}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["Company name", "Company Domain Name"],
                                        *([one, f"{one.lower()}.com"] for one in companies)])  # fmt: skip
        as_of = f"{from_epoch(self.now):%Y-%m-%d}"
        choices = ImportChoices(what="list", kind="customer", basis="own-records", name=name, as_of=as_of)
        session = self.session
        plan = inspecting.plan_import(session.store, str(path), choices)
        with contextlib.suppress(BadInput):
            self._some(
                importing.import_file(session.store, session.journal, session.clock, plan, NeverCancelled()), steps
            )

    def match(self, steps: int | None) -> None:
        self._some(matching.match(self.session, NeverCancelled()), steps)

    def _some(self, job: Generator[Any, None, Any], steps: int | None) -> None:
        """Run a job to its end, or so far and no further: then the process is gone."""
        if steps is None:
            drained(job)
            return
        for _ in range(steps):
            if next(job, None) is None:
                return
        job.close()
        self.close()
        self.open()

    def read_profile(self, row: int, **fields: Any) -> None:
        """A newer reading shows other texts of one account."""
        session = self.session
        x_id, handle, name, url = session.store.con.execute(
            "SELECT x_id, handle, name, url FROM account WHERE row = ?", [row]
        ).fetchone()
        record = AccountRecord(**{"x_id": x_id, "handle": handle, "name": name, "url": url, **fields})
        source = Source("sync", "X", 3, self.now)
        drained(importing.import_records(
            session.store, session.journal, session.clock, source, [[record]], "", NeverCancelled()
        ))  # fmt: skip

    def show_pair(self, number: int) -> None:
        """A newer reading shows which id has a handle: two rows become one, and what held either holds it."""
        self.now += DAY
        self.close()
        self.open()
        x_id, handle = 3_000 + number, f"pair{number}"
        count = "SELECT count(*) FROM account WHERE merged_into IS NULL"
        with contextlib.closing(sqlite3.connect(self.path)) as con:
            [rows] = con.execute(count).fetchone()
            bare = con.execute("SELECT 1 FROM account WHERE x_id IS NULL AND handle = ?", [handle]).fetchone()
        before = {*self.guards(x_id), *(self.guards(handle) if bare else ())}
        session = self.session
        record = AccountRecord(x_id=x_id, handle=handle, name=f"Pair{number} Rr")
        source = Source("sync", "X", 3, self.now)
        drained(importing.import_records(
            session.store, session.journal, session.clock, source, [[record]], "", NeverCancelled()
        ))  # fmt: skip
        # Where the dates do not prove that they are one, a keep is given on before the plan is looked at.
        kept_handles.follow(session)
        lost = before - {*self.guards(x_id)} - {"talked"}
        if lost:
            self.breaches.append(("lost when two became one", x_id, sorted(lost)))
        with contextlib.closing(sqlite3.connect(self.path)) as con:
            self.united += con.execute(count).fetchone()[0] < rows

    def talk(self, row: int) -> None:
        with self.session.store.write() as con:
            con.execute("INSERT OR IGNORE INTO interaction VALUES (?, ?, 'reply', '', 'made', NULL)", [row, self.now])
            self.session.store.bump("relation", [row])

    def follow_again(self) -> None:
        """By hand, on X: everyone we unfollowed is followed once more, long ago enough not to count as fresh."""
        with self.session.store.write() as con:
            rows = [line[0] for line in con.execute("DELETE FROM own_relation RETURNING row")]
            self.session.store.bump("relation", rows)

    def step_back(self, is_redo: bool) -> None:
        """Undo or redo, an import included."""
        session = self.session
        done = undoing.redo(session, force=True) if is_redo else undoing.undo(session, force=True)
        if done.is_long:
            with contextlib.suppress(BadInput, NothingToDo):
                drained(undoing.reverse_import(session, is_redo, NeverCancelled()))

    def discard_unfinished(self) -> None:
        store = self.session.store
        for (number,) in store.con.execute("SELECT id FROM import_run WHERE state = 'running'").fetchall():
            drained(reversing.discard_import(store, number))

    @contextlib.contextmanager
    def blind(self) -> Iterator[None]:
        """Derived arrays that know of no guard: only the last look stands between the plan and X."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(guards, "guard_codes", lambda columns, *rest, **more: np.zeros(columns.size(), np.uint8))
            yield

    # --- carrying out -------------------------------------------------------------------------

    def apply(self) -> None:
        with contextlib.suppress(NothingToDo, BadInput):
            ready = len(planning.ready(self.session))
            drained(applying.apply(self.session, NeverCancelled(), ready))

    def click(self) -> None:
        """Take the next link by hand; clicking it is doing it."""
        task = by_hand.next_manual(self.session)
        if task is not None:
            self.look(task.action, task.cells.x_id or task.cells.handle, "handed out")

    def worksheet(self) -> None:
        for line in worksheets.lines(self.session):
            if line["action"] == "unfollow":
                asked = "SELECT a.x_id, a.handle FROM plan_item p JOIN account a USING (row) WHERE p.id = ?"
                with contextlib.closing(sqlite3.connect(self.path)) as con:
                    x_id, handle = con.execute(asked, [int(line["code"][1:])]).fetchone()
                self.look(ActionKind.UNFOLLOW, x_id or handle, "written into a worksheet")
                self.sheets.append(line)

    def answer_worksheet(self, dice: random.Random) -> None:
        """Read a sheet back: lines that were written once, and some for whom nobody was given a link."""
        lines = [{**line, "done": dice.choice(("done", "done", "later", "missing", ""))} for line in self.sheets[-6:]]
        asked = "SELECT p.id, coalesce(a.x_id, ''), coalesce(a.handle, '') FROM plan_item p JOIN account a USING (row)"
        with contextlib.closing(sqlite3.connect(self.path)) as con:
            found = con.execute(f"{asked} WHERE p.action = 'unfollow' AND p.state IN ('planned', 'held')").fetchall()
            given = {line[0] for line in con.execute("SELECT item_id FROM handed_out")}
        forged = [one for one in found if one[0] not in given]
        lines += [
            {"code": f"p{number}", "id": str(x_id), "handle": handle, "done": "done"} for number, x_id, handle in forged
        ]
        guarded = {one: self.guards(one[1] or one[2]) for one in forged}
        path = self.folder / "answers.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, ["code", "id", "link", "handle", "done"], extrasaction="ignore")
            writer.writeheader()
            writer.writerows(lines)
        report = worksheets.read_answers(self.session, path)
        self.answered += report.done + report.later + report.missing
        with contextlib.closing(sqlite3.connect(self.path)) as con:
            done = {line[0] for line in con.execute("SELECT id FROM plan_item WHERE state = 'done-by-hand'")}
        self.breaches += [
            ("recorded, though no link was given", one[1] or one[2], held)
            for one, held in guarded.items()
            if held and one[0] in done
        ]

    # --- mishaps ------------------------------------------------------------------------------

    def _copied(self, number: int) -> Path:
        target = self.folder / f"copy{number}.db"
        with (
            contextlib.closing(sqlite3.connect(self.path)) as con,
            contextlib.closing(sqlite3.connect(target)) as copy,
        ):
            con.backup(copy)
        return target

    def back_up(self) -> None:
        self.copy.unlink(missing_ok=True)
        self.copy = self._copied(self.files + 2)

    def copy_back(self) -> None:
        """An older copy is put over the store with ``cp``; the cache beside it stays."""
        self._warm()
        self.close()
        for ending in ("-wal", "-shm"):
            self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
        shutil.copyfile(self.copy, self.path)
        self.open()

    def restore(self) -> None:
        """A backup is restored; the derived files of the store it replaces are warm, and its log is there."""
        self._warm()
        if self.files % 2:
            self.close()
        else:  # as a process leaves it that was killed
            self._kill()
        self.now += 1
        restoring.restore(self.copy, self.path, self.now)
        self.restored += 1
        self.open()

    def _kill(self) -> None:
        """Close the store as the end of its process does: its log stays beside it."""
        logs = [(path, path.read_bytes()) for path in self.folder.glob("store.db-wal")]
        self.close()
        for path, content in logs:
            path.write_bytes(content)

    def _warm(self) -> None:
        columns = self.session.evaluator.columns
        for group in ("decision", "match", "relation", "profile", "score"):
            columns.group(group)
        columns.save()

    def zero_cache(self) -> None:
        """The bodies of the cache files are zeroed; their headers still look right."""
        self._warm()
        self.close()
        for file in self.path.with_name(self.path.name + ".cache").glob("*.bin"):
            body = file.read_bytes()
            start = body.index(b"\n") + 1  # then come the length of the header and a checksum
            head = start + 8 + int.from_bytes(body[start : start + 4], "little")
            file.write_bytes(body[:head] + bytes(len(body) - head))
        self.open()
