"""Modules that are imported when something of them is first used.

Owns the one way of importing late, so that a first paint and ``--help`` load little. Beside
the floors: standard library only, any module may use it. The import itself stands under
``TYPE_CHECKING``, where the type checker and the layer contracts see it::

    if TYPE_CHECKING:
        from followertui.services.plan import applying
    else:
        applying = late("followertui.services.plan.applying")
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


class LateModule:
    """A stand-in for a module; the first use of an attribute imports it.

    Args:
        name: the module's full name.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        """The module's attribute.

        Raises:
            ImportError: the module cannot be imported.
            AttributeError: the module has no such attribute.
        """
        if attribute.startswith("__") and attribute != "__version__":
            raise AttributeError(attribute)
        return getattr(import_module(self._name), attribute)

    def __repr__(self) -> str:
        return f"<late module {self._name}>"


def late(name: str) -> Any:
    """A module by its full name, imported at its first use."""
    return LateModule(name)
