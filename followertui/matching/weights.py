"""The editable weights of all signals, and the score bands.

Owns reading ``weights.toml`` or a person's copy of it. Anyone above may import it.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from followertui.domain.errors import BadInput
from followertui.domain.match import Band


@dataclass(frozen=True, slots=True)
class Weights:
    """Points of every signal and the lowest score of every band.

    Attributes:
        company, person, works_at: signal -> points.
        scale: shares by which common and shared names are scaled, 0-1.
        bands: band -> lowest score.
    """

    company: Mapping[str, int]
    person: Mapping[str, int]
    works_at: Mapping[str, int]
    scale: Mapping[str, float]
    bands: Mapping[str, int]

    def band(self, score: int) -> Band | None:
        """The band of a score 0-100, None below the lowest."""
        for band in Band:
            if score >= self.bands[band.value]:
                return band
        return None

    def fingerprint(self) -> str:
        """A hash of all weights and bands, 16 hexadecimal digits."""
        parts = [dict(self.company), dict(self.person), dict(self.works_at), dict(self.scale), dict(self.bands)]
        return hashlib.blake2b(json.dumps(parts, sort_keys=True).encode(), digest_size=8).hexdigest()


@cache
def default_weights() -> Weights:
    """The weights shipped with the package."""
    return _read((files("followertui.matching") / "weights.toml").read_text(encoding="utf-8"), "the package")


def load_weights(path: Path) -> Weights:
    """A person's copy of the weights; what it leaves out stays as in the package.

    Args:
        path: a TOML file of the same shape as ``weights.toml``.

    Returns:
        The weights.

    Raises:
        BadInput: the file cannot be read, or names an unknown signal or section.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: the weights cannot be read; check the file's name and permissions.") from error
    return _read(text, str(path), default_weights())


def _read(text: str, where: str, base: Weights | None = None) -> Weights:
    """Weights of a TOML text, checked against the shape of the package's own."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{where}: the weights are not valid TOML ({error}); fix that line.") from error
    names = ("company", "person", "works_at", "scale", "bands")
    if base is not None:
        for section, values in table.items():
            known = getattr(base, section) if section in names else None
            if known is None or not isinstance(values, dict):
                raise BadInput(f"{where}: there is no section [{section}]; use one of {', '.join(names)}.")
            for name, value in values.items():
                if name not in known or isinstance(value, bool) or not isinstance(value, int | float):
                    raise BadInput(f"{where}: [{section}] {name} is not a weight; see weights.toml for the names.")
    parts = {name: {**(getattr(base, name) if base else {}), **table.get(name, {})} for name in names}
    return Weights(**parts)
