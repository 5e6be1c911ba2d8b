"""The settings file: one line changes, the rest stays; what it cannot hold is refused."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from followertui.domain.errors import BadInput
from followertui.services.care.settings_file import ENTRIES, SettingsFile

TEXTS = st.text(st.sampled_from("ab \"'\\#=[]\n\t\r\x1b\x7f\u2028é漢😀"), max_size=12)
HAND_WRITTEN = """\
# mine
theme = "nord"   # easy on the eyes
columns = [
  "name",
  "bio",
]

[keys]  # see followertui keys
keep = "a, F3"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new folder" / "config.toml"


def test_a_new_file_explains_every_entry_and_holds_what_was_set(path: Path) -> None:
    own = SettingsFile.read(path)
    assert own.value("backups") is True
    own.set("theme", "nord")
    own.set("keys.keep", "K")
    text = path.read_text()
    assert tomllib.loads(text) == {"theme": "nord", "keys": {"keep": "K"}}
    for entry in ENTRIES.values():
        assert f"# {entry.name} = {entry.example}\n" in text
        assert entry.meaning in text
    assert path.stat().st_mode & 0o777 == 0o600


def test_examples_are_values_the_file_takes() -> None:
    for entry in ENTRIES.values():
        assert entry.name in SettingsFile(None, f"{entry.name} = {entry.example}").values


def test_one_entry_changes_and_everything_else_stays(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(HAND_WRITTEN)
    own = SettingsFile.read(path)
    own.set("theme", "gruvbox")
    assert path.read_text() == HAND_WRITTEN.replace('"nord"', '"gruvbox"')
    own.set("theme", "nord")
    own.set("columns", ["handle"])
    assert path.read_text() == HAND_WRITTEN.replace('[\n  "name",\n  "bio",\n]', '["handle"]')
    own.set("columns", None)
    own.set("keys.out", "F9")
    assert SettingsFile.read(path).values == {"theme": "nord", "keys": {"keep": "a, F3", "out": "F9"}}
    own.set("keys.keep", None)
    assert own.keys == {"out": "F9"}
    assert "# mine" in path.read_text()


def test_a_file_changed_meanwhile_is_not_written_over(path: Path) -> None:
    own = SettingsFile.read(path)
    own.set("theme", "nord")
    path.write_text('theme = "gruvbox"\n')
    with pytest.raises(BadInput, match="changed by another program since it was read; nothing was written"):
        own.set("zone", "Europe/Berlin")
    assert path.read_text() == 'theme = "gruvbox"\n'
    own.reload()
    own.set("zone", "Europe/Berlin")
    assert SettingsFile.read(path).values == {"theme": "gruvbox", "zone": "Europe/Berlin"}


def test_what_cannot_be_changed_in_its_place_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('keys = {keep = "K"}\n')
    with pytest.raises(BadInput, match="change it with an editor"):
        SettingsFile.read(path).set("keys.keep", "L")
    assert path.read_text() == 'keys = {keep = "K"}\n'


def test_a_link_stays_a_link(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir()
    real = tmp_path / "dotfiles.toml"
    real.write_text("")
    path.symlink_to(real)
    SettingsFile.read(path).set("theme", "nord")
    assert path.is_symlink()
    assert real.read_text() != ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('themes = "nord"', 'there is no setting "themes"; nearest is theme'),
        ("qqqq = 1", "`followertui settings list` lists them"),
        ("[key]\nkeep = 'a'", 'there is no setting "key"; nearest is keys'),
        ("theme = 3", "theme is a text in quotes"),
        ('backups = "no"', "backups is true or false"),
        ('columns = "name"', "columns is a list of names"),
        ("columns = [1]", "columns is a list of names"),
        ('keys = "a"', "[keys] is a table"),
        ("[keys]\nkeep = 1", "[keys]: keep is a text in quotes"),
        ('zone = "Europe/Atlantis"', 'zone "Europe/Atlantis" is not known'),
        ("browser = 'firefox \"x'", "a quote of it is not closed"),
        ("theme = ", "is not valid TOML"),
    ],
)
def test_what_it_does_not_know_is_refused_in_one_line(path: Path, text: str, words: str) -> None:
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(BadInput) as caught:
        SettingsFile.read(path)
    assert str(caught.value).startswith(str(path))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(["reviewer", "theme", "keys.keep", "keys.out"]), TEXTS), TEXTS)
def test_any_text_set_is_the_text_read(values: dict[str, str], remark: str) -> None:
    own = SettingsFile(None, "# " + "".join(char for char in remark if char.isprintable()) + "\n")
    for name, value in values.items():
        try:
            own.set(name, value)
        except BadInput:
            assert "\x7f" in value  # a character TOML does not take
            continue
        found = SettingsFile(None, own.text)
        assert (found.keys[name[5:]] if name.startswith("keys.") else found.value(name)) == value
