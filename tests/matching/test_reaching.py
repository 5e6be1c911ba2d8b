"""What a change of the lists can touch: whoever is not named keeps the very proposals they had."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from match_fixtures import company, person, profiles

from followertui.domain.lists import EntityAlias, ListEntry
from followertui.matching.matcher import Matcher
from followertui.matching.reaching import Reach, changed_entry_states

_WORDS = ("globex", "brindle", "quorvane", "cargo", "daily", "record", "ohio", "tech", "group", "東京電力")
_GIVEN, _LAST = ("Dana", "William", "Bill", "Carla"), ("Ortiz", "Smith", "Ostrander", "van der Berg")
_DOMAINS = ("globex.com", "brindle.de", "quorvane.io", "record.news", "ortiz.me")
_HANDLES = ("globex", "brindle_hq", "quorvane", "danaortiz", "cargo_co", "senortiz")


@st.composite
def _entries(draw: st.DrawFn, first: int, count: int) -> list[ListEntry]:
    made = []
    for number in range(first, first + count):
        more: dict[str, Any] = {
            "domains": tuple(draw(st.lists(st.sampled_from(_DOMAINS), max_size=1))),
            "handles": tuple(draw(st.lists(st.sampled_from(_HANDLES), max_size=1))),
            "region": draw(st.sampled_from(("", "OH", "WA"))),
        }
        if draw(st.booleans()):
            name = " ".join(draw(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=3)))
            entry = company(number, name.title(), **more)
        else:
            name = f"{draw(st.sampled_from(_GIVEN))} {draw(st.sampled_from(_LAST))}"
            entry = person(number, name, company=draw(st.sampled_from(("", "Globex", "Brindle Cargo"))), **more)
        made.append(replace(entry, entity_id=draw(st.integers(1, 6)), list_id=draw(st.integers(1, 2))))
    return made


_ALIASES = st.lists(
    st.one_of(
        st.builds(EntityAlias, st.integers(1, 6), st.just("handle"), st.sampled_from(_HANDLES)),
        st.builds(EntityAlias, st.integers(1, 6), st.just("name"), st.sampled_from(("Brindle Tech", "Record Group"))),
        st.builds(EntityAlias, st.integers(1, 6), st.just("domain"), st.sampled_from(_DOMAINS)),
    ),
    max_size=3,
    unique=True,
)

_ACCOUNT = st.fixed_dictionaries(
    {
        "name": st.one_of(
            st.lists(st.sampled_from((*_WORDS, *_GIVEN, *_LAST)), max_size=3).map(
                lambda parts: " ".join(parts).title()
            ),
            st.builds("{} {}".format, st.sampled_from(_GIVEN), st.sampled_from(_LAST)),
        ),
        "handle": st.sampled_from((*_HANDLES, "GlobexCareers", "brindlecargo", "dortiz", "x9", "DailyRecordOhio")),
        "bio": st.sampled_from(
            ("", "CTO at Globex", "@quorvane fan", "Daily Record, Ohio", "sen. Ortiz press office", "mail a@brindle.de")
        ),
        "site": st.sampled_from(("", *(f"https://{domain}" for domain in _DOMAINS))),
        "affiliation": st.sampled_from(("", "Globex")),
    }
)


@pytest.mark.parametrize(("few", "most"), [(6, 48), (1, 2)])
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_who_is_not_reached_keeps_what_they_had(
    few: int, most: int, monkeypatch: pytest.MonkeyPatch, data: st.DataObject
) -> None:
    for module in ("blocking", "reaching"):
        monkeypatch.setattr(f"followertui.matching.{module}.FEW", few)
        monkeypatch.setattr(f"followertui.matching.{module}.MOST_PER_KEY", most)
    old = data.draw(_entries(1, data.draw(st.integers(0, 7))))
    new = data.draw(_entries(len(old) + 1, data.draw(st.integers(0, 3))))
    then, now = data.draw(_ALIASES), data.draw(_ALIASES)
    third_party = frozenset(data.draw(st.sets(st.integers(1, 2), max_size=1)))
    place = data.draw(st.integers(0, len(old)))
    entries = [*old[:place], *new, *old[place:]]
    columns = profiles(*data.draw(st.lists(_ACCOUNT, min_size=1, max_size=8)))

    before, after = Matcher(old, then, None, third_party), Matcher(entries, now, None, third_party)
    reach = Reach(changed_entry_states(after, range(place, place + len(new)), then))
    reached = set(reach.rows(columns))
    kept = [found for found in before.propose(columns) if found.row not in reached]
    assert kept == [found for found in after.propose(columns) if found.row not in reached]


def test_a_new_entry_reaches_by_every_field_and_nobody_else() -> None:
    new = company(2, "Quorvane Cargo", domains=("quorvane.io",), handles=("quorvane_hq",))
    matcher = Matcher([company(1, "Globex"), new])
    columns = profiles(
        {"handle": "a", "name": "Globex"},
        {"handle": "b", "name": "Quorvane Kargo"},
        {"handle": "quorvanecargo", "name": "Q"},
        {"handle": "c", "name": "C", "site": "https://www.quorvane.io/team"},
        {"handle": "d", "name": "D", "bio": "ops at Quorvane Cargo"},
        {"handle": "e", "name": "E", "bio": "ops @quorvane_hq"},
        {"handle": "f", "name": "F", "affiliation": "Quorvane Cargo"},
        {"handle": "g", "name": "Dana Ortiz", "bio": "cats"},
    )
    assert Reach(changed_entry_states(matcher, [1], ())).rows(columns) == [1, 2, 3, 4, 5, 6]


def test_an_old_entry_that_others_now_share_a_name_with_stands_differently() -> None:
    old, new = company(1, "Daily Record", domains=("a.com",)), company(2, "Daily Record", domains=("b.com",))
    entry_states = changed_entry_states(Matcher([old, new]), [1], ())
    assert {standing.entry.id for standing in entry_states} == {1, 2}
    assert changed_entry_states(Matcher([old]), [], ()) == []


def test_an_old_entry_whose_other_domain_is_now_shared_stands_differently() -> None:
    old = company(1, "Globex", domains=("globex.com", "globex.de"))
    new = company(2, "Quorvane", domains=("globex.de",))
    entry_states = changed_entry_states(Matcher([old, new]), [1], ())
    assert {standing.entry.id for standing in entry_states} == {1, 2}


def test_old_entries_that_a_crowded_word_no_longer_leads_to_stand_differently() -> None:
    old = [company(number, f"{word} Quorvane") for number, word in enumerate(("Ab", "Cd", "Ef", "Gh", "Ij"), start=1)]
    sixth, seventh = company(6, "Quorvane Kl"), company(7, "Mn Quorvane")
    below = changed_entry_states(Matcher([*old, sixth]), [5], ())
    beyond = changed_entry_states(Matcher([*old, sixth, seventh]), [6], ())
    assert {standing.entry.id for standing in below} == {6}
    assert {standing.entry.id for standing in beyond} == {1, 2, 3, 4, 5, 6, 7}


def test_an_entry_that_learned_something_comes_as_it_was_and_as_it_is() -> None:
    then, now = [EntityAlias(1, "handle", "gbx")], [EntityAlias(1, "handle", "globex_hq")]
    entry_states = changed_entry_states(Matcher([company(1, "Globex"), company(2, "Quorvane")], now), [], then)
    columns = profiles({"handle": "gbx"}, {"handle": "globex_hq"}, {"handle": "quorvane"})
    assert [standing.aliases for standing in entry_states] == [tuple(now), tuple(then)]
    assert Reach(entry_states).rows(columns) == [0, 1]
