"""A name of an open vocabulary that finds nobody is said, with its place and the nearest known."""

from __future__ import annotations

import pytest

from followertui.services.review import annotating, offering, views
from followertui.services.session import Session
from followertui.store.lists import lists


@pytest.fixture
def tagged(full: Session) -> Session:
    """A store whose first account is tagged."""
    annotating.tag(full, list(views.open_view(full, "", "is:follower").rows[:1]), ["Met in Oslo"])
    return full


def test_a_slip_is_pointed_at_and_the_nearest_name_offered(tagged: Session) -> None:
    text = 'is:follower -tag:"met in Olso"'
    said = offering.unknown_name(tagged, text)
    assert said is not None
    assert str(said) == 'tag: "met in Olso" finds nobody: did you mean "Met in Oslo"?'
    assert text[said.position : said.position + said.length] == "met in Olso"
    assert said.suggestion == "Met in Oslo", "it stands in quotes already"
    assert offering.unknown_name(tagged, "tag:met,Metinoslo").suggestion == '"Met in Oslo"'  # type: ignore[union-attr]


@pytest.mark.parametrize("field", ["tag", "list", "company", "owner"])
def test_each_open_vocabulary_is_looked_through_wherever_the_name_stands(full: Session, field: str) -> None:
    for text in (f"{field}:qqqq", f"-{field}:qqqq is:follower", f"(is:following OR NOT {field}:qqqq) at:30d"):
        said = views.open_view(full, "", text).remark
        assert said is not None, text
        assert str(said) == f'{field}: "qqqq" finds nobody'
        assert text[said.position :].startswith("qqqq")
        assert views.sort_view(full, views.open_view(full, "", text), "name", False).remark is not None


def test_names_that_find_somebody_and_closed_fields_are_not_remarked(tagged: Session) -> None:
    matched = next(
        one.name for one in lists.lists(tagged.store) if views.open_view(tagged, "", f'list:"{one.name}"').rows
    )
    for text in ("", "is:follower", 'tag:"met in oslo"', f'-list:"{matched.upper()}"', "bio:qqqq", "kind:bot"):
        assert offering.unknown_name(tagged, text) is None, text
