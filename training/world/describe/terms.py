"""Words that the report uses, for readers who meet the simulated world for the first time."""

from __future__ import annotations

from typing import Final

__all__ = ["TERMS"]

TERMS: Final = (
    (
        "Consignment",
        "The lowest transport document: a house bill, else a master bill, a road consignment note, or an empty "
        "movement.",
    ),
    (
        "Unit",
        "What a port searches: a lorry, a trailer, a container, an air pallet. All consignments aboard a unit are "
        "selected and examined together.",
    ),
    ("Threat", "What an examination may find. “Any threat” counts a consignment once, whatever it carries."),
    (
        "Scheme, method, network",
        "A scheme is somebody’s plan to send a threat with a consignment; the method is how; the network is who. A "
        "scheme’s consignment need not carry the goods, and goods occur without one.",
    ),
    ("True rate", "The share of consignments with a threat aboard, examined or not. Only a simulated world knows it."),
    (
        "Oracle",
        "The chance from which the world drew what is aboard, given everything that could be known before looking.",
    ),
    ("Legacy score", "What a rule in the manner of older systems thinks of a consignment from its papers."),
    (
        "Selected, examined, found",
        "A unit is selected by a rule, a selector, intelligence or at random. Of the selected, some are not examined: "
        "they did not show, were missed, withdrawn, or there was nobody to examine them. An examination finds what is "
        "aboard with a sensitivity below one.",
    ),
    (
        "Inverse probability weighting",
        "Each examined consignment counts for as many as its chance of selection says: one that had a chance of a "
        "tenth stands for ten (Hájek’s estimate). It undoes the choice of what to examine as long as every "
        "consignment had some chance.",
    ),
    (
        "95 % interval",
        "Wilson’s score interval for a rate, taking consignments as independent. For groups that were selected, and "
        "for weighted estimates: from the linearised variance with units as clusters, and at least as wide as the "
        "score interval for the effective number of rows.",
    ),
    (
        "Average precision",
        "The mean, over all consignments with a threat, of the share with a threat among those ranked at least as "
        "high. A random order has the true rate.",
    ),
    ("Week", "Weeks are numbered as in the names of the world’s folders; times are UTC."),
)
