"""Phrases in many texts, places that agree, and weights a person may edit."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followertui.domain.errors import BadInput
from followertui.matching.evidence import span_of
from followertui.matching.explaining import CONTRARY, INFERRED, QUOTED
from followertui.matching.phrases import PhraseTable
from followertui.matching.places import (
    cities_of_text,
    compared,
    counties_of_text,
    place_of_code,
    places_of_field,
    places_of_text,
)
from followertui.matching.weights import default_weights, load_weights
from followertui.text.folding import words

_WORD = st.sampled_from(["ab", "abc", "b", "globex", "c3", "Ä", "o'b", "\n", "🎉", "—"])


@given(
    st.lists(st.lists(_WORD, max_size=8).map(" ".join), max_size=6),
    st.lists(st.lists(_WORD, min_size=1, max_size=3), max_size=6),
)
def test_phrases_are_found_where_they_stand(texts: list[str], wanted: list[list[str]]) -> None:
    phrases = list(dict.fromkeys(" ".join(words(" ".join(parts))) for parts in wanted))
    phrases = [phrase for phrase in phrases if phrase]
    hits = PhraseTable(phrases).find(texts)
    brute = {
        (at, number)
        for at, text in enumerate(texts)
        for number, phrase in enumerate(phrases)
        if f" {phrase} " in f" {' '.join(words(text))} "
    }
    assert set(zip(hits.text.tolist(), hits.phrase.tolist(), strict=True)) == brute


@pytest.mark.parametrize(
    ("text", "part", "met"),
    [
        ("CTO at Globex Corp.", "globex corp", "Globex Corp"),
        ("🎄 Müller at Börse!", "muller", "Müller"),
        ("regloBEX Globex", "globex", "Globex"),
        ("nothing here", "globex", None),
    ],
)
def test_spans_fit_the_text_as_written(text: str, part: str, met: str | None) -> None:
    span = span_of(text, part)
    assert (text[slice(*span)] if span else None) == met


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ("Austin, TX", "Texas", "agree"),
        ("Lisbon, Portugal", "Munich", "conflict"),
        ("Paris, TX", "France", "conflict"),
        ("Germany", "Berlin", "agree"),
        ("United States", "WA", "unknown"),
        ("somewhere", "WA", "unknown"),
        ("NY", "New Jersey", "conflict"),
    ],
)
def test_places_agree_or_conflict(one: str, other: str, verdict: str) -> None:
    assert compared(places_of_field(one), places_of_field(other)) == verdict


def test_places_in_running_text() -> None:
    assert places_of_text("News from Aberdeen, Wash. since 1889") == {"us-wa"}
    assert places_of_text("Alaska's oldest paper") == {"us-ak"}
    assert places_of_text("ask me in person") == frozenset()
    assert place_of_code("mo") == {"us-mo"}


def test_every_signal_has_words_and_a_weight() -> None:
    weights = default_weights()
    for table in (weights.company, weights.person, weights.works_at):
        for name, points in table.items():
            assert name in ({**QUOTED, **INFERRED} if points > 0 else CONTRARY), name


def test_a_copy_of_the_weights_overrides_and_is_checked(tmp_path: Path) -> None:
    copy = tmp_path / "weights.toml"
    copy.write_text("[company]\nname_equal = 50\n", encoding="utf-8")
    loaded = load_weights(copy)
    assert loaded.company["name_equal"] == 50
    assert loaded.person == default_weights().person
    assert loaded.fingerprint() != default_weights().fingerprint()
    for wrong in ("[company]\nno_such = 1\n", "[nowhere]\na = 1\n", "[company", "[company]\nname_equal = 'x'\n"):
        copy.write_text(wrong, encoding="utf-8")
        with pytest.raises(BadInput, match="weights"):
            load_weights(copy)
    with pytest.raises(BadInput):
        load_weights(tmp_path / "absent.toml")


def test_towns_and_counties_tell_places() -> None:
    assert places_of_field("Rosemead") == {"us-ca"}
    assert places_of_field("Rosemead, United States") == {"us-ca"}
    assert places_of_field("Snohomish County") == {"us-wa"}
    assert places_of_field("Salzburg, Ohio") == {"us-oh"}
    assert cities_of_text("Haulage from Snohomish County since 1950") == {"us-wa"}
    assert cities_of_text("We serve Macomb, Oakland and Wayne counties.") == {"us-mi"}
    assert cities_of_text("The enterprise for media and commerce") == frozenset()


def test_a_county_many_states_have_proves_nothing_but_may_conflict() -> None:
    assert cities_of_text("News of Franklin County") == frozenset()
    assert compared(counties_of_text("News of Franklin County"), frozenset({"us-ak"})) == "conflict"
    assert compared(counties_of_text("News of Franklin County"), frozenset({"us-oh"})) == "agree"


def test_a_town_is_not_its_namesake_where_the_state_is_said() -> None:
    assert "us-sc" not in cities_of_text("Covering Lancaster, Ohio and Fairfield County")
