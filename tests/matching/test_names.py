"""Names: cores, legal forms, people's names and how they meet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followertui.matching.companies import abbreviates
from followertui.matching.comparing_names import initials_meet
from followertui.matching.normalising import acronym, comparison_key, core_variants, core_words, short_core
from followertui.matching.people import commonness, compare_names, parsed_person
from followertui.text.folding import native, words
from followertui.text.legal_forms import without_legal_form, without_native_form


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("Globex Technologies Co., Ltd", "globex technologies"),
        ("PT Globex Indonesia (Persero) Tbk", "globex indonesia"),
        ("Müller GmbH & Co. KG", "muller"),
        ("AB Globex", "globex"),
        ("Globex sp. z o.o.", "globex"),
        ("Globex, S.A. de C.V.", "globex"),
        ("The Daily Globe", "daily globe"),
        ("ООО Ромашка", "romashka"),
        ("Globex Pty Ltd", "globex"),
        ("SE", "se"),
    ],
)
def test_legal_forms_and_articles_go(name: str, core: str) -> None:
    assert " ".join(core_words(name)) == core


def test_forms_in_their_own_script_go() -> None:
    assert without_native_form(native("株式会社東京電力")) == "東京電力"
    assert without_native_form(native("주식회사 하늘")) == "하늘"
    assert without_native_form(native("株式会社")) == "株式会社"


@given(st.text(max_size=60))
def test_a_form_never_takes_the_whole_name(name: str) -> None:
    parts = words(name)
    left = without_legal_form(parts)
    assert bool(left) == bool(parts)
    assert without_legal_form(left) == left or len(without_legal_form(left)) < len(left)


@given(st.text(max_size=60))
def test_comparison_key_is_sorted_and_plain(name: str) -> None:
    key = comparison_key(name)
    assert key.isascii()
    assert key.split() == sorted(key.split())


def test_variants_take_capitals_apart_and_write_short_words_out() -> None:
    assert ("hcl", "technology") in core_variants("HCLTech")
    assert ("grainger",) in core_variants("W. W. Grainger")
    assert ("university", "of", "somewhere") in core_variants("Univ. of Somewhere")


def test_short_core_keeps_what_tells() -> None:
    assert short_core(("globex", "group", "holdings")) == ("globex",)
    assert short_core(("national", "group")) == ("national", "group")
    assert acronym(("rochester", "institute", "of", "technology")) == "rit"


@pytest.mark.parametrize(
    ("own", "core", "meets"),
    [
        ("ut dallas", "university texas dallas", True),
        ("uc boulder", "university colorado boulder", True),
        ("xy dallas", "university texas dallas", False),
        ("dallas", "university texas dallas", False),
    ],
)
def test_initials_of_some_words(own: str, core: str, meets: bool) -> None:
    assert initials_meet(own.split(), core.split()) is meets


@pytest.mark.parametrize(
    ("handle", "name", "is_short"),
    [
        ("stanleyblkdeckr", "stanley black decker", True),
        ("schneiderelec", "schneider electric", True),
        ("stanley", "stanley black decker", False),
        ("globexinc", "initech systems", False),
    ],
)
def test_handles_that_cut_words_short(handle: str, name: str, is_short: bool) -> None:
    assert abbreviates(handle, name.split()) is is_short


@pytest.mark.parametrize(
    ("listed", "shown", "agreement"),
    [
        ("Dana Ortiz", "Ortiz Dana", "full"),
        ("Ortiz, Dana", "Dana Ortiz", "full"),
        ("William Hall", "Bill Hall", "short_form"),
        ("Bill Hall", "Will Hall", "nick"),
        ("Dana Ortiz", "D Ortiz", "initial"),
        ("Dana Ortiz", "Carla Ortiz", "surname"),
        ("Dana van der Berg", "Dana van der Berg", "full"),
        ("Dana Ortiz", "Carla Hall", ""),
    ],
)
def test_people_meet(listed: str, shown: str, agreement: str) -> None:
    name = parsed_person(listed)
    assert name is not None
    assert compare_names(name, words(shown)).agreement == agreement


def test_middle_names_agree_or_conflict() -> None:
    name = parsed_person("Dana Maria Ortiz")
    assert name is not None
    assert compare_names(name, ["dana", "m", "ortiz"]).middle == "agree"
    assert compare_names(name, ["dana", "x", "ortiz"]).middle == "conflict"


def test_honorifics_offices_and_suffixes_are_no_names() -> None:
    name = parsed_person("Sen. Dr. Dana M. Ortiz Jr.")
    assert name is not None
    assert (name.given, name.middle, name.last, name.suffix) == (("dana",), ("m",), ("ortiz",), "jr")
    common = parsed_person("William Smith")
    assert common is not None
    assert commonness(common) == 2
    assert parsed_person("Globex") is None
