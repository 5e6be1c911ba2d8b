"""Names as a few numbers that tell at once how far apart two names must be.

Owns the comparison keys of a name and their signatures: letter parity, in-word letter-pair
parity and length. One insertion or deletion changes at most one bit of the first and three
of the second, so differing bits bound the edit distance from below and no near pair is ever
lost. It compares nothing itself (``joining`` does). ``services`` may keep the bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from followertui.matching.normalising import comparison_key, native_key

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MAGIC = b"FTS1"
_HEAD = struct.Struct("<4sII")
_SPACE = 32


@dataclass(frozen=True, slots=True)
class Signatures:
    """Signatures of names, as plain arrays of equal length.

    A name in a foreign script has two: one of its transliteration, one of its own letters.

    Attributes:
        x1: letter parity, uint64.
        x2: parity of letter pairs inside words, uint64.
        length: letters of the key, uint16; 0 for a name without letters.
        owner: position of the name each signature belongs to, uint32.
        names: how many names were read; signatures from there on are of own scripts.
    """

    x1: NDArray[np.uint64]
    x2: NDArray[np.uint64]
    length: NDArray[np.uint16]
    owner: NDArray[np.uint32]
    names: int

    def to_bytes(self) -> bytes:
        """The arrays as bytes, little-endian, to be kept beside the accounts."""
        head = _HEAD.pack(_MAGIC, self.names, len(self.x1))
        return b"".join(
            (
                head,
                self.x1.astype("<u8").tobytes(),
                self.x2.astype("<u8").tobytes(),
                self.owner.astype("<u4").tobytes(),
                self.length.astype("<u2").tobytes(),
            )
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Signatures:
        """Read what ``to_bytes`` wrote.

        Args:
            data: the bytes.

        Returns:
            The signatures.

        Raises:
            ValueError: the bytes are not signatures of this form; compute them anew.
        """
        if len(data) < _HEAD.size:
            raise ValueError("These are no name signatures; compute them anew.")
        magic, names, count = _HEAD.unpack_from(data)
        if magic != _MAGIC or len(data) != _HEAD.size + 22 * count:
            raise ValueError("These are no name signatures; compute them anew.")
        at = _HEAD.size
        x1 = np.frombuffer(data, "<u8", count, at)
        x2 = np.frombuffer(data, "<u8", count, at + 8 * count)
        owner = np.frombuffer(data, "<u4", count, at + 16 * count)
        length = np.frombuffer(data, "<u2", count, at + 20 * count)
        return cls(x1.astype(np.uint64), x2.astype(np.uint64), length.astype(np.uint16), owner.astype(np.uint32), names)


def signatures(names: Sequence[str]) -> Signatures:
    """The signatures of names as written, to be kept and compared later.

    Args:
        names: display names, in row order; empty where unknown.

    Returns:
        One signature per name, in order, then one more per name in a foreign script.
    """
    keys = [comparison_key(name) for name in names]
    foreign = [(at, key) for at, name in enumerate(names) if (key := native_key(name))]
    owner = np.fromiter((*range(len(keys)), *(at for at, _ in foreign)), np.uint32)
    x1, x2, length = encoded([*keys, *(key for _, key in foreign)])
    return Signatures(x1, x2, length, owner, len(keys))


def encoded(keys: Sequence[str]) -> tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.uint16]]:
    """Letter parity, letter-pair parity and length of comparison keys.

    Args:
        keys: as ``comparison_key`` or ``native_key`` give them: words sorted, one space between.

    Returns:
        x1, x2 and length, in the order of ``keys``.
    """
    count = len(keys)
    x1 = np.zeros(count, np.uint64)
    x2 = np.zeros(count, np.uint64)
    length = np.zeros(count, np.uint16)
    # Some thousands at a time: what is worked out in between stays in the processor's cache.
    for first in range(0, count, _AT_ONCE):
        part = slice(first, first + _AT_ONCE)
        _encode(keys[part], x1[part], x2[part], length[part])
    return x1, x2, length


_AT_ONCE = 8_192


def _encode(keys: Sequence[str], x1: NDArray[np.uint64], x2: NDArray[np.uint64], length: NDArray[np.uint16]) -> None:
    """Fill in the signatures of some keys."""
    length[:] = np.fromiter((min(len(key), 65535) for key in keys), np.uint16, len(keys))
    filled = np.flatnonzero(length)
    if not len(filled):
        return
    text = "\n".join(key for key in keys if key) + "\n"
    codes: NDArray[np.unsignedinteger]
    if text.isascii():
        codes = np.frombuffer(text.encode("ascii"), np.uint8)
    else:
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    starts = np.zeros(len(filled), np.int64)
    np.cumsum(length[filled][:-1].astype(np.int64) + 1, out=starts[1:])
    x1[filled] = np.bitwise_xor.reduceat(_letter_bits(codes), starts)
    x2[filled] = np.bitwise_xor.reduceat(_pair_bits(codes), starts)


_BIT_OF_ASCII = np.zeros(128, np.uint64)
for _at, _letter in enumerate("abcdefghijklmnopqrstuvwxyz0123456789 "):
    _BIT_OF_ASCII[ord(_letter)] = np.uint64(1) << np.uint64(_at)


def _letter_bits(codes: NDArray[np.unsignedinteger]) -> NDArray[np.uint64]:
    """One bit per letter; ASCII letters have their own, all others share the upper ones."""
    if codes.dtype == np.uint8:
        known: NDArray[np.uint64] = _BIT_OF_ASCII[codes]
        return known
    bits = np.zeros(len(codes), np.uint64)
    plain = codes < 128
    bits[plain] = _BIT_OF_ASCII[codes[plain]]
    wide = codes[~plain].astype(np.uint64)
    bits[~plain] = np.uint64(1) << (np.uint64(37) + (wide * np.uint64(2654435761) >> np.uint64(7)) % np.uint64(27))
    return bits


def _pair_bits(codes: NDArray[np.unsignedinteger]) -> NDArray[np.uint64]:
    """One bit per two letters that stand side by side inside a word, 0 at a word's end."""
    wide = codes.astype(np.uint32)
    pair = wide[:-1] * np.uint32(0x9E3779B1) + wide[1:] * np.uint32(0x85EBCA6B)
    pair ^= pair >> np.uint32(15)
    inside = (wide[:-1] > _SPACE) & (wide[1:] > _SPACE)
    bits = np.zeros(len(codes), np.uint64)
    bits[:-1][inside] = np.uint64(1) << (pair[inside] & np.uint32(63)).astype(np.uint64)
    return bits
