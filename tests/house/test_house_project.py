"""What stands around the package: dependencies, CI, hooks; each agrees with what it speaks of."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from typing import Any

import pytest
from package_tree import PROJECT, trees
from packaging.requirements import Requirement

WORKFLOW = PROJECT / ".github" / "workflows" / "ci.yml"


def project() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return found


def requirements() -> list[Requirement]:
    extras = project()["optional-dependencies"].values()
    return [Requirement(line) for lines in (project()["dependencies"], *extras) for line in lines]


def tops(tree: ast.Module) -> set[str]:
    """The first part of every name a module imports."""
    nodes = list(ast.walk(tree))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    return {
        name.split(".")[0]
        for name in [*names, *(node.module or "" for node in nodes if isinstance(node, ast.ImportFrom))]
    }


def yaml(path: Any) -> Any:
    reader = pytest.importorskip("ruamel.yaml", reason="comes with the test extra")
    return reader.YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def steps_of_ci_run() -> list[str]:
    """The commands of .ci/run after the environment, without the folder they are run from."""
    lines = (PROJECT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    parts = [part for line in lines if ".venv/bin/" in line and line[0] != "#" for part in line.split(" && ")]
    return [part.removeprefix(".venv/bin/") for part in parts if part.startswith(".venv/bin/")]


def test_every_dependency_has_a_lower_and_an_upper_bound() -> None:
    for requirement in requirements():
        signs = {specifier.operator for specifier in requirement.specifier}
        assert "==" in signs or {">=", "<"} <= signs, f"{requirement} has no bound on one side"


def test_every_library_the_package_imports_is_a_dependency_of_it() -> None:
    libraries = {name for tree in trees().values() for name in tops(tree)} - {*sys.stdlib_module_names, "followertui"}
    assert {"textual", "numpy", "click"} <= libraries
    declared = {Requirement(line).name.lower() for line in project()["dependencies"]}
    homes = packages_distributions()
    strangers = {name for name in libraries if declared.isdisjoint(home.lower() for home in homes.get(name, []))}
    assert strangers == set(), "declare it in pyproject.toml, with bounds"


def test_the_workflow_is_one() -> None:
    if not os.environ.get("CI"):
        pytest.importorskip("check_jsonschema", reason="comes with the test extra")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows"]
    done = subprocess.run([*command, str(WORKFLOW)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_workflow_runs_what_ci_run_runs_everywhere() -> None:
    jobs = yaml(WORKFLOW)["jobs"]
    posix, windows = jobs["posix"], jobs["windows"]
    assert ".ci/run" in [step.get("run") for step in posix["steps"]]
    assert [step["run"] for step in windows["steps"] if "run" in step] == steps_of_ci_run()
    assert posix["strategy"]["matrix"]["os"] == ["ubuntu-latest", "macos-latest"]
    pythons = posix["strategy"]["matrix"]["python"]
    assert pythons == windows["strategy"]["matrix"]["python"]
    assert project()["requires-python"] == f">={pythons[0]}"
    named = {line.rpartition(" :: ")[2] for line in project()["classifiers"] if "Python :: 3." in line}
    assert named <= set(pythons), "a classifier names only what is run"


def test_the_hooks_run_what_ci_run_runs() -> None:
    hooks = [hook for repo in yaml(PROJECT / ".pre-commit-config.yaml")["repos"] for hook in repo["hooks"]]
    for hook in hooks:
        command = hook["entry"].removeprefix(".venv/bin/")
        assert any(step.startswith(command) for step in steps_of_ci_run()), hook["entry"]
    assert {hook["language"] for hook in hooks} == {"system"}, "a hook from elsewhere needs the network"
