"""Drafts: no two people get the same words, and length is counted as X counts it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followertui.domain.errors import BadInput
from followertui.engage import drafts, playbook
from followertui.text import templates
from followertui.text.post_length import has_link, post_length

VALUES = dict.fromkeys(playbook.VARIABLES, "")


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("abc", 3),
        ("Grüße", 5),
        ("日本語", 6),
        ("e\u0301", 1),
        ("https://example.com", 23),
        ("https://example.com/a/very/long/path/that/goes/on/and/on?and=on#and-on", 23),
        ("see https://a.example/x and https://b.example/y", 4 + 23 + 5 + 23),
        ("see example.com.", 4 + 23 + 1),
        ("mail me@example.com", 19),
        ("👍", 2),
        ("👩‍👩‍👧‍👦", 2),
        ("🇩🇪 ok", 5),
        ("“quoted” – yes…", 16),
    ],
)
def test_length_is_counted_as_x_counts_it(text: str, length: int) -> None:
    assert post_length(text) == length


def test_a_bare_domain_is_a_link_and_an_address_of_mail_is_none() -> None:
    assert has_link("read acme.example/guide")
    assert not has_link("write to me@acme.example")


TEXTS = (
    "{{ first_name }}, well put.",
    "A good point, {{ first_name }}.",
    "{% if company %}At {{ company }} too?{% endif %} Yes.",
)


def test_a_draft_that_was_sent_to_someone_else_is_passed_over() -> None:
    values = {**VALUES, "first_name": "Dana"}
    first = drafts.draft(TEXTS, values, 0, lambda key: False)
    assert first is not None
    assert (first.text, first.variant, first.is_new) == ("Dana, well put.", 0, True)
    second = drafts.draft(TEXTS, values, 0, lambda key: key == drafts.text_key(first.text))
    assert second is not None
    assert second.variant == 1
    none_left = drafts.draft(TEXTS, values, 0, lambda key: True)
    assert none_left is not None
    assert not none_left.is_new


def test_links_handles_and_signs_do_not_make_two_texts_different() -> None:
    same = ("Hi @dana, see https://a.example/x", "hi @joe — see https://b.example/y!", "HI, see")
    assert len({drafts.text_key(text) for text in same}) == 1
    assert drafts.text_key("Hi Dana") != drafts.text_key("Hi Joe")


names = st.text(max_size=12)


@settings(deadline=None)
@given(st.lists(st.tuples(names, names, st.integers(0, 99)), max_size=12))
def test_no_two_drafts_sent_to_different_people_are_equal(people: list[tuple[str, str, int]]) -> None:
    """As Today sends them: what is new goes out and is remembered, the rest waits for a person's own words."""
    taken: dict[str, int] = {}
    sent: list[str] = []
    for person, (first_name, company, seed) in enumerate(people):
        values = {**VALUES, "first_name": first_name, "company": company}
        found = drafts.draft(TEXTS, values, seed, lambda key, me=person: taken.get(key, me) != me)
        assert found is not None
        if found.is_new and not found.is_too_long and found.text:
            taken[drafts.text_key(found.text)] = person
            sent.append(found.text)
    assert len({text.casefold() for text in sent}) == len(sent)


@pytest.mark.parametrize(
    "hostile",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ self }}",
        "{% include 'x' %}",
        "{{ cycler }}",
        "{{ name|attr('__class__') }}",
        "{{ 2 ** 99 }}",
    ],
)
def test_a_template_reaches_nothing_but_its_variables(hostile: str) -> None:
    if not templates.check(hostile, playbook.VARIABLES):
        with pytest.raises(BadInput, match="cannot be filled in"):
            templates.render(hostile, VALUES)


@pytest.mark.parametrize("name", playbook.shipped_names())
def test_the_playbooks_of_the_program_are_read_without_jinja2(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = playbook.shipped_text(name)
    read = playbook.parse(name, text)
    monkeypatch.setattr(templates, "_SIMPLE", re.compile("(?!)"))
    playbook.parse.cache_clear()
    assert playbook.parse(name, text) == read
    monkeypatch.undo()
    monkeypatch.setattr(templates, "_environment", None)
    playbook.parse.cache_clear()
    assert playbook.parse(name, text) == read


PARTS = st.sampled_from(
    ["Hi ", "{{ name }}", "{{name}}", "{{ not }}", "{{ nobody }}", "{% if company %}", "{% if if %}", "{% else %}",
     "{% endif %}", "{", "}}", "{#", "#}", "\n", "{{ name|upper }}", "%}", "{% if name and us %}", "# for x"]
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(PARTS, max_size=8))
def test_a_text_found_right_at_a_glance_is_right_to_jinja2(parts: list[str]) -> None:
    text = "".join(parts)
    said = templates.check(text, playbook.VARIABLES)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(templates, "_SIMPLE", re.compile("(?!)"))
        assert templates.check(text, playbook.VARIABLES) == said


@given(st.dictionaries(st.sampled_from(sorted(playbook.VARIABLES)), st.text(max_size=30)))
def test_foreign_text_in_a_variable_is_text(values: dict[str, str]) -> None:
    text = templates.render("{{ name }}|{{ company }}", {**VALUES, **values})
    expected = " ".join(f"{values.get('name', '')}|{values.get('company', '')}".split())
    assert text == expected
