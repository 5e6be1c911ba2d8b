"""Names by the thousand that differ by a number only, or not at all, give few pairs."""

from __future__ import annotations

from collections import Counter

import pytest
from match_fixtures import company, person, profiles

from followertui.domain.kind import Kind
from followertui.domain.match import Band, MatchRelation, Proposal
from followertui.matching.explaining import explain
from followertui.matching.limits import MOST_OF_ACCOUNT, MOST_OF_ENTRY, EntryLimit, groups_of, left_out
from followertui.matching.matcher import Matcher
from followertui.matching.normalising import numbers_agree


@pytest.mark.parametrize(
    "shape",
    ["Northern Freight Lodge {}", "Lodge No. {}", "Lodge{}", "Masonic Lodge of Freemasons number {} in Leeds"],
)
def test_numbers_must_agree(shape: str) -> None:
    matcher = Matcher([company(number, shape.format(number)) for number in range(1, 201)])
    accounts = profiles(*({"name": shape.format(number), "handle": f"a{number}"} for number in range(150, 400)))
    found = matcher.propose(accounts)
    assert {(proposal.row + 150, proposal.entry_id) for proposal in found} == {(n, n) for n in range(150, 201)}
    assert {proposal.evidence[0].signal for proposal in found} == {"name_equal"}


def test_a_number_on_one_side_or_with_zeros_is_no_contradiction() -> None:
    assert numbers_agree("studio 54", "studio")
    assert numbers_agree("lodge no 012", "lodge 12")
    assert numbers_agree("route 66 diner 2", "route 66 diner")
    assert not numbers_agree("lodge 12", "lodge 13")
    assert not numbers_agree("24 7 fitness", "24 hour fitness 365")
    found = Matcher([company(1, "Studio 54 Ltd"), company(2, "Route 66 Diner")]).propose(
        profiles({"name": "Studio 54", "handle": "studio54"}, {"name": "Route 66 Diner Tulsa", "handle": "r66tulsa"})
    )
    assert [(proposal.row, proposal.entry_id) for proposal in found] == [(0, 1), (1, 2)]


def test_one_account_keeps_its_strongest_matches_and_a_word_about_the_rest() -> None:
    entries = [person(number, "Jordan Avery Blake", title=f"Title {number}") for number in range(1, 101)]
    found = Matcher(entries).propose(profiles({"name": "Jordan Avery Blake", "handle": "jordanablake"}))
    assert len(found) == MOST_OF_ACCOUNT
    assert left_out(found) == 100 - MOST_OF_ACCOUNT
    assert explain(found[-1], entries[0]).endswith("and 52 more alike")
    assert "more alike" not in explain(found[0], entries[0])


def test_the_limit_never_takes_the_last_match_of_a_kind() -> None:
    entries = [person(number, "Jordan Avery Blake", kind=Kind.PRESS) for number in range(1, 101)]
    entries += [person(101, "Jordan Blake", kind=Kind.CUSTOMER)]
    found = Matcher(entries).propose(profiles({"name": "Jordan Avery Blake", "handle": "jordanablake"}))
    assert 101 in {proposal.entity_id for proposal in found}


def test_one_entry_keeps_so_many_possible_matches_of_accounts_that_have_others() -> None:
    entries = [company(1, "One"), company(2, "Two"), company(3, "Three", kind=Kind.CUSTOMER)]
    limit = EntryLimit(groups_of(entries), Counter({1: MOST_OF_ENTRY}))

    def proposal(row: int, number: int, band: Band = Band.POSSIBLE) -> Proposal:
        return Proposal(row, number, number, MatchRelation.IS, 60, band, ())

    both = [proposal(1, 1), proposal(1, 2)]
    assert limit.kept(both) == both[1:]
    for kept in ([proposal(2, 1)], [proposal(3, 1), proposal(3, 3)], [proposal(4, 1, Band.LIKELY), proposal(4, 2)]):
        assert limit.kept(kept) == kept
    assert limit.left_out == 1
