"""The product's whole ``match`` on a store of made-up accounts: evidence and writing included."""

from __future__ import annotations

import csv
import random
import tempfile
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any, TypeVar

from match_names import Names

from followertui.domain.clock import SystemClock
from followertui.services.intake.values import ImportChoices, MatchReport
from followertui.services.session import Session
from followertui.services.workbench import Workbench
from followertui.store.file.connection import Store

_ACCOUNTS, _ENTRIES, _NEW = 100_000, 50_000, 1_000

Returned = TypeVar("Returned")


def run(scale: float) -> None:
    """Seconds and rows of a full match, of a new small list and of new followers, at a share of the full size."""
    accounts, entries, new = int(_ACCOUNTS * scale), max(1_000, int(_ENTRIES * scale)), max(100, int(_NEW * scale))
    maker = Names("latin", seed=21)
    companies = [maker.one() for _ in range(entries + new)]
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        write_accounts(base / "accounts.csv", accounts, companies, maker)
        write_list(base / "crm.csv", companies[:entries])
        write_list(base / "event.csv", companies[entries:])
        bench = Workbench(Session(Store(base / "store.db"), SystemClock(), "bench"))
        try:
            _timed(bench.import_file(str(base / "accounts.csv"), ImportChoices(what="accounts", relation="follower")))
            _timed(bench.import_file(str(base / "crm.csv"), _listed("CRM")))
            _say(f"whole match, {accounts:,} accounts x {entries:,} entries", accounts, *_timed(bench.match()))
            _timed(bench.import_file(str(base / "event.csv"), _listed("Event")))
            _say(f"whole match, a new list of {new:,} entries", accounts, *_timed(bench.match()))
            _say("whole match again, everybody", accounts, *_timed(bench.match(full=True)))
        finally:
            bench.close()


def _say(title: str, accounts: int, seconds: float, report: MatchReport) -> None:
    kept = report.certain + report.likely + report.possible
    print(
        f"{title}: {seconds:.1f} s, {accounts / seconds:,.0f} accounts a second; {report.accounts:,} compared, "
        f"{kept:,} matches kept with evidence ({report.added:,} new, {report.removed:,} gone)"
    )


def _timed(job: Generator[Any, None, Returned]) -> tuple[float, Returned]:
    """Seconds a job takes, and what it returns."""
    start = time.perf_counter()
    while True:
        try:
            next(job)
        except StopIteration as end:
            return time.perf_counter() - start, end.value


def _listed(name: str) -> ImportChoices:
    return ImportChoices(what="list", kind="customer", name=name, basis="own-records")


def write_list(path: Path, companies: list[str]) -> None:
    """A list of companies with their sites."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("Company", "Website"))
        writer.writerows((name, f"https://{name.replace(' ', '').lower()}.com") for name in companies)


def write_accounts(path: Path, count: int, companies: list[str], maker: Names) -> None:
    """Accounts of which one in fifty has a company's name misspelt and one in twenty names an employer."""
    rng = random.Random(22)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "username", "name", "description", "location", "url"))
        for at in range(count):
            name = maker.noisy(rng.choice(companies)) if rng.random() < 0.02 else maker.one()
            bio = " ".join(maker.word() for _ in range(rng.randrange(2, 14)))
            if rng.random() < 0.05:
                bio = f"{bio} engineer at {rng.choice(companies)}"
            site = f"https://{maker.word()}.com" if rng.random() < 0.25 else ""
            writer.writerow((10**12 + at, f"{name.replace(' ', '')[:9]}_{at:x}"[:15], name, bio, "Berlin", site))
