"""Word lists are read quickly, and as tomllib reads them."""

from __future__ import annotations

import tomllib
from importlib import resources

import pytest

from followertui.text.word_lists import quickly, word_lists

LISTS = [
    ("followertui.quality", "roles.toml"),
    ("followertui.quality", "words.toml"),
    ("followertui.matching", "vocabulary.toml"),
    ("followertui.sources", "aliases.toml"),
]


@pytest.mark.parametrize(("package", "name"), LISTS)
def test_the_lists_of_the_program_are_read_as_tomllib_reads_them(package: str, name: str) -> None:
    text = resources.files(package).joinpath(name).read_text(encoding="utf-8")
    assert quickly(text) == tomllib.loads(text) == word_lists(package, name)


def test_tables_texts_and_arrays_over_several_lines_are_read() -> None:
    text = '# a\n\ntop = "x"\n[one.two] # why\n"a b" = ["ü", "\\u00e9"]\nlong = [\n  "c",\n  "d",\n]\n'
    assert quickly(text) == tomllib.loads(text)
    assert quickly(text) == {"top": "x", "one": {"two": {"a b": ["ü", "é"], "long": ["c", "d"]}}}


@pytest.mark.parametrize(
    "text", ["a = 1", "a = [1,]", "[[a]]", "a = 'b'", "a.b = []", "a = [ # c", "a", "a = [\n# c\n]"]
)
def test_what_needs_more_of_toml_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        quickly(text)


def test_a_file_that_uses_more_of_toml_is_left_to_tomllib() -> None:
    assert word_lists("followertui.quality", "weights.toml")["bot"]
