"""Demo stores, built once in a test process and copied for each test."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from threading import Event

from followertui.demo.building import Recipe, build
from followertui.demo.opening import open_demo
from followertui.demo.places import sandbox_path
from followertui.services.session import Session
from followertui.services.sync import signing_in
from followertui.services.workbench import Workbench
from followertui.store.file.connection import Store
from followertui.x.platform import Access

SMALL = Recipe(500)
"""Enough for every screen: lists, matches of every band, guards, two readings; built in a second."""

_BESIDE = ("", ".clock", ".sandbox.json", ".cache")
"""What belongs to a demo: the store, its clock, its X and its derived files."""


class DemoStores:
    """Built demos by recipe.

    Args:
        folder: where they are built.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._built: dict[Recipe, Path] = {}

    def built(self, recipe: Recipe = SMALL) -> Path:
        """The demo of a recipe, to be copied and never opened."""
        if recipe not in self._built:
            path = self._folder / f"{recipe}.db"
            for _ in build(path, recipe, Event()):
                pass
            self._built[recipe] = path
        return self._built[recipe]

    def copy(self, target: Path, recipe: Recipe = SMALL, access: str = "pay-per-use") -> Path:
        """Copy a demo to a path where nothing is yet.

        Args:
            target: the store to be.
            recipe: what the demo is made of.
            access: what the made-up account pays for in this copy.
        """
        source = self.built(recipe)
        for suffix in _BESIDE:
            found = source.with_name(source.name + suffix)
            copied = target.with_name(target.name + suffix)
            if found.is_dir():
                shutil.copytree(found, copied)
            elif found.exists():
                shutil.copy(found, copied)
        sandbox = sandbox_path(target)
        sandbox.write_text(json.dumps({**json.loads(sandbox.read_text()), "access": access}))
        if access != recipe.access:
            store = Store(target)
            signing_in.seed_access(Session(store), Access(access))
            store.close()
        return target


def followed(bench: Workbench) -> set[int]:
    """Ids that the demo's X says we follow."""
    return {int(x_id) for x_id in json.loads(sandbox_path(bench.session.store.path).read_text())["following"]}


def open_copy(path: Path, reviewer: str = "tester", *, is_read_only: bool = False) -> Workbench:
    """The workbench of a copied demo."""
    return open_demo(Store(path, is_read_only, must_exist=True), reviewer)
