"""The theme of the settings file is the one the review begins with."""

from __future__ import annotations

import pytest

from followertui.domain.errors import BadInput
from followertui.ui.app import FollowerApp


def test_the_settings_file_chooses_the_theme() -> None:
    assert FollowerApp(None).theme == "followertui"
    assert FollowerApp(None, theme="followertui-light").theme == "followertui-light"


def test_a_theme_that_is_none_is_refused_in_one_line() -> None:
    with pytest.raises(BadInput, match='no theme is named "folowertui"; `followertui themes` lists them'):
        FollowerApp(None, theme="folowertui")
