"""``python -m followertui`` and the console script."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

from followertui.late import late

if TYPE_CHECKING:
    from followertui.cli import main as command_line
    from followertui.services import collecting
else:
    # What they import is imported inside ``main``, where Ctrl-C is looked after.
    command_line = late("followertui.cli.main")
    collecting = late("followertui.services.collecting")


def main() -> None:
    """Run the command line and exit with its code."""
    code: int | None = None
    try:
        collecting.collect_seldom()
        code = command_line.run()
        # All is said and written: a late Ctrl-C would only add a traceback of the interpreter's end.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    if code is None:
        # Before the command line was there to say it.
        print("followertui: stopped", file=sys.stderr)
        code = 3
    sys.exit(code)


if __name__ == "__main__":
    main()
