"""Linking: records become consignment versions, at arrival, with the evidence for each join."""

from aftc.linking.link import Linked, ResolvedFind, ResolvedOutcome, link

__all__ = ["Linked", "ResolvedFind", "ResolvedOutcome", "link"]
