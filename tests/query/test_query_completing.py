"""What completion offers at the cursor."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followertui.domain.fields import FIELDS, FLAGS, SORT_FIELDS
from followertui.query.completing import MAX_COMPLETIONS, complete

NAMES = {"tag": ["VIP", "to call"], "company": ["Globex GmbH", "Initech"]}


def texts(text: str, cursor: int | None = None) -> list[str]:
    return [c.text for c in complete(text, len(text) if cursor is None else cursor, NAMES)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("ki", "kind:"),
        ("is:fol", "follower"),
        ("a (-is:mut", "mutual"),
        ("kind:customer,pro", "prospect"),
        ("sort:-poste", "-posted"),
        ("sort:fol", "followers"),
        ("tag:to", '"to call"'),
        ('company:"Globex G', '"Globex GmbH"'),
        ("match:9", "90.."),
        ("silent:", "90d.."),
        ("posted:", "7d"),
        ("has:bi", "bio"),
        ("cust", "kind:customer"),
        ('bio:"a b" kind:cu', "customer"),
    ],
)
def test_the_first_offer(text: str, first: str) -> None:
    assert texts(text)[0] == first


def test_the_offer_replaces_the_word_at_the_cursor() -> None:
    text = "is:fan ki sort:name"
    offer = complete(text, 9, NAMES)[0]
    assert text[: offer.start] + offer.text + text[offer.end :] == "is:fan kind: sort:name"


def test_an_empty_line_offers_every_field() -> None:
    assert texts("") == [*(f"{name}:" for name in FIELDS), "sort:"]
    assert all(offer.help for offer in complete("", 0))


def test_closed_choices_are_all_offered() -> None:
    assert texts("is:") == list(FLAGS)
    assert texts("sort:") == list(SORT_FIELDS)
    assert complete("is:mutual", 9)[0].help == FLAGS["mutual"]


def test_an_unknown_field_offers_nothing() -> None:
    assert texts("nope:x") == []


@given(st.text(alphabet='ab:",()-\\ \x00é', max_size=60), st.integers(-5, 70))
def test_any_text_gets_an_answer(text: str, cursor: int) -> None:
    offers = complete(text, cursor, NAMES)
    assert len(offers) <= MAX_COMPLETIONS
    assert all(0 <= offer.start <= offer.end <= len(text) for offer in offers)
