"""Every clause of every match quotes what stands on both sides, or says that it infers."""

from __future__ import annotations

from pathlib import Path

import clause_checking
import match_data
import pytest
from clause_checking import faults_of
from demo_stores import DemoStores, open_copy
from hypothesis import given, settings
from hypothesis import strategies as st
from match_fixtures import company, person, profiles

from followertui.domain.match import Evidence
from followertui.matching.explaining import words_for
from followertui.matching.matcher import Matcher

GLOBEX = company(1, "Globex GmbH", domains=("https://www.globex.com",), city="Kiel", country="Germany")


def test_the_demo(tmp_path: Path, demo_stores: DemoStores) -> None:
    bench = open_copy(demo_stores.copy(tmp_path / "demo.db"))
    seen, faults = clause_checking.of_store(bench.session)
    bench.close()
    assert seen > 100
    assert not faults


def test_the_made_up_cases() -> None:
    seen, faults = clause_checking.of_bench()
    assert seen > 100
    assert not faults


@pytest.mark.skipif(not (match_data.DATA / "match-benchmark").exists(), reason="the shared data is not here")
def test_the_benchmark() -> None:
    seen, faults = clause_checking.of_benchmark()
    assert seen > 10_000
    assert not faults


@pytest.mark.skipif(not (match_data.DATA / "wild-audience").exists(), reason="the shared data is not here")
def test_an_audience_of_strangers() -> None:
    seen, faults = clause_checking.of_wild("fortune1000")
    assert seen > 500
    assert not faults


_WORDS = st.sampled_from(
    ["Globex", "GmbH", "Dana", "Ortiz", "CTO", "at", "@globex", "globex.com", "ex-", "Kiel", "Germany", "🎉", "Straße",
     "O'Neill", "株式会社", "dana@globex.com", "former", ",", "'", '"', "office", "we", "our", "İstanbul", "ﬁ"]
)  # fmt: skip
_TEXT = st.lists(_WORDS, max_size=7).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(st.fixed_dictionaries(dict.fromkeys(("handle", "name", "bio", "site", "location"), _TEXT)))
def test_any_profile(account: dict[str, str]) -> None:
    entries = [
        GLOBEX,
        person(2, "Dana Ortiz", company="Globex GmbH", title="CTO", emails=("dana@globex.com",), city="Kiel"),
        company(3, "株式会社 Straße", region="Germany"),
    ]
    columns = profiles(account)
    _, faults = clause_checking.walked(columns, entries, Matcher(entries).propose(columns))
    assert not faults


_PROFILE = {"name": ("Globex",), "bio": ("CTO at Globex",), "handle": ("globex",)}
_SO = Evidence("name_equal", 60, "name", "Globex", "Globex GmbH", (0, 6), (0, 6), "company")


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({}, ""),
        ({"account_text": "Globex AG"}, "account's field"),
        ({"entry_text": "Globex AG"}, "entry's column"),
        ({"column": "person"}, "entry's column"),
        ({"account_span": None}, "account span"),
        ({"account_span": (2, 40)}, "account span"),
        ({"entry_span": (3, 3)}, "entry span"),
        ({"signal": "never_heard"}, "no words"),
        (
            {"signal": "bio_domain", "field": "bio", "account_text": "CTO at Globex", "account_span": (0, 3)},
            "worded as",
        ),
        ({"field": "bio", "account_text": "CTO at Globex", "account_span": (7, 13)}, "speaks of name"),
        ({"signal": "site_domain", "account_text": "Globex"}, "speaks of site"),
        ({"signal": "site_domain"}, "the list's"),
        (
            {"signal": "name_close", "weight": 10, "entry_text": "Germany", "entry_span": (0, 7), "column": "country"},
            "",
        ),
    ],
)
def test_the_checker_finds_what_has_no_source(changed: dict[str, object], fault: str) -> None:
    found = list(faults_of(_SO._replace(**changed), _PROFILE, GLOBEX))  # type: ignore[arg-type]
    assert any(fault in one for one in found) if fault else found == []


def test_a_quote_stands_on_the_side_it_is_said_to_be_from(monkeypatch: pytest.MonkeyPatch) -> None:
    swapped = _SO._replace(signal="name_part", account_text="Globex Kiel", account_span=(0, 11), entry_span=(0, 6))
    profile = {"name": ("Globex Kiel",)}
    assert list(faults_of(swapped, profile, GLOBEX)) == []
    monkeypatch.setattr(
        "clause_checking.words_for", lambda piece: f'name "{piece.entry_text}" may be part of "{piece.account_text}"'
    )
    assert set(faults_of(swapped, profile, GLOBEX)) == {
        "quotes as the account's what does not stand there",
        "quotes as the entry's what does not stand there",
    }


def test_a_long_quote_is_cut_at_its_end() -> None:
    name = f"Globex {'Valves ' * 12}"
    piece = Evidence("name_close", 10, "name", name, "Globex GmbH", (0, len(name)), (0, 6), "company")
    assert words_for(piece) == 'name "Globex Valves Valves Valves Valves Valves Valve…" is spelled almost as "Globex"'


def test_a_mail_address_of_another_domain_is_said_to_stand_in_the_bio() -> None:
    entries = [
        company(1, "Summit Inc", domains=("https://www.summit.com",)),
        company(2, "Summit LLC", domains=("https://summit.de",)),
    ]
    columns = profiles({"handle": "dana", "name": "Dana Ortiz", "bio": "Engineer at Summit Inc, dana@other.org"})
    found = Matcher(entries).propose(columns)
    assert 'bio gives "dana@other.org", not "summit.com"' in {words_for(e) for p in found for e in p.evidence}
    assert clause_checking.walked(columns, entries, found)[1] == {}


def test_a_middle_initial_is_no_word_for_and() -> None:
    named = person(1, "", first_name="Dana", middle_name="N.", last_name="Ortizelo")
    (found,) = Matcher([named]).propose(profiles({"handle": "x", "name": "Dana Ortizelo"}))
    said = {piece.signal: words_for(piece) for piece in found.evidence}
    assert said["person_full"] == 'name "Dana Ortizelo" reads as "Dana N. Ortizelo"'


@pytest.mark.parametrize(
    ("account", "signal", "sentence"),
    [
        ({"handle": "globex", "name": "Globex"}, "name_equal", 'same name: "Globex"'),
        ({"handle": "x", "name": "Globexx", "site": "globex.com"}, "name_close",
         'name "Globexx" is spelled almost as "Globex GmbH"'),
        ({"handle": "globex", "name": "Globex"}, "handle_equal", "@globex is their name"),
        ({"handle": "a", "name": "Globex", "location": "Hamburg"}, "region_agree",
         '"Hamburg" seems to be in "Germany"'),
        ({"handle": "a", "name": "Ada", "bio": "Engineer at Globex"}, "role", '"Engineer" reads like a role'),
        ({"handle": "a", "name": "Globex", "bio": "Nothing here", "location": "now in Paris, France"}, "place_conflict",
         '"Paris, France" seems to be elsewhere than "Kiel"'),
        ({"handle": "a", "name": "Ada", "bio": "Founder of a choir. Engineer at Globex"}, "role",
         '"Engineer" reads like a role'),
        ({"handle": "globex", "name": "Globex", "bio": "We make valves", "site": "globex.com/about"}, "site_domain",
         'site "globex.com" is their domain'),
        ({"handle": "a", "name": "Globex", "verified": "business"}, "company_like",
         'X verified it as "business", so an organisation\'s account, it seems'),
        ({"handle": "a", "name": "Globex", "bio": "Nothing here", "location": "Paris, France"}, "place_conflict",
         '"Paris, France" seems to be elsewhere than "Kiel"'),
    ],
)  # fmt: skip
def test_a_clause_says_what_stands_there(account: dict[str, str], signal: str, sentence: str) -> None:
    (found,) = Matcher([GLOBEX]).propose(profiles(account))
    said = {piece.signal: words_for(piece) for piece in found.evidence}
    assert said[signal] == sentence
