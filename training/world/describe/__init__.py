"""The report of a world: one page that shows what was made, computed from the world's truth alone."""

from training.world.describe.report import describe

__all__ = ["describe"]
