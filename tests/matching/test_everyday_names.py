"""Employers named by a word that bios use as any word, and accounts that have a company's name themselves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from match_fixtures import company, profiles

from followertui.domain.lists import ListEntry
from followertui.domain.match import Band, MatchRelation, Proposal
from followertui.matching.counting import counted
from followertui.matching.explaining import explain
from followertui.matching.matcher import Matcher
from followertui.matching.rarity import Audience, count_bios, everyday_bits, strangers

AS_ANY_WORD = ["We quorvane boats in Ulm"] * 9
AS_A_NAME = ["Driver at Quorvane", "Editor, Quorvane", "Cook @quorvane"] * 3


def employer(bio: str, *entries: ListEntry, bios: list[str] | None = None, **account: str) -> Proposal | None:
    """The strongest employer proposed for an account in a store of these bios."""
    matcher = Matcher(entries or [company(1, "Quorvane Inc")])
    if bios is not None:
        matcher.audience = counted(matcher.entries, (), (), lambda _: None, share=0.01, bios=bios)
    found = matcher.propose(profiles({"handle": "carla_d", "name": "Carla Diaz", "bio": bio, **account}))
    return next((one for one in found if one.relation is MatchRelation.WORKS_AT), None)


def signals(proposal: Proposal | None) -> set[str]:
    return {piece.signal for piece in proposal.evidence} if proposal else set()


def test_bios_tell_words_from_names() -> None:
    bios = [
        "We quorvane boats, quorvane daily",
        "Driver at Quorvane",
        "all in lower case: quorvane",
        "See quorvane.com, #quorvane, @quorvane",
        "Brindle. Nothing else",
    ]
    assert count_bios(bios, {"quorvane", "brindle"}) == ({"quorvane": 1}, {"quorvane": 2})


@given(st.lists(st.text(max_size=60), max_size=20))
def test_no_word_is_counted_twice_in_a_bio(bios: list[str]) -> None:
    plain, capital = count_bios(bios, {"a", "the", "of"})
    assert plain.keys() == capital.keys()
    assert all(count >= 0 and plain[word] + count <= len(bios) for word, count in capital.items())


def test_a_word_is_an_everyday_one_where_bios_use_it_so_more_often() -> None:
    assert everyday_bits("quorvane", Audience()) == 0
    assert everyday_bits("quorvane", Audience(plain={"quorvane": 1}, capital={"quorvane": 0})) == 0
    rising = [
        everyday_bits("quorvane", Audience(plain={"quorvane": 9}, capital={"quorvane": n})) for n in (90, 30, 9, 0)
    ]
    assert rising == sorted(rising)
    assert rising[0] == 0 < rising[1]


def test_an_everyday_word_of_the_bios_is_expected_in_more_names() -> None:
    alone = strangers(("quorvane",), Audience(1_000), is_whole=False)
    said = strangers(("quorvane",), Audience(1_000, plain={"quorvane": 50}), is_whole=False)
    assert said > 10 * alone


@pytest.mark.parametrize("bio", ["Engineer at Quorvane", "Engineer @quorvane"])
def test_an_employer_named_by_a_word_the_bios_use_as_any_word_is_not_likely(bio: str) -> None:
    as_word, as_name = (employer(bio, bios=bios) for bios in (AS_ANY_WORD, AS_A_NAME))
    assert as_word is not None
    assert as_name is not None
    assert as_word.band is Band.POSSIBLE
    assert as_name.band is Band.LIKELY
    assert "everyday_word" in signals(as_word) - signals(as_name)
    assert "bios here use" in explain(as_word, company(1, "Quorvane Inc"))


@pytest.mark.parametrize(
    ("entry", "bio"),
    [
        (company(1, "Quorvane Inc", domains=("https://quorvane.com",)), "Engineer @quorvane"),
        (company(1, "Quorvane Inc", handles=("quorvane",)), "Engineer @quorvane"),
        (company(1, "Quorvane Inc", domains=("https://qv.example.com",)), "Engineer at Quorvane, carla@qv.example.com"),
        (company(1, "Quorvane Brindle"), "Engineer at Quorvane Brindle"),
    ],
)
def test_what_says_which_is_meant_outweighs_the_bios(entry: ListEntry, bio: str) -> None:
    assert "everyday_word" not in signals(employer(bio, entry, bios=AS_ANY_WORD))


@pytest.mark.parametrize(
    ("name", "handle", "is_own"),
    [
        ("Quorvane Public Policy", "qpp", True),
        ("Carla Diaz", "quorvane_carla", False),
        ("Carla Diaz @ Quorvane", "carla", False),
    ],
)
def test_an_account_with_the_companys_name_is_no_employee(name: str, handle: str, is_own: bool) -> None:
    found = employer("Resource group at Quorvane", company(1, "Quorvane Inc"), name=name, handle=handle)
    assert ("own_name" in signals(found)) == is_own
    assert found is None or (found.band is Band.POSSIBLE) == is_own


@pytest.mark.parametrize(
    ("entry", "is_likely"),
    [
        (company(1, "Brinton Pumps", domains=("https://brinton.com",)), False),
        (company(1, "Brinton Pumps University", domains=("https://brinton.com",)), True),
        (company(1, "Brinton Pumps", domains=("https://brinton.edu",)), True),
    ],
)
def test_a_professor_teaches_at_a_school(entry: ListEntry, is_likely: bool) -> None:
    found = employer(f"Professor of law at {entry.company}", entry)
    assert (found is not None and found.band is Band.LIKELY) == is_likely


@pytest.mark.parametrize(
    "bio",
    [
        "I was an award-winning writer at The Harbour, The Quay, The Northern Record, The Pier and The Brinton Quarn",
        "Advice for our member financial institutions. Leader",
    ],
)
def test_a_sentence_of_the_past_and_a_subject_in_lower_case_name_no_employer(bio: str) -> None:
    entries = company(1, "Brinton Quarn"), company(2, "Financial Institutions Inc")
    found = employer(bio, *entries)
    assert found is None or found.band is Band.POSSIBLE
