"""Random draws in bulk. Durations are in seconds when they leave this module."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

DAY = 86_400
Array = np.ndarray


class Shares:
    """Shares to pick from; worth keeping where there are many."""

    def __init__(self, shares: Sequence[float] | Array) -> None:
        self._upper = cumulative(np.asarray(shares, dtype=float))
        # A power of two, so that the cell of a draw is exact.
        cells = 8 << len(self._upper).bit_length()
        self._first = self._search(np.arange(cells) / cells)

    def at(self, draw: Array) -> Array:
        """Position of the share that each draw from [0, 1) falls on.

        The first share of the draw's cell nearly always is the one, which spares the search.
        """
        position = self._first[(draw * len(self._first)).astype(np.int32)]
        beyond = np.flatnonzero(draw >= self._upper[position])
        position[beyond] = self._search(draw[beyond])
        return position

    def _search(self, draw: Array) -> Array:
        return np.searchsorted(self._upper, draw, side="right").astype(np.int32)


class Draws:
    """A source of random numbers for one stream, given by its keys."""

    def __init__(self, *keys: int) -> None:
        self.rng = np.random.Generator(np.random.SFC64(np.random.SeedSequence(keys)))

    def uniform(self, size: int, low: float = 0.0, high: float = 1.0) -> Array:
        """Uniform numbers in [low, high)."""
        return low + (high - low) * self.rng.random(size)

    def chance(self, probability: Array | float, size: int | None = None) -> Array:
        """True with the given probability, each on its own."""
        return self.rng.random(np.size(probability) if size is None else size) < probability

    def whole(self, size: int, low: int, high: int) -> Array:
        """Whole numbers in [low, high)."""
        return self.rng.integers(low, high, size, dtype=np.int32)

    def pick(self, shares: Shares | Sequence[float] | Array, size: int) -> Array:
        """Positions drawn in proportion to `shares`."""
        shares = shares if isinstance(shares, Shares) else Shares(shares)
        return shares.at(self.rng.random(size))

    def pick_by_row(self, upper: Array, rows: Array) -> Array:
        """Positions drawn from the cumulative shares of each element's row."""
        draw = self.rng.random(len(rows))
        position = np.zeros(len(rows), dtype=np.int8)
        for column in range(upper.shape[1] - 1):
            position += draw >= upper[rows, column]
        return position

    def lognormal(self, median: Array | float, sigma: float, size: int) -> Array:
        """Lognormal numbers with the given median."""
        return median * np.exp(sigma * self.rng.standard_normal(size))

    def days_lognormal(self, median: Array | float, sigma: float, size: int) -> Array:
        """Lognormal durations, median in days, result in seconds."""
        return seconds(self.lognormal(median, sigma, size))

    def days_exponential(self, mean: Array | float, size: int) -> Array:
        """Exponential durations, mean in days, result in seconds."""
        return seconds(mean * self.rng.standard_exponential(size))

    def days_uniform(self, low: float, high: float, size: int) -> Array:
        """Uniform durations between two numbers of days, result in seconds."""
        return seconds(self.uniform(size, low, high))


def seconds(days: Array | float) -> Array:
    """Days as whole seconds."""
    return (np.asarray(days) * DAY).astype(np.int64)


def cumulative(shares: Array) -> Array:
    """Cumulative shares along the last axis, ending exactly at 1."""
    upper = np.cumsum(shares, axis=-1)
    upper /= upper[..., -1:]
    return upper
