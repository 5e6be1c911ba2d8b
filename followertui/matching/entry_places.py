"""Where the entry of a list is: its place as text and as codes, and how far a text agrees with it."""

from __future__ import annotations

from followertui.domain.lists import ListEntry
from followertui.matching.places import land_name, places_of_field
from followertui.text.folding import words


def place_text(entry: ListEntry) -> str:
    """The entry's place as one text, city first."""
    return ", ".join(part for part in (entry.city, entry.region, entry.country) if part)


def entry_places(entry: ListEntry) -> frozenset[str]:
    """Codes of the entry's place; the closest level that is known."""
    for text in (entry.region, f"{entry.city}, {entry.region}", entry.city, entry.country):
        found = places_of_field(text)
        if found:
            return found
    return frozenset()


def closest_place(entry: ListEntry) -> tuple[str, str] | None:
    """The column that says where the entry is, and its text: the closest level the tables know; None without one."""
    known = (
        ("region", entry.region, entry.region),
        ("city", entry.city, f"{entry.city}, {entry.region}"),
        ("city", entry.city, entry.city),
        ("country", entry.country, entry.country),
    )
    said = [(column, text) for column, text, read in known if text and places_of_field(read)]
    return said[0] if said else next(((column, text) for column, text, _ in known if text), None)


def agreed_place(entry: ListEntry, text: str) -> tuple[str, bool]:
    """What of an entry's place a text agrees with where their regions agree: the town, or only what lies around it.

    Args:
        entry: the entry.
        text: what the account says of its place.

    Returns:
        The entry's place as far as it agrees, and whether that is the town itself.
    """
    said = f" {' '.join(words(text))} "
    town = " ".join(words(entry.city.partition(",")[0]))
    if town and f" {town} " in said:
        return place_text(entry), True
    around = entry.region or entry.country
    if around and not entry.city and f" {' '.join(words(around))} " in said:
        return place_text(entry), True
    return around or land_name(entry_places(entry)) or place_text(entry), False
