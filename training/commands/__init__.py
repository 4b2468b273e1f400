"""The data scientist's commands. Importing them is light: what is heavy is imported when one runs."""

from training.commands.bundles import CARD, EXPORT, PROMOTE, ROLLBACK
from training.commands.catalogue import FEATURES_LIST, FEATURES_SHOW
from training.commands.evaluate import EVALUATE
from training.commands.features import FEATURES
from training.commands.train import TRAIN
from training.commands.world import DESCRIBE, WORLD

__all__ = ["COMMANDS"]

COMMANDS = (WORLD, DESCRIBE, FEATURES, FEATURES_LIST, FEATURES_SHOW, TRAIN, EVALUATE, EXPORT, CARD, PROMOTE, ROLLBACK)
