"""Made-up exports of any size for ``bench_import``: a CSV, a JSONL sharing half of it, a quarter of each, a list."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HEAD = (
    "id", "username", "name", "description", "location", "url", "followers_count", "friends_count", "statuses_count",
    "listed_count", "created_at", "verified",
)  # fmt: skip
PREFIX = "zq"
FIRST = ("Ada", "Bo", "Chidi", "Dana", "Elif", "Farah", "Goran", "Hana", "Ivo", "Jun", "Kim", "Léa", "Mei", "Noor")
LAST = ("Adler", "Berg", "Costa", "Diallo", "Eder", "Fuchs", "Garcia", "Huang", "Ito", "Jensen", "Kaya", "Lopez")
WORDS = (
    *("logistics", "freight", "software", "founder", "building", "coffee", "trains", "marketing", "data", "cloud"),
    *("sales", "engineer", "design", "growth", "product", "climate", "energy", "retail", "health", "finance"),
    *("security", "open", "source", "writer", "runner", "dad", "views", "own", "photos", "music", "football"),
    *("travel", "news", "daily", "tips", "free", "follow", "back", "investor", "startup", "ai", "robotics"),
)
PLACES = ("Berlin", "Paris, France", "Austin, TX", "", "London", "São Paulo", "東京", "Lagos", "", "Toronto")


def people(count: int, offset: int) -> Iterator[tuple[Any, ...]]:
    """Accounts no export knows; ids, handles and texts differ from row to row."""
    rnd = random.Random(offset)
    for n in range(offset, offset + count):
        name = f"{rnd.choice(FIRST)} {rnd.choice(LAST)}"
        company = f"Firm{rnd.randrange(200_000)}"
        bio = " ".join(rnd.choices(WORDS, k=rnd.randrange(4, 16)))
        if n % 10 == 0:
            bio = f"{rnd.choice(('VP Sales', 'CEO', 'Engineer'))} at {company}. {bio}"
        yield (
            1_300_000_000_000_000_000 + n * 1_000_003, f"{PREFIX}_{n:x}", name, bio, rnd.choice(PLACES),
            f"https://{company.lower()}.com" if n % 4 == 0 else "", rnd.randrange(10**rnd.randrange(1, 7)),
            rnd.randrange(5000), rnd.randrange(40_000), rnd.randrange(50),
            f"20{rnd.randrange(10, 26)}-{rnd.randrange(1, 13):02}-{rnd.randrange(1, 29):02}T10:00:00Z", "false",
        )  # fmt: skip


def write_files(folder: Path, rows: int) -> None:
    """The CSV (followers), the JSONL (following), a quarter of each, and the list."""
    for name, count in (("followers.csv", rows), ("quarter.csv", rows // 4)):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEAD)
            writer.writerows(people(count, 1))
    for name, count in (("following.jsonl", rows), ("quarter.jsonl", rows // 4)):
        with (folder / name).open("w", encoding="utf-8") as file:
            for row in people(count, count // 2 + 1):
                file.write(json.dumps(dict(zip(HEAD, row, strict=True)), ensure_ascii=False) + "\n")
    with (folder / "companies.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("Company", "Website", "City"))
        writer.writerows((f"Firm{n} GmbH", f"https://firm{n}.com", PLACES[n % 10]) for n in range(rows // 20))
