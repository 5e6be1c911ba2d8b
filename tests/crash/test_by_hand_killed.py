"""The same long plan for an account X refuses: one refusal, then every click by hand once, killed in between."""

from __future__ import annotations

import csv
import json
import os
import random
import signal
import sqlite3
import sys
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import driver
from test_apply_killed import FORKS, Scene, scene

from followertui.domain.progress import drained
from followertui.services.intake.values import ImportChoices
from followertui.x.platform import Access
from followertui.x.sandbox.made import FIRST_ID, OWN_ID
from followertui.x.sandbox.server import Server

DAY, WINDOW = 86_400, 900
MOST_A_DAY, MOST_A_WINDOW = 500, 50
"""Caps of the scene."""


class Person:
    """Who clicks on X's own pages: where a page says that we follow, and nowhere else.

    Attributes:
        clicked: account -> how often it was unfollowed.
    """

    def __init__(self, found: Scene) -> None:
        self._state = found.sandbox.state
        self.clicked: Counter[int] = Counter()

    def answer(self, x_id: int) -> str:
        """Do what the page asks for and say what came of it."""
        if x_id in self._state.suspended:
            return "missing"
        if x_id in self._state.following:
            del self._state.following[x_id]
            self.clicked[x_id] += 1
        return "done"


def walk(found: Scene, person: Person, environ: dict[str, str], kill_after: int | None) -> str:
    """One process by hand; killed after so many signs of life, None for never. Its last word."""
    signs, theirs = FORKS.Pipe(duplex=True)
    child = FORKS.Process(target=driver.click_through, args=(theirs, found.store, environ))
    child.start()
    theirs.close()
    last, count = "", 0
    with suppress(EOFError, BrokenPipeError, ConnectionResetError), signs:
        while True:
            last = signs.recv()
            word, _, what = last.partition(" ")
            found.signs[word] += 1
            count += 1
            answer = person.answer(int(what)) if word == "page" else ""
            # Killed while its page is open: the person has clicked, nothing is written down yet.
            if count == kill_after and child.pid is not None:
                os.kill(child.pid, signal.SIGKILL)
            if answer:
                signs.send(answer)
    child.join()
    return last


def story(folder: Path, accounts: int, kills: int, seed: int) -> tuple[Scene, Person]:
    """Go through the plan until nothing is left, killed again and again, while the clock jumps."""
    dice = random.Random(seed)
    found = scene(folder, accounts, dice, Access.PAY_PER_USE)
    person = Person(found)
    reach = max(2, 2 * accounts // max(1, kills))
    with Server(found.sandbox, 0) as server:
        environ = found.sandbox.state.keys.environ(OWN_ID, server.address)
        for _ in range(accounts + kills * 20):
            last = walk(found, person, environ, dice.randint(1, reach) if found.kills < kills else None)
            if last == "END 0":
                break
            found.kills += not last.startswith("END")
            found.clock.advance(timedelta(minutes=dice.choice((0, 1, 16, 60 * 24))))
        else:
            pytest.fail("the plan never ended")
        found.clock.advance(timedelta(minutes=1))
        read_again(found, environ)
    return found, person


def read_again(found: Scene, environ: dict[str, str]) -> None:
    """Bring in whom X says we follow now."""
    path = found.store.with_name("following.csv")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "screen_name"])
        state = found.sandbox.state
        writer.writerows([x_id, f"made_{x_id - FIRST_ID}"] for x_id in state.following if x_id not in state.suspended)
    bench = driver.bench_at(found.store, environ)
    as_of = f"{found.clock.now():%Y-%m-%dT%H:%M:%SZ}"
    choices = ImportChoices(what="accounts", relation="following", as_of=as_of, completeness="complete")
    drained(bench.import_file(str(path), choices))
    drained(bench.catch_up())
    bench.close()


def check(found: Scene, person: Person) -> None:
    """X refused once; every target was clicked once and is confirmed, nobody else was touched, the caps held."""
    state = found.sandbox.state
    gone = set(found.targets) & state.suspended
    assert len(found.sandbox.asked) == 1, "one refusal, and no call after it"
    assert found.signs["switched-to-hand"] == 1
    assert person.clicked == Counter(set(found.targets) - gone)
    assert set(found.others) <= set(state.following)
    with sqlite3.connect(found.store) as con:
        items = dict(con.execute("SELECT action || ' ' || state, count(*) FROM plan_item GROUP BY 1").fetchall())
        assert items == {
            "unfollow done": len(found.targets) - len(gone), "unfollow missing": len(gone), "list-add failed": 3
        }  # fmt: skip
        clicks = con.execute("SELECT row, count(*) FROM call WHERE executor = 'hand' GROUP BY row").fetchall()
        assert {count for _, count in clicks} == {1}
        assert len(clicks) == len(found.targets)
        moments = [at for (at,) in con.execute("SELECT at FROM call WHERE executor = 'hand' AND state = 'done'")]
        assert con.execute("SELECT count(*) FROM call WHERE state = 'ATTEMPTING'").fetchone() == (0,)
        assert con.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert con.execute("PRAGMA foreign_key_check").fetchall() == []
    assert max(Counter(at // DAY for at in moments).values()) <= MOST_A_DAY
    for first in set(moments):
        assert sum(first <= at < first + WINDOW for at in moments) <= MOST_A_WINDOW


def test_a_plan_x_refuses_goes_by_hand_and_each_account_changes_once(tmp_path: Path) -> None:
    found, person = story(tmp_path, accounts=60, kills=4, seed=12)
    assert found.kills >= 3
    check(found, person)


@pytest.mark.slow
def test_five_thousand_clicks_and_a_hundred_kills(tmp_path: Path) -> None:
    found, person = story(tmp_path, accounts=5_000, kills=100, seed=2026)
    check(found, person)
    print(json.dumps({"kills": found.kills, "signs": found.signs, "clicks": person.clicked.total()}))
    assert found.kills >= 80
