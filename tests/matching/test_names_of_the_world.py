"""Names as the world writes them: "and", spelled-out letters, former names, legal forms in running text, places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from match_fixtures import company, person, profiles

from followertui.domain.match import Band, MatchRelation, Proposal
from followertui.matching.entry_places import agreed_place
from followertui.matching.explaining import explain, words_for
from followertui.matching.matcher import Matcher
from followertui.matching.mention_index import with_form
from followertui.matching.normalising import core_variants, core_words, other_names
from followertui.matching.people import compare_names, parsed_person
from followertui.matching.places import places_of_field, places_of_text
from followertui.matching.vocabulary import is_other_name
from followertui.text.folding import words


def proposed(entry: object, **account: str) -> list[Proposal]:
    return Matcher([entry]).propose(profiles(account))  # type: ignore[list-item]


def signals(proposal: Proposal) -> set[str]:
    return {item.signal for item in proposal.evidence}


@pytest.mark.parametrize(
    ("listed", "shown", "handle"),
    [
        ("Brindle & Söhne GmbH & Co. KG", "Brindle und Söhne", "brindlesoehne"),
        ("Brindle & Söhne GmbH", "Brindle und Soehne", "brindle_ulm"),
        ("Zelphin + Partner mbB", "Zelphin und Partner", "zelphinpartner"),
        ("Quorvane & Söner AB", "Quorvane och Söner", "quorvane_ab"),
        ("Quorvane & Fils SARL", "Quorvane et Fils", "quorvane_fils"),
        ("Quorvane e Figli S.p.A.", "Quorvane & Figli", "quorvanefigli"),
        ("Quorvane y Hijos SA", "Quorvane & Hijos", "quorvanehijos"),
        ("Brindle Freight International", "Brindle Freight Int'l", "brindlefreight"),
        ("Regional Bank of Quorvane", "Rgnl Bank of Quorvane", "rbq"),
        ("Quorvane Associates", "Quorvane Assocs.", "quorvaneassocs"),
        ("Globex Inc (formerly Hooli LLC)", "Hooli", "hooli"),
        ("Globex LLC dba Initech", "Initech", "initech"),
        ("Globex, formerly known as Initech", "Globex", "globex"),
        ("Initech Ltd", "Globex (formerly Initech)", "globex"),
        ("Zelphin Holding (Quorvane)", "Quorvane", "quorvane"),
    ],
)
def test_one_company_in_two_writings(listed: str, shown: str, handle: str) -> None:
    (found,) = proposed(company(1, listed), handle=handle, name=shown, bio="We ship freight since 1921.")
    assert found.relation is MatchRelation.IS
    assert found.band in {Band.CERTAIN, Band.LIKELY}


def test_what_stands_in_brackets_is_not_always_a_name() -> None:
    for aside in ("Germany", "Munich", "UK", "Group", "formerly"):
        assert proposed(company(1, f"Zelphin ({aside})"), handle="x1", name=aside) == []


_AND = ("&", "+", "and", "und", "och", "og", "et", "y", "e", "i", "en")
_NAME = (
    st.text("abcdefghklmnoprstuvw", min_size=4, max_size=9)
    .map(str.title)
    .filter(lambda name: core_words(f"Zelphin {name}") == ("zelphin", name.lower()))
)
"""A word that is no legal form."""


@given(_NAME, _NAME, st.sampled_from(_AND), st.sampled_from(_AND))
def test_every_and_is_the_same(one: str, other: str, first: str, second: str) -> None:
    assert core_words(f"{one} {first} {other}") == core_words(f"{one} {second} {other}")


@given(st.sampled_from(("und", "och", "y", "i")), _NAME)
def test_a_name_that_begins_or_ends_with_and_keeps_it(said: str, name: str) -> None:
    assert core_words(f"{said} {name}") == (said, name.lower())
    assert core_words(f"{name} {said}") == (name.lower(), said)


@given(st.text(max_size=40))
def test_a_name_has_at_least_one_name(name: str) -> None:
    found = other_names(name)
    assert found
    assert len(found) == 1 or all(found)


def test_umlauts_are_spelled_out_as_well() -> None:
    assert ("kuehne", "soehne") in core_variants("Kühne & Söhne")
    assert ("soerensen", "broed") in core_variants("Sørensen Brød")


@pytest.mark.parametrize(
    "bio",
    ['CTO at "Soylent GmbH"', "CTO @ Soylent GmbH", "Entwickler bei Soylent GmbH", "Head of Sales, Soylent GmbH",
     "CTO at Soylent", "CTO bei „Soylent GmbH“", "Leiter Einkauf, Soylent GmbH | Ulm"],
)  # fmt: skip
def test_a_legal_form_behind_a_name_hides_no_employer(bio: str) -> None:
    (found,) = proposed(company(1, "Soylent GmbH"), handle="x", name="Dana Ortiz", bio=bio)
    assert (found.relation, found.band) == (MatchRelation.WORKS_AT, Band.LIKELY)


def test_a_common_word_with_its_legal_form_is_a_name() -> None:
    entry = company(1, "Summit Inc.")
    (found,) = proposed(entry, handle="x", name="Dana Ortiz", bio="CTO at Summit, Inc. in Ulm")
    (mention,) = [item for item in found.evidence if item.signal == "bio_at_name"]
    assert mention.account_span is not None
    assert mention.account_text[slice(*mention.account_span)] == "Summit, Inc"
    assert proposed(entry, handle="x", name="Dana Ortiz", bio="CTO at summit level") == []
    assert proposed(entry, handle="x", name="Dana Ortiz", bio="CTO at Summit") == []


@given(st.text(max_size=60), st.integers(0, 60))
def test_a_form_is_looked_for_behind_the_name_only(text: str, end: int) -> None:
    end = min(end, len(text))
    assert end <= with_form(text, end) <= len(text)


@pytest.mark.parametrize(
    "bio",
    ["great at Quorvane", "Investor in Quorvane", "owner of Quorvane shares",
     "long on Quorvane", "Fan of Quorvane", "looking at Quorvane"],
)  # fmt: skip
def test_money_skills_and_love_are_no_employment(bio: str) -> None:
    found = proposed(company(1, "Quorvane"), handle="x", name="Dana Ortiz", bio=bio)
    assert [item.band for item in found if item.band is not Band.POSSIBLE] == []


@pytest.mark.parametrize("bio", ["Director, Quorvane Institute", "CTO at Quorvane Rail Academy", "Quorvane Prize 2020"])
def test_a_longer_name_is_not_the_company(bio: str) -> None:
    entries = [company(1, "Quorvane"), company(2, "Quorvane Rail")]
    found = Matcher(entries).propose(profiles({"handle": "x", "name": "Dana Ortiz", "bio": bio}))
    assert [item.band for item in found if item.band is not Band.POSSIBLE] == []


@pytest.mark.parametrize(
    "bio",
    ["Official account of Quorvane Rail.", "The official X account of the Quorvane Rail",
     "Compte officiel de Quorvane Rail",
     "Offizieller Account der Quorvane Rail AG", "Perfil oficial de Quorvane Rail"],
)  # fmt: skip
def test_an_official_account_says_whose_it_is(bio: str) -> None:
    entry = company(1, "Quorvane Rail")
    (found,) = [item for item in proposed(entry, handle="qrv", name="QRV", bio=bio) if item.relation != "works_at"]
    assert (found.relation, "bio_official" in signals(found)) == (MatchRelation.IS, True)
    assert 'official account of "Quorvane Rail' in explain(found, entry)


def test_the_official_account_of_a_part_is_not_the_company() -> None:
    bio = "Official account for Quorvane Rail Customer Care"
    for found in proposed(company(1, "Quorvane Rail"), handle="qrv", name="QRV", bio=bio):
        assert "bio_official" not in signals(found)


@pytest.mark.parametrize(
    ("text", "field", "bio"),
    [
        ("Carlisle, CA1 1AA", {"gb"}, {"gb"}),
        ("Lancaster, LA1 4YW", {"gb"}, {"gb"}),
        ("London SW1A 2AA", {"gb"}, {"gb"}),
        ("Toronto M5V 2T6", {"ca"}, {"ca"}),
        ("Palo Alto, CA 94301", {"us-ca"}, {"us-ca"}),
        ("Delaware County, Ohio", {"us-oh"}, {"us-oh"}),
    ],
)
def test_post_codes_and_counties_are_no_states(text: str, field: set[str], bio: set[str]) -> None:
    assert places_of_field(text) == field
    assert places_of_text(text) == bio


def test_counties_named_like_states_are_no_states() -> None:
    assert places_of_text("Serving Delaware and Ohio counties") == frozenset()
    assert places_of_text("Serving Ohio and its counties") == {"us-oh"}


@pytest.mark.parametrize(
    ("more", "location", "said"),
    [
        ({"city": "Kiel", "country": "Germany"}, "Kiel", 'same place: "Kiel"'),
        ({"city": "Kiel", "country": "Germany"}, "Hamburg", '"Hamburg" seems to be in "Germany"'),
        ({"city": "Kiel"}, "Hamburg", '"Hamburg" seems to be in the same country or state as "Kiel"'),
        ({"country": "Germany"}, "Hamburg, Germany", 'same place: "Germany"'),
        ({"city": "Dayton", "region": "Ohio"}, "Cleveland, Ohio", 'both in "Ohio"'),
    ],
)
def test_the_same_place_is_the_same_place(more: dict[str, str], location: str, said: str) -> None:
    entry = company(1, "Quorvane Rail", **more)
    (found,) = proposed(entry, handle="quorvanerail", name="Quorvane Rail", location=location)
    assert said in explain(found, entry)
    someone = person(1, "Dana Ostrander", **more)
    (found,) = proposed(someone, handle="x", name="Dana Ostrander", location=location)
    assert said in explain(found, someone)


@given(st.sampled_from(("Kiel", "Ulm", "Austin")), st.text(max_size=20))
def test_a_town_agrees_only_where_it_is_said(town: str, text: str) -> None:
    _, is_town = agreed_place(company(1, "X", city=town, country="Nowhere"), text)
    assert is_town == (f" {town.lower()} " in f" {' '.join(words(text))} ")


@pytest.mark.parametrize(
    ("one", "other", "is_other"),
    [
        ("helen", "helena", True), ("maria", "mary", True), ("karl", "carl", True), ("daniel", "daniela", True),
        ("william", "bill", False), ("catherine", "cath", False), ("mitchell", "mitch", False), ("dana", "dana", False),
    ],
)  # fmt: skip
def test_alike_names_are_not_short_forms(one: str, other: str, is_other: bool) -> None:
    assert is_other_name(one, other) is is_other_name(other, one) is is_other


@pytest.mark.parametrize(
    ("listed", "shown", "agreement"),
    [
        ("Helena Ostrander", "Helen Ostrander", "nick"),
        ("Carl Ostrander", "Karl Ostrander", "nick"),
        ("William Ostrander", "Bill Ostrander", "short_form"),
        ("William Ostrander", "Ostrander William", "full"),
        ("William Ostrander", "Ostrander Bill", "nick"),
        ("William Ostrander", "Ostrander W", "surname"),
    ],
)
def test_another_name_or_a_turned_round_short_form_is_weaker(listed: str, shown: str, agreement: str) -> None:
    name = parsed_person(listed)
    assert name is not None
    assert compare_names(name, words(shown)).agreement == agreement


def test_offices_of_other_countries_agree_with_an_office() -> None:
    entry = person(1, "Dana Ostrander", title="Member of the Bundestag", country="Germany")
    (found,) = proposed(entry, handle="x", name="Dana Ostrander MdB", bio="Designer, jetzt im Bundestag für Kiel")
    assert "office_agree" in signals(found)
    assert "role_conflict" not in signals(found)


@pytest.mark.parametrize(
    ("account", "signal", "said"),
    [
        ({"handle": "QVXT", "name": "Quorvane"}, "handle_code", '@QVXT is their code "QVXT"'),
        ({"handle": "a", "name": "QVXT desk", "bio": "News of Quorvane Transport"}, "name_code",
         'name begins with their code "QVXT"'),
        ({"handle": "a", "name": "QVXT desk", "bio": "Trains"}, "", ""),
        ({"handle": "qvxt_fans", "name": "Quorvane"}, "", ""),
    ],
)  # fmt: skip
def test_a_code_column_is_met_in_name_and_handle(account: dict[str, str], signal: str, said: str) -> None:
    entry = company(1, "Quorvane Transport", fields={"Company": "Quorvane Transport", "Ticker symbol": "QVXT"})
    met = {item.signal: item for one in Matcher([entry]).propose(profiles(account)) for item in one.evidence}
    codes = [item for item in met.values() if item.signal.endswith("_code")]
    assert [item.signal for item in codes] == [signal] * bool(signal)
    for item in codes:
        assert (item.column, item.entry_text, words_for(item)) == ("Ticker symbol", "QVXT", said)
