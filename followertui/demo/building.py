"""Builds the demo's store: audience and lists imported, matched, judged, a week passed.

Owns the recipe and the order of building. Everything goes through the same use cases as a
user's own files. A killed build leaves only a ``.part`` file.
"""

from __future__ import annotations

import csv
import tempfile
from array import array
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from followertui.demo import building_history, building_outreach
from followertui.demo.audience import HANDLE, Audience
from followertui.demo.history import STORY
from followertui.demo.places import clock_path, sandbox_path
from followertui.demo.sandbox import OWN_ID, first_sandbox
from followertui.demo.words_companies import COMPETITORS, MARKET
from followertui.domain.account import AccountRecord
from followertui.domain.clock import FileClock, epoch
from followertui.domain.errors import BadInput
from followertui.domain.progress import CancelToken, Progress
from followertui.services.intake import importing
from followertui.services.intake.sources import Source
from followertui.services.intake.values import AboutUs, ImportChoices
from followertui.services.session import Session
from followertui.services.sync import signing_in
from followertui.services.workbench import Workbench
from followertui.store.file import watermarks
from followertui.store.file.connection import Store
from followertui.text.cleaning import clean_column
from followertui.x.platform import Access

BEGIN = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
"""The demo's Monday: its time is made up, so that pictures and tests are the same every day."""

WEEK = timedelta(days=7)

ABOUT = AboutUs(
    names=("Acme Analytics", "Acme"),
    domains=("acme.example",),
    handles=("acme",),
    competitors=tuple(name.split()[0].lower() for name in COMPETITORS),
    market=MARKET,
)
"""About-us settings of the fictional company."""

_FOREIGN = [AccountRecord._fields.index(name) for name in ("name", "bio", "location", "url", "site", "affiliation")]
_LARGE = 50_000

COMPARED = 10_000
"""Number of newest accounts compared with the lists while a demo is built: comparing all of a large
one takes a quarter of an hour. The rest is ``match:unchecked`` until `match` runs."""

_NEWEST_BATCHES = 4


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a demo is made of.

    Attributes:
        accounts: number of accounts, approximately.
        seed: another seed gives other people.
        access: access level: "pay-per-use" or "enterprise".
    """

    accounts: int = 5000
    seed: int = 1
    access: str = "pay-per-use"

    def __str__(self) -> str:
        return f"{self.accounts}-{self.seed}-{self.access}"


def build(path: Path, recipe: Recipe, cancel: CancelToken) -> Generator[Progress, None, None]:
    """Build a demo in a new file.

    Args:
        path: the new store file.
        recipe: what it is made of.
        cancel: polled throughout.

    Yields:
        Progress.

    Raises:
        BadInput: the file exists already.
        Cancelled: it was stopped; nothing is left behind.
    """
    if path.exists():
        raise BadInput(f"{path}: exists already; name another --store for the demo")
    part = path.with_name(path.name + ".part")
    _remove(part)
    try:
        yield from _build(part, recipe, cancel)
    except BaseException:
        _remove(part)
        raise
    for made in (sandbox_path(part), clock_path(part)):
        made.rename(path.with_name(made.name.replace(part.name, path.name, 1)))
    part.rename(path)
    _drop_cache(path)
    _cache(part).rename(_cache(path))


def _cache(path: Path) -> Path:
    return path.with_name(path.name + ".cache")


def _remove(part: Path) -> None:
    for suffix in ("", "-wal", "-shm", ".clock", ".sandbox.json"):
        part.with_name(part.name + suffix).unlink(missing_ok=True)
    _drop_cache(part)


def _drop_cache(path: Path) -> None:
    """Remove the derived files of a store, which may be left of one that was deleted."""
    if _cache(path).is_dir():
        for made in _cache(path).iterdir():
            made.unlink()
        _cache(path).rmdir()


def _build(part: Path, recipe: Recipe, cancel: CancelToken) -> Generator[Progress, None, None]:
    yield Progress(0, None, "generating an audience")
    store = Store(part)
    clock = FileClock(clock_path(part))
    clock.set(BEGIN)
    audience = Audience(recipe.accounts, recipe.seed, BEGIN - WEEK)
    session = Session(store, clock, "demo", is_demo=True)
    bench = Workbench(session)
    try:
        bench.set_about(ABOUT)
        with store.write():
            watermarks.PROFILE_HANDLE.write(store, HANDLE)
            watermarks.PROFILE_ID.write(store, OWN_ID)
            signing_in.seed_access(session, Access(recipe.access))
        people = Present()
        yield from take_reading(session, people.counted(audience.batches("all")), BEGIN - WEEK, "first reading", cancel)
        if recipe.accounts <= _LARGE:
            yield from building_history.write(session, audience, STORY, cancel)
        building_outreach.write(store, session.reviewer, audience, is_whole=recipe.accounts <= _LARGE)
        yield from _bring_events(bench, audience, cancel)
        yield from _bring_lists(bench, audience, cancel)
        people = people if recipe.accounts > _LARGE else Present()
        yield from take_reading(
            session,
            _second(audience, recipe, people),
            BEGIN,
            "second reading",
            cancel,
            is_partial=recipe.accounts > _LARGE,
        )
        yield from bench.catch_up(cancel, COMPARED)
        first_sandbox(people, audience, recipe, sandbox_path(part), clock).save()
        watermarks.DEMO.write(store, watermarks.DemoState(recipe.accounts, recipe.seed, recipe.access, week=1))
    finally:
        bench.close()


def _bring_events(bench: Workbench, audience: Audience, cancel: CancelToken) -> Iterator[Progress]:
    """Import whom the company talked with and who came to its site, from real CSV files; not of a large demo."""
    if audience.accounts > _LARGE:
        return
    with tempfile.TemporaryDirectory() as folder:
        log, visits = Path(folder) / "messages.csv", Path(folder) / "visits.csv"
        building_history.write_contacts(audience, log)
        building_history.write_visits(audience, visits)
        for path, what in ((log, "contact-log"), (visits, "outcomes")):
            yield from bench.import_file(str(path), ImportChoices(what=what, as_of=BEGIN.isoformat()), cancel)


def _second(audience: Audience, recipe: Recipe, people: Present) -> Iterator[list[AccountRecord]]:
    """The snapshot a week later: whole for small audiences, only the newest accounts of large ones."""
    audience.next_week(1)
    batches = audience.batches("all", week=1)
    if recipe.accounts > _LARGE:
        return (batch for batch, _ in zip(batches, range(_NEWEST_BATCHES), strict=False))
    return people.counted(batches)


class Present:
    """Collects who is in a snapshot while it is imported.

    Attributes:
        followers: ids, newest first.
        following: ids, newest first.
    """

    def __init__(self) -> None:
        self.followers = array("q")
        self.following = array("q")

    def counted(self, batches: Iterable[list[AccountRecord]]) -> Iterator[list[AccountRecord]]:
        """Pass batches on, noting who is in them."""
        for batch in batches:
            self.followers.extend(record.x_id for record in batch if record.follows_us and record.x_id)
            self.following.extend(record.x_id for record in batch if record.we_follow and record.x_id)
            yield batch


def take_reading(
    session: Session,
    batches: Iterable[list[AccountRecord]],
    at: datetime,
    name: str,
    cancel: CancelToken,
    is_partial: bool = False,
) -> Generator[Progress, None, None]:
    """Import one snapshot of both directions, as the records' flags say.

    Args:
        session: the open store.
        batches: records with both flags, newest first, text still raw.
        at: when it was taken, aware.
        name: its source, as the card shows it.
        cancel: polled per batch.
        is_partial: only the newest accounts were read.
    """
    source = Source(
        what="demo",
        name=f"demo, {name}",
        rank=4,
        sha256=f"demo:{watermarks.STORE_ID.read(session.store)}:{epoch(at)}",
        as_of=epoch(at),
        completeness="partial" if is_partial else "complete",
        newest_first=True,
        is_flag_reading=True,
    )
    clean = (cleaned(batch) for batch in batches)
    yield from importing.import_records(session.store, session.journal, session.clock, source, clean, "", cancel)


def cleaned(batch: list[AccountRecord]) -> list[AccountRecord]:
    """Records through the one door of foreign text, as every reader does it."""
    columns: list[Sequence[object]] = list(zip(*batch, strict=True))
    for place in _FOREIGN:
        columns[place] = clean_column([str(value or "") for value in columns[place]])
    return list(map(AccountRecord._make, zip(*columns, strict=True)))


def _bring_lists(bench: Workbench, audience: Audience, cancel: CancelToken) -> Iterator[Progress]:
    """Import the lists from real CSV files, as a user's would be."""
    lists = (
        ("customer", "Customers", "own-records", audience.customer_list()),
        ("prospect", "Open opportunities", "own-records", audience.prospect_list()),
        ("partner", "Partners", "own-records", audience.partner_list()),
        ("press", "Press contacts", "public-directory", audience.press_list()),
        ("employee", "Employees", "own-records", audience.employee_list()),
        ("competitor", "Competitors", "public-directory", audience.competitor_list()),
        ("vendor", "Vendors", "own-records", audience.vendor_list()),
    )
    with tempfile.TemporaryDirectory() as folder:
        for kind, name, basis, rows in lists:
            path = Path(folder) / f"{name.lower().replace(' ', '-')}.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(rows[0]))
                writer.writeheader()
                writer.writerows(rows)
            choices = ImportChoices(what="list", kind=kind, name=name, basis=basis, as_of=BEGIN.isoformat())
            yield from bench.import_file(str(path), choices, cancel)
