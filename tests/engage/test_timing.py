"""When steps are due: in order, never early, the same for one as for many."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from followertui.domain.clock import DAY
from followertui.domain.engagement import MOST_DAYS, TALKING, interval_of
from followertui.engage import playbook, timing, worth

HEAD = 'who = "kind:press"\ncool_down = 5\n'
FOLLOW = '[[step]]\ndo = "follow"\nonly = "-is:following"\n'
WAIT = '[[step]]\ndo = "wait"\nafter = 4\n'
REPOST = '[[step]]\ndo = "repost"\nafter = 3\n'
STOP = '[[step]]\ndo = "stop"\nonly = "is:kept"\n'
AGAIN = '[[step]]\ndo = "repost"\nname = "again"\nevery = 30\n'
BOOK = playbook.parse("p", HEAD + FOLLOW + WAIT + REPOST + STOP + AGAIN)
NONE = {"-is:following": np.array([True]), "is:kept": np.array([False])}
BEGUN = 1_000 * DAY


def step(last: int, last_at: int, touched_at: int = 0, own_days: int = 0, **holds: bool) -> tuple[str, float]:
    """Name of the next step, and after how many days since the beginning it is due."""
    known = dict(NONE) | {key.replace("not_following", "-is:following").replace("kept", "is:kept"): np.array([value])
                          for key, value in holds.items()}  # fmt: skip
    found = timing.next_steps(
        BOOK,
        timing.Progress(np.array([last]), np.array([last_at]), np.array([touched_at]), np.array([own_days])),
        known,
    )
    if found.place[0] == timing.ENDED:
        return "", 0
    return BOOK.steps[found.place[0]].name, (found.due_at[0] - BEGUN) / DAY


def test_the_first_step_is_due_at_once_and_passed_by_for_whom_it_is_not() -> None:
    assert step(-1, BEGUN) == ("follow", 0)
    assert step(-1, BEGUN, not_following=False) == ("repost", 4 + 3)


def test_waits_add_up_after_what_was_done() -> None:
    assert step(0, BEGUN + 2 * DAY) == ("repost", 2 + 4 + 3)


def test_a_stop_ends_it_as_long_as_it_holds() -> None:
    assert step(2, BEGUN, kept=True) == ("", 0)
    assert step(2, BEGUN) == ("again", 0)


def test_what_repeats_comes_after_its_days_and_not_sooner_after_a_contact_elsewhere() -> None:
    assert step(4, BEGUN) == ("again", 30)
    assert step(4, BEGUN, BEGUN + 20 * DAY) == ("again", 50)


def test_an_interval_of_ones_own_takes_the_place_of_the_playbooks_but_never_of_the_cool_down() -> None:
    assert step(4, BEGUN, own_days=14) == ("again", 14)
    assert step(4, BEGUN, own_days=90) == ("again", 90)
    assert step(4, BEGUN, BEGUN + 6 * DAY, own_days=14) == ("again", 20)
    assert step(4, BEGUN, BEGUN + 6 * DAY, own_days=1) == ("again", 11), "five days of cool-down"
    assert step(0, BEGUN, own_days=14) == ("repost", 7), "what does not repeat comes in the playbook's time"


def test_a_contact_elsewhere_holds_an_address_off_for_the_cool_down_but_not_a_follow() -> None:
    assert step(0, BEGUN, BEGUN + 4 * DAY) == ("repost", 9)
    assert step(0, BEGUN, BEGUN + 6 * DAY) == ("repost", 11)
    assert step(-1, BEGUN, BEGUN) == ("follow", 0)


moments = st.integers(min_value=0, max_value=400).map(lambda days: BEGUN + days * DAY // 2)


@given(
    st.lists(
        st.tuples(
            st.integers(-1, 5), moments, moments | st.just(0), st.sampled_from([0, 7, 90]), st.booleans(), st.booleans()
        ),
        min_size=1,
    ),
    st.integers(1, 60),
    st.integers(1, 60),
)
def test_nobody_is_addressed_early(
    people: list[tuple[int, int, int, int, bool, bool]], cool_down: int, every: int
) -> None:
    text = f'who = "kind:press"\ncool_down = {cool_down}\n' + FOLLOW + WAIT + REPOST + STOP
    book = playbook.parse("p", text + f'[[step]]\ndo = "repost"\nname = "again"\nevery = {every}\n')
    last, last_at, touched, own, follows, kept = (np.array(values) for values in zip(*people, strict=True))
    last = np.minimum(last, len(book.steps) - 1)
    holds = {"-is:following": follows, "is:kept": kept}
    found = timing.next_steps(book, timing.Progress(last, last_at, touched, own), holds)
    for person, (place, due) in enumerate(zip(found.place.tolist(), found.due_at.tolist(), strict=True)):
        if place == timing.ENDED or book.steps[place].action not in TALKING:
            continue
        if touched[person]:
            assert due >= touched[person] + cool_down * DAY
        if last[person] == place:
            days = own[person] or every
            assert due >= last_at[person] + days * DAY
            assert not touched[person] or due >= touched[person] + days * DAY
        alone = timing.next_steps(
            book,
            timing.Progress(last[[person]], last_at[[person]], touched[[person]], own[[person]]),
            {query: mask[[person]] for query, mask in holds.items()},
        )
        assert (alone.place[0], alone.due_at[0]) == (place, due)


@given(
    st.lists(st.tuples(st.integers(0, 13), st.integers(0, 7), st.integers(-1, 100), st.integers(-1, 10**9)), min_size=1)
)
def test_worth_is_a_share_of_a_hundred(people: list[tuple[int, int, int, int]]) -> None:
    kind, seniority, relevance, followers = (np.array(values) for values in zip(*people, strict=True))
    found = worth.worth(worth.Columns(kind, seniority, relevance, followers, np.full(len(people), -1)), BEGUN)
    assert found.min() >= 0
    assert found.max() <= 100


def test_a_tag_may_set_an_interval() -> None:
    assert [interval_of(name) for name in ("every 14 days", "Every 1 day", f"every {MOST_DAYS} days")] == [
        14,
        1,
        MOST_DAYS,
    ]
    assert not any(
        map(interval_of, ("every 0 days", "every 731 days", "every day", "not every 14 days", "every 7 dayss"))
    )
