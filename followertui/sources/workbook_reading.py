"""The process that reads a workbook, so that what is too much for it ends nothing else.

The reader of workbooks takes memory for a whole sheet and ends its process on some damage.
Owns the limits of that process, and how cells become text without losing digits. It answers on
stdout in lines of JSON: first the sheet, then batches of rows. Started by ``workbooks`` only.
"""

from __future__ import annotations

import json
import os
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from followertui.domain.errors import BadInput
from followertui.late import late
from followertui.sources.column_names import nearest
from followertui.sources.workbook_sizes import measured

if TYPE_CHECKING:
    import resource

    import python_calamine
else:
    # Windows has no resource, which is met where its limits are set.
    resource = late("resource")
    python_calamine = late("python_calamine")

MOST_MEMORY = 900 << 20
"""Bytes of address space the process may take."""

_OPENING_SECONDS = 60
_BATCH_ROWS = 500
_EXACT_DIGITS = 10**15


def main() -> None:
    """Answer one request from stdin: the path, the name shown, the sheet."""
    path, shown, sheet = json.load(sys.stdin)
    _limit()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="surrogatepass")
    os.dup2(2, 1)
    try:
        for answer in _answers(Path(path), shown, sheet):
            answers.write(json.dumps(answer) + "\n")
            answers.flush()
    except BadInput as error:
        answers.write(json.dumps({"refused": str(error)}) + "\n")
        answers.flush()
    except BrokenPipeError:
        # Nobody reads on; closing would flush again.
        pass
    os._exit(0)


def _limit() -> None:
    """Bound memory, and time until the sheet is open; nothing of a crash is written to disk."""
    with suppress(ImportError, ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (_OPENING_SECONDS, resource.RLIM_INFINITY))


def _lift_time_limit() -> None:
    with suppress(ImportError, ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def _answers(path: Path, shown: str, sheet: str | None) -> Iterator[dict[str, Any] | list[list[str]]]:
    source = measured(path, shown) if zipfile.is_zipfile(path) else path
    try:
        # Calamine takes names of files that are UTF-8 only.
        workbook = python_calamine.load_workbook(path.open("rb") if source == path and not _is_utf8(path) else source)
        names = tuple(workbook.sheet_names)
        chosen = _chosen_name(shown, names, sheet)
        opened = workbook.get_sheet_by_name(chosen)
        if sheet is None:
            for name in names:
                # Calamine's total_height is the number of the last row, counted from nought.
                if opened.height > 1:
                    break
                other = workbook.get_sheet_by_name(name)
                if other.height > opened.height:
                    chosen, opened = name, other
    except (python_calamine.CalamineError, OSError, ValueError, KeyError) as error:
        what = "a password protects it; save it without" if "assword" in str(error) else "save it again as XLSX or CSV"
        raise BadInput(f"{shown}: this workbook cannot be opened; {what}.") from None
    if opened.height == 0:
        raise BadInput(f"{shown}: the workbook has no rows; export it again.")
    _lift_time_limit()
    top = opened.start[0] if opened.start else 0
    yield {"sheet": chosen, "sheets": names, "rows": top + opened.height}
    rows = _texts(opened, top)
    while batch := list(islice(rows, _BATCH_ROWS)):
        yield batch


def _is_utf8(path: Path) -> bool:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _chosen_name(shown: str, names: tuple[str, ...], sheet: str | None) -> str:
    if not names:
        raise BadInput(f"{shown}: the workbook has no sheets; export it again.")
    if sheet is None:
        return names[0]
    if sheet in names:
        return sheet
    hint = nearest(sheet, names)
    raise BadInput(
        f"{shown}: no sheet is called {sheet!r}; "
        + (f"did you mean {hint!r}?" if hint else f"there are: {', '.join(names[:8])}.")
    )


def _texts(sheet: Any, top: int) -> Iterator[list[str]]:
    # Calamine leaves out empty rows at the top; they count for the line numbers a person sees.
    for _ in range(top):
        yield []
    for row in sheet.iter_rows():
        yield [cell if isinstance(cell, str) else cell_text(cell) for cell in row]


def cell_text(cell: object) -> str:
    """A typed cell as text; numbers past fifteen digits keep the form that shows they were rounded."""
    if cell is None or cell == "":
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        if cell == int(cell) if abs(cell) < 1e300 else False:
            return str(int(cell)) if abs(cell) < _EXACT_DIGITS else f"{cell:.10E}"
        return repr(cell)
    if isinstance(cell, (datetime, date)):
        return cell.isoformat()
    return str(cell)
