"""The demo's sites are domains as real ones are: what a site tells of a match shows in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from demo_stores import SMALL, DemoStores, open_copy

from followertui.demo.audience import DOMAIN
from followertui.text.domains import registrable_domain


@pytest.mark.parametrize(
    ("link", "domain"),
    [
        ("https://www.globex.example/about", "globex.example"),
        (f"mailto:dana@mail.{DOMAIN}", DOMAIN),
        ("example", None),
        ("globex.exampl", None),
    ],
)
def test_what_is_made_up_has_domains(link: str, domain: str | None) -> None:
    assert registrable_domain(link) == domain


def test_sites_decide_matches_of_the_demo(demo_stores: DemoStores, tmp_path: Path) -> None:
    bench = open_copy(demo_stores.copy(tmp_path / "demo.db", SMALL))
    assert len(bench.open_view("", "has:domain").rows) > 50
    told = [
        (match.band.value, " ".join(piece.account_text for piece in match.evidence if piece.field == "site"))
        for row in bench.open_view("confirm").rows
        for match in bench.card(row).matches
    ]
    by_site = [band for band, words in told if words]
    assert len(by_site) > 5
    assert "certain" in by_site
    bench.close()
