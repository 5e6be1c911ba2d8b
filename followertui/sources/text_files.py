"""Bytes to text: what a file is at first sight, and which encoding it is written in.

Owns encodings, byte order marks and the refusal of files that hold no text. Does not own
tables or JSON. Imported by the readers of this room.
"""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import NamedTuple, TextIO

from followertui.domain.errors import BadInput
from followertui.text.cleaning import clean_text

SAMPLE_BYTES = 256 * 1024
_CHUNK_BYTES = 1 << 20

_MAGIC = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "packed with gzip; unpack it first",
    b"7z\xbc\xaf": "packed with 7-Zip; unpack it first",
    b"Rar!": "packed with RAR; unpack it first",
    b"SQLite format 3": "a SQLite database; export its users table as CSV",
}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Encoding(NamedTuple):
    """How a file's bytes become text.

    Attributes:
        name: Python's name of the codec.
        errors: "strict", or "replace" where a mostly UTF-8 file has broken bytes.
    """

    name: str
    errors: str = "strict"


def shown_name(path: Path) -> str:
    """The file's name as it may stand in a message."""
    return clean_text(path.name, limit=120) or "the file"


def read_sample(path: Path) -> bytes:
    """The first bytes of a file.

    Raises:
        BadInput: when it cannot be read, is a folder, or is empty.
    """
    try:
        with path.open("rb") as file:
            sample = file.read(SAMPLE_BYTES)
    except FileNotFoundError:
        raise BadInput(f"{shown_name(path)}: there is no such file; check the name.") from None
    except IsADirectoryError:
        raise BadInput(f"{shown_name(path)}: this is a folder; name a file in it.") from None
    except OSError as error:
        raise BadInput(f"{shown_name(path)}: cannot be read ({error.strerror}).") from None
    if not sample.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise BadInput(f"{shown_name(path)}: the file is empty; export it again.")
    return sample


def refuse_other_formats(path: Path, sample: bytes) -> None:
    """Refuse what holds no table: pictures, web pages, packed or binary files.

    Raises:
        BadInput: with what it is and what to do.
    """
    for magic, what in _MAGIC.items():
        if sample.startswith(magic):
            raise BadInput(f"{shown_name(path)}: this is {what}; followertui reads CSV, XLSX, JSON and X archives.")
    start = sample[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<?xml", b"<script")):
        raise BadInput(
            f"{shown_name(path)}: this is a web page, not an export (often a login page saved by mistake); "
            "sign in and export again as CSV or JSON."
        )
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _looks_utf16(sample):
        return
    odd = sum(sample.count(byte) for byte in _ODD_BYTES)
    if odd > len(sample) // 10:
        raise BadInput(f"{shown_name(path)}: this is a binary file; export it as CSV, XLSX or JSON.")


_ODD_BYTES = tuple(bytes((code,)) for code in range(32) if code not in (9, 10, 12, 13, 27))


def _looks_utf16(sample: bytes) -> str | None:
    """The UTF-16 codec where every second byte is zero and no mark says so, else None."""
    if len(sample) < 4:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > half * 0.6 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.6 and odd < half * 0.1:
        return "utf-16-be"
    return None


def detect_encoding(path: Path, sample: bytes) -> Encoding:
    """The encoding of a text file: its mark, else UTF-8 if all of it is, else Windows or Latin-1.

    Args:
        path: the file; read through once to be sure of UTF-8.
        sample: its first bytes.
    """
    for mark, name in _BOMS:
        if sample.startswith(mark):
            return Encoding(name, "replace")
    wide = _looks_utf16(sample)
    if wide is not None:
        return Encoding(wide, "replace")
    broken = _first_broken_chunk(path)
    if broken is None:
        return Encoding("utf-8")
    # Bytes that decode as many-byte UTF-8 rarely do so by chance: more good than bad means UTF-8.
    text = broken.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = sum(1 for char in text if ord(char) > 0x7F) - bad
    if good > bad:
        return Encoding("utf-8", "replace")
    try:
        broken.decode("cp1252")
    except UnicodeDecodeError:
        return Encoding("latin-1")
    return Encoding("cp1252", "replace")


def _first_broken_chunk(path: Path) -> bytes | None:
    """The first chunk of a file that is not UTF-8, or None."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                return chunk
        try:
            decoder.decode(b"", True)
        except UnicodeDecodeError:
            file.seek(0)
            return file.read(_CHUNK_BYTES)
    return None


def open_text(path: Path, encoding: Encoding) -> TextIO:
    """The file as text, line ends as they stand; the caller closes it."""
    return path.open(encoding=encoding.name, errors=encoding.errors, newline="")
