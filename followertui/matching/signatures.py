"""Signatures of names: a few numbers that bound the edit distance of two names from below.

Owns letter parity, in-word letter-pair parity and length of comparison keys. One insertion or
deletion changes at most one bit of the first and three of the second, so differing bits bound
the edit distance and no near pair is ever lost. It compares nothing itself (``joining``
does). Only ``matching`` imports it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SPACE = 32


def encoded(keys: Sequence[str]) -> tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.uint16]]:
    """Letter parity, letter-pair parity and length of comparison keys.

    Args:
        keys: as ``comparison_key`` or ``native_key`` return them: sorted words, single spaces.

    Returns:
        x1, x2 and length, in the order of ``keys``.
    """
    count = len(keys)
    x1 = np.zeros(count, np.uint64)
    x2 = np.zeros(count, np.uint64)
    length = np.zeros(count, np.uint16)
    # A few thousand at a time, so that intermediate arrays stay in the CPU cache.
    for first in range(0, count, _AT_ONCE):
        part = slice(first, first + _AT_ONCE)
        _encode(keys[part], x1[part], x2[part], length[part])
    return x1, x2, length


_AT_ONCE = 8_192


def _encode(keys: Sequence[str], x1: NDArray[np.uint64], x2: NDArray[np.uint64], length: NDArray[np.uint16]) -> None:
    """Compute the signatures of one chunk of keys in place."""
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
    """One bit per letter; ASCII letters have their own bit, all others share the upper 27."""
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
    """One bit per pair of adjacent letters inside a word, 0 at a word's end."""
    wide = codes.astype(np.uint32)
    pair = wide[:-1] * np.uint32(0x9E3779B1) + wide[1:] * np.uint32(0x85EBCA6B)
    pair ^= pair >> np.uint32(15)
    inside = (wide[:-1] > _SPACE) & (wide[1:] > _SPACE)
    bits = np.zeros(len(codes), np.uint64)
    bits[:-1][inside] = np.uint64(1) << (pair[inside] & np.uint32(63)).astype(np.uint64)
    return bits
