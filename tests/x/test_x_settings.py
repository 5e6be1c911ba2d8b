from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from followertui.domain.clock import FileClock, SystemClock
from followertui.domain.errors import BadInput
from followertui.x.settings import XSettings, checked_url, is_loopback


def test_without_an_environment_it_is_x_and_nobody_is_signed_in() -> None:
    settings = XSettings.from_env({})
    assert settings.base_url == "https://api.x.com"
    assert not settings.is_signed_in
    assert not settings.is_sandbox


@pytest.mark.parametrize(
    "url", ["https://api.x.com", "https://api.x.com/", "http://127.0.0.1:8123", "http://[::1]:80", "http://localhost:1"]
)
def test_safe_addresses(url: str) -> None:
    assert checked_url(url) == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "http://api.x.com",
        "http://127.0.0.1.evil.example",
        "https://user:pw@api.x.com",
        "https://api.x.com/2",
        "https://api.x.com?x=1",
        "ftp://127.0.0.1",
        "127.0.0.1:80",
        "https://",
        "http://[::1",
        "http://127.0.0.1:99999",
    ],
)
def test_unsafe_addresses_are_refused(url: str) -> None:
    with pytest.raises(BadInput) as caught:
        XSettings.from_env({"FOLLOWERTUI_X_BASE_URL": url})
    assert "pw" not in str(caught.value)


def test_half_a_set_of_keys_names_the_other_half() -> None:
    with pytest.raises(BadInput, match="FOLLOWERTUI_X_CONSUMER_SECRET and FOLLOWERTUI_X_ACCESS_TOKEN_SECRET"):
        XSettings.from_env({"FOLLOWERTUI_X_CONSUMER_KEY": "a", "FOLLOWERTUI_X_ACCESS_TOKEN": "5-b"})


@pytest.mark.parametrize(("token", "own_id"), [("42-abc", 42), ("abc", None), ("²-abc", None), ("", None)])
def test_the_own_id_stands_in_the_token(token: str, own_id: int | None) -> None:
    settings = object.__new__(XSettings)
    object.__setattr__(settings, "access_token", token)
    object.__setattr__(settings, "account_id", "")
    assert settings.own_id == own_id


def test_the_clock_file_counts_only_beside_a_sandbox(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    file.write_text("2027-01-02T03:04:05+00:00")
    environ = {"FOLLOWERTUI_CLOCK_FILE": str(file)}
    real = XSettings.from_env(environ)
    run_in_thread_if_large = XSettings.from_env({**environ, "FOLLOWERTUI_X_BASE_URL": "http://127.0.0.1:8123"})
    assert isinstance(real.clock(), SystemClock)
    assert isinstance(run_in_thread_if_large.clock(), FileClock)
    assert run_in_thread_if_large.clock().now() == datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "is_so"), [("http://127.0.0.9", True), ("http://10.0.0.1", False), ("//localhost:5", True), ("", False)]
)
def test_loopback(url: str, is_so: bool) -> None:
    assert is_loopback(url) is is_so


def test_an_address_is_checked_however_settings_are_made() -> None:
    assert XSettings("https://api.x.com/").base_url == "https://api.x.com"
    with pytest.raises(BadInput):
        XSettings("http://evil.example", bearer="abc")
