"""What an agreement is worth among strangers: rarity in the store, restatement, contradiction, probability."""

from __future__ import annotations

from dataclasses import replace

import pytest
from match_fixtures import company, person, profiles

from followertui.domain.lists import ListEntry
from followertui.domain.match import Band, MatchRelation, Proposal
from followertui.matching.contacts import without_common_asides
from followertui.matching.counting import counted, listed_share
from followertui.matching.explaining import explain
from followertui.matching.matcher import Matcher
from followertui.matching.rarity import Audience, background, count_names, strangers

MAKES = "We make valves for breweries."


def proposed(matcher: Matcher, **account: str) -> list[Proposal]:
    return [found for found in matcher.propose(profiles(account)) if found.relation is not MatchRelation.WORKS_AT]


def signals(proposal: Proposal) -> set[str]:
    return {item.signal for item in proposal.evidence}


def among(names: list[str], *companies: str) -> Matcher:
    """A matcher of companies in a store of these display names and ten thousand that are none of theirs."""
    entries = [company(at, name) for at, name in enumerate(companies, start=1)]
    others = (f"Zelda {at}" for at in range(10_000))
    return Matcher(entries, audience=counted(entries, (), [*names, *others], lambda _: None, share=0.01))


def test_only_words_of_lists_are_counted_each_once_an_account() -> None:
    names = ["Quorvane Quorvane", "quorvane", "Brindle of Quorvane", "Ulm"]
    size, held, whole = count_names(names, {"quorvane", "brindle"}, {"quorvane"})
    assert (size, held, whole) == (4, {"quorvane": 3, "brindle": 1}, {"quorvane": 1})


def test_a_name_that_others_in_the_store_bear_is_less_likely_theirs() -> None:
    account = {"handle": "quorvane", "name": "Quorvane", "bio": MAKES}
    (alone,) = proposed(among(["Quorvane"], "Quorvane Ltd"), **account)
    (shared,) = proposed(among(["Quorvane"] * 8, "Quorvane Ltd"), **account)
    assert alone.band is not Band.POSSIBLE
    assert shared.band is Band.POSSIBLE
    assert "strangers" in signals(shared) - signals(alone)


def test_the_words_that_met_count_not_the_name_they_came_from() -> None:
    names = ["Pelican"] * 9
    (tail,) = proposed(among(names, "Pelican Holdings"), handle="pelican_ulm", name="Pelican", bio=MAKES)
    (whole,) = proposed(
        among(names, "Pelican Brewstead"), handle="pelicanbrewstead", name="Pelican Brewstead", bio=MAKES
    )
    assert tail.band is Band.POSSIBLE
    assert whole.band is not Band.POSSIBLE
    rest = company(1, "Pelican Brewstead Quarn")
    alone, shared = (
        proposed(Matcher([rest], audience=Audience(10_000, held)), handle="pelican", name="Pelican", bio=MAKES)[0]
        for held in ({}, {"pelican": 400})
    )
    assert (shared.probability or 0) < (alone.probability or 0) / 16


def test_shipped_frequencies_speak_where_a_store_is_too_small() -> None:
    assert background("maria") > 100 * background("quorvane")
    assert background("summit") > background("quorvane")
    few = Audience(5, {}, {})
    assert strangers(("maria",), few, is_whole=False) > strangers(("quorvane",), few, is_whole=False)
    many = Audience(1_000_000, {"maria": 9_000}, {})
    assert strangers(("maria",), many, is_whole=False) == pytest.approx(9_000, rel=0.25)


@pytest.mark.parametrize("handle", ["quorvanefan77", "quorvane_x", "xq"])
def test_one_word_alone_is_never_likely(handle: str) -> None:
    for bio in ("", MAKES):
        for found in proposed(Matcher([company(1, "Quorvane Ltd")]), handle=handle, name="Quorvane Glee", bio=bio):
            assert found.band is Band.POSSIBLE


def test_a_word_in_the_name_and_at_the_start_of_the_handle_is_one_fact() -> None:
    matcher = Matcher([company(1, "Quorvane Ltd")])
    (name,) = proposed(matcher, handle="xyz", name="Quorvane Europe", bio=MAKES)
    (both,) = proposed(matcher, handle="quorvane_europe", name="Quorvane Europe", bio=MAKES)
    assert both.score == name.score
    assert "handle_within" not in signals(both)


@pytest.mark.parametrize(
    ("name", "signal"),
    [
        ("Brindle Ostrow County Sheriff", "other_kind"),
        ("Brindle Ostrow Quarn Velt", "strange_words"),
        ("Maria Brindle Ostrow", "person_name"),
    ],
)
def test_a_name_that_says_somebody_else_speaks_against(name: str, signal: str) -> None:
    plain, *_ = proposed(Matcher([company(1, "Brindle Ostrow")]), handle="qx", name="Brindle Ostrow", bio=MAKES)
    other = proposed(Matcher([company(1, "Brindle Ostrow")]), handle="qx", name=name, bio="Hello there.")
    assert other
    assert signal in signals(other[0])
    assert (other[0].probability or 0) < (plain.probability or 0)


def test_where_nothing_could_contradict_a_match_it_is_worth_less() -> None:
    matcher = Matcher([company(1, "Quorvane Brindle")])
    (silent,) = proposed(matcher, handle="qb", name="Quorvane Brindle")
    (speaking,) = proposed(matcher, handle="qb", name="Quorvane Brindle", bio="Valves for breweries.")
    assert "nothing_said" in signals(silent)
    assert silent.score < speaking.score


def test_what_strangers_share_makes_a_match_less_likely_but_never_drops_it() -> None:
    names = ["Summit"] * 900
    (found,) = proposed(among(names, "Summit Inc"), handle="summit88", name="Summit", bio=MAKES)
    assert found.band is Band.POSSIBLE
    assert (found.probability or 0) < 0.05


def test_the_fewer_of_a_list_are_there_the_more_a_match_must_show() -> None:
    matcher = Matcher([company(1, "Quorvane Brindle")])
    account = {"handle": "qb", "name": "Quorvane Brindle", "bio": "Valves for breweries."}
    chances = []
    for share in (0.1, 0.01, 0.001):
        matcher.audience = Audience(share=share)
        (found,) = proposed(matcher, **account)
        chances.append(found.probability or 0)
    assert chances == sorted(chances, reverse=True)
    assert chances[0] > 0.9 > 0.5 > chances[2]


def test_a_handle_on_a_list_is_certain_in_any_audience() -> None:
    matcher = Matcher([replace(company(1, "Quorvane"), handles=("qvn",))])
    matcher.audience = Audience(1_000_000, {"quorvane": 5_000}, {}, 0.0001)
    (found,) = proposed(matcher, handle="qvn", name="Quorvane")
    assert found.band is Band.CERTAIN


def test_a_tie_is_never_likely_unless_an_address_settles_it() -> None:
    papers = [company(n, "Daily Record", domains=(f"https://record{n}.com",)) for n in (1, 2)]
    tied = proposed(Matcher(papers), handle="dailyrecord", name="The Daily Record", bio="Breaking news since 1881.")
    assert len(tied) == 2
    assert all(item.band is Band.POSSIBLE for item in tied)


def test_addresses_of_one_domain_are_told_apart_by_what_the_account_says() -> None:
    papers = [
        company(1, "Business Journal", domains=("https://journals.example.com/quarnstadt",)),
        company(2, "Business Journal", domains=("https://journals.example.com/brindleton",)),
    ]
    found = proposed(Matcher(papers), handle="bizquarnstadt", name="Business Journal", bio="News since 1990.")
    best = {item.entry_id: item for item in found}
    assert "rival" not in signals(best[1])
    assert 2 not in best or "rival" in signals(best[2])


def test_a_persons_common_name_is_less_likely_theirs_in_a_large_store() -> None:
    account = {"handle": "x1", "name": "Scott Taylor", "bio": "Coffee."}
    chances = []
    for size in (500, 1_000_000):
        matcher = Matcher([person(1, "Scott Taylor")], audience=Audience(size))
        (found,) = proposed(matcher, **account)
        chances.append(found.probability or 0)
    assert chances[0] > chances[1]


def test_the_share_of_a_list_that_is_there_is_taken_from_very_handles_and_names() -> None:
    names = [f"Quorvane{at} Brindle" for at in range(400)]
    companies = [company(at, name) for at, name in enumerate(names, start=1)]
    there = {f"quorvane{at}brindle": f"Quorvane{at} Brindle" for at in range(200)}
    assert listed_share(companies, there.get) == pytest.approx((200 + 4) / 800)
    assert listed_share(companies, lambda _: "Cat pictures") == pytest.approx(4 / 800)
    assert listed_share([], there.get) == pytest.approx(0.01)


def test_what_stands_in_brackets_behind_several_companies_is_no_name() -> None:
    entries = [company(1, "Quorvane (member)"), company(2, "Zelphin (member)"), company(3, "Brindle (member)")]
    bare = without_common_asides([*entries, company(4, "Globex (Hooli)")])
    assert [entry.bare_company for entry in bare] == ["Quorvane", "Zelphin", "Brindle", ""]
    assert [entry.company for entry in bare] == [entry.company for entry in (*entries, company(4, "Globex (Hooli)"))]
    assert proposed(Matcher(bare), handle="member", name="The Member", bio=MAKES) == []
    assert without_common_asides(entries[:2]) == entries[:2]


@pytest.mark.parametrize(
    ("listed", "name", "handle", "signal"),
    [
        ("Quorvane Technology Partners", "Quorvane", "quorvane_x", "left_out"),
        ("Quorvane", "Quorvane Tech", "quorvane_x", "strange_words"),
        ("Brinton Union (Computing Centre)", "Brinton Union", "brintonunion", "unit"),
    ],
)
def test_what_one_side_has_beside_a_short_name_speaks_against(listed: str, name: str, handle: str, signal: str) -> None:
    (found,) = proposed(among([name], listed), name=name, handle=handle, bio=MAKES)
    assert signal in signals(found)
    (same,) = proposed(among([listed], listed), name=listed.replace("(", "").replace(")", ""), handle=handle, bio=MAKES)
    assert signal not in signals(same)
    assert (same.probability or 0) > (found.probability or 0)


def test_a_part_in_brackets_leaves_the_whole_possible_whatever_agrees() -> None:
    (whole,) = proposed(
        among(["Brinton Union"], "Brinton Union (Computing Centre)"),
        name="Brinton Union",
        handle="brintonunion",
        bio="Official account of the Brinton Union",
    )
    assert whole.band is Band.POSSIBLE


def test_a_name_in_another_order_is_not_settled_by_the_place_it_holds() -> None:
    entry = company(1, "Oregon Business", region="OR")
    matcher = Matcher([entry], audience=Audience(40_000, {}, {}, 0.01))
    (turned,) = proposed(matcher, name="Business Oregon", handle="businessoregon", bio="Agency of the state of Oregon")
    (straight,) = proposed(matcher, name="Oregon Business", handle="oregonbusiness", bio="News of the state of Oregon")
    assert "region_local" not in signals(turned)
    assert "region_local" in signals(straight)


def test_the_official_account_of_what_a_name_owns_is_not_the_names() -> None:
    matcher = among(["Quorvane"], "Quorvane")
    said = {"name": "Unread Quorvane", "handle": "unreadquorvane"}
    (podcast,) = proposed(matcher, **said, bio="Official account of Quorvane's Unread podcast")
    (itself,) = proposed(matcher, **said, bio="Official account of Quorvane")
    assert "bio_official" not in signals(podcast)
    assert "bio_official" in signals(itself)


def test_who_is_part_of_a_company_is_the_handle_before_it() -> None:
    matcher = among(["Quorvane"], "Quorvane")
    bio = "Military affairs since 1985 @13brinton, part of @quorvane"
    assert proposed(matcher, name="Brinton Desk", handle="brintondesk", bio=bio) == []
    (part,) = proposed(matcher, name="Brinton Desk", handle="brintondesk", bio="News desk, part of @quorvane")
    assert part.relation is MatchRelation.BRAND_OF


@pytest.mark.parametrize(
    ("entry", "handle", "is_likely"),
    [
        (company(1, "Quorvane Logistics", domains=("https://quorvanelogistics.com",)), "quorvanelogistics", True),
        (company(1, "Quorvane Logistics"), "quorvanelogistics", True),
        (company(1, "Angel"), "angel", False),
        (company(1, "Quorvane Logistics"), "quorvane_x", False),
        (person(1, "Dana Ostrander"), "dana_ostrander", True),
        (person(1, "Dana Ostrander"), "dostrander", False),
        (person(1, "John Smith"), "johnsmith", False),
    ],
)
def test_a_handle_that_is_all_there_is_may_be_likely(entry: ListEntry, handle: str, is_likely: bool) -> None:
    found = proposed(Matcher([entry]), handle=handle)
    assert [one.band for one in found if one.band is not Band.POSSIBLE] == ([Band.LIKELY] if is_likely else [])
    named = proposed(Matcher([entry]), handle=handle, name="Zelda Brinton", bio=MAKES)
    assert all("handle_alone" not in signals(one) for one in named)


@pytest.mark.parametrize("many", [2, 3, 5])
def test_a_tie_says_how_many_entries_fit_as_well(many: int) -> None:
    states = ("OR", "TX", "OH", "NY", "KS")
    entries = [company(at, "Daily Gazette", region=states[at - 1]) for at in range(1, many + 1)]
    found = proposed(Matcher(entries), name="Daily Gazette", handle="dailygazette", bio="Daily news")
    assert len(found) == many
    said = [explain(one, entries[one.entry_id - 1]) for one in found]
    assert all(f"one of {many} entries of this name that fit as well" in text for text in said)
    assert all(one.band is Band.POSSIBLE for one in found)
