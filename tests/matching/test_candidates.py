"""Candidates: what speaks for an account that no match was found for."""

from __future__ import annotations

from typing import Any

import pytest
from match_fixtures import company, person, profiles

from followertui.domain.lists import ListEntry
from followertui.matching.candidates import REASONS, Candidate, Discovery

STRANGERS = [{"handle": f"someone{n}", "name": f"Someone Else {n}", "bio": "Coffee and trains"} for n in range(30)]


def search(entry: ListEntry, *accounts: dict[str, Any], **more: Any) -> list[Candidate]:
    """The candidates of an entry among some accounts, rows 0 and up, and thirty strangers behind them."""
    columns = profiles(*accounts, *STRANGERS)
    discovery = Discovery([entry], **more)
    discovery.count(columns)
    discovery.look(columns)
    return discovery.of(0)


@pytest.mark.parametrize(
    ("account", "code"),
    [
        ({"handle": "kph_official", "name": "Kestrel Harbor"}, "name"),
        ({"handle": "kestrelnews", "name": ""}, "handle"),
        ({"handle": "kphworks", "name": "K. P. H.", "bio": "We are Kestrel Point"}, "bio"),
        ({"handle": "ourhouse", "name": "Our House", "site": "https://kestrelpoint.com/about"}, "site"),
        ({"handle": "kestr_point", "name": "Kestr Point"}, "shortened"),
        ({"handle": "kp_help", "name": "", "bio": "Support of @kestrelpoint"}, "mention"),
    ],
)
def test_what_reads_like_the_entry_is_a_candidate(account: dict[str, Any], code: str) -> None:
    [first] = search(company(1, "Kestrel Point Holdings", domains=("kestrelpoint.com",)), account)
    assert first.row == 0
    assert code in {reason.code for reason in first.reasons}
    assert {reason.code for reason in first.reasons} <= REASONS.keys()


def test_the_likeliest_comes_first_and_no_more_than_asked() -> None:
    accounts = [{"handle": f"kestrel{n}", "name": f"Kestrel {n}"} for n in range(6)]
    accounts.append({"handle": "kestrelpoint", "name": "Kestrel Point", "location": "Leeds"})
    found = search(company(1, "Kestrel Point Holdings", domains=("kestrelpoint.com",)), *accounts, most=2)
    assert found[0].row == 6
    assert len(found) == 2
    assert found[0].bits > found[1].bits


def test_an_account_known_for_the_same_site_is_a_candidate() -> None:
    [first] = search(
        company(1, "Weekly Post", domains=("kestrelpoint.com",)),
        {"handle": "zz", "name": "Zz"},
        known={"kestrelpoint.com": {0}},
    )
    assert (first.row, [reason.code for reason in first.reasons]) == (0, ["sibling"])


def test_what_was_answered_is_no_candidate() -> None:
    entry = company(1, "Kestrel Point Holdings", domains=("kestrelpoint.com",))
    account = {"handle": "kestrelpoint", "name": "Kestrel Point"}
    assert search(entry, account)
    assert search(entry, account, taken={(entry.id, 0)}) == []


def test_an_account_that_is_another_entrys_is_a_candidate_by_its_site_alone() -> None:
    entry = company(1, "Kestrel Point Holdings", domains=("kestrelpoint.com",))
    account = {"handle": "kestrelpoint", "name": "Kestrel Point"}
    assert search(entry, account, settled={0}) == []
    assert search(entry, account, settled={0}, known={"kestrelpoint.com": {0}})


@pytest.mark.parametrize(
    ("account", "is_found"),
    [
        ({"handle": "pkowalczykova", "name": "PK"}, True),
        ({"handle": "petra_93", "name": "Petra"}, False),
        ({"handle": "zz", "name": "T. Kowalczykova"}, True),
        ({"handle": "zz", "name": "Someone", "bio": "At Initech"}, False),
    ],
)
def test_a_person_needs_more_than_a_given_name_or_the_company(account: dict[str, Any], is_found: bool) -> None:
    crowd = [{"handle": f"petra{n}", "name": "Petra"} for n in range(20)]
    found = search(person(1, "Petra Kowalczykova", company="Initech"), account, *crowd)
    assert (0 in [candidate.row for candidate in found]) is is_found


def test_people_of_third_parties_are_not_searched_for() -> None:
    entry = person(1, "Petra Kowalczykova", company="Initech")
    account = {"handle": "pkowalczykova", "name": "Petra Kowalczykova"}
    assert search(entry, account)
    assert search(entry, account, companies_only=frozenset({entry.list_id})) == []
