"""Word lists that come with the program as TOML files, read quickly.

Python's reader of TOML is itself written in Python and takes seventy milliseconds for the lists an
import needs. Of TOML these files use little: tables, and keys with a text or an array, which is JSON.
That much is read here; a file that uses more is left to ``tomllib``. Not for what a person wrote.
Any floor above ``domain`` may import it; stdlib only.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from importlib import resources
from typing import Any

_TABLE = re.compile(r"\[([\w-]+(?:\.[\w-]+)*)\](?:\s*#.*)?")
_VALUE = re.compile(r'(?:([\w-]+)|"([^"\\]*)")\s*=\s*(["\[].*)')


def word_lists(package: str, name: str) -> dict[str, Any]:
    """A file of word lists.

    Args:
        package: the package it lies in, "followertui.quality".
        name: of the file, "roles.toml".

    Returns:
        What ``tomllib`` makes of it; the caller may change it.
    """
    text = resources.files(package).joinpath(name).read_text(encoding="utf-8")
    try:
        return quickly(text)
    except ValueError:
        return tomllib.loads(text)


def quickly(text: str) -> dict[str, Any]:
    """The tables of a text that uses little of TOML.

    Raises:
        ValueError: it uses more, or is none.
    """
    tables: dict[str, Any] = {}
    here = tables
    lines = iter(text.split("\n"))
    for line in lines:
        if not line or line[0] == "#":
            continue
        if (table := _TABLE.fullmatch(line)) is not None:
            here = tables
            for part in table[1].split("."):
                here = here.setdefault(part, {})
        elif (value := _VALUE.fullmatch(line)) is not None:
            written = f"[{_further(lines)}]" if value[3] == "[" else value[3]
            here[value[1] or value[2]] = json.loads(written)
        else:
            raise ValueError(f"not understood: {line[:40]}")
    return tables


def _further(lines: Iterator[str]) -> str:
    """What an array holds that goes on over several lines, without the comma after the last."""
    held: list[str] = []
    for line in lines:
        if line == "]":
            break
        held.append(line)
    return "".join(held).rstrip(", ")
