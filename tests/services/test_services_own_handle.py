"""Our own handle, named by an archive or said in About us, is the same everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from followertui.domain.decision import Decision
from followertui.services.insight import handing_over, reporting
from followertui.services.intake.values import AboutUs, ImportChoices
from followertui.services.plan import planning, worksheets
from followertui.services.review import header
from followertui.services.scoring import about_us
from followertui.services.session import Session
from followertui.services.workbench import Workbench
from followertui.store.file import settings, watermarks

PEOPLE = """id,screen_name,name,bio
1000000001,dana,Dana Ortiz,Engineer @AcmeHQ
1000000002,lee,Lee,ex-Globex
1000000003,globex,Globex,We ship
"""


@pytest.fixture
def bench(session: Session, tmp_path: Path) -> Workbench:
    """Three followers, one of whom names @AcmeHQ as where they work."""
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE)
    made = Workbench(session)
    for _ in made.import_file(str(path), ImportChoices(relation="follower", completeness="complete")):
        pass
    return made


def _judged(bench: Workbench, kind: str) -> list[str]:
    for _ in bench.judge():
        pass
    return [cells.handle for cells in bench.page(bench.open_view("everyone", f"kind:{kind}").rows)]


@pytest.mark.parametrize("is_named", [True, False], ids=["named by an archive", "said in About us"])
def test_every_page_names_the_same_account_as_ours(bench: Workbench, tmp_path: Path, is_named: bool) -> None:
    session = bench.session
    if is_named:
        watermarks.PROFILE_HANDLE.write(session.store, "acmehq")
    else:
        about_us.set_about(session, AboutUs(handles=("@AcmeHQ",)))
    bench.decide(bench.open_view("everyone", "@globex").rows, Decision.FOLLOW)
    sheet = tmp_path / "sheet.html"
    worksheets.write(session, sheet)
    assert "Is x.com signed in as @acmehq?" in sheet.read_text()
    assert header.refresh_header(session).profile == "acmehq"
    assert planning.overview(session).profile == "acmehq"
    assert reporting.report(session).profile == "acmehq"
    assert handing_over.handover(session).profile == "acmehq"
    assert bench.about().handles == ("acmehq",)
    assert settings.our_names(session.store) == {"acmehq"}


def test_who_names_the_handle_an_archive_named_is_an_employee_before_anything_is_said(bench: Workbench) -> None:
    assert _judged(bench, "employee") == []
    watermarks.PROFILE_HANDLE.write(bench.session.store, "AcmeHQ")
    assert _judged(bench, "employee") == ["dana"]


def test_a_handle_said_stands_beside_the_one_an_archive_named(bench: Workbench) -> None:
    watermarks.PROFILE_HANDLE.write(bench.session.store, "AcmeHQ")
    bench.set_about(AboutUs(handles=("acme_help", "acmehq"), competitors=("globex",)))
    assert settings.own_handles(bench.session.store) == ("AcmeHQ", "acme_help")
    assert _judged(bench, "employee") == ["dana"]
    assert _judged(bench, "competitor") == ["globex"]


def test_the_handle_an_import_named_goes_with_it_unless_it_was_said(bench: Workbench) -> None:
    watermarks.PROFILE_HANDLE.write(bench.session.store, "AcmeHQ")
    opened = bench.about()
    assert not opened.is_said
    bench.set_about(AboutUs(names=("Acme",), handles=opened.handles), opened)
    watermarks.PROFILE_HANDLE.write(bench.session.store, "")
    assert bench.about() == AboutUs(names=("Acme",))
    assert bench.about().is_said
