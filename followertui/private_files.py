"""Files that only their owner reads: created exclusively, never through a link, replaced in one step.

Owns how such a file is opened; not what is in it. Standard library only, so that every floor
may import it.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path
from typing import BinaryIO

PART = ".part"
"""What the name of unfinished content ends with."""

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_NO_LINKS = getattr(os, "O_NOFOLLOW", 0)
_NO_WAITING = getattr(os, "O_NONBLOCK", 0)
_BINARY = getattr(os, "O_BINARY", 0)


def create(path: Path) -> BinaryIO:
    """Create a file of mode 0600 and open it for writing.

    Raises:
        FileExistsError: something of that name exists, a link to nothing included.
        OSError: it cannot be created.
    """
    return open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | _NO_LINKS | _BINARY, 0o600), "w+b")


def replace(path: Path, *content: bytes | bytearray | memoryview, is_synced: bool = False) -> None:
    """Write a file of mode 0600 in one step: a reader sees the old content or the new one.

    Args:
        path: what is there is replaced; a link is, not what it points at.
        content: parts of the new file, in order.
        is_synced: wait until the content has reached the disk.

    Raises:
        OSError: it cannot be written; what was there stays.
    """
    part = part_of(path)
    try:
        with create(part) as file:
            file.writelines(content)
            if is_synced:
                file.flush()
                os.fsync(file.fileno())
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def part_of(path: Path) -> Path:
    """A name beside a file under which its new content is collected; tells which process does so."""
    return path.with_name(f".{path.name}.{os.getpid()}-{os.urandom(4).hex()}{PART}")


def open_own(path: Path) -> BinaryIO:
    """Open a regular file of this user for reading.

    Raises:
        OSError: it is a link, a pipe, a device, a folder or another user's, or cannot be read.
    """
    descriptor = os.open(path, os.O_RDONLY | _NO_LINKS | _NO_WAITING | _BINARY)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or (os.name == "posix" and found.st_uid != os.geteuid()):
            raise OSError(errno.EPERM, "is no regular file of yours", str(path))
        return open(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def lock(path: Path) -> int:
    """Wait for a lock that a file stands for; closing the descriptor, or the end of the process, gives it up.

    Returns:
        The descriptor.

    Raises:
        OSError: the file cannot be made, or is a link.
    """
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR | _NO_LINKS | _BINARY, 0o600)
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor
