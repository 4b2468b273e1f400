"""The freight world: actors, movements, threats and selection with known truth, told by native messages."""

from training.world.generation import WorldSummary, generate
from training.world.parameters import WorldParameters

__all__ = ["WorldParameters", "WorldSummary", "generate"]
