"""People bring their company along: its account is matched and held back, and counts as theirs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from list_world import ListWorld

from followertui.domain.decision import Decision
from followertui.domain.match import Band, MatchRelation
from followertui.services.care import exporting
from followertui.services.insight import company_brief
from followertui.services.scoring import matching
from followertui.store.lists import lists

HEADER = ("Record ID", "First Name", "Last Name", "Email", "Company Name", "Job Title", "Twitter handle")
LENA = ("51", "Lena", "Brandt", "lena.brandt@nordkai-logistik.de", "Nordkai Logistik GmbH", "Head of Sea", "")
JAN = ("52", "Jan", "Petersen", "jan@nordkai-logistik.de", "Nordkai Logistik GmbH", "CTO", "")
UWE = ("53", "Uwe", "Klein", "uwe.klein@nordkai-logistik.de", "Nordkai Logistik GmbH", "Buyer", "")
FIRM = {"x_id": 90, "handle": "nordkai_de", "name": "Nordkai Logistik", "bio": "Freight by sea", "location": "Hamburg",
        "site": "https://nordkai-logistik.de"}  # fmt: skip
ANNA = {"x_id": 91, "handle": "anna", "name": "Anna Alt", "bio": "Sales at Nordkai Logistik"}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[ListWorld]:
    made = ListWorld(tmp_path)
    yield made
    made.bench.close()


@pytest.mark.parametrize("basis", ["own-records", "third-party"])
def test_the_company_of_contacts_is_matched_and_held_back(world: ListWorld, basis: str) -> None:
    world.accounts(FIRM, ANNA)
    report = world.list(HEADER, LENA, JAN, UWE, name="HC", basis=basis)
    world.match()
    assert (report.added, report.read) == (3, 3)
    (tie,) = world.ties("nordkai_de")
    assert (tie.entity, tie.entity_type, tie.relation) == ("Nordkai Logistik GmbH", "company", MatchRelation.IS)
    assert tie.band is Band.CERTAIN
    world.bench.decide([world.row("nordkai_de")], Decision.OUT)
    assert world.session.store.con.execute("SELECT state, reason FROM plan_item").fetchall() == [
        ("held", "matches a list entry (reject the match to allow)")
    ]
    brief = "\n".join(company_brief.brief(world.session, "Nordkai Logistik"))
    assert "@nordkai_de" in brief
    assert "Nordkai Logistik GmbH  customer" in brief
    (works,) = world.ties("anna")
    assert (works.entity_type, works.relation) == ("company", MatchRelation.WORKS_AT)


def test_lists_and_coverage_count_lines_not_their_companies(world: ListWorld) -> None:
    world.accounts(FIRM)
    world.list(HEADER, LENA, JAN, name="HC")
    world.match()
    (info,) = lists.lists(world.session.store)
    assert info.entries == 2
    assert len(list(company_brief.coverage(world.session, "HC"))) == 2
    again = world.list(HEADER, LENA, name="HC")
    assert (again.added, again.updated, again.left) == (0, 0, 1)
    world.match()
    assert world.ties("nordkai_de")
    gone = world.list(HEADER, ("60", "Ada", "Berg", "ada@quorvane.example.org", "Quorvane", "", ""), name="HC")
    assert (gone.added, gone.left) == (1, 1)
    world.match()
    assert world.ties("nordkai_de") == []


def test_undo_takes_the_company_of_the_contacts_along(world: ListWorld) -> None:
    world.accounts(FIRM)
    world.list(HEADER, JAN, name="HC")
    world.match()
    assert world.ties("nordkai_de")
    for _ in world.bench.reverse_import(False):
        pass
    world.match()
    assert world.ties("nordkai_de") == []
    for _ in world.bench.reverse_import(True):
        pass
    world.match()
    assert world.ties("nordkai_de")


def test_a_company_on_a_list_of_its_own_and_its_contacts_are_one(world: ListWorld) -> None:
    world.accounts(FIRM)
    world.list(HEADER, JAN, name="HC")
    world.list(("Company", "Website"), ("Nordkai Logistik", "nordkai-logistik.de"), name="Firms", kind="prospect")
    world.match()
    (tie,) = world.ties("nordkai_de")
    assert {kind for _, kind in tie.lists} == {"customer", "prospect"}
    assert "shared" not in str([item.signal for item in tie.evidence])


@pytest.mark.parametrize("kind", ["influencer", "employee"])
def test_who_does_not_speak_for_a_company_brings_none(world: ListWorld, kind: str) -> None:
    world.accounts(FIRM, ANNA)
    world.list(HEADER, JAN, UWE, name="Voices", kind=kind)
    world.match()
    assert world.ties("nordkai_de") == world.ties("anna") == []


def test_an_employer_that_is_none_is_nobodys_employer(world: ListWorld) -> None:
    world.accounts(
        {"x_id": 1, "handle": "a", "name": "A B", "bio": "Artist at Freelance"},
        {"x_id": 2, "handle": "b", "name": "Bo Ek", "bio": "Artist and retired teacher"},
        {"x_id": 3, "handle": "adaberg", "name": "Ada Berg", "bio": "Artist"},
    )
    world.list(
        HEADER,
        ("1", "Ada", "Berg", "ada@ada-berg.de", "Artist", "", ""),
        ("2", "Uwe", "Klein", "", "Freelance", "", ""),
        ("3", "Di", "Elm", "", "Retired", "", ""),
    )
    world.match()
    assert [world.ties(handle) for handle in ("a", "b")] == [[], []]
    assert [tie.entity_type for tie in world.ties("adaberg")] == ["person"]
    assert world.found('company:"ada"') == set()


def test_company_is_a_company_and_entity_says_what_it_is(world: ListWorld) -> None:
    world.accounts(FIRM, {"x_id": 3, "handle": "janpetersen", "name": "Jan Petersen", "bio": "CTO at Nordkai Logistik"})
    world.list(HEADER, JAN)
    world.match()
    assert world.found('company:"nordkai"') == {"nordkai_de", "janpetersen"}
    assert world.found('company:"jan petersen"') == set()
    types = {(record["handle"], record["entity"]["type"], record["entity"]["name"]) for record in world.records()}
    assert ("nordkai_de", "company", "Nordkai Logistik GmbH") in types
    assert ("janpetersen", "person", "Jan Petersen") in types
    assert all(record["entity"]["id"].isdigit() for record in world.records())
    rows = [world.row("janpetersen"), world.row("nordkai_de")]
    found = exporting.accounts(world.session, rows, ("company",))
    assert [record["company"] for record in found] == ["Nordkai Logistik GmbH"] * 2


def test_a_list_of_handles_alone_is_matched(world: ListWorld) -> None:
    world.accounts(FIRM, ANNA, relation="follower")
    report = world.list(("Handle",), ("@nordkai_de",), ("@somebody_else",), name="Handles")
    assert report.added == 2
    world.match()
    (tie,) = world.ties("nordkai_de")
    assert (tie.band, tie.entity) == (Band.CERTAIN, "@nordkai_de")
    assert world.ties("anna") == []
    world.list(("Handle",), ("nordkai_de",), name="More", kind="partner")
    world.match()
    assert len(world.ties("nordkai_de")) == 1


def test_a_list_of_an_earlier_version_gets_its_companies(world: ListWorld) -> None:
    world.accounts(FIRM)
    world.list(HEADER, JAN, UWE)
    con = world.session.store.con
    with world.session.store.write():
        con.execute("DELETE FROM entry WHERE key LIKE 'company:%'")
        con.execute("DELETE FROM entity_key WHERE entity_id NOT IN (SELECT entity_id FROM entry)")
    world.session.store.con.execute("DELETE FROM meta WHERE name = 'companies_behind'")
    assert matching.is_behind(world.session)
    world.match()
    assert not matching.is_behind(world.session)
    assert [tie.band for tie in world.ties("nordkai_de")] == [Band.CERTAIN]
    assert not lists.add_companies_behind(world.session.store)
