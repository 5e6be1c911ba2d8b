"""A row in every table, doctor, backup, restore and export on SQLite libraries one can install (slow, by hand)."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

WITH = """
import sys
sys.path.insert(0, sys.argv[1])
import pysqlite3, pysqlite3.dbapi2
sys.modules["sqlite3"], sys.modules["sqlite3.dbapi2"] = pysqlite3, pysqlite3.dbapi2
import sqlite3, pytest
print("SQLite", sqlite3.sqlite_version)
sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-o", "addopts=", *sys.argv[2:]]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("version", ["0.5.0", "0.5.2.post3", "0.5.4.post2"])
def test_the_stores_of_every_library_are_restored(version: str, tmp_path: Path) -> None:
    pip = shutil.which("pip")
    if pip is None:
        pytest.skip("no pip to fetch the library with")
    fetched = subprocess.run(
        [pip, "download", "--no-deps", "-q", "-d", str(tmp_path), f"pysqlite3-binary=={version}"],
        capture_output=True,
        check=False,
    )
    wheels = list(tmp_path.glob("*.whl"))
    if fetched.returncode or not wheels:
        pytest.skip(f"pysqlite3-binary {version} does not install here")
    zipfile.ZipFile(wheels[0]).extractall(tmp_path / "library")
    tests = Path(__file__).with_name("test_store_restoring.py")
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            WITH,
            str(tmp_path / "library"),
            str(tests),
            str(tests.with_name("test_store_moved.py")),
            str(tests.with_name("test_store_connection.py")),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
