"""Global options, and the paths of store and settings file.

Owns the paths; what the settings file holds is ``services.care.settings_file``'s.
"""

from __future__ import annotations

import getpass
import re
import shlex
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

import click

from followertui.cli import printing
from followertui.domain.clock import zone_named
from followertui.domain.errors import BadInput
from followertui.late import late
from followertui.services.care.settings_file import SettingsFile
from followertui.store.file import log

if TYPE_CHECKING:
    import platformdirs
else:
    platformdirs = late("platformdirs")

COUNT = click.IntRange(min=1, max=10**9)
"""How many of something: what ``--limit`` and the like take."""

NUMBER = click.IntRange(min=1, max=2**63 - 1)
"""The number of an import or a match: what the store can hold."""

_PROFILE = re.compile(r"[A-Za-z0-9_.-]{1,64}")


@dataclass
class Options:
    """The options before the command.

    Attributes:
        store, profile, config: as given, None where not.
        reviewer: name on decisions, None for the settings' or the login.
        read_only, redact, quiet, verbose: flags.
    """

    store: str | None = None
    profile: str | None = None
    config: str | None = None
    reviewer: str | None = None
    read_only: bool = False
    redact: bool = False
    quiet: bool = False
    verbose: bool = False
    _needs_config: bool = field(default=True, repr=False)
    _own: SettingsFile | None = field(default=None, repr=False)

    @property
    def store_path(self) -> Path:
        """The store file.

        Raises:
            BadInput: the profile's name is not a valid file name.
        """
        if self.store:
            return Path(self.store).expanduser()
        name = self.profile or "default"
        if not _PROFILE.fullmatch(name) or name.startswith("."):
            raise BadInput(f'"{name}" is not a valid profile name; use letters, digits, - and _')
        return Path(platformdirs.user_data_path("followertui", appauthor=False)) / f"{name}.db"

    def check(self, has_settings: bool = True) -> None:
        """Check options before anything is opened or built, and set the path of the log.

        Args:
            has_settings: whether a named settings file must exist.

        Raises:
            BadInput: the profile's name is not a valid file name, or the named settings file cannot be read.
        """
        self.keep_log(self.store_path)
        self._needs_config = has_settings
        if self.config and has_settings:
            _ = self.own

    def keep_log(self, store_path: Path) -> None:
        """Log unforeseen errors beside a store; with a read-only store, ``--verbose`` only prints them."""
        path = None if self.read_only else log.path_beside(store_path)
        log.keep_in(log.ErrorLog(path, _echo if self.verbose else None))

    @property
    def own(self) -> SettingsFile:
        """The settings file, empty where there is none.

        Raises:
            BadInput: a named file does not exist, it is not TOML, or an entry of it cannot be used.
        """
        if self._own is None:
            path = self.settings_path
            if self.config and self._needs_config and not path.exists():
                raise BadInput(f"{path}: cannot be read (No such file or directory); check --config")
            self._own = SettingsFile.read(path)
        return self._own

    @property
    def settings_path(self) -> Path:
        """The settings file: the named one, or the usual place."""
        if self.config:
            return Path(self.config).expanduser()
        return Path(platformdirs.user_config_path("followertui", appauthor=False)) / "config.toml"

    @property
    def browser(self) -> list[str]:
        """The command that opens a page, in words; empty where the settings name none."""
        return shlex.split(self.own.value("browser"))

    @property
    def zone(self) -> tzinfo:
        """The person's zone, whose days count; the machine's where the settings name none."""
        return zone_named(self.own.value("zone"))

    @property
    def reviewer_name(self) -> str:
        """Name on every decision."""
        if self.reviewer:
            return self.reviewer
        if named := str(self.own.value("reviewer")):
            return named
        try:
            return getpass.getuser()
        except (OSError, KeyError):
            return "me"


def _echo(entry: str) -> None:
    printing.warn(entry)
