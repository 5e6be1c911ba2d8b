"""``sync`` and ``costs`` as a person and a script run them, against the sandbox on loopback."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from command_line import Call

from followertui.domain.clock import SystemClock
from followertui.x.sandbox.faults import Fault
from followertui.x.sandbox.made import FIRST_ID, made_state
from followertui.x.sandbox.server import serve
from followertui.x.sandbox.state import SandboxState
from followertui.x.sandbox.telling import tell


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> Iterator[SandboxState]:
    made = made_state(500)
    with serve(made, 0, SystemClock()) as server:
        for name, value in made.keys.environ(made.own_id, server.address).items():
            monkeypatch.setenv(name, value)
        yield made


def test_a_dry_run_says_the_price_and_sends_nothing(fresh: Call, state: SandboxState) -> None:
    result = fresh("sync", "--dry-run")
    assert result.code == 0
    assert "followers: how many is not known yet; $1.00 or $10.00 for a thousand" in result.out
    assert state.calls_made == 0


def test_the_dearer_price_can_be_named_too(fresh: Call, state: SandboxState) -> None:
    result = fresh("sync", "--dry-run", "--not-owned")
    assert result.code == 0, result.err
    assert "followers: how many is not known yet; $10.00 for a thousand" in result.out
    assert fresh("sync", "--dry-run", "--owend").code == 2


def test_a_script_has_to_agree_to_the_price(fresh: Call, state: SandboxState) -> None:
    result = fresh("sync")
    assert (result.code, state.calls_made) == (1, 0)
    assert "--yes" in result.err


def test_both_lists_come_in_and_the_costs_are_what_x_charged(fresh: Call, state: SandboxState) -> None:
    result = fresh("sync", "--yes", "--owned")
    assert result.code == 0, result.err
    assert "followers: 400 of 400 read, complete, 0 new, 0 left; $0.40" in result.err
    assert fresh("accounts", "is:follower", "--count").out.strip() == "400"
    assert fresh("accounts", "is:following", "--count").out.strip() == "200"
    costs = fresh("costs", "--json", "--credits").json
    assert costs["today"] == {"usd": pytest.approx(state.ledger.spent_usd), "unknown_usd": 0.0}
    assert {line["what"]: line["units"] for line in costs["calls"]} == {"followers": 400, "following": 100, "me": 1}
    assert costs["credits_usd"] == 0.0
    result = fresh("sync", "--followers", "--yes")
    assert "followers: the newest 20 of 400 read, 0 new; $0.00" in result.err


def test_a_budget_and_money_end_with_code_3_and_the_rest_comes_later(fresh: Call, state: SandboxState) -> None:
    result = fresh("sync", "--followers", "--yes", "--owned", "--budget", "0.11")
    assert result.code == 3
    assert "the budget of this run is spent" in result.err
    assert state.ledger.spent_usd == pytest.approx(0.11)
    state.faults = [Fault("credits", "/2/users/*/followers")]
    result = fresh("sync", "--followers", "--yes")
    assert result.code == 3
    assert "100 of 400 followers are kept" in result.err
    state.faults = []
    assert fresh("costs", "--day", "0.11", "--month", "5").out.startswith("today: $0.11 of $0.11")
    assert fresh("sync", "--followers", "--yes").code == 3
    assert fresh("costs", "--day", "0").code == 0
    assert fresh("sync", "--followers", "--yes").code == 0
    assert state.ledger.spent_usd == pytest.approx(0.41)


PRICED = (
    ("sync",), ("sync", "--followers"), ("sync", "--following"), ("sync", "--full"), ("sync", "--names"),
    ("sync", "--profiles", "is:follower"), ("sync", "--leavers"), ("sync", "--muted", "--blocked", "--lists"),
    ("sync", "--live"), ("find", "ada"), ("peek", "@ada"),
)  # fmt: skip
"""Commands that cost something at X."""


@pytest.mark.parametrize("command", PRICED, ids=" ".join)
def test_no_dry_run_sends_anything(fresh: Call, state: SandboxState, command: tuple[str, ...]) -> None:
    assert fresh("sync", "--yes", "--owned").code == 0
    handle = fresh("accounts", "is:follower", "--limit", "1", "--json").json[0]["handle"]
    before = state.calls_made, state.ledger.spent_usd
    asked = [handle if word == "@ada" else word for word in command]
    result = fresh(*asked, "--dry-run")
    assert result.code in (0, 1, 4), result.err
    assert "$" in result.out or "0 accounts" in result.out or result.err.strip(), "a price, or why there is none"
    assert (state.calls_made, state.ledger.spent_usd) == before
    assert fresh("costs", "--json").json["today"]["usd"] == pytest.approx(before[1])


def test_without_keys_it_says_what_is_missing(fresh: Call) -> None:
    result = fresh("sync", "--yes")
    assert result.code == 1
    assert "no account is signed in to X" in result.err


@pytest.mark.parametrize("amount", ["-1", "nan", "inf", "1e12", "x"])
def test_an_amount_that_is_none_is_refused(fresh: Call, amount: str) -> None:
    assert fresh("costs", "--day", amount).code in (1, 2)


def test_live_prints_what_happens_and_ends_with_its_budget(fresh: Call, state: SandboxState) -> None:
    assert fresh("sync", "--yes", "--owned").code == 0
    assert "$0.01 for each follow" in fresh("sync", "--live", "--dry-run").out
    state.watches.subscribe("follow.follow", str(state.own_id), "inbound")
    now = int(SystemClock().now().timestamp())
    for number in (5, 10, 15):
        assert tell(state, "follow.follow", str(FIRST_ID + number), {}, now)
    result = fresh("sync", "--live", "--yes", "--budget", "0.03")
    assert result.code == 3, result.err
    told = re.findall(r"(\d+) others? followed", result.out)
    assert sum(map(int, told)) == 3, result.out
    assert "the budget of this run is spent" in result.err
    assert fresh("accounts", "is:new", "--count").out.strip() == "3"
    assert fresh("costs", "--json").json["today"]["usd"] == pytest.approx(state.ledger.spent_usd)


def test_leavers_names_and_search_say_their_price_and_need_a_yes(fresh: Call, state: SandboxState) -> None:
    assert fresh("sync", "--yes", "--owned").code == 0
    assert fresh("sync", "--leavers", "--yes").code == 4, "nobody left"
    assert fresh("sync", "--names", "--leavers", "--yes").code == 1
    spent = state.ledger.spent_usd
    assert "at most $0.10" in fresh("find", "ada", "--dry-run").out
    assert fresh("find", "ada").code == 1, "a script has to agree"
    assert state.ledger.spent_usd == spent
    found = fresh("find", "ada", "berg", "--yes", "--json").json
    assert all("ada" in one["name"].lower() for one in found)
    result = fresh("sync", "--muted", "--blocked", "--lists", "--yes")
    assert "0 accounts you muted, 0 accounts you blocked; $0.00" in result.err
    status = fresh("auth", "status", "--json").json["calls"]
    assert status["search for people"]["can"] == "yes"
    assert status["watch follows as they happen"]["can"] == "unknown"
    assert "search for people: it worked for this account" in fresh("auth", "status").out
