"""X in a process of its own: a sandbox that notes every call, who was guarded then, and strikes who calls.

Owns the record of what X was asked. A life talks to it over HTTP as the program does, and by
files in its folder: ``strike.json`` says at which call whom to strike, ``stood.json`` who was
guarded while two processes work at once. There a guard counts that stood when the call before was
answered: one that came later may have come after the last look.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import chaos_oracle as oracle
from chaos_base import Base

from followertui.domain.clock import FileClock, epoch
from followertui.x.sandbox.answering import Answer
from followertui.x.sandbox.faults import Dropped, Fault
from followertui.x.sandbox.server import Server
from followertui.x.sandbox.state import Profile, SandboxState
from followertui.x.sandbox.transport import Sandbox


class Asked(NamedTuple):
    """One call X was asked to carry out, as it saw it.

    Attributes:
        x_id: whom it was about.
        is_unfollow: whether it ends our following; else a person followed again by hand.
        has_changed: whether anything changed.
        status: HTTP status of the answer, 0 where the connection broke.
        guards: what guarded the account at this moment.
    """

    x_id: int
    is_unfollow: bool
    has_changed: bool
    status: int
    guards: list[str]


def hit(pid: int, number: int, folder: Path, is_twice: bool = False) -> None:
    """Send a signal, maybe a second one a moment later, and leave a note that it was sent."""
    (folder / "struck").touch()
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
        if is_twice:
            time.sleep(0.01)
            os.kill(pid, number)


class WatchedX(Sandbox):
    """A sandbox that notes what it is asked and strikes when it is told to.

    Args:
        state: of the sandbox.
        clock: the one the program uses.
        folder: of the life.
    """

    def __init__(self, state: SandboxState, clock: FileClock, folder: Path) -> None:
        super().__init__(state, clock)
        self._folder = folder
        self._calls, self._caller = 0, 0
        self._stood: frozenset[str] = frozenset()

    def ask(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        if target == "/chaos/follow":
            return self._follow_by_hand(json.loads(body))
        if method != "DELETE":
            return super().ask(method, target, headers, body)
        self._calls += 1
        if (self._folder / "stood.json").exists():
            time.sleep(0.04)  # so that the other one's word comes between two calls
        if (self._folder / "paired").exists():
            # Who stood guarded while two worked before may have been let go since.
            (self._folder / "paired").unlink()
            self._stood = frozenset()
        x_id = int(target.rpartition("/")[2])
        was, guards, strike = x_id in self.state.following, self._guards(x_id), self._strike()
        if strike.get("when") == "before":
            self._hit(strike)
        status = 0
        try:
            given = super().ask(method, target, headers, body)
            status = given.status
        finally:
            self._note(Asked(x_id, True, was and x_id not in self.state.following, status, guards))
            self._stood = self._stands() or frozenset()
            if strike.get("when") == "done":
                self._hit(strike)
        if strike.get("when") == "answered":
            threading.Timer(strike["later"], self._hit, [strike]).start()
        return given

    def _follow_by_hand(self, ids: list[int]) -> Answer:
        for x_id in ids:
            has_changed = x_id not in self.state.following
            self.state.following[x_id] = None
            self._note(Asked(x_id, False, has_changed, 200, []))
        return Answer(200, {}, b"{}")

    def _note(self, asked: Asked) -> None:
        with (self._folder / "asked.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(asked) + "\n")

    def _guards(self, x_id: int) -> list[str]:
        """What guards an account now; while two work at once only what stood at the last answer counts."""
        with oracle.read_only(self._folder / "store.db") as con:
            found = oracle.guards(con, x_id, epoch(self.clock.now()))
        return found if self._stands() is None or str(x_id) in self._stood else []

    def _stands(self) -> frozenset[str] | None:
        """Ids that ``stood.json`` tells of, None while only one process works."""
        try:
            return frozenset(json.loads((self._folder / "stood.json").read_text()))
        except FileNotFoundError:
            return None

    def _strike(self) -> dict[str, Any]:
        path = self._folder / "strike.json"
        try:
            strike: dict[str, Any] = json.loads(path.read_text())
        except (OSError, ValueError):
            return {}
        if strike["pid"] != self._caller:
            self._caller, self._calls = strike["pid"], 1
        if self._calls != strike["call"]:
            return {}
        path.unlink()
        return strike

    def _hit(self, strike: dict[str, Any]) -> None:
        hit(strike["pid"], strike["signal"], self._folder, strike["twice"])


class X:
    """X of one life, as the life sees it.

    Args:
        base: whom it begins with.
        folder: of the life.
        faults: what goes wrong at which call.
    """

    def __init__(self, base: Base, folder: Path, faults: list[Fault]) -> None:
        self._folder = folder
        reading, writing = os.pipe()
        parent = os.getpid()
        self._pid = os.fork()
        if not self._pid:
            try:
                _serve(base, folder, faults, writing, parent)
            finally:
                os._exit(1)
        os.close(writing)
        with os.fdopen(reading) as told:
            self.environment: dict[str, str] = json.loads(told.readline())
        self._address = self.environment["FOLLOWERTUI_X_BASE_URL"]

    def following(self) -> set[int]:
        """Whom X says we follow, suspended accounts left out, as it lists none."""
        return set(map(int, self._get("/sandbox/state")["following"])) - set(self._suspended)

    def follow_by_hand(self, ids: list[int]) -> None:
        """A person follows some accounts again, on x.com itself."""
        self._get("/chaos/follow", json.dumps(ids).encode())

    def asked(self) -> list[Asked]:
        """Everything X was asked to carry out, oldest first."""
        path = self._folder / "asked.jsonl"
        return [Asked(*json.loads(line)) for line in path.read_text().splitlines()] if path.exists() else []

    def close(self) -> None:
        """End it."""
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)

    def _get(self, path: str, body: bytes | None = None) -> Any:
        with urllib.request.urlopen(f"{self._address}{path}", body, timeout=20) as answer:
            return json.load(answer)

    @property
    def _suspended(self) -> list[int]:
        return json.loads(self.environment["suspended"])  # type: ignore[no-any-return]


def _serve(base: Base, folder: Path, faults: list[Fault], told: int, parent: int) -> None:
    def profile(x_id: int) -> Profile | None:
        return {"id": str(x_id), "name": f"Account {x_id}", "username": f"id{x_id}"}

    state = SandboxState.from_json(base.x, profile)
    state.faults = faults
    with contextlib.suppress(Dropped), Server(WatchedX(state, FileClock(folder / "clock"), folder), 0) as server:
        keys = state.keys.environ(state.own_id, server.address)
        os.write(told, (json.dumps({**keys, "suspended": json.dumps(sorted(state.suspended))}) + "\n").encode())
        os.close(told)
        while os.getppid() == parent:
            time.sleep(0.2)
    os._exit(0)
