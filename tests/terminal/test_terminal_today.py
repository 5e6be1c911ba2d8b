"""A week of Today in a real terminal: forty new followers of six kinds, read from a sandbox X, all done by keyboard."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from arriving_week import ARRIVING, BEGIN, DAYS, OWN_ID, TIMELINE, ArrivingWeek, Stored, as_json, due_in, state_of
from terminal import Terminal

from followertui.cli.main import run
from followertui.domain.clock import FileClock, epoch
from followertui.x.sandbox.server import serve

F9, ENTER = "\x1b[20~", "\r"
POST = "https://x.com/i/status/179000000000000{:04d}"


class Walk:
    """The program on a terminal, the store it works on and the week that passes.

    Args:
        store: the store.
        clock: of program and sandbox.
        week: who arrives.
        terminal: shows the review.
    """

    def __init__(self, store: Path, clock: FileClock, week: ArrivingWeek, terminal: Terminal) -> None:
        self.store, self.clock, self.week, self.terminal = store, clock, week, terminal
        self.posts = 0

    def read_followers(self) -> None:
        """``:sync`` by keyboard, the price agreed to."""
        terminal = self.terminal
        terminal.forget()
        terminal.press(":", "as suggested")
        terminal.send("sync" + ENTER)
        terminal.until(lambda: "own the app" in terminal.text or "Read from X" in terminal.text)
        if "own the app" in terminal.text:
            terminal.press("y", "Read from X")
        terminal.press("1", "Read this from X")
        terminal.rest()
        terminal.forget()
        terminal.send("y")
        terminal.until(lambda: re.search(r"following: .* read", terminal.text))

    def answer(self, item: Stored, key: str, state: str) -> None:
        """Press a key on what is due first, until the store has it."""
        self.terminal.rest()
        self.terminal.send(key)
        self.terminal.until(lambda: state_of(self.store, item.id) == state)

    def do(self, item: Stored) -> None:
        """Open the page, name the post where one is answered, say that it is done."""
        terminal = self.terminal
        if item.step in TIMELINE:
            self.posts += 1
            terminal.press("P", "The post's address")
            terminal.forget()
            terminal.send(POST.format(self.posts) + ENTER)
            terminal.wait_for("status/179")
        terminal.press("e", "copied")
        self.answer(item, "d", "done")
        if item.step == "follow":  # the person clicked: X has it
            self.week.state.following[self.week.people[item.handle].x_id] = None
        self.week.steps[item.handle].append((item.step, epoch(self.clock.now())))

    def first(self) -> Stored:
        return due_in(self.store, self.clock.now())[0]

    def skip(self, step: str) -> None:
        """Go down to the first item with a step, leave it out, and come back up."""
        shown = due_in(self.store, self.clock.now())
        place, item = next((place, one) for place, one in enumerate(shown) if one.step == step)
        self.terminal.rest()
        self.terminal.send("j" * place)
        self.answer(item, "x", "skipped")
        self.week.steps[item.handle].append((step, epoch(self.clock.now())))
        self.week.skipped.setdefault(item.handle, []).append(step)
        self.terminal.send("g")

    def put_off(self, day: int, days: int) -> None:
        """Tomorrow with one key, for some days by typing how many."""
        item = self.first()
        if days == 1:
            self.answer(item, "s", "snoozed")
        else:
            self.terminal.forget()
            self.terminal.press("S", "Snooze for how many days?")
            self.answer(item, f"\x15{days}{ENTER}", "snoozed")
        self.week.away[item.handle] = day + days

    def do_all_but(self, left: int) -> list[str]:
        """Do what is due, but for some at the end; returns whose stay open."""
        while len(due := due_in(self.store, self.clock.now())) > left:
            self.do(due[0])
        return [one.handle for one in due]


@pytest.fixture
def week() -> ArrivingWeek:
    return ArrivingWeek()


@pytest.fixture
def clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, week: ArrivingWeek) -> Iterator[FileClock]:
    """The one clock of program and sandbox, the evening before the week; X answers on loopback."""
    made = FileClock(tmp_path / "clock")
    made.set(BEGIN - timedelta(days=1))
    with serve(week.state, 0, made) as server:
        for name, value in week.state.keys.environ(OWN_ID, server.address).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("FOLLOWERTUI_CLOCK_FILE", str(made.path))
        monkeypatch.setenv("SSH_CONNECTION", "somewhere else")
        monkeypatch.delenv("DISPLAY", raising=False)
        yield made


def command(store: Path, *words: str) -> None:
    assert run(["--quiet", "--store", str(store), "--reviewer", "mk", *words]) == 0


@pytest.mark.slow
def test_a_week_of_new_followers_by_keyboard(
    start: Callable[..., Terminal], clock: FileClock, week: ArrivingWeek, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    store = tmp_path / "week.db"
    command(store, "sync", "--yes")
    for kind, path in week.write_lists(tmp_path).items():
        command(store, "import", "list", str(path), "--kind", kind, "--name", kind, "--basis", "own-records")
    terminal = start("--store", str(store), "--reviewer", "mk", "review")
    terminal.wait_for("To review")
    walk = Walk(store, clock, week, terminal)
    left: list[str] = []
    for day in range(DAYS):
        clock.set(BEGIN + timedelta(days=day))
        week.arrive(day)
        walk.read_followers()
        terminal.forget()
        terminal.press(F9, "Today · ")
        terminal.rest()
        shown = due_in(store, clock.now())
        assert f"Today · {len(shown)} due" in terminal.text
        week.check_day(clock.now(), [(one.handle, one.step) for one in shown], left)
        over = [*left, *(handle for handle, until in week.away.items() if until == day)]
        assert not over or f"{len(over)} carried over" in terminal.text
        if day == 2:
            walk.put_off(day, 1)
            walk.put_off(day, 2)
            terminal.wait_for("2 snoozed")
        if day == 3:
            before = state_of(store, shown[0].id)
            walk.answer(shown[0], "d", "done")
            walk.answer(shown[0], "u", before)
            walk.skip("reply")
        left = walk.do_all_but(2 if day == 4 else 0)
        if not left:
            terminal.wait_for("Nothing is due today")
        terminal.forget()
        terminal.press(F9, "To review")
    terminal.send("\x11")
    assert terminal.ended() == 0
    _check_afterwards(store, week, capsys)


def _check_afterwards(store: Path, week: ArrivingWeek, capsys: pytest.CaptureFixture) -> None:
    """Timelines, counts and goals say what was done, no more and no less."""

    def told(*words: str) -> object:
        capsys.readouterr()
        command(store, *words)
        return as_json(capsys.readouterr().out)

    counts = week.counts()
    assert counts["follow"] == sum(ARRIVING.values()), "every one of the forty was followed back"
    assert told("accounts", "is:following", "--count", "--json") == 40
    talked: Counter[str] = Counter()
    for handle in week.steps:
        wanted = [TIMELINE[step] for step in week.done(handle) if step in TIMELINE]
        if wanted:
            found = told("timeline", handle, "--json")
            assert [one["what"] for one in found] == wanted[::-1]
            talked[week.people[handle].kind] += 1
    lines = {one["name"]: one for one in told("report", "--json")["goals"]}
    assert {kind: lines[kind]["engaged"] for kind in ARRIVING} == {kind: talked[kind] for kind in ARRIVING}
    skipped = Counter(week.people[handle].kind for handle in week.skipped)
    assert {kind: lines[kind]["skipped"] for kind in ARRIVING} == {kind: skipped[kind] for kind in ARRIVING}
    assert sum(skipped.values()) == 1
    assert told("today", "--json")["due"] == []
