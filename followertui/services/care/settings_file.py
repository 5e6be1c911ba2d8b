"""The settings file: what one person chooses on this machine, in TOML.

Owns which entries it has and of what type, and how one of them is changed while comments and all
other lines stay. What decides figures is kept in the store instead, see ``adjusting``. Standard
library only, as every command reads it; the command line and the app call it.
"""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from followertui import private_files
from followertui.domain.clock import zone_named
from followertui.domain.errors import BadInput

KEYS = "keys"
"""The one table of the file: keys by command id."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the file.

    Attributes:
        name: its key in the file.
        type: of its value: str, bool, or list for a list of names.
        default: what it is where the file does not say.
        meaning: one sentence, as the file, the screen and ``settings list`` say it.
        example: its value as TOML writes it.
        is_live: whether a change counts at once; the others wait for the next start.
    """

    name: str
    type: type
    default: Any
    meaning: str
    example: str
    is_live: bool = False


ENTRIES: dict[str, Entry] = {
    entry.name: entry
    for entry in (
        Entry("reviewer", str, "", "name on what you decide; without it your login", '"dana"'),
        Entry("theme", str, "", "colours of the review; T shows them", '"followertui-light"', True),
        Entry("columns", list, [], "columns in order; without them they choose themselves", '["name", "bio"]', True),
        Entry("zone", str, "", "whose days count, by IANA name; without it the machine's", '"Europe/Berlin"'),
        Entry("browser", str, "", "what opens a page of X; without it your system's", '"firefox --new-tab {url}"'),
        Entry("backups", bool, True, "whether the store keeps backups by itself", "false"),
    )
}
"""Every entry outside the table of keys, in the order the file has them."""

_HEADER = """\
# Settings of followertui for you on this machine. In the review: F4; here: followertui settings list.
# What decides figures is kept in the store, so that all who review it share it.
"""
_KEYS_HEADER = """
[keys]
# Your own keys by command id (followertui keys --json), such as: keep = "a, F3"; "" takes the keys away.
"""
_TABLE = re.compile(r"\s*\[")


class SettingsFile:
    """What the settings file says, checked, and the way to change it.

    Args:
        path: where it is; None keeps what is set in memory only.
        text: what was read, "" where there is no file yet; it changes with each entry that is set.

    Raises:
        BadInput: it is not TOML, or an entry is unknown or of the wrong type.
    """

    def __init__(self, path: Path | None, text: str = "") -> None:
        self.path = path
        self.text = text
        self.values: dict[str, Any] = _checked(text, str(path or "settings"))

    @classmethod
    def read(cls, path: Path) -> SettingsFile:
        """The file at a path; empty where there is none.

        Raises:
            BadInput: it cannot be read, or cannot be used.
        """
        return cls(path, _read(path))

    def value(self, name: str) -> Any:
        """What an entry of ``ENTRIES`` is, its default where the file does not say."""
        return self.values.get(name, ENTRIES[name].default)

    @property
    def keys(self) -> dict[str, str]:
        """A person's own keys: command id -> keys separated by commas."""
        return dict(self.values.get(KEYS, {}))

    def reload(self) -> None:
        """Read the file again; where it cannot be used, what was read before stays in force.

        Raises:
            BadInput: it cannot be read, or cannot be used.
        """
        if self.path is not None:
            fresh = SettingsFile.read(self.path)
            self.text, self.values = fresh.text, fresh.values

    def set(self, name: str, value: Any) -> None:
        """Set an entry and write the file.

        Args:
            name: of ``ENTRIES``, or ``keys.`` and a command id.
            value: the new value; None for the default, which takes the line away.

        Raises:
            BadInput: the file was changed since it was read, cannot be written, or holds the entry in a form
                that cannot be changed in its place; nothing was written.
        """
        where = self.path or Path("settings")
        if self.path is not None and _read(self.path) != self.text:
            raise BadInput(f"{where}: was changed by another program since it was read; nothing was written")
        wanted = _with(self.values, name, value)
        text = _edited(self.text or _template(), name, value)
        try:
            fits = _without_empty(tomllib.loads(text)) == _without_empty(wanted)
        except tomllib.TOMLDecodeError:
            fits = False
        if not fits:
            raise BadInput(f"{where}: {name} cannot be changed in its place; change it with an editor")
        if self.path is not None:
            _write(self.path, text)
        self.text, self.values = text, _checked(text, str(where))


def problem_with(name: str, value: object) -> str:
    """What is wrong with a value of an entry, "" for nothing: its type, and a zone or command that cannot be read."""
    entry = ENTRIES[name]
    if not isinstance(value, entry.type):
        return _WRONG_TYPE[entry.type].format(name=name, example=entry.example)
    if isinstance(value, list) and not all(isinstance(part, str) for part in value):
        return _WRONG_TYPE[list].format(name=name, example=entry.example)
    if name == "zone":
        try:
            zone_named(str(value))
        except BadInput as problem:
            return str(problem)
    if name == "browser":
        try:
            shlex.split(str(value))
        except ValueError:
            return f"browser is a command such as {entry.example}; a quote of it is not closed"
    return ""


_WRONG_TYPE: Mapping[type, str] = {
    str: "{name} is a text in quotes, such as {example}",
    bool: "{name} is true or false",
    list: "{name} is a list of names, such as {example}",
}


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror}); check --config") from None
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: is not valid TOML ({error}); fix it or move it away") from None


def _write(path: Path, text: str) -> None:
    target = path.resolve()  # a link into a dotfiles folder stays one
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        private_files.replace(target, text.encode("utf-8"), is_synced=True)
    except OSError as error:
        raise BadInput(f"{path}: cannot be written ({error.strerror}); nothing was changed") from None


def _checked(text: str, where: str) -> dict[str, Any]:
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{where}: is not valid TOML ({error}); fix it or move it away") from None
    for name, value in values.items():
        if name == KEYS:
            problem = _problem_with_keys(value)
        elif name in ENTRIES:
            problem = problem_with(name, value)
        else:
            near = get_close_matches(name, [*ENTRIES, KEYS], 1)
            hint = f"nearest is {near[0]}" if near else "`followertui settings list` lists them"
            problem = f'there is no setting "{name}"; {hint}'
        if problem:
            raise BadInput(f"{where}: {problem}")
    return _without_empty(values)


def _problem_with_keys(value: object) -> str:
    if not isinstance(value, dict):
        return '[keys] is a table of lines such as keep = "a, F3"'
    wrong = next((name for name, written in value.items() if not isinstance(written, str)), None)
    return "" if wrong is None else f'[keys]: {wrong} is a text in quotes, such as {wrong} = "a, F3"'


def _with(values: Mapping[str, Any], name: str, value: Any) -> dict[str, Any]:
    """The values as they are to be."""
    wanted = dict(values)
    table, _, command_id = name.partition(".")
    if table == KEYS:
        keys = {**values.get(KEYS, {}), command_id: value}
        wanted[KEYS] = {one: written for one, written in keys.items() if written is not None}
    elif value is None:
        wanted.pop(name, None)
    else:
        wanted[name] = value
    return wanted


def _without_empty(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values without a table of keys that holds none."""
    return {name: value for name, value in values.items() if name != KEYS or value}


# The text of the file ---------------------------------------------------------------


def _template() -> str:
    """A new file: every entry explained, none set."""
    lines = [f"# {entry.meaning}\n# {entry.name} = {entry.example}\n" for entry in ENTRIES.values()]
    return _HEADER + "\n" + "\n".join(lines) + _KEYS_HEADER


def _edited(text: str, name: str, value: Any) -> str:
    """The text with one entry set, or taken away for None; all other lines as they were."""
    lines = text.removesuffix("\n").split("\n")
    table, _, command_id = name.partition(".")
    if table == KEYS:
        name = command_id
        start = next((at + 1 for at, line in enumerate(lines) if re.match(r"\s*\[\s*keys\s*\]", line)), None)
        if start is None:
            lines += ["", "[keys]"]
            start = len(lines)
    else:
        start = 0
    end = next((at for at in range(start, len(lines)) if _TABLE.match(lines[at])), len(lines))
    bare = name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name)
    fresh = [] if value is None else [f"{bare} = {json.dumps(value, ensure_ascii=False)}"]
    found = _place_of(lines, start, end, name)
    if found is not None:
        first, last, remark = found
        lines[first:last] = [f"{line}{remark}" for line in fresh]
    elif fresh:
        shown = re.compile(rf"#\s*{re.escape(name)}\s*=")
        at = next((at + 1 for at in range(start, end) if shown.match(lines[at])), None)
        if at is None:
            at = end
            while at > start and not lines[at - 1].strip():
                at -= 1
        lines[at:at] = fresh
    return "\n".join(lines) + "\n"


def _place_of(lines: list[str], start: int, end: int, name: str) -> tuple[int, int, str] | None:
    """First and last line (exclusive) of an entry, and the remark behind it; None where it is not set."""
    quotes = "|".join(re.escape(form) for form in (name, f'"{name}"', f"'{name}'"))
    head = re.compile(rf"\s*(?:{quotes})\s*=")
    for first in range(start, end):
        if not head.match(lines[first]):
            continue
        for last in range(first + 1, len(lines) + 1):
            if _is_toml("\n".join(lines[first:last])):
                return first, last, _remark(lines[first]) if last == first + 1 else ""
    return None


def _remark(line: str) -> str:
    """What stands behind a value, with the blanks before it; "" for nothing."""
    for found in re.finditer(r"\s*#", line):
        if _is_toml(line[: found.start()]):
            return line[found.start() :]
    return ""


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True
