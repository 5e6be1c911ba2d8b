"""No history of what people and mishaps do ever sends an unfollow for an account guarded at that moment."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

sys.path.insert(0, str(Path(__file__).parents[1] / "store"))
sys.path.insert(0, str(Path(__file__).parent))

from guarded_world import COMPANIES, ROWS, World

from followertui.domain.decision import Decision
from followertui.domain.kind import Kind
from followertui.domain.match import MatchState
from followertui.services.review import deciding
from followertui.services.values import Word
from followertui.store.file.connection import Store

row = st.sampled_from(ROWS)
some_rows = st.lists(row, min_size=1, max_size=len(ROWS), unique=True)
decisions = st.sampled_from([Decision.OUT, Decision.OUT, Decision.OUT, Decision.KEEP, Decision.LATER, None])
steps = st.sampled_from([None, None, None, None, 0, 1, 2])


class Histories(RuleBasedStateMachine):
    """Random histories over one small store."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.world = World(Path(self.folder.name))

    def teardown(self) -> None:
        self.world.close()
        self.folder.cleanup()

    @rule(rows=some_rows, decision=decisions)
    def decide_in_bulk(self, rows: list[int], decision: Decision | None) -> None:
        deciding.decide(self.world.session, rows, decision)

    @rule(row=row, decision=decisions)
    def decide_by_name(self, row: int, decision: Decision | None) -> None:
        deciding.decide(self.world.session, [row], decision, word=Word(is_by_name=True))

    @rule(row=row, kind=st.sampled_from([Kind.CUSTOMER, Kind.BOT, None]))
    def say_kind(self, row: int, kind: Kind | None) -> None:
        deciding.say_kind(self.world.session, [row], kind)

    @rule(row=row)
    def release(self, row: int) -> None:
        self.world.release(row)

    @rule(name=st.sampled_from(["a", "b"]), companies=st.lists(st.sampled_from(COMPANIES), min_size=1, unique=True),
          steps=steps)  # fmt: skip
    def bring_list(self, name: str, companies: list[str], steps: int | None) -> None:
        self.world.now += 86_400
        self.world.close()
        self.world.open()
        self.world.bring_list(name, companies, steps)

    @rule(steps=steps)
    def match(self, steps: int | None) -> None:
        self.world.match(steps)

    @rule(row=row, state=st.sampled_from(MatchState))
    def answer_match(self, row: int, state: MatchState) -> None:
        ids = [
            line[0]
            for line in self.world.session.store.con.execute(
                "SELECT m.id FROM match m LEFT JOIN match_word w ON w.match_id = m.id "
                "WHERE m.row = ? AND (m.is_stale = 0 OR w.state IS NOT NULL)", [row]
            )
        ]  # fmt: skip
        if ids:
            deciding.say_match(self.world.session, ids, state)

    @rule(row=row, handle=st.sampled_from(["renamed_one", "renamed_two"]))
    def rename(self, row: int, handle: str) -> None:
        self.world.read_profile(row, handle=f"{handle}{row}")

    @rule(row=row, bio=st.sampled_from(["We make things.", "Gone fishing"]))
    def change_bio(self, row: int, bio: str) -> None:
        self.world.read_profile(row, bio=bio)

    @rule(row=row)
    def talk(self, row: int) -> None:
        self.world.talk(row)

    @rule(is_redo=st.booleans())
    def step_back(self, is_redo: bool) -> None:
        self.world.step_back(is_redo)

    @rule(is_discarded=st.booleans())
    def settle_imports(self, is_discarded: bool) -> None:
        self.world.resume_or_discard(is_discarded)

    @rule()
    def follow_again(self) -> None:
        self.world.follow_again()

    @rule()
    def back_up(self) -> None:
        self.world.back_up()

    @rule()
    def copy_back(self) -> None:
        self.world.copy_back()

    @rule()
    def zero_cache(self) -> None:
        self.world.zero_cache()

    @rule(is_settled=st.booleans(), is_followed=st.booleans())
    def carry_out(self, is_settled: bool, is_followed: bool) -> None:
        """Carry out; often after what was left open is settled, so that something is free to go."""
        if is_settled:
            self.world.resume_or_discard(True)
            self.world.match(None)
        if is_followed:
            self.world.follow_again()
            deciding.decide(self.world.session, ROWS, Decision.OUT)
        self.world.apply()

    @rule()
    def apply(self) -> None:
        self.world.apply()

    @rule()
    def click(self) -> None:
        self.world.click()

    @rule()
    def worksheet(self) -> None:
        self.world.worksheet()

    @invariant()
    def nobody_guarded_was_sent(self) -> None:
        assert self.world.breaches == []


def test_nobody_guarded_is_ever_unfollowed() -> None:
    run_state_machine_as_test(Histories, settings=settings(max_examples=12, stateful_step_count=30, deadline=None))


@pytest.mark.slow
def test_nobody_guarded_is_ever_unfollowed_in_long_histories() -> None:
    run_state_machine_as_test(Histories, settings=settings(max_examples=400, stateful_step_count=60, deadline=None))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_the_oracle_and_x_see_what_goes_out(world: World) -> None:
    """The history in which something goes out: the free are sent, the guarded are not, the oracle tells them apart."""
    world.bring_list("a", ["Globex"], None)
    world.match(None)
    deciding.decide(world.session, ROWS, Decision.OUT)
    assert [world.guards(1_000), world.guards(1_001), world.guards(2_000)] == [["matched"], [], []]
    world.apply()
    assert (world.sent, world.breaches) == (len(ROWS) - 1, [])
    world.release(1)
    assert world.guards(1_000) == []
    world.worksheet()
    world.click()
    world.apply()
    assert (world.sent, world.breaches) == (len(ROWS) + 2, [])
    world.close()


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_a_list_read_half_or_not_compared_holds_its_customers(world: World, steps: int) -> None:
    """reliability.md 2: the customers of a list whose matching never ran were unfollowed."""
    world.bring_list("a", ["Initech"], None)
    world.match(None)
    deciding.decide(world.session, ROWS, Decision.OUT)
    world.now += 86_400
    world.bring_list("b", ["Globex"], steps or None)
    world.apply()
    world.worksheet()
    world.click()
    assert (world.sent, world.breaches) == (0, [])
    world.close()


def test_a_zeroed_cache_and_a_store_copied_back_send_nobody_guarded(world: World) -> None:
    """reliability.md 1: the cache was believed."""
    world.back_up()
    world.bring_list("a", COMPANIES, None)
    world.match(None)
    deciding.say_kind(world.session, [5], Kind.CUSTOMER)
    deciding.decide(world.session, [6], Decision.KEEP)
    world.zero_cache()
    assert isinstance(world.session.store, Store)
    deciding.decide(world.session, ROWS, Decision.OUT)
    world.apply()
    assert world.breaches == []
    world.copy_back()
    deciding.say_kind(world.session, [7], Kind.CUSTOMER)
    deciding.decide(world.session, ROWS, Decision.OUT)
    world.apply()
    assert world.breaches == []
    world.close()
