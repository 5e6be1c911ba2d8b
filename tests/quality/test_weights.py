from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from made_audience import NOW, columns_of

from followertui.domain.errors import BadInput
from followertui.quality.judging import judge
from followertui.quality.weights import diff, load_weights, shipped_text


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_copy_is_the_same_version(tmp_path: Path) -> None:
    copy = load_weights(written(tmp_path, shipped_text()))
    assert copy.version == load_weights().version
    assert diff(load_weights(), copy) == []


def test_an_edit_changes_the_version_and_is_named(tmp_path: Path) -> None:
    text = shipped_text().replace("threshold = 64", "threshold = 75", 1).replace("silent = 180", "silent = 90")
    text = text.replace("scam-words     = [[1, 40]]", "scam-words     = [[1, 55]]")
    edited = load_weights(written(tmp_path, text))
    assert edited.version != load_weights().version
    assert diff(load_weights(), edited) == [
        "bot.threshold: 64 -> 75",
        "harmful.scam-words: +40 from 1 -> +55 from 1",
        "fact.silent: 180 -> 90",
    ]


def test_a_signal_left_out_counts_nothing(tmp_path: Path) -> None:
    text = "\n".join(line for line in shipped_text().splitlines() if not line.startswith("says-bot"))
    assert diff(load_weights(), load_weights(written(tmp_path, text))) == ["bot.says-bot: +30 from 1 -> none"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("threshold = 64", 'threshold = "high"', "bot.threshold is 'high'"),
        ("start = 40", "start = 140", "bot.start is 140"),
        ("few-followers ", "few-folowers ", "few-folowers is not a signal"),
        ("[[0, 10], [30, 2], [100, 0]]", "[[30, 8], [0, 2]]", "steps must ascend"),
        ("[[0, 10], [30, 2], [100, 0]]", "[[0, 8.5]]", "give steps"),
        ("[[0, 10], [30, 2], [100, 0]]", "8", "give steps"),
        ("[[0, 10], [30, 2], [100, 0]]", "[]", "give steps"),
        ("[bot.points]", "[bot.pints]", "[bot.points] are missing"),
        ("[fact]", "[facts]", "unknown section [facts]"),
        ("[fact]", "[fact", "mine.toml"),
        ("[fact]", "[words.scams]\nen = []\n[fact]", "no word list scams"),
        ("[fact]", "[words]\nscam = 3\n[fact]", "words.scam wants a list"),
        ("[fact]", "[words.scam]\nen = [1]\n[fact]", "words.scam wants a list"),
    ],
)
def test_a_bad_file_is_one_clear_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in shipped_text()
    with pytest.raises(BadInput) as caught:
        load_weights(written(tmp_path, shipped_text().replace(old, new, 1)))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot read weights"):
        load_weights(tmp_path / "absent.toml")


def test_own_words_take_the_place_of_the_programs(tmp_path: Path) -> None:
    edited = load_weights(written(tmp_path, shipped_text() + '\n[words.scam]\nen = ["miracle elixir"]\n'))
    assert diff(load_weights(), edited) == ["words.scam.en: built-in -> miracle elixir"]
    assert edited.version != load_weights().version
    bios = ["Ask me for a miracle elixir", "Guaranteed returns every week"]
    columns = columns_of([{"handle": "a", "bio": bio} for bio in bios])
    noon = datetime.fromtimestamp(NOW, tz=UTC)
    assert ["scam-words" in j.reasons for j in judge(columns, edited, noon)] == [True, False]
    assert ["scam-words" in j.reasons for j in judge(columns, load_weights(), noon)] == [False, True]
