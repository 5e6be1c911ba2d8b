"""Workbooks (XLSX and its relatives) as rows of text.

Owns sheets and how their cells become text without losing digits. Imported by ``tables``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from followertui.domain.errors import BadInput
from followertui.sources.column_names import nearest
from followertui.sources.text_files import shown_name

_EXACT_DIGITS = 10**15


def read_sheet(path: Path, sheet: str | None) -> tuple[str, tuple[str, ...], Iterator[list[str]]]:
    """One worksheet as rows of text.

    Args:
        path: the workbook.
        sheet: name of the sheet; the first visible one with rows where not said.

    Returns:
        The sheet's name, all names, and the rows in sheet order.

    Raises:
        BadInput: when it is no workbook, is protected, or has no such sheet.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_path(str(path))
        names = tuple(workbook.sheet_names)
        chosen = _chosen_name(path, names, sheet)
        opened = workbook.get_sheet_by_name(chosen)
        if sheet is None:
            for name in names:
                if opened.total_height > 1:
                    break
                chosen, opened = name, workbook.get_sheet_by_name(name)
    except (CalamineError, OSError, ValueError, KeyError) as error:
        what = "a password protects it; save it without" if "assword" in str(error) else "save it again as XLSX or CSV"
        raise BadInput(f"{shown_name(path)}: this workbook cannot be opened; {what}.") from None
    if opened.total_height == 0:
        raise BadInput(f"{shown_name(path)}: the workbook has no rows; export it again.")
    return chosen, names, _texts(opened)


def _chosen_name(path: Path, names: tuple[str, ...], sheet: str | None) -> str:
    if not names:
        raise BadInput(f"{shown_name(path)}: the workbook has no sheets; export it again.")
    if sheet is None:
        return names[0]
    if sheet in names:
        return sheet
    hint = nearest(sheet, names)
    raise BadInput(
        f"{shown_name(path)}: no sheet is called {sheet!r}; "
        + (f"did you mean {hint!r}?" if hint else f"there are: {', '.join(names[:8])}.")
    )


def _texts(sheet: Any) -> Iterator[list[str]]:
    # Calamine leaves out empty rows at the top; they count for the line numbers a person sees.
    start = sheet.start
    for _ in range(start[0] if start else 0):
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
