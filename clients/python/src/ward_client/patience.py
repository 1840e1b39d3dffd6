# SPDX-License-Identifier: Apache-2.0
"""How long and how often one waits."""
from __future__ import annotations

import dataclasses
import random
import time
from collections.abc import Callable


@dataclasses.dataclass(frozen=True)
class Limits:
    """Of one call: so many repetitions, so many seconds in all, and so many for one answer."""

    repetitions: int = 4
    seconds: float = 60.0
    answer: float = 20.0


# Seconds that an answer is given at least: with fewer a request might have its effect, and nobody would know.
LEAST = 1.0


class Patience:
    """What is left of it. `chance` gives numbers from 0 to 1."""

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic,
                 chance: Callable[[], float] = random.random) -> None:
        self.limits, self.clock, self.chance = limits, clock, chance
        self.begin, self.repetitions = clock(), 0

    def left(self) -> float:
        return max(0.0, self.begin + self.limits.seconds - self.clock())

    def least(self) -> float:
        return min(LEAST, self.limits.answer, self.limits.seconds / 2)

    def has_time(self) -> bool:
        """Whether another request is worth beginning."""
        return self.left() >= self.least()

    def answer(self) -> float:
        """Seconds for the next answer."""
        return max(self.least(), min(self.limits.answer, self.left()))

    def pause(self, told: float | None) -> float | None:
        """Seconds to wait before the next try: never less than it was told, and by chance up to a quarter and 0.1 s
        more, so that many clients do not come at once. None: that is too often or too long."""
        if self.repetitions >= self.limits.repetitions:
            return None
        seconds = 2.0 ** min(3, self.repetitions) if told is None else told
        seconds += (seconds / 4 + 0.1) * self.chance()
        if seconds + self.least() > self.left():
            return None
        self.repetitions += 1
        return seconds
