"""The join by signature finds what brute force finds, in any script, and no more."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from followertui.matching.joining import KeySet, Pairs, near_pairs
from followertui.matching.normalising import comparison_key, native_key
from followertui.matching.probing import changes_allowed
from followertui.matching.signatures import encoded

_LETTERS = "abcdeno lm 12 жгри αβγ 東京電 مح"


@st.composite
def _names_and_neighbours(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    names = draw(st.lists(st.text(_LETTERS, max_size=26), min_size=1, max_size=30))
    near = []
    for name in draw(st.lists(st.sampled_from(names), max_size=15)):
        at = draw(st.integers(0, len(name)))
        near.append(name[:at] + draw(st.sampled_from(["", "a", "ж", " "])) + name[at + draw(st.integers(0, 1)) :])
    return names, near + draw(st.lists(st.text(_LETTERS, max_size=26), max_size=8))


def _tidy(names: list[str]) -> list[str]:
    return [" ".join(sorted(name.split())) for name in names]


@settings(max_examples=150, deadline=None)
@given(_names_and_neighbours(), st.sampled_from([80.0, 90.0, 97.0]))
def test_join_equals_brute_force(pair: tuple[list[str], list[str]], cutoff: float) -> None:
    left, right = _tidy(pair[0]), _tidy(pair[1])
    found = near_pairs(KeySet(left), KeySet(right), cutoff)
    brute = {
        (a, b)
        for a, one in enumerate(left)
        for b, other in enumerate(right)
        if one and other and fuzz.ratio(one, other) >= cutoff
    }
    assert set(zip(found.left.tolist(), found.right.tolist(), strict=True)) == brute


@pytest.mark.parametrize("letters", ["abcdefghij lmno", "βγδζ αεηιου", "東京電力株日立製作所 "])
@pytest.mark.parametrize(("most", "cutoff"), [(24, 90.0), (60, 90.0), (24, 97.0), (24, 75.0)])
def test_join_of_many_names_equals_brute_force(letters: str, most: int, cutoff: float) -> None:
    rng = np.random.default_rng(3)
    made = ["".join(rng.choice(list(letters), size=rng.integers(4, most))) for _ in range(700)]
    many = _tidy(made)
    few = _tidy([name[:2] + name[3:] for name in made[:150]] + made[200:260])
    brute = {
        (a, b)
        for a, one in enumerate(many)
        for b, other in enumerate(few)
        if one and other and fuzz.ratio(one, other, score_cutoff=cutoff) >= cutoff
    }
    assert len(brute) >= 60
    # Many against few are compared in groups, few against many looked up, and a handful with everybody.
    assert _as_set(near_pairs(KeySet(many), KeySet(few), cutoff)) == brute
    assert _as_set(near_pairs(KeySet(few), KeySet(many), cutoff)) == {(b, a) for a, b in brute}
    handful = _as_set(near_pairs(KeySet(few[:9]), KeySet(many), cutoff))
    assert handful == {(b, a) for a, b in brute if b < 9}


def test_an_odd_number_of_letters_apart_is_an_odd_number_of_changes() -> None:
    allowed = changes_allowed(np.array([9, 10, 10, 11, 4]), np.array([10, 10, 11, 11, 4]), 0.1)
    assert allowed.tolist() == [1, 2, 1, 2, 0]


def test_nothing_against_nothing() -> None:
    assert len(near_pairs(KeySet([]), KeySet(["a"])).left) == 0
    assert len(near_pairs(KeySet(["", "a"]), KeySet([""])).left) == 0


def test_word_order_does_not_change_a_signature() -> None:
    one, other = encoded([comparison_key("Dana Ortiz"), comparison_key("Ortiz, Dana")])[:2]
    assert one[0] == one[1]
    assert other[0] == other[1]


def test_keys_of_both_scripts() -> None:
    assert native_key("Globex GmbH") == ""
    assert native_key("株式会社東京電力") == native_key("東京電力")
    assert comparison_key("Müller & Söhne GmbH & Co. KG") == comparison_key(
        "Soehne Mueller".replace("oe", "o").replace("ue", "u")
    )


@pytest.mark.parametrize("letters", ["abcdefghij lmno", "βγδζ αεηιου"])
def test_threads_and_grouping_change_nothing(letters: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    names = ["".join(rng.choice(list(letters), size=rng.integers(5, 20))) for _ in range(1_200)]
    known, asked = KeySet(names), KeySet([name[:3] + name[4:] for name in names[:250]])
    plain = _as_set(near_pairs(asked, known))
    grouped = {(b, a) for a, b in _as_set(near_pairs(known, asked))}
    monkeypatch.setattr("followertui.matching.joining._WORTH_THREADS", 1)
    threaded = {(b, a) for a, b in _as_set(near_pairs(known, asked))}
    assert len(plain) >= 150
    assert plain == grouped == threaded


def _as_set(pairs: Pairs) -> set[tuple[int, int]]:
    return set(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))
