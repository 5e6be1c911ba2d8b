"""Links of the shelf: whom they fit, and their addresses."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from followertui.domain.errors import BadInput
from followertui.engage.shelf_item import Interest, ShelfItem, clean_address, fit, ranked, with_campaign

NOW = 1_000_000
GUIDE = ShelfItem(
    7, "https://acme.example/guide?a=1", "The freight guide", "", ("freight",), (), "en", None, None, "", 5
)
ANA = Interest("prospect", "Head of freight at Globex", "operations", "Globex", "")


def test_a_topic_in_the_bio_fits_and_says_so() -> None:
    found = fit(GUIDE, ANA)
    assert found.points == 4
    assert found.why == "freight in the profile"


def test_words_inside_other_words_are_no_topic() -> None:
    assert fit(GUIDE, ANA._replace(bio="freighter captain")).points == 0


def test_a_link_for_other_kinds_or_another_language_fits_nobody_else() -> None:
    assert fit(GUIDE._replace(kinds=("customer",)), ANA).points == 0
    assert fit(GUIDE._replace(kinds=("prospect",)), ANA._replace(bio="")).points == 2
    assert fit(GUIDE, ANA._replace(lang="de")).points == 0
    assert fit(GUIDE, ANA._replace(lang="en-GB")).points > 0


def test_the_best_comes_first_without_what_was_offered_or_is_out_of_season() -> None:
    other = GUIDE._replace(id=8, title="Globex freight case", added_at=6)
    over = GUIDE._replace(id=9, until_at=NOW - 1)
    ahead = GUIDE._replace(id=10, from_at=NOW + 1)
    assert [item.id for item, _ in ranked([GUIDE, other, over, ahead], ANA, frozenset(), NOW)] == [8, 7]
    assert [item.id for item, _ in ranked([GUIDE, other], ANA, frozenset({8}), NOW)] == [7]
    assert ranked([GUIDE], ANA._replace(bio="vinyl"), frozenset(), NOW) == []


def test_campaign_parameters_name_kind_and_link_and_a_person_only_where_told() -> None:
    query = parse_qs(urlsplit(with_campaign(GUIDE, "prospect")).query)
    assert query == {"a": ["1"], "utm_source": ["x"], "utm_medium": ["social"], "utm_campaign": ["prospect"],
                     "utm_content": ["shelf-7"]}  # fmt: skip
    assert parse_qs(urlsplit(with_campaign(GUIDE, "customer", "dana")).query)["utm_term"] == ["dana"]


def test_an_address_is_kept_without_campaigns_of_its_own() -> None:
    assert clean_address(" HTTPS://Acme.Example/Guide?utm_source=mail&b=2#top ") == "https://acme.example/Guide?b=2#top"


@pytest.mark.parametrize(
    "wrong",
    ["", "acme.example/guide", "javascript:alert(1)", "file:///etc/passwd", "https://", "https://localhost/x",
     "https://a b.example/", "https://me:secret@acme.example/", "https://acme.example:port/", 'https://a.example/"x'],
)  # fmt: skip
def test_what_is_no_address_of_a_page_is_refused(wrong: str) -> None:
    with pytest.raises(BadInput):
        clean_address(wrong)
