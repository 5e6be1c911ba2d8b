"""Candidates for entries nobody was matched with: found, accepted, rejected, taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import Call, write_rows

MISSING = (
    ("Company name", "Company Domain Name"),
    ("Ortiz Harbour Works", "ortiz-works.example"),
    ("Zyzzyx Quarry", "zyzzyx.example"),
)


@pytest.fixture
def listed(call: Call, tmp_path: Path) -> Call:
    rows = write_rows(tmp_path / "prospects.csv", MISSING[0], MISSING[1:])
    kind = ["--kind", "prospect", "--name", "Prospects", "--basis", "own-records"]
    assert call("import", "list", str(rows), *kind).code == 0
    return call


def test_an_entry_without_an_account_has_candidates_with_reasons(listed: Call) -> None:
    found = listed("candidates", "prospects", "--json")
    [record] = found.json
    assert (record["line"], record["company"], record["rank"]) == (2, "Ortiz Harbour Works", 1)
    assert (record["handle"], '"ortiz" in the name' in record["why"]) == ("dana_ortiz", True)
    assert "1 entry of 2 without an account has candidates" in found.err


def test_an_accepted_candidate_is_a_confirmed_match_that_lasts_and_is_undone(listed: Call) -> None:
    done = listed("candidates", "Prospects", "--accept", "2=@dana_ortiz")
    assert "confirmed: @dana_ortiz as Ortiz Harbour Works" in done.err
    assert listed("match", "--full").code == 0
    assert listed("show", "dana_ortiz", "--json").json["kind"] == "prospect"
    assert 'chosen for "Ortiz Harbour Works" by hand' in listed("show", "dana_ortiz").out
    assert listed("coverage", "Prospects", "--json").json[0]["on_x"] == ["dana_ortiz"]
    assert listed("candidates", "Prospects", "--json").json == []
    assert listed("undo").code == 0
    assert listed("show", "dana_ortiz", "--json").json["kind"] != "prospect"
    assert listed("coverage", "Prospects", "--json").json[0]["on_x"] == []


def test_what_was_accepted_and_taken_back_can_be_accepted_again(listed: Call) -> None:
    for _ in range(2):
        assert "confirmed: @dana_ortiz" in listed("candidates", "Prospects", "--accept", "2=dana_ortiz").err
        assert listed("undo").code == 0
        assert [record["handle"] for record in listed("candidates", "Prospects", "--json").json] == ["dana_ortiz"]
    assert listed("doctor").code == 0


def test_a_rejected_candidate_is_not_proposed_again(listed: Call) -> None:
    assert listed("candidates", "Prospects", "--reject", "2=dana_ortiz").code == 0
    assert listed("candidates", "Prospects", "--json").json == []
    assert listed("match", "--full").code == 0
    assert listed("candidates", "Prospects", "--json").json == []
    assert listed("coverage", "Prospects", "--json").json[0]["on_x"] == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("Prospects", "--accept", "dana_ortiz"), "write LINE=HANDLE"),
        (("Prospects", "--accept", "99=dana_ortiz"), "has no line 99"),
        (("Prospects", "--accept", "2=not_here"), "not_here is not in the store"),
        (("Prospect",), 'did you mean "Prospects"?'),
    ],
)
def test_what_is_not_there_is_one_line(listed: Call, given: tuple[str, ...], said: str) -> None:
    result = listed("candidates", *given)
    assert (result.code, said in result.err, result.err.count("\n")) == (1, True, 1)


def test_of_a_list_from_third_parties_no_person_is_searched_for(call: Call, tmp_path: Path) -> None:
    rows = write_rows(tmp_path / "bought.csv", ("Full name", "Company"), [("Dario Ortiz", "Ortiz Harbour Works")])
    call("import", "list", str(rows), "--kind", "prospect", "--name", "Bought", "--basis", "third-party")
    found = call("candidates", "Bought", "--json")
    assert found.json == []
    assert "1 person of third parties not searched for" in found.err
