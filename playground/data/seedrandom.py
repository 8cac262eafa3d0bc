"""The chance of TensorFlow Playground: JavaScript's seedrandom, so that its seeds draw here what they draw there."""

from copy import deepcopy

import numpy as np
from numpy.typing import NDArray

_BYTES = 6  # of a number, before it is filled up to 53 bits
_SKIPPED = 256  # bytes at the beginning, which tell too much of the seed


class SeedRandom:
    """A stream of numbers that a text determines: the bytes of RC4, with the text as its key.

    Reference: seedrandom 2.4, David Bau. A number is six bytes, and further ones while it has fewer than 53 bits.
    """

    def __init__(self, seed: str) -> None:
        """
        Args:
            seed: Any text but the empty one.
        """
        key = _key(seed)
        self._state = list(range(256))
        self._i = self._j = 0
        j = 0
        for i in range(256):
            j = (j + key[i % len(key)] + self._state[i]) % 256
            self._state[i], self._state[j] = self._state[j], self._state[i]
        self._whole(_SKIPPED)

    def copy(self) -> "SeedRandom":
        """Return a stream that goes on from here by itself."""
        return deepcopy(self)

    def random(self, count: int) -> NDArray[np.float64]:
        """Return the next numbers, from 0 to below 1, (count,)."""
        return np.array([self._number() for _ in range(count)])

    def shuffled(self, count: int) -> NDArray[np.intp]:
        """Return the numbers from 0 to below `count` in an order drawn from the last place to the first."""
        order = np.arange(count)
        for left, chance in zip(range(count, 0, -1), self.random(count), strict=True):
            last, chosen = left - 1, int(chance * left)
            order[last], order[chosen] = order[chosen], order[last]
        return order

    def _whole(self, count: int) -> int:
        """Return the next bytes as one whole number."""
        state, i, j = self._state, self._i, self._j
        value = 0
        for _ in range(count):
            i = (i + 1) % 256
            old = state[i]
            j = (j + old) % 256
            state[i], state[j] = state[j], old
            value = value * 256 + state[(state[i] + old) % 256]
        self._i, self._j = i, j
        return value

    def _number(self) -> float:
        # Floats, as there: the sum below is rounded to 53 bits before it is divided.
        numerator, denominator, last = float(self._whole(_BYTES)), 256.0**_BYTES, 0
        while numerator < 2.0**52:
            numerator, denominator = (numerator + last) * 256, denominator * 256
            last = self._whole(1)
        while numerator >= 2.0**53:
            numerator, denominator, last = numerator / 2, denominator / 2, last >> 1
        return (numerator + last) / denominator


def _key(seed: str) -> list[int]:
    """Return the key of a seed: of a text longer than the key, later letters are mixed into its beginning."""
    letters = np.frombuffer(seed.encode("utf-16-le", "surrogatepass"), np.uint16).tolist()  # as JavaScript counts them
    key, smear = [0] * min(len(letters), 256), 0
    for number, letter in enumerate(letters):
        smear ^= key[number % 256] * 19
        key[number % 256] = (smear + letter) % 256
    return key
