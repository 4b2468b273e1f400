"""How a rehearsal is played: capacity, the part of it drawn at random, and how the model is fitted."""

from __future__ import annotations

from dataclasses import dataclass

from aftc.errors import InputError

__all__ = ["Plan"]


@dataclass(frozen=True, slots=True)
class Plan:
    """One policy's terms.

    Attributes:
        capacity: Share of a week's units that can be selected.
        random_share: Share of the capacity that is drawn at random; 0 is greedy.
        warm_up: Weeks that the legacy policy selects before the model does.
        largest_weight: Inverse selection probabilities are cut down to it.
        rounds: Trees of each week's model.

    Raises:
        InputError: a value outside its range.
    """

    capacity: float = 0.1
    random_share: float = 0.1
    warm_up: int = 6
    largest_weight: float = 8.0
    rounds: int = 80

    def __post_init__(self) -> None:
        _within("capacity", self.capacity, 0.001, 1.0)
        _within("random share", self.random_share, 0.0, 1.0)
        _within("weeks of warm-up", self.warm_up, 1, 52)
        _within("largest weight", self.largest_weight, 1.0, 1_000.0)
        _within("rounds", self.rounds, 1, 5_000)


def _within(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise InputError(f"a {name} from {low:g} to {high:g}", f"{value:g}")
