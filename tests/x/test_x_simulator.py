"""Against X's own simulator, or any server that speaks as X's documents say: by address and tokens alone.

The simulator is asked where FOLLOWERTUI_SIMULATOR names one on this machine, freshly started, such as
``playground start --port 8199`` of xdevplatform/playground; the tests do without what that lacks (the
credit left, the stream, one's own lists). What changes whom we follow is held against the sandbox as a
server in any case.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from threading import Event

import pytest

from followertui.domain.clock import SystemClock
from followertui.domain.decision import ActionKind
from followertui.domain.errors import FollowertuiError
from followertui.domain.progress import drained
from followertui.services import querying
from followertui.services.plan import planning, reversing
from followertui.services.session import Session
from followertui.services.sync import finding, live, looking_up, own_marks, syncing
from followertui.services.sync.values import LookupWish, Wish
from followertui.services.workbench import Workbench
from followertui.store.decisions import calls, requests
from followertui.store.file.connection import Store
from followertui.x.client import TweepyClient
from followertui.x.platform import Access
from followertui.x.sandbox.made import OWN_ID, made_state
from followertui.x.sandbox.server import Server
from followertui.x.sandbox.transport import Sandbox
from followertui.x.settings import XSettings

ADDRESS = os.environ.get("FOLLOWERTUI_SIMULATOR", "")
needs_simulator = pytest.mark.skipif(not ADDRESS, reason="FOLLOWERTUI_SIMULATOR names no server")
KEYS = {
    "FOLLOWERTUI_X_BASE_URL": ADDRESS,
    "FOLLOWERTUI_X_CONSUMER_KEY": "ck",
    "FOLLOWERTUI_X_CONSUMER_SECRET": "cs",
    "FOLLOWERTUI_X_ACCESS_TOKEN": "0-at",
    "FOLLOWERTUI_X_ACCESS_TOKEN_SECRET": "as",
}


def at(keys: Mapping[str, str], folder: Path) -> Workbench:
    """A new store that knows X by an address and tokens."""
    x_settings = XSettings.from_env(keys)
    return Workbench(Session(Store(folder / "store.db"), SystemClock(), open_x=lambda: TweepyClient(x_settings)))


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    return at(KEYS, tmp_path)


def check_unfollowing_and_following_again(bench: Workbench) -> None:
    """Read whom we follow, end it with a few, take that batch back, and read X again after each step."""
    session = bench.session
    planning.keep_capabilities(session, planning.Capabilities(Access.ENTERPRISE))
    before = read(bench)
    some = before[:3]
    bench.plan_add(ActionKind.UNFOLLOW, some)
    planning.overview(session)
    assert drained(bench.apply(len(some), Event(), is_tried=True)).done == len(some)
    assert read(bench) == before[len(some) :]
    [batch] = reversing.latest(session)
    assert reversing.reverse(session, batch.id).gesture.planned == len(some)
    planning.overview(session)
    assert drained(bench.apply(len(some), Event(), is_tried=True)).done == len(some)
    assert read(bench) == before
    assert [call.action for call in calls.calls_of(session.store, some[0])] == [ActionKind.FOLLOW, ActionKind.UNFOLLOW]
    bench.close()


def read(bench: Workbench) -> list[int]:
    """Read whom X says we follow, all of it once more; their rows."""
    bench.session.store.con.execute("UPDATE import_run SET as_of = as_of - 864000")
    drained(syncing.sync(bench.session, Event(), Wish(("following",), is_full=True)))
    drained(bench.catch_up())
    return [int(row) for row in querying.rows_of(bench.session, "is:following")]


@needs_simulator
def test_a_batch_is_taken_back_at_the_simulator(bench: Workbench) -> None:
    check_unfollowing_and_following_again(bench)


def test_a_batch_is_taken_back_at_the_sandbox_as_a_server(tmp_path: Path) -> None:
    state = made_state(300, Access.ENTERPRISE)
    with Server(Sandbox(state, SystemClock()), 0) as server:
        check_unfollowing_and_following_again(at(state.keys.environ(OWN_ID, server.address), tmp_path))


@needs_simulator
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
