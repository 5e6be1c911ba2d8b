"""A workbook written by hand is read back."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from workbook_files import write_workbook

from followertui.sources.workbooks import read_sheet


def test_numbers_keep_their_digits_or_show_that_they_lost_them(tmp_path):
    path = tmp_path / "b.xlsx"
    write_workbook(path, {"S": [["a", "b"], [12.0, 1.3491490969096684e18], [1.5, "=1+1"]]})
    name, names, _, rows = read_sheet(path, None)
    assert (name, names) == ("S", ("S",))
    assert list(rows) == [["a", "b"], ["12", "1.3491490969E+18"], ["1.5", "=1+1"]]
