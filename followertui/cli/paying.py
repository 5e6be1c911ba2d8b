"""Agreeing to a price on the command line before anything is paid.

Owns the question and what a script has to say instead.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NamedTuple

from followertui.cli.options import Options
from followertui.cli.output import say
from followertui.cli.printing import confirm, put
from followertui.domain.errors import BadInput, Cancelled


class Payment(NamedTuple):
    """How a price is agreed to.

    Attributes:
        is_dry: it is only printed.
        budget_usd: the most it may cost, None for no limit.
        is_agreed: ``--yes``.
    """

    is_dry: bool
    budget_usd: float | None
    is_agreed: bool


def require_terminal() -> None:
    """Make sure that someone can be asked.

    Raises:
        BadInput: nobody can.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise BadInput("add --yes to pay this (and --budget USD to limit it), or run it in a terminal")


def go_on(command: str, question: str) -> None:
    """Ask before something is paid.

    Raises:
        Cancelled: the person does not want it.
    """
    if not confirm(question):
        raise Cancelled(f"{command}: nothing was read and nothing paid", is_resumable=False)


def agreed(options: Options, command: str, lines: Sequence[str], payment: Payment, question: str) -> bool:
    """Say the price and ask; returns whether to go on, False for a dry run.

    Raises:
        BadInput: nobody can be asked.
        Cancelled: the person does not want it.
    """
    for line in lines:
        if payment.is_dry:
            put(line)
        else:
            say(options, line)
    if payment.is_dry:
        return False
    if not payment.is_agreed:
        require_terminal()
        go_on(command, question)
    return True
