"""A row in every table, doctor, backup, restore and export on SQLite libraries one can install (slow, by hand)."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from test_store_restoring import full_store

from followertui.cli.main import run

WITH = """
import sys
sys.path.insert(0, sys.argv[1])
import pysqlite3, pysqlite3.dbapi2
sys.modules["sqlite3"], sys.modules["sqlite3.dbapi2"] = pysqlite3, pysqlite3.dbapi2
import sqlite3, pytest
print("SQLite", sqlite3.sqlite_version)
sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-o", "addopts=", *sys.argv[2:]]))
"""

LOOK = """
import json, sys
sys.path.insert(0, sys.argv[1])
import apsw
con = apsw.Connection(sys.argv[2])
found = {"version": apsw.sqlitelibversion()}
found["problems"] = [line[0] for line in con.execute("PRAGMA integrity_check")]
found["references"] = list(con.execute("PRAGMA foreign_key_check"))
names = [line[0] for line in con.execute(
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict")]
found["sizes"] = {name: con.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
with con:
    con.execute("UPDATE change SET counter = counter + 1")
con.execute("VACUUM INTO ?", [sys.argv[3]])
con.close()
print(json.dumps(found))
"""


def library(name: str, version: str, folder: Path) -> Path:
    """A folder with a version of a library, fetched by pip; the test is skipped where it does not install."""
    fetched = subprocess.run(
        [sys.executable, "-m", "pip", "download", "--no-deps", "-q", "-d", str(folder), f"{name}=={version}"],
        capture_output=True,
        check=False,
    )
    wheels = list(folder.glob("*.whl"))
    if fetched.returncode or not wheels:
        pytest.skip(f"{name} {version} does not install here")
    zipfile.ZipFile(wheels[0]).extractall(folder / "library")
    return folder / "library"


@pytest.mark.slow
@pytest.mark.parametrize("version", ["0.4.7.post8", "0.5.0", "0.5.2.post3", "0.5.4.post2"])
def test_the_stores_of_every_library_are_restored(version: str, tmp_path: Path) -> None:
    tests = [str(Path(__file__).with_name(f"test_store_{name}.py")) for name in ("restoring", "moved", "connection")]
    place = library("pysqlite3-binary", version, tmp_path)
    done = subprocess.run([sys.executable, "-c", WITH, str(place), *tests], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    print(done.stdout.splitlines()[0])


@pytest.mark.slow
@pytest.mark.parametrize("version", ["3.40.1.0", "3.44.2.0", "3.47.2.0", "3.50.4.0", "3.54.1.0"])
def test_what_another_sqlite_looked_at_wrote_and_copied_is_restored(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    place = library("apsw", version, tmp_path)
    path, copy = tmp_path / "store.db", tmp_path / "copy.db"
    sizes = full_store(path)
    done = subprocess.run(
        [sys.executable, "-c", LOOK, str(place), str(path), str(copy)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout)
    assert version.startswith(found["version"])
    assert (found["problems"], found["references"], found["sizes"]) == (["ok"], [], sizes)
    for line in (["doctor"], ["restore", str(copy)], ["doctor"], ["export", str(tmp_path / "all.json")]):
        assert run(["--store", str(path), "--quiet", *line]) == 0, capsys.readouterr()
