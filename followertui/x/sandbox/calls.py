"""One request to an endpoint of the sandbox, its answer and its refusals.

Owns those values only. Imported inside ``x.sandbox``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from followertui.x.sandbox.state import SandboxState

ID = r"[0-9]{1,19}"
"""What an id of X looks like."""


class Call(NamedTuple):
    """One request that passed the checks of keys, credits, rate and access level.

    Attributes:
        state: the sandbox.
        parts: placeholders of the path.
        params: the query.
        body: the JSON body.
        at: epoch seconds UTC.
    """

    state: SandboxState
    parts: Mapping[str, str]
    params: Mapping[str, str]
    body: Mapping[str, Any]
    at: int

    @property
    def target(self) -> int:
        """The account an action is about, from path or body.

        Raises:
            Refused: the body names none.
        """
        text = self.parts.get("target") or self.body.get("target_user_id") or self.body.get("user_id")
        if not isinstance(text, str) or not re.fullmatch(ID, text):
            raise invalid("target_user_id", [str(text)])
        return int(text)


class Reply(NamedTuple):
    """A handler's answer.

    Attributes:
        body: JSON values.
        resources: ids returned, for the ledger.
        status: HTTP status.
    """

    body: dict[str, Any]
    resources: Sequence[int] = ()
    status: int = 200


class Refused(Exception):
    """A refusal by an endpoint."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(status)
        self.status = status
        self.body = body


def forbidden(detail: str = "You are not permitted to perform this action.") -> dict[str, Any]:
    """The body of a 403. Source: bodies seen on the live API; X does not document this one."""
    return {"detail": detail, "type": "about:blank", "title": "Forbidden", "status": 403}


def invalid(parameter: str, values: list[str]) -> Refused:
    """X's refusal of an invalid parameter."""
    return Refused(
        400,
        {
            "errors": [{"parameters": {parameter: values}, "message": f"The `{parameter}` parameter is not valid"}],
            "title": "Invalid Request",
            "detail": "One or more parameters to your request was invalid.",
            "type": "https://api.x.com/2/problems/invalid-request",
        },
    )
