"""What a query names that the store does not know is said, with the nearest; what it knows is offered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from list_world import ListWorld

from followertui.domain.errors import BadQuery
from followertui.services.review import offering, queues
from followertui.services.session import Session
from followertui.store.decisions import saved_views

FIRMS = ("Company", "Website", "Owner")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[ListWorld]:
    made = ListWorld(tmp_path)
    made.accounts(
        {"x_id": 4, "handle": "quorvane", "name": "Quorvane", "site": "https://quorvane.com"},
        {"x_id": 5, "handle": "quormill", "name": "Old Quormill", "site": "https://quormill.com"},
        {"x_id": 6, "handle": "nobody", "name": "No Body"},
    )
    made.list(
        FIRMS, ("Quorvane", "quorvane.com", "Dana Ek"), ("Old Quormill", "quormill.com", ""), ("Brindle", "", "Bo")
    )
    made.match()
    yield made
    made.bench.close()


@pytest.mark.parametrize(
    ("query", "near"),
    [("reason:never-lited", "never-listed"), ("wave:same-boi", "same-bio"), ("-reason:WAVES", "wave")],
)
def test_a_reason_or_wave_that_is_none_is_said_with_the_nearest(world: ListWorld, query: str, near: str) -> None:
    with pytest.raises(BadQuery, match="did you mean") as caught:
        world.found(query)
    assert caught.value.suggestion == near
    assert query[caught.value.position :].lower().endswith(query.rpartition(":")[2].lower())


def test_a_wave_by_a_number_nobody_has_is_said(world: ListWorld) -> None:
    with pytest.raises(BadQuery, match='wave: takes no "37" at 6: it takes wave'):
        world.found("wave:37")


def test_what_there_may_be_is_asked_without_complaint(world: ListWorld) -> None:
    for query in ("reason:never-listed", "reason:Wave", "wave:same-bio", "wave:wave", "reason:same-bio", '"reason:x"'):
        assert world.found(query) == set()


def test_a_view_that_asks_for_a_wave_gone_by_has_no_count_and_stops_no_other(world: ListWorld) -> None:
    saved_views.save_view(world.session.store, "gone", "wave:37")
    saved_views.save_view(world.session.store, "there", "is:following")
    counts = {queue.id: queue.count for queue in queues.counted_queues(world.session)}
    assert counts["view:gone"] is None
    assert counts["view:there"] == 3


def test_has_asks_for_company_list_owner_and_days(world: ListWorld) -> None:
    assert world.found("has:company") == {"quorvane", "quormill"} == world.found("has:list")
    assert world.found("has:owner") == {"quorvane"}
    assert world.found("has:followed") == world.found("has:left") == set()
    assert world.found("has:seen") == {"quorvane", "quormill", "nobody"}


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("company:", ["Old Quormill", "Quorvane"]),
        ("company:qu", ["Quorvane", "Old Quormill"]),
        ("is:following company:%", []),
        ("owner:d", ["Dana Ek"]),
        ("owner:", ["Dana Ek"]),
    ],
)
def test_companies_and_owners_of_matches_are_offered(world: ListWorld, typed: str, offered: list[str]) -> None:
    found = [one.text.strip('"') for one in world.bench.complete(typed, len(typed))]
    assert found == offered


@pytest.mark.parametrize(
    ("before", "field"),
    [
        ("list:Customers tag:conf", "tag"),
        ('list:"Old customers" tag:conf', "tag"),
        ('list:"Old cust', "list"),
        ("tag:vip,conf", "tag"),
        ("list:Customers kind:b", ""),
        ('list:"Old customers" ', ""),
    ],
)
def test_only_the_field_being_typed_offers_its_names(session: Session, before: str, field: str) -> None:
    assert list(offering.names_at(session, before)) == ([field] if field else [])
