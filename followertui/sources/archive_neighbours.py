"""Several archives side by side in a folder or zip: whose each is, and when it was made.

Owns telling them apart; reading one is ``archives``. Imported by ``archives`` and services.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from followertui.domain.errors import BadInput
from followertui.sources.archive_parts import ArchiveFiles, as_object, object_in, open_archive, roots_of
from followertui.sources.kinds import date_in_name
from followertui.text.cleaning import clean_handle, clean_text
from followertui.text.quantities import parse_moment


class Inside(NamedTuple):
    """One of several archives in a folder or zip.

    Attributes:
        root: its folder or zip, as it is called inside.
        owner: id of whose it is, or handle, "" where it does not say.
        handle: of whose it is, "" where it does not say.
        as_of: when it was made, epoch seconds UTC, 0 where it does not say.
    """

    root: str
    owner: str
    handle: str
    as_of: int

    @property
    def whose(self) -> str:
        """Whose it is, in words, or nothing."""
        return f" of @{self.handle}" if self.handle else ""

    @property
    def day(self) -> str:
        """When it was made."""
        return datetime.fromtimestamp(self.as_of, UTC).strftime("%Y-%m-%d") if self.as_of else "unknown date"


def archives_in(folder: Path) -> list[Inside]:
    """The archives in a folder, unpacked or zipped, oldest first; none where it is one itself, or no folder.

    Args:
        folder: any path.

    Raises:
        BadInput: it cannot be read.
    """
    if not folder.is_dir():
        return []
    with closing(open_archive(folder)) as files:
        unpacked = [_inside(files, root) for root in roots_of(files.names)]
    known = {(inside.owner, inside.as_of) for inside in unpacked if inside.as_of}
    zipped = [inside for inside in _zipped_in(folder) if (inside.owner, inside.as_of) not in known]
    if not zipped and _is_one(unpacked):
        return []
    return sorted([*unpacked, *zipped], key=lambda inside: (inside.as_of, inside.root))


def several_in(files: ArchiveFiles) -> list[Inside]:
    """Archives of different makings or owners among some files, oldest first; none where it is one."""
    found = [_inside(files, root) for root in roots_of(files.names)]
    return [] if _is_one(found) else sorted(found, key=lambda inside: (inside.as_of, inside.root))


def _is_one(found: Sequence[Inside]) -> bool:
    """Whether it is one archive: X packs a large one in parts, which say the same owner and the same moment."""
    return len(found) < 2 or (found[0].as_of > 0 and len({(inside.owner, inside.as_of) for inside in found}) == 1)


def _zipped_in(folder: Path) -> Iterator[Inside]:
    """Archives that lie zipped in a folder, by name; other zips are passed over."""
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() != ".zip" or path.is_symlink() or not path.is_file():
            continue
        try:
            with closing(open_archive(path)) as files:
                found = [_inside(files, root)._replace(root=path.name) for root in roots_of(files.names)[:1]]
        except BadInput:
            continue
        yield from found


def _inside(files: ArchiveFiles, root: str) -> Inside:
    manifest = object_in(files, "manifest.js", [], root)
    user = as_object(manifest.get("userInfo"))
    if not user:
        # Archives before 2020 have no manifest.
        account = as_object(object_in(files, "account.js", [], root).get("account"))
        user = {"userName": account.get("username"), "accountId": account.get("accountId")}
    handle = clean_handle(str(user.get("userName") or "")) or ""
    owner = clean_text(str(user.get("accountId") or handle), limit=40)
    return Inside(root, owner, handle, _made_at(manifest) or date_in_name(Path(root).name) or 0)


def _made_at(manifest: dict[str, Any]) -> int | None:
    with suppress(ValueError):
        return parse_moment(as_object(manifest.get("archiveInfo")).get("generationDate"))
    return None
