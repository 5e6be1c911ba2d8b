"""``python -m followertui`` and the console script."""

from __future__ import annotations

import signal
import sys


def main() -> None:
    """Run the command line and exit with its code."""
    try:
        from followertui.services.collecting import collect_seldom

        collect_seldom()
        from followertui.cli.main import run

        code = run()
    except KeyboardInterrupt:
        # Before the command line was there to say it.
        print("followertui: stopped", file=sys.stderr)
        code = 3
    # All is said and written: a late Ctrl-C would only add a traceback of the interpreter's end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(code)


if __name__ == "__main__":
    main()
