"""No key of X in anything the program writes or prints: canary keys are planted, every verb that asks X is run."""

from __future__ import annotations

import base64
import json
import logging
import sys
import zipfile
from array import array
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from command_line import caller

from followertui.demo import scenes
from followertui.demo.building import Recipe
from followertui.domain.clock import FileClock
from followertui.x.client import TweepyClient
from followertui.x.sandbox.faults import KINDS, Fault
from followertui.x.sandbox.made import FIRST_ID, OWN_ID, made_state
from followertui.x.sandbox.server import serve
from followertui.x.sandbox.state import SandboxKeys, SandboxState
from followertui.x.sandbox.telling import tell

KEYS = ("canary-consumer-key", "canary-consumer-secret", f"{OWN_ID}-canary-token", "canary-token-secret")
BEARER, APP_BEARER = "canary-bearer", "canary-app-bearer"


class CanaryKeys(SandboxKeys):
    """Keys that are found wherever they leak to."""

    def access_token(self, own_id: int) -> str:
        return KEYS[2]


VERBS: tuple[tuple[str, ...], ...] = (
    ("auth", "status"),
    ("auth", "status", "--json"),
    ("sync", "--dry-run"),
    ("sync", "--yes", "--owned"),
    ("sync", "--full", "--yes"),
    ("sync", "--leavers", "--yes"),
    ("sync", "--profiles", "is:follower followers:..500", "--yes"),
    ("sync", "--names", "--yes"),
    ("sync", "--muted", "--blocked", "--lists", "--yes"),
    ("sync", "--live", "--yes", "--budget", "0.03"),
    ("find", "ada", "--yes"),
    ("costs", "--credits", "--json"),
    ("plan", "add", "mute", "is:fan followers:..300"),
    ("plan", "add", "list-add", "is:mutual followers:..300", "--list", "Press", "--make"),
    ("worksheet", "plan.html"),
    ("worksheet", "plan.csv"),
    ("apply", "--via", "api", "--yes", "1", "--limit", "1"),
    ("journal", "--calls", "--json"),
    ("doctor",),
    ("doctor", "--log"),
    ("report", "--html", "report.html", "--csv", "tables"),
    ("report", "--json"),
    ("handover", "--html", "handover.html"),
    ("accounts", "--csv"),
    ("accounts", "--jsonl"),
    ("alerts", "--since", "2026-01-01", "--json"),
    ("today", "--json"),
    ("settings", "list"),
    ("timeline", "made_5"),
    ("export", "all.json"),
    ("backup", "copy.zip", "--all"),
)
"""Everything that asks X, and everything that shows what came of it."""


@pytest.fixture
def clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FileClock:
    path = tmp_path / "clock"
    path.write_text("2026-11-24T12:00:00+00:00")
    monkeypatch.setenv("FOLLOWERTUI_CLOCK_FILE", str(path))
    return FileClock(path)


@pytest.fixture
def state(clock: FileClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[SandboxState]:
    monkeypatch.setitem(sys.modules, "keyring", None)
    made = made_state(60)
    made.keys = CanaryKeys(KEYS[0], KEYS[1], KEYS[3], BEARER, APP_BEARER)
    with serve(made, 0, clock) as server:
        for name, value in made.keys.environ(OWN_ID, server.address).items():
            monkeypatch.setenv(name, value)
        yield made


def forms(secret: str) -> set[bytes]:
    """A secret as it may stand in a header, an address, JSON or a dump."""
    raw = secret.encode()
    return {
        raw,
        base64.b64encode(raw),
        quote(secret, safe="").encode(),
        json.dumps(secret).encode(),
        raw.hex().encode(),
    }


def leaks(text: bytes, secrets: tuple[str, ...]) -> list[str]:
    return [secret for secret in secrets for form in forms(secret) if form in text]


SECRETS = (*KEYS, BEARER, APP_BEARER, f"{KEYS[0]}:{KEYS[1]}")


@pytest.mark.parametrize("how", [(), ("--quiet",), ("--verbose",)], ids=["usual", "quiet", "verbose"])
def test_no_verb_writes_or_prints_a_key(
    state: SandboxState,
    clock: FileClock,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    how: tuple[str, ...],
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in list(logging.root.manager.loggerDict):
        caplog.set_level(logging.DEBUG, logger=name)
    monkeypatch.chdir(tmp_path)
    call = caller(tmp_path / "own.db", capsys)
    state.watches.subscribe("follow.follow", str(OWN_ID), "inbound")
    printed, codes = b"", {}
    for words in VERBS:
        if words[:2] == ("sync", "--full"):
            clock.advance(timedelta(days=3))
            state.followers = array("q", [x_id for x_id in state.followers if x_id != FIRST_ID + 21])
        if "--live" in words:
            for number in (5, 10, 15):
                assert tell(state, "follow.follow", str(FIRST_ID + number), {}, int(clock.now().timestamp()))
        result = call(*how, *words)
        codes[words] = result.code
        printed += (result.out + result.err).encode()
    # What every fault of X leaves behind.
    for kind in KINDS if how == ("--verbose",) else ():
        state.faults = [Fault(kind, status=403, body={"detail": f"canary {KEYS[0]} {KEYS[3]}", "status": 403})]
        result = call(*how, "find", "ada", "--yes")
        printed += (result.out + result.err).encode()
    assert codes["sync", "--yes", "--owned"] == codes["find", "ada", "--yes"] == codes["doctor", "--log"] == 0, codes
    assert codes["sync", "--live", "--yes", "--budget", "0.03"] == 3
    assert leaks(printed, SECRETS) == []
    assert leaks(caplog.text.encode(), SECRETS) == []
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    made = {"own.db", "all.json", "copy.zip", "report.html", "handover.html", "plan.html", "plan.csv"}
    assert made <= {path.name for path in files}
    # What is packed is looked at unpacked too.
    with zipfile.ZipFile(tmp_path / "copy.zip") as archive:
        archive.extractall(tmp_path / "unpacked")
    files += [path for path in (tmp_path / "unpacked").rglob("*") if path.is_file()]
    assert {path.name: found for path in files if (found := leaks(path.read_bytes(), SECRETS))} == {}


def test_a_bug_beside_the_keys_leaves_none_of_them_in_the_log(
    state: SandboxState, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    call = caller(tmp_path / "own.db", capsys)

    def failing(self: object, *args: object, **more: object) -> object:
        """An error whose text, cause and local variables hold what must not leak."""
        header = f"Authorization: Bearer {BEARER}; {' '.join(KEYS)}"
        try:
            raise ValueError(header)
        except ValueError as problem:
            raise RuntimeError(header) from problem

    monkeypatch.setattr(TweepyClient, "me", failing)
    result = call("--verbose", "sync", "--yes", "--owned")
    assert result.code == 1
    assert "something went wrong (RuntimeError" in result.err
    assert leaks((result.out + result.err + call("doctor", "--log").out).encode(), SECRETS) == []
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any("log" in path.name and b"RuntimeError" in path.read_bytes() for path in files), "the entry is there"
    assert {path.name: found for path in files if (found := leaks(path.read_bytes(), SECRETS))} == {}


def test_the_pictures_of_the_readme_hold_no_key_of_who_draws_them(
    state: SandboxState, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scenes, "SCENES", scenes.SCENES[:2])
    monkeypatch.setattr(scenes, "RECIPE", Recipe(accounts=200))
    result = caller(tmp_path / "own.db", capsys)("screenshots", "--into", str(tmp_path / "pictures"))
    assert result.code == 0, result.err
    pictures = list((tmp_path / "pictures").iterdir())
    assert len(pictures) == 2
    assert [leaks(path.read_bytes(), SECRETS) for path in pictures] == [[], []]


def test_the_search_for_canaries_finds_one(tmp_path: Path) -> None:
    for secret in SECRETS:
        for form in forms(secret):
            assert leaks(b"... " + form + b" ...", SECRETS)
