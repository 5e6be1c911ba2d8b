"""The demo's hostile accounts are shown harmlessly on every screen and land harmlessly in CSV."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable
from typing import Any

from demo_recipe import ACCOUNTS
from screen_support import opened, press, screen_text

from followertui.cli.output import write_records
from followertui.demo.audience import Audience
from followertui.demo.audience_profiles import Archetype
from followertui.demo.building import BEGIN, WEEK
from followertui.services import querying
from followertui.services.care import exporting
from followertui.services.workbench import Workbench

SCREENS: tuple[tuple[str, ...], ...] = (
    (),
    ("enter",),
    ("n",),
    ("t",),
    ("number_sign",),
    ("equals_sign",),
    ("c",),
    ("x", "p"),
    ("x", "p", "h"),
    ("colon",),
)
"""Keys from the review to each screen that shows an account's text."""


def hostile_rows(bench: Workbench) -> list[int]:
    audience = Audience(ACCOUNTS, 1, BEGIN - WEEK)
    truths = map(audience.truth, range(audience.accounts))
    found = [bench.find(str(truth.x_id)) for truth in truths if truth.archetype is Archetype.HOSTILE]
    return [row for row in found if row is not None]


def is_harmless(text: str) -> bool:
    kept = {"\n", "\u200d", "\ufe0f"}
    return not [
        c
        for c in text
        if c not in kept
        and (unicodedata.category(c) == "Cc" or c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    ]


async def test_every_screen_shows_hostile_accounts_harmlessly(demo: Callable[[str], Workbench]) -> None:
    bench = demo("pay-per-use")
    rows = hostile_rows(bench)
    assert len(rows) >= 5
    for place, keys in enumerate(SCREENS):
        row = rows[place % len(rows)]
        x_id = bench.page([row])[0].x_id
        handle = bench.page([row])[0].handle
        query = f"@{handle}" if handle else f"has:id @{x_id}"
        async with opened(bench, (120, 36), text=query, queue_id="everyone") as pilot:
            await press(pilot, *keys)
            text = screen_text(pilot)
            assert text.strip()
            assert is_harmless(text), keys
            assert pilot.app.return_code is None


def test_stored_text_of_everyone_is_harmless(demo: Callable[[str], Workbench]) -> None:
    bench = demo("pay-per-use")
    for record in exporting.accounts(bench.session, querying.rows_of(bench.session, "")):
        for value in record.values():
            assert not isinstance(value, str) or is_harmless(value), record["handle"]


def test_csv_cells_begin_no_formula(demo: Callable[[str], Workbench], capsys: Any) -> None:
    bench = demo("pay-per-use")
    write_records(exporting.accounts(bench.session, hostile_rows(bench)), "csv", exporting.ACCOUNT_KEYS)
    lines = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert len(lines) > 5
    assert not [cell for line in lines for cell in line if cell[:1] in ("=", "+", "@", "\t", "\r")]
