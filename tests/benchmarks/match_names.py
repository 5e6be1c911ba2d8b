"""Made-up names of any number, for the speed of matching."""

from __future__ import annotations

import random

import numpy as np


class Names:
    """Made-up names: a few thousand words, the common ones far more often.

    Args:
        script: "latin" or "greek".
        seed: of the generator.
    """

    def __init__(self, script: str, seed: int) -> None:
        self.rng = random.Random(seed)
        letters = ("bcdfghjklmnprstvwz", "aeiou") if script == "latin" else ("βγδζθκλμνξπρστφχψ", "αεηιουω")
        self.first = [self._made(letters, 2) for _ in range(2_000)]
        self.last = [self._made(letters, 3) for _ in range(20_000)]
        self.weights = [1 / (at + 10) for at in range(len(self.first))]
        self.cumulated = list(np.cumsum(self.weights))
        self.letters = "".join(letters)

    def _made(self, letters: tuple[str, str], syllables: int) -> str:
        made = "".join(self.rng.choice(letters[0]) + self.rng.choice(letters[1]) for _ in range(syllables))
        return made + self.rng.choice(("", self.rng.choice(letters[0])))

    def word(self) -> str:
        """One word."""
        return self.rng.choice(self.last)

    def one(self) -> str:
        """A name of two words, now and then three."""
        first = self.rng.choices(self.first, cum_weights=self.cumulated)[0]
        parts = [first, self.rng.choice(self.last)]
        if self.rng.random() < 0.2:
            parts.append(self.rng.choice(self.first))
        return " ".join(parts).title()

    def noisy(self, name: str) -> str:
        """A name with a letter lost, doubled or changed."""
        at = self.rng.randrange(1, len(name))
        return name[:at] + self.rng.choice(("", name[at - 1], self.rng.choice(self.letters))) + name[at + 1 :]
