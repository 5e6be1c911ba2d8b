"""Tables of the command line: measured in cells, fitted to a terminal, plain in a pipe."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from followertui.cli.tables import write_table

HEAD = ("name", "bio", "why")
ROWS = [("東京電力", "[bold]電気[/] :smile:", "x"), ("Globex", "[/foo]", "y"), ("👩‍👩‍👧 Ann", "été", "z" * 150)]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def on_terminal(monkeypatch: pytest.MonkeyPatch, columns: int, **environ: str) -> str:
    for name, value in {"COLUMNS": str(columns), "TERM": "xterm-256color", **environ}.items():
        monkeypatch.setenv(name, value)
    screen = Terminal()
    monkeypatch.setattr(sys, "stdout", screen)
    assert write_table(ROWS, HEAD) == len(ROWS)
    return screen.getvalue()


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_columns_line_up_by_cells_and_nothing_is_markup(capsys: pytest.CaptureFixture[str]) -> None:
    assert write_table(ROWS, HEAD) == 3
    head, *lines = capsys.readouterr().out.splitlines()
    start = head.index("why")
    for line, (_, bio, why) in zip(lines, ROWS, strict=True):
        assert bio in line
        assert cell_len(line[: -len(why)]) == start
        assert line.endswith(why)


@pytest.mark.parametrize("columns", [20, 40, 80])
def test_a_table_fits_the_terminal(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    text = on_terminal(monkeypatch, columns)
    lines = plain(text).splitlines()
    assert len(lines) == 1 + len(ROWS)
    assert all(cell_len(line) <= columns for line in lines)
    assert "\x1b[1m" in text


def test_a_pipe_and_no_color_get_no_colours(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_table(ROWS, HEAD)
    assert "\x1b" not in capsys.readouterr().out
    assert not re.search(r"\x1b\[[0-9;]*(3|4|9|10)[0-9][;m]", on_terminal(monkeypatch, 80, NO_COLOR="1"))


def test_a_pipe_says_what_a_terminal_says_that_is_wide_enough(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[__name__], "ROWS", [*ROWS, ("界" * 30, "n" * 50, ""), ("", "é" * 40, "界")])
    write_table(ROWS, HEAD)
    # In a terminal the blanks behind the header's last name are bold, and stay.
    wide = [line.rstrip() for line in plain(on_terminal(monkeypatch, 1000)).splitlines()]
    assert capsys.readouterr().out.splitlines() == wide


def test_only_the_last_column_may_be_long(capsys: pytest.CaptureFixture[str]) -> None:
    write_table([("n" * 90, "w" * 90)], ("name", "why"), widest=30)
    name, why = capsys.readouterr().out.splitlines()[1].split("  ")
    assert (cell_len(name), name[-1], why) == (30, "…", "w" * 90)


def modules_after(store: Path, *words: str) -> tuple[str, list[str]]:
    """What ``accounts`` prints into a pipe, and the modules of rich it loads for that."""
    code = (
        "import sys; from followertui.cli.main import run; "
        f"run(['--quiet', '--store', {str(store)!r}, '--read-only', 'accounts', *{words!r}]); "
        "print(*(name for name in sys.modules if name.split('.')[0] == 'rich'), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    return done.stdout, done.stderr.split()


def test_json_needs_no_table(built: Path) -> None:
    printed, loaded = modules_after(built, "--json")
    assert json.loads(printed)
    assert loaded == []


def test_a_table_in_a_pipe_needs_no_console(built: Path) -> None:
    printed, loaded = modules_after(built, "--limit", "3")
    assert len(printed.splitlines()) == 4
    assert "rich.cells" in loaded
    assert not {"rich.console", "rich.table"} & set(loaded)
