"""The hash by which a file or folder is known again.

Owns nothing else. Imported by services.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from followertui.domain.errors import BadInput
from followertui.sources.text_files import shown_name


def fingerprint(path: Path) -> str:
    """SHA-256 of a file, or of a folder's files by name and content, order of the disk aside.

    Args:
        path: file or folder.

    Returns:
        64 hexadecimal digits.

    Raises:
        BadInput: when something cannot be read.
    """
    digest = hashlib.sha256()
    try:
        if not path.is_dir():
            with path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        for part in sorted(path.rglob("*")):
            if part.is_symlink() or not part.is_file():
                continue
            digest.update(part.relative_to(path).as_posix().encode("utf-8", "surrogateescape") + b"\0")
            with part.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    except OSError as error:
        raise BadInput(f"{shown_name(path)}: cannot be read ({error.strerror}).") from None
    return digest.hexdigest()
