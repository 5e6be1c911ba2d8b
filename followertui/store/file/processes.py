"""Which processes are alive, known by their number together with when they began.

A number alone says nothing, as the system gives it to another process once its own has ended.
Only ``store.file.leases`` imports it.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

_PROC = Path("/proc")


@cache
def place() -> str:
    """Where this process sees others of its kind: this start of the machine, this container."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}/{os.readlink(_PROC / 'self/ns/pid')}"
    except OSError:
        return sys.platform


def beginning(pid: int) -> str | None:
    """When a process of this machine began, as the system says it; None where it has ended.

    A process that has ended and was not waited for (a zombie) has ended.
    """
    if sys.platform == "win32":
        return _beginning_on_windows(pid)
    if (_PROC / "self/stat").exists():
        return _beginning_in_proc(pid)
    return _beginning_by_ps(pid)


def _beginning_in_proc(pid: int) -> str | None:
    """Source: proc(5): after the name in brackets come the state and, 19 fields on, the start in clock ticks."""
    try:
        text = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = text[text.rindex(")") + 1 :].split()
    return None if fields[0] in "ZXx" else fields[19]


def _beginning_by_ps(pid: int) -> str | None:
    """MacOS and the BSDs: ``ps`` tells the state and the start, to the second."""
    done = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
    )
    state, _, started = done.stdout.strip().partition(" ")
    return None if not state or state.startswith("Z") else " ".join(started.split())


def _beginning_on_windows(pid: int) -> str | None:
    """Source: GetProcessTimes and GetExitCodeProcess of the Windows API; a signal would end the process."""
    query_limited_information, still_active = 0x1000, 259
    kernel = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]
    kernel.OpenProcess.restype = ctypes.c_void_p
    handle = kernel.OpenProcess(query_limited_information, False, pid)
    if not handle:
        return None
    handle = ctypes.c_void_p(handle)
    try:
        code, times = ctypes.c_ulong(), [ctypes.c_ulonglong() for _ in range(4)]
        kernel.GetExitCodeProcess(handle, ctypes.byref(code))
        kernel.GetProcessTimes(handle, *map(ctypes.byref, times))
        return str(times[0].value) if code.value == still_active else None
    finally:
        kernel.CloseHandle(handle)
