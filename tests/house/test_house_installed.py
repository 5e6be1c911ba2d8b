"""The wheel and the sdist, installed into empty environments and used: run by ``.ci/run``."""

from __future__ import annotations

import os
import subprocess
import venv
import zipfile
from pathlib import Path

import pytest
from package_tree import PROJECT, ROOT

from followertui import __version__

pytestmark = pytest.mark.installed

SOURCES = {".py", ".pyc"}


def run(*command: object, cwd: Path) -> str:
    """Run a command and return what it printed; its messages are in the failure."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "FOLLOWERTUI"))}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}{done.stderr[-4000:]}"
    return done.stdout


def tool(home: Path, name: str) -> Path:
    """A program of an environment."""
    return home / ("Scripts" if os.name == "nt" else "bin") / name


def package_data() -> set[str]:
    """Files of the package that are no code, as git knows them."""
    listed = run("git", "ls-files", "followertui", cwd=PROJECT).splitlines()
    return {name for name in listed if Path(name).suffix not in SOURCES}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the sdist of a clean checkout, as committed and changed here."""
    home, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    for name in run("git", "ls-files", "-co", "--exclude-standard", cwd=PROJECT).splitlines():
        if (PROJECT / name).is_file():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_bytes((PROJECT / name).read_bytes())
    tools = tmp_path_factory.mktemp("tools") / "venv"
    venv.create(tools, with_pip=True)
    run(tool(tools, "pip"), "install", "-q", "build>=1.2,<2", cwd=target)
    run(tool(tools, "python"), "-m", "build", "--outdir", target, home, cwd=target)
    return target


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    """The wheel; ``build`` made it from the sdist."""
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that holds the wheel and what it says it needs."""
    home = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(home, with_pip=True)
    run(tool(home, "pip"), "install", "-q", wheel, cwd=home)
    return home


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    code = {path.relative_to(ROOT.parent).as_posix() for path in ROOT.rglob("*.py")}
    assert names == code | package_data()
    assert {Path(name).suffix for name in package_data()} >= {".tcss", ".lark", ".toml", ".tsv", ".md", ".typed"}


def test_the_sdist_installs_the_same_files(built: Path, wheel: Path, tmp_path: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    venv.create(tmp_path / "venv", with_pip=True)
    run(tool(tmp_path / "venv", "pip"), "install", "-q", "--no-deps", sdist, cwd=tmp_path)
    code = "import followertui; print(followertui.__path__[0])"
    home = Path(run(tool(tmp_path / "venv", "python"), "-c", code, cwd=tmp_path).strip())
    names = {path.relative_to(home.parent).as_posix() for path in home.rglob("*") if path.is_file()}
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert {name for name in names if not name.endswith(".pyc")} == inside


def test_the_installed_program_works_without_the_project(installed: Path, tmp_path: Path) -> None:
    program, store = tool(installed, "followertui"), tmp_path / "demo.db"
    where = run(tool(installed, "python"), "-c", "import followertui; print(followertui.__file__)", cwd=tmp_path)
    assert str(installed) in where
    assert run(program, "--version", cwd=tmp_path).strip() == f"followertui {__version__}"
    run(program, "demo", "--store", store, "--accounts", 300, "--no-ui", cwd=tmp_path)
    assert int(run(program, "--store", store, "accounts", "is:follower", "--count", cwd=tmp_path)) >= 300
    for topic in (line.split()[0] for line in run(program, "help", cwd=tmp_path).splitlines()):
        assert run(program, "help", topic, cwd=tmp_path).startswith("# ")


SCREEN = """
import asyncio, sys
from pathlib import Path
from followertui.demo.opening import open_demo
from followertui.store.file.connection import Store
from followertui.ui.app import FollowerApp

async def main():
    bench = open_demo(Store(Path(sys.argv[1]), must_exist=True), "tester")
    app = FollowerApp(bench)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("?")
        await pilot.pause()
        print(type(app.screen).__name__)
    bench.close()

asyncio.run(main())
"""


def test_the_installed_screen_finds_its_styles(installed: Path, tmp_path: Path) -> None:
    store = tmp_path / "demo.db"
    run(tool(installed, "followertui"), "demo", "--store", store, "--accounts", 300, "--no-ui", cwd=tmp_path)
    assert "Help" in run(tool(installed, "python"), "-c", SCREEN, store, cwd=tmp_path)


def test_the_installed_package_is_typed(installed: Path) -> None:
    code = "from importlib.resources import files; print((files('followertui') / 'py.typed').is_file())"
    assert run(tool(installed, "python"), "-c", code, cwd=installed).strip() == "True"
