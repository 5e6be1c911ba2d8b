"""Asking before the program is left while a job runs."""

from __future__ import annotations

from followertui.ui.dialogs.asking import Question


class Leaving(Question):
    """Stop the job and quit, or stay.

    Args:
        line: what runs and how far it is.
        goes_on: the command that resumes it afterwards, "" for none.
    """

    def __init__(self, line: str, goes_on: str = "") -> None:
        rest = f" {goes_on} continues with the rest." if goes_on else ""
        text = f"It stops at the next safe point; what was done stays.{rest}"
        super().__init__(f"{line}. Stop it and quit?", text, yes="stop and quit", no="stay")
