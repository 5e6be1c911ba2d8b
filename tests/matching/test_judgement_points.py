"""What reading real matches found wrong, point by point: each is held by tests that fail without its rule.

``POINTS`` says in one line what was wrong and names the tests that hold it; three stand below.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest
from match_fixtures import company, profiles

from followertui.domain.lists import ListEntry
from followertui.domain.match import Band, MatchRelation, Proposal
from followertui.matching.matcher import Matcher

TESTS = Path(__file__).resolve().parents[1]
HERE = "matching/test_judgement_points.py"
WORLD = "matching/test_names_of_the_world.py"
STRANGERS = "matching/test_strangers.py"
LASTING = "services/test_services_lasting_decisions.py"

POINTS: dict[int, tuple[str, tuple[str, ...]]] = {
    1: (
        "rarity was taken from the whole name, not from the words that met",
        (
            f"{STRANGERS}::test_the_words_that_met_count_not_the_name_they_came_from",
            f"{STRANGERS}::test_one_word_alone_is_never_likely",
        ),
    ),
    2: (
        "nobody asked how many accounts of the store have the words",
        (
            f"{STRANGERS}::test_a_name_that_others_in_the_store_bear_is_less_likely_theirs",
            "matching/test_everyday_names.py::test_an_employer_named_by_a_word_the_bios_use_as_any_word_is_not_likely",
            "matching/test_everyday_names.py::test_an_everyday_word_of_the_bios_is_expected_in_more_names",
        ),
    ),
    3: (
        "one word in the name and at the start of the handle counted as two facts",
        (f"{STRANGERS}::test_a_word_in_the_name_and_at_the_start_of_the_handle_is_one_fact",),
    ),
    4: ("one account was several companies", (f"{HERE}::test_one_account_is_one_company",)),
    5: (
        "what restates one fact drowned a place that contradicts",
        (f"{HERE}::test_however_often_a_name_is_said_another_place_keeps_it_from_likely",),
    ),
    6: (
        "the front page of an entry was worth too little",
        (f"{HERE}::test_the_entrys_front_page_makes_a_name_likely",),
    ),
    7: (
        "an account of which only the handle is known was never likely",
        (f"{STRANGERS}::test_a_handle_that_is_all_there_is_may_be_likely",),
    ),
    8: (
        "short forms that are another name met",
        (
            f"{WORLD}::test_alike_names_are_not_short_forms",
            f"{WORLD}::test_another_name_or_a_turned_round_short_form_is_weaker",
        ),
    ),
    9: (
        "offices and postcodes of other countries, and counties named like states, were read as American states",
        (
            f"{WORLD}::test_offices_of_other_countries_agree_with_an_office",
            f"{WORLD}::test_post_codes_and_counties_are_no_states",
            f"{WORLD}::test_counties_named_like_states_are_no_states",
        ),
    ),
    10: (
        "abbreviated words, codes, official accounts, former names and words for and did not meet",
        (
            f"{WORLD}::test_one_company_in_two_writings",
            f"{WORLD}::test_a_code_column_is_met_in_name_and_handle",
            f"{WORLD}::test_an_official_account_says_whose_it_is",
            f"{WORLD}::test_every_and_is_the_same",
        ),
    ),
    11: (
        "a legal form behind a name in a bio hid the employer",
        (
            f"{WORLD}::test_a_legal_form_behind_a_name_hides_no_employer",
            f"{WORLD}::test_a_common_word_with_its_legal_form_is_a_name",
        ),
    ),
    12: (
        "employers that are words were employers, and people too",
        (
            "matching/test_contacts.py::test_an_employer_that_is_none_is_nobodys_company",
            "services/test_services_contacts.py::test_an_employer_that_is_none_is_nobodys_employer",
            "services/test_services_contacts.py::test_company_is_a_company_and_entity_says_what_it_is",
        ),
    ),
    13: (
        "skills, shares, prizes and longer names were employers",
        (
            f"{WORLD}::test_money_skills_and_love_are_no_employment",
            f"{WORLD}::test_a_longer_name_is_not_the_company",
            "matching/test_employers.py::test_what_only_sounds_like_an_employer_is_none",
        ),
    ),
    14: (
        "clauses quoted what stands nowhere",
        (
            "matching/test_clauses_are_so.py::test_any_profile",
            "matching/test_clauses_are_so.py::test_the_checker_finds_what_has_no_source",
            "matching/test_clauses_are_so.py::test_a_clause_says_what_stands_there",
        ),
    ),
    15: (
        "contacts did not guard their company",
        (
            "services/test_services_contacts.py::test_the_company_of_contacts_is_matched_and_held_back",
            "cli/test_cli_matched_lists.py::test_the_company_behind_own_contacts_is_held_back",
        ),
    ),
    16: (
        "a company's handle on rows of people made its account each of them",
        ("matching/test_contacts.py::test_a_handle_on_several_people_is_their_companys",),
    ),
    17: (
        "a list of handles alone matched nobody",
        ("services/test_services_contacts.py::test_a_list_of_handles_alone_is_matched",),
    ),
    18: (
        "a confirmed person who moved was never raised, a confirmed pair was proposed again",
        (
            f"{LASTING}::test_an_employee_who_moves_is_raised_once_and_stays_confirmed",
            f"{LASTING}::test_a_decided_pair_is_not_proposed_as_something_else",
        ),
    ),
    19: (
        "a renamed record lost its match",
        (
            f"{LASTING}::test_a_record_keeps_its_match_when_it_is_renamed",
            "importing/test_importing_lists.py::test_a_renamed_company_of_a_small_report_is_known_again_by_its_record_id",
        ),
    ),
    20: (
        "shorter titles inside longer ones, and titles of others, were the account's own",
        (
            "quality/test_types.py::test_titles_are_read_longest_first_and_only_the_accounts_own",
            "quality/test_types.py::test_the_type_is_what_the_account_is_not_for_whom_it_works",
            "quality/test_read_bios.py::test_bios_are_read_as_a_person_reads_them",
            "quality/test_read_bios.py::test_bios_in_other_languages_are_read_too",
        ),
    ),
    21: (
        "new accounts were fake ones, and likes were not read",
        (
            "quality/test_judging.py::test_being_new_is_not_being_fake",
            "quality/test_judging.py::test_who_writes_and_never_likes_is_told_from_who_does_and_from_the_unknown",
            "quality/test_labelled_genuine.py::test_genuine_people_in_their_first_days_are_no_bots",
        ),
    ),
    22: (
        "waves could not be asked for, the threshold itself was not taken, who poses as us was not harmful",
        (
            "services/test_services_waves.py::test_a_wave_is_found_first_weighs_and_can_be_asked_counted_and_completed",
            "quality/test_kinds.py::test_judged_kind",
            "quality/test_judging.py::test_who_takes_our_name_and_asks_for_the_password_is_harmful",
        ),
    ),
}
"""Number -> what was wrong, and the tests that hold it; the shares of points 1, 12, 20 and 21 are printed by
``bench_matching.py`` and ``bench_quality.py``."""


@cache
def held_by(file: str) -> frozenset[str]:
    """The tests a file of this folder tree holds."""
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_every_point_is_held_by_tests_that_are_there() -> None:
    assert sorted(POINTS) == list(range(1, 23))
    named = [test for _, tests in POINTS.values() for test in tests]
    assert all(tests for _, tests in POINTS.values())
    assert [test for test in named if test.partition("::")[2] not in held_by(test.partition("::")[0])] == []


def identities(entries: list[ListEntry], **account: str) -> dict[int, Proposal]:
    """What an account is proposed to be, by entry."""
    found = Matcher(entries).propose(profiles(account))
    return {one.entry_id: one for one in found if one.relation is not MatchRelation.WORKS_AT}


def signals(proposal: Proposal) -> set[str]:
    return {piece.signal for piece in proposal.evidence}


def test_one_account_is_one_company() -> None:
    account = {"handle": "quorvane", "name": "Quorvane", "site": "https://quorvane.com", "bio": "We make valves."}
    whole = company(1, "Quorvane Inc", domains=("https://quorvane.com",))
    unit = company(2, "Quorvane Pumps", domains=("https://quorvanepumps.com",))
    both, alone = identities([whole, unit], **account), identities([unit], **account)
    assert both[1].band is Band.CERTAIN
    assert both[2].band is Band.POSSIBLE
    assert "rival" in signals(both[2]) - signals(alone[2])
    assert (both[2].probability or 0) < (alone[2].probability or 0) / 4


@pytest.mark.parametrize(("location", "is_likely"), [("Columbus, OH", True), ("Austin, TX", False), ("", True)])
def test_however_often_a_name_is_said_another_place_keeps_it_from_likely(location: str, is_likely: bool) -> None:
    entry = company(1, "Quorvane Daily Record", region="OH", domains=("https://quorvanerecord.com",))
    bio = "The Quorvane Daily Record. Official account of Quorvane Daily Record"
    found = identities([entry], handle="quorvanerecord", name="Quorvane Daily Record", bio=bio, location=location)
    assert sum(piece.weight for piece in found[1].evidence) > 80
    assert (found[1].band is not Band.POSSIBLE) == is_likely
    assert ("place_conflict_local" in signals(found[1])) == (location == "Austin, TX")


def test_the_entrys_front_page_makes_a_name_likely() -> None:
    entry = company(1, "Association of Brinton Pumps", domains=("https://www.brintonpumps.org/",))
    account = {"handle": "abpumps", "name": "Brinton Pumps", "bio": "Pumps"}
    (there,) = identities([entry], **account, site="https://www.brintonpumps.org").values()
    (elsewhere,) = identities([entry], **account, site="https://www.elsewhere.org").values()
    assert there.band is not Band.POSSIBLE
    assert elsewhere.band is Band.POSSIBLE
