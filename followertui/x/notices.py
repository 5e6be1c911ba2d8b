"""Notices that leave this machine, to a desktop, a mailbox or a chat, through apprise.

Owns the one call that sends, and what is kept from it: nothing of an address or of an error's text
reaches a log or a message, as both may hold a secret. The library ``apprise`` is an extra.
"""

from __future__ import annotations

import importlib
import logging
from typing import Any

from followertui.domain.errors import BadInput

_INSTALL = "notices go out through apprise, which is not installed: pip install 'followertui[notice]'"
_NO_ADDRESS = (
    "that is no address apprise knows; such as dbus:// for this desktop or mailto://user:password@example.com "
    "(`followertui help notices`)"
)


def check(address: str) -> str:
    """Whether an address can be used, without sending anything; returns the service's name, such as "E-Mail".

    Raises:
        BadInput: apprise is not installed, or does not know such an address.
    """
    found = list(_sender(address))
    return str(found[0].service_name or "the service")


def send(address: str, title: str, body: str) -> None:
    """Send one notice.

    Raises:
        BadInput: it did not go out.
    """
    sender = _sender(address)
    try:
        is_sent = sender.notify(title=title, body=body, body_format="text")
    except Exception:
        # Every service fails in its own way, and the text of its error may hold the address.
        is_sent = False
    if not is_sent:
        raise BadInput(
            "the notice did not go out; `followertui notice test` tries it, `notice set` takes another address"
        )


def _sender(address: str) -> Any:
    """Apprise with one address.

    Raises:
        BadInput: apprise is not installed, or does not know such an address.
    """
    try:
        # By name: it is an extra, and may not be installed.
        apprise = importlib.import_module("apprise")
    except ImportError:
        raise BadInput(_INSTALL) from None
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    # No picture of a logo: the service that shows it would tell its maker of it.
    asset = apprise.AppriseAsset(
        app_id="followertui", app_desc="followertui", app_url="", image_url_mask=None, image_url_logo=None,
        image_path_mask=None, plugin_paths=[], secure_logging=True,
    )  # fmt: skip
    sender = apprise.Apprise(asset=asset)
    try:
        is_known = bool(address) and sender.add(address)
    except Exception:
        is_known = False
    if not is_known or not len(sender):
        raise BadInput(_NO_ADDRESS)
    return sender
