"""The settings file says how the review begins, and what is chosen on the screen goes there."""

from __future__ import annotations

import pytest

from followertui.domain.errors import BadInput
from followertui.services.care.settings_file import SettingsFile
from followertui.ui.app import FollowerApp


def begun_with(text: str) -> FollowerApp:
    return FollowerApp(None, own=SettingsFile(None, text))


def test_the_settings_file_chooses_the_theme() -> None:
    assert FollowerApp(None).theme == "followertui"
    assert begun_with('theme = "followertui-light"').theme == "followertui-light"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('theme = "folowertui"', 'no theme is named "folowertui"; nearest is "followertui"'),
        ('columns = ["name", "bioo"]', 'columns: none is named "bioo"; nearest is "bio"'),
        ('[keys]\nkep = "K"', "there is no command 'kep'; nearest is keep"),
        ('[keys]\nkeep = "x"', "x is taken by"),
    ],
)
def test_what_the_screen_cannot_go_by_is_refused_in_one_line(text: str, words: str) -> None:
    with pytest.raises(BadInput) as caught:
        begun_with(text)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
