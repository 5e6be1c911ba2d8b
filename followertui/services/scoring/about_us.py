"""Who we are: names, domains, handles, competitors, and the words, titles and places of our market.

Owns the lines asked once. They feed employees, competitors and relevance.
"""

from __future__ import annotations

from dataclasses import asdict, replace

from followertui.domain.errors import BadInput
from followertui.services.intake.values import AboutUs
from followertui.services.session import Session
from followertui.services.values import Gesture
from followertui.store.file import settings
from followertui.text.cleaning import clean_handle, clean_text

FIELDS = ("names", "domains", "handles", "competitors", "market", "titles", "places")
"""Names of the lines, for ``about --set FIELD=a,b``."""


def about_us(session: Session) -> AboutUs:
    """Who we are; empty where nothing is set, but for the handle an archive or X named."""
    kept = settings.ABOUT.read(session.store)
    about = AboutUs(**{name: tuple(kept.get(name, ())) for name in FIELDS})
    return about if about.handles else replace(about, handles=_named(session))


def _named(session: Session) -> tuple[str, ...]:
    return tuple(handle.lower() for handle in settings.own_handles(session.store)[:1])


def set_about(session: Session, about: AboutUs, was: AboutUs | None = None) -> Gesture:
    """Set who we are; takes effect with the next judging.

    Args:
        session: the open store.
        about: every line as it is to be.
        was: every line as it was read before it was edited; lines the person left alone keep what
            another process wrote since. None replaces whatever is there.

    Raises:
        BadInput: a line was changed here and elsewhere; nothing was written.
    """
    clean = _clean(about)
    with session.store.write():
        present = about_us(session)
        if was is not None:
            clean = _merged(clean, _clean(was), _clean(present))
        if clean == _clean(present):
            return Gesture(0, 0, 0, 0, (), "Nothing changed.")
        if clean["handles"] == list(_named(session)) and not settings.ABOUT.read(session.store).get("handles"):
            clean["handles"] = []  # it goes with the import that named it
        settings.ABOUT.write(session.store, clean)
    return Gesture(0, 1, 0, 0, (), "Noted who you are; judging and matching use it from now on.")


def _merged(
    mine: dict[str, list[str]], was: dict[str, list[str]], present: dict[str, list[str]]
) -> dict[str, list[str]]:
    """Lines as edited here, or as another process wrote them where they were left alone here."""
    both = [name for name in FIELDS if mine[name] not in (was[name], present[name]) and present[name] != was[name]]
    if both:
        raise BadInput(f"{', '.join(both)}: changed elsewhere since this was opened; nothing was saved: open it again")
    return {name: present[name] if mine[name] == was[name] else mine[name] for name in FIELDS}


def _clean(about: AboutUs) -> dict[str, list[str]]:
    clean = asdict(about)
    for name in FIELDS:
        words = [clean_text(word).strip() for word in clean[name]]
        if name in ("handles", "competitors"):
            words = [(clean_handle(word) or "").lower() for word in words]
        elif name == "domains":
            words = [word.lower().removeprefix("https://").removeprefix("http://").strip("/") for word in words]
        clean[name] = list(dict.fromkeys(word for word in words if word))
    return clean
