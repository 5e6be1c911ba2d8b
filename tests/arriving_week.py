"""Forty new followers of six kinds who arrive over a week in a sandbox X, and what shipped playbooks promise them."""

from __future__ import annotations

import csv
import json
import random
import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from followertui.domain.clock import epoch
from followertui.engage import playbook
from followertui.x.platform import Access
from followertui.x.sandbox.state import SandboxState

BEGIN = datetime(2026, 11, 16, 9, tzinfo=UTC)
"""Monday morning of the week."""
DAYS = 7
OWN_ID = 900_000_000_001
FIRST_ID = 2_000_000_000
ARRIVING = {"customer": 8, "prospect": 12, "partner": 4, "influencer": 4, "press": 4, "employee": 8}
PROMISED: dict[str, tuple[tuple[str, int], ...]] = {
    "customer": (("follow", 0), ("reply", 1)),
    "prospect": (("follow", 0), ("reply", 2)),
    "partner": (("follow", 0), ("repost", 2)),
    "influencer": (("follow", 0), ("list", 0), ("reply", 3)),
    "press": (("follow", 0), ("assign", 0), ("reply", 7)),
    "employee": (("follow", 0), ("repost", 7)),
}
"""What each kind gets within the first week, and how many days after the step before."""
A_DAY = {kind: playbook.parse(kind, playbook.shipped_text(kind)).a_day for kind in ARRIVING}
TIMELINE = {"reply": "reply", "repost": "repost"}
"""Steps that leave a line on the timeline."""
_FIRST = (
    "Ada Bo Cleo Dana Elif Femi Grace Hana Ivo Jia Kofi Lena Mato Nadia Omar Priya Quinn Rosa Sven Tomas "
    "Uma Vera Wim Xenia Yara Zeno Anouk Bela Carla Dario Edda Finn Greta Hugo Ines Joost Kaja Lars Mina Nils"
)
_POST_EPOCH_MS = 1288834974657
_LONG_THERE, _NOISE_A_DAY = 30, 3


class Person(NamedTuple):
    """One who arrives: id, handle, kind, on which day of the week, from 0."""

    x_id: int
    handle: str
    kind: str
    day: int


def _profile(x_id: int, handle: str, name: str) -> dict[str, Any]:
    posted_ms = int((BEGIN - timedelta(days=1)).timestamp() * 1000)
    return {
        "id": str(x_id),
        "username": handle,
        "name": name,
        "description": "Head of freight. Writes about warehouses",
        "created_at": "2015-03-11T09:30:00.000Z",
        "public_metrics": {"followers_count": 900, "following_count": 400, "tweet_count": 2100, "listed_count": 12},
        "protected": False,
        "verified": False,
        "most_recent_tweet_id": str((posted_ms - _POST_EPOCH_MS) << 22),
    }


@dataclass
class ArrivingWeek:
    """The people, the X they are on, and what is expected of Today.

    Attributes:
        people: the forty, by handle.
        state: the sandbox.
        steps: handle -> what was done with them, or left out: step and moment, oldest first.
        skipped: handle -> steps of theirs that were left out.
        away: handle -> day of the week on which what was put off comes back.
    """

    people: dict[str, Person] = field(default_factory=dict)
    state: SandboxState = field(default_factory=lambda: SandboxState(OWN_ID, access=Access.PAY_PER_USE))
    steps: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    skipped: dict[str, list[str]] = field(default_factory=dict)
    away: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        kinds = [kind for kind, count in ARRIVING.items() for _ in range(count)]
        random.Random(19).shuffle(kinds)
        known = {OWN_ID: {"id": str(OWN_ID), "username": "acme", "name": "Acme"}}
        for number, (kind, first) in enumerate(zip(kinds, _FIRST.split(), strict=True)):
            person = Person(FIRST_ID + number, f"{first.lower()}_{number}", kind, number * DAYS // len(kinds))
            self.people[person.handle] = person
            self.steps[person.handle] = []
            known[person.x_id] = _profile(person.x_id, person.handle, f"{first} Arriving")
        for number in range(_LONG_THERE + DAYS * _NOISE_A_DAY):
            known[FIRST_ID + 1000 + number] = _profile(FIRST_ID + 1000 + number, f"noise_{number}", f"Noise {number}")
        self.state.known = known
        self.state.followers = array("q", range(FIRST_ID + 1000, FIRST_ID + 1000 + _LONG_THERE))

    def arrive(self, day: int) -> None:
        """Let those of a day follow us, and some others nothing is known of."""
        first = FIRST_ID + 1000 + _LONG_THERE + day * _NOISE_A_DAY
        new = [person.x_id for person in self.people.values() if person.day == day]
        self.state.followers = array("q", [*new, *range(first, first + _NOISE_A_DAY), *self.state.followers])

    def write_lists(self, folder: Path) -> dict[str, Path]:
        """A list of customers, of prospects, and so on, with a column of handles; by kind."""
        paths = {}
        for kind in ARRIVING:
            paths[kind] = folder / f"{kind}.csv"
            lines = [(one.handle.split("_")[0].title(), "Arriving", one.handle) for one in self._of(kind)]
            with paths[kind].open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows([("First name", "Last name", "X handle"), *lines])
        return paths

    def _of(self, kind: str) -> list[Person]:
        return [one for one in self.people.values() if one.kind == kind]

    # What Today has to show ------------------------------------------------------------

    def next_step(self, person: Person) -> tuple[str, int]:
        """The step a person comes to next and from when on, "" where the week has none."""
        done = self.steps[person.handle]
        promised = PROMISED[person.kind]
        if len(done) >= len(promised):
            return "", 0
        began = epoch(BEGIN + timedelta(days=person.day))
        action, days = promised[len(done)]
        return action, (done[-1][1] if done else began) + days * 86_400

    def check_day(self, now: datetime, shown: Iterable[tuple[str, str]], carried: Iterable[str] = ()) -> None:
        """Today shows exactly what is promised.

        Args:
            now: the moment.
            shown: handle and step of each that is due.
            carried: handles of those left open the day before; they count towards that day, as do those put off.
        """
        found = dict(shown)
        moment, day = epoch(now), (now - BEGIN).days
        away = {handle for handle, until in self.away.items() if until > day}
        over = {*carried, *(handle for handle, until in self.away.items() if until == day)}
        assert not away & found.keys(), "what was put off came back too early"
        for handle, action in found.items():
            wanted, due_at = self.next_step(self.people[handle])
            assert action == wanted, f"@{handle} comes to {wanted}, Today shows {action}"
            assert due_at <= moment, f"@{handle} gets {action} too early"
        for kind in ARRIVING:
            here = [one for one in self._of(kind) if epoch(BEGIN + timedelta(days=one.day)) <= moment]
            due = [one for one in here if self.next_step(one)[0] and self.next_step(one)[1] <= moment]
            is_due = [one for one in due if one.handle not in away]
            fresh = [one for one in is_due if one.handle not in over]
            expected = min(A_DAY[kind], len(fresh)) + len([one for one in is_due if one.handle in over])
            assert sum(self.people[handle].kind == kind for handle in found) == expected, f"{kind} on {now:%a}"

    def counts(self) -> Counter[str]:
        """Step -> how often it was done."""
        return Counter(step for handle in self.steps for step in self.done(handle))

    def done(self, handle: str) -> list[str]:
        """What was done with someone, oldest first."""
        skipped = self.skipped.get(handle, [])
        return [step for step, _ in self.steps[handle] if step not in skipped]


class Stored(NamedTuple):
    """What the store says is due: number, handle, step, in the order Today shows it."""

    id: int
    handle: str
    step: str


def due_in(path: Path, now: datetime) -> list[Stored]:
    """What is due by the store, read by a process of its own."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as con:
        lines = con.execute(
            "SELECT d.id, a.handle, d.action FROM due d JOIN account a USING (row) "
            "WHERE d.state = 'open' OR d.state = 'snoozed' AND d.until <= ? ORDER BY d.worth DESC, d.since, d.id",
            [epoch(now)],
        ).fetchall()
    return [Stored(*line) for line in lines]


def state_of(path: Path, item_id: int) -> str:
    """What became of something that was due."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as con:
        return str(con.execute("SELECT state FROM due WHERE id = ?", [item_id]).fetchone()[0])


def as_json(text: str) -> Any:
    """A document a command printed."""
    return json.loads(text)
