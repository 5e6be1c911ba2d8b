"""What the entries of the settings file mean to the screen, checked before they count.

Owns the checks that need to know themes, columns and commands; form and types are the file's own
matter. Free of Textual until a theme is checked, so that the command line can ask too.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from followertui.domain.errors import BadInput
from followertui.late import late
from followertui.services.care.settings_file import ENTRIES as ENTRIES
from followertui.services.care.settings_file import KEYS as KEYS
from followertui.services.care.settings_file import SettingsFile, problem_with
from followertui.ui.columns import COLUMNS
from followertui.ui.commands import COMMANDS
from followertui.ui.keymap import keymap_problems

if TYPE_CHECKING:
    from followertui.ui import themes
else:
    themes = late("followertui.ui.themes")

YES, NO = "yes", "no"


def shown(value: object) -> str:
    """A value as a person types it; "" where nothing is set."""
    if isinstance(value, bool):
        return YES if value else NO
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def value_typed(own: SettingsFile, name: str, text: str) -> object:
    """The value of an entry from what a person typed.

    Args:
        own: the settings file, whose other keys count too.
        name: of an entry, or ``keys.`` and a command id.
        text: as typed.

    Raises:
        BadInput: there is no such setting, or it takes no such value.
    """
    table, _, command_id = name.partition(".")
    if table == KEYS and command_id:
        problems = keymap_problems({**own.keys, command_id: text})
        if problems:
            raise BadInput(problems[0])
        return text
    value = _value(name, text.strip())
    problem = problem_with(name, value) or _problem(name, value)
    if problem:
        raise BadInput(problem)
    return value


def _value(name: str, text: str) -> object:
    kind = ENTRIES[name].type
    if kind is list:
        return list(dict.fromkeys(part.strip().lower() for part in text.split(",") if part.strip()))
    if kind is bool:
        words = {YES: True, "true": True, "on": True, NO: False, "false": False, "off": False}
        if text.lower() not in words:
            raise BadInput(f'{name}: "{text[:20]}" is neither {YES} nor {NO}')
        return words[text.lower()]
    return text


def _problem(name: str, value: object) -> str:
    if name == "theme" and value and value not in themes.OFFERED:
        return f'no theme is named "{value}"{_nearest(str(value), themes.OFFERED)}; `followertui themes` lists them'
    if name == "columns" and isinstance(value, list):
        wrong = next((column for column in value if column not in COLUMNS), None)
        if wrong is not None:
            return f'columns: none is named "{wrong}"{_nearest(wrong, COLUMNS)}'
    return ""


def _nearest(word: str, known: object) -> str:
    near = get_close_matches(word, list(known), 1)  # type: ignore[call-overload]
    return f'; nearest is "{near[0]}"' if near else ""


def check(own: SettingsFile) -> None:
    """Refuse a settings file the screen cannot go by.

    Raises:
        BadInput: a theme, column, command or key of it is unknown, or one key stands for two commands.
    """
    problems = [_problem(name, own.value(name)) for name in ("theme", "columns")]
    problems += keymap_problems(own.keys)
    found = [problem for problem in problems if problem]
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise BadInput(f"{own.path or 'settings'}: {found[0]}{more}")


def command_ids() -> list[str]:
    """Ids a person can give keys to, in the order of the registry."""
    return list(COMMANDS)
