"""Demos with the unfollows planned that nothing guards against, of an account that pays for the API or not."""

from __future__ import annotations

from pathlib import Path

from demo_stores import DemoStores

from followertui.cli.main import run
from followertui.demo.building import Recipe

HUNDREDS = Recipe(1200, 1, "enterprise")
"""Has more than 300 unfollows to plan."""
THOUSANDS = Recipe(8000, 1, "enterprise")
"""Has more than 2,000 unfollows to plan."""


class PlannedDemos:
    """Such demos by recipe, each built once in a test process.

    Args:
        folder: where they are built.
    """

    def __init__(self, folder: Path) -> None:
        self._stores = DemoStores(folder)
        self._planned: set[Recipe] = set()

    def copy(self, target: Path, recipe: Recipe, access: str = "enterprise") -> Path:
        """Copy one to a path where nothing is yet; what the account pays for is said for the copy."""
        if recipe not in self._planned:
            path = self._stores.built(recipe)
            decided = ["decide", "is:following -is:guarded", "out"]
            assert run(["--quiet", "--store", str(path), "--reviewer", "mk", *decided]) == 0
            self._planned.add(recipe)
        return self._stores.copy(target, recipe, access)
