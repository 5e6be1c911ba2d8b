"""Where secrets are kept, the keys of X first: the system's keyring, else a file only its owner reads.

Owns that choice; never the store, so that no backup or copy of it carries one. The library
``keyring`` is optional: without it, or without a keyring that answers, the file is used.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from followertui import private_files
from followertui.domain.errors import BadInput

SERVICE = "followertui"
KEYRING = "keyring"
FILE = "file"

_MOST_BYTES = 100_000


class Keychain:
    """The keys of one account, or another secret of it.

    Args:
        folder: where the file is kept; made with mode 0700 when it is needed.
        name: names the account's store, letters, digits and dashes.
        holds: what is kept, as a sentence names it.
        again: how it is brought in again, as a sentence says it.
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        holds: str = "the keys of X",
        again: str = "sign in again: followertui auth login",
    ) -> None:
        self._folder = folder
        self._name = name
        self._holds = holds
        self._again = again

    @property
    def path(self) -> Path:
        """The file keys are kept in where no keyring answers."""
        return self._folder / f"{self._name}.json"

    def save(self, keys: Mapping[str, str]) -> str:
        """Keep keys instead of those kept before.

        Returns:
            Where they are now: ``KEYRING`` or ``FILE``.

        Raises:
            BadInput: neither can be written.
        """
        text = json.dumps(dict(keys))
        # Some keyrings take everything and keep nothing.
        if self._in_keyring("set_password", text) is not None and self._in_keyring("get_password") == text:
            self._drop_file()
            return KEYRING
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            private_files.replace(self.path, text.encode(), is_synced=True)
        except OSError as error:
            raise BadInput(
                f"{self.path}: {self._holds} cannot be kept ({error.strerror}); make room or use --config"
            ) from None
        return FILE

    def load(self) -> dict[str, str]:
        """The keys, empty where none are kept.

        Raises:
            BadInput: what is kept cannot be read.
        """
        text = self._in_keyring("get_password")
        if not text:
            try:
                with private_files.open_own(self.path) as file:
                    text = file.read(_MOST_BYTES).decode()
            except FileNotFoundError:
                return {}
            except (OSError, UnicodeDecodeError):
                raise BadInput(f"{self.path}: {self._holds} cannot be read; {self._again}") from None
        try:
            found = json.loads(text)
        except ValueError:
            found = None
        if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
            # Never the text itself: it may hold a key.
            raise BadInput(f"{self._holds} that are kept cannot be read; {self._again}")
        return found

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes of this machine from changing the keys.

        Raises:
            BadInput: the lock cannot be made.
        """
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = private_files.lock(self._folder / f"{self._name}.lock")
        except OSError as error:
            raise BadInput(f"{self._folder}: cannot be written ({error.strerror}); make room or use --config") from None
        try:
            yield
        finally:
            os.close(lock)

    def forget(self) -> None:
        """Remove the keys from wherever they are kept.

        Raises:
            BadInput: the file cannot be removed.
        """
        self._in_keyring("delete_password")
        self._drop_file()
        with contextlib.suppress(OSError):
            (self._folder / f"{self._name}.lock").unlink(missing_ok=True)

    def _drop_file(self) -> None:
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise BadInput(f"{self.path}: cannot be removed ({error.strerror}); remove it yourself") from None

    def _in_keyring(self, call: str, *values: str) -> Any:
        """Call the keyring; True where it answered nothing, None where it did not answer."""
        try:
            # By name: it is an extra, and may not be installed.
            answer = getattr(importlib.import_module("keyring"), call)(SERVICE, self._name, *values)
        except Exception:
            # Not installed, locked, no backend: each system fails in its own way, and none may stop a sign-in.
            return None
        return True if answer is None and call == "set_password" else answer
