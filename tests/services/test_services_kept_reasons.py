"""The card a review begins with takes its reasons from last time, while they still hold."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from demo_stores import DemoStores, open_copy

from followertui.services.review import kept_reasons as module
from followertui.services.workbench import Workbench
from followertui.store.file import settings
from followertui.store.index import cache_files

_FIRST_CARD = """
import sys
from pathlib import Path
from followertui.demo.opening import open_demo
from followertui.store.file.connection import Store
bench = open_demo(Store(Path(sys.argv[1])), "me")
row = int(sys.argv[2])
bench.page([row])
print(bench.card(row).why)
print("numpy" in sys.modules, file=sys.stderr)
"""


def opened(path: Path) -> Workbench:
    return open_copy(path, "me")


@pytest.fixture
def path(tmp_path: Path, demo_stores: DemoStores) -> Path:
    return demo_stores.copy(tmp_path / "demo.db")


def some_row(path: Path, query: str) -> int:
    bench = opened(path)
    row = int(bench.open_view("", query).rows[0])
    bench.close()
    return row


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Rows whose reasons were computed."""
    rows: list[int] = []
    why = module.why

    def watched(session: object, some: list[int]) -> object:
        rows.extend(some)
        return why(session, some)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "why", watched)
    return rows


@pytest.mark.parametrize("query", ["kind:bot", "match:likely"])
def test_the_first_card_of_the_next_start_needs_no_numpy(path: Path, query: str) -> None:
    row = some_row(path, query)
    said = [
        subprocess.run(
            [sys.executable, "-c", _FIRST_CARD, str(path), str(row)],
            check=True, capture_output=True, text=True, timeout=60,
        )
        for _ in range(2)
    ]  # fmt: skip
    assert said[0].stdout == said[1].stdout
    assert "ReasonLine" in said[0].stdout
    assert [one.stderr.strip() for one in said] == ["True", "False"]


def test_the_card_one_left_is_kept_and_any_other_is_computed(path: Path, asked: list[int]) -> None:
    first, second = (some_row(path, query) for query in ("kind:bot", "kind:customer"))
    bench = opened(path)
    bench.card(first)
    truth = bench.card(second).why
    bench.review.reasons.keep(first)  # not the card said last: nothing is kept of it
    bench.review.reasons.keep(second)
    bench.close()
    asked.clear()
    bench = opened(path)
    assert bench.card(second).why == truth
    assert asked == []
    assert bench.card(first).why
    assert asked == [first]
    bench.close()


@pytest.mark.parametrize("change", ["score", "day", "words", "damage", "shape"])
def test_reasons_that_may_have_changed_are_computed(
    path: Path, asked: list[int], change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = some_row(path, "kind:bot")
    bench = opened(path)
    truth = bench.card(row).why
    store = bench.session.store
    if change == "score":
        with store.write() as con:
            con.execute("UPDATE score SET bot = 3 WHERE row = ?", [row])
            store.bump("score", [row])
    elif change == "words":
        settings.ABOUT.write(store, {**settings.ABOUT.read(store), "market": ["freight"]})
    elif change == "shape":
        kept = cache_files.read(store, "card.bin")
        assert kept is not None
        cache_files.write(store, "card.bin", {**kept[0], "size": 5}, memoryview(b"[[1]]"))
    bench.close()
    file = cache_files.folder_of(path) / "card.bin"
    if change == "damage":
        file.write_bytes(file.read_bytes()[:-3] + b"???")
    asked.clear()
    bench = opened(path)
    if change == "day":
        monkeypatch.setattr(module, "day_of", lambda *_: date(2031, 1, 1))
    found = bench.card(row).why
    assert asked == [row]
    assert change not in ("damage", "shape") or found == truth
    bench.close()
