"""Alerts name exactly who that matters came, left or moved, by owner, on the day of the reading."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from list_world import ListWorld, returned

from followertui.domain.account import AccountRecord
from followertui.domain.clock import epoch
from followertui.domain.errors import BadInput
from followertui.domain.progress import NeverCancelled
from followertui.services import querying
from followertui.services.insight import alerting
from followertui.services.intake import importing
from followertui.services.intake.sources import Source
from followertui.services.intake.values import ImportChoices

FIRST = datetime(2026, 9, 7, 8, tzinfo=UTC)
SECOND = FIRST + timedelta(days=14)
FIRMS = ("Zelphin Rail", "Quorvane Cargo", "Brindle Freight", "Ostvane Lines")


def firm(number: int, name: str) -> dict[str, object]:
    site = f"https://{name.split()[0].lower()}.com"
    return {
        "x_id": number,
        "handle": name.split()[0].lower(),
        "name": name,
        "bio": f"Official account of {name}",
        "url": site,
    }


class World(ListWorld):
    """Followers as readings bring them in, long before they are imported."""

    def reading(self, at: datetime, people: Sequence[dict[str, object]], completeness: str = "complete") -> None:
        self._step()
        source = Source(
            what="accounts", name="followers", rank=3, as_of=epoch(at), sha256=f"r{self._count}",
            completeness=completeness,
        )  # fmt: skip
        session, batch = self.session, [AccountRecord(**fields) for fields in people]  # type: ignore[arg-type]
        returned(
            importing.import_records(
                session.store, session.journal, session.clock, source, [batch], "follower", NeverCancelled()
            )
        )
        returned(self.bench.catch_up())

    def owned(self, kind: str, *lines: tuple[str, str]) -> None:
        """A list of companies with their owners."""
        self._step()
        path = self.folder / f"{kind}.csv"
        head = ("Company", "Website", "Owner")
        rows = [head, *((name, f"{name.split()[0].lower()}.com", who) for name, who in lines)]
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
        choices = ImportChoices(
            what="list", kind=kind, name=kind.capitalize(), basis="own-records", as_of=FIRST.isoformat()
        )
        returned(self.bench.import_file(str(path), choices, NeverCancelled()))


def crowd(first: int, count: int, **fields: object) -> list[dict[str, object]]:
    return [
        {"x_id": first + n, "handle": f"p{first + n}", "name": f"Person {first + n}",
         "bio": f"thoughts about {first + n} things", **fields}
        for n in range(count)
    ]  # fmt: skip


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.bench.close()


def told(world: World, since: date | None = None) -> list[tuple[str, str, str, str]]:
    records = [alerting.record(world.session, one) for one in alerting.alerts(world.session, since)]
    return [(one["owner"], one["day"], one["type"], one["handle"] or one["list"]) for one in records]


def test_exactly_what_was_planted_is_told(world: World) -> None:
    old = crowd(1000, 60)
    dana = {"x_id": 7, "handle": "dana_o", "name": "Dana Ostrander", "bio": "CTO at Brindle Freight"}
    world.owned("customer", ("Zelphin Rail", "Kim"), ("Brindle Freight", "Kim"), ("Ostvane Lines", "Lee"))
    world.owned("prospect", ("Quorvane Cargo", "Lee"))
    world.reading(FIRST, [*old, firm(1, FIRMS[0]), firm(4, FIRMS[3]), dana])
    world.bench.confirm([tie.id for tie in world.ties("dana_o")])
    with pytest.raises(BadInput, match="import a second"):
        alerting.alerts(world.session)
    bought = crowd(5000, 60, bio="DM for collab, crypto signals daily, 100x gems", created_at=epoch(FIRST) - 86_400)
    moved = {**dana, "bio": "VP at Initrode"}
    world.reading(SECOND, [*bought, firm(2, FIRMS[1]), *old[5:], firm(4, FIRMS[3]), moved, *crowd(9000, 3)])
    found = told(world)
    assert [one for one in found if one[2] != "coverage"] == [
        ("Kim", "2026-09-21", "job-change", "dana_o"),
        ("Kim", "2026-09-21", "left", "zelphin"),
        ("Lee", "2026-09-21", "followed", "quorvane"),
        ("", "2026-09-21", "wave", ""),
    ]
    assert {one for one in found if one[2] == "coverage"} == {
        ("", "2026-09-21", "coverage", "Prospect"), ("", "2026-09-21", "coverage", "Customer")
    }  # fmt: skip
    wave = next(one for one in alerting.alerts(world.session) if one.type is alerting.AlertType.WAVE)
    assert wave.count == 60
    assert len(querying.rows_of(world.session, wave.query)) == 60
    assert told(world, SECOND.date()) == []
    lines = alerting.lines(world.session, alerting.alerts(world.session))
    assert lines[0] == "Kim"
    assert lines[1] == "  21 Sep  customer @dana_o Dana Ostrander was at Brindle Freight, now says Initrode"


def test_the_baseline_never_alerts(world: World) -> None:
    world.owned("customer", ("Zelphin Rail", "Kim"))
    world.reading(FIRST, crowd(1000, 20), "partial")
    world.reading(SECOND, [*crowd(1000, 20), firm(1, FIRMS[0])])
    world.reading(SECOND + timedelta(days=7), [*crowd(1000, 20), firm(1, FIRMS[0])])
    assert told(world, FIRST.date()) == [], "nor does the coverage of a list, where nothing was read before"
    assert told(world) == []


def test_a_partial_reading_makes_nobody_leave(world: World) -> None:
    world.owned("customer", ("Zelphin Rail", "Kim"))
    world.reading(FIRST, [*crowd(1000, 20), firm(1, FIRMS[0])])
    world.reading(SECOND, crowd(1000, 20), "partial")
    assert told(world) == []
