"""Where a store's file is: places that SQLite or a half-written copy cannot be trusted in.

Only ``store.file.connection`` imports it.
"""

from __future__ import annotations

from pathlib import Path

_SYNCED = ("dropbox", "onedrive", "google drive", "googledrive", "icloud", "mobile documents", "nextcloud", "syncthing")
_NETWORK = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "afpfs", "9p")


def warnings(path: Path) -> list[str]:
    """Warnings about the location of a file, as lines."""
    found = []
    place = str(path.resolve()).lower()
    for word in _SYNCED:
        if word in place:
            found.append(f"{path} is in a synced folder ({word}); a half-written copy breaks the store")
            break
    kind = _file_system(path)
    if kind in _NETWORK:
        found.append(f"{path} is on a network drive ({kind}); SQLite locks are unreliable there")
    return found


def _file_system(path: Path) -> str:
    """File system type of a path, "" where unknown (Linux only)."""
    try:
        lines = Path("/proc/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    place = str(path.resolve())
    best, kind = "", ""
    for line in lines:
        parts = line.split(" ")
        if len(parts) > 2 and (place + "/").startswith(parts[1].rstrip("/") + "/") and len(parts[1]) > len(best):
            best, kind = parts[1], parts[2]
    return kind
