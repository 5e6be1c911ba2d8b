"""Who we are: names, domains, handles, competitors, and the words, titles and places of our market.

Owns the lines asked once. They feed employees, competitors and relevance.
"""

from __future__ import annotations

from dataclasses import asdict

from followertui.services.intake.values import AboutUs
from followertui.services.session import Session
from followertui.services.values import Gesture
from followertui.store.file import settings
from followertui.text.cleaning import clean_handle, clean_text

FIELDS = ("names", "domains", "handles", "competitors", "market", "titles", "places")
"""Names of the lines, for ``about --set FIELD=a,b``."""


def about_us(session: Session) -> AboutUs:
    """Who we are; empty where nothing is set."""
    kept = settings.ABOUT.read(session.store)
    return AboutUs(**{name: tuple(kept.get(name, ())) for name in FIELDS})


def set_about(session: Session, about: AboutUs) -> Gesture:
    """Set who we are; takes effect with the next judging."""
    clean = asdict(about)
    for name in FIELDS:
        words = [clean_text(word).strip() for word in clean[name]]
        if name in ("handles", "competitors"):
            words = [(clean_handle(word) or "").lower() for word in words]
        elif name == "domains":
            words = [word.lower().removeprefix("https://").removeprefix("http://").strip("/") for word in words]
        clean[name] = list(dict.fromkeys(word for word in words if word))
    before = settings.ABOUT.read(session.store)
    if before == clean:
        return Gesture(0, 0, 0, 0, (), "Nothing changed.")
    settings.ABOUT.write(session.store, clean)
    return Gesture(0, 1, 0, 0, (), "Noted who you are; judging and matching use it from now on.")
