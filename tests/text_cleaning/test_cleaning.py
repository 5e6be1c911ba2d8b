import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from followertui.text.cleaning import clean_column, clean_handle, clean_text
from followertui.text.escaping import safe_csv_cell

HOSTILE = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from(
            "\x1b[]0;m\x07\x9b\x9d\u202e\u200d\u200c\ufe0f\u0301\u0338\u2194#1\U0001f468\U0001f469 \n\r\t\u2800|"
        ),
        st.sampled_from("\ud800\udfff\u0915\u094d\u0937\u0645\u06cc\xad"),
    ),
    max_size=60,
)


@given(HOSTILE, st.booleans(), st.integers(1, 40))
@example("\u0915\u094d\u200d\u0937", False, 1)
def test_cleaning_twice_changes_nothing(text, keep_lines, limit):
    once = clean_text(text, limit=limit, keep_lines=keep_lines)
    assert clean_text(once, limit=limit, keep_lines=keep_lines) == once
    assert len(once) <= limit


@given(HOSTILE)
def test_nothing_invisible_or_controlling_is_left(text):
    once = clean_text(text)
    once.encode("utf-8")
    for char in once:
        assert unicodedata.category(char) not in {"Cc", "Cs"}
        assert char not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u200b\ufeff"


@given(st.lists(HOSTILE, max_size=6), st.booleans())
def test_a_column_is_cleaned_like_its_cells(texts, keep_lines):
    assert clean_column(texts, keep_lines=keep_lines) == [clean_text(text, keep_lines=keep_lines) for text in texts]


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("a\x1b]8;;http://evil\x07link\x1b]8;;\x07b", "alinkb"),
        ("CEO [/ founder]", "CEO [/ founder]"),
        ("two\n\nlines\t here ", "two lines here"),
        ("e\u0301", "é"),
        ("moc\u202ekcolb", "mockcolb"),
        ("\U0001f468\u200d\U0001f4bb dev \u2764\ufe0f", "\U0001f468\u200d\U0001f4bb dev \u2764\ufe0f"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("a\u200db\u200cc", "abc"),
        ("\ud83d lone", "lone"),
        ("\u3164", ""),
        ("z" + "\u0336" * 30, "z" + "\u0336" * 4),
    ],
)
def test_known_texts(raw, clean):
    assert clean_text(raw) == clean


def test_lines_are_kept_when_asked():
    assert clean_text("a \r\n b\n\n\n\nc  d", keep_lines=True) == "a\nb\n\nc d"


@pytest.mark.parametrize(
    ("raw", "handle"),
    [
        ("@NASA", "NASA"),
        ("https://twitter.com/NASA/", "NASA"),
        ("https://x.com/NASA?lang=de", "NASA"),
        ("mobile.twitter.com/@NASA", "NASA"),
        ("http://www.twitter.com/#!/NASA", "NASA"),
        ("https://x.com/NASA/status/1", "NASA"),
        ("https://twitter.com/intent/user?screen_name=NASA", "NASA"),
        ("'@NASA", "NASA"),
        (" NASA ", "NASA"),
        ("https://x.com/i/user/12", None),
        ("https://x.com/home", None),
        ("search", None),
        ("https://example.com/NASA", None),
        ("https://notx.com/NASA", None),
        ("two words", None),
        ("", None),
        ("a" * 21, None),
        ("näsa", None),
    ],
)
def test_handles(raw, handle):
    assert clean_handle(raw) == handle


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-x", "@SUM(A1)", "\t=1", " =1", "＝1"])
def test_formulas_become_text(cell):
    assert safe_csv_cell(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "plain", "-5", "+3.5", "a=b", "'=1"])
def test_harmless_cells_stay(cell):
    assert safe_csv_cell(cell) == cell


@pytest.mark.parametrize("byte", [chr(code) for code in (*range(0x80, 0xA0), 0x07, 0x00)])
def test_a_control_byte_never_takes_the_rest_of_a_name_with_it(byte: str) -> None:
    left = clean_text(f"Caf{byte} M{byte}ller R{byte}sterei GmbH")
    assert left.replace(" ", "") == "CafMllerRstereiGmbH"


def test_an_escape_string_without_an_end_leaves_what_follows() -> None:
    assert clean_text("\x1b]0;Acme GmbH") == "0;Acme GmbH"
    assert clean_text("\x1b]0;title\x07Acme GmbH") == "Acme GmbH"
