"""Linking: records become consignment versions, at arrival, with the evidence for each join."""

from aftc.linking.link import Alias, Linked, ResolvedDetection, ResolvedFind, ResolvedOutcome, link

__all__ = ["REVISION", "Alias", "Linked", "ResolvedDetection", "ResolvedFind", "ResolvedOutcome", "link"]

REVISION = 11  # raised whenever the same records are linked otherwise: a state keeps to the one that made it
