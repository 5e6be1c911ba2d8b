"""A long plan at a real server under scripted faults and kill -9: each account changes once, nobody else does."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import sqlite3
import sys
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "store"))
import driver
from filling import add_accounts, new_store, relate

from followertui.domain.clock import FileClock
from followertui.domain.decision import ActionKind, Decision
from followertui.services.plan import paces
from followertui.services.review import deciding
from followertui.services.session import Session
from followertui.store.file.connection import Store
from followertui.x.platform import Access
from followertui.x.sandbox.answering import Answer
from followertui.x.sandbox.faults import Fault
from followertui.x.sandbox.made import FIRST_ID, OWN_ID, MadeAccounts
from followertui.x.sandbox.server import Server
from followertui.x.sandbox.state import SandboxState
from followertui.x.sandbox.transport import Sandbox

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["driver", "pytest", "tweepy", "numpy"])


class Recording(Sandbox):
    """A server that remembers every unfollow it was asked for, and whether it changed anything.

    Attributes:
        asked: (target, whether it was followed before, whether after).
    """

    def __init__(self, state: SandboxState, clock: FileClock) -> None:
        super().__init__(state, clock)
        self.asked: list[tuple[int, bool, bool]] = []

    def ask(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer, and remember an unfollow even where the answer is lost."""
        x_id = int(target.rpartition("/")[2]) if method == "DELETE" and "/following/" in target else 0
        before = x_id in self.state.following
        try:
            return super().ask(method, target, headers, body)
        finally:
            if x_id:
                self.asked.append((x_id, before, x_id in self.state.following))


@dataclass
class Scene:
    """A store with a plan and the server it is carried out at.

    Attributes:
        store, clock: files.
        sandbox: the server's truth.
        targets: ids to unfollow.
        others: ids that stay followed.
        kills: how many runs were killed.
        signs: what the runs told, by how often.
    """

    store: Path
    clock: FileClock
    sandbox: Recording
    targets: list[int]
    others: list[int]
    kills: int = 0
    signs: Counter[str] = field(default_factory=Counter)


def scene(folder: Path, accounts: int, dice: random.Random, access: Access = Access.ENTERPRISE) -> Scene:
    """A plan of so many unfollows, some of suspended accounts, and three additions to a list nobody knows."""
    clock = FileClock(folder / "clock")
    clock.path.write_text("2026-11-23T09:00:00+00:00")
    ids = [FIRST_ID + n for n in range(accounts + accounts // 10)]
    targets, others = ids[:accounts], ids[accounts:]
    state = SandboxState(OWN_ID, profiles=MadeAccounts(len(ids)).profile, following=dict.fromkeys(ids), access=access)
    state.suspended = set(dice.sample(targets, accounts // 50))
    store = new_store(folder / "store.db")
    session = Session(store, clock)
    rows = add_accounts(store, *({"x_id": x_id, "handle": f"made_{x_id - FIRST_ID}"} for x_id in ids))
    relate(store, rows, "following")
    paces.change(session, paces.Wanted(caps=("unfollow=500/50",)))
    deciding.decide(session, rows[:accounts], Decision.OUT)
    deciding.plan_add(session, ActionKind.LIST_ADD, rows[-3:], "4711")
    session.close()
    return Scene(folder / "store.db", clock, Recording(state, clock), targets, others)


def faults(dice: random.Random, accounts: int) -> list[Fault]:
    """What goes wrong now and then, each kind a few times in the whole story."""
    path = "*/following/*"

    def some(share: float) -> tuple[int, ...]:
        return tuple(sorted(dice.sample(range(3, accounts), max(1, round(accounts * share)))))

    return [
        Fault(do="lost", path=path, method="DELETE", calls=some(0.01)),
        Fault(do="reset", path=path, method="DELETE", calls=some(0.005)),
        Fault(do="status", path=path, method="DELETE", status=503, calls=some(0.01)),
        Fault(do="html", path=path, method="DELETE", calls=some(0.003)),
        Fault(do="no-headers", path=path, method="DELETE", calls=some(0.002)),
        Fault(do="cut", path=path, method="DELETE", calls=some(0.003)),
        Fault(do="empty", path=path, method="DELETE", calls=some(0.003)),
    ]


def run(found: Scene, environ: dict[str, str], kill_after: int | None) -> str:
    """One process that carries out; killed after so many signs of life, None for never. Its last word."""
    signs, theirs = FORKS.Pipe(duplex=False)
    child = FORKS.Process(target=driver.carry_out, args=(theirs, found.store, environ))
    child.start()
    theirs.close()
    last, count = "", 0
    with suppress(EOFError), signs:
        while True:
            last = signs.recv()
            found.signs[last.split()[0]] += 1
            count += 1
            if count == kill_after and child.pid is not None:
                os.kill(child.pid, signal.SIGKILL)
    child.join()
    return last


def story(folder: Path, accounts: int, kills: int, seed: int) -> Scene:
    """Carry the plan out until nothing is left, killed again and again, while the clock jumps."""
    dice = random.Random(seed)
    found = scene(folder, accounts, dice)
    found.sandbox.state.faults = faults(dice, accounts)
    reach = max(2, 2 * accounts // max(1, kills))
    with Server(found.sandbox, 0) as server:
        environ = found.sandbox.state.keys.environ(OWN_ID, server.address)
        for _ in range(kills * 20):
            left = found.kills < kills
            last = run(found, environ, dice.randint(1, reach) if left else None)
            if last == "END 0":
                break
            found.kills += not last.startswith("END")
            found.clock.advance(timedelta(minutes=dice.choice((0, 1, 20, 60 * 24))))
        else:
            pytest.fail("the plan never ended")
    return found


def check(found: Scene) -> None:
    """Each target changed once, nobody else; what the store says is what the server knows."""
    state = found.sandbox.state
    changed = Counter(x_id for x_id, before, after in found.sandbox.asked if before != after)
    gone = set(found.targets) & state.suspended
    assert set(changed.values()) == {1}
    assert set(changed) <= set(found.targets)
    assert set(found.targets) - set(changed) <= gone
    assert set(found.others) <= set(state.following)
    done: set[int] = set()
    for x_id, before, after in found.sandbox.asked:
        assert x_id not in done, "asked again although the first call had done it"
        if before and not after:
            done.add(x_id)
    with sqlite3.connect(found.store) as con:
        items = dict(con.execute("SELECT action || ' ' || state, count(*) FROM plan_item GROUP BY 1").fetchall())
        missing = items.pop("unfollow missing", 0)
        assert items == {"unfollow done": len(found.targets) - missing, "list-add failed": 3}
        assert missing <= len(gone)
        assert con.execute("SELECT count(*) FROM call WHERE state = 'ATTEMPTING'").fetchone() == (0,)
        calls = con.execute(
            "SELECT a.x_id, count(*) FROM call c JOIN account a USING (row) WHERE c.action = 'unfollow' GROUP BY 1"
        ).fetchall()
        asked = Counter(x_id for x_id, *_ in found.sandbox.asked)
        assert all(count >= asked[x_id] for x_id, count in calls), "a call the journal does not know of"
        assert set(asked) <= {x_id for x_id, _ in calls}
    store = Store(found.store)
    assert store.con.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert store.con.execute("PRAGMA foreign_key_check").fetchall() == []
    store.close()


def test_a_plan_under_faults_and_kills_changes_each_account_once(tmp_path: Path) -> None:
    found = story(tmp_path, accounts=60, kills=4, seed=11)
    assert found.kills >= 3
    check(found)


@pytest.mark.slow
def test_five_thousand_unfollows_and_a_hundred_kills(tmp_path: Path) -> None:
    found = story(tmp_path, accounts=5_000, kills=100, seed=2026)
    check(found)
    print(json.dumps({"kills": found.kills, "signs": found.signs, "deletes": len(found.sandbox.asked)}))
    assert found.kills >= 80
