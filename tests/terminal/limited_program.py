"""``followertui`` whose demo X is at its rate limit, without saying until when, and where a wait takes its time."""

from __future__ import annotations

import sys
from unittest import mock

from followertui.cli.main import run
from followertui.demo import sandbox
from followertui.services.plan import unattended
from followertui.x.sandbox.faults import Fault
from followertui.x.sandbox.transport import Sandbox

_opened = sandbox.open_sandbox


def _limited(*given: object) -> Sandbox:
    made_up_x = _opened(*given)  # type: ignore[arg-type]
    made_up_x.state.faults.append(Fault("no-headers", "/2/users/*/following/*", "DELETE"))
    return made_up_x


if __name__ == "__main__":
    with (
        mock.patch.object(sandbox, "open_sandbox", _limited),
        mock.patch.object(unattended, "pass_time", return_value=False),
    ):
        code = run(sys.argv[1:])
    sys.exit(code)
