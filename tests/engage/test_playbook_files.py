"""Playbook files: every mistake is one line that says where, and those that come with the program can be used."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followertui.domain.engagement import WRITING, Start, StepAction
from followertui.domain.errors import BadInput
from followertui.engage import playbook
from followertui.query.parsing import parse as parse_query
from followertui.text import templates

NOW = datetime(2026, 11, 22, tzinfo=UTC)
GOOD = 'who = "kind:press"\n[[step]]\ndo = "follow"\n'
REPLY = '[[step]]\ndo = "reply"\ntexts = ["one {{ name }}", "two {{ name }}"]\n'


@pytest.mark.parametrize("name", playbook.shipped_names())
def test_a_playbook_that_comes_with_the_program_can_be_used(name: str) -> None:
    found = playbook.parse(name, playbook.shipped_text(name))
    for query in found.queries():
        parse_query(query, NOW, UTC)
    for step in found.steps:
        if step.action in WRITING:
            rendered = [templates.render(text, dict.fromkeys(playbook.VARIABLES, "x")) for text in step.texts]
            assert len(set(rendered)) == len(rendered)
    assert StepAction.MESSAGE not in {step.action for step in found.steps}, "no direct message is shipped"


def test_thanks_are_off_and_capped_and_every_kind_that_qualifies_has_a_playbook() -> None:
    books = {name: playbook.parse(name, playbook.shipped_text(name)) for name in playbook.shipped_names()}
    assert not books["thanks"].is_on
    assert books["thanks"].a_day == 3
    assert books["thanks"].starts is Start.NEW_FOLLOWER
    for kind in ("customer", "prospect", "partner", "influencer", "press"):
        assert books[kind].is_on
        assert books[kind].goal is not None


def test_what_is_left_out_reads_as_documented() -> None:
    found = playbook.parse("mine", GOOD)
    assert (found.title, found.starts, found.a_day, found.cool_down_days, found.is_on) == (
        "mine",
        Start.FIRST_SIGHT,
        5,
        3,
        True,
    )
    assert found.steps == (playbook.Step("follow", StepAction.FOLLOW),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("who = ", "is not valid TOML"),
        ('whom = "kind:press"\n[[step]]\ndo = "follow"', "did you mean who"),
        ('who = "kind:press"', "needs at least one [[step]]"),
        ('[[step]]\ndo = "follow"', "who is it for"),
        ('who = "a"\n[[step]]\ndo = "folow"', "did you mean follow"),
        ('who = "a"\n[[step]]\ndo = "follow"\nevry = 3', "did you mean every"),
        ('who = "a"\n[[step]]\ndo = "follow"\nevery = 3\n[[step]]\ndo = "repost"', "only the last step can repeat"),
        ('who = "a"\n[[step]]\ndo = "wait"', "wait needs after"),
        ('who = "a"\n[[step]]\ndo = "stop"', "stop needs only"),
        ('who = "a"\n[[step]]\ndo = "list"', "a list on X"),
        ('who = "a"\n[[step]]\ndo = "reply"\ntexts = ["one"]', "at least two texts"),
        ('who = "a"\n[[step]]\ndo = "reply"\ntexts = ["one", "{{ nme }}"]', 'knows no "nme"'),
        ('who = "a"\n[[step]]\ndo = "reply"\ntexts = ["one", "{% for x in name %}a{% endfor %}"]', "no loops"),
        ('who = "a"\n[[step]]\ndo = "reply"\ntexts = ["one", "{{ name * 9999999 }}"]', "no loops"),
        ('who = "a"\n[[step]]\ndo = "reply"\ntexts = ["one", "{{ name.format() }}"]', "calls"),
        ('who = "a"\n[[step]]\ndo = "reply"\ntexts = ["one", "see {{ link }}"]', "only an offer has one"),
        ('who = "a"\n[[step]]\ndo = "offer"\ntexts = ["one", "two"]', "offers no {{ link }}"),
        ('who = "a"\n[[step]]\ndo = "repost"\ntexts = ["one", "two"]', "sends no text"),
        ('who = "a"\na_day = 0\n[[step]]\ndo = "follow"', "a_day is a whole number from 1"),
        ('who = "a"\na_day = true\n[[step]]\ndo = "follow"', "a_day is a whole number from 1"),
        ('who = "a"\ngoal = "many"\n[[step]]\ndo = "follow"', "engage 50 per quarter"),
        ('who = "a"\nis_on = "yes"\n[[step]]\ndo = "follow"', "is_on is true or false"),
        ('who = "a"\n[[step]]\ndo = "follow"\nname = "x"\n[[step]]\ndo = "repost"\nname = "x"', "a step before"),
    ],
)
def test_a_mistake_is_one_line_that_says_where(text: str, words: str) -> None:
    with pytest.raises(BadInput) as caught:
        playbook.parse("mine", text)
    assert words in str(caught.value)
    assert str(caught.value).startswith("playbook mine")
    assert "\n" not in str(caught.value).strip()


@given(st.text(alphabet="wdo=[]step\"'\n{}%- 1follow#", max_size=200))
def test_any_text_is_a_playbook_or_refused(text: str) -> None:
    try:
        found = playbook.parse("mine", GOOD + text)
    except BadInput:
        return
    assert found.steps
