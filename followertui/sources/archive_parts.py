"""The files of an archive, wherever they lie: in a zip, in folders, or loose.

Owns safe access: nothing is written to disk, sizes are bounded, links are not followed.
Imported by ``archives`` and ``recognising``.
"""

from __future__ import annotations

import io
import json
import os
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, TextIO

from followertui.domain.errors import BadInput
from followertui.sources.problems import Problem, value_problem
from followertui.sources.text_files import shown_name

_ZIP = b"PK\x03\x04"
_HEAD_BYTES = 200
_GLOBAL_NAME = re.compile(rb"YTD\.([A-Za-z_]{1,40})\.part(\d{1,4})")
_IS_LIST = re.compile(r"(?:followers?|following)(?:[-_.]part[-_]?\d+)?(?: ?\(\d+\))?\.js", re.IGNORECASE)
_MAX_FILE_BYTES = 4 << 30
_MAX_RATIO = 200
_SUSPICIOUS_BYTES = 64 << 20
_MAX_MEMBERS = 500_000
_MANIFEST_BYTES = 8 << 20
_FOLDER_DEPTH = 5
_MOST_IN_FOLDER = 200_000


def scripts_in(folder: Path) -> list[Path]:
    """The JavaScript files of an unpacked archive, by name; links are not followed.

    Raises:
        BadInput: there is far more in the folder than in an archive, as in a person's home.
    """
    found: list[Path] = []
    seen = 0
    for place, folders, names in os.walk(folder):
        inside = Path(place)
        if len(inside.relative_to(folder).parts) >= _FOLDER_DEPTH - 1:
            folders.clear()
        seen += len(folders) + len(names)
        if seen > _MOST_IN_FOLDER:
            raise BadInput(
                f"{shown_name(folder)}: more than {_MOST_IN_FOLDER:,} files; name the folder of the archive."
            )
        parts = (inside / name for name in names if name.endswith(".js"))
        found.extend(part for part in parts if part.is_file() and not part.is_symlink())
    return sorted(found)


class ArchiveFiles:
    """JavaScript files of an archive, by name inside it.

    Args:
        path: zip, folder or a loose ``.js`` file.

    Raises:
        BadInput: when it is none of these or must not be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._zip: zipfile.ZipFile | None = None
        self._closing = ExitStack()
        self._members: dict[str, Path | zipfile.ZipInfo] = {}
        if path.is_dir():
            self._look_in_folder(path)
        else:
            self._look_in_file(path)
        self.names: list[str] = sorted(self._members)

    def _look_in_folder(self, folder: Path) -> None:
        self._members.update((part.relative_to(folder).as_posix(), part) for part in scripts_in(folder))

    def _look_in_file(self, path: Path) -> None:
        """A zip or a loose script, told by its first bytes."""
        try:
            with ExitStack() as closing:
                file = closing.enter_context(path.open("rb"))
                name = _name_of_loose(path, file.read(_HEAD_BYTES))
                if name is not None:
                    self._members[name] = path
                    return
                self._zip = zipfile.ZipFile(file)
                self._closing = closing.pop_all()
        except FileNotFoundError:
            raise BadInput(f"{shown_name(path)}: there is no such file; check the name.") from None
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            raise BadInput(f"{shown_name(path)}: the zip is damaged or cut off; download it again.") from None
        self._look_in_zip(path, self._zip)

    def _look_in_zip(self, path: Path, zipped: zipfile.ZipFile) -> None:
        infos = zipped.infolist()
        if len(infos) > _MAX_MEMBERS:
            self.close()
            raise BadInput(f"{shown_name(path)}: too many files for an archive of X ({len(infos):,}).")
        scripts = [info for info in infos if info.filename.lower().endswith(".js") and not info.is_dir()]
        if any(info.flag_bits & 1 for info in scripts):
            self.close()
            raise BadInput(f"{shown_name(path)}: the zip is encrypted; unpack it with its password first.")
        # Windows' own packer writes backslashes, which are no separators to others.
        self._members.update((info.filename.replace("\\", "/"), info) for info in scripts)

    def close(self) -> None:
        """Let go of the zip."""
        if self._zip is not None:
            self._zip.close()
        self._closing.close()

    @contextmanager
    def open(self, name: str) -> Iterator[TextIO]:
        """One file as text.

        Args:
            name: as in ``names``.

        Raises:
            BadInput: when it is damaged, or unpacks to far more than it may.
        """
        member = self._members[name]
        shown = shown_name(Path(name))
        try:
            if isinstance(member, Path):
                with member.open(encoding="utf-8-sig", errors="replace") as file:
                    yield file
                return
            self._refuse_bomb(member, shown)
            assert self._zip is not None
            with self._zip.open(member) as raw, io.TextIOWrapper(raw, "utf-8-sig", "replace") as file:
                yield file
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError):
            raise BadInput(f"{shown}: damaged inside {shown_name(self._path)}; download the archive again.") from None

    @staticmethod
    def _refuse_bomb(member: zipfile.ZipInfo, shown: str) -> None:
        ratio = member.file_size / max(1, member.compress_size)
        if member.file_size > _MAX_FILE_BYTES or (member.file_size > _SUSPICIOUS_BYTES and ratio > _MAX_RATIO):
            raise BadInput(f"{shown}: unpacks to {member.file_size >> 20:,} MB, too much to be real; not read.")


def _name_of_loose(path: Path, head: bytes) -> str | None:
    """What a loose script is called in an archive, by its first line, whatever it is called now; None for a zip."""
    if head.startswith(_ZIP):
        return None
    found = _GLOBAL_NAME.search(head)
    if found is None:
        return path.name if path.suffix.lower() == ".js" else None
    part = int(found[2])
    return f"{found[1].decode()}-part{part}.js" if part else f"{found[1].decode()}.js"


def roots_of(names: Sequence[str]) -> list[str]:
    """Folders that hold an archive each, by the places of their lists; "." for the archive itself.

    Args:
        names: files inside a zip or folder, with forward slashes.
    """
    roots = set()
    for name in names:
        place = PurePosixPath(name)
        if _IS_LIST.fullmatch(place.name):
            roots.add(str(place.parent.parent if place.parent.name == "data" else place.parent))
    return sorted(roots)


def open_archive(path: Path) -> ArchiveFiles:
    """The files of an archive; the caller closes it.

    Raises:
        BadInput: when it cannot be opened.
    """
    return ArchiveFiles(path)


def object_in(files: ArchiveFiles, name: str, problems: list[Problem], root: str = ".") -> dict[str, Any]:
    """The first object in a small file below a folder, or an empty one."""
    inside = [path for path in files.names if root == "." or path.startswith(f"{root}/")]
    path = next((path for path in inside if Path(path).name.lower() == name), None)
    if path is None:
        return {}
    try:
        with files.open(path) as file:
            text = file.read(_MANIFEST_BYTES)
        value = json.loads(text[text.index("=") + 1 :].strip().rstrip(";"))
    except (BadInput, ValueError, RecursionError):
        problems.append(value_problem(0, name, "", "damaged, left out"))
        return {}
    return as_object(value[0]) if isinstance(value, list) and value else as_object(value)


def as_object(value: object) -> dict[str, Any]:
    """A JSON object, an empty one for anything else."""
    return value if isinstance(value, dict) else {}
