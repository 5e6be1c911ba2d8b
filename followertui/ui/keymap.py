"""Which key means which command where, with a person's own keys checked before they count.

Owns key names and the resolving of a key press. Free of Textual, so the command line can
check a keymap without a screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from followertui.domain.errors import BadInput
from followertui.ui.commands import COMMANDS, Command, Place

_NAMED: dict[str, str] = {
    "~": "tilde",
    "'": "apostrophe",
    "[": "left_square_bracket",
    "]": "right_square_bracket",
    "#": "number_sign",
    "$": "dollar_sign",
    "%": "percent_sign",
    "=": "equals_sign",
    "*": "asterisk",
    ".": "full_stop",
    "/": "slash",
    ":": "colon",
    "?": "question_mark",
    ",": "comma",
    "-": "minus",
    "+": "plus",
    "!": "exclamation_mark",
    "@": "at",
    "&": "ampersand",
    ";": "semicolon",
    "_": "underscore",
    "<": "less_than_sign",
    ">": "greater_than_sign",
    "(": "left_parenthesis",
    ")": "right_parenthesis",
    "^": "circumflex_accent",
    '"': "quotation_mark",
    "\\": "backslash",
    "|": "vertical_line",
    "{": "left_curly_bracket",
    "}": "right_curly_bracket",
    "`": "grave_accent",
}
_SPECIAL = frozenset(
    {"space", "enter", "escape", "tab", "shift+tab", "backspace", "delete", "insert", "home", "end", "pageup"}
    | {"pagedown", "up", "down", "left", "right", "comma"}
    | {f"f{number}" for number in range(1, 13)}
    | {f"ctrl+{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"}
)
_SHOWN = {"escape": "Esc", "enter": "Enter", "pagedown": "PgDn", "pageup": "PgUp", "backspace": "Bksp", "tab": "Tab"}
# A terminal sends these as Tab, Enter, Backspace and Escape, or keeps them for flow control.
_UNSAFE = frozenset({"ctrl+m", "ctrl+i", "ctrl+h", "ctrl+j", "ctrl+s"})
FIXED: frozenset[str] = frozenset({"ctrl+c"})
"""Keys a keymap cannot have: the terminal's own."""


def textual_name(key: str) -> str:
    """A key as the terminal library names it, from the way people write it."""
    if key in _NAMED:
        return _NAMED[key]
    return key if len(key) == 1 else key.lower()


def shown_key(key: str) -> str:
    """A key as help and footer show it."""
    return _SHOWN.get(key, key.upper() if key.lower() in _SPECIAL and key[0] in "fF" and key[1:].isdigit() else key)


class Keymap:
    """Keys in force.

    Args:
        keys: command id -> keys as written.
    """

    def __init__(self, keys: Mapping[str, tuple[str, ...]]) -> None:
        self.keys: dict[str, tuple[str, ...]] = dict(keys)
        self._commands: dict[tuple[Place, str], Command] = {}
        for command_id, written in self.keys.items():
            command = COMMANDS[command_id]
            for place in command.where:
                for key in written:
                    self._commands[place, textual_name(key)] = command

    def take(self, other: Keymap) -> None:
        """Become the same as another keymap, for all who hold this one."""
        self.keys, self._commands = dict(other.keys), dict(other._commands)

    def resolve(self, place: Place, key: str) -> Command | None:
        """The command a key press (as the terminal library names it) means at a place."""
        return self._commands.get((place, key))

    def elsewhere(self, place: Place, key: str) -> str:
        """What a key that means nothing at a place does at others, as it is said; "" where it does nothing there."""
        found = [command for (_, other), command in self._commands.items() if other == key]
        return self.only_in(found[0]) if found and place not in found[0].where else ""

    @staticmethod
    def only_in(command: Command) -> str:
        """Where a command applies, said where it does not."""
        return f"{command.title}: only in {' and '.join(sorted(place.value for place in command.where))}"

    def shown(self, command: Command) -> str:
        """The first key of a command as help shows it, "" if it has none."""
        keys = self.keys.get(command.id, ())
        return shown_key(keys[0]) if keys else ""


def split_keys(written: str) -> tuple[str, ...]:
    """Keys of one override, separated by commas; a comma itself is written ``comma``."""
    return tuple(part.strip() for part in written.split(",") if part.strip())


def keymap_problems(overrides: Mapping[str, str]) -> list[str]:
    """What is wrong with a person's keymap, one clear line per problem.

    Args:
        overrides: command id -> keys separated by commas, "" for none.

    Returns:
        Lines; empty if the keymap can be used.
    """
    problems = []
    for command_id, written in overrides.items():
        if command_id not in COMMANDS:
            near = get_close_matches(command_id, COMMANDS, 1)
            hint = f"; nearest is {near[0]}" if near else "; `followertui keys` lists them"
            problems.append(f"keymap: there is no command {command_id!r}{hint}")
            continue
        for key in split_keys(written):
            lowered = key.lower()
            if lowered in FIXED or lowered in _UNSAFE:
                problems.append(f"keymap: {key} cannot be used for {command_id}: terminals keep it for themselves")
            elif len(key) != 1 and lowered not in _SPECIAL:
                problems.append(
                    f"keymap: {key!r} is no key (for {command_id}); write x, X, F2, ctrl+x, space, pagedown"
                )
    if problems:
        return problems
    owners: dict[tuple[Place, str], str] = {}
    for command_id, keys in _merged(overrides).items():
        for place in Place:
            if place not in COMMANDS[command_id].where:
                continue
            for key in keys:
                other = owners.setdefault((place, textual_name(key)), command_id)
                if other != command_id:
                    line = f"keymap: {key} is taken by {other} in {place}: give {command_id} or {other} another key"
                    if line not in problems:
                        problems.append(line)
    return problems


def _merged(overrides: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    keys = {command.id: command.keys for command in COMMANDS.values()}
    for command_id, written in overrides.items():
        keys[command_id] = split_keys(written)
    return keys


def build_keymap(overrides: Mapping[str, str] | None = None) -> Keymap:
    """The keymap in force.

    Args:
        overrides: command id -> keys separated by commas.

    Returns:
        The registry's keys with the person's own.

    Raises:
        BadInput: the person's keymap names an unknown command or key, or one key twice in a place.
    """
    wanted = overrides or {}
    problems = keymap_problems(wanted)
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise BadInput(problems[0] + more)
    return Keymap(_merged(wanted))
