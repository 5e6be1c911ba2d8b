"""An import loads what reads and stores, not what plans, engages or drafts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

IMPORTING = """
import json, sys
from followertui.cli.main import run
assert run(sys.argv[1:]) == 0
print(json.dumps(sorted(sys.modules)))
"""
NOT_NEEDED = {
    "followertui.services.engage.today",
    "followertui.services.engage.shelving",
    "followertui.services.plan.by_hand",
    "followertui.services.review.view_rules",
    "followertui.sources.markup_tables",
    "followertui.sources.workbooks",
    "followertui.store.file.migrations",
    "followertui.x.links",
    "jinja2",
    "sqlite_utils",
    "textual",
    "tweepy",
}


def test_importing_a_small_file_loads_no_engaging_and_no_rules_of_views(tmp_path: Path) -> None:
    followers = tmp_path / "followers.csv"
    followers.write_text("handle,name,bio\n" + "".join(f"mara_{n},Mara {n},Builds {n}\n" for n in range(10)))
    words = ["--store", str(tmp_path / "own.db"), "import", "accounts", str(followers), "--relation", "follower"]
    done = subprocess.run(
        [sys.executable, "-c", IMPORTING, *words, "--complete"],
        capture_output=True,
        text=True,
        check=True,
        stdin=subprocess.DEVNULL,
    )
    modules = set(json.loads(done.stdout.splitlines()[-1]))
    assert "followertui.services.intake.importing" in modules
    assert not NOT_NEEDED & modules
