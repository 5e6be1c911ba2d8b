"""The labelled match data as domain values, for the matching benchmark."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from followertui.domain.account import ProfileColumns
from followertui.domain.lists import ListEntry
from followertui.matching.counting import counted
from followertui.matching.rarity import Audience

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"

Pair = tuple[str, str]


class Labelled(NamedTuple):
    """Accounts, entries and the labels between them, keyed by handle and source entry id."""

    columns: ProfileColumns
    entries: list[ListEntry]
    lists: dict[str, str]
    required: dict[str, set[Pair]]
    right: set[Pair]
    works: set[Pair]
    excluded: set[Pair]
    hard: set[Pair]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def columns_of(rows: list[dict[str, str]]) -> ProfileColumns:
    nothing: list[None] = [None] * len(rows)
    text = {name: [row.get(name) or None for row in rows] for name in ("handle", "name", "bio", "location", "url")}
    return ProfileColumns(
        rows=range(len(rows)),
        x_id=nothing,
        handle=text["handle"],
        name=text["name"],
        bio=text["bio"],
        location=text["location"],
        url=text["url"],
        site=[row.get("expanded_url") or row.get("url") or None for row in rows],
        followers=nothing,
        following=nothing,
        posts=nothing,
        listed=nothing,
        created_at=nothing,
        last_post_at=nothing,
        verified=nothing,
        protected=nothing,
        default_image=nothing,
        parody=nothing,
        image_url=nothing,
        affiliation=nothing,
        lang=nothing,
        likes=nothing,
    )


def entry_of(row: dict[str, str], number: int) -> ListEntry:
    website = row.get("website", "")
    is_person = bool(row.get("full_name") or row.get("last_name"))
    domains = [] if is_person and row.get("company") and not website else [row.get("domain", "")]
    return ListEntry(
        line=number,
        company=row.get("company", ""),
        person=row.get("full_name", ""),
        first_name=row.get("first_name", ""),
        middle_name=row.get("middle_name", ""),
        last_name=row.get("last_name", ""),
        suffix=row.get("suffix", ""),
        nickname=row.get("nickname", ""),
        title=row.get("title", ""),
        domains=tuple(dict.fromkeys(text for text in (*domains, website) if text)),
        city=row.get("headquarters", ""),
        region=row.get("state", ""),
        country=row.get("country", ""),
        crm_id=row["entry_id"],
        fields=row,
        id=number,
        list_id=1,
        entity_id=number,
    )


def labelled() -> Labelled:
    base = DATA / "match-benchmark"
    accounts = rows_of(base / "accounts.csv")
    entries: list[ListEntry] = []
    lists: dict[str, str] = {}
    for path in sorted((base / "lists").glob("*.csv")):
        for row in rows_of(path):
            entries.append(entry_of(row, len(entries) + 1))
            lists[row["entry_id"]] = path.stem
    required: dict[str, set[Pair]] = defaultdict(set)
    right: set[Pair] = set()
    works: set[Pair] = set()
    for row in rows_of(base / "gold.csv"):
        pair = (row["handle"], row["entry_id"])
        if row["relation"] == "employee_of":
            works.add(pair)
            continue
        right.add(pair)
        if row["gold_kind"] == "handle_in_source":
            required[row["list"]].add(pair)
    return Labelled(
        columns_of(accounts),
        entries,
        lists,
        dict(required),
        right,
        works,
        {(row["handle"], row["entry_id"]) for row in rows_of(base / "excluded_pairs.csv")},
        {(row["handle"], row["entry_id"]) for row in rows_of(base / "hard_negatives.csv")},
    )


def audience_of(entries: list[ListEntry], columns: ProfileColumns) -> Audience:
    """What a store of these accounts would know of them before they are compared."""
    names = {(handle or "").lower(): name for handle, name in zip(columns.handle, columns.name, strict=True)}
    bios = (bio for bio in columns.bio if bio)
    return counted(entries, (), (name or "" for name in columns.name), names.get, bios=bios)
