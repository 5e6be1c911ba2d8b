from __future__ import annotations

import subprocess
import sys

import pytest

from followertui.domain.decision import ActionKind
from followertui.domain.errors import BadInput
from followertui.ui.commands import COMMANDS, GROUPS, Need, Place, commands_at, footer_of, named, why_not
from followertui.ui.key_table import key_table
from followertui.ui.keymap import build_keymap, keymap_problems, shown_key, split_keys, textual_name

HARD_KEYS = "~'[]#$%="


def test_the_registry_has_no_key_twice_in_a_place() -> None:
    assert keymap_problems({}) == []


@pytest.mark.parametrize("key", HARD_KEYS)
def test_a_key_that_is_hard_to_type_has_a_letter_or_function_key_twin(key: str) -> None:
    (command,) = [command for command in COMMANDS.values() if key in command.keys]
    assert any(twin.isalpha() or (twin[0] == "F" and twin[1:].isdigit()) for twin in command.keys)


def test_the_keys_of_the_contract_are_there() -> None:
    keymap = build_keymap()
    review = {
        "y": "suggest",
        "a": "keep",
        "x": "out",
        "f": "follow",
        "e": "engage",
        "s": "later",
        "c": "kind",
        "t": "tag",
        ".": "repeat",
        "u": "undo",
        "z": "undo",
        "U": "redo",
        "Z": "redo",
        "ctrl+r": "redo",
        "j": "move.down",
        "k": "move.up",
        "g": "move.top",
        "G": "move.bottom",
        "space": "mark",
        "v": "range",
        "*": "mark.all",
        "=": "alike",
        "~": "invert",
        "escape": "escape",
        "/": "filter",
        "#": "count",
        "%": "sample",
        "[": "queue.previous",
        "]": "queue.next",
        "'": "queue.choose",
        "o": "open",
        "O": "copy",
        "enter": "card",
        "n": "note",
        "p": "plan",
        ":": "palette",
        "ctrl+p": "palette",
        "?": "help",
        "q": "back",
    }
    for key, command_id in review.items():
        command = keymap.resolve(Place.REVIEW, textual_name(key))
        assert command is not None, key
        assert command.id == command_id
    answers = {key: keymap.resolve(Place.CONFIRM, key) for key in "yns"}
    assert [command.id for command in answers.values() if command] == ["match.yes", "match.no", "match.unsure"]
    by_hand = [keymap.resolve(Place.HAND, key) for key in "dsmu"]
    assert [command.id for command in by_hand if command] == ["hand.done", "hand.later", "hand.missing", "hand.back"]


def test_apply_stands_inside_the_plan_only() -> None:
    keymap = build_keymap()
    assert keymap.resolve(Place.REVIEW, textual_name("$")) is None
    command = keymap.resolve(Place.PLAN, textual_name("$"))
    assert command is not None
    assert command.id == "plan.apply"


def test_a_persons_keymap_replaces_keys_by_id() -> None:
    keymap = build_keymap({"keep": "Q, F12"})
    assert keymap.resolve(Place.REVIEW, "a") is None
    assert keymap.resolve(Place.REVIEW, "f12") is COMMANDS["keep"]
    assert keymap.shown(COMMANDS["keep"]) == "Q"


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({"keep": "x"}, "x is taken by"),
        ({"kep": "K"}, "there is no command 'kep'; nearest is keep"),
        ({"keep": "ctrl+m"}, "terminals keep it"),
        ({"keep": "hyper+k"}, "is no key"),
    ],
)
def test_a_bad_keymap_is_refused_with_one_clear_line(overrides: dict[str, str], words: str) -> None:
    with pytest.raises(BadInput, match=words) as caught:
        build_keymap(overrides)
    assert "\n" not in str(caught.value)


def test_keys_swap_when_both_are_given() -> None:
    keymap = build_keymap({"keep": "x", "out": "a"})
    assert keymap.resolve(Place.REVIEW, "x") is COMMANDS["keep"]
    assert keymap.resolve(Place.REVIEW, "a") is COMMANDS["out"]


def test_the_key_table_holds_every_command_once_by_group() -> None:
    rows = key_table()
    assert sorted(row.title for row in rows) == sorted(command.title for command in COMMANDS.values())
    assert [group for group in GROUPS if any(row.group == group for row in rows)] == list(
        dict.fromkeys(row.group for row in rows)
    )
    assert all(row.help.endswith(".") and row.where for row in rows)


def test_titles_and_words_find_their_command() -> None:
    assert named("demo next week") is COMMANDS["demo.week"]
    assert named("  Next   week ") is COMMANDS["demo.week"]
    assert named("q") is COMMANDS["quit"]
    assert named("no such thing") is None


def test_why_not_names_what_is_missing() -> None:
    assert why_not(COMMANDS["out"], frozenset({Need.WRITE})).startswith("out: no account")
    assert why_not(COMMANDS["out"], frozenset({Need.ROW})).startswith("out: opened read-only")
    assert why_not(COMMANDS["out"], frozenset({Need.ROW, Need.WRITE})) == ""


def test_every_command_of_a_place_is_one_method_of_its_screen_or_its_verbs() -> None:
    from followertui.ui.screens.by_hand import HandScreen
    from followertui.ui.screens.plan import PlanScreen
    from followertui.ui.screens.review.screen import review_screen
    from followertui.ui.screens.verbs import method_name

    keymap = build_keymap()
    screens = {
        Place.REVIEW: review_screen(keymap),
        Place.CONFIRM: review_screen(keymap),
        Place.PLAN: PlanScreen(keymap),
        Place.HAND: HandScreen(ActionKind.UNFOLLOW, keymap),
    }
    for place, screen in screens.items():
        for command in commands_at(place):
            name = method_name(command.id)
            owners = [owner for owner in (*screen.verbs, screen) if hasattr(owner, name)]
            assert len(owners) == 1, (place.value, command.id, owners)
            assert screen.verb(command.id) == getattr(owners[0], name)


def test_every_method_of_a_verb_group_is_a_command() -> None:
    from followertui.ui.screens.review.screen import review_screen
    from followertui.ui.screens.verbs import method_name

    known = {method_name(command_id) for command_id in COMMANDS}
    for verbs in review_screen(build_keymap()).verbs:
        assert {name for name in dir(verbs) if name.startswith("do_")} <= known


def test_a_screen_has_two_base_classes_of_ours_at_most() -> None:
    from followertui.ui.screens.plan import PlanScreen
    from followertui.ui.screens.review.frame import ReviewScreen
    from followertui.ui.screens.table_screen import TableScreen

    assert ReviewScreen.__bases__ == (TableScreen,)
    assert PlanScreen.__bases__ == (TableScreen,)


def test_the_footer_begins_with_what_decides() -> None:
    assert [command.id for command in footer_of(Place.REVIEW)][:3] == ["suggest", "keep", "out"]
    assert [command.id for command in footer_of(Place.CONFIRM)][:3] == ["match.yes", "match.no", "match.unsure"]


def test_keys_are_split_and_shown_as_people_write_them() -> None:
    assert split_keys("x, F2 ,ctrl+x") == ("x", "F2", "ctrl+x")
    assert [shown_key(key) for key in ("f2", "escape", "x")] == ["F2", "Esc", "x"]


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("followertui.ui.app", ("numpy", "tweepy", "sqlite_utils", "rapidfuzz", "lark")),
        ("followertui.ui.keymap", ("textual", "rich", "numpy")),
    ],
)
def test_importing_stays_light(module: str, heavy: tuple[str, ...]) -> None:
    code = f"import sys, {module}; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
