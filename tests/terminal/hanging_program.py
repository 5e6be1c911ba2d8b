"""``followertui`` whose help never returns: whatever a screen hangs in, nothing hears keys any more."""

from __future__ import annotations

import os
import sys
from unittest import mock

from followertui.cli.main import run
from followertui.ui.screens.app_screen import AppScreen


def _hang(self: AppScreen) -> None:
    os.write(2, b"it hangs")
    while True:
        pass


if __name__ == "__main__":
    with mock.patch.object(AppScreen, "do_help", _hang):
        code = run(sys.argv[1:])
    sys.exit(code)
