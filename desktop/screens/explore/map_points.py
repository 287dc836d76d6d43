"""What the map shows: where texts stand, what each belongs to, and which are inside an outline."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.operations.look_at_map import NO_GROUP, MapGroup

Floats = NDArray[np.float32]
Ids = NDArray[np.int64]
MOST_SHOWN = 12_000  # points that are drawn; more would hide each other
MOST_CORNERS = 60  # of an outline


@dataclass(frozen=True)
class Points:
    """The points of a map.

    Attributes:
        input_ids: ascending. places: (n_inputs, 2) in [0, 1].
        groups: what is named, the largest first. group_of: (n_inputs,) the place of its group; -1
            for none of them.
    """

    input_ids: Ids
    places: Floats
    groups: tuple[MapGroup, ...] = ()
    group_of: NDArray[np.int8] | None = None

    def __len__(self) -> int:
        return len(self.input_ids)

    @property
    def of_groups(self) -> NDArray[np.int8]:
        """The group of each point."""
        nothing = np.full(len(self), NO_GROUP, np.int8)
        return nothing if self.group_of is None else self.group_of

    def shown(self) -> Ids:
        """Return the places in the list of the points that are drawn: evenly among all."""
        if len(self) <= MOST_SHOWN:
            return np.arange(len(self))
        return np.linspace(0, len(self) - 1, MOST_SHOWN).astype(np.int64)

    def inside(self, outline: Sequence[tuple[float, float]]) -> Ids:
        """Return which points are inside an outline, by the rule of even and odd."""
        step = max(1, len(outline) // MOST_CORNERS)
        corners = np.array(outline[::step], np.float32)
        if len(corners) < 3:  # noqa: PLR2004  # corners of the least outline
            return np.empty(0, np.int64)
        low, high = corners.min(axis=0), corners.max(axis=0)
        near = np.flatnonzero(((self.places >= low) & (self.places <= high)).all(axis=1))
        x, y = self.places[near].T
        is_inside = np.zeros(len(near), bool)
        for (x1, y1), (x2, y2) in zip(corners, np.roll(corners, 1, axis=0), strict=True):
            if y1 != y2:
                crosses = (y1 > y) != (y2 > y)
                is_inside ^= crosses & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
        return near[is_inside]

    def around(self, place: tuple[float, float], radius: float) -> Ids:
        """Return which points are within a circle, the nearest first."""
        distances = np.hypot(*(self.places - np.array(place, np.float32)).T)
        near = np.flatnonzero(distances <= radius)
        return near[np.argsort(distances[near], kind="stable")]


NO_POINTS = Points(np.empty(0, np.int64), np.empty((0, 2), np.float32))
