"""A Ctrl-C around the command line itself: before it is there, and when all of it is done."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from followertui import __main__ as program


@pytest.fixture(autouse=True)
def _handler() -> Iterator[None]:
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


def ended(capsys: pytest.CaptureFixture[str]) -> tuple[object, str]:
    """Exit code and what was said."""
    with pytest.raises(SystemExit) as end:
        program.main()
    return end.value.code, capsys.readouterr().err


def test_before_the_command_line_is_there_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def struck() -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(program.command_line, "run", struck)
    assert ended(capsys) == (3, "followertui: stopped\n")


def test_when_all_is_done_the_code_stays(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    ignored: list[object] = []

    def struck_once(_: int, handler: object) -> None:
        ignored.append(handler)
        if len(ignored) == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(program.command_line, "run", lambda: 4)
    monkeypatch.setattr(program.signal, "signal", struck_once)
    assert ended(capsys) == (4, "")
    assert ignored == [signal.SIG_IGN, signal.SIG_IGN]
    monkeypatch.undo()
