"""No history of what people and mishaps do ever sends an unfollow for an account guarded at that moment."""

from __future__ import annotations

import contextlib
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "store"))
sys.path.insert(0, str(Path(__file__).parent))

from guarded_world import COMPANIES, PAIRS, ROWS, World

from followertui.domain.decision import ActionKind, Decision
from followertui.domain.kind import Kind
from followertui.domain.match import MatchState
from followertui.services.review import deciding
from followertui.services.values import Word
from followertui.store.file.connection import Store
from followertui.store.lists import matches


def some_rows(dice: random.Random) -> list[int]:
    return dice.sample(ROWS, dice.randint(1, len(ROWS)))


def steps(dice: random.Random) -> int | None:
    """After how many steps the process ends, None where it does its work."""
    return dice.choice((None, None, None, 0, 1, 2))


def decision(dice: random.Random) -> Decision | None:
    return dice.choice((Decision.OUT, Decision.OUT, Decision.OUT, Decision.KEEP, Decision.LATER, None))


def decide(world: World, dice: random.Random) -> None:
    by_name = dice.random() < 0.5
    rows = [dice.choice(ROWS)] if by_name else some_rows(dice)
    deciding.decide(world.session, rows, decision(dice), word=Word(is_by_name=by_name))


def release(world: World, dice: random.Random) -> None:
    for row in some_rows(dice):
        world.release(row)


def answer(world: World, dice: random.Random) -> None:
    state = dice.choice(tuple(MatchState))
    found = matches.matches_of(world.session.store, some_rows(dice))
    if found:
        deciding.say_match(world.session, [match.id for match in found], state)


def carry_out(world: World, dice: random.Random) -> None:
    """Carry out, in one of three ways; often after everything was decided out, so that something is free to go."""
    if dice.random() < 0.6:
        world.follow_again()
        deciding.decide(world.session, ROWS, Decision.OUT)
    with world.blind() if dice.random() < 0.5 else contextlib.nullcontext():
        dice.choice((world.apply, world.apply, world.click, world.worksheet))()


def settle(world: World, dice: random.Random) -> None:
    world.discard_unfinished()
    world.match(None)


Step = Callable[[World, random.Random], object]
STEPS: dict[Step, int] = {
    decide: 3,
    release: 3,
    answer: 2,
    carry_out: 8,
    settle: 4,
    lambda world, dice: deciding.plan_add(world.session, ActionKind.UNFOLLOW, some_rows(dice)): 1,
    lambda world, dice: deciding.say_kind(world.session, some_rows(dice), dice.choice(KINDS)): 1,
    lambda world, dice: world.bring_list(dice.choice("ab"), dice.sample(COMPANIES, dice.randint(1, 3)), steps(dice)): 2,
    lambda world, dice: world.match(steps(dice)): 2,
    lambda world, dice: world.read_profile(dice.choice(ROWS), handle=f"renamed_{dice.randint(1, 999)}"): 1,
    lambda world, dice: world.read_profile(dice.choice(ROWS), bio=dice.choice(("We make things.", "Fishing"))): 1,
    lambda world, dice: world.talk(dice.choice(ROWS)): 1,
    lambda world, dice: world.step_back(dice.random() < 0.4): 3,
    lambda world, dice: world.show_pair(dice.randrange(PAIRS)): 1,
    lambda world, dice: world.answer_worksheet(dice): 1,
    lambda world, dice: world.back_up(): 1,
    lambda world, dice: world.copy_back(): 1,
    lambda world, dice: world.restore(): 1,
    lambda world, dice: world.zero_cache(): 1,
}
"""What may happen, and how often beside the others."""
KINDS = (Kind.CUSTOMER, Kind.BOT, None, None)


def history(seed: int, length: int) -> World:
    """Let a world go through a random history; it is closed, and says what went out."""
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        for step in dice.choices(tuple(STEPS), tuple(STEPS.values()), k=length):
            step(world, dice)
            if world.breaches:
                break
        world.close()
    return world


@settings(max_examples=14, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_nobody_guarded_is_ever_unfollowed(seed: int) -> None:
    assert history(seed, 30).breaches == []


@pytest.mark.parametrize(
    "seed",
    [
        pytest.param(19_788, id="a release given while the lists had changed lifts no match that comes back"),
        pytest.param(10_280, id="a customer who turns out to be one account with a bot stays a customer"),
    ],
)
def test_what_once_broke_a_guard_does_not(seed: int) -> None:
    assert history(seed, 30).breaches == []


@pytest.mark.slow
def test_nobody_guarded_is_ever_unfollowed_in_long_histories() -> None:
    worlds = [history(seed, 80) for seed in range(300)]
    assert [world.breaches for world in worlds if world.breaches] == []
    assert sum(world.sent for world in worlds) > 1_000
    assert min(sum(world.united for world in worlds), sum(world.restored for world in worlds)) > 100
    assert sum(world.answered for world in worlds) > 100


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
    assert (world.sent, world.breaches) == (len(ROWS) - 1 - PAIRS, [])
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
