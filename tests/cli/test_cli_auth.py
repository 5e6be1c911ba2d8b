"""Signing in to X from the command line: keys checked, kept out of everything but their own place, removed."""

from __future__ import annotations

import contextlib
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import click
import pytest
from command_line import Call

from followertui.domain.clock import SystemClock
from followertui.store.file import settings
from followertui.store.file.connection import Store
from followertui.x import outcomes
from followertui.x.sandbox.faults import Fault
from followertui.x.sandbox.made import OWN_ID, made_state
from followertui.x.sandbox.server import serve
from followertui.x.sandbox.state import SandboxKeys, SandboxState

CANARIES = ("canary-consumer-key", "canary-consumer-secret", f"{OWN_ID}-canary-token", "canary-token-secret")


class CanaryKeys(SandboxKeys):
    """Keys of a sandbox that are found wherever they leak to."""

    def access_token(self, own_id: int) -> str:
        return CANARIES[2]


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> Iterator[SandboxState]:
    made = made_state(300)
    made.keys = CanaryKeys(CANARIES[0], CANARIES[1], CANARIES[3], "canary-bearer")
    with serve(made, 0, SystemClock()) as server:
        monkeypatch.setenv("FOLLOWERTUI_X_BASE_URL", server.address)
        yield made


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """The keyring of who runs the tests is not touched."""
    monkeypatch.setitem(sys.modules, "keyring", None)


def paste(monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...] = CANARIES) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(keys) + "\n"))


def key_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.parent.name == "x-keys"]


def test_keys_are_checked_kept_for_their_owner_alone_and_used(
    fresh: Call, state: SandboxState, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    paste(monkeypatch)
    result = fresh("auth", "keys")
    assert result.code == 0, result.err
    assert "signed in as @sandbox_co: 240 followers, 120 following" in result.err
    [kept] = key_files(tmp_path)
    assert str(kept) in result.err, "where the keys are is said aloud"
    assert (kept.stat().st_mode & 0o777, kept.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    status = fresh("auth", "status", "--json").json
    assert (status["signed_in"], status["account"], status["keys_in"]) == (True, "sandbox_co", "file")
    assert fresh("sync", "--followers", "--yes", "--owned").code == 0
    assert fresh("costs", "--json").json["today"]["usd"] == pytest.approx(state.ledger.spent_usd)


def test_no_key_is_anywhere_but_in_its_own_place(
    fresh: Call, state: SandboxState, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said = []
    paste(monkeypatch)
    said.append(fresh("--verbose", "auth", "keys"))
    for fault in ("html", "empty", "status", "cut", "credits"):
        state.faults = [Fault(fault, "/2/users/*", status=401 if fault == "status" else 503)]
        monkeypatch.setattr("followertui.services.sync.asking.TRIES", 1)
        said.append(fresh("--verbose", "sync", "--full", "--yes", "--owned"))
    state.faults = []
    for words in ("sync", "--yes"), ("costs", "--json"), ("auth", "status"), ("doctor",), ("doctor", "--log"):
        said.append(fresh("--verbose", *words))
    fresh("backup", str(tmp_path / "copy.db"), "--all")
    fresh("export", str(tmp_path / "all.json"))
    texts = [result.out + result.err for result in said]
    written = [path for path in tmp_path.rglob("*") if path.is_file() and path not in key_files(tmp_path)]
    assert (tmp_path / "copy.db") in written
    texts += [path.read_bytes().decode("latin-1") for path in written]
    assert not [canary for canary in CANARIES for text in texts if canary in text]
    [kept] = key_files(tmp_path)
    assert all(canary in kept.read_text() for canary in CANARIES), "the canaries are what would be found"


def test_keys_x_does_not_take_are_not_kept(
    fresh: Call, state: SandboxState, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    paste(monkeypatch, ("a", "b", "5-c", "wrong-secret"))
    result = fresh("auth", "keys")
    assert result.code == 1
    assert "does not accept the keys" in result.err
    assert "wrong-secret" not in result.err
    assert key_files(tmp_path) == []
    assert fresh("auth", "status").out.startswith("not signed in")


@pytest.mark.parametrize("keys", [(), ("a",), ("a", "b", "c", "d", "e"), ("a b", "b", "c", "d"), ("ä", "b", "c", "d")])
def test_what_is_no_set_of_keys_is_refused_without_asking_x(
    fresh: Call, state: SandboxState, monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...]
) -> None:
    paste(monkeypatch, keys)
    assert fresh("auth", "keys").code == 1
    assert state.calls_made == 0


def test_logout_removes_the_keys_and_names_what_x_asks(
    fresh: Call, state: SandboxState, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    paste(monkeypatch)
    fresh("auth", "keys")
    fresh("sync", "--followers", "--yes", "--owned")
    result = fresh("auth", "logout")
    assert "240 accounts are known from it alone" in result.err
    assert key_files(tmp_path) == []
    assert fresh("sync", "--yes").code == 1
    assert fresh("auth", "status").out.startswith("not signed in")
    assert "purge --from-x removes them" in result.err
    assert re.search(r"within 10 business days once access ends, by \d+ \w{3} \d{4}:", result.err)
    assert fresh("purge", "--from-x").code == 1, "it asks, or wants --yes"
    assert fresh("purge", "--from-x", "--yes").code == 0
    assert fresh("accounts", "--count").out.strip() == "0"
    assert fresh("purge", "--from-x", "--yes").code == 4
    assert "X's data" not in fresh("doctor").out


def test_a_keyring_that_answers_keeps_the_keys_instead_of_the_file(
    fresh: Call, state: SandboxState, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    held: dict[tuple[str, str], str] = {}
    ring = ModuleType("keyring")
    ring.set_password = lambda *given: held.update({given[:2]: given[2]})  # type: ignore[attr-defined]
    ring.get_password = lambda *given: held.get(given)  # type: ignore[attr-defined]
    ring.delete_password = lambda *given: held.pop(given, None)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", ring)
    paste(monkeypatch)
    assert "keyring of your system" in fresh("auth", "keys").err
    assert (len(held), key_files(tmp_path)) == (1, [])
    assert fresh("sync", "--followers", "--yes", "--owned").code == 0
    fresh("auth", "logout")
    assert held == {}


@pytest.mark.parametrize("content", ["", "[]", "{", '{"consumer_key": 1}', "\xff"])
def test_a_broken_file_of_keys_is_one_line(
    fresh: Call, state: SandboxState, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str
) -> None:
    paste(monkeypatch)
    fresh("auth", "keys")
    [kept] = key_files(tmp_path)
    kept.write_bytes(content.encode("latin-1"))
    result = fresh("sync", "--yes")
    assert result.code == 1
    assert "auth login" in result.err
    assert "Traceback" not in result.err
    assert "canary" not in result.err


@pytest.mark.parametrize(("access", "by"), [("pay-per-use", "hand"), ("enterprise", "api")])
def test_the_access_level_decides_who_carries_out_first(
    call: Call, state: SandboxState, monkeypatch: pytest.MonkeyPatch, access: str, by: str
) -> None:
    assert call("decide", "handle:freightnews", "out").code == 0
    paste(monkeypatch)
    assert call("auth", "keys", "--no-check", "--access", access).code == 0
    [group] = call("plan", "--json").json["actions"]
    assert group["via"] == by


def test_every_command_x_s_answers_lead_to_is_there() -> None:
    from followertui.cli.main import cli

    texts = " ".join(path.read_text("utf-8") for path in Path(outcomes.__file__).parents[1].rglob("*.py"))
    named = set(re.findall(r"followertui auth (\w+)", texts))
    group = cli.get_command(click.Context(cli), "auth")
    assert isinstance(group, click.Group)
    assert {"login", "status"} <= named <= set(group.list_commands(click.Context(group)))


def signed_out(fresh: Call, monkeypatch: pytest.MonkeyPatch, *how: str) -> str:
    """Sign in, read, sign out; returns what was said."""
    paste(monkeypatch)
    fresh("auth", "keys")
    fresh("sync", "--followers", "--yes", "--owned")
    return fresh("auth", "logout", *how).err


def test_what_x_wants_deleted_is_told_until_it_is_done(
    fresh: Call, state: SandboxState, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    signed_out(fresh, monkeypatch)
    line = "what came through its API is to be deleted by"
    assert line in fresh("doctor").out
    assert line in fresh("today").err
    store = Store(next(tmp_path.rglob("*.db")))
    with contextlib.closing(store):
        settings.DELETION.write(store, "2026-01-09")
    late = fresh("doctor").out
    assert "was to be deleted by 9 Jan 2026, 240 accounts" in late
    assert fresh("purge", "--from-x", "--yes").code == 0
    assert "to be deleted" not in fresh("doctor").out + fresh("today").err


def test_what_x_wants_deleted_can_be_deleted_at_once_and_read_again_with_new_access(
    fresh: Call, state: SandboxState, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = signed_out(fresh, monkeypatch, "--delete-data")
    assert "240 people removed permanently; a new sign-in may read them again" in said
    assert fresh("accounts", "--count").out.strip() == "0"
    paste(monkeypatch)
    assert fresh("auth", "keys").code == 0
    assert fresh("sync", "--followers", "--full", "--yes").code == 0
    assert fresh("accounts", "is:follower", "--count").out.strip() == "240"


def test_who_declines_is_told_no_more_and_new_access_ends_it_too(
    fresh: Call, state: SandboxState, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "told of it no more" in signed_out(fresh, monkeypatch, "--keep-data")
    assert "to be deleted" not in fresh("doctor").out
    assert fresh("accounts", "--count").out.strip() == "240"
    assert "240 accounts are known from it alone" in fresh("auth", "logout").err
    assert "to be deleted" in fresh("doctor").out
    assert "told of it no more" in fresh("auth", "logout", "--keep-data").err
    assert "to be deleted" not in fresh("doctor").out
    fresh("auth", "logout")
    paste(monkeypatch)
    fresh("auth", "keys")
    assert "to be deleted" not in fresh("doctor").out
    assert fresh("auth", "logout", "--keep-data", "--delete-data").code == 2
