"""Files that work which was killed left behind: whole copies of the store, parts of backups and caches.

Owns which names are leftovers of ours and whether the process they belong to has ended. Only
``services`` imports it.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from followertui.private_files import PART
from followertui.store.file import processes

_NAMED = re.compile(rf"\.(?P<of>.+)\.(?P<pid>\d+)-[0-9a-f]{{8}}{re.escape(PART)}(?:-wal|-shm|-journal)?", re.DOTALL)
_FORMER = re.compile(r"\.?(?P<of>.+)\.(?P<pid>\d+)\.part", re.DOTALL)
"""As versions before named them: no random part, a cache's without a dot in front; only with the store's name."""


class Leftover(NamedTuple):
    """A file or folder nobody needs, and the bytes it takes."""

    path: Path
    size: int


def find(path: Path, folders: Iterable[Path] = ()) -> list[Leftover]:
    """Leftovers of the store at ``path``, by name.

    Args:
        path: the store; beside it a part of any file of ours counts, whatever it was to become: a
            backup under another name, a list that was exported.
        folders: of its backups; everything named as ours counts there.
    """
    places = [(path.parent, path.name), (path.with_name(f"{path.name}.cache"), "")]
    places += [(folder, "") for folder in folders if folder != path.parent]
    found = []
    for place, name in places:
        with contextlib.suppress(OSError):
            found += [_leftover(one) for one in sorted(place.iterdir()) if _is_left(one, name)]
    return found


def _is_left(path: Path, name: str) -> bool:
    named = _NAMED.fullmatch(path.name)
    if named is None:
        named = _FORMER.fullmatch(path.name)
        if named is None or not named["of"].startswith(name):
            return False
    return processes.beginning(int(named["pid"][:9])) is None or int(named["pid"][:9]) == os.getpid()


def _leftover(path: Path) -> Leftover:
    return Leftover(path, sum(_sizes(path)))


def _sizes(path: Path) -> Iterator[int]:
    found = path.lstat()
    if stat.S_ISDIR(found.st_mode):
        for inner in path.iterdir():
            yield from _sizes(inner)
    else:
        yield found.st_size


def remove(left: Leftover) -> bool:
    """Delete a leftover; whether it is gone. A link is deleted, never what it points at."""
    with contextlib.suppress(OSError):
        if left.path.is_dir() and not left.path.is_symlink():
            shutil.rmtree(left.path)
        else:
            left.path.unlink()
        return True
    return False
