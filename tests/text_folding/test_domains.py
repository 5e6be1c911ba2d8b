"""Domains: whose they are, and that junk never raises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from publicsuffixlist import PSLFILE, PublicSuffixList

from followertui.text.domains import domain_category, host_of, own_domain, registrable_domain


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("https://www.globex.com/a?b=c#d", "globex.com"),
        ("dana@mail.globex.co.uk", "globex.co.uk"),
        ("mailto:dana@globex.com", "globex.com"),
        ("//user:pw@a.globex.de:8080/", "globex.de"),
        ("GLOBEX.COM.", "globex.com"),
        ("ｇｌｏｂｅｘ。com", "globex.com"),
        ("münchen.de", "xn--mnchen-3ya.de"),
        ("dana.github.io", "dana.github.io"),
        ("github.io", None),
        ("1.2.3.4", None),
        ("http://[::1]/", None),
        ("a..b", None),
        ("", None),
        ("no dots here", None),
    ],
)
def test_registrable_domain(text: str, domain: str | None) -> None:
    assert registrable_domain(text) == domain


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("gmail.com", "freemail"),
        ("dana@googlemail.com", "freemail"),
        ("https://bit.ly/3abc", "shortener"),
        ("https://www.linkedin.com/company/globex", "social"),
        ("sites.google.com/view/globex", "hosting"),
        ("globex.com", ""),
        ("junk", ""),
    ],
)
def test_shared_domains_have_a_sort(text: str, category: str) -> None:
    assert domain_category(text) == category


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("https://globex.com/about", "globex.com"),
        ("dana.github.io", "dana.github.io"),
        ("https://x.com/globex", None),
        ("https://globex.medium.com", None),
        ("dana@gmail.com", None),
    ],
)
def test_own_domain_is_nobody_elses(text: str, domain: str | None) -> None:
    assert own_domain(text) == domain


@given(st.one_of(st.text(), st.from_regex(r"(https?://)?[a-zé.\-@:/\[\]]{0,40}", fullmatch=True)))
def test_nothing_raises_and_results_are_stable(text: str) -> None:
    domain = registrable_domain(text)
    assert domain_category(text) in {"", "freemail", "shortener", "social", "hosting"}
    assert own_domain(text) in {None, domain}
    if domain is not None:
        assert registrable_domain(domain) == domain
        assert host_of(domain) == domain


def test_suffixes_are_those_of_the_library():
    library = PublicSuffixList(accept_unknown=False)
    with open(PSLFILE, encoding="utf-8") as lines:
        rules = [line.split()[0].lstrip("!").replace("*", "any") for line in lines if line.strip() and line[:2] != "//"]
    assert len(rules) > 5000
    assert sum(not rule.isascii() for rule in rules) > 100
    for rule in rules:
        plain = f"www.own.{rule}".encode("idna").decode()
        assert registrable_domain(f"www.own.{rule}") == library.privatesuffix(plain), rule
