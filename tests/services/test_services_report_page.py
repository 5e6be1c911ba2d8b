"""The HTML page: whole in itself, harmless whatever names say, and drawn by a real browser where there is one."""

from __future__ import annotations

import html.parser
import json
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest
from reading_world import ReadingWorld
from test_services_report import made

from followertui.services.insight import report_files, report_page, report_text, reporting
from followertui.services.insight.values import Person

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"' \u202e"


class Parts(html.parser.HTMLParser):
    """Every tag with its attributes, and the text of scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self._inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag == "script"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.scripts.append(data)
            self._inside = False


@pytest.fixture
def world(tmp_path: Path) -> ReadingWorld:
    return made(tmp_path, 3)[0]


def test_the_page_carries_its_data_and_nothing_from_elsewhere(world: ReadingWorld) -> None:
    report = reporting.report(world.session)
    text = report_page.page(report, UTC)
    parts = Parts(text)
    [script] = parts.scripts
    assert json.loads(script) == json.loads(json.dumps(report_text.as_json(report)))
    assert [attrs.get("type") for tag, attrs in parts.tags if tag == "script"] == ["application/json"]
    assert not {tag for tag, _ in parts.tags} & {"link", "img", "iframe", "object", "embed", "form", "base", "a"}
    assert not [
        attrs for _, attrs in parts.tags if any(name.startswith("on") or name in ("src", "href") for name in attrs)
    ]
    assert set(re.findall(r"https?://[^\"'<\s)]+", text)) == {"http://www.w3.org/2000/svg"}
    assert "url(" not in text
    assert "@import" not in text
    assert "default-src 'none'" in text
    assert sum(tag == "svg" for tag, _ in parts.tags) == sum(tag == "figure" for tag, _ in parts.tags) >= 4
    assert sum(tag == "table" for tag, _ in parts.tags) >= 4
    assert len(text.encode()) < 1_500_000


def test_names_are_text_whatever_they_say(world: ReadingWorld) -> None:
    report = reporting.report(world.session)
    record = {**dict.fromkeys(("entries", "on_x", "follows_us", "we_follow", "engaged", "possible", "confirmed"), 1),
              "list": HOSTILE, "kind": "customer", "basis": "own-records"}  # fmt: skip
    hostile = replace(
        report, profile=HOSTILE, people=(Person(HOSTILE, HOSTILE, "customer", HOSTILE, 3),), coverage=(record,)
    )
    parts = Parts(report_page.page(hostile, UTC))
    assert [tag for tag, _ in parts.tags if tag in ("img", "script")] == ["script"]
    assert json.loads(parts.scripts[0])["people"][0]["name"] == HOSTILE
    assert not [attrs for _, attrs in parts.tags if "onerror" in attrs]


def test_axes_are_told_as_tables_are_and_tables_scroll_by_keyboard(world: ReadingWorld) -> None:
    page = report_page.page(reporting.report(world.session), UTC)
    staying = page[page.index("How long followers stay") :]
    assert re.search(r"<text[^>]*>20%</text>", staying), "a share is a percentage on its axis too"
    assert "0.2</text>" not in staying
    assert page.count("<table>") == page.count('<div class="wide" tabindex="0"><table>') > 4


def test_the_same_report_is_the_same_page(world: ReadingWorld) -> None:
    report = reporting.report(world.session)
    assert report_page.page(report, UTC) == report_page.page(report, UTC)


def test_a_store_without_anything_has_a_page(tmp_path: Path) -> None:
    empty = ReadingWorld(tmp_path, [1])
    assert "0 followers" in report_page.page(reporting.report(empty.session), UTC)


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_a_browser_draws_it_without_a_word_and_without_the_network(world: ReadingWorld, tmp_path: Path) -> None:
    path, log = tmp_path / "report.html", tmp_path / "net.json"
    report_files.write_page(reporting.report(world.session), path, UTC)
    done = subprocess.run(
        [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--no-first-run", f"--user-data-dir={tmp_path / 'profile'}",
         f"--log-net-log={log}", "--enable-logging=stderr", "--dump-dom", path.as_uri()],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert "CONSOLE" not in done.stderr
    assert done.stdout.count("<svg") >= 4
    assert done.stdout.count("<rect") > 20
    asked = set(re.findall(r'"url":"(https?://[^"]*)"', log.read_text(encoding="utf-8")))
    assert {url for url in asked if "google" not in url and "gvt1" not in url} == set(), (
        "what the browser itself asks is its own"
    )
