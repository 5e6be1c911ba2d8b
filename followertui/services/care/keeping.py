"""The store as a file, for the screen: its copy, its export, its worksheet, its health, its settings.

Owns nothing but the way there; each is the use case the command line calls too.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from followertui.late import late
from followertui.services.phrases import counted
from followertui.services.session import Session

if TYPE_CHECKING:
    from followertui.services.care import adjusting, backups, doctor, maintenance, merging_copies
    from followertui.services.insight import handing_over
    from followertui.services.plan import worksheets
    from followertui.services.values import Gesture
else:
    adjusting = late("followertui.services.care.adjusting")
    backups = late("followertui.services.care.backups")
    doctor = late("followertui.services.care.doctor")
    maintenance = late("followertui.services.care.maintenance")
    handing_over = late("followertui.services.insight.handing_over")
    merging_copies = late("followertui.services.care.merging_copies")
    worksheets = late("followertui.services.plan.worksheets")


class Keeper:
    """What can be done with one store as a file.

    Args:
        session: the open store.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def backup(self, path: Path) -> str:
        """Copy the store; says where to.

        Raises:
            BadInput: the file is there already, or cannot be written.
        """
        return backups.backup(self._session, path)

    def export(self, path: Path) -> str:
        """Write every account; says how many.

        Raises:
            BadInput: its ending is none of .json, .jsonl, .csv, or it cannot be written.
        """
        count = maintenance.export(self._session, path)
        return f"{counted(count, 'account')} in {path}; it holds personal data, keep it safe"

    def worksheet(self, path: Path) -> str:
        """Write the plan to be worked through by hand; says how many actions.

        Raises:
            BadInput: its ending is none of .csv, .html, it is there already or cannot be written.
            NothingToDo: nothing in the plan is ready.
        """
        count = worksheets.write(self._session, path)
        return f"{counted(count, 'action')} in {path}"

    def merge(self, path: Path, is_dry: bool) -> merging_copies.MergeReport:
        """Take a colleague's decisions back from a copy of this store; dry, only say what it would take.

        Raises:
            BadInput: it cannot be read, or is no copy of this store.
        """
        return merging_copies.merge(self._session, path, is_dry=is_dry)

    def handover(self) -> handing_over.Handover:
        """What the next person has to know."""
        return handing_over.handover(self._session)

    def findings(self) -> list[tuple[str, str, str]]:
        """What the doctor says: (level, what, text); levels are ok, note and bad."""
        return [(finding.level, finding.what, finding.text) for finding in doctor.doctor(self._session)]

    def settings(self) -> list[adjusting.StoreSetting]:
        """What decides figures, as it stands."""
        return adjusting.store_settings(self._session)

    def change_setting(self, name: str, text: str | None, was: str) -> Gesture:
        """Change what decides figures; None for the default.

        Raises:
            BadInput: it takes no such value, or it is no longer what was shown.
        """
        return adjusting.change(self._session, name, text, was)

    def needs_judging(self, name: str) -> bool:
        """Whether a change of a setting shows only after accounts were judged again."""
        return adjusting.needs_judging(name)
