"""What an import says it lacks: a whole column that hurts, whose store it becomes, and nothing where all is there."""

from __future__ import annotations

import pytest
from importing_bench import Bench

from followertui.services.intake import inspecting
from followertui.services.intake.losses import owner_line
from followertui.services.intake.values import ImportChoices
from followertui.sources.kinds import Archive

LONG = "Runs the freight desk at a port in the north"


@pytest.mark.parametrize(
    ("header", "row", "told"),
    [
        ("id,username,name,bio,followers", ("1001", "ann", "Ann", LONG, "5"), ""),
        ("id,username,name,followers", ("1001", "ann", "Ann", "5"), "holds the bio: matching and judging see names"),
        ("id,username,followers", ("1001", "ann", "5"), "see handles only"),
        ("id,username,name,followers,rawText", ("1001", "ann", "Ann", "5", LONG), '--map "rawText=bio"'),
        ("id,username,name,bio,followers", ("1001", "ann", "Ann", "", "5"), "the bios are empty in every row"),
        ("id,username,bio,followers,decision", ("1001", "ann", LONG, "5", "out"), "import decisions FILE"),
    ],
)  # fmt: skip
def test_a_missing_column_of_accounts_is_said_before_and_after(
    bench: Bench, header: str, row: tuple[str, ...], told: str
) -> None:
    path = bench.write("people.csv", header, [row, (str(int(row[0]) + 7), "bob", *row[2:])])
    choices = {"what": "accounts", "relation": "follower", "completeness": "partial"}
    losses = "\n".join(inspecting.plan_import(bench.store, str(path), ImportChoices(**choices)).losses)
    notes = "\n".join(bench.bring(path, **choices).notes)
    assert (told in losses and told in notes) if told else not losses


@pytest.mark.parametrize(
    ("header", "row", "told"),
    [
        ("Company,Website", ("Globex", "globex.example"), ""),
        ("First Name,Last Name,Company,Email", ("Ann", "Lee", "Globex", "a@globex.example"), ""),
        ("Company,City", ("Globex", "Ulm"), "no column holds a site, e-mail or handle"),
        ("Website,City", ("globex.example", "Ulm"), "no column names the company or person"),
        ("First Name,Last Name,City", ("Ann", "Lee", "Ulm"), "no column says where these people work"),
    ],
)
def test_a_missing_column_of_a_list_is_said(bench: Bench, header: str, row: tuple[str, ...], told: str) -> None:
    path = bench.write("list.csv", header, [row])
    report = bench.bring(path, what="list", kind="customer", basis="own-records", name="L")
    assert (told in "\n".join(report.notes)) if told else not report.notes


def test_whose_store_it_becomes_is_said_once(bench: Bench) -> None:
    archive = Archive(bench.folder, own_id=99, own_handle="acme")
    assert "@acme" in "".join(owner_line(archive, is_nobodys=True))
    assert owner_line(archive, is_nobodys=False) == owner_line(None, is_nobodys=True) == ()
