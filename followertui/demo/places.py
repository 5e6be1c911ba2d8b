"""Paths of the files of a demo.

Owns names beside the store. Imports nothing of the demo, so that opening one stays light.
"""

from __future__ import annotations

from pathlib import Path


def clock_path(store_path: Path) -> Path:
    """The demo's clock file beside its store."""
    return store_path.with_name(store_path.name + ".clock")


def sandbox_path(store_path: Path) -> Path:
    """The sandbox's own state beside the store."""
    return store_path.with_name(store_path.name + ".sandbox.json")
