"""The real files through the whole import, each count beside an independent one (``pytest -s`` prints them)."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from importing_bench import Bench

from followertui.store.lists.entries import OF_A_LINE

_FIELDS = f"SELECT fields FROM entry WHERE {OF_A_LINE} ORDER BY line"
DATA = Path(__file__).parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the shared data is not here")

LISTS = (
    "companies-landscape/landscape_items.csv", "companies-fortune1000/fortune1000.csv",
    "companies-sec-tickers/company_tickers.csv", "companies-gleif-legal-names/gleif_legal_names.csv",
    "conference-speakers/speakers.csv", "linkedin-connections/connections.csv", "crm-accounts/accounts.csv",
    "newspapers/newspapers.csv", "companies-sp500-profiles/companies_with_x_profile.csv",
)  # fmt: skip


def by_hand(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def shown(name: str, ours: int, independent: int) -> None:
    print(f"{name:55} {ours:>7,} imported {independent:>7,} by hand")
    assert ours == independent


@pytest.mark.parametrize("name", LISTS)
def test_a_list_comes_in_whole(bench: Bench, name: str) -> None:
    report = bench.bring(DATA / name, what="list", kind="prospect", name="Real", basis="public-directory")
    rows = by_hand(DATA / name)
    shown(name, report.added + report.merged + report.refused, len(rows))
    assert bench.one(f"SELECT count(*) FROM entry WHERE {OF_A_LINE}") == report.added
    assert report.refused <= 0.05 * len(rows)
    fields = [json.loads(text) for (text,) in bench.store.con.execute(_FIELDS)]
    words = sum(any(not char.isascii() and char.isalpha() for char in text) for f in fields for text in f.values())
    plain = sum(any(not char.isascii() and char.isalpha() for char in text or "") for r in rows for text in r.values())
    assert abs(words - plain) <= 20


@pytest.mark.parametrize("archive", ["organisation-2021", "empty-2022"])
def test_an_archive_comes_in_whole(bench: Bench, archive: str) -> None:
    folder = DATA / "x-archives" / archive
    bench.bring(folder)
    for direction in ("follower", "following"):
        text = (folder / "data" / f"{direction}.js").read_text(encoding="utf-8")
        counted = len(json.loads(text.partition("=")[2]))
        shown(f"{archive} {direction}", len(bench.follows(direction)), counted)
        assert len(set(bench.follows(direction))) == counted


def test_objects_of_the_api_come_in_whole(bench: Bench) -> None:
    path = DATA / "export-v2-following" / "following.json"
    report = bench.bring(path, relation="following", completeness="complete")
    users = json.loads(path.read_text(encoding="utf-8"))
    shown(path.name, report.added + report.merged, len(users))
    bios = {str(user["id"]): user.get("description") for user in users}
    kept = dict(bench.store.con.execute("SELECT CAST(x_id AS TEXT), bio FROM account"))
    assert sum(bool(text) for text in kept.values()) == sum(bool((text or "").strip()) for text in bios.values())


@pytest.mark.parametrize("path", sorted(DATA.glob("following-okeneo/raw/*.txt")), ids=lambda path: path.name)
def test_raw_lists_come_in_whole(bench: Bench, path: Path) -> None:
    bench.bring(path, completeness="partial")
    people = json.loads(path.read_text(encoding="cp1252", errors="replace"))["following"]
    assert all(isinstance(one, dict) for one in people)
    distinct = len({one["id"] for one in people})
    shown(path.name, len(bench.follows("following")), distinct)
    assert len(bench.follows("following")) == distinct
