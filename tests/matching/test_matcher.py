"""What the matcher proposes, and what it holds against a match."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from match_fixtures import company, person, profiles

from followertui.domain.lists import EntityAlias, ListEntry
from followertui.domain.match import Band, MatchRelation, Proposal
from followertui.matching.explaining import explain
from followertui.matching.individuals import shared_names
from followertui.matching.learning import basis_fingerprint, learned_aliases
from followertui.matching.matcher import Matcher
from followertui.matching.weights import default_weights

GLOBEX = company(1, "Globex GmbH", domains=("https://www.globex.com",), city="Munich", country="Germany")
DANA = person(2, "Dana Ortiz", company="Globex GmbH", title="Head of Procurement", emails=("dana@globex.com",))


def proposed(matcher: Matcher, **account: str) -> list[Proposal]:
    return matcher.propose(profiles(account))


def signals(proposal: Proposal) -> set[str]:
    return {item.signal for item in proposal.evidence}


def test_a_company_is_certain_by_name_handle_and_site() -> None:
    (found,) = proposed(Matcher([GLOBEX]), handle="globex", name="Globex", site="https://globex.com/")
    assert (found.entry_id, found.relation, found.band) == (1, MatchRelation.IS, Band.CERTAIN)
    assert {"name_equal", "handle_equal", "site_domain"} <= signals(found)
    assert [item.weight for item in found.evidence] == sorted((i.weight for i in found.evidence), reverse=True)


def test_a_part_is_a_brand() -> None:
    (found,) = proposed(Matcher([GLOBEX]), handle="GlobexCareers", name="Globex Careers", site="globex.com/jobs")
    assert found.relation is MatchRelation.BRAND_OF
    assert found.band is Band.CERTAIN


def test_a_bio_says_where_someone_works_and_worked() -> None:
    matcher = Matcher([GLOBEX])
    (now,) = proposed(matcher, handle="carla", name="Carla Diaz", bio="CTO at Globex. Loves cats")
    (before,) = proposed(matcher, handle="carla", name="Carla Diaz", bio="Former CTO at Globex. Now sailing")
    assert now.relation is before.relation is MatchRelation.WORKS_AT
    assert now.score > before.score
    assert "past" in signals(before)
    span = next(item for item in now.evidence if item.signal == "bio_at_name").account_span
    assert span is not None
    assert "CTO at Globex. Loves cats"[slice(*span)] == "Globex"


def test_a_handle_in_the_bio_with_pictures_before_it() -> None:
    (found,) = proposed(Matcher([GLOBEX]), handle="carla", name="Carla Diaz", bio="🎉🎉 Engineer @Globex")
    item = next(item for item in found.evidence if item.signal == "bio_at_handle")
    assert item.account_span is not None
    assert item.account_text[slice(*item.account_span)] == "@Globex"


def test_people_by_name_mail_and_company() -> None:
    matcher = Matcher([DANA])
    (by_name,) = proposed(matcher, handle="dana_ortiz", name="Dana Ortiz", bio="procurement @globex")
    (by_mail,) = proposed(matcher, handle="x123", name="dana", bio="write to Dana@Globex.com")
    assert by_name.band is Band.CERTAIN
    assert by_mail.band is Band.CERTAIN
    assert proposed(matcher, handle="carla", name="Carla Diaz") == []


def test_another_given_name_or_middle_name_speaks_against() -> None:
    matcher = Matcher([person(1, "Dana Maria Ostrander")])
    (right,) = proposed(matcher, handle="a", name="Dana Ostrander")
    wrong = proposed(matcher, handle="a", name="Dana X. Ostrander")
    assert right.band is Band.LIKELY
    assert all(item.score < right.score for item in wrong)


def test_common_names_demand_more() -> None:
    matcher = Matcher([person(1, "William Smith"), person(2, "William Ostrander")])
    common = proposed(matcher, handle="a", name="William Smith")
    rare = proposed(matcher, handle="a", name="William Ostrander")
    assert common[0].score < rare[0].score
    assert common[0].band is Band.POSSIBLE


def test_shared_domains_are_no_evidence() -> None:
    matcher = Matcher([company(1, "Umbrella", domains=("https://linktr.ee/umbrella",), emails=("umbrella@gmail.com",))])
    assert proposed(matcher, handle="zed", name="Zed", site="https://linktr.ee/zed", bio="zed@gmail.com") == []


def test_places_tell_newspapers_of_one_name_apart() -> None:
    entries = [company(1, "Daily Record", region="OH"), company(2, "The Daily Record", region="WA")]
    found = proposed(Matcher(entries), handle="dailyrecordx", name="The Daily Record", bio="Local news from Ohio.")
    assert [item.entry_id for item in found] == [1]
    nowhere = proposed(Matcher(entries), handle="dr", name="The Daily Record")
    assert all(item.band is Band.POSSIBLE for item in nowhere)


def test_own_scripts_match_directly() -> None:
    matcher = Matcher([company(1, "株式会社東京電力"), company(2, "ООО Ромашка")])
    (tokyo,) = proposed(matcher, handle="tepco_x", name="東京電力")
    (daisy,) = proposed(matcher, handle="d", name="Ромашка")
    assert (tokyo.entry_id, daisy.entry_id) == (1, 2)
    assert "name_native" in signals(tokyo) & signals(daisy)


def test_people_in_other_scripts_match_in_both() -> None:
    matcher = Matcher([person(1, "山田太郎"), person(2, "Мария Островская")])
    (spaced,) = proposed(matcher, handle="a", name="山田 太郎")
    (plain,) = proposed(matcher, handle="a", name="Maria Ostrovskaya")
    (turned,) = proposed(matcher, handle="a", name="Островская Мария 🌸")
    assert (spaced.entry_id, plain.entry_id, turned.entry_id) == (1, 2, 2)
    assert "person_native" in signals(spaced) & signals(turned)
    assert "person_full" in signals(plain)


def test_a_name_after_an_at_is_an_employer() -> None:
    (found,) = proposed(Matcher([GLOBEX]), handle="dana", name="Dana Ortiz @ Globex")
    assert found.relation is MatchRelation.WORKS_AT
    (mail,) = proposed(Matcher([GLOBEX]), handle="dana", name="Dana", bio="mail dana@globex.com")
    assert (mail.relation, mail.band) == (MatchRelation.WORKS_AT, Band.LIKELY)


def test_initials_that_are_the_domain_carry_brands() -> None:
    matcher = Matcher([company(1, "Globex Business Machines Corporation", domains=("globexmachines.com",))])
    own = Matcher([company(1, "Globex Business Machines", domains=("gbm.co.uk",))])
    assert proposed(matcher, handle="x", name="GBM Cloud") == []
    (found,) = proposed(own, handle="GBMcloud", name="GBM Cloud")
    assert found.relation is MatchRelation.BRAND_OF


def test_third_party_people_are_not_looked_for_and_never_an_employer() -> None:
    entry = person(1, "Dana Ostrander", company="Globex", list_id=7)
    free, held = Matcher([entry]), Matcher([entry], companies_only=frozenset({7}))
    assert proposed(free, handle="dana", name="Dana Ostrander")
    assert proposed(held, handle="dana", name="Dana Ostrander") == []
    assert proposed(held, handle="carla", name="Carla Diaz", bio="CTO at Globex") == []


@pytest.mark.parametrize(
    "account",
    [
        {"handle": "QuorvaneTalk", "name": "Tea and cats"},
        {"handle": "quorvanetalk", "name": "Smith Smith", "location": "Oslo, Norway", "site": "https://other.example"},
        {"handle": "quorvanetalk", "name": "Carla Ostrander", "bio": "Mother of two. Opinions my own."},
    ],
)
@pytest.mark.parametrize(
    "entry",
    [
        ListEntry(line=1, handles=("quorvanetalk",), id=1, entity_id=1),
        company(1, "Globex GmbH", domains=("globex.com",), country="Germany", handles=("quorvanetalk",)),
        person(1, "Dana Ortiz", title="Senator", region="OH", handles=("quorvanetalk",)),
    ],
)
def test_a_handle_on_a_list_is_certain_alone(entry: ListEntry, account: dict[str, str]) -> None:
    (found,) = proposed(Matcher([entry]), **account)
    assert (found.band, found.relation) == (Band.CERTAIN, MatchRelation.IS)
    assert proposed(Matcher([entry]), **{**account, "handle": "quorvanetalks"}) == []


def test_a_company_on_several_lists_does_not_share_its_domain_and_name_with_others() -> None:
    once = company(1, "Globex", domains=("globex.com",))
    twice = [once, replace(once, id=2, domains=(), list_id=2), replace(once, id=3, list_id=3)]
    account = {"handle": "globex_hq", "name": "Globex", "site": "https://globex.com"}
    (alone,), (listed,) = proposed(Matcher([once]), **account), proposed(Matcher(twice), **account)
    assert listed.score == alone.score
    assert signals(listed).isdisjoint({"rival", "ambiguous"})


def test_who_said_no_is_not_looked_for() -> None:
    assert proposed(Matcher([person(1, "Dana Ostrander", opted_in=False)]), handle="d", name="Dana Ostrander") == []


def test_confirming_teaches_and_the_lesson_counts() -> None:
    account = profiles({"handle": "GBX_Official", "name": "GBX", "site": "https://gbx.io"})
    lessons = learned_aliases(account, GLOBEX)
    assert {(item.type, item.value) for item in lessons} == {
        ("handle", "gbx_official"),
        ("name", "GBX"),
        ("domain", "gbx.io"),
    }
    assert Matcher([GLOBEX]).propose(account) == []
    (found,) = Matcher([GLOBEX], [EntityAlias(1, item.type, item.value) for item in lessons]).propose(account)
    assert found.band is Band.CERTAIN
    assert "handle_listed" in signals(found)
    assert learned_aliases(account, GLOBEX, MatchRelation.WORKS_AT) == []


def test_one_proposal_per_entity_and_family() -> None:
    twice = [company(1, "Globex", domains=("globex.com",)), company(2, "Globex GmbH", domains=("globex.com",))]
    same = [
        twice[0],
        company(2, "Globex GmbH", domains=("globex.com",)).__class__(line=2, company="Globex GmbH", id=2, entity_id=1),
    ]
    assert len(proposed(Matcher(twice), handle="globex", name="Globex")) == 2
    (united,) = proposed(Matcher(same), handle="globex", name="Globex", site="globex.com")
    assert united.entity_id == 1
    assert "site_domain" in signals(united)


def test_a_fingerprint_changes_with_its_basis_only() -> None:
    before = profiles({"name": "Globex", "bio": "We make things", "site": "https://globex.com/", "followers": 3})
    same = profiles({"name": "GLOBEX ", "bio": "We  make things", "site": "https://globex.com", "followers": 900})
    other = profiles({"name": "Globex", "bio": "We made things", "site": "https://globex.com"})
    assert basis_fingerprint(before, GLOBEX) == basis_fingerprint(same, GLOBEX)
    assert basis_fingerprint(before, GLOBEX) != basis_fingerprint(other, GLOBEX)
    assert basis_fingerprint(before, GLOBEX) != basis_fingerprint(before, DANA)


def test_a_sentence_says_why_and_what_speaks_against() -> None:
    (found,) = proposed(
        Matcher([GLOBEX]), handle="carla", name="Carla Diaz", bio="ex-Globex, former CTO at Globex", site="globex.com"
    )
    text = explain(found, GLOBEX)
    assert '"globex.com" is their domain' in text
    assert 'against: "ex" reads as past' in text
    assert "\n" not in text


_TEXT = st.one_of(
    st.none(), st.text(max_size=40), st.sampled_from(["Globex", "Dana Ortiz", "CTO at Globex", "@globex"])
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(("handle", "name", "bio", "site", "location"), _TEXT)), max_size=6))
def test_any_profile_is_read_and_batches_do_not_matter(accounts: list[dict[str, str | None]]) -> None:
    matcher = Matcher([GLOBEX, DANA])
    together = matcher.propose(profiles(*accounts))
    apart = [
        found._replace(row=row) for row, account in enumerate(accounts) for found in matcher.propose(profiles(account))
    ]
    assert together == apart
    for found in together:
        assert 0 <= found.score <= 100
        assert found.probability is not None
        assert 0 <= found.probability <= 1
        assert (found.band is Band.POSSIBLE) == (found.probability < default_weights().scale["likely_from"])
        for item in found.evidence:
            assert item.account_span is None or 0 <= item.account_span[0] < item.account_span[1] <= len(
                item.account_text
            )


@pytest.mark.parametrize("signal", ["name_equal", "site_domain", "handle_equal"])
def test_a_signal_worth_nothing_leaves_no_evidence(signal: str) -> None:
    weights = default_weights()
    matcher = Matcher([GLOBEX], weights=replace(weights, company={**weights.company, signal: 0}))
    found = proposed(matcher, handle="globex", name="Globex", site="globex.com")
    assert signal not in set().union(*map(signals, found))


def test_what_came_before_is_past() -> None:
    (found,) = proposed(Matcher([GLOBEX]), handle="dana", name="Dana", bio="Maps at Acme. Before: Director @Globex")
    assert found.relation == MatchRelation.WORKS_AT
    assert "past" in signals(found)


@pytest.mark.parametrize(
    ("account", "signal", "here", "there"),
    [
        ({"handle": "x1", "name": "GLOBEX Europe", "bio": "site globex.com"}, "bio_domain", "globex.com", "globex.com"),
        ({"handle": "x1", "name": "Globex", "site": "https://globex.com"}, "name_equal", "Globex", "Globex"),
        ({"handle": "globex", "name": "G"}, "handle_equal", "globex", "Globex"),
        ({"handle": "d", "name": "Dana Ortiz", "bio": "CTO at Globex"}, "person_full", "Dana Ortiz", "Dana Ortiz"),
    ],
)
def test_evidence_shows_what_met_on_both_sides(account: dict[str, str], signal: str, here: str, there: str) -> None:
    items = [item for found in proposed(Matcher([GLOBEX, DANA]), **account) for item in found.evidence]
    met = [item for item in items if item.signal == signal]
    assert met
    for item in met:
        assert item.account_span is not None
        assert item.entry_span is not None
        assert item.account_text[slice(*item.account_span)].casefold() == here.casefold()
        assert item.entry_text[slice(*item.entry_span)].casefold() == there.casefold()


def test_a_name_that_lacks_what_the_address_says_is_as_good_as_equal() -> None:
    here = company(1, "Daily News", domains=("https://papers.example.com/quarnstadt",), region="Ohio")
    there = company(2, "Daily News", domains=("https://papers.example.net/elsewhere",), region="Texas")
    found = proposed(Matcher([here, there]), handle="qdn", name="Quarnstadt Daily News", bio="Local news in Ohio")
    assert found[0].entry_id == 1
    assert "name_equal" in signals(found[0])
    assert all("name_equal" not in signals(item) for item in found[1:])


def test_a_county_elsewhere_speaks_against_a_shared_name() -> None:
    paper = company(1, "News-Dispatch", domains=("https://newsdispatch.example.com",), region="Indiana")
    (found,) = proposed(Matcher([paper]), handle="ndispatch", name="News-Dispatch", bio="Covering Hays County.")
    assert "place_conflict_local" in signals(found)


def test_employers_of_one_name_are_rivals() -> None:
    papers = [company(n, "Chronicle", domains=(f"https://chronicle{n}.com",)) for n in (1, 2, 3)]
    found = proposed(Matcher(papers), handle="dana", name="Dana Ortiz", bio="Reporter @chronicle, mother of two")
    assert len(found) == 3
    assert all("ambiguous" in signals(item) for item in found)
    assert all(item.band is Band.POSSIBLE for item in found)


def test_a_college_that_shares_a_name_is_hardly_the_company() -> None:
    (plain,) = proposed(Matcher([GLOBEX]), handle="globexbooks", name="Globex Books")
    (college,) = proposed(Matcher([GLOBEX]), handle="globexcollege", name="Globex College")
    assert college.probability is not None
    assert plain.probability is not None
    assert college.probability < plain.probability


def test_initials_before_the_last_word_lead_to_a_long_name() -> None:
    school = company(1, "University of Quarnland at Brinton", domains=("https://uqb.example.edu",))
    found = proposed(Matcher([school]), handle="uqbrinton", name="UQ Brinton", bio="Official account")
    assert [item.entry_id for item in found] == [1]
    assert "name_short" in signals(found[0])


@pytest.mark.parametrize(
    ("bio", "signal"),
    [
        ("18/19 Creative Director at Globex", "past"),
        ("2019-2021 CTO at Globex, now sailing", "past"),
        ("Design for Globex, Initech, Hooli and others", "not_employer"),
    ],
)
def test_years_that_are_over_and_lists_of_clients_are_no_employer(bio: str, signal: str) -> None:
    (found,) = proposed(Matcher([GLOBEX]), handle="carla", name="Carla Diaz", bio=bio)
    assert signal in signals(found)
    assert found.band is Band.POSSIBLE


def test_numbers_beside_an_employer_are_not_years() -> None:
    (found,) = proposed(Matcher([GLOBEX]), handle="carla", name="Carla Diaz", bio="Leading 20-30 engineers at Globex")
    assert "past" not in signals(found)


@pytest.mark.parametrize(
    ("bearers", "bands"),
    [(2, "likely certain"), (5, "possible likely"), (12, "possible likely"), (40, "none possible")],
)
def test_of_many_accounts_of_one_name_at_most_one_can_be_the_person(bearers: int, bands: str) -> None:
    namesakes = shared_names([*["Dana Ostrander"] * (bearers - 1), "DANA OSTRANDER", "Somebody Else"])
    matcher = Matcher([person(1, "Dana Ostrander", company="Globex")], namesakes=namesakes)

    def band(**profile: str) -> str:
        found = proposed(matcher, name="Dana Ostrander", **profile)
        return found[0].band.value if found else "none"

    assert f"{band(handle='xq71')} {band(handle='danaostrander')}" == bands
    told = proposed(matcher, handle="xq71", name="Dana Ostrander", bio="procurement at Globex")
    assert any(one.relation is MatchRelation.IS and one.band is not Band.POSSIBLE for one in told)
    if bearers == 5:
        (found,) = proposed(matcher, handle="xq71", name="Dana Ostrander")
        assert "against: other accounts here share this name" in explain(found, matcher.entries[0])


def test_a_clause_about_columns_quotes_a_word_that_stands_in_both() -> None:
    fields = {"site": "https://ortiz.example.org/dana", "party": "Orchard Union", "office": "Senate, Class 2"}
    matcher = Matcher([person(1, "Dana Ortiz", fields=fields)])
    bio = "Ortiz for Quarnland. Union of Orchard growers. Senator"
    (found,) = proposed(matcher, handle="sen_ortiz", name="Dana Ortiz", bio=bio)
    by_signal = {item.signal: item for item in found.evidence}
    assert (by_signal["field_agree"].column, by_signal["field_agree"].entry_text) == ("party", "Orchard Union")
    assert 'bio says "orchard"' in explain(found, matcher.entries[0]).lower()
    assert by_signal["office_agree"].entry_text == "Senate, Class 2"


def test_the_domain_named_is_the_one_whose_name_met() -> None:
    (found,) = proposed(Matcher([company(1, "Quorvane Holdings", domains=("brindle.io",))]), name="News | Brindle")
    (met,) = [item for item in found.evidence if item.signal == "name_domain"]
    assert (met.column, met.entry_text, met.entry_span) == ("domain", "brindle.io", (0, 7))
