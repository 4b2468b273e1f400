"""Linking: records become consignment versions, at arrival, with the evidence for each join."""

from aftc.linking.link import Alias, Linked, ResolvedFind, ResolvedOutcome, link

__all__ = ["REVISION", "Alias", "Linked", "ResolvedFind", "ResolvedOutcome", "link"]

REVISION = 6  # raised whenever the same records are linked otherwise: a state keeps to the one that made it
