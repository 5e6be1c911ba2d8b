"""No history sends anything in quiet hours, beyond a cap, against a house check or as churn, told by tables alone."""

from __future__ import annotations

import contextlib
import json
import random
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "store"))
sys.path.insert(0, str(Path(__file__).parent))

from filling import DAY
from guarded_world import ROWS, World
from test_guarded_never_sent import KINDS, STEPS, some_rows

from followertui.domain.clock import FixedClock, from_epoch
from followertui.domain.decision import PRUNING_ACTIONS, ActionKind, Decision
from followertui.domain.errors import BadInput, NothingToDo
from followertui.services.plan import by_hand, paces, planning, reversing
from followertui.services.plan.values import HandAnswer
from followertui.services.review import deciding, house_checks

PRUNING = tuple(action.value for action in sorted(PRUNING_ACTIONS))
CHURN = 30 * DAY


class PacedWorld(World):
    """The same world with a pace, house checks and ways back; all of it is told from the tables and the clock.

    Attributes:
        reversed: (action, x_id or handle) of what went out as part of a reversal.
        refused: how often something was stopped by pace, checks or churn.
    """

    def __init__(self, folder: Path) -> None:
        self.reversed: list[tuple[str, int | str]] = []
        self.refused = 0
        super().__init__(folder)

    def pass_hours(self, hours: float) -> None:
        """Time passes; the store stays open."""
        self.now += int(hours * 3600)
        self.session.clock = FixedClock(from_epoch(self.now))

    def click(self) -> None:
        """Take the next link by hand, unless a house check fails."""
        with contextlib.suppress(BadInput):
            super().click()

    def worksheet(self) -> None:
        """Write a sheet, unless a house check fails."""
        with contextlib.suppress(BadInput):
            super().worksheet()

    def look(self, action: ActionKind, who: int | str, how: str) -> None:
        """Ask of the tables whether this may go out at this moment."""
        super().look(action, who, how)
        with contextlib.closing(sqlite3.connect(self.path)) as con:
            found = self._paced(con, action, how) + self._checked(con) + self._churned(con, action, who)
        if found:
            self.breaches.append((how, who, found))

    def _setting(self, con: sqlite3.Connection, name: str) -> object:
        line = con.execute("SELECT value FROM setting WHERE name = ?", [name]).fetchone()
        return None if line is None else json.loads(line[0])

    def _paced(self, con: sqlite3.Connection, action: ActionKind, how: str) -> list[str]:
        found = []
        quiet = self._setting(con, "quiet_hours")
        if isinstance(quiet, str) and how != "written into a worksheet":
            start, end = (int(part[:2]) for part in quiet.split("-"))
            hour = from_epoch(self.now).hour
            if (start <= hour < end) if start < end else (hour >= start or hour < end):
                found.append("quiet hours")
        caps = self._setting(con, "caps")
        if isinstance(caps, dict) and action.value in caps and how != "written into a worksheet":
            done = "SELECT count(*) FROM call WHERE action = ? AND at > ? AND state IN ('done', 'ATTEMPTING')"
            midnight = self.now - self.now % DAY
            # A call is written down before it is made; a click only once it is answered.
            own = how == "sent"
            for most, since in zip(caps[action.value], (midnight - 1, self.now - 900), strict=True):
                if most and con.execute(done, [action.value, since]).fetchone()[0] - own >= most:
                    found.append(f"beyond {most} since {since}")
        return found

    def _checked(self, con: sqlite3.Connection) -> list[str]:
        found = []
        lines = self._setting(con, "house_checks")
        for line in lines if isinstance(lines, list) else ():
            handle = line["line"].rpartition("@")[2]
            asked = "SELECT row FROM account WHERE merged_into IS NULL AND (x_id = ? OR handle = ?)"
            for (row,) in con.execute(asked, [line["x_id"], "" if line["x_id"] else handle]).fetchall():
                out = con.execute("SELECT 1 FROM decision WHERE row = ? AND decision = 'out'", [row]).fetchone()
                marks = ",".join("?" * len(PRUNING))
                open_ = con.execute(
                    "SELECT 1 FROM plan_item WHERE row = ? AND state IN ('planned', 'attempting', 'later') "
                    f"AND action IN ({marks})",
                    [row, *PRUNING],
                ).fetchone()
                if out or open_:
                    found.append(line["line"])
        return found

    def _churned(self, con: sqlite3.Connection, action: ActionKind, who: int | str) -> list[str]:
        if action is not ActionKind.FOLLOW:
            return []
        column = "x_id" if isinstance(who, int) else "handle"
        row = con.execute(f"SELECT row FROM account WHERE {column} = ?", [who]).fetchone()[0]
        back = con.execute(
            "SELECT i.reverses, b.at FROM plan_item i JOIN batch b ON b.id = i.reverses WHERE i.row = ? "
            "AND i.action = 'follow' AND i.state IN ('planned', 'attempting') ",
            [row],
        ).fetchone()
        unfollowed = con.execute(
            "SELECT at FROM own_relation WHERE row = ? AND direction = 'following' AND NOT is_on", [row]
        ).fetchone()
        if back is not None:
            self.reversed.append((action.value, who))
            since = self.now - self.now % DAY
            count = con.execute(
                "SELECT count(*) FROM call c JOIN plan_item p ON p.id = c.item_id WHERE c.action = 'follow' "
                "AND c.at >= ? AND c.state IN ('done', 'ATTEMPTING') AND p.reverses IS NOT NULL",
                [since],
            ).fetchone()[0]
            return ["more than 25 taken back on a day"] if count > 25 else []
        released = con.execute("SELECT 1 FROM release WHERE row = ? AND guard = 'unfollowed'", [row]).fetchone()
        if unfollowed and unfollowed[0] >= self.now - CHURN and not released:
            return ["followed after an unfollow"]
        return []

    # --- what a person does -------------------------------------------------------------------

    def pace(self, dice: random.Random) -> None:
        start = dice.randrange(24)
        quiet = dice.choice(("off", f"{start:02}:00-{(start + dice.randint(1, 12)) % 24:02}:00"))
        day = dice.randint(1, 8)
        caps = dice.choice((("unfollow=default",), (f"unfollow={day}/{dice.randint(1, day)}", f"follow={day}")))
        paces.change(self.session, paces.Wanted(quiet, caps))

    def check(self, dice: random.Random) -> None:
        with contextlib.suppress(BadInput, NothingToDo):
            if dice.random() < 0.5:
                house_checks.add(self.session, [f"must_keep @zz{dice.randrange(4)}qq"])
            elif lines := house_checks.checks(self.session):
                house_checks.drop(self.session, str(dice.choice(lines)))

    def take_back(self, dice: random.Random) -> None:
        found = reversing.latest(self.session)
        with contextlib.suppress(BadInput, NothingToDo):
            if found:
                reversing.reverse(self.session, dice.choice(found).id)

    def carry_out_anything(self, dice: random.Random) -> None:
        """By the API, click by click, or as a sheet; after a look at the plan, as a person has to."""
        planning.overview(self.session)
        before = self.sent
        with contextlib.suppress(BadInput):
            if dice.random() < 0.5:
                self.apply()
            elif dice.random() < 0.3:
                self.worksheet()
            else:
                for _ in range(dice.randint(1, 6)):
                    task = by_hand.next_manual(self.session)
                    if task is None:
                        break
                    self.look(task.action, task.cells.x_id or task.cells.handle, "handed out")
                    by_hand.record_manual(self.session, task.item_id, HandAnswer.DONE)
        self.refused += self.sent == before


Step = Callable[[PacedWorld, random.Random], object]
PACED: dict[Step, int] = {
    lambda world, dice: deciding.decide(world.session, ROWS, Decision.OUT): 4,
    lambda world, dice: deciding.decide(world.session, some_rows(dice), Decision.FOLLOW): 3,
    lambda world, dice: deciding.decide(world.session, some_rows(dice), None): 1,
    lambda world, dice: deciding.say_kind(world.session, some_rows(dice), dice.choice(KINDS)): 1,
    lambda world, dice: world.pace(dice): 3,
    lambda world, dice: world.check(dice): 2,
    lambda world, dice: world.take_back(dice): 3,
    lambda world, dice: world.carry_out_anything(dice): 9,
    lambda world, dice: world.pass_hours(dice.choice((0.1, 0.3, 3, 9, 24, 24 * 9, 24 * 20))): 5,
    lambda world, dice: world.answer_worksheet(dice): 1,
    lambda world, dice: world.read_profile(dice.choice(ROWS), bio=dice.choice(("We make things.", "Fishing"))): 1,
    lambda world, dice: world.step_back(dice.random() < 0.4): 2,
    lambda world, dice: world.follow_again(): 1,
}
"""What may happen beside a pace, and how often."""


def history(seed: int, length: int) -> PacedWorld:
    """Let a world go through a random history of both kinds of steps."""
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        world = PacedWorld(Path(folder))
        world.match(None)
        both = {**PACED, **dict.fromkeys(STEPS, 0.15)}
        for step in dice.choices(tuple(both), tuple(both.values()), k=length):
            step(world, dice)
            if world.breaches:
                break
        world.close()
    return world


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_nothing_goes_out_against_pace_checks_or_churn(seed: int) -> None:
    assert history(seed, 40).breaches == []


@pytest.mark.slow
def test_nothing_goes_out_against_pace_checks_or_churn_in_long_histories() -> None:
    worlds = [history(seed, 120) for seed in range(200)]
    assert [(seed, world.breaches) for seed, world in enumerate(worlds) if world.breaches] == []
    assert sum(world.sent for world in worlds) > 500
    assert sum(len(world.reversed) for world in worlds) > 50
    assert sum(world.refused for world in worlds) > 200


def test_the_oracle_sees_each_kind_of_breach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the pace, the checks and the guard taken away the oracle names what went out wrongly."""
    world = PacedWorld(tmp_path)
    deciding.decide(world.session, ROWS, Decision.OUT)
    hour = from_epoch(world.now).hour
    paces.change(world.session, paces.Wanted(f"{hour:02}:00-{(hour + 2) % 24:02}:00", ("unfollow=2/1",)))
    house_checks.add(world.session, ["must_keep @zz0qq"])
    monkeypatch.setattr("followertui.services.plan.pacing.stop", lambda *rest, **more: None)
    monkeypatch.setattr(house_checks, "require", lambda session: None)
    world.apply()
    assert {name.split(" since")[0] for _, _, names in world.breaches for name in names} >= {
        "quiet hours", "beyond 2", "beyond 1", "must_keep @zz0qq",
    }  # fmt: skip
    world.close()


def test_the_world_does_what_is_asked_where_nothing_holds(tmp_path: Path) -> None:
    world = PacedWorld(tmp_path)
    deciding.decide(world.session, ROWS[:6], Decision.OUT)
    world.apply()
    assert (world.sent, world.breaches) == (6, [])
    reversing.reverse(world.session, reversing.latest(world.session)[0].id)
    planning.overview(world.session)
    assert world.session.zone.utcoffset(None) == timedelta(0)
    for _ in range(6):
        task = by_hand.next_manual(world.session, ActionKind.FOLLOW)
        assert task is not None
        world.look(task.action, task.cells.x_id or task.cells.handle, "handed out")
        by_hand.record_manual(world.session, task.item_id, HandAnswer.DONE)
    assert (len(world.reversed), world.breaches) == (6, [])
    world.close()
