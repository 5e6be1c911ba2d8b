"""A worksheet goes through LibreOffice itself and comes back whole."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from pathlib import Path

import pytest
from command_line import Call

SOFFICE = shutil.which("soffice") or ""
WORDS = ("done", "later", "missing")
TO_CSV = {
    "as LibreOffice saves it": "csv",
    "semicolons, as in a German office": "csv:Text - txt - csv (StarCalc):59,34,76,1",
    "tabs and UTF-16": "csv:Text - txt - csv (StarCalc):9,34,65535,1",
    "an old code page": "csv:Text - txt - csv (StarCalc):59,34,1,1",
}
pytestmark = pytest.mark.skipif(not SOFFICE, reason="LibreOffice is not here")


def convert(path: Path, to: str, folder: Path) -> Path:
    """What LibreOffice makes of a file, opened as a person opens it."""
    folder.mkdir(exist_ok=True)
    profile = (folder.parent / "office").as_uri()
    done = subprocess.run(
        [SOFFICE, f"-env:UserInstallation={profile}", "--headless", "--convert-to", to, "--outdir", str(folder),
         str(path)],
        capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    made = folder / f"{path.stem}.{to.partition(':')[0]}"
    assert made.exists(), done.stderr
    return made


def test_every_outcome_survives_the_round_trip_through_a_workbook(call: Call, tmp_path: Path) -> None:
    assert call("decide", "handle:oldfriend OR handle:freightnews OR handle:x8271628192", "out").code == 0
    sheet = tmp_path / "plan.csv"
    assert call("worksheet", str(sheet)).code == 0
    lines = list(csv.DictReader(io.StringIO(sheet.read_text(encoding="utf-8"), newline="")))
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]))
        writer.writeheader()
        writer.writerows({**line, "done": word} for line, word in zip(lines, WORDS, strict=True))
    book = convert(sheet, "xlsx", tmp_path / "book")
    for number, to in enumerate(TO_CSV.values()):
        back = convert(book, to, tmp_path / f"back{number}")
        answer = call("worksheet", "import", str(back))
        assert (answer.code, "1 done, 1 later, 1 missing, 0 still open" in answer.err) == (0, True), (to, answer.err)
        [action] = call("plan", "--json").json["actions"]
        assert (action["ready"], action["done_by_hand"], action["later"], action["missing"]) == (0, 1, 1, 1)
        assert call("undo", "--yes").code == 0
        [action] = call("plan", "--json").json["actions"]
        assert (action["ready"], action["done_by_hand"]) == (3, 0)
    refused = call("worksheet", "import", str(book))
    assert (refused.code, "is a workbook; save the sheet as CSV" in refused.err) == (1, True)
