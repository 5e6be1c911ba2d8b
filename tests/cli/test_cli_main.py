from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command_line import Call

from followertui.cli.main import SECTIONS, run

HEAVY = ("numpy", "textual", "tweepy", "requests", "rapidfuzz", "sqlite_utils", "lark", "python_calamine")


def started(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "followertui", *arguments],
        capture_output=True, text=True, timeout=60, check=False, env={**os.environ, **environ},
    )  # fmt: skip


def test_help_groups_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    text = capsys.readouterr().out
    assert [text.index(section + ":") for section in SECTIONS] == sorted(text.index(s + ":") for s in SECTIONS)
    assert all(f"  {name} " in text for lines in SECTIONS.values() for name, _, _ in lines)


@pytest.mark.parametrize(
    "name", [name for lines in SECTIONS.values() for name, module, _ in lines if module != "showing"]
)
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == 0
    text = capsys.readouterr().out
    assert text.startswith(f"Usage: followertui {name}")


def test_help_imports_nothing_heavy(capsys: pytest.CaptureFixture[str]) -> None:
    code = (
        "import sys; from followertui.cli.main import run; run(['--help']); "
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)"
    )
    began = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    with capsys.disabled():
        print(f"\nfollowertui --help: {time.perf_counter() - began:.2f} s")
    assert done.stderr.strip() == "[]"


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("followertui ")


def test_an_unknown_command_offers_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["acounts"]) == 2
    assert "did you mean accounts?" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["accounts", "--nope"], ["decide", "x"], ["decide", "x", "perhaps"], ["undo", "0"]]
)
def test_wrong_usage_is_exit_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    assert "Usage:" in capsys.readouterr().err


def test_a_missing_store_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--store", str(tmp_path / "none.db"), "accounts"]) == 1
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    assert not (tmp_path / "none.db").exists()


def test_a_foreign_file_is_no_store(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "letter.db").write_text("Dear all, " * 500, encoding="utf-8")
    assert run(["--store", str(tmp_path / "letter.db"), "accounts"]) == 1
    assert "not a followertui store" in capsys.readouterr().err


def test_environment_names_the_store(
    store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FOLLOWERTUI_STORE", str(store))
    assert run(["accounts", "--count"]) == 0
    assert capsys.readouterr().out == "7\n"


def test_environment_names_profile_and_config(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FOLLOWERTUI_PROFILE", "acme")
    (tmp_path / "my.toml").write_text('reviewer = "Kim"\n', encoding="utf-8")
    monkeypatch.setenv("FOLLOWERTUI_CONFIG", str(tmp_path / "my.toml"))
    assert run(["about", "--set", "names=Acme"]) == 0
    assert (tmp_path / "data" / "followertui" / "acme.db").exists()
    (tmp_path / "my.toml").write_text("reviewer = [", encoding="utf-8")
    assert run(["keys"]) == 1
    monkeypatch.setenv("FOLLOWERTUI_PROFILE", "../up")
    assert run(["accounts"]) == 1
    assert "not a valid profile name" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ("decide", "oldfriend", "out"), ("kind", "oldfriend", "bot"), ("tag", "oldfriend", "--add", "a"),
        ("note", "oldfriend", "hi"), ("undo",), ("views", "save", "a", "b"), ("plan", "add", "mute", "oldfriend"),
        ("lists", "drop", "Customers"), ("about", "--set", "names=A"), ("match",), ("purge", "oldfriend", "--yes"),
        ("release", "oldfriend"),
    ],
)  # fmt: skip
def test_read_only_refuses_to_write_with_one_line(call: Call, arguments: tuple[str, ...]) -> None:
    call("decide", "globex", "later")
    result = call(*arguments, before=("--read-only",))
    assert result.code == 1
    assert result.err.count("\n") == 1
    assert "read-only" in result.err


@pytest.mark.parametrize(
    "arguments",
    [("accounts", "--json"), ("show", "globex"), ("plan",), ("matches",), ("doctor",), ("apply", "--dry-run")],
)
def test_read_only_looks(call: Call, arguments: tuple[str, ...]) -> None:
    call("decide", "handle:oldfriend", "out")
    assert call(*arguments, before=("--read-only",)).code == 0


def test_quiet_says_nothing_but_results(call: Call) -> None:
    result = call("accounts", "is:follower", before=("--quiet",))
    assert result.err == ""
    assert call("decide", "oldfriend", "out", before=("--quiet",)).err == ""


def test_no_color_codes_without_a_terminal(store: Path) -> None:
    done = started("--store", str(store), "plan", NO_COLOR="1")
    assert "\x1b" not in done.stdout + done.stderr


def test_the_review_needs_a_terminal(store: Path) -> None:
    done = started("--store", str(store))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)


def test_a_closed_pipe_is_no_error(store: Path) -> None:
    program = f'"{sys.executable}" -m followertui --store "{store}" accounts --jsonl'
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {program} | head -n 0; echo ${{PIPESTATUS[0]}}"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.stdout.strip() in ("0", "141")
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


def test_names_leave_as_utf_8_whatever_the_locale(store: Path) -> None:
    code = "import sys; from followertui.cli.main import run; sys.exit(run(sys.argv[1:]))"
    note = ["--store", str(store), "--quiet", "note", "globex", "Grüße 東京"]
    assert run(note) == 0
    done = subprocess.run(
        [sys.executable, "-c", code, "--store", str(store), "accounts", "globex", "--json"],
        capture_output=True, timeout=60, check=True, env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert "Grüße 東京" in done.stdout.decode("utf-8")


def test_an_option_of_the_program_behind_a_command_is_told_where_it_belongs(call: Call) -> None:
    done = call("accounts", "--quiet")
    assert done.code == 2
    assert "--quiet goes before the command: followertui --quiet ..." in done.err
    assert "No such option" in call("accounts", "--loud").err


def test_a_named_settings_file_that_is_not_there_is_refused_before_anything_is_built(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "demo.db"
    missing = str(tmp_path / "none.toml")
    assert run(["--config", missing, "demo", "--accounts", "50", "--no-ui", "--store", str(store)]) == 1
    assert "none.toml: cannot be read" in capsys.readouterr().err
    assert not store.exists()


def test_the_log_is_shown_by_doctor_and_echoed_by_verbose(
    store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from followertui.services.care import doctor

    def broken(*_: object) -> None:
        raise LookupError("@private_handle")

    monkeypatch.setattr(doctor, "doctor", broken)
    assert run(["--store", str(store), "--verbose", "doctor"]) == 1
    said = capsys.readouterr().err
    assert said.count("LookupError") == 2  # the entry and the line
    assert "Traceback" not in said
    assert run(["--store", str(store), "doctor", "--log"]) == 0
    entry = capsys.readouterr().out
    assert "builtins.LookupError at cli/main.py:" in entry
    assert "> cli/maintenance.py:" in entry
    assert "private_handle" not in entry + said
