"""What the screen offers without a store: the demo, or an empty store for files."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

from followertui.cli.options import Options
from followertui.cli.wiring import workbench
from followertui.demo.opening import open_demo
from followertui.domain.progress import CancelToken, Progress
from followertui.late import late
from followertui.services.workbench import Workbench
from followertui.store.file.connection import Store

if TYPE_CHECKING:
    import platformdirs

    from followertui.demo import building
else:
    platformdirs = late("platformdirs")
    building = late("followertui.demo.building")


class Welcome:
    """The ways to a store, and what to close at the end.

    Args:
        options: global options.
        bench: a store that is open already, or None.
    """

    def __init__(self, options: Options, bench: Workbench | None) -> None:
        self.options = options
        self._open = [bench] if bench is not None else []

    def build_demo(self, cancel: CancelToken) -> Generator[Progress, None, Workbench]:
        """Build the demo store, or open the existing one; returns its workbench."""
        path = demo_path(building.Recipe())
        if not path.exists():
            yield from building.build(path, building.Recipe(), cancel)
        bench = open_demo(Store(path, must_exist=True), self.options.reviewer_name)
        self._open.append(bench)
        return bench

    def new_store(self) -> Workbench:
        """An empty store, ready for files."""
        bench = workbench(self.options, must_exist=False)
        self._open.append(bench)
        return bench

    def close(self) -> None:
        """Close every store that was opened."""
        for bench in self._open:
            bench.close()


def demo_path(recipe: object) -> Path:
    """Default path of a demo of a recipe."""
    folder = Path(platformdirs.user_data_path("followertui", appauthor=False))
    return folder / f"demo-{recipe}.db"
