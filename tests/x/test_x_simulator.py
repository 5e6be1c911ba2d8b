"""Against X's own simulator, or any server that speaks as X's documents say: by address and tokens alone.

Runs where FOLLOWERTUI_SIMULATOR names one on this machine, freshly started, such as
``playground start --port 8199`` of xdevplatform/playground; it does without what that lacks (the credit
left, the stream, one's own lists).
"""

from __future__ import annotations

import os
from pathlib import Path
from threading import Event

import pytest

from followertui.domain.clock import SystemClock
from followertui.domain.decision import ActionKind
from followertui.domain.errors import FollowertuiError
from followertui.domain.progress import drained
from followertui.services import querying
from followertui.services.session import Session
from followertui.services.sync import finding, live, looking_up, own_marks, syncing
from followertui.services.sync.values import LookupWish, Wish
from followertui.services.workbench import Workbench
from followertui.store.decisions import requests
from followertui.store.file.connection import Store
from followertui.x.client import TweepyClient
from followertui.x.settings import XSettings

ADDRESS = os.environ.get("FOLLOWERTUI_SIMULATOR", "")
pytestmark = pytest.mark.skipif(not ADDRESS, reason="FOLLOWERTUI_SIMULATOR names no server")


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    keys = {
        "FOLLOWERTUI_X_BASE_URL": ADDRESS,
        "FOLLOWERTUI_X_CONSUMER_KEY": "ck",
        "FOLLOWERTUI_X_CONSUMER_SECRET": "cs",
        "FOLLOWERTUI_X_ACCESS_TOKEN": "0-at",
        "FOLLOWERTUI_X_ACCESS_TOKEN_SECRET": "as",
    }
    x_settings = XSettings.from_env(keys)
    return Workbench(Session(Store(tmp_path / "store.db"), SystemClock(), open_x=lambda: TweepyClient(x_settings)))


def test_reading_looking_up_and_carrying_out_need_an_address_and_tokens_only(bench: Workbench) -> None:
    session = bench.session
    reports = drained(syncing.sync(session, Event(), Wish()))
    assert [one.completeness for one in reports] == ["complete", "complete"]
    assert all(one.read == one.expected > 0 for one in reports)
    drained(bench.catch_up())
    # Who was read today is not read again: with the moment forgotten it is.
    session.store.con.execute("UPDATE import_run SET as_of = as_of - 864000")
    assert drained(looking_up.look_up(session, Event(), LookupWish("profiles", rows=(1, 2)))).asked == 2
    name = bench.page([1])[0].name.split()[0]
    assert drained(finding.find(session, Event(), name)).rows
    fans = [int(row) for row in querying.rows_of(session, "is:fan")]
    bench.plan_add(ActionKind.MUTE, fans)
    report = drained(bench.apply(len(fans), Event(), is_tried=True))
    assert report.done == len(fans)
    marks = drained(own_marks.read(session, Event(), ("muted",)))
    assert marks.counts["accounts you muted"] == len(fans)
    with pytest.raises(FollowertuiError, match="no such endpoint"):
        drained(live.watch(session, Event()))
    spent = requests.spent(session.store)
    assert spent.usd > 0
    assert spent.unknown_usd == 0
    bench.close()
