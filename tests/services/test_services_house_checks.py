"""House checks: what a person wrote down once stops whatever would break it."""

from __future__ import annotations

from pathlib import Path

import pytest
from filling import add_accounts
from hypothesis import given
from hypothesis import strategies as st
from plan_world import apply, ended, mirror, planned, sent

from followertui.domain.clock import FileClock
from followertui.domain.decision import Decision
from followertui.domain.errors import BadInput, NothingToDo
from followertui.domain.house_checks import KINDS, parse
from followertui.domain.kind import Kind
from followertui.domain.progress import NeverCancelled
from followertui.services import stepping_back
from followertui.services.care import doctor, maintenance
from followertui.services.plan import applying, by_hand, planning, worksheets
from followertui.services.review import deciding, house_checks
from followertui.services.session import Session
from followertui.services.values import Word
from followertui.services.workbench import Workbench
from followertui.x.platform import Access
from followertui.x.sandbox.made import made_state
from followertui.x.sandbox.state import SandboxState
from followertui.x.sandbox.transport import Sandbox, client_for

BY_NAME = Word(is_by_name=True)


@pytest.fixture
def state() -> SandboxState:
    return made_state(200, Access.ENTERPRISE)


@pytest.fixture
def signed_in(session: Session, state: SandboxState, clock: FileClock) -> Session:
    session.open_x = lambda: client_for(Sandbox(state, clock))
    return session


@given(st.text(max_size=40))
def test_any_line_is_a_check_or_one_clear_line(text: str) -> None:
    try:
        check = parse(text)
    except BadInput:
        return
    assert parse(str(check)) == check


@given(st.sampled_from(sorted(KINDS)), st.from_regex(r"[A-Za-z0-9_]{1,15}[A-Za-z_]", fullmatch=True))
def test_every_kind_may_be_asked_for(kind: str, handle: str) -> None:
    assert str(parse(f"MUST_BE {kind} {handle}")) == f"must_be {kind} @{handle}"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("must_be custmer @x", "did you mean customer"),
        ("must_be unseen @x", "is no kind"),
        ("must_keep", "write must_keep @handle or must_be KIND @handle"),
        ("must_keep @a b", "write must_keep"),
        ("never @x", "is no house check"),
        ("must_keep @bad-name", "neither a handle nor an id"),
    ],
)
def test_a_wrong_line_says_what_to_write(session: Session, line: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        house_checks.add(session, ["must_keep @fine", line])
    assert house_checks.checks(session) == []


def test_a_failing_check_lets_nothing_be_carried_out(signed_in: Session, state: SandboxState, tmp_path: Path) -> None:
    planned(signed_in, state, 4)
    assert house_checks.add(signed_in, ["must_keep @made_0"]) == "house checks: 1 line added"
    for start in (
        lambda: apply(signed_in),
        lambda: by_hand.next_manual(signed_in),
        lambda: worksheets.write(signed_in, tmp_path / "plan.csv"),
    ):
        with pytest.raises(BadInput, match="@made_0 must be kept, and unfollow is planned"):
            start()
    assert (state.calls_made, (tmp_path / "plan.csv").exists()) == (0, False)
    overview = planning.overview(signed_in)
    assert "@made_0 must be kept, and unfollow is planned" in overview.warnings
    found = [finding for finding in doctor.doctor(signed_in) if finding.what == "check"]
    assert [finding.level for finding in found] == ["bad"]
    [row] = signed_in.evaluator.rows(signed_in.parse("handle:made_0"), signed_in.now).tolist()
    deciding.decide(signed_in, [row], Decision.KEEP, word=BY_NAME)
    assert house_checks.failures(signed_in) == []
    assert apply(signed_in)[1].done == 3


def test_what_begins_to_fail_while_a_run_goes_on_stops_it(signed_in: Session, state: SandboxState) -> None:
    rows = planned(signed_in, state, 12)
    house_checks.add(signed_in, ["must_be other @made_55"])
    [other] = add_accounts(signed_in.store, {"handle": "made_55", "x_id": 5})
    deciding.say_kind(signed_in, [other], Kind.OTHER, word=BY_NAME)
    job = applying.apply(signed_in, NeverCancelled(), len(rows))
    events = [next(job) for _ in range(3)]
    deciding.say_kind(signed_in, [other], Kind.PRESS, word=BY_NAME)
    report = ended(job)[1]
    assert (len(events), report.done, sent(state)) == (3, 3, 3)
    assert "@made_55 must be other, and is press" in report.stop_text
    assert report.left == 9


def test_an_account_that_is_not_here_breaks_nothing_and_is_said(session: Session) -> None:
    assert house_checks.add(session, ["must_be customer @nobody"]).endswith("not known here yet: @nobody")
    [checked] = house_checks.run(session)
    assert (checked.failure, checked.remark) == ("", "not known here")


def test_a_check_follows_its_account_through_a_rename(signed_in: Session, state: SandboxState) -> None:
    [row] = mirror(signed_in, state, 1)
    house_checks.add(signed_in, ["must_keep @made_0"])
    with signed_in.store.write() as con:
        con.execute("UPDATE account SET handle = 'renamed' WHERE row = ?", [row])
        signed_in.store.bump("profile", [row])
    deciding.decide(signed_in, [row], Decision.OUT)
    assert house_checks.failures(signed_in) == ["@made_0 must be kept, and unfollow is planned"]


def test_a_guard_that_holds_it_is_enough_only_with_a_decision_that_agrees(
    signed_in: Session, state: SandboxState
) -> None:
    [row] = mirror(signed_in, state, 1)
    deciding.say_kind(signed_in, [row], Kind.CUSTOMER, word=BY_NAME)
    deciding.decide(signed_in, [row], Decision.OUT)
    house_checks.add(signed_in, ["must_keep @made_0", "must_be customer @made_0"])
    assert house_checks.failures(signed_in) == ["@made_0 must be kept, and is decided out"]


def test_adding_and_dropping_are_gestures(session: Session) -> None:
    add_accounts(session.store, {"handle": "dana", "x_id": 7})
    house_checks.add(session, ["must_keep @dana", "must_keep @dana"])
    assert [str(check) for check in house_checks.checks(session)] == ["must_keep @dana"]
    with pytest.raises(NothingToDo):
        house_checks.add(session, ["must_keep @dana"])
    with pytest.raises(BadInput, match="no house check says"):
        house_checks.drop(session, "must_keep @other")
    house_checks.drop(session, "must_keep @dana")
    assert house_checks.checks(session) == []
    assert stepping_back.undo(session).text == "undo: house checks: dropped must_keep @dana"
    assert [str(check) for check in house_checks.checks(session)] == ["must_keep @dana"]
    assert stepping_back.undo(session).text == "undo: house checks: 1 line added"
    assert house_checks.checks(session) == []
    stepping_back.redo(session)
    assert [str(check) for check in house_checks.checks(session)] == ["must_keep @dana"]


def test_match_and_judge_name_what_fails(session: Session) -> None:
    add_accounts(session.store, {"handle": "dana", "x_id": 7, "name": "Dana"})
    house_checks.add(session, ["must_be customer @dana"])
    bench = Workbench(session)
    for job in (bench.match(), bench.judge()):
        assert "! 1 house check fails: @dana must be customer, and is" in ended(job)[1].text


def test_a_file_of_checks_runs_beside_those_of_the_store(session: Session, tmp_path: Path) -> None:
    add_accounts(session.store, {"handle": "dana", "x_id": 7})
    path = tmp_path / "checks.txt"
    path.write_text("# ours\n\nmust_be customer @dana\nmust_keep @dana\n", encoding="utf-8-sig")
    found = house_checks.run(session, house_checks.from_file(path))
    assert [bool(each.failure) for each in found] == [True, False]
    path.write_text("must_keep @dana\nnonsense\n")
    with pytest.raises(BadInput, match=r"checks.txt, line 2: \"nonsense\" is no house check"):
        house_checks.from_file(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInput, match="no UTF-8 text"):
        house_checks.from_file(path)
    path.write_text("# nothing\n")
    with pytest.raises(NothingToDo):
        house_checks.from_file(path)


def test_a_purge_takes_the_person_out_of_checks_and_of_their_undo(session: Session) -> None:
    add_accounts(session.store, {"handle": "dana", "x_id": 7_777_777})
    house_checks.add(session, ["must_keep @dana", "must_keep @other"])
    maintenance.purge(session, maintenance.removal(session, ["dana"], False))
    assert [str(check) for check in house_checks.checks(session)] == ["must_keep @other"]
    for (payload,) in session.store.con.execute("SELECT id FROM journal WHERE command = 'checks'").fetchall():
        assert "dana" not in str(session.journal.payload(payload))
    stepping_back.undo(session, force=True)
    assert all("dana" not in str(check) for check in house_checks.checks(session))
