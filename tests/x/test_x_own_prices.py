"""A person's own file of prices: what it changes, what it must not, and what is said of mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from followertui.domain.decision import ActionKind
from followertui.domain.errors import BadInput
from followertui.x.own_prices import VARIABLE
from followertui.x.platform import Access, Can, Platform


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / f"prices-{tmp_path.name}.toml"
    monkeypatch.setenv(VARIABLE, str(path))
    return path


def test_a_file_changes_what_it_names_and_nothing_else(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own.write_text(
        "as_of = 2026-12-01\n[endpoint.followers]\nusd = 0.02\nowned_usd = 0.002\nwindow = 15\n"
        '[action.unfollow]\npay_per_use = "yes"\nreason = "X opened it again"\n'
    )
    changed = Platform.load()
    monkeypatch.delenv(VARIABLE)
    shipped = Platform.load()
    assert changed.as_of.isoformat() == "2026-12-01"
    assert (changed.price("followers"), changed.price("followers", owned=True)) == (0.02, 0.002)
    assert changed.endpoints["followers"].window == 15
    assert changed.capability(ActionKind.UNFOLLOW, Access.PAY_PER_USE)[:2] == (Can.YES, "X opened it again")
    assert changed.endpoints["following"] == shipped.endpoints["following"]
    assert shipped.price("followers") == 0.010
    assert (changed.api_url, changed.authorize_url) == (shipped.api_url, shipped.authorize_url)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[hosts]\napi = "https://evil.example"', "'hosts' cannot be changed"),
        ('[endpoint.followers]\npath = "/2/evil"', "endpoint.followers.path cannot be changed"),
        ("[endpoint.followrs]\nusd = 1", "there is no endpoint 'followrs'"),
        ("[endpoint.followers]\nusd = -1", "is a price in dollars"),
        ("[endpoint.followers]\nusd = nan", "is a price in dollars"),
        ("[endpoint.followers]\nusd = true", "is a price in dollars"),
        ("[endpoint.followers]\nwindow = 0", "is a number of calls"),
        ("[action.mute]\nenterprise = 1", "is yes, no or unknown"),
        ("endpoint = 5", "'endpoint' cannot be changed"),
        ('as_of = "soon"', "as_of is a day"),
        ("not toml", "is no TOML"),
        ("\x00", "is no TOML"),
    ],
)
def test_a_mistake_is_one_line_that_names_the_file(own: Path, text: str, says: str) -> None:
    own.write_text(text)
    with pytest.raises(BadInput) as caught:
        Platform.load()
    assert says in str(caught.value)
    assert str(own) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_named(own: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        Platform.load()
