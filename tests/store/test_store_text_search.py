"""Words find the same rows before and after they are indexed."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from filling import add_accounts, new_store
from hypothesis import example, given, settings
from hypothesis import strategies as st

from followertui.store.audience import pages
from followertui.store.file import watermarks
from followertui.store.index.text_search import rows_with_words

WORDS = """
Acme globexpert Globex Köln koln KO\u0308LN Straße ﬁn Ørsted İstanbul ΣΊΣΥΦΟΣ σίσυφος a\u0305b ụx हिन्दी न द न्द
日本 100% a_b C++ - _ % 🚀 ꭠ x y ẹ̀ Việt ² ſ K
"""
PIECES = st.sampled_from([*WORDS.split(), " ", "\n"])
TEXTS = st.one_of(st.none(), st.lists(st.one_of(PIECES, st.text(max_size=2)), max_size=5).map("".join)).map(
    lambda text: text and text.replace("\0", "").encode("utf-8", "ignore").decode()
)
PROFILES = st.fixed_dictionaries({"name": TEXTS, "bio": TEXTS, "location": TEXTS})

FOLDER = TemporaryDirectory()
SHARED = new_store(Path(FOLDER.name) / "store.db")


@settings(max_examples=60, deadline=None)
@given(profiles=st.lists(PROFILES, min_size=1, max_size=6), text=TEXTS.filter(bool), is_phrase=st.booleans())
@example([{"name": "globexpert", "bio": "not globex but agglobex", "location": None}], "globex", False)
@example([{"name": "agglobex", "bio": None, "location": None}], "globex", False)
@example([{"name": None, "bio": "Köln", "location": None}], "koln", False)
@example([{"name": None, "bio": "head\nof", "location": "growth"}], "head of growth", True)
def test_indexing_changes_no_answer(profiles: list[dict[str, str | None]], text: str, is_phrase: bool) -> None:
    store = SHARED
    with store.write() as con:
        watermarks.TEXT_UPTO.write(store, 0)
        con.execute("INSERT INTO account_text(account_text) VALUES ('delete-all')")
        con.execute("DELETE FROM account")
    add_accounts(store, *profiles)
    before = set(rows_with_words(store, text, is_phrase))
    pages.index_text(store, 1 + len(profiles) // 2)
    between = set(rows_with_words(store, text, is_phrase))
    pages.index_text(store, len(profiles))
    assert before == between == set(rows_with_words(store, text, is_phrase))
