"""Folding brings any text to one form and changes nothing the second time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followertui.text.folding import fold, handle_words, is_latin, native, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Müller & Söhne™", "muller & sohne "),
        ("𝓓𝓪𝓷𝓪 Ortiz", "dana ortiz"),
        ("Ångström ß", "angstrom ss"),
        ("Ⓐcme", "acme"),
        ("ООО Ромашка", "ooo romashka"),
        ("İstanbul", "istanbul"),
        ("GLOBEX", "globex"),
    ],
)
def test_known_texts(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_is_idempotent_and_ascii(text: str) -> None:
    once = fold(text)
    assert once.isascii()
    assert fold(once) == once


@given(st.text())
def test_native_form_is_idempotent(text: str) -> None:
    assert native(native(text)) == native(text)


@given(st.text())
def test_words_are_plain(text: str) -> None:
    assert all(word.isascii() and word.isalnum() for word in words(text))


@pytest.mark.parametrize(
    ("handle", "parts"),
    [
        ("NYTimesWorld", ["ny", "times", "world"]),
        ("RepKevinYoder", ["rep", "kevin", "yoder"]),
        ("dana_ortiz", ["dana", "ortiz"]),
        ("globex24", ["globex", "24"]),
    ],
)
def test_handles_fall_into_words(handle: str, parts: list[str]) -> None:
    assert handle_words(handle) == parts


def test_apostrophes_join_words() -> None:
    assert words("O’Brien's") == ["obriens"]


def test_scripts_are_told_apart() -> None:
    assert is_latin("Müller 24")
    assert not is_latin("日立")
    assert not is_latin("Ромашка")
