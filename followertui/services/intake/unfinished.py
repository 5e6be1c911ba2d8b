"""What of imports is left to finish, asked at every start: loads no reader and no numpy.

``cli`` and ``Workbench`` import it.
"""

from __future__ import annotations

from followertui.store.file import copies
from followertui.store.file.connection import Store


def interrupted(store: Store) -> list[tuple[int, str]]:
    """Imports that did not end while none is running, oldest first: (number, file name)."""
    return copies.unended_imports(store)
