"""The freight world: a simulated border that knows the true probability of every consignment."""

from training.world.generation import WorldSummary, generate
from training.world.parameters import FaultLevel, Regime, WorldParameters

__all__ = ["FaultLevel", "Regime", "WorldParameters", "WorldSummary", "generate"]
